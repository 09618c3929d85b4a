"""Faults for a cluster, a ledger and the network between them, one at a time, by a seed; and a publisher that goes on through them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from ledger.errors import LedgerError
from streams.kafka.broker import READY_SECONDS, Broker, BrokerCluster
from streams.kafka.clients import producing, send_in_order
from streams.kafka.connection import Cluster
from tests.faults.ledger_process import LedgerProcess
from tests.kafka.stage import leader_of, until

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
FAULTS = int(os.environ.get("LEDGER_TEST_KAFKA_FAULTS", "7"))


class Fault(StrEnum):
    """What is done."""

    LEADER = "leader killed"
    BROKER = "broker killed"
    PAUSED = "broker paused"
    LEDGER = "ledger killed"
    POSTGRES = "PostgreSQL killed"
    CUT = "network cut"
    """Nothing comes through any more, and nothing says so: as a cable that is pulled."""
    RESET = "network reset"
    """Connections are broken, and new ones refused for a while."""


class Detour:
    """Passes the bytes of clients on to one broker, until it is told not to."""

    def __init__(self) -> None:
        self.broker: Broker | None = None
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._refuses = False

    async def start(self) -> int:
        """Listen; the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._break()

    def cut(self) -> None:
        """From now on every byte is held back; connections stay as they are, and new ones are taken and lead nowhere."""
        self._open.clear()

    def reset(self) -> None:
        """Break every connection and refuse new ones."""
        self._refuses = True
        self._break()

    def mend(self) -> None:
        """All is well again; what was held back is lost with its connections, as after a long cut."""
        self._refuses = False
        if not self._open.is_set():
            self._break()
        self._open.set()

    def _break(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._open.wait()
            if self._refuses or self.broker is None:
                return
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.broker.detour)
            except OSError:
                return
            self._writers.add(far_writer)
            pumps = [asyncio.create_task(self._pump(reader, far_writer)), asyncio.create_task(self._pump(far_reader, writer))]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
                far_writer.transport.abort()
                self._writers.discard(far_writer)
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()


@contextlib.asynccontextmanager
async def on_detours(folder: Path, users: Mapping[str, str], nodes: int = 3) -> AsyncIterator[tuple[BrokerCluster, list[Detour]]]:
    """A cluster with a detour to each of its nodes; ``cluster(detour=True)`` of it goes there."""
    ways = [Detour() for _ in range(nodes)]
    ports = [await way.start() for way in ways]
    cluster = BrokerCluster(folder, users=users, nodes=nodes, detours=ports)
    for way, broker in zip(ways, cluster.brokers, strict=True):
        way.broker = broker
    try:
        await asyncio.to_thread(cluster.format)
        await asyncio.to_thread(cluster.start)
        yield cluster, ways
    finally:
        for way in ways:
            await way.stop()
        await asyncio.to_thread(cluster.stop)


class Publisher:
    """Writes its lines once and then again and again, a little at a time; what Kafka did not acknowledge it writes again."""

    def __init__(self, cluster: Cluster, topic: str, lines: list[bytes], rng: random.Random) -> None:
        self._cluster = cluster
        self._topic = topic
        self._lines = lines
        self._rng = rng
        self.once_through = False
        self.stop = False
        self.failures = 0

    async def run(self) -> None:
        """Until it is told to stop, and wrote every line at least once."""
        at = 0
        while not (self.stop and self.once_through):
            with contextlib.suppress(LedgerError):
                async with producing(self._cluster, "publisher") as producer:
                    while not (self.stop and self.once_through):
                        share = self._lines[at : at + self._rng.randrange(1, 100)]
                        await send_in_order(producer, self._topic, 0, [(None, line, []) for line in share])
                        at += len(share)
                        if at >= len(self._lines):
                            at, self.once_through = 0, True
                        # What it writes must be worked off on a slow machine too.
                        await asyncio.sleep(0.3 if self.once_through else 0.05)
                    return
            self.failures += 1


class Torment:
    """Does one fault after another: two brokers away at once are more than three copies bear."""

    def __init__(self, cluster: BrokerCluster, ways: Sequence[Detour], ledger: LedgerProcess, topics: Sequence[str], seed: int) -> None:
        self._cluster = cluster
        self._ways = ways
        self._ledger = ledger
        self._topics = topics
        self._rng = random.Random(seed)
        self.done: Counter[str] = Counter()

    async def run(self, faults: int) -> None:
        """So many; every kind once before one comes a second time."""
        kinds: list[Fault] = []
        while self.done.total() < faults:
            if not kinds:
                kinds = self._rng.sample(list(Fault), len(Fault))
            await asyncio.sleep(self._rng.uniform(0.2, 1.2))
            kind = kinds.pop()
            await self._do(kind)
            self.done[kind] += 1

    async def _do(self, kind: Fault) -> None:
        number = self._rng.randrange(len(self._ways))
        broker, way = self._cluster.brokers[number], self._ways[number]
        seconds = self._rng.uniform(0.5, 4)
        match kind:
            case Fault.LEADER | Fault.BROKER:
                if kind is Fault.LEADER:
                    broker = self._cluster.brokers[await leader_of(self._cluster.cluster(), self._rng.choice(self._topics)) - 1]
                broker.kill()
                await asyncio.sleep(seconds / 2)
                await asyncio.to_thread(start_again, broker)
            case Fault.PAUSED:
                broker.signal(signal.SIGSTOP)
                await asyncio.sleep(seconds)
                broker.signal(signal.SIGCONT)
            case Fault.LEDGER:
                self._ledger.kill()
                await asyncio.to_thread(self._ledger.start)
            case Fault.POSTGRES:
                await until(self._postgres_killed)
            case Fault.CUT:
                way.cut()
                await asyncio.sleep(seconds)
                way.mend()
            case Fault.RESET:
                way.reset()
                await asyncio.sleep(seconds)
                way.mend()

    async def _postgres_killed(self) -> bool:
        return self._ledger.kill_child("postgres")


def start_again(broker: Broker) -> None:
    """Start a node that was killed, and wait until it is ready."""
    broker.start()
    broker.wait(time.monotonic() + READY_SECONDS)
