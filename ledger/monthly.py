"""M4: what changed in monthly series when a pilot began everywhere at once (evaluation.md 6.4.2; domain.md 6.3).

Only months that may be told are looked at, so whoever reads the table can compute the same. Of closed quarters only: later months
are not complete. A change of rules near the start cannot be told apart from the pilot.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from ledger.codes.region import PROVINCES, REFERENCE_REGIONS, Region
from ledger.data_state import closed_until
from ledger.dimension import BRUSSELS, FLANDERS
from ledger.disclosure import K_PERSONS, small_share
from ledger.factbook import Factbook
from ledger.indicator import Method, indicators
from ledger.indicators.exchange import silences
from ledger.parameters import Parameters
from ledger.plan import Design, Plan
from ledger.series import MARKERS, Change, Interrupted, interrupted
from ledger.units import BOTTOM, COUNTED, DAY, TOP, WHO


class Month(NamedTuple):
    """A month of a series: its share, or None when it would tell of few."""

    first: date
    top: int | None
    bottom: int | None

    @property
    def share(self) -> float | None:
        """Its share."""
        return self.top / self.bottom if self.top is not None and self.bottom else None


class Interruption(NamedTuple):
    """One series around the start of a pilot."""

    indicator: str
    start: date
    """First day of the first month that counts as after."""
    months: tuple[Month, ...]
    found: Interrupted | None
    """None with too few months that may be told on a side."""
    placebo: Change | None
    """The jump at a false start, half-way the months before; None when these are too few."""
    beside: date | None
    """A change of rules so near the start that it cannot be told apart."""


def interruptions(plan: Plan, facts: Factbook, valid_from: date, regions: tuple[Region, ...]) -> tuple[Interruption, ...]:
    """Every series of a plan, the one that decides first; none when the pilot did not begin everywhere at once."""
    area = _area(regions)
    if Design.M4 not in plan.designs or area is None:
        return ()
    return tuple(_interruption(id, facts, valid_from, area) for id in plan.series)


def _area(regions: tuple[Region, ...]) -> tuple[str, ...] | None:
    """Where it began at once: everywhere, in all of Flanders or in Brussels; None for some regions of several."""
    own = set(regions) | (REFERENCE_REGIONS if set(regions) >= PROVINCES else set())
    flanders, brussels = own >= REFERENCE_REGIONS, Region.BRUSSEL in own
    if not own or (flanders and brussels):
        return ()
    if flanders:
        return (FLANDERS,)
    return (BRUSSELS,) if own == {Region.BRUSSEL} else None


def _interruption(id: str, facts: Factbook, valid_from: date, area: tuple[str, ...]) -> Interruption:
    parameters = facts.parameters
    start = valid_from if valid_from.day == 1 else _next(valid_from)
    months = _told(_counted(id, facts, area, parameters))
    at = next((place for place, month in enumerate(months) if month.first >= start), len(months))
    shares = [month.share for month in months]
    before = shares[:at]
    false = interrupted(before, len(before) // 2, least=parameters.series_least)
    near = timedelta(days=parameters.marker_days)
    beside = next((marker for marker in MARKERS if abs(marker - start) <= near), None)
    found = interrupted(shares, at, least=parameters.series_least)
    return Interruption(id, start, months, found, false.level if false is not None else None, beside)


def _next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _counted(id: str, facts: Factbook, area: tuple[str, ...], parameters: Parameters) -> list[tuple[Month, int]]:
    """Every month from the first to the last closed one, with how many contributed to it."""
    declared = indicators()[id]
    made = silences(facts, "1mo") if id == "IND-13" else declared.compute(facts)
    if area:
        made = made.filter(pl.col("area").cast(pl.String).is_in(list(area)))
    persons = pl.col(WHO).n_unique() if declared.method is Method.RATIO else pl.col(BOTTOM).sum()
    told = made.filter(pl.col(COUNTED) & pl.col(DAY).is_not_null()).with_columns(pl.col(DAY).dt.truncate("1mo").alias(DAY))
    sums = told.group_by(DAY).agg(pl.col(TOP).sum(), pl.col(BOTTOM).sum(), persons.alias("persons")).sort(DAY).collect()
    rows = {first: (top, bottom, n) for first, top, bottom, n in sums.iter_rows()}
    closed = closed_until(facts.as_of, parameters)
    first, found = min(rows, default=closed), []
    while first <= closed:
        top, bottom, n = rows.get(first, (0, 0, 0))
        found.append((Month(first, top, bottom), n))
        first = _next(first)
    return found


def _told(counted: list[tuple[Month, int]]) -> tuple[Month, ...]:
    """What may be told: no month of few, and never one month alone of a quarter, whose total stands elsewhere."""
    hidden = {month.first for month, n in counted if 0 < n < K_PERSONS or small_share(month.top or 0, month.bottom or 0)}
    by_quarter: dict[tuple[int, int], list[Month]] = {}
    for month, _ in counted:
        by_quarter.setdefault((month.first.year, (month.first.month - 1) // 3), []).append(month)
    for some in by_quarter.values():
        shown = [month for month in some if month.first not in hidden and month.bottom]
        if len(some) - len([month for month in some if month.first not in hidden]) == 1 and shown:
            hidden.add(min(shown, key=lambda month: (month.bottom or 0, month.first)).first)
    return tuple(Month(month.first, None, None) if month.first in hidden else month for month, _ in counted)
