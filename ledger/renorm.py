"""A clock under another norm: the state that each instance would have had (domain-rules.md 5.2, 5.3).

The instance itself is what it was: when it started, when it stopped or ended, and when it was paused. Only the period changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.codes.clock_state import ClockState
from ledger.codes.policy import NormKind
from ledger.deadline import last_day, paused_days
from ledger.time import days_after


class Instance(NamedTuple):
    """What a norm is applied to: a row of the clocks."""

    state: str
    kind: str
    start: date
    stop: date | None
    ended: date | None
    pauses: tuple[tuple[date, date | None], ...]


MET, LATE, NEUTRAL, OPEN = "met", "late", "neutral", "open"
"""How an instance counts: in time, not in time (or, for a possibility, not used in time), ended neutrally, or not decided yet."""


def standing(one: Instance, period: str, as_of: date) -> str:
    """How an instance counts under a period on a date."""
    if one.state == ClockState.MET_BEFORE_START:
        return MET
    if one.state in (ClockState.NOT_STARTED, ClockState.UNKNOWN):
        return OPEN
    closing, stopped = (one.stop, True) if one.stop is not None else (one.ended, False)
    base = last_day(one.start, period)
    paused, holding = paused_days(base, one.start, closing or as_of, one.pauses) if one.pauses else (0, False)
    deadline = days_after(base, paused) if paused else base
    if closing is not None and closing <= deadline:
        return MET if stopped else NEUTRAL
    if closing is not None:
        return LATE
    if as_of > deadline and (one.kind == NormKind.MAY or not holding):
        return LATE
    return OPEN


class Bench:
    """Many instances of a clock, to be judged under one norm in days after the other."""

    def __init__(self, instances: Sequence[Instance], as_of: date) -> None:
        self._as_of = as_of
        self._paused = [(at, one) for at, one in enumerate(instances) if one.pauses]
        closing = [one.stop or one.ended for one in instances]
        self._start = np.array([one.start.toordinal() for one in instances], dtype=np.int64)
        self._closing = np.array([day.toordinal() if day else 0 for day in closing], dtype=np.int64)
        self._stopped = np.array([one.stop is not None for one in instances], dtype=bool)
        self._before = np.array([one.state == ClockState.MET_BEFORE_START for one in instances], dtype=bool)
        self._out = np.array([one.state in (ClockState.NOT_STARTED, ClockState.UNKNOWN) for one in instances], dtype=bool)

    def under(self, days: int) -> npt.NDArray[np.str_]:
        """How each instance counts under a norm of so many days."""
        deadline = self._start + days
        closed = self._closing > 0
        in_time = closed & (self._closing <= deadline)
        found = np.where(self._as_of.toordinal() > deadline, LATE, OPEN).astype("<U8")
        found[closed] = LATE
        found[in_time] = np.where(self._stopped, MET, NEUTRAL)[in_time]
        found[self._before] = MET
        found[self._out] = OPEN
        for at, one in self._paused:
            found[at] = standing(one, f"P{days}D", self._as_of)
        return found


def pauses_of(told: Sequence[str]) -> tuple[tuple[date, date | None], ...]:
    """Pauses as the view holds them: ``2025-01-02/2025-02-01``, or ``2025-01-02/`` while one lasts."""
    found = []
    for text in told:
        begin, _, until = text.partition("/")
        found.append((date.fromisoformat(begin), date.fromisoformat(until) if until else None))
    return tuple(found)


_STANDING = {
    ClockState.MET: MET,
    ClockState.MET_BEFORE_START: MET,
    ClockState.NEUTRAL_END: NEUTRAL,
    ClockState.BREACHED_OPEN: LATE,
    ClockState.BREACHED_CLOSED: LATE,
    ClockState.UNUSED: LATE,
}


def as_it_stands(state: str) -> str:
    """How an instance counts under the norm that applied to it."""
    return _STANDING.get(ClockState(state), OPEN)
