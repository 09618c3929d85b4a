"""Time to an event with censoring and competing ends: Kaplan–Meier and Aalen–Johansen (evaluation.md 6.1.2).

Time is in whole days. On one day events come before censorings. Without competing ends the cumulative incidence of
Aalen–Johansen is one minus Kaplan–Meier, so one curve serves both; its variance is Aalen's, or Greenwood's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from ledger.interval import Interval, Z

AT_RISK = 10
"""A curve ends where fewer are at risk: what it does after that is not shown."""


class Day(NamedTuple):
    """What happened to a group after so many days."""

    time: int
    events: int
    competing: int
    censored: int


class Step(NamedTuple):
    """The curve from one day on."""

    time: int
    at_risk: int
    """Just before that day."""
    incidence: float
    """Share that had the event by then."""
    low: float
    high: float


class Quantile(NamedTuple):
    """The day by which a share had the event; None where it was not reached while ten were at risk."""

    share: float
    days: int | None
    low: int | None
    high: int | None

    @property
    def interval(self) -> Interval | None:
        """Its limits, when both were reached."""
        return Interval(self.low, self.high) if self.low is not None and self.high is not None else None


class Curve(NamedTuple):
    """The cumulative incidence of the event of interest."""

    n: int
    events: int
    competing: int
    steps: tuple[Step, ...]
    """One per day with an event of either kind, as long as ten are at risk."""

    def at(self, time: int) -> Step | None:
        """The curve at a day; None before its first step."""
        return next((step for step in reversed(self.steps) if step.time <= time), None)

    def quantile(self, share: float) -> Quantile:
        """The first day with incidence ≥ share, with the days on which the limits of the curve reach it."""

        def reached(level: str) -> int | None:
            return next((step.time for step in self.steps if getattr(step, level) >= share - 1e-12), None)

        return Quantile(share, reached("incidence"), reached("high"), reached("low"))


def curve(days: Iterable[Day]) -> Curve:
    """The curve of a group. ``days`` may come in any order, and a time more than once."""
    merged: dict[int, list[int]] = {}
    for one in days:
        held = merged.setdefault(one.time, [0, 0, 0])
        held[0] += one.events
        held[1] += one.competing
        held[2] += one.censored
    total = at_risk = sum(sum(held) for held in merged.values())
    all_events = sum(held[0] for held in merged.values())
    all_competing = sum(held[1] for held in merged.values())
    competes = all_competing > 0
    steps: list[Step] = []
    survival, incidence = 1.0, 0.0
    a = b = c = d = e = g = greenwood = 0.0
    for time in sorted(merged):
        events, competing, censored = merged[time]
        ended = events + competing
        if ended and at_risk >= AT_RISK:
            before, hazard = survival, events / at_risk
            incidence += before * hazard
            survival *= 1 - ended / at_risk
            # Sums from which Aalen's variance follows at every time: Σ (F(t) − F(s))² … without walking back.
            if at_risk > ended:
                w = ended / (at_risk * (at_risk - ended))
                a += w
                b += incidence * w
                c += incidence * incidence * w
                greenwood += w
            d += before * before * (at_risk - events) * events / at_risk**3
            u = before * events / at_risk**2
            e += u
            g += incidence * u
            variance = incidence * incidence * a - 2 * incidence * b + c + d - 2 * (incidence * e - g)
            if not competes:
                variance = survival * survival * greenwood
            steps.append(Step(time, at_risk, incidence, *_limits(incidence, variance)))
        at_risk -= ended + censored
    return Curve(total, all_events, all_competing, tuple(steps))


def _limits(incidence: float, variance: float) -> tuple[float, float]:
    """Limits on the scale log(−log(1 − F)); where that is not defined, the figure itself."""
    left = 1 - incidence
    if not 0 < left < 1 or variance <= 0:
        return incidence, incidence
    log = math.log(left)
    spread = Z * math.sqrt(variance) / abs(left * log)
    return 1 - math.exp(log * math.exp(-spread)), 1 - math.exp(log * math.exp(spread))
