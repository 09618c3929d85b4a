"""``ledger replay``: every view and any indicator recomputed from the entries alone.

It reads the log's tables and nothing that a projection wrote, stream by stream, with the same folds as the runner: so
its rows can be laid beside those of the running ledger. Its memory does not grow with the ledger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

import msgspec

from cli.databases import beside
from cli.indicators import show_figure
from cli.moments import read_as_of, read_known_at
from cli.output import answer, answer_json, progress, say
from cli.recording import recorded
from ledger.access import ReadKind
from ledger.aggregate import FINDING_COLUMNS
from ledger.cohort import Cohort, read_cohort
from ledger.errors import UsageError
from ledger.figure import Figure, figure
from ledger.projection import Column, SqlValue, projections
from ledger.verdict import Position
from streams.aggregating import AGGREGATE_TABLE
from streams.clock import today
from streams.durable import appearing
from streams.factbooks import past_factbook
from streams.figures import declared
from streams.folder import DataFolder
from streams.postgres.store import Store
from streams.replaying import Record, Replay, view_names
from streams.settings import Settings, load
from streams.subjects import Surroundings
from streams.wiring import reading

Value = SqlValue | msgspec.Raw


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay wrote."""

    position: int
    as_of: date
    known_at: int
    streams: int
    rows: int
    views: Mapping[str, int]
    unreadable: Sequence[str]
    """Streams that hold an entry that cannot be opened; they have no rows."""


def replay(
    out: Path, *, as_of: str | None, known_at: str | None, views: Sequence[str], purpose: str | None, data: Path, as_json: bool
) -> None:
    """Write the rows of the chosen views (all when none is named) and print how many. They are of persons: it is recorded.

    :raises UsageError: a view is unknown, a moment cannot be read, or there is no ledger in the data folder.
    :raises LedgerError: the file cannot be written, or the database is away.
    """
    chosen = _chosen(views)
    day, known = read_as_of(as_of), read_known_at(known_at)
    settings = load(data=data)
    with written(out, private=True) as file, beside(settings) as (dsn, folder):
        replayed = asyncio.run(_replay(settings, dsn, folder, chosen, day, known, file, purpose))
    for stream in replayed.unreadable:
        say(f"ledger: {stream} cannot be opened and has no rows")
    if as_json:
        answer_json(msgspec.json.encode(replayed))
        return
    answer(f"{replayed.rows} rows of {len(replayed.views)} views from {replayed.streams} streams in {out}")
    answer(f"as of {replayed.as_of}, as known at position {replayed.known_at}; the log stands at {replayed.position}")


def replay_indicator(
    id: str,
    *,
    by: Sequence[str],
    cohort: str | None,
    as_of: str | None,
    known_at: str | None,
    out: Path | None,
    data: Path,
    as_json: bool,
) -> None:
    """Recompute an indicator from the entries alone and print it, or write it to ``out`` as JSON.

    :raises UsageError: there is no such indicator, or it cannot be split or cut as asked.
    """
    declared(id)
    day, known = read_as_of(as_of), read_known_at(known_at)
    period = read_cohort(cohort) if cohort is not None else None
    settings = load(data=data)
    with beside(settings) as (dsn, folder):
        found = asyncio.run(_figure(settings, dsn, folder, id, [name for part in by for name in part.split(",")], period, day, known))
    if out is not None:
        with written(out, private=False) as file:
            file.write(msgspec.json.encode(found) + b"\n")
    elif as_json:
        answer_json(msgspec.json.encode(found))
    else:
        show_figure(msgspec.json.encode(found), declared(id).title)


async def known_position(store: Store, known_at: int | datetime | None) -> Position:
    """The position that a moment or a position stands for, the head at the most."""
    head = (await store.head()).position
    known = head if known_at is None else known_at if isinstance(known_at, int) else await store.position_at(known_at)
    return Position(min(known, head))


async def _figure(
    settings: Settings,
    dsn: str,
    folder: DataFolder,
    id: str,
    by: Sequence[str],
    cohort: Cohort | None,
    as_of: date | None,
    known_at: int | datetime | None,
) -> Figure:
    async with reading(settings, dsn, folder) as parts:
        known = await known_position(parts.store, known_at)
        chosen = declared(id)
        with progress("Replaying", None) as meter:
            facts = await past_factbook(
                parts.store, as_of=as_of or today(parts.clock), known_at=known, names=chosen.needs, watch=lambda n, of: meter.at(n, of)
            )
        return figure(chosen, facts, by=by, cohort=cohort)


async def _replay(
    settings: Settings,
    dsn: str,
    folder: DataFolder,
    chosen: frozenset[str],
    as_of: date | None,
    known_at: int | datetime | None,
    file: IO[bytes],
    purpose: str | None,
) -> Replayed:
    async with reading(settings, dsn, folder) as parts:
        await recorded(parts, ReadKind.EXPORT, purpose, asked="replay")
        store = parts.store
        position = (await store.head()).position
        known = await known_position(store, known_at)
        surroundings = Surroundings(store)
        await surroundings.extend(position)
        run = Replay(store, surroundings, as_of=as_of or today(parts.clock), known_at=known, names=sorted(chosen - {AGGREGATE_TABLE}))
        counts = dict.fromkeys(sorted(chosen), 0)
        unreadable: list[str] = []
        streams = 0
        with progress("Replaying", None) as meter:
            async for page in run.pages(watch=lambda n, of: meter.at(n, of)):
                streams += len(page.loaded.subjects)
                unreadable += page.loaded.broken
                for name in run.names:
                    counts[name] += _write(file, name, projections()[name].columns, page.rows(name))
        if AGGREGATE_TABLE in chosen:
            counts[AGGREGATE_TABLE] += _write(file, AGGREGATE_TABLE, FINDING_COLUMNS, await run.aggregates())
        return Replayed(
            position=position,
            as_of=run.as_of,
            known_at=known,
            streams=streams,
            rows=sum(counts.values()),
            views=counts,
            unreadable=unreadable,
        )


def _write(file: IO[bytes], view: str, columns: Sequence[Column], records: Sequence[Record]) -> int:
    names = [column.name for column in columns]
    json_columns = {at for at, column in enumerate(columns) if column.sql_type == "jsonb"}
    for record in records:
        row: dict[str, Value] = {"view": view}
        for at, (name, value) in enumerate(zip(names, record, strict=True)):
            row[name] = msgspec.Raw(value.encode()) if at in json_columns and isinstance(value, str) else value
        file.write(msgspec.json.encode(row) + b"\n")
    return len(records)


def _chosen(views: Sequence[str]) -> frozenset[str]:
    known = view_names()
    unknown = [name for name in views if name not in known]
    if unknown:
        raise UsageError(f"--view {unknown[0]}: no such view; views are {', '.join(known)}")
    return frozenset(views or known)


@contextmanager
def written(out: Path, *, private: bool) -> Iterator[IO[bytes]]:
    """The file, which appears under its name only when it is whole; ``private``: for its owner alone.

    :raises LedgerError: it cannot be written.
    """
    with appearing(out, private=private) as draft, draft.open("wb") as file:
        yield file
