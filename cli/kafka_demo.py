"""``make demo-kafka``: three brokers and two workers, a population published with harsh faults, kills half-way, and the reconciliation.

Everything runs as processes of this machine, in a temporary folder, and is gone afterwards: ``python -m cli.kafka_demo [EVENTS]``.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from cli.kafka_views import differing, digests, rebuild, rest
from cli.output import say
from ledger.errors import BrokerUnavailable, LedgerError
from ledger.verdict import Verdict
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.kafka.admin import Admin
from streams.kafka.broker import SUPERUSER, BrokerCluster
from streams.kafka.clients import bounds, consuming, partitions_of, producing, send_in_order
from streams.kafka.connection import Cluster, quiet
from streams.kafka.deliverer import SUBMISSION
from streams.kafka.provision import provision
from streams.kafka.topics import SUBMISSIONS, VERDICTS, load_topics

EVENTS = 200_000
EVENTS_OF_A_PERSON = 20
"""Fewer than there are: so many people give at least the events that are wanted."""
SEED = 2026
PUBLISHER = "simulator"
WORKER = "worker"
"""The user of the workers (infra/kafka/topics.toml)."""
BATCH = 2_000
PATIENCE = 900.0
LEDGER = str(Path(sys.executable).parent / "ledger")


class Ledger:
    """``ledger up`` as a child."""

    def __init__(self, data: Path, cluster: Cluster) -> None:
        self.data = data
        self.environment = os.environ | {
            "LEDGER_KAFKA_SERVERS": cluster.servers,
            "LEDGER_KAFKA_USER": SUPERUSER,
            "LEDGER_KAFKA_PASSWORD": cluster.password or "",
        }
        self._child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it listens."""
        (self.data / "ledger.json").unlink(missing_ok=True)
        self._child = await asyncio.create_subprocess_exec(
            *(LEDGER, "up", "--sandbox", "--empty", "--port", "0", "--data", str(self.data)),
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
        )
        while not (self.data / "ledger.json").exists():
            if self._child.returncode is not None:
                raise LedgerError("the ledger ended while it started; what it said stands above")
            await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """SIGKILL."""
        assert self._child is not None
        self._child.kill()
        await self._child.wait()

    async def stop(self) -> None:
        """A clean stop."""
        if self._child is not None and self._child.returncode is None:
            self._child.send_signal(signal.SIGTERM)
            await self._child.wait()

    async def ask(self, *arguments: str) -> dict[str, object]:
        """The answer of a command."""
        child = await asyncio.create_subprocess_exec(
            *(LEDGER, *arguments, "--data", str(self.data), "--json"),
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
        )
        answer, _ = await child.communicate()
        found: dict[str, object] = json.loads(answer)
        return found


class Worker:
    """``ledger worker`` as a child."""

    def __init__(self, data: Path, cluster: Cluster, number: int) -> None:
        self._log = data.parent / f"worker{number}.log"
        self._command = [LEDGER, "worker", "--data", str(data)]
        self._environment = os.environ | {
            "LEDGER_KAFKA_SERVERS": cluster.servers,
            "LEDGER_KAFKA_USER": WORKER,
            "LEDGER_KAFKA_PASSWORD": cluster.password or "",
        }
        self._child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *self._command, env=self._environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """SIGKILL."""
        assert self._child is not None
        self._child.kill()
        await self._child.wait()

    async def stop(self) -> None:
        """A clean stop."""
        if self._child is not None and self._child.returncode is None:
            self._child.send_signal(signal.SIGTERM)
            await self._child.wait()


async def publish(cluster: Cluster, lines: Iterator[bytes]) -> int:
    """Write all lines; how many Kafka acknowledged."""
    count = 0
    async with producing(cluster, "publisher") as producer:
        while batch := list(itertools.islice(lines, BATCH)):
            for attempt in itertools.count(1):
                try:
                    await send_in_order(producer, SUBMISSIONS + PUBLISHER, 0, [(None, line.rstrip(b"\n"), []) for line in batch])
                    break
                except LedgerError:
                    if attempt == 5:
                        raise
            count += len(batch)
    return count


async def follow(cluster: Cluster, outcomes: Counter[str], seen: set[int]) -> None:
    """Count the verdicts, each submission once, until cancelled; a cluster that is away is waited out."""
    while True:
        with contextlib.suppress(BrokerUnavailable):
            await _follow(cluster, outcomes, seen)
        await asyncio.sleep(0.5)


async def _follow(cluster: Cluster, outcomes: Counter[str], seen: set[int]) -> None:
    async with consuming(cluster, "follower") as consumer:
        partitions = await partitions_of(consumer, VERDICTS + PUBLISHER)
        consumer.assign(partitions)
        for partition, (first, _) in (await bounds(consumer, partitions)).items():
            consumer.seek(partition, first)
        while True:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    offset = int(dict(record.headers)[SUBMISSION])
                    if offset not in seen:
                        seen.add(offset)
                        verdict = msgspec.json.decode(record.value, type=Verdict)
                        outcomes[verdict.outcome.value] += 1


