"""Three brokers, a ledger and its PostgreSQL, killed at random under load: nothing acknowledged is lost, nothing stands twice.

Run with ``LEDGER_TEST_KAFKA_FAULTS=8`` for a few faults; ``LEDGER_TEST_KAFKA_FAULTS=100`` is the test of record. The seed is
printed and can be given by ``LEDGER_TEST_SEED``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from ledger.errors import LedgerError
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from simulation.run import stream
from streams.content import digest_of, stored_entries
from streams.folder import DataFolder
from streams.kafka.broker import Broker, BrokerCluster
from streams.kafka.clients import producing, send_in_order
from streams.kafka.connection import Cluster
from streams.kafka.entry_log import entries_on_kafka
from streams.kafka.topics import SUBMISSIONS, VERDICTS
from streams.postgres.store import Store
from tests.faults.ledger_process import LedgerProcess
from tests.kafka.conftest import USERS
from tests.kafka.stage import prepare, read_topic, told, until
from tests.kafka.test_up import configure

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
FAULTS = int(os.environ.get("LEDGER_TEST_KAFKA_FAULTS", "8"))
PEOPLE = 150
TARGETS = ("broker", "broker", "ledger", "ledger", "postgres", "paused broker")
TOPIC = "simulator"


@pytest.fixture
def three() -> Iterator[BrokerCluster]:
    """Three nodes for one test."""
    with (
        tempfile.TemporaryDirectory(prefix="kafka", ignore_cleanup_errors=True) as folder,
        BrokerCluster(Path(folder), users=USERS, nodes=3) as made,
    ):
        yield made


class Publisher:
    """Writes its lines again and again; what Kafka did not acknowledge it writes again."""

    def __init__(self, cluster: Cluster, lines: list[bytes], rng: random.Random) -> None:
        self._cluster = cluster
        self._lines = lines
        self._rng = rng
        self.once_through = False
        self.stop = False
        self.failures = 0

    async def run(self) -> None:
        at = 0
        while not (self.stop and self.once_through):
            with contextlib.suppress(LedgerError):
                async with producing(self._cluster, "publisher") as producer:
                    while not (self.stop and self.once_through):
                        size = self._rng.randrange(1, 200)
                        await send_in_order(producer, SUBMISSIONS + TOPIC, 0, [(None, line, []) for line in self._lines[at : at + size]])
                        at += size
                        if at >= len(self._lines):
                            at, self.once_through = 0, True
                        await asyncio.sleep(0.02)
            self.failures += 1


async def torment(three: BrokerCluster, ledger: LedgerProcess, rng: random.Random) -> Counter[str]:
    """Kill and pause, one thing at a time: two brokers at once are more than three copies bear."""
    done: Counter[str] = Counter()
    while done.total() < FAULTS:
        await asyncio.sleep(rng.uniform(0.2, 1.5))
        target = rng.choice(TARGETS)
        broker = rng.choice(three.brokers)
        if target == "broker":
            broker.kill()
            await asyncio.sleep(rng.uniform(0, 2))
            await asyncio.to_thread(_start, broker)
        elif target == "paused broker":
            broker.signal(signal.SIGSTOP)
            await asyncio.sleep(rng.uniform(0.5, 5))
            broker.signal(signal.SIGCONT)
        elif target == "ledger":
            ledger.kill()
            await asyncio.to_thread(ledger.start)
        elif not ledger.kill_child("postgres"):
            continue
        done[target] += 1
    return done


def _start(broker: Broker) -> None:
    broker.start()
    broker.wait(time.monotonic() + 60)


@pytest.mark.timeout(900)
async def test_whatever_is_killed_every_submission_is_told_once_and_stands_once(
    three: BrokerCluster, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(f"seed {SEED}, faults {FAULTS}")
    rng = random.Random(SEED)
    cluster = three.cluster()
    configure(monkeypatch, cluster)
    await prepare(three, TOPIC)
    lines = [line.rstrip(b"\n") for line in stream(PEOPLE, SEED)]
    ledger = LedgerProcess(data_folder)
    await asyncio.to_thread(data_folder.mkdir)
    await asyncio.to_thread(ledger.start)
    try:
        began = time.monotonic()
        publisher = Publisher(cluster, lines, rng)
        async with asyncio.TaskGroup() as group:
            group.create_task(publisher.run())
            done = await torment(three, ledger, rng)
            publisher.stop = True
        print(f"{dict(done)} in {time.monotonic() - began:.0f} s; {publisher.failures} failures at the publisher")
        await _assert_whole(cluster, ledger, len(lines))
    finally:
        assert ledger.stop() == 0


async def _assert_whole(cluster: Cluster, ledger: LedgerProcess, distinct: int) -> None:
    submitted = len(await read_topic(cluster, SUBMISSIONS + TOPIC))
    connection = await asyncpg.connect(ledger.dsn)
    try:
        await until(
            lambda: connection.fetchval("SELECT coalesce(max(next_offset), 0) >= $1 FROM ledger.consumed_offsets", submitted), seconds=120
        )
        await until(lambda: connection.fetchval("SELECT count(*) = 0 FROM ledger.undelivered"), seconds=60)
        await until(lambda: connection.fetchval("SELECT r.position = s.position FROM ledger.relay r, ledger.sequencer s"), seconds=60)
        head = await connection.fetchval("SELECT position FROM ledger.sequencer")
        assert await connection.fetchval("SELECT array_agg(position ORDER BY position) FROM ledger.entries") == list(range(1, head + 1))
    finally:
        await connection.close()
    assert head == distinct
    found: dict[int, object] = {}
    first: dict[tuple[str | None, str | None], int | None] = {}
    records = await read_topic(cluster, VERDICTS + TOPIC)
    for offset, verdict in map(told, records):
        assert found.setdefault(offset, verdict) == verdict, "two verdicts on one submission"
        assert first.setdefault((verdict.source, verdict.id), verdict.position) == verdict.position
    assert sorted(found) == list(range(submitted)), "a submission without a verdict"
    print(f"{submitted} submissions of {distinct} events; {len(records) - submitted} verdicts told twice")
    with DataFolder.open(ledger.data, lock=False) as folder:
        assert folder.keys.pseudonym == SANDBOX_PSEUDONYM_KEY
        async with await Store.open(ledger.dsn, keys=folder.keys) as store:
            here, there = await digest_of(stored_entries(store, head)), await digest_of(entries_on_kafka(cluster, upto=head))
    assert (here.entries, here.digest) == (there.entries, there.digest)
