"""Editions as groups that are large enough to be compared and too large to know anybody in (evaluation.md 6.1.4).

A single edition has 12 to 18 places. So the editions of a region stand together by half-year, and half-years together until
there are enough. Groups are sums of cells that are shown, so a group tells nothing that those do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.funnel import Unit


class Group(NamedTuple):
    """Editions from one half-year to another, both included; ``unit`` is None where they may not be shown."""

    first: str
    """``2024-H1``."""
    last: str
    unit: Unit | None


Cells = Mapping[str, Unit | None]
"""Counts by quarter (``2024-Q1``) or by year; None where they may not be shown."""


def groups_of(quarters: Cells, years: Cells, least: int) -> list[Group]:
    """The groups of one region in order of time.

    Where a quarter is hidden its half-year cannot be told apart, and its year stands whole when that may be shown. Parts that
    are too small are taken together with the next ones, a last one with the group before it. A hidden year is a group by itself
    and nothing is joined across it.
    """
    found: list[Group] = []
    waiting: list[Group] = []
    for year in sorted({*years, *(quarter[:4] for quarter in quarters)}):
        parts = _halves(quarters, year) or [_year(years, year)]
        for part in parts:
            if part.unit is None:
                found += _settled(found, waiting, least)
                waiting = []
                found.append(part)
                continue
            waiting.append(part)
            if _size(waiting) >= least:
                found.append(_joined(waiting))
                waiting = []
    found += _settled(found, waiting, least)
    return found


def _halves(quarters: Cells, year: str) -> list[Group]:
    """The half-years of a year; none when a quarter of it is hidden."""
    mine = {quarter: unit for quarter, unit in quarters.items() if quarter[:4] == year}
    if any(unit is None for unit in mine.values()):
        return []
    made = []
    for name, members in ((f"{year}-H1", ("Q1", "Q2")), (f"{year}-H2", ("Q3", "Q4"))):
        units = [unit for quarter, unit in mine.items() if quarter[5:] in members and unit is not None]
        if units:
            made.append(Group(name, name, _sum(units)))
    return made


def _year(years: Cells, year: str) -> Group:
    return Group(f"{year}-H1", f"{year}-H2", years.get(year))


def _size(parts: list[Group]) -> int:
    return sum(part.unit.bottom for part in parts if part.unit is not None)


def _settled(found: list[Group], waiting: list[Group], least: int) -> list[Group]:
    """What is left over: with the group before it when they touch, else by itself, too small to compare."""
    if not waiting:
        return []
    if found and found[-1].unit is not None and found[-1].unit.bottom >= least:
        waiting = [found.pop(), *waiting]
    return [_joined(waiting)]


def _joined(parts: list[Group]) -> Group:
    return Group(parts[0].first, parts[-1].last, _sum([part.unit for part in parts if part.unit is not None]))


def _sum(units: list[Unit]) -> Unit:
    return Unit(sum(unit.top for unit in units), sum(unit.bottom for unit in units))
