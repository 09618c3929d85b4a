"""A subject: one history with everything that is derived from it, each thing computed once, when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar, cast

from ledger.catalogue import StreamKind
from ledger.clock import Clock, measure
from ledger.codes.clock import ClockId
from ledger.codes.contract import EndingReason
from ledger.events.contract import TrajectoryEnded
from ledger.history import History
from ledger.parameters import PARAMETERS, Norm, Parameters
from ledger.reference import Reference
from ledger.verdict import StreamId

T = TypeVar("T")


LEAVING: frozenset[EndingReason] = frozenset({EndingReason.DECEASED, EndingReason.MOVED_ABROAD})
"""Endings that take a person out of every clock (domain-rules.md 5.1)."""


class Subject:
    """One stream group (a merged person, an edition, an employer …) as of a date, with what its clocks and rows need.

    Clocks, findings, facts and rows are functions of a subject. They ask for each other through :meth:`memo`, which
    keeps every answer, so the order in which they are asked does not matter.
    """

    __slots__ = ("_kept", "as_of", "history", "key", "kind", "parameters", "reference")

    def __init__(self, history: History, reference: Reference, parameters: Parameters = PARAMETERS) -> None:
        self.history = history
        self.reference = reference
        self.parameters = parameters
        self.key: StreamId = history.key
        self.kind: StreamKind = history.kind
        self.as_of: date = history.as_of
        self._kept: dict[object, object] = {}

    def memo(self, make: Callable[[Subject], T]) -> T:
        """``make(self)``, computed the first time and kept under the function itself."""
        kept = self._kept
        if make in kept:
            return cast("T", kept[make])
        made = make(self)
        kept[make] = made
        return made

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock instance, by clock id, start and case."""
        return self.memo(measure)

    def clocks_of(self, *ids: ClockId) -> tuple[Clock, ...]:
        """The instances of some clocks."""
        return tuple(one for one in self.clocks if one.clock in ids)

    def left_after(self, start: date) -> date | None:
        """The first day on or after ``start`` on which the person died or left the country (row 21: ∅ all)."""
        return next((day for day in self.memo(_leavings) if day >= start), None)

    def norm(self, clock: ClockId, start: date) -> Norm:
        """The norm that applies to a clock that starts on a date (5.4)."""
        return self.reference.norm(clock, start)


def _leavings(subject: Subject) -> tuple[date, ...]:
    return tuple(fact.date for fact in subject.history.of(TrajectoryEnded) if fact.payload.reason in LEAVING)
