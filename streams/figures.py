"""Figures for people: which factbook answers a question, kept so that many questions cost one reading."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import date
from weakref import WeakKeyDictionary

import polars as pl

from ledger.cohort import Cohort
from ledger.errors import NotFound
from ledger.factbook import Factbook
from ledger.figure import Figure, figure
from ledger.indicator import Indicator, indicators
from ledger.projection import projections
from streams.board import Board, Kept
from streams.clock import Clock, today
from streams.factbooks import needed, past_factbook
from streams.live_facts import LiveFacts
from streams.postgres.store import Store
from streams.subjects import Watch

log = logging.getLogger("ledger.figures")

PAST_KEPT = 2
"""Cuts in the past that are kept: each was costly to make."""


def declared(id: str) -> Indicator:
    """An indicator by its id. ``NotFound`` when there is none."""
    found = indicators().get(id.upper())
    if found is None:
        raise NotFound(f"there is no indicator {id!r}; there are {', '.join(indicators())}")
    return found


class Figures:
    """Answers questions about indicators. Safe to share between tasks of one event loop."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._live = LiveFacts(store)
        self._past: dict[tuple[date, int], Factbook] = {}
        self._kept: WeakKeyDictionary[Factbook, Kept] = WeakKeyDictionary()
        """Figures by the factbook that they were made of: they go when it goes."""
        self._turn = asyncio.Lock()

    async def figure(
        self,
        id: str,
        *,
        by: Sequence[str] = (),
        cohort: Cohort | None = None,
        as_of: date | None = None,
        known_at: int | None = None,
        protected: bool = True,
        watch: Watch | None = None,
    ) -> Figure:
        """An indicator, live by default; another date or position is recomputed from the log.

        :raises NotFound: there is no such indicator.
        :raises Unanswerable: it cannot be split or cut as asked.
        :raises StoreUnavailable: the database is away.
        """
        chosen = declared(id)
        facts = await self.factbook(chosen, as_of=as_of, known_at=known_at, watch=watch)
        if not protected:
            log.warning("exact figures were read", extra={"indicator": chosen.id, "by": list(by), "position": facts.position})
        if protected:
            return await asyncio.to_thread(self._board(facts).figure, chosen, by=by, cohort=cohort)
        try:
            return await asyncio.to_thread(figure, chosen, facts, by=by, cohort=cohort, protected=False)
        except pl.exceptions.PanicException as error:
            # It is no Exception, and would end more than this one question.
            raise RuntimeError(f"{chosen.id} by {', '.join(by) or 'nothing'} could not be computed: polars gave up") from error

    async def board(self, *, as_of: date | None = None, known_at: int | None = None) -> Board:
        """All figures at one cut, live by default: what one page shows.

        :raises StoreUnavailable: the database is away.
        """
        return self._board(await self.factbook_of_all(as_of=as_of, known_at=known_at))

    def _board(self, facts: Factbook) -> Board:
        return Board(facts, self._kept.setdefault(facts, {}))

    async def factbook(
        self, chosen: Indicator, *, as_of: date | None = None, known_at: int | None = None, watch: Watch | None = None
    ) -> Factbook:
        """The facts that answer for an indicator at a cut: the views' when they stand there, else the log's."""
        return await self._facts([name for name in chosen.needs if name in projections()], as_of, known_at, watch)

    async def factbook_of_all(self, *, as_of: date | None = None, known_at: int | None = None, watch: Watch | None = None) -> Factbook:
        """The facts that answer for every indicator at one cut."""
        return await self._facts(list(needed()), as_of, known_at, watch)

    async def _facts(self, wanted: list[str], as_of: date | None, known_at: int | None, watch: Watch | None) -> Factbook:
        if "role_patterns" in wanted and "editions" not in wanted:
            wanted.append("editions")
        async with self._turn:
            live = await self._live.now(wanted)
            if (as_of is None or as_of == live.as_of) and (known_at is None or known_at == live.position):
                return live
            head = (await self._store.head()).position
            known = head if known_at is None else min(known_at, head)
            cut = (as_of or today(self._clock), known)
            if cut not in self._past:
                self._past[cut] = await past_factbook(self._store, as_of=cut[0], known_at=known, watch=watch)
                while len(self._past) > PAST_KEPT:
                    del self._past[next(iter(self._past))]
            return self._past[cut]
