"""Replaying: every view from the entries alone, at any cut, a few hundred keys at a time.

``ledger replay`` writes what comes out, ``ledger verify`` lays it beside the views, ``ledger compare`` lays two cuts side by side.
Nothing that a projection wrote is read, and memory does not grow with the ledger: only the counts over many persons are kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date

import msgspec

from ledger.aggregate import FeedTotal, TallySum, aggregate_findings, stream_finding_record
from ledger.projection import SqlValue, projections
from ledger.reference import Reference
from ledger.verdict import StreamId
from streams.aggregating import AGGREGATE_TABLE, past_sources, with_refused
from streams.folding import Folded, fold
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.subjects import Loaded, Surroundings, Watch, all_keys, load

PAGE = 20_000
COUNTED = ("tallies", "feeds")
"""The views whose sums the findings over many histories are judged on."""

Record = tuple[SqlValue, ...]


class Page(msgspec.Struct, frozen=True):
    """Some keys at a cut: what was loaded, and the rows that come of it."""

    keys: tuple[StreamId, ...]
    loaded: Loaded
    folded: Folded

    def rows(self, name: str) -> list[Record]:
        """The rows of a view; the first value of each is its key."""
        return self.folded.rows[name][1]


class Replay:
    """The ledger at one cut. Read :meth:`pages` to their end before :meth:`aggregates`."""

    def __init__(self, store: Store, surroundings: Surroundings, *, as_of: date, known_at: int, names: Iterable[str] | None = None) -> None:
        """``names`` are the views that are wanted, all by default. The surroundings must reach ``known_at``."""
        self._store = store
        self._surroundings = surroundings
        self.as_of = as_of
        self.known_at = known_at
        self.reference: Reference = surroundings.reference_at(as_of, known_at)
        self.names = tuple(projections() if names is None else names)
        self._tallies: dict[tuple[str, str, date], tuple[int, date | None]] = {}
        self._feeds: list[FeedTotal] = []

    async def pages(self, watch: Watch | None = None) -> AsyncIterator[Page]:
        """All that the ledger has at this cut: pages of keys in name order, each key once.

        :raises StoreUnavailable: the database is away.
        """
        async for chunk in all_keys(self._store, self._surroundings, self.known_at, watch):
            yield await self.page(chunk)

    async def page(self, keys: Sequence[StreamId]) -> Page:
        """The page of some keys, folded at once."""
        wanted = {name: name for name in dict.fromkeys([*self.names, *COUNTED])}
        loaded = await load(self._store, self._surroundings, keys, reference=self.reference, known_at=self.known_at)
        folded = await fold(loaded, wanted)
        self._count(folded)
        return Page(tuple(keys), loaded, folded)

    def _count(self, folded: Folded) -> None:
        place = [column.name for column in projections()["tallies"].columns].index
        at = [place(name) for name in ("tally", "stream", "day", "n", "until")]
        for row in folded.rows["tallies"][1]:
            one = TallySum(*(row[number] for number in at))  # type: ignore[arg-type]
            n, until = self._tallies.get((one.tally, one.stream, one.day), (0, None))
            latest = max((day for day in (until, one.until) if day is not None), default=None)
            self._tallies[one.tally, one.stream, one.day] = (n + one.n, latest)
        names = [column.name for column in projections()["feeds"].columns]
        at = [names.index(name) for name in FeedTotal.__struct_fields__]
        self._feeds += [FeedTotal(*(row[number] for number in at)) for row in folded.rows["feeds"][1]]  # type: ignore[arg-type]

    async def aggregates(self, *, refusals: bool = True) -> list[Record]:
        """The findings that stand on no single history, as rows of :data:`~ledger.aggregate.FINDING_COLUMNS`.

        ``refusals`` counts a refused submission as one that did arrive, as the running ledger does.
        """
        with plainly():
            refused = await self._store.pool.fetch(sql("runner_refused_sequences")) if refusals else []
        states = await past_sources(self._store, self.known_at, self._surroundings.parameters)
        found = aggregate_findings(
            [TallySum(tally, stream, day, n, until) for (tally, stream, day), (n, until) in sorted(self._tallies.items())],
            sorted(self._feeds, key=lambda feed: (feed.position, feed.type)),
            with_refused(states, refused),
            reference=self.reference,
            as_of=self.as_of,
            parameters=self._surroundings.parameters,
        )
        return [stream_finding_record(one) for one in found]


def view_names() -> tuple[str, ...]:
    """Every view that a replay gives rows of, the findings over many histories included."""
    return (*projections(), AGGREGATE_TABLE)
