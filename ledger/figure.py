"""Figures: an indicator's units, split, summed, protected and put into words of numbers (domain.md 6.1, design.md section 4).

The one way from units to numbers. Pages, API, command line and exports show what comes out of :func:`figure`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
import polars as pl

from ledger.cohort import Cohort
from ledger.curve_grid import Point
from ledger.dimension import DIMENSIONS
from ledger.disclosure import small_share
from ledger.duration import Times, TimeTo, curves
from ledger.factbook import Factbook
from ledger.indicator import Base, Indicator, Method, Unit
from ledger.interval import Sums, garwood, newcombe, ratio, wilson
from ledger.rollup import ALL, K_CELL, K_SHARE, Rollup, Vector, roll_up

FLAGGED, WITHHELD = 0.8, 0.5
"""Feedback coverage under which a rate is flagged, and under which it is withheld."""
PER = 10_000

Limits = tuple[float | None, float | None]


class Side(msgspec.Struct, frozen=True):
    """One of the two groups that a gap lies between."""

    group: str
    numerator: int
    denominator: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One cell. What may not be shown is None."""

    strata: Mapping[str, str]
    numerator: int | None
    denominator: int | None
    value: float | None
    interval: Limits | None
    immature: int | None
    left_scope: int | None
    neutral: int | None
    unknown: int | None
    coverage: float | None
    """Share of the units on which a service should report that it reported on."""
    coverage_state: str | None
    """``ok``, ``flagged`` (under 80 %) or ``withheld`` (under 50 %); None where feedback does not matter."""
    hidden: bool
    quantiles: tuple[TimeTo, ...] = ()
    naive: float | None = None
    """The median of closed cases only: biased, and shown beside the other to say so."""
    sides: tuple[Side, ...] = ()
    """For gaps: the two groups whose shares are compared; empty while either may not be shown or has nobody."""
    curve: tuple[Point, ...] = ()
    """For times: the cumulative incidence, on days so far apart that nobody can be followed (:mod:`ledger.curve_grid`)."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator at one (D, N). ``hidden`` counts the rows that are protected."""

    id: str
    version: int
    position: int
    as_of: date
    cohort: str | None
    by: tuple[str, ...]
    unit: str
    hidden: int
    erased: int
    protected: bool
    rows: tuple[Row, ...]
    total: Row


def figure(declared: Indicator, facts: Factbook, *, by: Sequence[str] = (), cohort: Cohort | None = None, protected: bool = True) -> Figure:
    """The figure of an indicator, split by at most three dimensions, for a cohort or period.

    :raises Unanswerable: a dimension is not one of the indicator's, too many are crossed, or the cohort cannot be had.
    """
    if declared.mix is not None and declared.mix not in by:
        by = (*by, declared.mix)
    rolled = roll_up(declared, facts, by=by, cohort=cohort, protected=protected)
    told = curves(declared, rolled, cohort)
    coverage = _control(declared, facts, cohort)
    rows = [_row(declared, rolled, group, told, coverage) for group in rolled.groups if group]
    total = _row(declared, rolled, (), told, coverage)
    if declared.between is not None:
        rows = _with_gaps(declared, facts, rows, tuple(by), cohort, protected=protected)
        total = _with_gaps(declared, facts, [total], (), cohort, protected=protected)[0]
    if not by:
        rows = [total]
    return Figure(
        id=declared.id,
        version=declared.version,
        position=facts.position,
        as_of=facts.as_of,
        cohort=str(cohort) if cohort is not None else None,
        by=tuple(by),
        unit=declared.unit.name.lower(),
        hidden=sum(row.hidden for row in rows),
        erased=facts.erased,
        protected=protected,
        rows=tuple(row for row in rows if not by or row.hidden or _tells(row)),
        total=total,
    )


def _tells(row: Row) -> bool:
    return any((row.denominator, row.numerator, row.immature, row.left_scope, row.neutral, row.unknown)) or None in (
        row.immature,
        row.left_scope,
    )


def _row(
    declared: Indicator, rolled: Rollup, group: tuple[str, ...], durations: Mapping[tuple[str, ...], Times], control: tuple[int, int] | None
) -> Row:
    cells = rolled.cells(group)
    sums, strata = cells.sums, dict(zip(rolled.by, group, strict=True)) if group else {}
    coverage, state = _coverage(declared, sums, control)
    if rolled.protected and ("coverage" in cells.quiet if control is None else small_share(*control, k=K_CELL)):
        coverage = None
    withheld = cells.hidden or state == "withheld"
    bottom: int | None = _denominator(declared, sums)
    if declared.method is Method.MIX:
        whole = rolled.cells(_whole(declared, rolled.by, group))
        sums = sums._replace(top=sums.counted, bottom=whole.sums.counted)
        bottom = None if whole.hidden else whole.sums.counted
    value, limits = (None, None) if withheld or bottom is None else _value(declared, sums)
    times: tuple[TimeTo, ...] = ()
    naive: float | None = None
    told: Times | None = None
    if declared.method is Method.TIME and not withheld and (told := durations.get(group)) is not None:
        times = told.quantiles
        naive = told.naive if told.curve.events >= K_SHARE or not rolled.protected else None
        middle = next(one for one in times if one.share == 0.5)
        value, limits = middle.days, (middle.low, middle.high)
    return Row(
        strata=strata,
        numerator=None if withheld else sums.top,
        denominator=None if cells.hidden else bottom,
        value=value,
        interval=limits,
        immature=_count(sums.immature, cells.quiet, "immature"),
        left_scope=_count(sums.left_scope, cells.quiet, "left_scope"),
        neutral=_count(sums.neutral, cells.quiet, "neutral"),
        unknown=_count(sums.unclear, cells.quiet, "unclear"),
        coverage=None if cells.hidden else coverage,
        coverage_state=None if cells.hidden else state,
        hidden=cells.hidden,
        quantiles=times,
        naive=naive,
        curve=told.points if told is not None else (),
    )


