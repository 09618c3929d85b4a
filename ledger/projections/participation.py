"""One row per enrolment in an edition (``fact_participation`` of evaluation.md 6.2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.clock import Clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState
from ledger.codes.edition import EditionKind, ParticipationOutcome, Perspective
from ledger.codes.referral import ReferralAnswer, ReferralKind
from ledger.codes.sector import Sector
from ledger.codes.work import TrainingKind
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.history import Fact
from ledger.projection import doc, projection
from ledger.strands.course import trainings_of
from ledger.strands.job import jobs_of
from ledger.strands.participation import Participation, mo_overlap_days, participations_of
from ledger.subject import Subject
from ledger.time import days_after

_STUDY = frozenset({TrainingKind.ADULT_EDUCATION, TrainingKind.HIGHER_EDUCATION})


class ParticipationRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One enrolment_id, with its edition."""

    enrolment_id: Annotated[str, doc("Enrolment")]
    edition_id: Annotated[str, doc("Edition")]
    edition_kind: Annotated[EditionKind | None, doc("Empty while the edition is not known")]
    theme: Annotated[str | None, doc("Theme of the edition")]
    pilot_id: Annotated[str | None, doc("Pilot of the edition")]
    enrolled_on: Annotated[date, doc("Day of enrolment")]
    begin_on: Annotated[date | None, doc("The later of enrolment and the edition's start")]
    ended_on: Annotated[date | None, doc("Day the participation ended")]
    outcome: Annotated[ParticipationOutcome | None, doc("How it ended")]
    attended_min: Annotated[int | None, doc("Minutes attended")]
    terms_min: Annotated[int | None, doc("Minutes spent on Dutch terms of the sector")]
    terms_planned_min: Annotated[int | None, doc("Minutes of Dutch terms that the edition planned")]
    sectors_met: Annotated[tuple[Sector, ...], doc("Sectors met")]
    mo_concurrent: Annotated[bool | None, doc("Shares a day with an MO course; empty while it has not begun")]
    mo_overlap_days: Annotated[int | None, doc("Days shared with MO courses; empty until it has ended")]
    perspective: Annotated[Perspective | None, doc("First perspective recorded")]
    persp_on: Annotated[date | None, doc("Its day")]
    persp_sector: Annotated[Sector | None, doc("Its sector")]
    c13_state: Annotated[ClockState | None, doc("Clock C13: perspective in time")]
    handover_ref: Annotated[str | None, doc("First warm handover for the edition, or within 14 days after the end")]
    handover_action_on: Annotated[date | None, doc("First action of the partner that took it up")]
    c12_state: Annotated[ClockState | None, doc("Clock C12: warm handover in time")]
    next180: Annotated[str | None, doc("First of job, training, study within 180 days after the end")]
    next180_sector: Annotated[bool | None, doc("Whether that is in a sector of the edition")]


@projection(
    "participation",
    kinds=(StreamKind.PERSON,),
    row=ParticipationRow,
    nl="Deelnames aan edities",
    en="Participations in editions",
    index=[("edition_id",)],
)
def participation(subject: Subject) -> Iterable[ParticipationRow]:
    participations = subject.memo(participations_of)
    if not participations or subject.history.erased:
        return []
    clocks = {(clock.clock, clock.case): clock for clock in subject.clocks_of(ClockId.C12, ClockId.C13)}
    return [_row(subject, one, clocks) for one in participations]


def _row(subject: Subject, one: Participation, clocks: Mapping[tuple[ClockId, str], Clock]) -> ParticipationRow:
    ended, planned, perspective = one.ended, one.planned, one.perspective
    overlap = mo_overlap_days(subject, one)
    handover = _handover(subject, one)
    after = _next_outcome(subject, one)
    c12, c13 = clocks.get((ClockId.C12, one.enrolment_id)), clocks.get((ClockId.C13, one.enrolment_id))
    return ParticipationRow(
        enrolment_id=one.enrolment_id,
        edition_id=one.edition_id,
        edition_kind=one.kind,
        theme=planned.theme if planned else None,
        pilot_id=planned.pilot_id if planned else None,
        enrolled_on=one.enrolled.date,
        begin_on=one.begins,
        ended_on=ended.date if ended else None,
        outcome=one.outcome,
        attended_min=ended.payload.attended_min if ended else None,
        terms_min=ended.payload.dutch_terms_min if ended else None,
        terms_planned_min=planned.dutch_terms_min if planned else None,
        sectors_met=ended.payload.sectors_met if ended else (),
        mo_concurrent=None if overlap is None else overlap > 0,
        mo_overlap_days=overlap if ended else None,
        perspective=perspective.payload.perspective if perspective else None,
        persp_on=perspective.date if perspective else None,
        persp_sector=perspective.payload.sector if perspective else None,
        c13_state=c13.state if c13 else None,
        handover_ref=handover.payload.referral_id if handover else None,
        handover_action_on=_action_on(subject, handover.payload.referral_id) if handover else None,
        c12_state=c12.state if c12 else None,
        next180=after[1] if after else None,
        next180_sector=after[2] in planned.sectors if after and planned else None,
    )


def _handover(subject: Subject, one: Participation) -> Fact[ReferralMade] | None:
    last = None if one.ended is None else days_after(one.ended.date, subject.parameters.handover_days)
    for referral in subject.history.of(ReferralMade):
        if referral.payload.kind is not ReferralKind.WARM_HANDOVER:
            continue
        near = one.ended is not None and last is not None and one.ended.date <= referral.date <= last
        if referral.payload.edition_id == one.edition_id or (referral.payload.edition_id is None and near):
            return referral
    return None


def _action_on(subject: Subject, referral_id: str) -> date | None:
    return next(
        (
            fact.payload.first_action_on
            for fact in subject.history.of(ReferralAnswered)
            if fact.payload.referral_id == referral_id and fact.payload.answer is ReferralAnswer.TAKEN_UP
        ),
        None,
    )


def _next_outcome(subject: Subject, one: Participation) -> tuple[date, str, Sector] | None:
    """The first job, training or study after the end of a participation."""
    if one.ended is None:
        return None
    first, last = one.ended.date, days_after(one.ended.date, subject.parameters.next_outcome_days)
    found = [(job.begins, "job", job.start.payload.sector) for job in subject.memo(jobs_of)]
    for training in subject.memo(trainings_of):
        started = training.started
        found.append((started.date, "study" if started.payload.training_kind in _STUDY else "training", started.payload.sector))
    return min((item for item in found if first <= item[0] <= last), default=None)
