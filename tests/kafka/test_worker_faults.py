"""Workers that are killed, paused until their partitions moved, cut off, joined and left, under load: every view equals a rebuild.

Each kind of fault once by default; ``LEDGER_TEST_WORKER_FAULTS=100`` is the test of record. The seed is printed and can be given by
``LEDGER_TEST_SEED``.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.errors import LedgerError
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.clock import SandboxClock
from streams.folder import Mode
from streams.kafka.broker import BrokerCluster
from streams.kafka.connection import Cluster
from streams.kafka.relay import Relay
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.wiring import examiner_of
from tests.conftest import FOUNDED_AT
from tests.contracts.projectors import from_the_log_alone, sandbox
from tests.kafka.conftest import USERS
from tests.kafka.faults import SEED, Detour, on_detours, start_again
from tests.kafka.stage import prepare, until
from tests.kafka.workers import WorkerProcess, at_rest, environment, rows, stalls

FAULTS = int(os.environ.get("LEDGER_TEST_WORKER_FAULTS", "7"))
PEOPLE = 40
"""In each population; there are as many populations as the faults take."""
MOVED_SECONDS = 240.0
STOPPED = {0, -signal.SIGTERM}
"""How a worker ends that is told to: cleanly, or by the signal when that comes while its program is still being loaded."""


class Fault(StrEnum):
    """What is done."""

    KILLED = "worker killed"
    PAUSED = "worker paused until its partitions moved"
    CUT = "network cut between a worker and the brokers, until its partitions moved"
    JOINED = "a worker joins"
    LEFT = "a worker leaves"
    SESSIONS = "all database sessions of the workers ended"
    BROKER = "broker killed"


class Load:
    """Entries that arrive all the time, a few at once, and go out to Kafka."""

    def __init__(self, store: Store, cluster: Cluster, rng: random.Random) -> None:
        self._store = store
        self._cluster = cluster
        self._rng = rng
        self._examine = examiner_of(store.keys, Mode.SANDBOX).examine
        self.stop = False

    async def admit(self) -> None:
        """Until told to stop."""
        async with Sequencer(self._store, clock=SandboxClock(FOUNDED_AT)) as sequencer:
            lines = self._lines()
            while not self.stop:
                share = list(itertools.islice(lines, self._rng.randrange(1, 60)))
                await sequencer.submit([self._examine(line, SANDBOX_CREDENTIAL) for line in share])
                await asyncio.sleep(0.4)

    async def relay(self) -> None:
        """For ever, whatever becomes of the cluster; cancel it."""
        while True:
            with contextlib.suppress(LedgerError):
                await Relay(self._cluster, self._store).run()
            await asyncio.sleep(0.2)

    def _lines(self) -> Iterator[bytes]:
        for number in itertools.count(SEED):
            yield from stream(PEOPLE, number, FaultProfile.HARSH)


class Torment:
    """Does one fault after another to two workers and a third that comes and goes. The first one reaches the brokers by detours."""

    def __init__(self, store: Store, brokers: BrokerCluster, ways: list[Detour], data: Path, rng: random.Random) -> None:
        self._store = store
        self._brokers = brokers
        self._ways = ways
        self._rng = rng
        self.workers = [WorkerProcess(data, environment(brokers.cluster("worker", detour=number == 0), store.dsn)) for number in range(3)]
        self.done: Counter[str] = Counter()

    async def run(self) -> None:
        """As many as wanted; every kind once before one comes a second time."""
        for worker in self.workers[:2]:
            worker.start()
        await until(self._both_read, MOVED_SECONDS)
        kinds: list[Fault] = []
        while self.done.total() < FAULTS:
            kinds = kinds or self._rng.sample(list(Fault), len(Fault))
            kind = kinds.pop()
            began = time.monotonic()
            await self._do(kind)
            self.done[kind] += 1
            print(f"{time.monotonic() - began:5.1f} s {kind}", flush=True)
            await asyncio.sleep(self._rng.uniform(0.1, 1))

    async def _do(self, kind: Fault) -> None:
        worker = self.workers[self._rng.randrange(2)]
        match kind:
            case Fault.KILLED:
                worker.kill()
                await asyncio.sleep(self._rng.uniform(0, 1))
                worker.start()
            case Fault.PAUSED:
                worker.signal(signal.SIGSTOP)
                await self._caught_up()
                worker.signal(signal.SIGCONT)
            case Fault.CUT:
                for way in self._ways:
                    way.cut()
                await self._caught_up()
                for way in self._ways:
                    way.mend()
            case Fault.JOINED:
                if not self.workers[2].running:
                    self.workers[2].start()
                    await asyncio.sleep(self._rng.uniform(2, 4))
            case Fault.LEFT:
                leaving = self.workers[2] if self.workers[2].running else worker
                assert await asyncio.to_thread(leaving.stop) in STOPPED
                if leaving is worker:
                    worker.start()
            case Fault.SESSIONS:
                await self._store.pool.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name LIKE 'worker %' AND datname = current_database()"
                )
            case Fault.BROKER:
                broker = self._rng.choice(self._brokers.brokers)
                broker.kill()
                await asyncio.sleep(self._rng.uniform(0, 2))
                await asyncio.to_thread(start_again, broker)

    async def _both_read(self) -> bool:
        return all("reads entries" in worker.said() for worker in self.workers[:2])

    async def _caught_up(self) -> None:
        """The views reach what the ledger holds a while later: whoever is still there has all partitions by then."""
        await asyncio.sleep(2)
        head = (await self._store.head()).position
        await until(lambda: self._store.pool.fetchval("SELECT position >= $1 FROM view.runner", head), MOVED_SECONDS)


@pytest.mark.timeout(3600)
async def test_whatever_happens_to_workers_every_view_equals_a_rebuild(data_folder: Path, database_url: str) -> None:
    print(f"seed {SEED}, faults {FAULTS}")
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="kafka", ignore_cleanup_errors=True) as folder:
        async with on_detours(Path(folder), USERS) as (three, ways), sandbox(data_folder, database_url) as store:
            await prepare(three, "simulator")
            load = Load(store, three.cluster(), rng)
            torment = Torment(store, three, ways, data_folder, rng)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(load.admit())
                    relaying = group.create_task(load.relay())
                    await torment.run()
                    load.stop = True
                    await at_rest(store.pool, 180)
                    relaying.cancel()
                kept = await rows(store)
                assert await stalls(store) == []
                print(f"{dict(torment.done)}, {(await store.head()).position} entries")
            except BaseException:
                for number, worker in enumerate(torment.workers):
                    print(f"worker {number}:", worker.said()[-8000:])
                raise
            finally:
                codes = [await asyncio.to_thread(worker.stop) for worker in torment.workers if worker.running]
            assert set(codes) <= STOPPED
            assert kept == await from_the_log_alone(store)
