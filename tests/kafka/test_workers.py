"""A worker as an operator meets it: what it says, how it shares the views with the ledger's own runner, and rebuilding beside others."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.projection import projections
from simulation.run import stream
from streams.folder import Mode
from streams.kafka.broker import BrokerCluster
from streams.kafka.connection import Cluster
from streams.kafka.relay import Relay
from streams.partitions import PartitionLine, lines, partitions
from streams.postgres.store import Store
from streams.projecting import request_rebuild
from streams.wiring import examiner_of
from tests.contracts.projectors import Embedded, admit, sandbox
from tests.kafka.stage import prepare, until
from tests.kafka.workers import LEDGER, WorkerProcess, at_rest, environment, rows, working

PEOPLE = 30


async def fill(store: Store, broker: BrokerCluster, seed: int) -> None:
    """A population, in the database and on Kafka."""
    examine = examiner_of(store.keys, Mode.SANDBOX).examine
    await admit(store, [examine(line, SANDBOX_CREDENTIAL) for line in stream(PEOPLE, seed)])
    await Relay(broker.cluster(), store).run(follow=False)


def said(data: Path, given: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and last words of a worker that cannot work."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    command = [LEDGER, "worker", "--data", str(data), *arguments]
    done = subprocess.run(command, env=known | dict(given), capture_output=True, timeout=60, check=False)
    return done.returncode, done.stderr.decode().splitlines()[-1]


async def test_what_is_missing_or_wrong_is_said_in_a_sentence(broker: BrokerCluster, data_folder: Path, database_url: str) -> None:
    cluster = broker.cluster("worker")
    given = environment(cluster, database_url)
    async with sandbox(data_folder, database_url) as store:
        code, words = await asyncio.to_thread(said, data_folder, {"LEDGER_DATABASE_URL": database_url})
        assert (code, "LEDGER_KAFKA_SERVERS" in words) == (2, True), words
        code, words = await asyncio.to_thread(said, data_folder, given, "--projections", "clocks,clokcs")
        assert (code, "there is no projection clokcs" in words) == (2, True), words
        code, words = await asyncio.to_thread(said, data_folder.parent / "nowhere", given)
        assert (code, "holds no ledger" in words) == (2, True), words
        wrong = Cluster(servers=cluster.servers, user="worker", password="not-this-one")
        code, words = await asyncio.to_thread(said, data_folder, environment(wrong, database_url))
        assert (code, "does not accept user 'worker'" in words) == (1, True), words
        assert "not-this-one" not in words
        code, words = await asyncio.to_thread(said, data_folder, given)
        assert (code, "topic trajectory.entries does not exist" in words) == (1, True), words
        assert await store.pool.fetchval("SELECT count(*) FROM view.worker") == 0, "nothing was written"
        assert await store.pool.fetchval("SELECT count(*) FROM ledger.projections") == 0


async def test_a_view_is_rebuilt_while_the_others_go_on(broker: BrokerCluster, data_folder: Path, database_url: str) -> None:
    await prepare(broker, "simulator")
    async with sandbox(data_folder, database_url) as store:
        await fill(store, broker, 1)
        names = sorted(projections())
        some, others = [name for name in names if name <= "facts"], [name for name in names if name > "facts"]
        given = environment(broker.cluster("worker"), database_url)
        shares = [WorkerProcess(data_folder, given, "--projections", ",".join(share)) for share in (some, others)]
        async with working(*shares):
            await at_rest(store.pool)
            tables = await live(store)
            await request_rebuild(store, "timeline", datetime.now(UTC))
            await fill(store, broker, 2)
            finished = "SELECT count(*) = 1 FROM view.rebuild WHERE finished_at IS NOT NULL AND error IS NULL AND done = total"
            await until(lambda: store.pool.fetchval(finished), 120)
            await at_rest(store.pool)
            after = await live(store)
            assert {name for name in names if after[name] != tables[name]} == {"timeline"}
            by_view = await partitions(store)
            assert set(by_view) == set(names)
            places = [("trajectory.entries", number) for number in range(12)] + [("trajectory.entries.restricted", 0)]
            assert all([(one.topic, one.partition) for one in found] == places for found in by_view.values())
            try:
                await until(lambda: _told(store, len(shares)))
            except TimeoutError:
                raise AssertionError(await _lines(store)) from None
            # A table that was made while entries were under way to the others may begin before them: it catches up by itself.
            behind = (
                "UPDATE view.checkpoint SET next_offset = 0 WHERE table_name = $1 AND next_offset > 0 AND end_offset > 0 RETURNING topic"
            )
            assert await store.pool.fetch(behind, after["timeline"])
            await until(lambda: _told(store, len(shares)), 120)
            kept = await rows(store)
        # The ledger's own runner takes over, and the workers from it again: nothing changes.
        runner = Embedded(store)
        await runner.start()
        await fill(store, broker, 3)
        await runner.reach()
        alone = await rows(store)
        assert alone != kept
        async with working(WorkerProcess(data_folder, given)):
            await at_rest(store.pool)
            assert await rows(store) == alone


async def live(store: Store) -> dict[str, str]:
    """The live table of each projection."""
    found = await store.pool.fetch("SELECT name, table_name FROM ledger.projections WHERE state = 'live'")
    return {row["name"]: row["table_name"] for row in found}


async def _lines(store: Store) -> list[PartitionLine]:
    """The partitions as they are told."""

    class View:
        def __init__(self, name: str) -> None:
            self.name = name
            self.partitions = by_view[name]

    by_view = await partitions(store)
    return lines(View(name) for name in by_view)


async def _told(store: Store, workers: int) -> bool:
    """Whether every partition is told to be up to date, and by whom."""
    told = await _lines(store)
    return {one.lag for one in told} == {0} and len({one.worker for one in told} - {None}) == workers and len(told) == 13 * workers


@pytest.mark.timeout(600)
async def test_the_ledgers_own_runner_steps_aside_and_comes_back(
    broker: BrokerCluster, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.faults.ledger_process import LedgerProcess
    from tests.kafka.test_up import command, configure

    configure(monkeypatch, broker.cluster())
    await prepare(broker, "simulator")
    await asyncio.to_thread(data_folder.mkdir)
    ledger = LedgerProcess(data_folder)
    await asyncio.to_thread(ledger.start)
    try:
        lines_file = data_folder.parent / "events.ndjson"
        lines_file.write_bytes(b"".join(stream(PEOPLE, 4)))
        given = environment(broker.cluster("worker"), ledger.dsn)
        given.pop("LEDGER_DATABASE_URL")
        worker = WorkerProcess(data_folder, given)
        async with working(worker):
            await until(lambda: _said(worker, "reads entries"), 120)
            await asyncio.to_thread(subprocess.run, [LEDGER, "publish", str(lines_file), "--data", str(data_folder)], check=True)
            await until(lambda: _up_to_date(command, data_folder, 13), 120)
        await until(lambda: _up_to_date(command, data_folder, 0), 120)
        await asyncio.to_thread(subprocess.run, [LEDGER, "simulate", "--people", "5", "--seed", "9", "--out", str(lines_file)], check=True)
        await asyncio.to_thread(subprocess.run, [LEDGER, "publish", str(lines_file), "--data", str(data_folder)], check=True)
        await until(lambda: _up_to_date(command, data_folder, 0), 120)
        log = (data_folder / "ledger.log").read_text()
        assert any(json.loads(line)["message"] == "workers keep the views" for line in log.splitlines())
    finally:
        assert await asyncio.to_thread(ledger.stop) == 0


async def _said(worker: WorkerProcess, words: str) -> bool:
    return words in worker.said()


async def _up_to_date(command: object, data: Path, expected: int) -> bool:
    """Whether ``ledger status`` tells that all views are, in so many partitions each."""
    status = await command("status", "--data", str(data))  # type: ignore[operator]
    return status["position"] > 0 and all(v["lag"] == 0 and len(v["partitions"]) == expected for v in status["projections"])
