"""What an edition shows with its participants: over capacity (F13), and the pattern rules P2, P7, P10 of F27."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.aggregate import Contribution, Totals, aggregate, tally
from ledger.catalogue import StreamKind
from ledger.codes.edition import EditionKind
from ledger.codes.referral import ReferralKind
from ledger.codes.roles import Role
from ledger.events.edition import EditionAligned, EditionParticipantEnrolled, EditionPlanned
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.finding import ROLE_SMELL, Hit, Severity, declare, declare_rule, finding_type, pattern
from ledger.strands.course import courses_of
from ledger.strands.participation import participations_of
from ledger.subject import Subject
from ledger.time import day_after, days_after
from ledger.verdict import StreamId

F13 = declare(
    "F13",
    Severity.INFO,
    nl="Meer deelnemers dan plaatsen",
    en="Over capacity",
    mend_nl="Ga de inschrijvingen of de capaciteit van de editie na.",
    mend_en="Check the enrolments or the capacity of the edition.",
)
F27 = finding_type(ROLE_SMELL)
_EDITION = "editie/"


@tally("enrolment", needs=(EditionParticipantEnrolled,))
def enrolment(subject: Subject) -> Iterable[Contribution]:
    """Each live enrolment, on its edition; ``until`` is the last day of the participant's MO courses, planned if still open."""
    ends = [course.expected_end for course in subject.memo(courses_of)]
    last = max(ends, default=None)
    for participation in subject.memo(participations_of):
        yield Contribution(_EDITION + participation.edition_id, participation.enrolled.date, 1, last)


@tally("handover_unanswered", needs=(ReferralMade,))
def handover_unanswered(subject: Subject) -> Iterable[Contribution]:
    """Each warm handover of an edition that nobody answered in time, on the day its time is up."""
    answered: dict[str, date] = {}
    for answer in subject.history.of(ReferralAnswered):
        answered.setdefault(answer.payload.referral_id, answer.date)
    for referral in subject.history.of(ReferralMade):
        made = referral.payload
        if made.kind is not ReferralKind.WARM_HANDOVER or made.edition_id is None:
            continue
        on, last = answered.get(made.referral_id), days_after(referral.date, subject.parameters.p10_days)
        if on is None or on > last:
            yield Contribution(_EDITION + made.edition_id, day_after(last))


def _planned(totals: Totals, stream: StreamId) -> EditionPlanned | None:
    edition = totals.reference.edition(stream.removeprefix(_EDITION))
    return edition.planned.payload if edition is not None and edition.planned is not None else None


@aggregate(F13)
def over_capacity(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    for stream, sums in totals.of("enrolment"):
        planned = _planned(totals, stream)
        enrolled = 0
        for one in sums:
            enrolled += one.n
            if planned is not None and enrolled > planned.capacity:
                yield stream, Hit(since=one.day)
                break


declare_rule("P2", nl="Oriëntatie die op opleiding lijkt", en="Orientation that looks like training")
declare_rule("P10", nl="Bemiddelaar afwezig bij de warme overdracht", en="Mediator left out of a warm handover")


@aggregate(F27, rule="P2")
def looks_like_training(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    """Planned to end long after the last MO end of its participants, or with very many sessions; one participant at least."""
    for stream, sums in totals.of("enrolment"):
        planned = _planned(totals, stream)
        if planned is None or planned.edition_kind is not EditionKind.SECTOR_TRAJECTORY:
            continue
        last = max((one.until for one in sums if one.until is not None), default=None)
        beyond = last is not None and planned.planned_end > days_after(last, totals.parameters.p2_days)
        if beyond or planned.sessions > totals.parameters.p2_sessions:
            yield stream, Hit(since=sums[0].day)


@aggregate(F27, rule="P10")
def left_out(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    for stream, sums in totals.of("handover_unanswered"):
        unanswered = 0
        for one in sums:
            unanswered += one.n
            if unanswered >= totals.parameters.p10_handovers:
                yield stream, Hit(since=one.day)
                break


@pattern(
    "P7",
    nl="Sectortraject zonder de bemiddelaar uitgewerkt",
    en="Trajectory made without the mediator",
    kinds=(StreamKind.EDITION,),
    needs=(EditionPlanned,),
)
def without_mediator(subject: Subject) -> Iterable[Hit]:
    mediators = {aligned.publisher for aligned in subject.history.of(EditionAligned)}
    for planned in subject.history.of(EditionPlanned):
        if not mediators.isdisjoint(planned.payload.partners):
            continue  # a partner that aligned the edition showed which role it holds
        if planned.payload.edition_kind is not EditionKind.SECTOR_TRAJECTORY:
            continue
        roles = {role for org in planned.payload.partners for role in subject.reference.roles_of(org, subject.as_of)}
        if roles.isdisjoint({Role.VDAB, Role.ACTIRIS}):
            yield Hit(since=planned.date, position=planned.entry.position)
