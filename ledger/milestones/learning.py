"""Dutch, civic orientation, the certificate, training (columns 15, 42–45, 55, 56)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState
from ledger.codes.contract import CertificateKind
from ledger.codes.course import Cefr, CourseOutcome
from ledger.codes.sector import Sector
from ledger.codes.work import TrainingKind, TrainingOutcome
from ledger.events.contract import CertificateIssued
from ledger.events.course import MoCourseEnded
from ledger.events.work import TrainingEnded, TrainingStarted
from ledger.milestone import as_json, earliest, milestones
from ledger.projection import doc
from ledger.strands.contract import first_contract_of
from ledger.strands.course import courses_of, oral_on, oral_steps_of
from ledger.subject import Subject

_A2, _B1 = Cefr.A2.rank, Cefr.B1.rank


class LearningFacts(msgspec.Struct, frozen=True, gc=False):
    """What was learned and proven."""

    oral0: Annotated[Cefr, doc("Best oral Dutch at the contract; a screening proves nothing")]
    oral_d: Annotated[Cefr, doc("Best oral Dutch on the as-of date")]
    a2_on: Annotated[date | None, doc("First day of oral Dutch at A2 or above")]
    b1_on: Annotated[date | None, doc("First day of oral Dutch at B1 or above")]
    mo_on: Annotated[date | None, doc("First start of an MO course")]
    mo_end_on: Annotated[date | None, doc("Last end of an MO course")]
    mo_out: Annotated[CourseOutcome | None, doc("Outcome of that end")]
    mo_periods: Annotated[bytes, doc("MO courses as [first day, last day or null]")]
    cert_on: Annotated[date | None, doc("First certificate or declaration")]
    cert_kind: Annotated[CertificateKind | None, doc("Its kind")]
    c14_state: Annotated[ClockState | None, doc("Clock C14: oral B1 after the certificate")]
    train1_on: Annotated[date | None, doc("First training that starts after the contract")]
    train1_sector: Annotated[Sector | None, doc("Its sector")]
    train1_kind: Annotated[TrainingKind | None, doc("Its kind")]
    train_done: Annotated[int, doc("Trainings completed")]


@milestones(LearningFacts, order=60)
def learning_facts(subject: Subject) -> LearningFacts:
    history = subject.history
    contract = subject.memo(first_contract_of)
    steps = subject.memo(oral_steps_of)
    courses = subject.memo(courses_of)
    ends = history.of(MoCourseEnded)
    certificate = earliest(history.of(CertificateIssued))
    later = [fact for fact in history.of(TrainingStarted) if contract is not None and fact.date > contract.signed_on]
    training = earliest(later)
    c14 = subject.clocks_of(ClockId.C14)
    return LearningFacts(
        oral0=oral_on(subject, contract.signed_on) if contract else Cefr.PRE_A1,
        oral_d=steps[-1][1] if steps else Cefr.PRE_A1,
        a2_on=next((day for day, level in steps if level.rank >= _A2), None),
        b1_on=next((day for day, level in steps if level.rank >= _B1), None),
        mo_on=courses[0].begins if courses else None,
        mo_end_on=ends[-1].date if ends else None,
        mo_out=ends[-1].payload.outcome if ends else None,
        mo_periods=as_json([(course.begins, course.last_day) for course in courses]),
        cert_on=certificate.date if certificate else None,
        cert_kind=certificate.payload.kind if certificate else None,
        c14_state=c14[-1].state if c14 else None,
        train1_on=training.date if training else None,
        train1_sector=training.payload.sector if training else None,
        train1_kind=training.payload.training_kind if training else None,
        train_done=sum(fact.payload.outcome is TrainingOutcome.COMPLETED for fact in history.of(TrainingEnded)),
    )
