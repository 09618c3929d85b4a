"""What histories are made of: facts, and the lines of a timeline."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from ledger.catalogue import Payload
from ledger.entry import OpenEntry
from ledger.time import local_hour
from ledger.verdict import Position

P_co = TypeVar("P_co", bound=Payload, covariant=True)


class State(StrEnum):
    """What became of one entry, as known at N."""

    LIVE = "live"
    """It counts as it was sent (or it is a correction, retraction or link that has its effect)."""
    CORRECTED = "corrected"
    """It counts with the content of a live correction."""
    RETRACTED = "retracted"
    """A live retraction hides it; so are the corrections of a retracted entry."""
    SUPERSEDED = "superseded"
    """A correction overtaken by a later one, or a fact that another entry already states (F03)."""


class Fact(msgspec.Struct, Generic[P_co], frozen=True, gc=False):
    """One effective event: what counts after corrections."""

    entry: OpenEntry
    """The entry as it was sent, before correction."""
    time: datetime
    """When it happened (UTC), after correction."""
    local: datetime
    """The wall-clock time of that in Brussels, marked as UTC: what the timeline is ordered by."""
    date: date
    """Its local date, after correction: what clocks and figures work with."""
    payload: P_co
    corrected_by: Position | None
    """Position of the correction whose content this is."""
    last_position: Position
    """The highest position that shaped it: its own, or that of a correction or retraction that touched it."""

    @property
    def publisher(self) -> str:
        """KBO number of the organisation that published it."""
        return self.entry.source[8:18]


class Line(msgspec.Struct, frozen=True, gc=False):
    """One entry on the timeline, with what became of it."""

    entry: OpenEntry
    state: State
    time: datetime
    """Its effective time (UTC)."""
    date: date
    """Its effective local date."""
    by: Position | None
    """Position of the correction, retraction or winning duplicate behind the state."""
    fact: Fact[Payload] | None
    """The fact that it counts as; None when it does not, or only shapes others (corrections, retractions)."""


class ProblemKind(StrEnum):
    """Why a correction or retraction has no effect."""

    PENDING = "pending"
    """Its target is not known (yet): F02."""
    UNDIGESTIBLE = "undigestible"
    """The replacement is not an acceptable event of the target's type."""
    NOT_ALLOWED = "not_allowed"
    """The target's type may not be corrected or retracted."""
    CIRCLE = "circle"
    """A retraction that closes a circle of retractions."""


class Problem(msgspec.Struct, frozen=True, gc=False):
    """A live correction or retraction without effect."""

    entry: OpenEntry
    kind: ProblemKind


def as_sent(entry: OpenEntry) -> Fact[Payload]:
    """The fact that an entry states when nothing touches it."""
    time = entry.time
    offset, day = local_hour(int(time.timestamp() // 3600))
    return Fact(entry, time, time + offset, day, entry.payload, None, entry.position)
