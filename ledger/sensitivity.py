"""What would have to be true for a difference to be no effect: E-value, bounds, other groups, other landmarks (evaluation.md 6.4.2)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ledger.incidence import Rows, share
from ledger.interval import Interval
from ledger.matching import Matches, exact, rows
from ledger.parameters import Parameters
from ledger.plan import Event, Outcome
from ledger.riskset import FAR, Mask, People


class EValue(NamedTuple):
    """How much an unmeasured factor must raise both the offer and the outcome to explain the difference away."""

    estimate: float | None
    limit: float | None
    """For the limit of the interval nearest to no difference; 1 when the interval holds it."""


def e_value(risk: float) -> float:
    """RR + √(RR·(RR − 1)), for a ratio of shares; below one it is turned over."""
    if risk <= 0:
        return math.inf
    ratio = 1 / risk if risk < 1 else risk
    return ratio + math.sqrt(ratio * (ratio - 1))


def e_values(first: float, second: float, interval: Interval | None) -> EValue:
    """Of two shares, and of the interval of their difference laid around the second share."""
    if not (first > 0 and second > 0):
        return EValue(None, None)
    estimate = e_value(first / second)
    if interval is None:
        return EValue(estimate, None)
    if interval.low <= 0 <= interval.high:
        return EValue(estimate, 1.0)
    nearest = interval.low if first > second else interval.high
    return EValue(estimate, e_value((second + nearest) / second) if second + nearest > 0 else None)


def smallest_visible(share_without: float, n: int, per: float, parameters: Parameters) -> float | None:
    """The smallest difference that so many matched pairs could show, by the normal approximation (6.4.2)."""
    if n <= 0 or per <= 0 or not 0 < share_without < 1:
        return None
    spread = share_without * (1 - share_without)
    return parameters.power_z * math.sqrt(spread / n + spread / (n * per))


def bounds(people: People, matches: Matches, outcome: Outcome) -> tuple[float, float]:
    """The difference if everybody of whom nothing was heard had no outcome in one group and one in the other, both ways round."""
    offered, others = rows(people, matches, outcome)
    deaf = ~people.heard[offered.owner], ~people.heard[others.owner]

    def told(one: Rows, silent: Mask, *, had: bool) -> float:
        missing = silent & (one.kind != 1)
        time = np.where(missing, 0 if had else outcome.days, one.time)
        return share(one._replace(time=time, kind=np.where(missing, int(had), one.kind)), outcome.days)

    low = told(offered, deaf[0], had=False) - told(others, deaf[1], had=True)
    return low, told(offered, deaf[0], had=True) - told(others, deaf[1], had=False)


def coverages(people: People, matches: Matches) -> tuple[float, float]:
    """The share that feedback was received on, of the offered and of their comparison persons."""
    if len(matches.treated) == 0:
        return 0.0, 0.0
    return float(people.heard[matches.treated].mean()), float(np.average(people.heard[matches.person], weights=matches.weight))


def without_each_region(people: People, matches: Matches, outcome: Outcome, least: int) -> Iterator[tuple[str, int, float]]:
    """The difference without the offered persons of one region that had so many: the region, how many are left, the difference."""
    trait = people.traits["region"]
    mine = trait.codes[matches.treated]
    for code in np.unique(mine):
        kept = matches.only(mine != code)
        if len(kept.treated) and (mine == code).sum() >= least:
            yield trait.labels[code], len(kept.treated), _plain(people, kept, outcome)


def _plain(people: People, matches: Matches, outcome: Outcome) -> float:
    offered, others = rows(people, matches, outcome)
    return share(offered, outcome.days) - share(others, outcome.days)


def by_landmark(people: People, outcome: Outcome, landmark: int) -> tuple[Rows, Rows]:
    """As treated: who had accepted a place so many days after the origin, and who had not, both still at risk on that day."""
    day = people.origin + landmark
    standing = (people.origin < FAR) & (day <= people.as_of) & (day < people.end) & (people.lag(outcome) > day) & (people.barred > day)
    found = []
    for who in (np.flatnonzero(standing & (people.accepted <= day)), np.flatnonzero(standing & (people.accepted > day))):
        time, kind = people.follow_up(day[who], who, outcome, until_offer=False)
        found.append(Rows(time, kind, np.ones(len(who)), who, who))
    return found[0], found[1]


def before_the_offer(people: People, matches: Matches) -> tuple[Rows, Rows]:
    """The placebo outcome: registered as a jobseeker by the index date, which no offer can have moved."""
    registered = people.milestones["reg_on"]
    mine = (registered[matches.treated] <= people.offered[matches.treated]).astype(np.int64)
    theirs = (registered[matches.person] <= matches.index(people)).astype(np.int64)
    ones = np.ones(len(matches.treated))
    offered = Rows(np.zeros(len(mine), dtype=np.int64), mine, ones, matches.treated, np.arange(len(mine)))
    return offered, Rows(np.zeros(len(theirs), dtype=np.int64), theirs, matches.weight, matches.person, matches.group)


def placebo_period(people: People, outcome: Outcome, parameters: Parameters) -> tuple[People, Matches] | None:
    """Persons of the pilot's regions whose time was over before its first offer, as if they had been offered a place."""
    real = people.treated(outcome)
    if len(real) == 0:
        return None
    first = int(people.offered[real].min())
    lag = int(np.median(people.offered[real] - people.origin[real]))
    trait = people.traits["region"]
    counts = np.bincount(trait.codes[real], minlength=len(trait.labels))
    own = (counts >= parameters.opened_least)[trait.codes]
    day = people.origin + lag
    early = own & people.at_risk(lag, outcome) & (day + outcome.days < first)
    offered = np.where(early, day, FAR)
    # Persons of the same regions do not stand in for each other here: they are all offered a place.
    blocked = np.where(own & ~early, -FAR, offered)
    as_if = replace(people, offered=blocked)
    return as_if, exact(as_if, np.flatnonzero(early), outcome, parameters, by_region=False)


def is_work(outcome: Outcome) -> bool:
    """Whether an outcome is one that services report on."""
    return outcome.event in (Event.JOB, Event.NEXT_STEP)
