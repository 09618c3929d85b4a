"""The quality of a source, from envelopes alone: what was late, skewed, corrected, slow or missing.

A :class:`SourceState` is folded from any part of the ledger and merged with :func:`merge`, which is commutative and
associative: any split into batches and any order gives the same state, provided every entry is fed once. A refused
submission did arrive, so its sequence number counts as received (:func:`received`).

Months are those of ``recordedat`` on the Brussels calendar: the month under which a source itself books an event,
and so the one that its control total (feed.reconciled) speaks about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from ledger.codes.clock import ClockId
from ledger.parameters import DEFAULT_NORMS, Parameters
from ledger.time import local_date, period_hours


class Arrival(Protocol):
    """What of an entry is looked at: its envelope, sealed or open."""

    @property
    def source(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def admitted_at(self) -> datetime: ...
    @property
    def sequence(self) -> int: ...


class SequenceRange(msgspec.Struct, frozen=True):
    """Sequence numbers ``lo``..``hi``, all received; the first of them at ``first`` (UTC)."""

    lo: int
    hi: int
    first: datetime


class SourceMonth(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the admitted entries that a source recorded in one month."""

    month: str
    """``YYYY-MM`` of ``recordedat``, Brussels calendar."""
    admitted: int = 0
    late: int = 0
    """F01: admitted more than ``late_days`` local days after it happened."""
    skew: int = 0
    """F04: happened after it was recorded, or after it was admitted."""
    corrections: int = 0
    retractions: int = 0
    slow: int = 0
    """C24 breached: admitted later than the norm after recording."""
    by_type: tuple[tuple[str, int], ...] = ()
    """Short type and count, sorted."""
    lag_hours: tuple[tuple[int, int], ...] = ()
    """Histogram of admission minus recording in whole hours begun, sorted: gives any percentile."""


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of one source."""

    source: str
    ranges: tuple[SequenceRange, ...] = ()
    """Received sequence numbers: disjoint, not adjacent, ascending."""
    months: tuple[SourceMonth, ...] = ()
    """Ascending by month."""
    last: datetime | None = None
    """When something of it last arrived (UTC)."""


class Gap(msgspec.Struct, frozen=True):
    """Sequence numbers ``lo``..``hi`` are missing; ``since`` is when a higher one first arrived (UTC)."""

    lo: int
    hi: int
    since: datetime


def short_type(full: str) -> str:
    """``contract.signed`` from ``be.inburgering.contract.signed.v1``; a short type stays as it is."""
    return full.removeprefix("be.inburgering.").rpartition(".v")[0] if full.startswith("be.") else full


def is_late(time: datetime, admitted_at: datetime, late_days: int) -> bool:
    """F01: more local days between happening and admission than ``late_days``."""
    if admitted_at - time <= timedelta(days=late_days - 1):
        return False
    return (local_date(admitted_at) - local_date(time)).days > late_days


def is_skewed(time: datetime, recorded_at: datetime, admitted_at: datetime) -> bool:
    """F04: a clock that runs ahead: happened after recording, or after admission."""
    return time > recorded_at or time > admitted_at


class _Tally:
    """Mutable counts of one source and month while a batch is observed."""

    __slots__ = ("admitted", "by_type", "corrections", "lag_hours", "late", "retractions", "skew", "slow")

    def __init__(self) -> None:
        self.admitted = self.late = self.skew = self.corrections = self.retractions = self.slow = 0
        self.by_type: dict[str, int] = {}
        self.lag_hours: dict[int, int] = {}

    def freeze(self, month: str) -> SourceMonth:
        return SourceMonth(
            month=month,
            admitted=self.admitted,
            late=self.late,
            skew=self.skew,
            corrections=self.corrections,
            retractions=self.retractions,
            slow=self.slow,
            by_type=tuple(sorted(self.by_type.items())),
            lag_hours=tuple(sorted(self.lag_hours.items())),
        )


def observe(
    entries: Iterable[Arrival], parameters: Parameters, *, delay: str = DEFAULT_NORMS[ClockId.C24].period
) -> dict[str, SourceState]:
    """Fold a batch of admitted entries into one state per source; ``delay`` is the norm of C24, e.g. ``PT48H``."""
    slow_after = timedelta(hours=period_hours(delay))
    tallies: dict[str, dict[str, _Tally]] = {}
    numbers: dict[str, list[tuple[int, datetime]]] = {}
    hour = timedelta(hours=1)
    for entry in entries:
        recorded = local_date(entry.recorded_at)
        tally = tallies.setdefault(entry.source, {}).setdefault(f"{recorded.year:04}-{recorded.month:02}", _Tally())
        kind = short_type(entry.type)
        lag = -((entry.recorded_at - entry.admitted_at) // hour)
        tally.admitted += 1
        tally.late += is_late(entry.time, entry.admitted_at, parameters.late_days)
        tally.skew += is_skewed(entry.time, entry.recorded_at, entry.admitted_at)
        tally.corrections += kind == "event.corrected"
        tally.retractions += kind == "event.retracted"
        tally.slow += entry.admitted_at - entry.recorded_at > slow_after
        tally.by_type[kind] = tally.by_type.get(kind, 0) + 1
        tally.lag_hours[lag] = tally.lag_hours.get(lag, 0) + 1
        numbers.setdefault(entry.source, []).append((entry.sequence, entry.admitted_at))
    return {
        source: SourceState(
            source=source,
            ranges=_ranges(numbers[source]),
            months=tuple(months[m].freeze(m) for m in sorted(months)),
            last=max(at for _, at in numbers[source]),
        )
        for source, months in tallies.items()
    }


def received(source: str, arrivals: Iterable[tuple[int, datetime]]) -> SourceState:
    """Sequence numbers that arrived without being admitted (refusals), with when they came."""
    numbers = list(arrivals)
    return SourceState(source=source, ranges=_ranges(numbers), last=max((at for _, at in numbers), default=None))


def merge(a: SourceState, b: SourceState) -> SourceState:
    """Two states of one source as one. ``ValueError`` when they are of different sources."""
    if a.source != b.source:
        raise ValueError(f"cannot merge the states of {a.source} and {b.source}: merge per source")
    months: dict[str, SourceMonth] = {month.month: month for month in a.months}
    for month in b.months:
        held = months.get(month.month)
        months[month.month] = month if held is None else _add(held, month)
    return SourceState(
        source=a.source,
        ranges=_united([*a.ranges, *b.ranges]),
        months=tuple(months[m] for m in sorted(months)),
        last=max((at for at in (a.last, b.last) if at is not None), default=None),
    )


def _add(a: SourceMonth, b: SourceMonth) -> SourceMonth:
    return SourceMonth(
        month=a.month,
        admitted=a.admitted + b.admitted,
        late=a.late + b.late,
        skew=a.skew + b.skew,
        corrections=a.corrections + b.corrections,
        retractions=a.retractions + b.retractions,
        slow=a.slow + b.slow,
        by_type=_sum_pairs(a.by_type, b.by_type),
        lag_hours=_sum_hours(a.lag_hours, b.lag_hours),
    )


def _sum_pairs(a: tuple[tuple[str, int], ...], b: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    total = dict(a)
    for name, n in b:
        total[name] = total.get(name, 0) + n
    return tuple(sorted(total.items()))


def _sum_hours(a: tuple[tuple[int, int], ...], b: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    total = dict(a)
    for hours, n in b:
        total[hours] = total.get(hours, 0) + n
    return tuple(sorted(total.items()))


def _ranges(numbers: Sequence[tuple[int, datetime]]) -> tuple[SequenceRange, ...]:
    return _united([SequenceRange(number, number, at) for number, at in numbers])


def _united(ranges: Iterable[SequenceRange]) -> tuple[SequenceRange, ...]:
    united: list[SequenceRange] = []
    for item in sorted(ranges, key=lambda r: (r.lo, r.hi)):
        if united and item.lo <= united[-1].hi + 1:
            last = united[-1]
            united[-1] = SequenceRange(last.lo, max(last.hi, item.hi), min(last.first, item.first))
        else:
            united.append(item)
    return tuple(united)


def gaps(state: SourceState) -> tuple[Gap, ...]:
    """The missing sequence numbers below the highest received one, ascending; a source starts at 1."""
    found: list[Gap] = []
    since: datetime | None = None
    for at in range(len(state.ranges) - 1, -1, -1):
        item = state.ranges[at]
        since = item.first if since is None else min(since, item.first)
        below = state.ranges[at - 1].hi if at else 0
        if item.lo > below + 1:
            found.append(Gap(below + 1, item.lo - 1, since))
    return tuple(reversed(found))


def percentile_hours(month: SourceMonth, share_bp: int) -> int | None:
    """The lag in hours within which ``share_bp`` basis points of the month's entries came; None without entries."""
    total = sum(n for _, n in month.lag_hours)
    need = -(-total * share_bp // 10_000)
    seen = 0
    for hours, n in month.lag_hours:
        seen += n
        if seen >= need:
            return hours
    return None
