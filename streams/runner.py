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
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from ledger.aggregate import FINDING_COLUMNS, FeedTotal, TallySum, aggregate_findings, stream_finding_record
from ledger.projection import projections
from ledger.quality import SourceState, merge, observe, received
from ledger.time import local_date
from ledger.verdict import StreamId
from streams.clock import Clock
from streams.folding import fold
from streams.postgres import views
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.subjects import Loaded, Surroundings, is_shared, load

log = logging.getLogger("ledger.runner")

FOLDING_VERSION = 1
"""Raised when folding itself changes for every projection (history, merges, clocks): all views are then rebuilt."""
PASS_ENTRIES = 200_000
"""Entries that one pass takes in at the most: what bounds a transaction."""
PAGE = 20_000
KEYS = 1_000
"""Keys that are folded at once: what bounds memory."""

AGGREGATE_TABLE = "aggregate_finding"


class Standing(msgspec.Struct, frozen=True):
    """Where the live views stand."""

    position: int
    as_of: date | None


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What a pass looks at before it opens anything."""

    position: int
    stream: StreamId
    type: str
    source: str
    sequence: int
    time: datetime
    recorded_at: datetime
    admitted_at: datetime


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
        self._sandbox = sandbox
        """In a sandbox today is the day of the last entry."""
        self._surroundings = surroundings
        self.turn = asyncio.Lock()
        """Held by a pass and by a swap: the one waits for the other."""
        self.touched: set[StreamId] | None = None
        """While a rebuild is under way: the keys that passes folded meanwhile."""

    async def standing(self) -> Standing:
        """The position of the live views."""
        row = await self._store.pool.fetchrow(sql("runner_head"))
        assert row is not None
        return Standing(row["position"], row["as_of"])

    async def today(self, position: int) -> date | None:
        """The as-of date of the views at a position; None while the ledger is empty."""
        if not self._sandbox:
            return local_date(self._wall.now())
        admitted_at = await self._store.pool.fetchval(sql("runner_admitted_at"), position)
        return local_date(admitted_at) if admitted_at is not None else None

    async def advance(self, tables: Mapping[str, str], *, limit: int = PASS_ENTRIES) -> Standing | None:
        """One pass. The new standing, or None when there was nothing to do."""
        async with self.turn:
            return await self._advance(tables, limit)

    async def _advance(self, tables: Mapping[str, str], limit: int) -> Standing | None:
        standing = await self.standing()
        head = (await self._store.head()).position
        upto = min(head, standing.position + limit)
        as_of = await self.today(upto)
        if as_of is None or (upto == standing.position and as_of == standing.as_of and not await self._retries()):
            return None
        await self._surroundings.extend(upto)
        changed = await self._changed(standing.position, upto)
        began = time.monotonic()
        async with self._store.pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(sql("runner_lock"))
            if row is None or row["position"] != standing.position:
                return None
            keys, gone = await self._affected(connection, changed, as_of)
            await self._fold(connection, tables, keys, gone, as_of, upto)
            await self._save_sources(connection, changed.sources)
            if upto == head:
                await self._aggregate(connection, tables, as_of, upto)
            await connection.execute(sql("runner_advance"), upto, as_of, FOLDING_VERSION)
            await connection.execute(sql("runner_projections_advance"), upto, as_of)
        if self.touched is not None:
            self.touched |= set(keys) | gone
        log.info("advanced", extra={"fields": {"position": upto, "keys": len(keys), "seconds": round(time.monotonic() - began, 3)}})
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
                changed.norms |= row.stream.startswith("beleid/norm/")
            for source, state in observe(rows, self._surroundings.parameters).items():
                held = changed.sources.get(source)
                changed.sources[source] = state if held is None else merge(held, state)
            await asyncio.sleep(0)
        return changed

    async def _affected(self, connection: views.Connection, changed: Changed, as_of: date) -> tuple[list[StreamId], set[StreamId]]:
        """The keys to fold, and the keys that no longer hold rows (absorbed persons)."""
        streams = set(changed.streams)
        streams.update(StreamId(row["key"]) for row in await connection.fetch(sql("runner_due"), as_of))
        streams.update(await self._retries())
        shared = sorted(stream for stream in changed.streams if is_shared(stream))
        if shared:
            rows = await connection.fetch(sql("runner_dependents"), shared)
            streams.update(StreamId(row["key"]) for row in rows)
        if changed.norms:
            streams.update([stream async for page in self.all_streams() for stream in page])
        links = self._surroundings.links
        related = {other for stream in streams if stream.startswith("persoon/") for other in links.related(stream)}
        everyone = streams | related
        keys = {self._surroundings.root(stream) for stream in everyone}
        return sorted(keys), {stream for stream in related if stream not in keys}

    async def all_streams(self) -> AsyncIterator[list[StreamId]]:
        """Every stream of the ledger, by page."""
        after = ""
        while page := await self._store.streams(after=after, limit=PAGE):
            after = page[-1]
            yield page

    async def _fold(
        self,
        connection: views.Connection,
        tables: Mapping[str, str],
        keys: Sequence[StreamId],
        gone: set[StreamId],
        as_of: date,
        upto: int,
    ) -> None:
        for at in range(0, len(keys), KEYS):
            chunk = keys[at : at + KEYS]
            reference = self._surroundings.reference(as_of)
            loaded = await load(
                self._store, self._surroundings, chunk, reference=reference, upto=upto, parameters=self._surroundings.parameters
            )
            await self._write(connection, tables, loaded)
        if gone:
            for name, table in tables.items():
                await views.replace(connection, projections()[name], table, sorted(gone), ())
            await connection.execute(sql("runner_forget_dependencies"), sorted(gone))
            await connection.execute(sql("runner_forget_due"), sorted(gone))

    async def _write(self, connection: views.Connection, tables: Mapping[str, str], loaded: Loaded) -> None:
        folded = await fold(loaded, tables)
        for name, (keys, records) in folded.rows.items():
            await views.replace(connection, projections()[name], tables[name], [*keys, *loaded.empty], records)
            await connection.execute(sql("runner_unstall"), name, sorted(keys))
        keys_here = sorted({s.key for s in loaded.subjects} | set(loaded.empty))
        await connection.execute(sql("runner_forget_dependencies"), keys_here)
        await connection.execute(sql("runner_forget_due"), keys_here)
        await connection.copy_records_to_table(
            "dependency", schema_name=views.SCHEMA, columns=["key", "stream"], records=folded.dependencies
        )
        await connection.copy_records_to_table("due", schema_name=views.SCHEMA, columns=["key", "day"], records=folded.due)
        if folded.stalls:
            now = self._wall.now()
            await connection.executemany(sql("runner_stall"), [(s.projection, s.stream, s.position, s.reason, now) for s in folded.stalls])

    async def _save_sources(self, connection: views.Connection, sources: dict[str, SourceState]) -> None:
        if not sources:
            return
        rows = await connection.fetch(sql("runner_sources"), sorted(sources))
        held = {row["source"]: msgspec.json.decode(row["state"], type=SourceState) for row in rows}
        merged = [merge(held[s], state) if s in held else state for s, state in sorted(sources.items())]
        await connection.executemany(sql("runner_save_source"), [(state.source, msgspec.json.encode(state).decode()) for state in merged])

    async def source_states(self, connection: views.Connection) -> list[SourceState]:
        """The quality state of every source; a refused submission did arrive, so its number is not missing."""
        rows = await connection.fetch(sql("runner_all_sources"))
        states = {row["source"]: msgspec.json.decode(row["state"], type=SourceState) for row in rows}
        arrivals: dict[str, list[tuple[int, object]]] = {}
        for row in await connection.fetch(sql("runner_refused_sequences")):
            arrivals.setdefault(row["source"], []).append((row["sequence"], row["received_at"]))
        for source, numbers in arrivals.items():
            refused = received(source, numbers)  # type: ignore[arg-type]
            states[source] = merge(states[source], refused) if source in states else refused
        return [states[source] for source in sorted(states)]

    async def _aggregate(self, connection: views.Connection, tables: Mapping[str, str], as_of: date, upto: int) -> None:
        """The findings that stand on no single history."""
        if "tallies" not in tables or "feeds" not in tables:
            return
        tallies = [TallySum(*row) for row in await connection.fetch(sql("runner_tallies"))]
        feeds = [FeedTotal(*row) for row in await connection.fetch(sql("runner_feeds"))]
        found = aggregate_findings(
            tallies,
            feeds,
            await self.source_states(connection),
            reference=self._surroundings.reference(as_of),
            as_of=as_of,
            parameters=self._surroundings.parameters,
        )
        await views.replace_all(connection, AGGREGATE_TABLE, FINDING_COLUMNS, [stream_finding_record(one) for one in found])
