"""The life of the projection runner: make its tables, advance, rebuild when asked or when a projection changed.

Runs as a process of its own beside the ledger (``python -m streams.projecting``), so that folding and admitting use two
cores; it ends with its parent, and a SIGKILL at any moment costs it nothing but the pass under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ledger.aggregate import FINDING_COLUMNS
from ledger.errors import LedgerError, NotFound, StoreUnavailable
from ledger.projection import Projection, projections
from streams.aggregating import AGGREGATE_TABLE
from streams.clock import Clock, SystemClock
from streams.folder import DataFolder, Mode
from streams.logs import configure, open_log
from streams.postgres import views
from streams.postgres.connection import AWAY, connect, plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.rebuild import Filling, Rebuild
from streams.runner import FOLDING_VERSION, Runner
from streams.settings import Settings, load
from streams.subjects import Surroundings

log = logging.getLogger("ledger.projecting")

POLL_SECONDS = 1.0
"""How long to wait for news at the most: also how soon a requested rebuild begins and a new day is noticed."""
AWAY_SECONDS = 2.0
WAIT_SECONDS = 0.2
STOP_SECONDS = 5.0
RUNNER_LOCK = 0x1ED6EA
"""The advisory lock of the one runner of a database."""
GC_THRESHOLD = (200_000, 20, 50)
"""New objects before the garbage collector looks for cycles among the youngest, and how often it looks at older ones."""


WORKER_SECONDS = 15.0
"""How long after a worker was last seen the runner waits before it keeps the views itself."""

EVERY_VIEW = "all"
"""What to ask for to rebuild every projection at once."""


class Request(msgspec.Struct, frozen=True):
    """A rebuild that was asked for."""

    number: int
    projection: str


class SteppedAside(LedgerError):
    """Workers keep the views: this runner waits until there is none."""


class Projecting:
    """Keeps the views of one ledger."""

    def __init__(self, store: Store, *, wall: Clock, sandbox: bool) -> None:
        self._store = store
        self._wall = wall
        self.surroundings = Surroundings(store)
        self.runner = Runner(store, self.surroundings, wall=wall, sandbox=sandbox)
        self._rebuild = Rebuild(store, self.runner, self.surroundings, wall)
        self.tables: dict[str, str] = {}
        """The live table of each projection."""

    async def prepare(self) -> None:
        """Make, remove or rebuild tables until what is live is what the code declares."""
        async with self._store.pool.acquire() as connection, connection.transaction():
            await views.make_plain(connection, AGGREGATE_TABLE, FINDING_COLUMNS, "Findings that stand on no single history")
            row = await connection.fetchrow(sql("runner_lock"))
            assert row is not None
            known = await views.tables(connection)
            for table in known:
                if not table.live or table.name not in projections():
                    await views.drop(connection, table.table)
            live = {t.name: t for t in known if t.live and t.name in projections()}
            self.tables = {name: table.table for name, table in live.items()}
            stale = [p for name, p in projections().items() if name not in live or live[name].version != p.version]
            if row["version"] not in {0, FOLDING_VERSION}:
                stale = list(projections().values())
        await self.surroundings.extend(row["position"])
        if stale:
            log.info("making tables", extra={"fields": {"projections": [p.name for p in stale], "position": row["position"]}})
            await self.rebuild(stale)

    async def rebuild(self, chosen: list[Projection], request: Request | None = None) -> int:
        """Rebuild some projections beside their live tables and swap; answers the position at which it swapped."""
        filling = await self._rebuild.begin(chosen)
        try:
            await self._fill(filling, request)
            position = await self._rebuild.swap(filling)
        except BaseException:
            with contextlib.suppress(StoreUnavailable, asyncio.CancelledError, *AWAY):
                await asyncio.shield(self._rebuild.abandon(filling))
            raise
        self.tables |= filling.tables
        return position

    async def _fill(self, filling: Filling, request: Request | None) -> None:
        standing = await self.runner.standing()
        if request is not None:
            total = await self._store.pool.fetchval(sql("runner_stream_count"))
            await self._store.pool.execute(sql("rebuild_start"), request.number, self._wall.now(), total)
        if standing.as_of is None:
            return
        await self.surroundings.extend(standing.position)
        done = 0
        async for streams in self.runner.all_streams():
            await self._rebuild.fill(filling, streams, standing.as_of, standing.position)
            done += len(streams)
            if request is not None:
                await self._store.pool.execute(sql("rebuild_progress"), request.number, done)

    async def run(self) -> None:
        """Advance and rebuild for ever; cancel it to stop.

        :raises SteppedAside: a worker is there.
        :raises StoreUnavailable: the database is away; make a new one of these when it is back.
        """
        tasks = [asyncio.create_task(self._advance_for_ever()), asyncio.create_task(self._serve_rebuilds())]
        try:
            with plainly():
                await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _advance_for_ever(self) -> None:
        async with self._store.follow() as news:
            while True:
                await self._step_aside()
                while await self.runner.advance(self.tables) is not None:
                    await self._step_aside()
                await news.wait(timeout=POLL_SECONDS)

    async def _step_aside(self) -> None:
        if await workers_seen(self._store):
            raise SteppedAside("workers keep the views")

    async def _serve_rebuilds(self) -> None:
        while True:
            if not await self.serve_rebuilds():
                await asyncio.sleep(POLL_SECONDS)

    async def serve_rebuilds(self) -> bool:
        """Do the oldest rebuild that is asked for; whether there was one."""
        row = await self._store.pool.fetchrow(sql("rebuild_next"))
        if row is None:
            return False
        await self._serve(Request(row["number"], row["projection"]))
        return True

    async def _serve(self, request: Request) -> None:
        try:
            position, error = await self.rebuild(chosen_of(request.projection), request), None
        except StoreUnavailable:
            raise
        except AWAY:
            raise
        except Exception as failure:
            log.exception("rebuild failed", extra={"fields": {"projection": request.projection}})
            position, error = None, f"{type(failure).__name__}: the rebuild stopped, the live view is as it was; the log says where"
        await self._store.pool.execute(sql("rebuild_finish"), request.number, self._wall.now(), position, error)


async def request_rebuild(store: Store, name: str, now: datetime) -> int:
    """Ask the running projections for a rebuild of one projection (or ``all``); answers the request's number."""
    number = await store.pool.fetchval(sql("rebuild_request"), name, now.astimezone(UTC))
    return int(number)


