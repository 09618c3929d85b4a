"""Clocks after a sector trajectory: the warm handover (C12) and the perspective (C13)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.edition import EditionKind, ParticipationOutcome
from ledger.codes.referral import ReferralAnswer, ReferralKind
from ledger.codes.vdab import ActivationStep
from ledger.deadline import keyed, on_or_after, repeated, settle, soonest, unknown
from ledger.events.edition import EditionParticipationEnded, PerspectiveRecorded
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.vdab import ActivationStepReported
from ledger.events.work import TrainingStarted
from ledger.history import Fact
from ledger.strands.job import jobs_of
from ledger.strands.registration import HAPPENED
from ledger.subject import Subject


def completed_by_enrolment(subject: Subject) -> dict[str, list[Fact[EditionParticipationEnded]]]:
    """Completed participations that are, or may be, in a sector trajectory: the edition may not be known yet."""
    ended = (
        fact
        for fact in subject.history.of(EditionParticipationEnded)
        if fact.payload.outcome is ParticipationOutcome.COMPLETED
        and subject.reference.edition_kind(fact.payload.edition_id) is not EditionKind.GROUP_OFFER
    )
    return keyed(ended, lambda payload: payload.enrolment_id)


@clock(ClockId.C12, starts=(EditionParticipationEnded,), against=Party.AGENCY, side=Side.SYSTEM, finding="F16")
def warm_handover(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From completion to the activation partner's first action. Work or training meets it too (X9)."""
    for enrolment_id, ended in subject.memo(completed_by_enrolment).items():
        yield from repeated(ended, enrolment_id, partial(_handover, subject, declared))


def _handover(subject: Subject, declared: ClockType, ended: Fact[EditionParticipationEnded], case: str) -> Clock:
    start, position, edition_id = ended.date, ended.entry.position, ended.payload.edition_id
    if subject.reference.edition_kind(edition_id) is None:
        return unknown(declared, start=start, case=case, position=position)
    history = subject.history
    handovers = [fact for fact in history.of(ReferralMade) if _hands_over(fact, ended)]
    referrals = {fact.payload.referral_id for fact in handovers}
    actions = [
        fact.payload.first_action_on
        for fact in history.of(ReferralAnswered)
        if fact.payload.answer is ReferralAnswer.TAKEN_UP and fact.payload.referral_id in referrals
    ]
    steps = (
        fact
        for fact in history.of(ActivationStepReported)
        if fact.payload.state in HAPPENED and fact.payload.step is not ActivationStep.DEREGISTERED
    )
    return settle(
        declared,
        subject,
        start=start,
        case=case,
        position=position,
        stop=soonest(
            *(day for day in actions if day is not None and day >= start),
            on_or_after(start, steps),
            *(job.begins for job in subject.memo(jobs_of) if job.begins >= start),
            on_or_after(start, history.of(TrainingStarted)),
        ),
        against=Party(handovers[0].payload.target.value) if handovers else Party.AGENCY,
        org=handovers[0].payload.target_org if handovers else None,
    )


def _hands_over(made: Fact[ReferralMade], ended: Fact[EditionParticipationEnded]) -> bool:
    """Whether a referral is the warm handover of this participation: it names the edition, or comes after it and names none."""
    referral = made.payload
    if referral.kind is not ReferralKind.WARM_HANDOVER:
        return False
    return referral.edition_id == ended.payload.edition_id or (referral.edition_id is None and made.date >= ended.date)


@clock(ClockId.C13, starts=(EditionParticipationEnded,), against=Party.ORGANISER, side=Side.SYSTEM, finding="F15")
def perspective(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From completion to a recorded perspective for the same enrolment."""
    for enrolment_id, ended in subject.memo(completed_by_enrolment).items():
        yield from repeated(ended, enrolment_id, partial(_perspective, subject, declared))


def _perspective(subject: Subject, declared: ClockType, ended: Fact[EditionParticipationEnded], case: str) -> Clock:
    start, position, enrolment_id = ended.date, ended.entry.position, ended.payload.enrolment_id
    if subject.reference.edition_kind(ended.payload.edition_id) is None:
        return unknown(declared, start=start, case=case, position=position)
    recorded = (fact for fact in subject.history.of(PerspectiveRecorded) if fact.payload.enrolment_id == enrolment_id)
    stop = on_or_after(start, recorded)
    return settle(declared, subject, start=start, case=case, position=position, stop=stop, org=ended.publisher)
