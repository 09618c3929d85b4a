"""Every view says what a replay of the entries says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import asyncpg
import msgspec

from ledger.aggregate import FINDING_COLUMNS
from ledger.projection import Column, SqlValue, projections
from streams.aggregating import AGGREGATE_TABLE
from streams.postgres import views
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.replaying import Page, Record, Replay
from streams.verifying import Check, Fault, Skipped, check

Told = tuple[object, ...]
_TRIES, _PAUSE_SECONDS = 40, 0.5


@check("views", order=120, nl="Weergaven zijn wat de gebeurtenissen zeggen", en="Views are what the entries say")
class Views(Check):
    """Folds every stream anew and lays its rows beside those of the view, key by key, at the position where the views stand."""

    async def end(self) -> Fault | Skipped | None:
        """Read the views as of one moment while the entries are folded."""
        store = self.audit.store
        with plainly():
            await self._let_workers_rest()
            async with store.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
                standing = await connection.fetchrow(sql("runner_head"))
                if standing is None or standing["as_of"] is None:
                    return Skipped("no view was made yet")
                if not await connection.fetchval(sql("verify_views_rest")):
                    return Skipped("workers are on their way, so that the views stand at no one position: verify again when less arrives")
                # By the names of this moment: a view that is swapped meanwhile would show a table that this snapshot does not see.
                live = {t.name: t.table for t in await views.tables(connection) if t.live and t.name in projections()}
                try:
                    return await self._compare(connection, live, standing["position"], standing["as_of"])
                except asyncpg.UndefinedTableError:
                    return Skipped("a view was rebuilt meanwhile: verify again")

    async def _let_workers_rest(self) -> None:
        """Where workers keep the views, each partition has a position of its own until they have caught up: give them a while."""
        for _ in range(_TRIES):
            if await self.audit.store.pool.fetchval(sql("verify_views_rest")):
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _compare(self, connection: views.Connection, live: Mapping[str, str], position: int, as_of: date) -> Fault | None:
        surroundings = self.audit.surroundings
        await surroundings.extend(max(position, self.audit.head.position))
        replay = Replay(self.audit.store, surroundings, as_of=as_of, known_at=position, names=live)
        gone = await self._erased_after(position)
        seen = ""
        async for page in replay.pages(watch=lambda done, total: self.audit.told("views", done, total)):
            for name, table in sorted(live.items()):
                kept = await views.rows_between(connection, name, seen, page.keys[-1], table=table) if page.keys else []
                fault = self._lay(name, kept, page, gone)
                if fault is not None:
                    # Somebody may have been erased since: the rows were read before, the entries after.
                    gone = await self._erased_after(position)
                    fault = self._lay(name, kept, page, gone)
                if fault is not None:
                    return fault
            seen = page.keys[-1] if page.keys else seen
        for name, table in sorted(live.items()):
            left = await views.rows_between(connection, name, seen, None, table=table)
            if left:
                return _wrong(name, str(left[0][0]), "a row of a stream that has no entry: it was put in by hand")
        return await self._aggregates(connection, replay)

    async def _erased_after(self, position: int) -> set[str]:
        return {stream for stream, erased_at in (await self.audit.store.erased()).items() if erased_at > position}

    def _lay(self, name: str, kept: Sequence[Record], page: Page, gone: set[str]) -> Fault | None:
        columns = projections()[name].columns
        stalled = {stall.stream for stall in page.folded.stalls if stall.projection == name}
        skipped = gone | stalled | set(page.loaded.broken)
        here = Counter(_told(columns, row) for row in kept if row[0] not in skipped)
        there = Counter(_told(columns, row) for row in page.rows(name) if row[0] not in skipped)
        if here == there:
            return None
        extra, lacking = here - there, there - here
        key = min(str(row[0]) for row in (*extra, *lacking))
        mine, due = [row for row in extra if row[0] == key], [row for row in lacking if row[0] == key]
        if not mine:
            return _wrong(name, key, f"a row is missing that the entries give: {len(due)} of them")
        if not due:
            return _wrong(name, key, "a row is there that no entry gives")
        names = [column.name for column, a, b in zip(columns, mine[0], due[0], strict=True) if a != b]
        return _wrong(name, key, f"the row is not what the entries give: {', '.join(names)} differ")

    async def _aggregates(self, connection: views.Connection, replay: Replay) -> Fault | None:
        kept = Counter(_told(FINDING_COLUMNS, row) for row in await views.rows_between(connection, AGGREGATE_TABLE, "", None))
        # A refusal since the views were made can close a gap that they still tell: either answer is right.
        certain, possible = [
            Counter(_told(FINDING_COLUMNS, row) for row in await replay.aggregates(refusals=counted)) for counted in (True, False)
        ]
        lacking, extra = (certain & possible) - kept, kept - (certain | possible)
        for rows, what in ((lacking, "a finding is missing that the entries give"), (extra, "a finding is there that no entry gives")):
            if rows:
                return _wrong(AGGREGATE_TABLE, str(min(str(row[0]) for row in rows)), what)
        return None


def _wrong(name: str, key: str, what: str) -> Fault:
    return Fault(where=f"view.{name}", what=f"{key}: {what}; run 'ledger rebuild {name}' when it is known how that came")


def _told(columns: Sequence[Column], row: Sequence[SqlValue]) -> Told:
    """A row as it can be compared: JSON by its content, lists as tuples."""
    return tuple(_value(column, value) for column, value in zip(columns, row, strict=True))


def _value(column: Column, value: SqlValue) -> object:
    if isinstance(value, str) and column.sql_type == "jsonb":
        return msgspec.json.encode(msgspec.json.decode(value), order="deterministic")
    return tuple(value) if isinstance(value, (list, tuple)) else value
