"""The facts of the views, kept in memory and brought up to date with what changed: a page that follows the ledger reads little.

A pass of the runner replaces all rows of the keys that it folds, so the rows that were written since the last reading name
the keys that changed (PostgreSQL's ``xmin``). What is kept of those keys is replaced, and the number of rows is compared with
that of the table: when it differs, as after an erasure or a rebuild, the table is read whole.

Tables are read by the names that they have in the snapshot, in one order: the view of a projection that is swapped meanwhile would
point at a table whose rows the snapshot does not see.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import asyncpg
import polars as pl

from ledger.errors import StoreUnavailable
from ledger.factbook import Factbook
from ledger.projection import Projection, projections
from streams import factbooks
from streams.postgres import views
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store

MOST_KEYS = 5_000
"""With more changed keys than this everything is read again."""
TRIES = 5
"""How often reading begins anew because a table was swapped away under it."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What was read, and when: rows written by a transaction from ``since`` on are newer."""

    frames: Mapping[str, pl.DataFrame]
    tables: Mapping[str, str]
    since: str
    factbook: Factbook


class LiveFacts:
    """The live factbook of one store. One task uses it at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: _Held | None = None

    async def now(self, names: Iterable[str]) -> Factbook:
        """The views as they stand, all of them at one position.

        :raises StoreUnavailable: the database is away, or a view is still that of another version.
        """
        wanted = list(names)
        for _ in range(TRIES):
            try:
                with plainly():
                    async with self._store.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
                        return await self._read(connection, wanted)
            except asyncpg.UndefinedTableError:
                continue
            except asyncpg.UndefinedColumnError:
                break
        raise StoreUnavailable("the views are being rebuilt for this version of the ledger; try again shortly")

    async def _read(self, connection: views.Connection, names: Iterable[str]) -> Factbook:
        runner = await connection.fetchrow(sql("reading_runner"))
        position, as_of = (runner["position"], runner["as_of"]) if runner is not None else (0, date.min)
        held = self._held
        wanted = {*(held.frames if held else ()), *names}
        tables = {table.name: table.table for table in await views.tables(connection) if table.live}
        same = held is not None and (held.factbook.position, held.factbook.as_of) == (position, as_of or date.min)
        # One that was rebuilt says the same, unless somebody had put a hand on it before.
        same = same and all(held.tables.get(name) == tables.get(name) for name in held.frames)  # type: ignore[union-attr]
        if held is not None and same and len(wanted) == len(held.frames):
            return held.factbook
        since = await connection.fetchval(sql("live_snapshot"))
        chosen = [projection for name, projection in projections().items() if name in wanted]
        frames = dict(held.frames) if held is not None and same else await self._renewed(connection, chosen, tables)
        for projection in chosen:
            if projection.name not in frames:
                frames[projection.name] = await factbooks.read_view(connection, projection, tables.get(projection.name))
        made = await factbooks.with_rest(connection, frames, as_of=as_of, position=position)
        self._held = _Held(frames, tables, since, made)
        return made

    async def _renewed(self, connection: views.Connection, chosen: list[Projection], tables: Mapping[str, str]) -> dict[str, pl.DataFrame]:
        """The kept frames with what changed since; without those that have to be read whole."""
        held = self._held
        if held is None:
            return {}
        counts: dict[str, int] = {}
        keys: set[str] = set()
        for projection in chosen:
            table = tables.get(projection.name)
            if table is None or table != held.tables.get(projection.name) or projection.name not in held.frames:
                continue
            row = await connection.fetchrow(sql("live_changed").replace("view.changed", f"{views.SCHEMA}.{table}"), held.since)
            assert row is not None
            counts[projection.name] = row["n"]
            keys.update(row["keys"] or ())
            if len(keys) > MOST_KEYS:
                return {}
        renewed: dict[str, pl.DataFrame] = {}
        for projection in chosen:
            if projection.name not in counts:
                continue
            kept = held.frames[projection.name]
            if keys:
                text = await views.as_csv(connection, projection, tables[projection.name], keys=sorted(keys))
                fresh = await asyncio.to_thread(factbooks.parsed, text, projection)
                kept = pl.concat([kept.filter(~pl.col("key").is_in(list(keys))), fresh])
            if kept.height == counts[projection.name]:
                renewed[projection.name] = kept
        return renewed
