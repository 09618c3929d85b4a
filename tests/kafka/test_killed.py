"""Three brokers, a ledger, its PostgreSQL and the network between: whatever is killed, paused or cut, nothing acknowledged is lost, nothing
stands twice, and every view equals a rebuild's.

A few faults by default, each kind once; ``LEDGER_TEST_KAFKA_FAULTS=100`` is the test of record. The seed is printed and can be given by
``LEDGER_TEST_SEED``.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from pathlib import Path

import pytest

from ledger.identity import SANDBOX_PSEUDONYM_KEY
from simulation.run import stream
from streams.content import digest_of, stored_entries
from streams.folder import DataFolder
from streams.kafka.connection import Cluster
from streams.kafka.entry_log import entries_on_kafka
from streams.kafka.topics import ENTRIES, SUBMISSIONS, VERDICTS
from streams.postgres.store import Store
from tests.faults.ledger_process import LedgerProcess
from tests.faults.views import assert_views_equal_a_rebuild
from tests.kafka.conftest import USERS
from tests.kafka.faults import FAULTS, SEED, Publisher, Torment, on_detours
from tests.kafka.stage import prepare, read_topic, told, until
from tests.kafka.test_up import configure

PEOPLE = 60
PUBLISHERS = ("agii", "vdab")


@pytest.mark.timeout(1800)
async def test_whatever_happens_every_submission_is_told_once_and_stands_once(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    print(f"seed {SEED}, faults {FAULTS}")
    lines = [line.rstrip(b"\n") for line in stream(PEOPLE, SEED)]
    await asyncio.to_thread(data_folder.mkdir)
    with tempfile.TemporaryDirectory(prefix="kafka", ignore_cleanup_errors=True) as folder:
        async with on_detours(Path(folder), USERS) as (three, ways):
            cluster = three.cluster()
            await prepare(three, *PUBLISHERS)
            configure(monkeypatch, three.cluster(detour=True))
            ledger = LedgerProcess(data_folder)
            await asyncio.to_thread(ledger.start)
            try:
                # Each of them sends everything: the one who comes second is told that it is a duplicate, and of what.
                rng = random.Random(SEED)
                publishers = [Publisher(cluster, SUBMISSIONS + name, lines, random.Random(rng.random())) for name in PUBLISHERS]
                topics = [ENTRIES, *(prefix + name for prefix in (SUBMISSIONS, VERDICTS) for name in PUBLISHERS)]
                torment = Torment(three, ways, ledger, topics, SEED)
                began = time.monotonic()
                async with asyncio.TaskGroup() as group:
                    for publisher in publishers:
                        group.create_task(publisher.run())
                    await torment.run(FAULTS)
                    for publisher in publishers:
                        publisher.stop = True
                print(f"{dict(torment.done)} in {time.monotonic() - began:.0f} s; failures {[p.failures for p in publishers]}")
                await _assert_whole(cluster, ledger, len(lines))
            finally:
                assert await asyncio.to_thread(ledger.stop) == 0


async def _assert_whole(cluster: Cluster, ledger: LedgerProcess, distinct: int) -> None:
    submitted = {name: len(await read_topic(cluster, SUBMISSIONS + name)) for name in PUBLISHERS}
    consumed = "SELECT coalesce(sum(next_offset), 0) >= $1 FROM ledger.consumed_offsets"
    connection = await ledger.connected()
    try:
        await until(lambda: connection.fetchval(consumed, sum(submitted.values())), seconds=240)
        await until(lambda: connection.fetchval("SELECT count(*) = 0 FROM ledger.undelivered"), seconds=180)
        await until(lambda: connection.fetchval("SELECT r.position = s.position FROM ledger.relay r, ledger.sequencer s"), seconds=180)
        head = await connection.fetchval("SELECT position FROM ledger.sequencer")
        assert await connection.fetchval("SELECT array_agg(position ORDER BY position) FROM ledger.entries") == list(range(1, head + 1))
        stand_twice = "SELECT count(*) FROM (SELECT 1 FROM ledger.entries GROUP BY source, id HAVING count(*) > 1) twice"
        assert await connection.fetchval(stand_twice) == 0
        await assert_views_equal_a_rebuild(ledger, connection, head)
    finally:
        await connection.close()
    assert head == distinct
    for name, count in submitted.items():
        await _assert_told(cluster, name, count)
    with DataFolder.open(ledger.data, lock=False) as folder:
        assert folder.keys.pseudonym == SANDBOX_PSEUDONYM_KEY
        async with await Store.open(ledger.dsn, keys=folder.keys) as store:
            here, there = await digest_of(stored_entries(store, head)), await digest_of(entries_on_kafka(cluster, upto=head))
    assert (here.entries, here.digest) == (there.entries, there.digest)


async def _assert_told(cluster: Cluster, publisher: str, submitted: int) -> None:
    """A verdict on each submission, and only one: should it stand there twice, it is the same."""
    found: dict[int, object] = {}
    first: dict[tuple[str | None, str | None], int | None] = {}
    records = await read_topic(cluster, VERDICTS + publisher)
    for offset, verdict in map(told, records):
        assert found.setdefault(offset, verdict) == verdict, "two verdicts on one submission"
        assert first.setdefault((verdict.source, verdict.id), verdict.position) == verdict.position
    assert sorted(found) == list(range(submitted)), "a submission without a verdict"
    print(f"{publisher}: {submitted} submissions, {len(records) - submitted} verdicts told twice")
