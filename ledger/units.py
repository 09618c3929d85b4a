"""Units: what an indicator counts, one row each, with where it stands: counted, immature, left, neutral or unknown.

An indicator answers a frame of units. The columns below are the same for all of them; beside these stand the dimensions
that the indicator declares. Units are additive: a figure for a group is made from sums over its units.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from ledger.factbook import Factbook

DAY = "day"
"""The date by which a unit falls in a cohort or period."""
TOP, BOTTOM = "top", "bottom"
"""What it adds above and below the line."""
COUNTED, IMMATURE, LEFT, NEUTRAL, UNCLEAR = "counted", "immature", "left_scope", "neutral", "unclear"
"""1 in exactly one of these columns: it is below the line, its horizon is not over, its person died or moved away, its clock
ended neutrally, or a field that it needs is not known."""
ASKED, HEARD = "asked", "heard"
"""Feedback: 1 when the unit is one on which a service should report, and when the service did."""
TIME, ENDED = "time", "ended"
"""For times: whole days, and how it ended: 1 the event, 2 something else for good, 0 not yet."""

WHO = "who"
"""Optional: the contributor of a unit, when one contributes several; it is then counted once."""

STATES = (COUNTED, IMMATURE, LEFT, NEUTRAL, UNCLEAR)
_NO = pl.lit(False)
_FAR = 10**9


def units(
    frame: pl.LazyFrame,
    *,
    day: pl.Expr | str,
    top: pl.Expr,
    bottom: pl.Expr | None = None,
    immature: pl.Expr = _NO,
    left: pl.Expr = _NO,
    neutral: pl.Expr = _NO,
    unclear: pl.Expr = _NO,
    asked: pl.Expr | None = None,
    heard: pl.Expr | None = None,
    keep: tuple[str, ...] = (),
    more: tuple[pl.Expr, ...] = (),
) -> pl.LazyFrame:
    """Units of a frame. ``top`` is a condition or a number, ``bottom`` a number (1 when not given); both count only when counted.

    Of the states the first that holds is taken: unclear, neutral, immature, left. ``keep`` names the dimensions, ``more`` adds columns.
    """
    unsure, ended = unclear.fill_null(False), neutral.fill_null(False) & ~unclear.fill_null(False)
    settled = ~unsure & ~ended
    young = settled & immature.fill_null(False)
    gone = settled & ~young & left.fill_null(False)
    counted = settled & ~young & ~gone
    stood = frame.select(
        pl.col(day).alias(DAY) if isinstance(day, str) else day.alias(DAY),
        counted.alias(COUNTED),
        young.alias(IMMATURE),
        gone.alias(LEFT),
        ended.alias(NEUTRAL),
        unsure.alias(UNCLEAR),
        top.cast(pl.Int64).fill_null(0).alias(TOP),
        (pl.lit(1) if bottom is None else bottom).cast(pl.Int64).fill_null(0).alias(BOTTOM),
        (_NO if asked is None else asked.fill_null(False)).alias(ASKED),
        (_NO if heard is None else heard.fill_null(False)).alias(HEARD),
        *keep,
        *more,
    )
    inside = pl.col(COUNTED)
    return stood.with_columns(
        pl.when(inside).then(pl.col(name)).otherwise(0 if name in (TOP, BOTTOM) else _NO) for name in (TOP, BOTTOM, ASKED, HEARD)
    )


def times(
    frame: pl.LazyFrame,
    *,
    start: pl.Expr,
    stop: pl.Expr,
    other: pl.Expr,
    censored: pl.Expr,
    day: str,
    keep: tuple[str, ...],
    asked: pl.Expr | None = None,
    heard: pl.Expr | None = None,
) -> pl.LazyFrame:
    """Units of a time: from ``start`` to ``stop``, ended for good by ``other``, or cut at ``censored``.

    The earliest of the three counts; on one day the event goes before what competes with it, and that before the cut.
    """
    after = [(end - start).dt.total_days() for end in (stop, other, censored)]
    return spans(frame, stop=after[0], other=after[1], censored=after[2], day=day, keep=keep, asked=asked, heard=heard)


def spans(
    frame: pl.LazyFrame,
    *,
    stop: pl.Expr,
    other: pl.Expr,
    censored: pl.Expr,
    day: str,
    keep: tuple[str, ...],
    asked: pl.Expr | None = None,
    heard: pl.Expr | None = None,
) -> pl.LazyFrame:
    """Units of a time that is counted already, in days: for clocks that stand still now and then. Empty is never."""
    far = pl.lit(_FAR, dtype=pl.Int64)
    event, rival, cut = stop.fill_null(far), other.fill_null(far), censored.fill_null(far)
    last = pl.min_horizontal(event, rival, cut)
    ended = pl.when(event == last).then(1).when(rival == last).then(2).otherwise(0)
    return units(frame, day=day, top=ended == 1, asked=asked, heard=heard, keep=keep, more=(last.alias(TIME), ended.alias(ENDED)))


def days(number: int) -> pl.Expr:
    """A number of days, to add to a date."""
    return pl.lit(timedelta(days=number))


def within(fact: str, start: str, horizon: int) -> pl.Expr:
    """Whether a fact lies in [start, start + horizon]: both days count."""
    return pl.col(fact).is_between(pl.col(start), pl.col(start) + days(horizon))


def not_over(facts: Factbook, start: str, horizon: int) -> pl.Expr:
    """Whether the horizon is not over on the as-of date."""
    return pl.col(start) + days(horizon) > pl.lit(facts.as_of)


def left_before(start: str, horizon: int) -> pl.Expr:
    """Whether the person died, moved abroad or to Wallonia before the end of the horizon."""
    return (pl.col("end_kind") == "left_scope") & (pl.col("end_on") < pl.col(start) + days(horizon))


def clock_units(
    facts: Factbook,
    table: pl.LazyFrame,
    *,
    keep: tuple[str, ...],
    asked: pl.Expr | None = None,
    heard: pl.Expr | None = None,
) -> pl.LazyFrame:
    """Units of clock instances: met in time, of those that started, did not end neutrally and whose deadline has come."""
    state = pl.col("state")
    return units(
        table.filter(state != "not_started"),
        day="start",
        top=state.is_in(["met", "met_before_start"]),
        unclear=state == "unknown",
        neutral=state == "neutral_end",
        immature=pl.col("deadline") > pl.lit(facts.as_of),
        asked=asked,
        heard=heard,
        keep=keep,
    )
