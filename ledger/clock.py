"""Clocks: deadlines measured on a history (domain.md 5, domain-rules.md 5), and how one is declared.

A clock is declared with :func:`clock` in a module of ``ledger.clocks``, found by itself. Its function yields one
:class:`Clock` per instance (a contract, a case, a referral …), nearly always made by :func:`ledger.deadline.settle`, which
holds the day count of 5.2 and the states of 5.3. All of it is a pure function of (history, reference, parameters): cut at D
and N.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from ledger.catalogue import Payload, StreamKind
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState, Party, Side
from ledger.codes.policy import NormKind
from ledger.time import day_after

if TYPE_CHECKING:
    from ledger.subject import Subject

CLOSED: frozenset[ClockState] = frozenset(
    {ClockState.MET_BEFORE_START, ClockState.MET, ClockState.NEUTRAL_END, ClockState.UNUSED, ClockState.BREACHED_CLOSED}
)
"""States that no passing of time changes."""
BREACHED: frozenset[ClockState] = frozenset({ClockState.BREACHED_OPEN, ClockState.BREACHED_CLOSED})
"""States for which a finding exists."""


class Clock(msgspec.Struct, frozen=True, gc=False):
    """One instance of a clock, as it stands on the as-of date. Days are local dates; C24 alone counts in seconds."""

    clock: ClockId
    state: ClockState
    kind: NormKind
    start: date | None
    """The day it started (not counted); None when not known."""
    deadline: date | None
    """The last day in time, moved by the pauses so far; None when the state is unknown."""
    stop: date | None
    """The day of the fact that met it, in time or late."""
    end: date | None
    """The day of the neutral end ∅ that closed it, when no stop did."""
    elapsed: int | None
    """Net days from start to stop or neutral end (seconds for C24); None while it is open: see :meth:`elapsed_on`."""
    paused: int
    """Days paused so far."""
    gross: int | None
    """Days from its origin (the submission of a dossier, else the start) to the stop, pauses included."""
    against: Party
    """Who is responsible for meeting it."""
    org: str | None
    """KBO number of the responsible organisation, where a fact names it."""
    side: Side
    case: str
    """The instance: unique among the clocks of this id in one history."""
    position: int | None
    """Position of the entry that started it."""
    period: str | None
    """The norm that applied: an ISO 8601 period; None for a fixed date or an unknown start."""
    next_change: date | None
    """The first date after the as-of date on which any of this would change without a new event; None when it would not."""
    pauses: tuple[tuple[date, date | None], ...] = ()
    """Every pause that was told of, as first day and day of resumption, whether or not it moved the deadline."""

    @property
    def closed(self) -> bool:
        """Whether it is settled: met, ended or unused."""
        return self.state in CLOSED

    @property
    def breached(self) -> bool:
        """Whether its deadline was passed unmet: a finding exists since the day after the deadline."""
        return self.state in BREACHED

    @property
    def breached_since(self) -> date | None:
        """The first day of the breach."""
        return day_after(self.deadline) if self.breached and self.deadline is not None else None

    def elapsed_on(self, as_of: date) -> int | None:
        """Net days used: up to the stop or end of a closed clock, up to ``as_of`` (the date it was measured on) of an open one."""
        if self.elapsed is not None or self.start is None or self.state in (ClockState.UNKNOWN, ClockState.NOT_STARTED):
            return self.elapsed
        if self.state is ClockState.UNUSED:
            return None
        return (as_of - self.start).days - self.paused


Measure = Callable[["Subject", "ClockType"], Iterable[Clock]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockType:
    """The declaration of one clock. Its labels are those of :class:`ledger.codes.clock.ClockId`."""

    id: ClockId
    kinds: frozenset[StreamKind]
    """Kinds of stream it runs on."""
    starts: frozenset[type[Payload]]
    """Without a fact of one of these there is no instance; empty means that it looks for itself."""
    against: Party
    side: Side
    finding: str | None
    """The finding that a breach raises; None for clocks that cannot breach."""
    ends_on_leaving: bool
    """Whether death or departure abroad ends it neutrally (∅ all, row 21 of the catalogue)."""
    survives_erasure: bool
    """Whether it is shown for an erased person: C20 alone."""
    measure: Measure


_declared: dict[ClockId, ClockType] = {}


def clock(
    id: ClockId,
    *,
    kinds: Iterable[StreamKind] = (StreamKind.PERSON,),
    starts: Iterable[type[Payload]] = (),
    against: Party,
    side: Side,
    finding: str | None = "F41",
    survives_erasure: bool = False,
) -> Callable[[Measure], Measure]:
    """Declare a clock: the decorated function yields its instances for one subject."""

    def register(measure: Measure) -> Measure:
        if id in _declared:
            raise ValueError(f"clock {id} is declared twice: {_declared[id].measure} and {measure}")
        _declared[id] = ClockType(
            id=id,
            kinds=frozenset(kinds),
            starts=frozenset(starts),
            against=against,
            side=side,
            finding=finding,
            ends_on_leaving=StreamKind.PERSON in kinds and not survives_erasure,
            survives_erasure=survives_erasure,
            measure=measure,
        )
        clocks.cache_clear()
        _of_kind.cache_clear()
        return measure

    return register


@cache
def clocks() -> Mapping[ClockId, ClockType]:
    """Every clock, C01…C24, in the order of their ids."""
    import ledger.clocks

    for module in pkgutil.iter_modules(ledger.clocks.__path__):
        importlib.import_module(f"ledger.clocks.{module.name}")
    return dict(sorted(_declared.items()))


@cache
def _of_kind(kind: StreamKind) -> tuple[ClockType, ...]:
    return tuple(declared for declared in clocks().values() if kind in declared.kinds)


def measure(subject: Subject) -> tuple[Clock, ...]:
    """All clock instances of a subject, by clock id, then start, then case. An erased person has left every clock but C20."""
    history = subject.history
    present, erased = history.payload_types, history.erased
    found: list[Clock] = []
    for declared in _of_kind(history.kind):
        if not (declared.starts and declared.starts.isdisjoint(present)) and (declared.survives_erasure or not erased):
            instances = list(declared.measure(subject, declared))
            if len(instances) > 1:
                instances.sort(key=_order)
            found += instances
    return tuple(found)


def _order(one: Clock) -> tuple[date, str]:
    return (one.start or date.max, one.case)
