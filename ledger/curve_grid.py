"""Curves that may be shown: the days on which several curves are told, so coarse that nobody can be followed (evaluation.md 6.1.4).

All curves of one table are told on the same days, so that taking one from another tells nothing finer. Between two of
those days each group has none or at least k events, and none or at least k who ended otherwise or are no longer followed;
so has what is left after the last day, and so have the hidden groups together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ledger.survival import AT_RISK, Curve, Day

WIDTH = 7
"""Days of the finest grid [A]."""
_DIGITS = 3
"""Shares are told to a tenth of a per cent: the exact ones would tell in which order things happened between two days."""


class Point(msgspec.Struct, frozen=True):
    """A curve at the end of a day."""

    time: int
    """Days since the start."""
    at_risk: int
    """Still followed, and not yet at an end, after that day."""
    incidence: float
    """Share that had the event by then."""
    low: float
    high: float


def exact_points(curve: Curve, days: Iterable[Day]) -> tuple[Point, ...]:
    """The curve on every day with an event: for auditors."""
    left = _left_after(days)
    return tuple(Point(step.time, left(step.time), step.incidence, step.low, step.high) for step in curve.steps)


def points(curve: Curve, days: Sequence[Day], grid: Iterable[int], k: int) -> tuple[Point, ...]:
    """The curve on the days of a grid, as long as ten are at risk. Empty when the other ends are too few to tell of."""
    if 0 < curve.competing < k:
        return ()
    left = _left_after(days)
    told = []
    for time in grid:
        n, step = left(time), curve.at(time)
        if n < AT_RISK:
            break
        shares = (0.0, 0.0, 0.0) if step is None else (step.incidence, step.low, step.high)
        told.append(Point(time, n, *(round(share, _DIGITS) for share in shares)))
    return tuple(told)


def common_grid(series: Iterable[Sequence[Day]], k: int) -> tuple[int, ...]:
    """The days on which all series may be told, the first ones as close together as may be; empty when there are none."""
    counted = [_by_bin(days) for days in series]
    last = max((bin for bins in counted for bin in bins), default=-1)
    ends: list[int] = []
    sums: list[list[list[int]]] = []
    held = [[0, 0] for _ in counted]
    for bin in range(last + 1):
        for into, bins in zip(held, counted, strict=True):
            for at, n in enumerate(bins.get(bin, (0, 0))):
                into[at] += n
        if _safe(held, k) and (bin == 0 or any(n for one in held for n in one)):
            ends.append(bin * WIDTH)
            sums.append(held)
            held = [[0, 0] for _ in counted]
    # What is left after the last day is told too, by what is missing: it must be safe as well.
    while ends and not _safe(held, k):
        ends.pop()
        held = [[a + b for a, b in zip(one, other, strict=True)] for one, other in zip(held, sums.pop(), strict=True)]
    return tuple(ends)


def _safe(held: Iterable[Sequence[int]], k: int) -> bool:
    return all(n == 0 or n >= k for one in held for n in one)


def _by_bin(days: Iterable[Day]) -> Mapping[int, list[int]]:
    """Events, and everything else that ends the following, per stretch of days; the day of the start stands alone."""
    bins: dict[int, list[int]] = {}
    for day in days:
        into = bins.setdefault(-(-max(day.time, 0) // WIDTH), [0, 0])
        into[0] += day.events
        into[1] += day.competing + day.censored
    return bins


class _left_after:  # noqa: N801  used as a function
    """How many are still followed after a day."""

    def __init__(self, days: Iterable[Day]) -> None:
        self._ends = sorted((day.time, day.events + day.competing + day.censored) for day in days)
        self._total = sum(n for _, n in self._ends)

    def __call__(self, time: int) -> int:
        return self._total - sum(n for at, n in self._ends if at <= time)
