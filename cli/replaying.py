"""``ledger replay``: every view recomputed from the entries alone.

It reads the log's tables and nothing that a projection wrote, stream by stream, with the same folds as the runner: so
its rows can be laid beside those of the running ledger. Its memory does not grow with the ledger.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

import msgspec

from cli.databases import beside
from cli.moments import read_as_of, read_known_at
from cli.output import Meter, answer, answer_json, progress, say
from ledger.errors import LedgerError, UsageError
from ledger.projection import Projection, SqlValue, projections, projections_of
from ledger.verdict import StreamId
from streams.clock import today
from streams.folder import DataFolder
from streams.postgres.store import Store
from streams.settings import Settings, load
from streams.subjects import Surroundings
from streams.subjects import load as load_subjects
from streams.wiring import reading

PAGE = 5_000
KEYS = 500
"""Streams that are read and folded at once."""

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


def replay(out: Path, *, as_of: str | None, known_at: str | None, views: Sequence[str], data: Path, as_json: bool) -> None:
    """Write the rows of the chosen views (all when none is named) and print how many.

    :raises UsageError: a view is unknown, a moment cannot be read, or there is no ledger in the data folder.
    :raises LedgerError: the file cannot be written, or the database is away.
    """
    chosen = _chosen(views)
    day, known = read_as_of(as_of), read_known_at(known_at)
    settings = load(data=data)
    with _written(out) as file, beside(settings) as (dsn, folder):
        replayed = asyncio.run(_replay(settings, dsn, folder, chosen, day, known, file))
    for stream in replayed.unreadable:
        say(f"ledger: {stream} cannot be opened and has no rows")
    if as_json:
        answer_json(msgspec.json.encode(replayed))
        return
    answer(f"{replayed.rows} rows of {len(replayed.views)} views from {replayed.streams} streams in {out}")
    answer(f"as of {replayed.as_of}, as known at position {replayed.known_at}; the log stands at {replayed.position}")


async def _replay(
    settings: Settings,
    dsn: str,
    folder: DataFolder,
    chosen: frozenset[str],
    as_of: date | None,
    known_at: int | datetime | None,
    file: IO[bytes],
) -> Replayed:
    async with reading(settings, dsn, folder) as parts:
        store = parts.store
        position = (await store.head()).position
        known = int(await store.position_at(known_at)) if isinstance(known_at, datetime) else position if known_at is None else known_at
        known = min(known, position)
        surroundings = Surroundings(store)
        await surroundings.extend(position)
        day = as_of or today(parts.clock)
        reference = surroundings.reference_at(day, known)
        counts = dict.fromkeys(sorted(chosen), 0)
        unreadable: list[str] = []
        streams = 0
        with progress("Replaying", await _count(store)) as meter:
            async for page in _roots(store, surroundings, known, meter):
                loaded = await load_subjects(store, surroundings, page, reference=reference, known_at=known)
                streams += len(loaded.subjects)
                unreadable += loaded.broken
                for subject in loaded.subjects:
                    for projection in projections_of(subject.kind):
                        if projection.name in chosen:
                            counts[projection.name] += _write(file, projection, projection.records(subject))
        return Replayed(
            position=position, as_of=day, known_at=known, streams=streams, rows=sum(counts.values()), views=counts, unreadable=unreadable
        )


async def _count(store: Store) -> int:
    return sum([len(page) async for page in _pages(store)])


async def _pages(store: Store) -> AsyncIterator[list[StreamId]]:
    after = ""
    while page := await store.streams(after=after, limit=PAGE):
        yield page
        after = page[-1]


async def _roots(store: Store, surroundings: Surroundings, known_at: int, meter: Meter) -> AsyncIterator[list[StreamId]]:
    """The streams that rows stand under, some hundreds at a time: a person merged into another has none of its own."""
    done = 0
    async for page in _pages(store):
        roots = [s for s in page if not s.startswith("persoon/") or surroundings.links.root_of(s, known_at) == s]
        for at in range(0, len(roots), KEYS):
            meter.at(done + at)
            yield roots[at : at + KEYS]
        done += len(page)


def _write(file: IO[bytes], projection: Projection, records: Sequence[Sequence[SqlValue]]) -> int:
    names = [column.name for column in projection.columns]
    json_columns = set(projection.json_columns)
    for record in records:
        row: dict[str, Value] = {"view": projection.name}
        for at, (name, value) in enumerate(zip(names, record, strict=True)):
            row[name] = msgspec.Raw(value.encode()) if at in json_columns and isinstance(value, str) else value
        file.write(msgspec.json.encode(row) + b"\n")
    return len(records)


def _chosen(views: Sequence[str]) -> frozenset[str]:
    known = projections()
    unknown = [name for name in views if name not in known]
    if unknown:
        raise UsageError(f"--view {unknown[0]}: no such view; views are {', '.join(known)}")
    return frozenset(views or known)


@contextmanager
def _written(out: Path) -> Iterator[IO[bytes]]:
    """The file, which appears under its name only when it is whole."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(out)
    except OSError as error:
        raise LedgerError(f"{out} cannot be written: {error.strerror}; name another place with --out") from error
    finally:
        draft.unlink(missing_ok=True)
