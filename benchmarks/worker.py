"""One worker on Kafka beside the ledger's own runner, over the same entries. Run: python -m benchmarks.worker [--people N]

Both start with the tables made and nothing in them, on a ledger that holds everything already: the runner takes it in passes, the worker
from the topics. A broker of one node, PostgreSQL without waiting for the disk. Read the ratio, not the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.projection import projections
from simulation.run import stream
from streams.clock import SandboxClock, SystemClock
from streams.folder import DataFolder, Mode
from streams.kafka.admin import Admin
from streams.kafka.broker import SUPERUSER, BrokerCluster
from streams.kafka.connection import Cluster, quiet
from streams.kafka.provision import provision
from streams.kafka.relay import Relay
from streams.kafka.topics import load_topics
from streams.kafka.worker import GROUP, Worker
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.projecting import GC_THRESHOLD, Projecting
from streams.sequencer import Sequencer
from streams.wiring import examiner_of

PEOPLE = 1_000
SEED = 11
WAIT_SECONDS = 1_800.0


@contextlib.asynccontextmanager
async def ledger(folder: Path, people: int) -> AsyncIterator[tuple[Store, Cluster]]:
    """A sandbox with so many people, in PostgreSQL and on Kafka."""
    options = {"fsync": "off", "synchronous_commit": "off"}
    with (
        BrokerCluster(folder / "kafka", users={SUPERUSER: "secret"}) as broker,
        DataFolder.open(folder / "data", Mode.SANDBOX) as opened,
        EmbeddedPostgres(folder / "postgres", options=options) as server,
    ):
        async with Admin(broker.cluster()) as admin:
            await provision(admin, load_topics(), [], check=False)
        await migrate(server.dsn)
        async with await Store.open(server.dsn, keys=opened.keys) as store:
            await store.found(Mode.SANDBOX, SystemClock().now())
            examine = examiner_of(opened.keys, Mode.SANDBOX).examine
            async with Sequencer(store, clock=SandboxClock(None)) as sequencer:
                lines = list(stream(people, SEED))
                for at in range(0, len(lines), 5_000):
                    await sequencer.submit([examine(line, SANDBOX_CREDENTIAL) for line in lines[at : at + 5_000]])
            await Relay(broker.cluster(), store).run(follow=False)
            yield store, broker.cluster()


async def empty(store: Store) -> None:
    """Tables that are made and hold nothing, and nothing of how far they were."""
    pool = store.pool
    await pool.execute("UPDATE view.runner SET position = 0, as_of = NULL")
    await pool.execute("UPDATE view.steward SET until = '-infinity', position = 0, aggregated_position = 0, aggregated_turns = 0")
    await pool.execute("TRUNCATE view.dependency, view.due, view.source_state, view.aggregate_finding, view.pending")
    await pool.execute("UPDATE view.checkpoint SET next_offset = 0, position = 0, turns = 0")
    for row in await pool.fetch("SELECT table_name FROM ledger.projections"):
        await pool.execute(f"TRUNCATE view.{row['table_name']}")


async def by_runner(store: Store) -> float:
    """Seconds that the ledger's own runner takes."""
    projecting = Projecting(store, wall=SystemClock(), sandbox=True)
    await projecting.prepare()
    await empty(store)
    began = time.monotonic()
    while await projecting.runner.advance(projecting.tables) is not None:
        pass
    return time.monotonic() - began


async def by_worker(store: Store, cluster: Cluster) -> float:
    """Seconds that one worker takes from its first word on, the joining of its group among them."""
    await empty(store)
    worker = Worker(
        cluster, store, SystemClock(), mode=Mode.SANDBOX, projections=list(projections()), group=f"{GROUP}all", name=f"worker {os.getpid()}"
    )
    began = time.monotonic()
    working = asyncio.create_task(worker.run())
    async with asyncio.timeout(WAIT_SECONDS):
        while not await store.pool.fetchval(sql("worker_rest")):
            if working.done():
                working.result()
            await asyncio.sleep(0.05)
    taken = time.monotonic() - began
    working.cancel()
    await asyncio.wait({working})
    return taken


async def measure(people: int) -> None:
    """Print both."""
    with tempfile.TemporaryDirectory(prefix="worker", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        await asyncio.to_thread(folder.chmod, 0o755)
        async with ledger(folder, people) as (store, cluster):
            entries = (await store.head()).position
            runner = await by_runner(store)
            worker = await by_worker(store, cluster)
            print(f"{entries} entries of {people} people, {len(projections())} views")
            print(f"the ledger's own runner: {entries / runner:8.0f} entries/s ({runner:.1f} s)")
            print(f"one worker on Kafka:     {entries / worker:8.0f} entries/s ({worker:.1f} s)")
            print(f"ratio worker/runner: {runner / worker:.2f}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    gc.set_threshold(*GC_THRESHOLD)
    for name in ("faust", "mode", "streams", "ledger"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with quiet():
        asyncio.run(measure(parser.parse_args().people))


if __name__ == "__main__":
    main()
