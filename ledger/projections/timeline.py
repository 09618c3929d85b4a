"""One row per entry, with what became of it. What it says is not here: it stays sealed in the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from ledger.finding import EVERY_KIND
from ledger.projection import projection
from ledger.quality import is_late
from ledger.strands.line import lines_of
from ledger.subject import Subject


class TimelineRow(msgspec.Struct, frozen=True):
    """One entry of a stream group."""

    position: int
    stream: str
    type: str
    id: str
    source: str
    role: str
    time: datetime
    """As it was sent."""
    day: date
    """Effective local date, after correction."""
    recorded_at: datetime
    admitted_at: datetime
    state: str
    by: int | None
    """Position of the correction, retraction or duplicate behind the state."""
    corrected: bool
    retracted: bool
    late: bool


@projection(
    "timeline",
    kinds=EVERY_KIND,
    row=TimelineRow,
    nl="Tijdlijn: elk event met zijn toestand",
    en="Timeline: every entry with its state",
)
def timeline(subject: Subject) -> Iterable[TimelineRow]:
    late_days = subject.parameters.late_days
    for line in subject.memo(lines_of):
        entry, state = line.entry, line.state.value
        yield TimelineRow(
            entry.position,
            entry.stream,
            entry.type,
            entry.id,
            entry.source,
            entry.role,
            entry.time,
            line.date,
            entry.recorded_at,
            entry.admitted_at,
            state,
            line.by,
            state == "corrected",
            state == "retracted",
            is_late(entry.time, entry.admitted_at, late_days),
        )
