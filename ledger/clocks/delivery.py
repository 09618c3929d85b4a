"""The clock of delivery (C24): from a publisher's own recording to admission, in seconds and on any kind of stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ledger.catalogue import StreamKind
from ledger.clock import Clock, ClockType, clock, clocks
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState, Party, Side
from ledger.entry import OpenEntry
from ledger.parameters import Norm
from ledger.reference import Reference
from ledger.subject import Subject
from ledger.time import add_period, local_date, period_hours


@clock(ClockId.C24, kinds=frozenset(StreamKind) - {StreamKind.ANY}, against=Party.PUBLISHER, side=Side.SYSTEM)
def late_delivery(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """One instance per entry on the timeline that came late, dead ones too; those in time are :func:`delivery`'s to tell."""
    shortest = subject.reference.memo(_shortest)
    for entry in [one for one in subject.history.shown() if one.admitted_at - one.recorded_at > shortest]:
        measured = delivery(subject, entry)
        if measured.breached:
            yield measured


def delivery(subject: Subject, entry: OpenEntry) -> Clock:
    """How long one entry was under way, in whole seconds. Its dates are those of the moments in Brussels."""
    declared = clocks()[ClockId.C24]
    start = local_date(entry.recorded_at)
    norm = subject.norm(ClockId.C24, start)
    limit = _limit(norm, start)
    lag = entry.admitted_at - entry.recorded_at
    return Clock(
        clock=ClockId.C24,
        state=ClockState.MET if lag <= limit else ClockState.BREACHED_CLOSED,
        kind=norm.kind,
        start=start,
        deadline=_date_after(entry.recorded_at, limit),
        stop=local_date(entry.admitted_at),
        end=None,
        elapsed=lag // timedelta(seconds=1),
        paused=0,
        gross=lag // timedelta(seconds=1),
        against=declared.against,
        org=entry.publisher,
        side=declared.side,
        case=entry.id,
        position=entry.position,
        period=norm.period,
        next_change=None,
    )


def _limit(norm: Norm, start: date) -> timedelta:
    if "T" in norm.period:
        return timedelta(hours=period_hours(norm.period))
    return add_period(start, norm.period) - start


def _date_after(moment: datetime, limit: timedelta) -> date:
    try:
        return local_date(moment + limit)
    except OverflowError:  # a norm of thousands of years
        return date.max


def _shortest(reference: Reference) -> timedelta:
    """A time under which no norm that was ever in force is broken."""
    return min(_limit(norm, start) for start, norm in reference.norms(ClockId.C24))
