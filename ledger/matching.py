"""Matched comparison persons for those who were offered a place (evaluation.md 6.4.1, 6.4.2; domain.md 6.3).

A comparison person has come as many days from the origin as the other had when the place was offered, is not offered one by
then, and is still at risk: so nobody's outcome precedes the offer, and waiting for one gives no head start (immortal time).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ledger.incidence import Floats, Rows
from ledger.parameters import Parameters
from ledger.plan import Outcome
from ledger.riskset import EXACT, FAR, Codes, Days, People, strata

_MONTH: Final = 30.5


@dataclass(frozen=True, slots=True)
class Matches:
    """Matched sets: the set of a row is that of one offered person."""

    treated: Codes
    """Offered persons with a match."""
    unmatched: Codes
    group: Codes
    """Per comparison row: the place of its offered person in ``treated``."""
    person: Codes
    weight: Floats
    """Adds up to one per set."""

    @property
    def unmatched_share(self) -> float:
        """Offered persons without a match."""
        total = len(self.treated) + len(self.unmatched)
        return len(self.unmatched) / total if total else 0.0

    def index(self, people: People) -> Days:
        """The index date of each comparison row: as many days from its origin as the offered person had."""
        lag = people.offered[self.treated] - people.origin[self.treated]
        return people.origin[self.person] + lag[self.group]

    def only(self, keep: npt.NDArray[np.bool_]) -> Matches:
        """The sets of some offered persons; one flag per person in ``treated``."""
        place = np.cumsum(keep) - 1
        rows = keep[self.group]
        return Matches(self.treated[keep], self.unmatched[:0], place[self.group[rows]], self.person[rows], self.weight[rows])


def rows(people: People, matches: Matches, outcome: Outcome) -> tuple[Rows, Rows]:
    """The followed rows of the offered and of their comparison persons."""
    index = people.offered[matches.treated]
    time, kind = people.follow_up(index, matches.treated, outcome, until_offer=False)
    ones = np.ones(len(matches.treated))
    offered = Rows(time, kind, ones, matches.treated, np.arange(len(matches.treated)))
    theirs = matches.index(people)
    time, kind = people.follow_up(theirs, matches.person, outcome, until_offer=True)
    return offered, Rows(time, kind, matches.weight, matches.person, matches.group)


def mature(people: People, treated: Codes, outcome: Outcome, *, by: int | None = None) -> npt.NDArray[np.bool_]:
    """Whose time is over on the as-of date, or on the day number ``by``."""
    return people.offered[treated] + outcome.days <= (people.as_of if by is None else by)


def exact(people: People, treated: Codes, outcome: Outcome, parameters: Parameters, *, by_region: bool = True) -> Matches:
    """M1: exact on region, classes and what was known on the day, contracts at most some months apart; weights per set.

    Of many who fit, those with the nearest contract date count. ``by_region=False`` takes any region of the same part of the country.
    """
    window = round(parameters.match_months * _MONTH)
    cell = strata(people, (*EXACT, "area", "region") if by_region else (*EXACT, "area"))
    pools = {code: np.flatnonzero(cell == code) for code in np.unique(cell[treated])}
    matched, unmatched, sets = [], [], []
    for one in treated:
        lag = int(people.offered[one] - people.origin[one])
        pool = pools[cell[one]]
        pool = pool[np.abs(people.contract[pool] - people.contract[one]) <= window]
        near = pool[_fits(people, one, pool, lag, outcome)]
        if len(near) == 0:
            unmatched.append(one)
            continue
        if len(near) > parameters.m1_most:
            apart = np.abs(people.contract[near] - people.contract[one])
            near = near[np.argsort(apart, kind="stable")[: parameters.m1_most]]
        matched.append(one)
        sets.append(near)
    return matches_of(matched, unmatched, sets)


def matches_of(matched: list[int], unmatched: list[int], sets: list[Codes]) -> Matches:
    """Sets of comparison persons, each person in a set with the same weight."""
    sizes = [len(one) for one in sets]
    group = np.repeat(np.arange(len(sets)), sizes)
    person = np.concatenate(sets) if sets else np.zeros(0, dtype=np.int64)
    weight = np.repeat([1 / size for size in sizes], sizes) if sets else np.zeros(0)
    return Matches(np.array(matched, dtype=np.int64), np.array(unmatched, dtype=np.int64), group, person, weight)


def _fits(people: People, one: int, pool: Codes, lag: int, outcome: Outcome) -> npt.NDArray[np.bool_]:
    """Who of a pool is at risk after so many days, and is known by then as the one who was offered a place was."""
    day = people.origin[pool] + lag
    mine = np.array([one])
    on = people.offered[mine]
    standing = (people.origin[pool] < FAR) & (day <= people.as_of) & (day < people.end[pool]) & (day < people.offered[pool])
    standing &= (people.lag(outcome)[pool] > day) & (people.barred[pool] > day)
    alike = people.reliance_on(day, pool) == people.reliance_on(on, mine)
    alike &= people.pilots_on(day, pool) == people.pilots_on(on, mine)
    spoken = (people.milestones["a2_on"][pool] <= day) | (people.traits["oral_class"].codes[pool] == _from_a2(people))
    own = bool(people.milestones["a2_on"][one] <= on[0]) or people.traits["oral_class"].codes[one] == _from_a2(people)
    return np.asarray(standing & alike & (spoken == own), dtype=np.bool_)


def _from_a2(people: People) -> int:
    labels = people.traits["oral_class"].labels
    return labels.index("from_a2") if "from_a2" in labels else -1
