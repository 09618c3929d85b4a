"""What the sequencer says of itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from ledger.verdict import Position


class Phase(StrEnum):
    """What the sequencer is doing."""

    WRITING = "writing"
    """It takes submissions and writes them."""
    RECONNECTING = "reconnecting"
    """The database is away; it tries again by itself."""
    FENCED = "fenced"
    """Another writer took over; this one is finished."""
    STOPPED = "stopped"
    """It was closed."""
    ELSEWHERE = "elsewhere"
    """Another process writes; this one only shows."""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Where the sequencer stands."""

    phase: Phase
    epoch: int
    position: Position
    """The last position that was acknowledged."""
    admitted_at: datetime | None
    waiting: int
    """Submissions in the queue."""
    batches: int
    """Transactions written since the start."""
    submissions: int
    """Submissions answered since the start, dry runs not counted."""
