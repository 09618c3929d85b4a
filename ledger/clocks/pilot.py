"""The clock of a pilot's evaluation (C23): a fixed date, before the summer of 2026."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ledger.catalogue import StreamKind
from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.policy import EvaluationSubject
from ledger.deadline import keyed, on_or_after, repeated, settle
from ledger.events.pilot import PilotOpened
from ledger.history import Fact
from ledger.subject import Subject


@clock(ClockId.C23, kinds=(StreamKind.POLICY,), starts=(PilotOpened,), against=Party.POLICY_OWNER, side=Side.SYSTEM)
def pilot_evaluated(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From the opening to a conclusion about the pilot. One that opens after the fixed date has no such clock [A]."""
    due = subject.parameters.pilot_evaluation_due
    opened = (fact for fact in subject.history.of(PilotOpened) if fact.date <= due)
    for pilot_id, openings in keyed(opened, lambda payload: payload.pilot_id).items():
        yield from repeated(openings, pilot_id, partial(_evaluated, subject, declared))


def _evaluated(subject: Subject, declared: ClockType, opened: Fact[PilotOpened], case: str) -> Clock:
    # the conclusion stands in a stream of its own, so it comes with the reference
    conclusions = (
        fact for fact in subject.reference.evaluations(opened.payload.pilot_id) if fact.payload.subject_kind is EvaluationSubject.PILOT
    )
    return settle(
        declared,
        subject,
        start=opened.date,
        case=case,
        position=opened.entry.position,
        stop=on_or_after(opened.date, conclusions),
        due=subject.parameters.pilot_evaluation_due,
        org=opened.publisher,
    )
