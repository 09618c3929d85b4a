"""Rebuilding under workers: a new table is filled beside the live one, key by key, while every worker goes on.

From the moment the new table is there every turn writes its rows too; filling it holds the same locks as a turn. So at any moment
the rows of a key in it are missing, or as new as those of the live one, and it can be swapped in as soon as every key was filled.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence

import msgspec

from ledger.aggregate import FINDING_COLUMNS
from ledger.projection import Projection, projections
from ledger.verdict import StreamId
from streams.aggregating import AGGREGATE_TABLE
from streams.clock import Clock
from streams.kafka.topics import ENTRIES, RESTRICTED
from streams.kafka.worker_steward import Steward
from streams.kafka.worker_turn import Lane
from streams.postgres import views
from streams.postgres.connection import AWAY
from streams.postgres.sql import sql
from streams.projecting import chosen_of
from streams.runner import FOLDING_VERSION

log = logging.getLogger(__name__)

CHUNK = 300
"""Keys that are filled in one transaction: how long a turn in the same partition may have to wait."""
STREAMS_PAGE = 20_000


class Asked(msgspec.Struct, frozen=True):
    """A rebuild that was asked for."""

    number: int
    projection: str


class WorkerRebuild:
    """Makes and rebuilds the tables of views. Only the steward does."""

    def __init__(self, lane: Lane, steward: Steward, wall: Clock) -> None:
        self._lane = lane
        self._steward = steward
        self._wall = wall

    async def prepare(self) -> None:
        """Make, remove or rebuild tables until what is live is what the code declares."""
        async with self._steward.writing() as (connection, _):
            await views.make_plain(connection, AGGREGATE_TABLE, FINDING_COLUMNS, "Findings that stand on no single history")
            runner = await connection.fetchrow(sql("runner_lock"))
            assert runner is not None
            known = await views.tables(connection)
            await self._lane.patiently(connection, "checkpoint_lock_all", sorted({table.name for table in known}))
            for table in known:
                # One that was being filled belonged to a steward that is no more.
                if not table.live or table.name not in projections():
                    await views.drop(connection, table.table)
            live = {t.name: t for t in known if t.live and t.name in projections()}
            for table in live.values():
                await self._start(connection, table.table, runner["position"])
            await connection.execute(sql("checkpoint_at_least"), runner["position"])
            stale = [p for name, p in projections().items() if name not in live or live[name].version != p.version]
            if runner["version"] not in {0, FOLDING_VERSION}:
                stale = list(projections().values())
        if stale:
            log.info("making tables", extra={"fields": {"projections": [p.name for p in stale]}})
            await self.rebuild(stale)
        async with self._steward.writing() as (connection, _):
            await connection.execute(sql("steward_version"), FOLDING_VERSION)

    async def serve(self) -> bool:
        """Do the oldest rebuild that is asked for; whether there was one."""
        row = await self._lane.store.pool.fetchrow(sql("rebuild_next"))
        if row is None:
            return False
        asked = Asked(row["number"], row["projection"])
        try:
            position, error = await self.rebuild(chosen_of(asked.projection), asked), None
        except AWAY:
            raise
        except Exception as failure:
            log.exception("rebuild failed", extra={"fields": {"projection": asked.projection}})
            position, error = None, f"{type(failure).__name__}: the rebuild stopped, the live view is as it was; the log says where"
        await self._lane.store.pool.execute(sql("rebuild_finish"), asked.number, self._wall.now(), position, error)
        return True

    async def rebuild(self, chosen: Sequence[Projection], asked: Asked | None = None) -> int:
        """Fill new tables and swap them in; answers the position at which that was."""
        tables = await self._begin(chosen)
        try:
            await self._fill(tables, asked)
            return await self._swap(tables)
        except BaseException:
            # Whoever is the steward next removes them if this cannot.
            log.warning("a rebuild was left", extra={"fields": {"projections": sorted(tables)}})
            raise

    async def _begin(self, chosen: Sequence[Projection]) -> dict[str, str]:
        async with self._steward.writing() as (connection, _):
            names = sorted(projection.name for projection in chosen)
            await self._lane.patiently(connection, "checkpoint_lock_all", names)
            for table in await views.tables(connection):
                if table.name in names and not table.live:
                    await views.drop(connection, table.table)
            serial = await connection.fetchval(sql("rebuild_serial"))
            made = {p.name: await views.build(connection, p, serial, self._wall.now()) for p in chosen}
            # Every key is filled after this moment: what is known now will be in the table.
            head = (await self._lane.store.head()).position
            for name in made.values():
                await self._start(connection, name, head)
        return made

    async def _start(self, connection: views.Connection, table: str, position: int) -> None:
        lane = self._lane
        for topic, partition in [(RESTRICTED, 0), *((ENTRIES, number) for number in range(lane.partitions))]:
            await connection.execute(sql("checkpoint_start"), table, topic, partition, lane.cluster_id, position, lane.worker)

    async def _fill(self, tables: dict[str, str], asked: Asked | None) -> None:
        pool = self._lane.store.pool
        if asked is not None:
            total = await pool.fetchval(sql("runner_stream_count"))
            await pool.execute(sql("rebuild_start"), asked.number, self._wall.now(), total)
        after, done = "", 0
        while page := await self._lane.store.streams(after=after, limit=STREAMS_PAGE):
            after = page[-1]
            shards: dict[int, list[StreamId]] = {}
            for stream in page:
                shards.setdefault(self._lane.shard(stream), []).append(stream)
            for shard, streams in sorted(shards.items()):
                for at in range(0, len(streams), CHUNK):
                    done += await self._fill_some(tables, shard, streams[at : at + CHUNK])
                    if asked is not None:
                        await pool.execute(sql("rebuild_progress"), asked.number, done)

    async def _fill_some(self, tables: dict[str, str], shard: int, streams: Sequence[StreamId]) -> int:
        lane = self._lane
        async with lane.turn, self._steward.writing() as (connection, _):
            await lane.hold(connection, [(ENTRIES, shard)], tables)
            head, as_of = await lane.now()
            if as_of is not None:
                await lane.settling.settle(connection, {name: (table,) for name, table in tables.items()}, streams, as_of, head)
        return len(streams)

    async def _swap(self, tables: dict[str, str]) -> int:
        while True:
            with contextlib.suppress(*views.HELD):
                return await self._swap_now(tables)
            log.info("a reader holds a view; trying again", extra={"fields": {"projections": sorted(tables)}})
            await asyncio.sleep(views.SWAP_PAUSE_SECONDS)

    async def _swap_now(self, tables: dict[str, str]) -> int:
        async with self._lane.turn, self._steward.writing() as (connection, _):
            await self._lane.patiently(connection, "checkpoint_lock_all", sorted(tables))
            runner = await connection.fetchrow(sql("runner_head"))
            assert runner is not None
            for name, table in tables.items():
                await views.make_live(connection, projections()[name], table, runner["position"], runner["as_of"])
        log.info("swapped", extra={"fields": {"projections": sorted(tables), "position": runner["position"]}})
        return int(runner["position"])
