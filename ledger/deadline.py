"""The arithmetic of clocks: the day count of domain-rules.md 5.2, the states of 5.3 and the repeats of 5.4."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ledger.catalogue import Payload
from ledger.clock import Clock, ClockType
from ledger.codes.clock_state import ClockState, Party
from ledger.codes.policy import NormKind
from ledger.fact import Fact
from ledger.parameters import DEFAULT_NORMS, Norm
from ledger.time import add_period, day_after, days_after, period_hours

if TYPE_CHECKING:
    from ledger.subject import Subject

P = TypeVar("P", bound=Payload)


class Pause(NamedTuple):
    """A half-open interval: the pause day counts as paused, the resume day does not."""

    start: date
    until: date | None
    """The day it resumed; None while it lasts."""


def settle(
    declared: ClockType,
    subject: Subject,
    *,
    start: date,
    case: str,
    position: int | None,
    stop: date | None = None,
    neutral: date | None = None,
    before: date | None = None,
    pauses: Sequence[Pause] = (),
    origin: date | None = None,
    due: date | None = None,
    norm: Norm | None = None,
    against: Party | None = None,
    org: str | None = None,
) -> Clock:
    """One instance, by the day count of 5.2 and the first line of 5.3 that fits.

    ``stop`` is the earliest stop dated on or after the start, ``neutral`` the earliest ∅ so dated, ``before`` a stop dated
    before the start where that counts; a date after the as-of date has not happened yet, and is when the state changes next.
    ``due`` is the deadline before pauses when it is not start + period. Without ``norm`` the norm in force on the start date applies.
    """
    as_of = subject.as_of
    if norm is None:
        norm = subject.reference.norm(declared.id, start)
    end = subject.left_after(start) if declared.ends_on_leaving else None
    if neutral is None or (end is not None and end < neutral):
        neutral = end
    closing, stopped = (stop, True) if stop is not None and (neutral is None or stop <= neutral) else (neutral, False)
    upcoming = None
    if closing is not None and closing > as_of:
        closing, upcoming = None, closing
    base = due if due is not None else last_day(start, norm.period)
    paused, holding = 0, False
    if pauses and before is None and start <= as_of:
        paused, holding = paused_days(base, start, closing if closing is not None else as_of, pauses)
    deadline = days_after(base, paused) if paused else base
    next_change = upcoming
    if start > as_of:
        state, closing, next_change = ClockState.NOT_STARTED, None, start
    elif before is not None:
        state, closing, stopped, next_change = ClockState.MET_BEFORE_START, before, True, None
    elif closing is not None and closing <= deadline:
        state = ClockState.MET if stopped else ClockState.NEUTRAL_END
    elif norm.kind is NormKind.MAY and as_of > deadline:
        state = ClockState.UNUSED
    elif closing is not None:
        state = ClockState.BREACHED_CLOSED
    elif holding:
        state, next_change = ClockState.PAUSED, day_after(as_of)
    elif as_of > deadline:
        state = ClockState.BREACHED_OPEN
    else:
        state = ClockState.RUNNING
        next_change = soonest(upcoming, day_after(deadline))
    elapsed: int | None = None
    if state is ClockState.MET_BEFORE_START:
        elapsed = 0
    elif closing is not None:
        elapsed = (closing - start).days - paused
    return Clock(
        clock=declared.id,
        state=state,
        kind=norm.kind,
        start=start,
        deadline=deadline,
        stop=closing if stopped else None,
        end=closing if not stopped else None,
        elapsed=elapsed,
        paused=paused,
        gross=(closing - (origin or start)).days if closing is not None and stopped and before is None else None,
        against=declared.against if against is None else against,
        org=org,
        side=declared.side,
        case=case,
        position=position,
        period=norm.period if due is None else None,
        next_change=next_change,
        pauses=tuple(pauses) if pauses else (),
    )


def last_day(start: date, period: str) -> date:
    """The last day in time, before pauses. Hours that a norm may set for a clock in days are rounded up to whole days."""
    if "T" in period:
        return days_after(start, -(-period_hours(period) // 24))
    return add_period(start, period)


def paused_days(base: date, start: date, until: date, pauses: Sequence[tuple[date, date | None]]) -> tuple[int, bool]:
    """Days paused from the start day up to, not including, ``until``; and whether a pause that counts holds ``until`` itself.

    ``pauses`` are in order and do not overlap. One that begins after the deadline reached so far moves nothing, nor does any
    after it: a breach is not cured by a later pause.
    """
    paused = 0
    for begin, resumed in pauses:
        begin = max(begin, start)
        if begin > until or begin > days_after(base, paused):
            break
        if resumed is None or resumed > until:
            return paused + (until - begin).days, True
        paused += max((resumed - begin).days, 0)
    return paused, False


def repeated(starts: Iterable[Fact[P]], case: str, make: Callable[[Fact[P], str], Clock]) -> Iterator[Clock]:
    """The instances of one key: a start is ignored while the instance before it lives, a later one begins the next (5.4)."""
    count = 0
    lives_until: date | None = None
    for start in starts:
        if count and (lives_until is None or start.date <= lives_until):
            continue
        count += 1
        made = make(start, case if count == 1 else f"{case}#{count}")
        lives_until = None
        if made.closed:
            lives_until = made.stop or made.end or made.deadline
        yield made


def keyed(facts: Iterable[Fact[P]], key: Callable[[P], str]) -> dict[str, list[Fact[P]]]:
    """Facts by their business id, in timeline order."""
    found: dict[str, list[Fact[P]]] = {}
    for fact in facts:
        found.setdefault(key(fact.payload), []).append(fact)
    return found


def on_or_after(start: date, facts: Iterable[Fact[P]]) -> date | None:
    """The date of the earliest of some facts, in timeline order, that is dated on or after the start."""
    for fact in facts:
        if fact.date >= start:
            return fact.date
    return None


def soonest(*days: date | None) -> date | None:
    """The earliest of some dates, None when there is none."""
    return min((day for day in days if day is not None), default=None)


def unknown(declared: ClockType, *, start: date | None, case: str, position: int | None) -> Clock:
    """An instance whose start cannot be judged because a field it needs is not known."""
    return Clock(
        clock=declared.id,
        state=ClockState.UNKNOWN,
        kind=DEFAULT_NORMS[declared.id].kind,
        start=start,
        deadline=None,
        stop=None,
        end=None,
        elapsed=None,
        paused=0,
        gross=None,
        against=declared.against,
        org=None,
        side=declared.side,
        case=case,
        position=position,
        period=None,
        next_change=None,
    )
