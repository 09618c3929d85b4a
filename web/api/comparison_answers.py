"""The comparison of a pilot as the API tells it. What may not be shown is null."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.balance import Balance, Level
from ledger.difference import Staggered
from ledger.interval import Interval
from ledger.monthly import Interruption
from ledger.plan import Outcome
from ledger.series import Change
from ledger.sheet_parts import ShownEstimate, ShownPart
from ledger.verdict import Message

Limits = tuple[float, float]


def limits(one: Interval | None) -> Limits | None:
    """An interval."""
    return None if one is None else (one.low, one.high)


class OutcomeItem(msgspec.Struct, frozen=True):
    """What is compared."""

    code: str
    label: Message
    days: int
    indicator: str


def outcome_item(one: Outcome) -> OutcomeItem:
    """An outcome."""
    return OutcomeItem(one.code, one.label, one.days, one.indicator)


class EstimateItem(msgspec.Struct, frozen=True, kw_only=True):
    """Two shares and their difference."""

    outcome: OutcomeItem
    method: str
    offered: int
    others: int
    share_offered: float | None
    share_others: float | None
    difference: float | None
    interval: Limits | None
    unmatched: float
    draws: int
    seed: int
    hidden: bool


def estimate_item(one: ShownEstimate) -> EstimateItem:
    """An estimate."""
    return EstimateItem(
        outcome=outcome_item(one.outcome),
        method=one.design.name,
        offered=one.offered,
        others=one.others,
        share_offered=one.first,
        share_others=one.second,
        difference=one.value,
        interval=limits(one.interval),
        unmatched=one.unmatched,
        draws=one.draws,
        seed=one.seed,
        hidden=one.hidden,
    )


class LevelItem(msgspec.Struct, frozen=True, kw_only=True):
    """A level of the balance table; shares that would tell of few are null."""

    covariate: str
    level: str
    offered: int | None
    before: float | None
    others: float | None
    after: float | None
    matched: float | None
    smd_before: float
    smd_after: float
    variance_ratio: float | None


def _level(one: Level) -> LevelItem:
    shown = one.before >= 0
    return LevelItem(
        covariate=one.name,
        level=one.level,
        offered=one.offered if shown else None,
        before=one.before if shown else None,
        others=one.others if shown else None,
        after=one.after if shown else None,
        matched=one.matched if shown else None,
        smd_before=one.smd_before,
        smd_after=one.smd_after,
        variance_ratio=one.variance_ratio if shown else None,
    )


class BalanceItem(msgspec.Struct, frozen=True, kw_only=True):
    """The balance of the matching that the conclusion rests on."""

    passes: bool
    worst: float
    unmatched: float
    levels: list[LevelItem]


def balance_item(one: Balance) -> BalanceItem:
    """A balance."""
    return BalanceItem(passes=one.passes, worst=one.worst, unmatched=one.unmatched_share, levels=[_level(level) for level in one.levels])


class PartItem(msgspec.Struct, frozen=True, kw_only=True):
    """A difference within or without a group."""

    name: str
    n: int | None
    difference: float | None
    interval: Limits | None


def part_item(one: ShownPart) -> PartItem:
    """A part."""
    return PartItem(name=one.name, n=one.n, difference=one.value, interval=limits(one.interval))


class SinceItem(msgspec.Struct, frozen=True, kw_only=True):
    """The effects at one distance from the opening, in quarters."""

    quarters: int
    difference: float
    n: int
    interval: Limits | None


class StaggeredItem(msgspec.Struct, frozen=True, kw_only=True):
    """Staggered before–after."""

    difference: float | None
    interval: Limits | None
    weak: bool
    flat: bool | None
    open_regions: int
    other_regions: int
    since: list[SinceItem]
    draws: int
    seed: int


def staggered_item(one: Staggered) -> StaggeredItem:
    """Group-time effects."""
    since = [SinceItem(quarters=e.quarters, difference=e.effect, n=e.n, interval=limits(e.interval)) for e in one.events]
    return StaggeredItem(
        difference=one.effect,
        interval=limits(one.interval),
        weak=one.weak,
        flat=one.flat,
        open_regions=one.open_regions,
        other_regions=one.other_regions,
        since=since,
        draws=one.draws,
        seed=one.seed,
    )


class ChangeItem(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a series."""

    value: float
    interval: Limits


def _change(one: Change | None) -> ChangeItem | None:
    return None if one is None else ChangeItem(value=one.value, interval=(one.interval.low, one.interval.high))


class MonthItem(msgspec.Struct, frozen=True, kw_only=True):
    """A month of a series; null when it may not be told."""

    month: str
    numerator: int | None
    denominator: int | None


class SeriesItem(msgspec.Struct, frozen=True, kw_only=True):
    """A monthly series around the start of a pilot (M4)."""

    indicator: str
    start: date
    months_before: int | None
    months_after: int | None
    jump: ChangeItem | None
    slope: ChangeItem | None
    """By month."""
    false_start: ChangeItem | None
    """The jump half-way the months before, where nothing happened."""
    rule_beside: date | None
    """A change of rules so near the start that it cannot be told apart."""
    months: list[MonthItem]


def series_item(one: Interruption) -> SeriesItem:
    """A series."""
    found = one.found
    return SeriesItem(
        indicator=one.indicator,
        start=one.start,
        months_before=found.before if found is not None else None,
        months_after=found.after if found is not None else None,
        jump=_change(found.level if found is not None else None),
        slope=_change(found.slope if found is not None else None),
        false_start=_change(one.placebo),
        rule_beside=one.beside,
        months=[MonthItem(month=f"{month.first:%Y-%m}", numerator=month.top, denominator=month.bottom) for month in one.months],
    )
