"""How fast the sequencer is: events a second in batches, and how long a lone event waits. Run: python -m benchmarks.sequencer

Everything is real: an embedded PostgreSQL that waits for the disk, sealing on, the duplicate look-up on, leaves and tree on. The events are
made and examined beforehand; the time of examining is measured apart, because over HTTP it is paid in the same process.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import cProfile
import gc
import pstats
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psutil
import uvloop

from ledger.admission import Examined
from ledger.authority import SANDBOX_CREDENTIAL
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from ledger.transparency.tree import Frontier, leaf_hash
from streams.clock import SandboxClock
from streams.folder import Mode
from streams.keys import Keys
from streams.leaf import commitment_of
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.settings import Settings
from tests.integration.feed import START, Feed, person

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def make(feed: Feed, events: int, people: int) -> list[bytes]:
    """Events in the order of arrival: every person again and again."""
    return [
        msgspec.json.encode(feed.event(subject=person(n % people), time=START + timedelta(seconds=n // 50), org=19990100 + n % 40))
        for n in range(events)
    ]


def database_seconds() -> float:
    """Processor time of the database's processes so far: the measure that a busy machine does not spoil."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


async def throughput(store: Store, examined: list[Examined], request: int, callers: int) -> float:
    """Events a second with so many callers, each waiting for its verdicts before its next request."""
    settings = msgspec.structs.replace(Settings(), queue_events=200_000)
    requests = iter([examined[at : at + request] for at in range(0, len(examined), request)])

    async def caller() -> None:
        for part in requests:
            await sequencer.submit(part)

    async with Sequencer(store, clock=SandboxClock(EPOCH), settings=settings) as sequencer:
        began, own, database = time.perf_counter(), time.process_time(), database_seconds()
        await asyncio.gather(*(caller() for _ in range(callers)))
        seconds, own, database = time.perf_counter() - began, time.process_time() - own, database_seconds() - database
        batches = sequencer.status().batches
    count = len(examined)
    print(
        f"  {callers:3d} callers of {request:5d}: {count / seconds:9,.0f} events/s in {batches} transactions; "
        f"processor time an event: ledger {1e6 * own / count:.1f} µs, database {1e6 * database / count:.1f} µs"
    )
    return len(examined) / seconds


async def lone(store: Store, examined: list[Examined]) -> None:
    """How long one event waits when nobody else writes."""
    waits = []
    async with Sequencer(store, clock=SandboxClock(EPOCH)) as sequencer:
        for one in examined:
            began = time.perf_counter()
            await sequencer.submit([one])
            waits.append(1000 * (time.perf_counter() - began))
    waits.sort()
    print(f"  a lone event: median {statistics.median(waits):.1f} ms, 99 % {waits[int(len(waits) * 0.99)]:.1f} ms")


async def proofs(store: Store) -> None:
    """What the leaves and the tree cost of the ledger's processor time above, on the same machine in the same minute."""
    rows = [tuple(row) for row in await store.pool.fetch(sql("read_whole"), 0, 50_000, 50_000)]
    best = float("inf")
    for start in range(0, len(rows), 5_000):
        batch = rows[start : start + 5_000]
        began = time.process_time()
        Frontier().extended([leaf_hash(commitment_of(row, row[-2], row[-1])) for row in batch])
        best = min(best, (time.process_time() - began) / len(batch))
    print(f"  of the ledger's processor time an event, leaves and tree take {1e6 * best:.1f} µs")


async def read(store: Store) -> None:
    """Reading the ledger back, sealed and opened."""
    for name, page in (("sealed", store.read), ("opened", store.read_open)):
        began, after, count = time.perf_counter(), 0, 0
        while True:
            got = await page(after, 5_000)
            entries = got if isinstance(got, list) else got.entries
            if not entries:
                break
            count += len(entries)
            after = entries[-1].position
        print(f"  read {name}: {count / (time.perf_counter() - began):9,.0f} entries/s")


async def run(arguments: argparse.Namespace, server: EmbeddedPostgres) -> None:
    keys = Keys(bytes(32), SANDBOX_PSEUDONYM_KEY)
    feed = Feed(keys)
    raws = make(feed, arguments.events, arguments.people)
    began = time.perf_counter()
    examined = [feed.examiner.examine(raw, SANDBOX_CREDENTIAL) for raw in raws]
    print(f"{len(examined)} events of {len(raws[0])} bytes on {arguments.people} people")
    print(f"  examining alone: {len(examined) / (time.perf_counter() - began):9,.0f} events/s")
    gc.freeze()  # the prepared events are the benchmark's, not the ledger's
    await migrate(server.dsn)
    async with await Store.open(server.dsn, keys=keys) as store:
        await store.found(Mode.SANDBOX, EPOCH)
        third = len(examined) // 3
        profile = cProfile.Profile() if arguments.profile else None
        if profile:
            profile.enable()
        await throughput(store, examined[:third], 5_000, 4)
        if profile:
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        await throughput(store, examined[third : 2 * third], 500, 40)
        await throughput(store, examined[2 * third : -500], 20, 400)
        await proofs(store)
        await lone(store, examined[-500:])
        print("  all of it again, as duplicates:")
        await throughput(store, examined[:third], 5_000, 4)
        await read(store)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench") as folder, EmbeddedPostgres(Path(folder)) as server:
        uvloop.run(run(arguments, server))


if __name__ == "__main__":
    main()
