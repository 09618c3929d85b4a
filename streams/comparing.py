"""Comparing: what the ledger says at two positions, which rows and figures differ, and through which entries.

Both cuts are recomputed from the log alone as of one date, so that every difference is due to what was admitted in between. A key
that nothing in between can touch is folded once and counts for both.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date

import polars as pl

from ledger.catalogue import StreamKind
from ledger.factbook import Factbook, frame_of
from ledger.figure import Figure, Row, figure
from ledger.indicator import Indicator
from ledger.projection import SqlValue, projections
from ledger.stream import kind_of
from ledger.verdict import StreamId
from streams.differences import Compared, FigureChange, RowChange, Tally, Through
from streams.factbooks import assembled, needed
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.replaying import PAGE, Record, Replay
from streams.subjects import Surroundings, Watch, all_keys, is_shared

THROUGH = 20
"""Entries that are named behind one difference at the most, the newest of them."""
_NORMS = "beleid/norm/"
_CLOSED = frozenset({StreamKind.PERSON, StreamKind.SIGNAL})


class _Between:
    """The entries in between, as far as a difference may name them."""

    def __init__(self) -> None:
        self.types: Counter[str] = Counter()
        self.streams: dict[StreamId, tuple[Counter[str], list[Through]]] = {}

    def add(self, position: int, stream: StreamId, full_type: str) -> None:
        name = full_type.removeprefix("be.inburgering.").rpartition(".v")[0]
        self.types[name] += 1
        counted, newest = self.streams.setdefault(stream, (Counter(), []))
        counted[name] += 1
        newest.append(Through(position=position, type=name, stream=stream))
        del newest[:-THROUGH]

    def through(self, streams: Iterable[StreamId]) -> list[Through]:
        found = [one for stream in streams if stream in self.streams for one in self.streams[stream][1]]
        return sorted(found, key=lambda one: one.position)[-THROUGH:]


class Comparison:
    """One comparison of two positions. Use :func:`compare`."""

    def __init__(
        self, store: Store, surroundings: Surroundings, first: int, last: int, as_of: date, frames: frozenset[str], *, opened: bool
    ) -> None:
        self._opened = opened
        self._store = store
        self._surroundings = surroundings
        self._cuts = [Replay(store, surroundings, as_of=as_of, known_at=known) for known in (first, last)]
        self._between = _Between()
        self._frames: tuple[dict[str, list[pl.DataFrame]], ...] = tuple(
            {name: [frame_of(projections()[name], ())] for name in frames} for _ in self._cuts
        )
        self._counts: dict[str, Counter[str]] = {}
        self._changes: list[RowChange] = []
        self._touching: dict[str, set[StreamId]] = {}
        """By view: the streams in between that stand behind a row that differs."""
        self._unreadable: list[StreamId] = []

    async def run(self, rows: int, chosen: Sequence[Indicator], by: Sequence[str], watch: Watch | None) -> Compared:
        """Fold both cuts and lay them side by side."""
        first, last = self._cuts
        await self._read_between()
        shared = {stream for stream in self._between.streams if is_shared(stream)}
        everything = any(stream.startswith(_NORMS) for stream in shared)
        touched = {other for stream in self._between.streams for other in self._surroundings.links.related(stream)}
        async for keys in self._streams(watch):
            page = await last.page([key for key in keys if self._is_key(key, last)])
            depends: dict[StreamId, set[StreamId]] = {}
            for key, stream in page.folded.dependencies:
                depends.setdefault(StreamId(key), set()).add(StreamId(stream))
            moved = {key for key in keys if everything or key in touched or not shared.isdisjoint(depends.get(key, ()))}
            before = await first.page([key for key in keys if key in moved and self._is_key(key, first)])
            self._unreadable += page.loaded.broken
            for name in last.names:
                self._lay(name, before.rows(name), page.rows(name), moved, depends, rows)
        figures = await self._figures(chosen, by) if chosen else []
        return Compared(
            first=first.known_at,
            last=last.known_at,
            as_of=last.as_of,
            entries=dict(sorted(self._between.types.items())),
            views={name: Tally(**counted) for name, counted in sorted(self._counts.items())},
            changes=self._changes,
            figures=figures,
            unreadable=self._unreadable,
        )

    def _is_key(self, stream: StreamId, cut: Replay) -> bool:
        return not stream.startswith("persoon/") or self._surroundings.links.root_of(stream, cut.known_at) == stream

    async def _read_between(self) -> None:
        after, last = self._cuts[0].known_at, self._cuts[1].known_at
        while after < last:
            with plainly():
                found = await self._store.pool.fetch(sql("runner_envelopes"), after, last, PAGE)
            if not found:
                return
            for one in found:
                self._between.add(one["position"], StreamId(one["stream"]), one["type"])
            after = found[-1]["position"]

    async def _streams(self, watch: Watch | None) -> AsyncIterator[list[StreamId]]:
        """Every stream that is a key at one of the cuts: a person may have been merged in between."""
        known = [cut.known_at for cut in self._cuts]
        links = self._surroundings.links
        async for keys in all_keys(self._store, self._surroundings, known[1], watch):
            merged = {other for key in keys for other in links.related(key) if other != key and links.root_of(other, known[0]) == other}
            yield sorted({*keys, *(other for other in merged if links.root_of(other, known[1]) != other)})

    def _lay(
        self,
        name: str,
        before: Sequence[Record],
        after: Sequence[Record],
        moved: set[StreamId],
        depends: Mapping[StreamId, set[StreamId]],
        most: int,
    ) -> None:
        still = [row for row in after if row[0] not in moved]
        if name in self._frames[0]:
            declared = projections()[name]
            self._frames[0][name].append(frame_of(declared, [*before, *still]))
            self._frames[1][name].append(frame_of(declared, after))
        columns = [column.name for column in projections()[name].columns]
        for key, old, new in _pairs(before, [row for row in after if row[0] in moved]):
            kind = "added" if old is None else "removed" if new is None else "changed"
            self._counts.setdefault(name, Counter())[kind] += 1
            behind = {*self._surroundings.links.related(key), *depends.get(key, ())} & self._between.streams.keys()
            self._touching.setdefault(name, set()).update(behind)
            if len(self._changes) < most:
                before_, after_ = _told(columns, old, new), _told(columns, new, old)
                told = self._opened or kind_of(key) not in _CLOSED
                self._changes.append(
                    RowChange(
                        view=name,
                        key=key,
                        kind=kind,
                        columns=list(after_ if after_ is not None else before_ or ()),
                        before=before_ if told else None,
                        after=after_ if told else None,
                        through=self._between.through(behind),
                    )
                )

    async def _figures(self, chosen: Sequence[Indicator], by: Sequence[str]) -> list[FigureChange]:
        books: list[Factbook] = []
        for cut, frames in zip(self._cuts, self._frames, strict=True):
            whole = {name: pl.concat(parts) for name, parts in frames.items()}
            books.append(
                await assembled(self._store, whole, known_at=cut.known_at, surroundings=self._surroundings, reference=cut.reference)
            )
        found: list[FigureChange] = []
        for declared in chosen:
            split = [name for name in by if name in declared.splits]
            cells = await asyncio.to_thread(_differing, declared, books, split)
            if not cells:
                continue
            streams = {stream for name in declared.needs for stream in self._touching.get(name, ())}
            if not set(declared.needs) <= projections().keys():
                # It reads the feeds themselves: every entry in between is of one.
                streams = set(self._between.streams)
            types: Counter[str] = Counter()
            for stream in streams:
                types.update(self._between.streams[stream][0])
            found.append(FigureChange(id=declared.id, cells=cells, types=dict(types.most_common()), through=self._between.through(streams)))
        return found


async def compare(
    store: Store,
    *,
    first: int,
    last: int,
    as_of: date,
    indicators: Sequence[Indicator] = (),
    by: Sequence[str] = (),
    rows: int = 100,
    opened: bool = False,
    watch: Watch | None = None,
) -> Compared:
    """What differs between what was known at ``first`` and at ``last``; ``rows`` are the changed rows that are told one by one.

    ``opened`` tells what rows of persons say; whoever asks for that has it recorded first.

    :raises StoreUnavailable: the database is away.
    """
    surroundings = Surroundings(store)
    await surroundings.extend((await store.head()).position)
    frames = frozenset(needed()) if indicators else frozenset()
    return await Comparison(store, surroundings, first, last, as_of, frames, opened=opened).run(rows, indicators, by, watch)


def _pairs(before: Sequence[Record], after: Sequence[Record]) -> list[tuple[StreamId, Record | None, Record | None]]:
    """The rows that differ, key by key; a row that went and one that came are one change when half of what they say is the same."""
    gone, came = Counter(before), Counter(after)
    gone, came = gone - came, came - gone
    waiting: dict[StreamId, list[Record]] = {}
    for row in came.elements():
        waiting.setdefault(StreamId(str(row[0])), []).append(row)
    found: list[tuple[StreamId, Record | None, Record | None]] = []
    for row in gone.elements():
        key = StreamId(str(row[0]))
        rivals = waiting.get(key, [])
        best = max(rivals, key=lambda rival: _alike(row, rival), default=None)
        if best is not None and 2 * _alike(row, best) >= len(row):
            rivals.remove(best)
            found.append((key, row, best))
        else:
            found.append((key, row, None))
    found += [(key, None, row) for key, rows in waiting.items() for row in rows]
    return sorted(found, key=lambda pair: pair[0])


def _alike(one: Record, other: Record) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def _told(columns: Sequence[str], row: Record | None, other: Record | None) -> dict[str, SqlValue] | None:
    if row is None:
        return None
    return {name: value for at, (name, value) in enumerate(zip(columns, row, strict=True)) if other is None or other[at] != value}


def _differing(declared: Indicator, books: Sequence[Factbook], by: Sequence[str]) -> list[tuple[Row | None, Row | None]]:
    return _cells(*(figure(declared, book, by=by) for book in books))


def _cells(before: Figure, after: Figure) -> list[tuple[Row | None, Row | None]]:
    olds = {tuple(sorted(row.strata.items())): row for row in (before.total, *before.rows)}
    news = {tuple(sorted(row.strata.items())): row for row in (after.total, *after.rows)}
    return [(olds.get(at), news.get(at)) for at in dict.fromkeys([*olds, *news]) if olds.get(at) != news.get(at)]
