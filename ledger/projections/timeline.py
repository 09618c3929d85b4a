"""One row per entry, with what became of it. What it says is not here: it stays sealed in the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from ledger.finding import EVERY_KIND
from ledger.projection import doc, projection
from ledger.quality import is_late
from ledger.strands.line import lines_of
from ledger.subject import Subject


class TimelineRow(msgspec.Struct, frozen=True, gc=False):
    """One entry of a stream group."""

    position: Annotated[int, doc("Place in the ledger")]
    stream: Annotated[str, doc("Stream in which it stands; another than key for an absorbed person")]
    type: Annotated[str, doc("Short event type")]
    id: Annotated[str, doc("Id that the publisher gave it")]
    source: Annotated[str, doc("System that published it: urn:kbo:number:system")]
    role: Annotated[str, doc("Role of the publisher")]
    time: Annotated[datetime, doc("When it happened, as it was sent")]
    day: Annotated[date, doc("Local date on which it happened, after correction")]
    recorded_at: Annotated[datetime, doc("When the publisher's system recorded it")]
    admitted_at: Annotated[datetime, doc("When the ledger admitted it")]
    state: Annotated[str, doc("live, corrected, retracted or superseded")]
    by: Annotated[int | None, doc("Position of the correction, retraction or duplicate behind the state")]
    corrected: Annotated[bool, doc("Whether it counts with the content of a correction")]
    retracted: Annotated[bool, doc("Whether a live retraction hides it")]
    late: Annotated[bool, doc("Whether it was admitted more than 14 days after it happened (F01)")]


@projection(
    "timeline",
    version=2,
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
