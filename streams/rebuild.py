"""Rebuild beside and swap: a projection's table is filled anew from the log while the live one goes on.

The new table is filled at the position where the live views stood when it began; what passes fold meanwhile is
remembered and folded once more, and the swap happens in one transaction at the position of the live views. A runner that
dies in the middle starts the rebuild over.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import date

import msgspec

from ledger.projection import Projection, projections
from ledger.verdict import StreamId
from streams.clock import Clock
from streams.folding import Stall, fold
from streams.postgres import views
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.runner import Runner
from streams.settling import KEYS
from streams.subjects import Surroundings, load

log = logging.getLogger("ledger.rebuild")


class Filling(msgspec.Struct):
    """Tables that are being filled beside the live ones."""

    tables: dict[str, str]
    stalls: list[Stall] = []


class Rebuild:
    """Fills new tables for some projections and swaps them in."""

    def __init__(self, store: Store, runner: Runner, surroundings: Surroundings, wall: Clock) -> None:
        self._store = store
        self._runner = runner
        self._wall = wall
        self._surroundings = surroundings

    async def begin(self, chosen: Sequence[Projection]) -> Filling:
        """Empty tables for the projections, and from now on remember what passes fold."""
        now = self._wall.now()
        async with self._store.pool.acquire() as connection, connection.transaction():
            serial = await connection.fetchval(sql("rebuild_serial"))
            filling = Filling({p.name: await views.build(connection, p, serial, now) for p in chosen})
        self._runner.touched = set()
        return filling

    async def fill(self, filling: Filling, streams: Sequence[StreamId], as_of: date, upto: int) -> None:
        """Fold the keys among some streams into the new tables. Absorbed persons have no rows of their own."""
        keys = [stream for stream in streams if self._surroundings.root(stream) == stream]
        for at in range(0, len(keys), KEYS):
            reference = self._surroundings.reference(as_of)
            loaded = await load(self._store, self._surroundings, keys[at : at + KEYS], reference=reference, upto=upto)
            folded = await fold(loaded, filling.tables)
            filling.stalls.extend(folded.stalls)
            async with self._store.pool.acquire() as connection, connection.transaction():
                for name, (_, records) in folded.rows.items():
                    await views.append(connection, projections()[name], filling.tables[name], records)

    async def swap(self, filling: Filling) -> int:
        """Fold again what changed meanwhile and make the new tables live, at the position of the live views.

        A reader who holds an old table for long is waited for, without keeping the others and the runner from going on.
        """
        while True:
            with contextlib.suppress(*views.HELD):
                async with self._runner.turn:
                    return await self._swap(filling)
            log.info("a reader holds a view; trying again", extra={"fields": {"projections": sorted(filling.tables)}})
            await asyncio.sleep(views.SWAP_PAUSE_SECONDS)

    async def _swap(self, filling: Filling) -> int:
        async with self._store.pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(sql("runner_lock"))
            assert row is not None
            position, as_of = row["position"], row["as_of"]
            touched = self._runner.touched or set()
            await self._surroundings.extend(position)
            if as_of is not None:
                await self._refold(connection, filling, touched, as_of, position)
            for name, table in filling.tables.items():
                await views.make_live(connection, projections()[name], table, position, as_of)
                await connection.execute(sql("runner_unstall_projection"), name)
            now = self._wall.now()
            stalls = {(s.projection, s.stream): s for s in filling.stalls if s.projection in filling.tables}
            await connection.executemany(
                sql("runner_stall"), [(s.projection, s.stream, s.position, s.reason, now) for s in stalls.values()]
            )
        self._runner.touched = None
        log.info("swapped", extra={"fields": {"projections": sorted(filling.tables), "position": position}})
        return int(position)

    async def _refold(self, connection: views.Connection, filling: Filling, touched: set[StreamId], as_of: date, position: int) -> None:
        if not touched:
            return
        for name, table in filling.tables.items():
            await views.replace(connection, projections()[name], table, sorted(touched), ())
        filling.stalls[:] = [stall for stall in filling.stalls if stall.stream not in touched]
        keys = [stream for stream in sorted(touched) if self._surroundings.root(stream) == stream]
        reference = self._surroundings.reference(as_of)
        for at in range(0, len(keys), KEYS):
            loaded = await load(self._store, self._surroundings, keys[at : at + KEYS], reference=reference, upto=position)
            folded = await fold(loaded, filling.tables)
            filling.stalls.extend(folded.stalls)
            for name, (_, records) in folded.rows.items():
                await views.append(connection, projections()[name], filling.tables[name], records)

    async def abandon(self, filling: Filling) -> None:
        """Drop tables that will not be swapped in."""
        self._runner.touched = None
        async with self._store.pool.acquire() as connection:
            for table in filling.tables.values():
                await views.drop(connection, table)
