"""Participations in editions: an enrolment, the edition's own dates, and how it ended."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.codes.edition import EditionKind, ParticipationOutcome
from ledger.events.edition import EditionParticipantEnrolled, EditionParticipationEnded, EditionPlanned, PerspectiveRecorded
from ledger.history import Fact
from ledger.strands.course import courses_of
from ledger.subject import Subject


class Participation(msgspec.Struct, frozen=True, gc=False):
    """One enrolment_id."""

    enrolment_id: str
    edition_id: str
    enrolled: Fact[EditionParticipantEnrolled]
    ended: Fact[EditionParticipationEnded] | None
    perspective: Fact[PerspectiveRecorded] | None
    """The first perspective recorded."""
    planned: EditionPlanned | None
    """The edition's plan; None while it is not known."""
    begins: date | None
    """The later of enrolment and the edition's start; None while it has not begun, or when the person never started."""

    @property
    def kind(self) -> EditionKind | None:
        return None if self.planned is None else self.planned.edition_kind

    @property
    def outcome(self) -> ParticipationOutcome | None:
        return None if self.ended is None else self.ended.payload.outcome


def participations_of(subject: Subject) -> tuple[Participation, ...]:
    """The participations in order of enrolment. An end without an enrolment is none (F02)."""
    history = subject.history
    enrolments: dict[str, Fact[EditionParticipantEnrolled]] = {}
    for fact in history.of(EditionParticipantEnrolled):
        enrolments.setdefault(fact.payload.enrolment_id, fact)
    if not enrolments:
        return ()
    ends: dict[str, Fact[EditionParticipationEnded]] = {}
    for ended in history.of(EditionParticipationEnded):
        ends.setdefault(ended.payload.enrolment_id, ended)
    perspectives: dict[str, Fact[PerspectiveRecorded]] = {}
    for recorded in history.of(PerspectiveRecorded):
        perspectives.setdefault(recorded.payload.enrolment_id, recorded)
    return tuple(
        _participation(subject, enrolment_id, fact, ends.get(enrolment_id), perspectives.get(enrolment_id))
        for enrolment_id, fact in enrolments.items()
    )


def _participation(
    subject: Subject,
    enrolment_id: str,
    enrolled: Fact[EditionParticipantEnrolled],
    ended: Fact[EditionParticipationEnded] | None,
    perspective: Fact[PerspectiveRecorded] | None,
) -> Participation:
    edition_id = enrolled.payload.edition_id
    edition = subject.reference.edition(edition_id)
    begins: date | None = None
    if ended is None or ended.payload.outcome is not ParticipationOutcome.NEVER_STARTED:
        if edition is not None and edition.started is not None:
            begins = max(enrolled.date, edition.started.date)
        elif ended is not None:
            # It ended, so it had begun; without the edition's own start the enrolment is the best that is known.
            begins = enrolled.date
    planned = edition.planned.payload if edition is not None and edition.planned is not None else None
    return Participation(enrolment_id, edition_id, enrolled, ended, perspective, planned, begins)


def mo_overlap_days(subject: Subject, participation: Participation) -> int | None:
    """Days of the participation that lie in an MO course of the person; None while it has not begun."""
    if participation.begins is None:
        return None
    first = participation.begins
    last = subject.as_of if participation.ended is None else participation.ended.date
    days, reached = 0, first.toordinal() - 1
    for begins, ends in sorted((course.begins, course.last_day or subject.as_of) for course in subject.memo(courses_of)):
        start, stop = max(begins.toordinal(), reached + 1), min(last, ends).toordinal()
        days += max(0, stop - start + 1)
        reached = max(reached, stop)
    return days