def _with_gaps(
    declared: Indicator, facts: Factbook, rows: Sequence[Row], by: tuple[str, ...], cohort: Cohort | None, *, protected: bool
) -> list[Row]:
    """Rows with the difference between two groups of each: from a cube that holds both, so that a gap tells no more than its sides."""
    assert declared.between is not None
    dimension, *groups = declared.between
    if not rows or dimension in by:
        return list(rows)
    rolled = roll_up(declared, facts, by=(*by, dimension), cohort=cohort, protected=protected)
    return [_with_gap(rolled, row, [(group, (*row.strata.values(), group)) for group in groups]) for row in rows]


def _with_gap(rolled: Rollup, row: Row, places: Sequence[tuple[str, tuple[str, ...]]]) -> Row:
    cells = [(group, rolled.cells(place)) for group, place in places]
    if row.hidden or any(one.hidden or one.sums.bottom == 0 for _, one in cells):
        return row
    first, second = sides = tuple(Side(group, one.sums.top, one.sums.bottom) for group, one in cells)
    value = first.numerator / first.denominator - second.numerator / second.denominator
    limits = newcombe(first.numerator, first.denominator, second.numerator, second.denominator)
    return msgspec.structs.replace(row, value=value, interval=limits, sides=sides)


def _whole(declared: Indicator, by: tuple[str, ...], group: tuple[str, ...]) -> tuple[str, ...]:
    """The group that a category is a part of."""
    return tuple(ALL if declared.mix in (None, name) else value for name, value in zip(by, group, strict=True)) if group else ()


def _count(n: int, quiet: frozenset[str], name: str) -> int | None:
    return None if name in quiet else n


def _denominator(declared: Indicator, sums: Vector) -> int:
    return sums.counted if declared.method is Method.TIME else sums.bottom


def _value(declared: Indicator, sums: Vector) -> tuple[float | None, Limits | None]:
    """The value and its interval; without a denominator there is none, never 0 %."""
    if sums.bottom <= 0 or declared.method in (Method.TIME, Method.GAP):
        return None, None
    value = sums.top / sums.bottom
    if declared.method in (Method.SHARE, Method.MIX):
        return value, wilson(sums.top, sums.bottom)
    if declared.method is Method.RATE:
        limits = garwood(sums.top, sums.bottom)
        return value * PER, None if limits is None else (limits.low * PER, limits.high * PER)
    if declared.unit is Unit.CENTS:
        return value, None
    return value, ratio(Sums(sums.counted, sums.top, sums.bottom, sums.yy, sums.xy, sums.xx))


def _coverage(declared: Indicator, sums: Vector, control: tuple[int, int] | None) -> tuple[float | None, str | None]:
    if not declared.coverage:
        return None, None
    heard, asked = (sums.heard, sums.asked) if control is None else control
    if not asked:
        return None, None
    share = min(1.0, heard / asked)
    state = "ok" if share >= FLAGGED else "flagged" if share >= WITHHELD else "withheld"
    return share, state


def _control(declared: Indicator, facts: Factbook, cohort: Cohort | None) -> tuple[int, int] | None:
    """The control totals of the services: persons answered about, and persons asked about."""
    if not declared.control or declared.base is Base.STOCK:
        return None
    said = facts.table("feeds").filter(pl.col("role").is_in(list(declared.control)) & pl.col("asked").is_not_null())
    if cohort is not None:
        month = (pl.col("period") + "-01").str.to_date("%Y-%m-%d")
        said = said.filter(month.is_between(pl.lit(cohort.start or date.min), pl.lit(cohort.end or date.max)))
    # A statement has one row per event type, each with the same totals.
    asked, answered = said.unique(["source", "period"]).select(pl.col("asked").sum(), pl.col("answered").fill_null(0).sum()).row(0)
    return (answered, asked) if asked else None


def split_labels(row: Row, lang: str) -> tuple[str, ...]:
    """The values of a row's dimensions in words."""
    return tuple(DIMENSIONS[name].label(value, lang) for name, value in row.strata.items())
