"""Sector trajectories beside MO and beside VDAB's own offer (F12, F14)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import StreamKind
from ledger.codes.edition import AlignmentOutcome, EditionKind
from ledger.events.edition import EditionAligned, EditionParticipantEnrolled, EditionStarted
from ledger.finding import Hit, Severity, finding
from ledger.strands.participation import mo_overlap_days, participations_of
from ledger.subject import Subject


@finding(
    "F12",
    Severity.WARN,
    nl="Sectortraject valt niet samen met MO",
    en="Sector trajectory not concurrent with civic orientation",
    mend_nl="Een sectortraject loopt gelijktijdig met de MO-cursus: ga de datums na of plan anders.",
    mend_en="A sector trajectory runs alongside the MO course: check the dates or plan differently.",
    needs=(EditionParticipantEnrolled,),
)
def not_concurrent(subject: Subject) -> Iterable[Hit]:
    for participation in subject.memo(participations_of):
        if (
            participation.kind is EditionKind.SECTOR_TRAJECTORY
            and participation.begins is not None
            and mo_overlap_days(subject, participation) == 0
        ):
            yield Hit(since=participation.begins, position=participation.enrolled.entry.position, case=participation.enrolment_id)


@finding(
    "F14",
    Severity.WARN,
    nl="Gestart zonder afstemming met de bemiddelaar",
    en="Edition not aligned",
    mend_nl="Stem de editie af met VDAB of Actiris voor zij start; geef een ontbrekende afstemming door.",
    mend_en="Align the edition with VDAB or Actiris before it starts; pass on a missing alignment.",
    kinds=(StreamKind.EDITION,),
    needs=(EditionStarted,),
)
def edition_not_aligned(subject: Subject) -> Iterable[Hit]:
    started = subject.history.of(EditionStarted)[0]
    for aligned in subject.history.of(EditionAligned):
        if aligned.payload.outcome is AlignmentOutcome.COMPLEMENTARY and aligned.time <= started.time:
            return
    yield Hit(since=started.date, position=started.entry.position)
