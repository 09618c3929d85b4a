"""Pilots and agreements for people: sheets are made once per position, and a question never waits long for a newer one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Mapping
from datetime import date

import msgspec

from ledger.agreements import ClauseView, agreements
from ledger.comparing import compare
from ledger.comparison import Comparison
from ledger.criterion import RuleNeeded
from ledger.data_state import DataState, data_state
from ledger.errors import NotFound
from ledger.evidence import Evidence, Pilot, evidence, pilots_of
from ledger.factbook import Factbook
from ledger.plan import plans
from ledger.scenario import Rule, Scenario, scenario
from ledger.sheet import Sheet, base_year_of, made
from streams.aggregating import source_states
from streams.figures import Figures
from streams.postgres.connection import plainly
from streams.postgres.store import Store

log = logging.getLogger("ledger.evaluation")

PATIENCE = 0.2
"""Seconds that a question waits for sheets of a newer position, when young ones are there."""
YOUNG = 30.0
"""Sheets made so many seconds ago are young."""
LONG_PATIENCE = 3.0
"""Seconds that a question waits when they are older."""
NORMS_KEPT = 8


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What the money from a year on allows: the divisions of one budget, set side by side."""

    base_year: int
    """The last year that is over with known spending."""
    base: int
    """Cents spent in it by all pilots."""
    planned: int
    """Recurrent cents already allocated for the lean year."""
    lean_year: int
    budget: int
    scenarios: tuple[Scenario, ...]
    envelopes: tuple[Scenario, ...]
    """The same part off everywhere, for each cut of the parameters."""