async def demonstrate(events: int) -> bool:
    """The whole demonstration; whether everything agreed."""
    passwords = {user: secrets.token_urlsafe(12) for user in (SUPERUSER, PUBLISHER, WORKER)}
    with tempfile.TemporaryDirectory(prefix="ledger-kafka", ignore_cleanup_errors=True) as folder:
        say("Starting three brokers …")
        with BrokerCluster(Path(folder) / "kafka", users=passwords, nodes=3) as brokers:
            cluster = brokers.cluster()
            async with Admin(cluster) as admin:
                made = await provision(admin, load_topics(), [PUBLISHER], check=False)
            say(f"{len(made)} topics and rules made on {cluster.servers}.")
            ledger = Ledger(Path(folder) / "data", cluster)
            workers = [Worker(ledger.data, brokers.cluster(WORKER), number) for number in (1, 2)]
            await ledger.start()
            try:
                for worker in workers:
                    await worker.start()
                return await _play(events, brokers, ledger, workers)
            finally:
                await asyncio.gather(*(worker.stop() for worker in workers))
                await ledger.stop()


async def _play(events: int, brokers: BrokerCluster, ledger: Ledger, workers: Sequence[Worker]) -> bool:
    lines = itertools.islice(stream(events // EVENTS_OF_A_PERSON, SEED, FaultProfile.HARSH), events)
    outcomes: Counter[str] = Counter()
    seen: set[int] = set()
    began = time.monotonic()
    following = asyncio.create_task(follow(brokers.cluster(), outcomes, seen))
    publishing = asyncio.create_task(publish(brokers.cluster(PUBLISHER), lines))
    try:
        await _until(lambda: len(seen) >= events // 3, following)
        say(f"{len(seen)} verdicts after {time.monotonic() - began:.0f} s. Killing a broker …")
        brokers.brokers[0].kill()
        await _until(lambda: len(seen) >= events // 2, following)
        say(f"{len(seen)} verdicts after {time.monotonic() - began:.0f} s. Killing the ledger and a worker, and bringing all three back …")
        await workers[0].kill()
        await ledger.kill()
        await asyncio.gather(ledger.start(), asyncio.to_thread(brokers.start))
        await workers[0].start()
        submitted = await publishing
        await _until(lambda: len(seen) >= submitted, following)
    finally:
        for task in (following, publishing):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(following, publishing)
    seconds = time.monotonic() - began
    deadline = time.monotonic() + PATIENCE
    compared = await ledger.ask("kafka", "compare")
    while not compared["equal"] and time.monotonic() < deadline:
        await asyncio.sleep(1)
        compared = await ledger.ask("kafka", "compare")
    say("All is told. Waiting for the views, and rebuilding them beside to compare …")
    await rest(ledger.data, PATIENCE)
    projected = time.monotonic() - began
    kept = await digests(ledger.data)
    await rebuild(ledger.data, PATIENCE)
    await rest(ledger.data, PATIENCE)
    differs = differing(kept, await digests(ledger.data))
    admitted, duplicate, refused = (outcomes[name] for name in ("admitted", "duplicate", "refused"))
    told = submitted == admitted + duplicate + refused
    stands = compared["position"] == admitted
    print(f"submitted {submitted} = admitted {admitted} + duplicate {duplicate} + refused {refused}: {_word(told)}")
    print(f"entries in PostgreSQL {compared['position']} = admitted {admitted}: {_word(stands)}")
    print(f"digest in PostgreSQL {compared['postgres']} = on Kafka {compared['kafka']}: {_word(bool(compared['equal']))}")
    print(f"{len(kept)} views = their rebuild from the log: {_word(not differs)}{' ' + ', '.join(differs) if differs else ''}")
    print(
        f"{submitted / seconds:.0f} events a second, simulated, published, admitted, told and relayed on this machine, three kills in it; "
        f"{submitted / projected:.0f} with all views"
    )
    return told and stands and bool(compared["equal"]) and not differs


async def _until(reached: Callable[[], bool], following: asyncio.Task[None]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        if following.done():
            following.result()
        if time.monotonic() > deadline:
            raise LedgerError(f"not reached within {PATIENCE:.0f} s")
        await asyncio.sleep(0.2)


def _word(holds: bool) -> str:
    return "yes" if holds else "NO"


def main() -> int:
    """Run it; the exit code is 1 when anything disagreed."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    try:
        with quiet():
            return 0 if asyncio.run(demonstrate(events)) else 1
    except LedgerError as error:
        say(f"demo-kafka: {error}")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
