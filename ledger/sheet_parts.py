"""The parts of a decision sheet as they may be shown: shares and counts that would tell of few persons are taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ledger.balance import Balance, Level
from ledger.comparison import Estimate, Matched, Part
from ledger.difference import Since, Staggered
from ledger.disclosure import K_CELL, Cell, protect_list, small_share
from ledger.evidence import Evidence, Pilot, Process
from ledger.interval import Interval
from ledger.plan import Design, Outcome
from ledger.profiles import own_regions
from ledger.rollup import K_SHARE


class ShownEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison as it may be shown; shares are None when one of them is hidden, and then so is the difference."""

    outcome: Outcome
    design: Design
    offered: int
    others: int
    first: float | None
    second: float | None
    value: float | None
    interval: Interval | None
    unmatched: float
    draws: int
    seed: int
    hidden: bool


class ShownProcess(msgspec.Struct, frozen=True, kw_only=True):
    """A process indicator among participants."""

    indicator: str
    top: int | None
    bottom: int | None
    value: float | None
    everybody: float | None
    verdict: str | None
    below: bool | None
    hidden: bool


class ShownPart(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison within, or without, a group."""

    name: str
    n: int | None
    value: float | None
    interval: Interval | None


class Equity(msgspec.Struct, frozen=True, kw_only=True):
    """The share of a vulnerable group among participants and in the cohort."""

    name: str
    participants: float | None
    cohort: float | None


class ShownYear(msgspec.Struct, frozen=True, kw_only=True):
    """A year of money, in cents."""

    year: int
    recurrent: int
    once: int
    spent: int
    accepted: Cell
    per_participant: float | None


def shown_estimate(one: Estimate) -> ShownEstimate:
    """A comparison; hidden when either share would tell of few."""
    found = one.found
    hidden = telling(found.first, found.n_first) or telling(found.second, found.n_second)
    shown = not hidden
    return ShownEstimate(
        outcome=one.outcome,
        design=one.design,
        offered=found.n_first,
        others=found.n_second,
        first=found.first if shown else None,
        second=found.second if shown else None,
        value=found.value if shown else None,
        interval=found.interval if shown else None,
        unmatched=one.unmatched,
        draws=found.draws,
        seed=found.seed,
        hidden=hidden,
    )


def shown_beside(secondary: Sequence[Estimate], matched: Sequence[Estimate]) -> tuple[ShownEstimate, ...]:
    """The exploratory comparisons. One that looks at the same event at another horizon than one shown already lies inside it, or
    holds it: whoever takes the one from the other reads how many had the event in between, which may not be few."""
    shown = [one for one in matched if not shown_estimate(one).hidden]
    found: list[ShownEstimate] = []
    for one in secondary:
        told = shown_estimate(one)
        if not told.hidden and any(_few_between(one, other) for other in shown):
            told = msgspec.structs.replace(told, first=None, second=None, value=None, interval=None, hidden=True)
        if not told.hidden:
            shown.append(one)
        found.append(told)
    return tuple(found)


def _few_between(one: Estimate, other: Estimate) -> bool:
    """Whether two horizons of one event differ by few persons in either group."""
    if one.outcome.event is not other.outcome.event:
        return False
    a, b = one.found, other.found
    return any(
        0 < abs(round(x * n) - round(y * m)) < K_CELL
        for x, n, y, m in ((a.first, a.n_first, b.first, b.n_first), (a.second, a.n_second, b.second, b.n_second))
    )


def telling(share: float, n: int) -> bool:
    """Whether a share of so many persons would tell of few; a weighted share tells of as many as it comes nearest to."""
    return n < K_SHARE or small_share(round(share * n), n)


def shown_part(one: Part) -> ShownPart:
    """A comparison of a part."""
    n = one.n if one.n == 0 or one.n >= K_CELL else None
    found = one.found
    hidden = n is None or (found is not None and (telling(found.first, found.n_first) or telling(found.second, found.n_second)))
    value = None if hidden or one.value != one.value else one.value
    return ShownPart(name=one.name, n=n, value=value, interval=found.interval if found is not None and value is not None else None)


def shown_process(one: Process) -> ShownProcess:
    """A process indicator."""
    share = one.verdict is not None
    hidden = share and one.top is not None and one.bottom is not None and small_share(one.top, one.bottom)
    few = one.bottom is not None and 0 < one.bottom < K_SHARE
    gone = hidden or few
    return ShownProcess(
        indicator=one.indicator,
        top=None if gone else one.top,
        bottom=None if gone else one.bottom,
        value=None if gone else one.value,
        everybody=one.everybody,
        verdict=one.verdict.value if one.verdict is not None else None,
        below=one.below,
        hidden=gone,
    )


def shown_balance(chosen: Matched | None) -> Balance | None:
    """The levels at which a share of the offered would tell of few stand out of the table."""
    if chosen is None:
        return None
    n = round(chosen.estimate.found.n_first)
    shown: list[Level] = []
    for level in chosen.balance.levels:
        few = level.offered < K_CELL or telling(level.after, n)
        shown.append(level._replace(offered=0, before=-1.0, others=-1.0, after=-1.0, matched=-1.0) if few else level)
    return chosen.balance._replace(levels=tuple(shown))


def shown_staggered(told: Staggered | None) -> Staggered | None:
    """Distances with few persons are left out."""
    if told is None:
        return None
    events: tuple[Since, ...] = tuple(one for one in told.events if one.n >= K_SHARE)
    return told._replace(events=events)


def shown_regions(known: Evidence, pilot: Pilot) -> Mapping[str, Cell]:
    """Participants by region; whoever came from elsewhere stands together."""
    counts = own_regions(known.by_region, pilot.regions)
    return protect_list(counts).cells


def shown_equity(known: Evidence) -> tuple[Equity, ...]:
    """The shares of vulnerable groups."""
    told = []
    for name, (mine, participants, theirs, cohort) in known.equity.items():
        shown = participants and not small_share(mine, participants)
        share = mine / participants if shown else None
        told.append(Equity(name=name, participants=share, cohort=theirs / cohort if cohort and not small_share(theirs, cohort) else None))
    return tuple(told)


def shown_money(known: Evidence) -> tuple[ShownYear, ...]:
    """The years of money."""
    years = protect_list({str(one.year): one.accepted for one in known.money}).cells
    cells = [years[str(one.year)] for one in known.money]
    return tuple(
        ShownYear(
            year=one.year,
            recurrent=one.recurrent,
            once=one.once,
            spent=one.spent,
            accepted=cell,
            per_participant=one.spent / cell.n if cell.n and one.spent else None,
        )
        for one, cell in zip(known.money, cells, strict=True)
    )
