"""Durations: the times of a group as quantiles and as a curve that may be shown (evaluation.md 6.1.2, 6.1.4)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import polars as pl

from ledger.cohort import Cohort
from ledger.curve_grid import Point, common_grid, exact_points, points
from ledger.dimension import YEAR
from ledger.indicator import Indicator, Method
from ledger.rollup import K_CELL, Rollup
from ledger.survival import Curve, Day, curve
from ledger.units import ENDED, TIME

SHARES = (0.25, 0.5, 0.75, 0.9)


class TimeTo(msgspec.Struct, frozen=True):
    """One quantile of a time in days; None where it was not reached while ten were at risk."""

    share: float
    days: int | None
    low: int | None
    high: int | None


class Times(msgspec.Struct, frozen=True):
    """Everything that is told of the times of one group."""

    curve: Curve
    quantiles: tuple[TimeTo, ...]
    naive: float | None
    points: tuple[Point, ...]


_Days = dict[tuple[str, ...], list[Day]]


def curves(declared: Indicator, rolled: Rollup, cohort: Cohort | None) -> dict[tuple[str, ...], Times]:
    """The curve of every group, and of all together, for times."""
    if declared.method is not Method.TIME:
        return {}
    found = _days(rolled.chosen, list(rolled.by))
    if not rolled.protected:
        return {group: _times(days, None) for group, days in found.items()}
    grid = common_grid(_told(rolled, cohort), K_CELL)
    return {group: _times(days, grid) for group, days in found.items()}


def _days(units: pl.LazyFrame, names: list[str]) -> _Days:
    """What happened per day to every group, and to all together (``()``)."""
    counts = [(pl.col(ENDED) == code).sum().alias(f"n{code}") for code in (1, 2, 0)]
    table = units.group_by([*names, TIME]).agg(counts).with_columns(pl.col(name).cast(pl.String) for name in names)
    found: _Days = {}
    for *group, time, events, competing, censored in table.sort([*names, TIME]).collect().iter_rows():
        day = Day(time, events, competing, censored)
        found.setdefault(tuple(group), []).append(day)
        if names:
            found.setdefault((), []).append(day)
    return found


def _told(rolled: Rollup, cohort: Cohort | None) -> list[list[Day]]:
    """What a table of curves tells of: each group that is shown, all, and what is left when the one is taken from the other.

    With a cohort, of each year: cohorts of years can be taken from one another. Of a cohort of quarters there is no curve.
    """
    names = list(rolled.by)
    if cohort is None or YEAR in names:
        return _with_rest(rolled, _days(rolled.counted, names))
    if not cohort.whole_years:
        return []
    yearly: dict[str, _Days] = {}
    for group, days in _days(rolled.counted, [YEAR, *names]).items():
        if group:
            yearly.setdefault(group[0], {})[group[1:]] = days
    return [days for groups in yearly.values() for days in _with_rest(rolled, groups)]


def _with_rest(rolled: Rollup, found: _Days) -> list[list[Day]]:
    parts = {group: days for group, days in found.items() if group}
    shown = [days for group, days in parts.items() if not rolled.cells(group).hidden]
    hidden = [day for group, days in parts.items() if rolled.cells(group).hidden for day in days]
    every = [day for days in parts.values() for day in days] or found.get((), [])
    return [days for days in (*shown, hidden, every) if days]


def _times(days: list[Day], grid: Sequence[int] | None) -> Times:
    made = curve(days)
    quantiles = tuple(TimeTo(*made.quantile(share)) for share in SHARES)
    told = exact_points(made, days) if grid is None else points(made, days, grid, K_CELL)
    return Times(made, quantiles, _naive(days), told)


def _naive(days: list[Day]) -> float | None:
    """The median of the times that ended in the event; None when all did: then it leaves nobody out."""
    if not any(day.competing or day.censored for day in days):
        return None
    counts: dict[int, int] = {}
    for day in days:
        counts[day.time] = counts.get(day.time, 0) + day.events
    events = sum(counts.values())
    if not events:
        return None
    lower = upper = None
    seen = 0
    for time in sorted(counts):
        seen += counts[time]
        if lower is None and seen >= (events + 1) // 2:
            lower = time
        if upper is None and seen >= events // 2 + 1:
            upper = time
    assert lower is not None
    assert upper is not None
    return (lower + upper) / 2
