"""Factbooks from the store: live from the views, or recomputed from the log for any as-of date and position.

Both go through the same projections, so that a figure does not depend on where its facts came from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

import asyncpg
import msgspec
import polars as pl

from ledger.aggregate import FeedTotal, TallySum, aggregate_findings
from ledger.factbook import Factbook, frame_of, schema_of
from ledger.finding import ROLE_SMELL
from ledger.indicator import indicators
from ledger.projection import Projection, SqlValue, projections, projections_of
from ledger.quality import SourceState
from ledger.reference import Reference
from streams.aggregating import past_sources
from streams.postgres import views
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.subjects import Surroundings, Watch, all_keys, load

KEYS = 250
"""Keys that are folded at once: what bounds memory, and how long the event loop waits."""
PAGE = 20_000
_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
_PATTERNS = "role_patterns"
_AGGREGATED = ("tallies", "feeds", "editions")
"""What findings over many histories are made of."""

_POLICY = ("clauses", "norms", "authorities", "evaluations")
"""What pilots and agreements are judged by."""


def needed() -> tuple[str, ...]:
    """Every view that an indicator or an evaluation reads."""
    wanted = {name for declared in indicators().values() for name in declared.needs} | set(_AGGREGATED) | set(_POLICY)
    return tuple(name for name in projections() if name in wanted)


async def with_rest(connection: views.Connection, frames: Mapping[str, pl.DataFrame], *, as_of: date | None, position: int) -> Factbook:
    """The factbook of frames that were read from the views, with what else figures need, from the same snapshot."""
    states = await _sources(connection)
    patterns = await _aggregate_patterns(connection)
    refusals = await _refusals(connection, _END_OF_TIME)
    erased = await connection.fetchval(sql("reading_erasures"))
    told = dict(frames)
    if _PATTERNS in told:
        told[_PATTERNS] = _with_patterns(told, patterns)
    return Factbook(told, as_of=as_of or date.min, position=position, erased=erased, sources=states, refusals=refusals)


async def read_view(connection: views.Connection, projection: Projection, table: str | None) -> pl.DataFrame:
    """All rows of the live table of a projection; none before there is one."""
    if table is None:
        return frame_of(projection, ())
    text = await views.as_csv(connection, projection, table)
    return await asyncio.to_thread(parsed, text, projection)


def parsed(text: bytes, projection: Projection) -> pl.DataFrame:
    """Rows of a view that were read as CSV."""
    wanted = schema_of(projection.columns)
    plain = {name: pl.String if isinstance(kind, pl.List) else pl.Int64 if kind == pl.Boolean else kind for name, kind in wanted.items()}
    read = pl.read_csv(text, schema=plain, null_values=views.NULL, empty_string_is_null=False)
    lists = [name for name, kind in wanted.items() if isinstance(kind, pl.List)]
    split = [
        pl.when(pl.col(name) == "").then(pl.lit([], dtype=pl.List(pl.String))).otherwise(pl.col(name).str.split("|")).alias(name)
        for name in lists
    ]
    return read.with_columns(split).cast({name: kind for name, kind in wanted.items() if kind == pl.Boolean or name in lists})


async def _sources(connection: views.Connection) -> list[SourceState]:
    rows = await connection.fetch(sql("reading_sources"))
    return [msgspec.json.decode(row["state"], type=SourceState) for row in rows]


async def _aggregate_patterns(connection: views.Connection) -> list[tuple[str, str, date]]:
    try:
        async with connection.transaction():
            rows = await connection.fetch(sql("reading_role_patterns"))
    except asyncpg.UndefinedTableError:
        return []
    return [(row["key"], row["rule"] or "", row["since"]) for row in rows]


async def _refusals(connection: views.Connection, upto: datetime) -> dict[tuple[str, date], int]:
    rows = await connection.fetch(sql("reading_role_refusals"), upto)
    return {(row["source"], row["month"]): row["n"] for row in rows}


def _with_patterns(frames: Mapping[str, pl.DataFrame], found: Sequence[tuple[str, str, date]]) -> pl.DataFrame:
    """Patterns of single histories with those over many, each on the organisation that it is about."""
    organisers = dict(frames["editions"].select("key", "organiser").iter_rows()) if "editions" in frames else {}
    rows = [
        (key, rule, key.partition("/")[2] if key.startswith("bron/") else organisers.get(key, key), since) for key, rule, since in found
    ]
    return pl.concat([frames[_PATTERNS], frame_of(projections()[_PATTERNS], rows)])


async def past_factbook(
    store: Store, *, as_of: date, known_at: int, names: Iterable[str] | None = None, watch: Watch | None = None
) -> Factbook:
    """Everything that indicators need, from the log alone, as of a date and as known at a position.

    ``names`` are the views that are wanted, those of every indicator by default: with fewer it takes less memory.

    :raises StoreUnavailable: the database is away.
    """
    position = (await store.head()).position
    known = min(known_at, position)
    surroundings = Surroundings(store)
    await surroundings.extend(position)
    reference = surroundings.reference_at(as_of, known)
    wanted = frozenset(needed() if names is None else {*names, _PATTERNS, *_AGGREGATED} & projections().keys())
    chunks: dict[str, list[pl.DataFrame]] = {name: [frame_of(projections()[name], ())] for name in wanted}
    async for keys in all_keys(store, surroundings, known, watch, at_once=KEYS):
        loaded = await load(store, surroundings, keys, reference=reference, known_at=known)
        records: dict[str, list[tuple[SqlValue, ...]]] = {}
        for subject in loaded.subjects:
            for projection in projections_of(subject.kind):
                if projection.name in wanted:
                    records.setdefault(projection.name, []).extend(projection.records(subject))
        for name, rows in records.items():
            chunks[name].append(frame_of(projections()[name], rows))
        await asyncio.sleep(0)
    frames = {name: pl.concat(parts) for name, parts in chunks.items()}
    return await assembled(store, frames, known_at=known, surroundings=surroundings, reference=reference)


async def assembled(
    store: Store, frames: dict[str, pl.DataFrame], *, known_at: int, surroundings: Surroundings, reference: Reference
) -> Factbook:
    """The factbook of rows that were recomputed at a cut: those of :func:`needed`, or of fewer views and what patterns are made of."""
    as_of = reference.as_of
    states = await past_sources(store, known_at, surroundings.parameters)
    frames[_PATTERNS] = _with_patterns(frames, _patterns(frames, states, reference, as_of, surroundings))
    with plainly():
        async with store.pool.acquire() as connection:
            stamp = await connection.fetchval(sql("admitted_at"), known_at) if 0 < known_at < surroundings.position else _END_OF_TIME
            refusals = await _refusals(connection, stamp) if known_at else {}
            erased = await connection.fetchval(sql("reading_erasures"))
    return Factbook(frames, as_of=as_of, position=known_at, erased=erased, sources=states, refusals=refusals)


def _patterns(
    frames: Mapping[str, pl.DataFrame], states: Sequence[SourceState], reference: Reference, as_of: date, surroundings: Surroundings
) -> list[tuple[str, str, date]]:
    summed = frames["tallies"].group_by("tally", "stream", "day").agg(pl.col("n").sum(), pl.col("until").max())
    feeds = frames["feeds"].select("source", "period", "type", "n", "last_sequence", "position", "day")
    found = aggregate_findings(
        [TallySum(*row) for row in summed.iter_rows()],
        [FeedTotal(*row) for row in feeds.iter_rows()],
        states,
        reference=reference,
        as_of=as_of,
        parameters=surroundings.parameters,
    )
    return [(one.stream, one.finding.rule or "", one.finding.since) for one in found if one.finding.code == ROLE_SMELL]
