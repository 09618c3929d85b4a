"""A ledger under load, as a process of its own to be killed: python -m tests.integration.under_load FOLDER SEED LIFE [DSN]

It starts (or joins) a database, becomes the sequencer and publishes without end, events of this life and redeliveries of
earlier ones. Each verdict that was acknowledged is printed, a line per call, before the same caller submits again:
``ack <event number>=<position> …``. Without DSN it also watches its own database and starts it again when it dies.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ledger.admission import Examined
from ledger.errors import Fenced, LedgerError, StoreUnavailable
from streams.clock import SandboxClock
from streams.folder import DataFolder, Mode
from streams.keys import Keys
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.settings import Settings
from tests.integration.feed import START, Feed, kbo, numbered_uuid, person

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
EVENTS_OF_A_LIFE = 100_000
CALLERS = 4
PEOPLE = 40


def event(feed: Feed, number: int) -> Examined:
    """The event of that number: the same in every life."""
    made = feed.event(
        subject=person(number * 7919 % PEOPLE),
        time=START,
        id=numbered_uuid(number, 7),
        source=f"urn:kbo:{kbo(19990100)}:test",
        sequence=number,
    )
    return feed.examined(made)[0]


async def publish(sequencer: Sequencer, feed: Feed, random_: random.Random, life: int, caller: int) -> None:
    """Submit for ever; print what was acknowledged."""
    fresh = life * EVENTS_OF_A_LIFE + caller + 1
    while True:
        numbers = []
        for _ in range(random_.choice((1, 2, 10, 100, 300))):
            if random_.random() < 0.2:
                numbers.append(random_.randrange(life + 1) * EVENTS_OF_A_LIFE + random_.randrange(1, 3_000))
            else:
                numbers.append(fresh)
                fresh += CALLERS
        try:
            verdicts = await sequencer.submit([event(feed, number) for number in numbers])
        except Fenced:
            say("fenced")
            return
        except StoreUnavailable:
            await asyncio.sleep(0.02)
            continue
        say("ack " + " ".join(f"{number}={verdict.position}" for number, verdict in zip(numbers, verdicts, strict=True)))


def say(line: str) -> None:
    """One write, so that a kill cuts at most the last line."""
    os.write(1, line.encode() + b"\n")


async def live(dsn: str, keys: Keys, seed: int, life: int, server: EmbeddedPostgres | None) -> None:
    settings = msgspec.structs.replace(Settings(), batch_events=200)
    await migrate(dsn)
    async with await Store.open(dsn, keys=keys, settings=settings) as store:
        await store.found(Mode.SANDBOX, EPOCH)
        async with Sequencer(store, clock=SandboxClock(EPOCH), lock_wait=30) as sequencer:
            say(f"writing {server.pid if server else 0}")
            calls = [
                asyncio.create_task(publish(sequencer, Feed(keys), random.Random(f"{seed} {life} {caller}"), life, caller))
                for caller in range(CALLERS)
            ]
            watching = asyncio.create_task(watch(server)) if server else None
            await asyncio.gather(*calls)
            if watching is not None:
                watching.cancel()


async def watch(server: EmbeddedPostgres) -> None:
    """Start the database again when it dies."""
    while True:
        if not server.running:
            server.start()
            say(f"writing {server.pid}")
        await asyncio.sleep(0.01)


def main() -> None:
    folder, seed, life, *rest = sys.argv[1:]
    with DataFolder.open(Path(folder), Mode.SANDBOX) as data:
        if rest:
            asyncio.run(live(rest[0], data.keys, int(seed), int(life), None))
            return
        with EmbeddedPostgres(data.path) as server:
            asyncio.run(live(server.dsn, data.keys, int(seed), int(life), server))


if __name__ == "__main__":
    try:
        main()
    except LedgerError as error:
        say(f"ended {type(error).__name__}: {error}")
