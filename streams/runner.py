"""The projection runner: keeps every view at one position, and rebuilds a view beside the old one.

One pass takes a stretch of the ledger, finds the keys whose rows it can change (the streams themselves, the persons they
merge with, whoever depends on a changed edition, offer, pilot or norm, and whoever a passing day changes), folds their
histories anew and replaces their rows, in one transaction with the position. A key is always folded whole, so a late,
corrected or retracted event needs no case of its own, and any split into passes gives the same rows.

A stream that a projection cannot digest stalls alone: its old rows stay, the reason is written down, and it is tried again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from datetime import date

import msgspec

from ledger.quality import SourceState
from ledger.verdict import StreamId
from streams.aggregating import Envelope, aggregate, observe_into, save_sources
from streams.clock import Clock
from streams.postgres import views
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.settling import SHARED_NORMS, Settling
from streams.subjects import Surroundings, is_shared

log = logging.getLogger("ledger.runner")

FOLDING_VERSION = 1
"""Raised when folding itself changes for every projection (history, merges, clocks): all views are then rebuilt."""
PASS_ENTRIES = 200_000
"""Entries that one pass takes in at the most: what bounds a transaction."""
PAGE = 20_000


class Standing(msgspec.Struct, frozen=True):
    """Where the live views stand."""

    position: int
    as_of: date | None


class Changed(msgspec.Struct):
    """What a stretch of the ledger touches."""

    streams: set[StreamId]
    sources: dict[str, SourceState]
    norms: bool


class Runner:
    """Advances all live views. One task uses it at a time; a second process waits on the row lock and starts over."""

    def __init__(self, store: Store, surroundings: Surroundings, *, wall: Clock, sandbox: bool) -> None:
        self._store = store
        self._wall = wall
        self._surroundings = surroundings
        self._settling = Settling(store, surroundings, wall, sandbox=sandbox, exact=True)
        self.turn = asyncio.Lock()
        """Held by a pass and by a swap: the one waits for the other."""
        self.touched: set[StreamId] | None = None
        """While a rebuild is under way: the keys that passes folded meanwhile."""

    async def standing(self) -> Standing:
        """The position of the live views."""
        row = await self._store.pool.fetchrow(sql("runner_head"))
        assert row is not None
        return Standing(row["position"], row["as_of"])

    async def advance(self, tables: Mapping[str, str], *, limit: int = PASS_ENTRIES) -> Standing | None:
        """One pass. The new standing, or None when there was nothing to do."""
        async with self.turn:
            return await self._advance(tables, limit)

    async def _advance(self, tables: Mapping[str, str], limit: int) -> Standing | None:
        standing = await self.standing()
        head = (await self._store.head()).position
        upto = min(head, standing.position + limit)
        as_of = await self._settling.today(upto)
        if as_of is None or (upto == standing.position and as_of == standing.as_of and not await self._retries()):
            return None
        await self._surroundings.extend(upto)
        changed = await self._changed(standing.position, upto)
        began = time.monotonic()
        async with self._store.pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(sql("runner_lock"))
            if row is None or row["position"] != standing.position:
                return None
            affected = await self._affected(connection, changed, as_of)
            targets = {name: (table,) for name, table in tables.items()}
            keys = await self._settling.settle(connection, targets, affected, as_of, upto)
            await save_sources(connection, changed.sources)
            if upto == head and "tallies" in tables and "feeds" in tables:
                await aggregate(connection, self._surroundings, as_of)
            await connection.execute(sql("runner_advance"), upto, as_of, FOLDING_VERSION)
            await connection.execute(sql("runner_projections_advance"), upto, as_of)
        if self.touched is not None:
            self.touched |= affected
        log.info("advanced", extra={"fields": {"position": upto, "keys": keys, "seconds": round(time.monotonic() - began, 3)}})
        return Standing(upto, as_of)

    async def _retries(self) -> list[StreamId]:
        rows = await self._store.pool.fetch(sql("runner_retry"), self._wall.now())
        return [StreamId(row["stream"]) for row in rows]

    async def _changed(self, after: int, upto: int) -> Changed:
        """What the entries after a position touch, read page by page."""
        changed = Changed(set(), {}, False)
        while after < upto:
            with plainly():
                rows = [Envelope(*row) for row in await self._store.pool.fetch(sql("runner_envelopes"), after, upto, PAGE)]
            if not rows:
                break
            after = rows[-1].position
            for row in rows:
                changed.streams.add(row.stream)
                changed.norms |= row.stream.startswith(SHARED_NORMS)
            observe_into(changed.sources, rows, self._surroundings.parameters)
            await asyncio.sleep(0)
        return changed

    async def _affected(self, connection: views.Connection, changed: Changed, as_of: date) -> set[StreamId]:
        """The streams to settle: those that changed, and those whose rows can change with them."""
        streams = set(changed.streams)
        streams.update(StreamId(row["key"]) for row in await connection.fetch(sql("runner_due"), as_of))
        streams.update(await self._retries())
        # What workers left undone, when this runner takes over from them.
        streams.update(StreamId(row["stream"]) for row in await connection.fetch(sql("pending_all")))
        shared = sorted(stream for stream in changed.streams if is_shared(stream))
        if shared:
            rows = await connection.fetch(sql("runner_dependents"), shared)
            streams.update(StreamId(row["key"]) for row in rows)
        if changed.norms:
            streams.update([stream async for page in self.all_streams() for stream in page])
        links = self._surroundings.links
        related = {other for stream in streams if stream.startswith("persoon/") for other in links.related(stream)}
        return streams | related | {self._surroundings.root(stream) for stream in streams | related}

    async def all_streams(self) -> AsyncIterator[list[StreamId]]:
        """Every stream of the ledger, by page."""
        after = ""
        while page := await self._store.streams(after=after, limit=PAGE):
            after = page[-1]
            yield page
