"""When a history must be folded again without an entry of its own: what it points at, and when time alone changes it."""

from __future__ import annotations

from datetime import date

from ledger.aggregate import contributions
from ledger.business_id import points_elsewhere, streams_mentioned
from ledger.events.edition import EditionPlanned
from ledger.events.pilot import PilotOpened
from ledger.finding import evaluate
from ledger.milestone import due_days
from ledger.subject import Subject
from ledger.verdict import StreamId


def references(subject: Subject) -> frozenset[StreamId]:
    """The streams of other things that this history's rows depend on: editions, offers, pilots, frameworks, organisations.

    Norms (``beleid/norm/…``) are left out: they can touch everybody.
    """
    streams: set[str] = set()
    history = subject.history
    for payload in history.payload_types:
        if points_elsewhere(payload):
            for fact in history.of(payload):
                streams.update(streams_mentioned(fact.payload))
    for planned in history.of(EditionPlanned):
        streams.update(f"bron/{org}" for org in planned.payload.partners)
    for opened in history.of(PilotOpened):
        streams.add(f"beleid/evaluation/{opened.payload.pilot_id}")
    streams.discard(subject.key)
    return frozenset(StreamId(stream) for stream in streams)


def next_change(subject: Subject) -> date | None:
    """The first day after the as-of date on which any row of this subject changes without a new entry; None for never."""
    as_of = subject.as_of
    days = [clock.next_change for clock in subject.clocks]
    days += [subject.history.next_date, subject.memo(evaluate).next_change]
    days += [one.day for _, one in subject.memo(contributions)]
    days += subject.memo(due_days)
    return min((day for day in days if day is not None and day > as_of), default=None)