def chosen_of(name: str) -> list[Projection]:
    """The projections that a rebuild was asked for. ``NotFound`` when this version has none of that name."""
    if name != EVERY_VIEW and name not in projections():
        raise NotFound(f"there is no projection {name!r}; there are {', '.join(projections())}, and {EVERY_VIEW} for every one")
    return list(projections().values()) if name == EVERY_VIEW else [projections()[name]]


async def workers_seen(store: Store) -> bool:
    """Whether a worker on Kafka was there a moment ago."""
    return bool(await store.pool.fetchval(sql("worker_any"), WORKER_SECONDS))


@contextlib.asynccontextmanager
async def alone(store: Store) -> AsyncIterator[None]:
    """Wait until no other runner and no worker keeps the views of this database, and keep it so as long as the connection lives."""
    connection = await connect(store.dsn)
    try:
        while await workers_seen(store) or not await connection.fetchval(sql("runner_alone"), RUNNER_LOCK):  # noqa: ASYNC110
            await asyncio.sleep(WAIT_SECONDS)
        yield
    finally:
        connection.terminate()


async def serve(dsn: str, folder: DataFolder, settings: Settings, wall: Clock) -> None:
    """Keep the views of a data folder; cancel it to stop. A database that is away, at the start too, is waited out."""
    while True:
        try:
            with plainly():
                async with await Store.open(dsn, keys=folder.keys, settings=settings) as store, alone(store):
                    projecting = Projecting(store, wall=wall, sandbox=folder.mode is Mode.SANDBOX)
                    await projecting.prepare()
                    await projecting.run()
        except SteppedAside as error:
            log.info("%s", error)
        except StoreUnavailable as error:
            log.warning("the database is away: %s", error)
            await asyncio.sleep(AWAY_SECONDS)


def main(folder: str, dsn: str, parent: str) -> None:
    """The runner process of a data folder: ``python -m streams.projecting FOLDER DSN PID``; it ends with process PID."""
    settings = load(data=Path(folder))
    opened = DataFolder.open(settings.data, lock=False)
    # Folding makes many objects and hardly any cycles: looking for them by the default rhythm costs a quarter of the time.
    gc.set_threshold(*GC_THRESHOLD)
    configure(open_log(opened.path))

    async def live() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        serving = asyncio.create_task(serve(dsn, opened, settings, SystemClock()))
        tasks = {serving, asyncio.create_task(stop.wait()), asyncio.create_task(_end_with(int(parent)))}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_SECONDS)
        if not serving.done():
            # A connection to a database that died can hold up a clean end for ever; there is nothing here to save.
            log.warning("ended without waiting for the database")
            logging.shutdown()
            os._exit(0)
        if not serving.cancelled() and (failure := serving.exception()) is not None:
            raise failure

    asyncio.run(live())


async def _end_with(parent: int) -> None:
    """Return when the ledger that started this process is gone: views are then not kept by two runners."""
    while os.getppid() == parent:  # noqa: ASYNC110  nothing tells an orphan that it is one
        await asyncio.sleep(POLL_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