class Made:
    """What was made of the facts at one cut."""

    def __init__(self, facts: Factbook) -> None:
        self.facts = facts
        self.pilots = pilots_of(facts)
        self.base_year = base_year_of(facts)
        self._judged: dict[str, tuple[Evidence, Comparison]] = {}
        self._data: dict[tuple[str, ...], DataState] = {}
        """By executors: pilots have these in common."""
        self._clauses: dict[tuple[tuple[str, str], ...], list[ClauseView]] = {}
        self._counting = threading.Lock()

    @property
    def cut(self) -> tuple[date, int]:
        """The as-of date and position."""
        return self.facts.as_of, self.facts.position

    def judge(self, pilot: Pilot) -> None:
        """Compare and weigh one pilot, if that is not done yet: seconds for a large ledger."""
        if pilot.pilot_id not in self._judged:
            plan = plans()[pilot.theme]
            if pilot.executors not in self._data:
                self._data[pilot.executors] = data_state(self.facts, pilot.executors)
            known = evidence(self.facts, pilot, plan, self._data[pilot.executors])
            self._judged[pilot.pilot_id] = known, compare(self.facts, plan, pilot)

    def sheet(self, pilot: Pilot, rule: RuleNeeded = RuleNeeded.UNKNOWN) -> Sheet:
        """The sheet of a pilot."""
        self.judge(pilot)
        known, compared = self._judged[pilot.pilot_id]
        return made(self.facts, known, compared, rule, self.base_year)

    def sheets(self) -> list[Sheet]:
        """The sheet of every pilot."""
        return [self.sheet(pilot) for pilot in self.pilots]

    def budget(self, cents: int | None, amounts: Mapping[str, int]) -> Budget | None:
        """What a budget allows; None while no spending is known. Without an amount: what is planned, else one tenth less."""
        if self.base_year is None:
            return None
        candidates = [one.candidate for one in self.sheets() if one.candidate is not None]
        parameters = self.facts.parameters
        base = sum(one.cents for one in candidates)
        planned = self._planned(parameters.lean_year)
        given = cents if cents is not None else planned or base * (10_000 - parameters.envelopes_bp[0]) // 10_000
        cuts = [base * (10_000 - cut) // 10_000 for cut in parameters.envelopes_bp]
        return Budget(
            base_year=self.base_year,
            base=base,
            planned=planned,
            lean_year=parameters.lean_year,
            budget=given,
            scenarios=tuple(scenario(candidates, given, rule, parameters, amounts) for rule in Rule if rule is not Rule.MANUAL or amounts),
            envelopes=tuple(scenario(candidates, cut, Rule.PROPORTIONAL, parameters) for cut in cuts),
        )

    def _planned(self, year: int) -> int:
        rows = self.facts.table("resources").select("year", "kind", "cents").iter_rows()
        return sum(cents for when, kind, cents in rows if when == year and kind == "allocated_recurrent")

    @property
    def counted(self) -> bool:
        """Whether anybody asked for the clauses with the norms in force."""
        return () in self._clauses

    def clauses(self, norms: Mapping[str, str]) -> list[ClauseView]:
        """Every clause, with what other norms would have meant. Seconds for a large ledger: call it in a thread."""
        key = tuple(sorted(norms.items()))
        with self._counting:
            if key not in self._clauses:
                while len(self._clauses) >= NORMS_KEPT:
                    del self._clauses[next(iter(self._clauses))]
                self._clauses[key] = agreements(self.facts, norms)
            return self._clauses[key]


class Evaluations:
    """Answers questions about pilots and agreements. Safe to share between tasks of one event loop."""

    def __init__(self, store: Store, figures: Figures) -> None:
        self._store = store
        self._figures = figures
        self._kept: Made | None = None
        self._kept_since = 0.0
        self._task: asyncio.Task[Made] | None = None
        self._turn = asyncio.Lock()

    async def aclose(self) -> None:
        """Stop what runs beside the questions."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._task

    async def live(self) -> Made:
        """What the views give, everything judged. When newer facts take long, the last ones of the same day, at their own position.

        Nobody is shown sheets without a conclusion that the views hold, or those of another day: these are waited for.

        :raises StoreUnavailable: the database is away.
        """
        facts = await self._figures.factbook_of_all()
        kept = self._kept
        if kept is not None and kept.cut == (facts.as_of, facts.position):
            return kept
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._make(facts))
        if kept is None or kept.facts.as_of != facts.as_of or not kept.facts.table("evaluations").equals(facts.table("evaluations")):
            made = await asyncio.shield(self._task)
            return made if made.cut >= (facts.as_of, facts.position) else await self.live()
        young = asyncio.get_running_loop().time() - self._kept_since < YOUNG
        done, _ = await asyncio.wait({self._task}, timeout=PATIENCE if young else LONG_PATIENCE)
        return self._task.result() if done else kept

    async def at(self, as_of: date | None, known_at: int | None) -> Made:
        """What the facts at a cut give, live by default.

        :raises StoreUnavailable: the database is away.
        """
        if as_of is None and known_at is None:
            return await self.live()
        facts = await self._figures.factbook_of_all(as_of=as_of, known_at=known_at)
        async with self._turn:
            return await asyncio.to_thread(_judged, Made(facts))

    async def _make(self, facts: Factbook) -> Made:
        with plainly():
            async with self._store.pool.acquire() as connection:
                states = await source_states(connection)
        whole = Factbook(
            facts.frames,
            as_of=facts.as_of,
            position=facts.position,
            erased=facts.erased,
            sources=states,
            refusals=facts.refusals,
            parameters=facts.parameters,
        )
        count = self._kept is not None and self._kept.counted
        async with self._turn:
            self._kept = await asyncio.to_thread(_judged, Made(whole), count)
        self._kept_since = asyncio.get_running_loop().time()
        return self._kept


def _judged(one: Made, count: bool = False) -> Made:
    """Everything judged, and the clauses counted if somebody looked at the ones before: then nobody waits for either."""
    for pilot in one.pilots:
        one.judge(pilot)
    if count:
        one.clauses({})
    return one


def pilot_named(one: Made, name: str) -> Pilot:
    """A pilot by its id, the beginning of it, or its theme when only one pilot has that.

    :raises NotFound: there is none, or several.
    """
    fitting = [pilot for pilot in one.pilots if pilot.pilot_id == name or pilot.theme.value == name]
    fitting = fitting or [pilot for pilot in one.pilots if len(name) >= 4 and pilot.pilot_id.startswith(name)]
    if len(fitting) != 1:
        known = ", ".join(f"{pilot.theme.value} ({pilot.pilot_id})" for pilot in one.pilots) or "none"
        raise NotFound(
            f"there is no pilot {name!r}" if not fitting else f"several pilots are called {name!r}: use the id; there are {known}"
        )
    return fitting[0]


def clause_named(views: list[ClauseView], name: str) -> ClauseView:
    """A clause by its code (``vdab.feedback``) or id. ``NotFound`` when there is none."""
    found = next((view for view in views if name in (view.clause.code, view.clause.clause_id)), None)
    if found is None:
        known = ", ".join(view.clause.code for view in views) or "none"
        raise NotFound(f"there is no clause {name!r} in force; there are {known}")
    return found
