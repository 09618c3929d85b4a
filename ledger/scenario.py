"""What less money allows: which pilots go on, how many people they reach, which results are lost (I80 of evaluation.md).

Four ways to divide a budget are set side by side; none is chosen. Part of the cost of a pilot is fixed, the rest moves with the
number of people; that holds near what was observed, and further away it is said to lie outside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import msgspec

from ledger.interval import Interval
from ledger.parameters import Parameters
from ledger.profiles import Told
from ledger.verdict import Message

WHOLE = 10_000


class Rule(Enum):
    """How a budget is divided."""

    PROPORTIONAL = ("iedereen evenveel minder", "the same part off everywhere")
    CHEAPEST = ("laagste kost per bijkomend resultaat eerst", "lowest cost per additional result first")
    PROTECT = ("kwetsbare groepen eerst", "vulnerable groups first")
    MANUAL = ("zelf gekozen bedragen", "amounts of one's own choice")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)

    @property
    def code(self) -> str:
        """``proportional``."""
        return self.name.lower()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A pilot as it was in the base year."""

    pilot_id: str
    cents: int
    """What it spent."""
    people: int | None
    """Who accepted a place; None for a pilot that works on no persons."""
    rate: float | None
    """Share of the participants with the primary outcome."""
    rate_interval: Interval | None
    per_result: float | None
    """Cents per additional result, when that could be established."""
    told: Told = msgspec.field(default_factory=dict)
    """Who these were, by region and by profile, as far as that may be told."""
    vulnerable: float
    """Share of participants with low self-reliance or without benefit."""


class Allotment(msgspec.Struct, frozen=True, kw_only=True):
    """What one pilot gets, and what it can do with it."""

    pilot_id: str
    cents: int
    people: int | None
    results: float | None
    results_interval: Interval | None
    lost_people: int | None
    lost_results: float | None
    lost_by: Mapping[str, Mapping[str, int | None]]
    """Persons no longer reached, by dimension and code; None where that may not be told. Rounded down per code."""
    runs: bool
    """False when the amount does not cover the fixed cost."""
    fixed_cents: int
    outside: bool
    """Further from what was observed than the cost was seen to be linear."""


class Lost(msgspec.Struct, frozen=True):
    """Persons of one region or profile whom no pilot reaches any longer."""

    n: int
    hidden: bool
    """Whether some pilot's part of it may not be told, so that there are more."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One way to divide a budget."""

    rule: Rule
    budget: int
    base: int
    """What all pilots together spent in the base year."""
    allotments: tuple[Allotment, ...]

    @property
    def people(self) -> int:
        """Persons still reached."""
        return sum(one.people or 0 for one in self.allotments)

    @property
    def lost_people(self) -> int:
        """Persons no longer reached."""
        return sum(one.lost_people or 0 for one in self.allotments)

    @property
    def results(self) -> float:
        """Results kept."""
        return sum(one.results or 0.0 for one in self.allotments)

    @property
    def lost_results(self) -> float:
        """Results lost."""
        return sum(one.lost_results or 0.0 for one in self.allotments)

    def lost_by(self, dimension: str) -> dict[str, Lost]:
        """Persons no longer reached over all pilots, by region or by a part of their profile."""
        found: dict[str, Lost] = {}
        for one in self.allotments:
            for code, n in one.lost_by.get(dimension, {}).items():
                held = found.get(code, Lost(0, hidden=False))
                found[code] = Lost(held.n + (n or 0), hidden=held.hidden or n is None)
        return dict(sorted(found.items()))


def scenario(
    candidates: Sequence[Candidate], budget: int, rule: Rule, parameters: Parameters, amounts: Mapping[str, int] | None = None
) -> Scenario:
    """Divide a budget in cents. No pilot gets more than it spent; ``amounts`` are those of MANUAL, the rest is shared alike."""
    base = sum(one.cents for one in candidates)
    given = _divide(candidates, max(0, budget), rule, amounts or {})
    allotments = tuple(_allot(one, given[one.pilot_id], parameters) for one in candidates)
    return Scenario(rule=rule, budget=budget, base=base, allotments=allotments)


def _divide(candidates: Sequence[Candidate], budget: int, rule: Rule, amounts: Mapping[str, int]) -> dict[str, int]:
    if rule is Rule.PROPORTIONAL:
        return _alike(candidates, budget)
    if rule is Rule.MANUAL:
        fixed = {one.pilot_id: min(one.cents, max(0, amounts[one.pilot_id])) for one in candidates if one.pilot_id in amounts}
        rest = [one for one in candidates if one.pilot_id not in fixed]
        return fixed | _alike(rest, max(0, budget - sum(fixed.values())))
    if rule is Rule.CHEAPEST:
        first = sorted((one for one in candidates if one.per_result is not None), key=lambda one: (one.per_result or 0, one.pilot_id))
    else:
        first = sorted((one for one in candidates if one.people is not None), key=lambda one: (-one.vulnerable, one.pilot_id))
    given: dict[str, int] = {}
    for one in first:
        given[one.pilot_id] = min(one.cents, budget)
        budget -= given[one.pilot_id]
    return given | _alike([one for one in candidates if one.pilot_id not in given], budget)


def _alike(candidates: Sequence[Candidate], budget: int) -> dict[str, int]:
    base = sum(one.cents for one in candidates)
    return {one.pilot_id: min(one.cents, one.cents * budget // base if base else 0) for one in candidates}


def _allot(one: Candidate, cents: int, parameters: Parameters) -> Allotment:
    variable = parameters.variable_bp
    fixed = one.cents * (WHOLE - variable) // WHOLE
    runs = cents > 0 and cents >= fixed
    kept = (cents - fixed) * WHOLE / (one.cents * variable) if runs and one.cents and variable else float(runs)
    kept = min(1.0, kept)
    people = None if one.people is None else int(one.people * kept + 1e-9)
    results = lost = None
    limits = None
    if people is not None and one.people is not None and one.rate is not None:
        results = people * one.rate
        lost = (one.people - people) * one.rate
        if one.rate_interval is not None:
            limits = Interval(people * one.rate_interval.low, people * one.rate_interval.high)
    return Allotment(
        pilot_id=one.pilot_id,
        cents=cents,
        people=people,
        results=results,
        results_interval=limits,
        lost_people=None if people is None or one.people is None else one.people - people,
        lost_results=lost,
        lost_by={
            dimension: {code: None if cell.n is None else int(cell.n * (1 - kept) + 1e-9) for code, cell in cells.items()}
            for dimension, cells in one.told.items()
        },
        runs=runs,
        fixed_cents=fixed,
        outside=kept < 1 - parameters.observed_bp / WHOLE,
    )
