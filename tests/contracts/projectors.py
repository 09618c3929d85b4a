"""Everything that keeps views, behind one face: the embedded runner, one worker, two workers, workers that share out the projections."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Protocol

from ledger.admission import Examined
from ledger.projection import projections
from ledger.verdict import Verdict
from streams.clock import SandboxClock, SystemClock
from streams.folder import DataFolder, Mode
from streams.kafka.broker import BrokerCluster
from streams.kafka.relay import Relay
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.sequencer import Sequencer
from tests.conftest import FOUNDED_AT
from tests.kafka.stage import prepare
from tests.kafka.workers import WorkerProcess, at_rest, environment, rows, working


class Projector(Protocol):
    """Keeps all views of a ledger."""

    async def reach(self) -> None:
        """Return when the views are at the head of the ledger."""
        ...


class Embedded:
    """The runner that ``ledger up`` starts."""

    def __init__(self, store: Store) -> None:
        self._projecting = Projecting(store, wall=SystemClock(), sandbox=True)

    async def start(self) -> None:
        """Make the tables."""
        await self._projecting.prepare()

    async def reach(self) -> None:
        """Pass after pass."""
        while await self._projecting.runner.advance(self._projecting.tables) is not None:
            pass


class Workers:
    """Faust workers on a broker, with the relay that gives them entries."""

    def __init__(self, store: Store, broker: BrokerCluster) -> None:
        self._store = store
        self._broker = broker

    async def reach(self) -> None:
        """Relay, and wait."""
        await Relay(self._broker.cluster(), self._store).run(follow=False)
        await at_rest(self._store.pool)


KINDS = ("runner", "worker", "workers", "shared out")


@contextlib.asynccontextmanager
async def keeping(kind: str, store: Store, data: Path, broker: BrokerCluster) -> AsyncIterator[Projector]:
    """A projector of a kind, at work beside a block."""
    if kind == "runner":
        embedded = Embedded(store)
        await embedded.start()
        yield embedded
        return
    await prepare(broker, "simulator")
    names = sorted(projections())
    sharing = {
        "worker": [[]],
        "workers": [[], []],
        "shared out": [["--projections", ",".join(names[:9])], ["--projections", ",".join(names[9:])]],
    }[kind]
    given = environment(broker.cluster("worker"), store.dsn)
    async with working(*(WorkerProcess(data, given, *arguments) for arguments in sharing)):
        yield Workers(store, broker)


@contextlib.asynccontextmanager
async def sandbox(data: Path, database: str) -> AsyncIterator[Store]:
    """A new sandbox with a data folder of its own, as workers need it."""
    with DataFolder.open(data, Mode.SANDBOX) as folder:
        async with await Store.open(database, keys=folder.keys) as store:
            await store.found(Mode.SANDBOX, FOUNDED_AT)
            yield store


async def admit(store: Store, examined: Iterable[Examined]) -> list[Verdict]:
    """Through a sequencer of a sandbox."""
    head = await store.head()
    async with Sequencer(store, clock=SandboxClock(head.admitted_at or FOUNDED_AT)) as sequencer:
        return await sequencer.submit(list(examined))


async def from_the_log_alone(store: Store) -> dict[str, str]:
    """What the views hold when they are made in one go from all entries. The views of the store are emptied for it."""
    pool = store.pool
    await pool.execute("UPDATE view.runner SET position = 0, as_of = NULL")
    await pool.execute("TRUNCATE view.dependency, view.due, view.source_state, view.aggregate_finding, view.checkpoint, view.pending")
    for row in await pool.fetch("SELECT table_name FROM ledger.projections"):
        await pool.execute(f"TRUNCATE view.{row['table_name']}")
    runner = Embedded(store)
    await runner.start()
    await runner.reach()
    return await rows(store)
