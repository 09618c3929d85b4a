"""Clocks of a recognition file: the authority's terms (C04, C05, C08, C08b), missing documents (C06), review (C07), orientation (C15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.recognition import (
    NARIC_PROCEDURES,
    PROFESSIONAL_PROCEDURES,
    DecisionKind,
    FileStatus,
    RecognitionOutcome,
    RecognitionProcedure,
)
from ledger.codes.roles import Role
from ledger.deadline import keyed, last_day, on_or_after, repeated, settle, unknown
from ledger.events.diploma import DiplomaDossierSubmitted, RecognitionDecided, RecognitionFileStatusChanged
from ledger.history import Fact
from ledger.parameters import Norm
from ledger.strands.dossier import Dossier, dossiers_of
from ledger.strands.pause import file_pauses
from ledger.subject import Subject
from ledger.time import joined

LEVEL: frozenset[RecognitionProcedure] = frozenset({RecognitionProcedure.LEVEL_HE})
AUTHORITY_TERMS: frozenset[RecognitionProcedure] = PROFESSIONAL_PROCEDURES | {RecognitionProcedure.TITLE_SPECIALIST}
"""Procedures of other authorities with a term; a ``visum`` has none (3.5)."""
ABANDONED: frozenset[FileStatus] = frozenset({FileStatus.WITHDRAWN, FileStatus.CLOSED_NO_DOCUMENTS})
ACKNOWLEDGING: frozenset[FileStatus] = frozenset({FileStatus.RECEIVED, FileStatus.INCOMPLETE, FileStatus.COMPLETE})


def submissions_of(subject: Subject, dossier: Dossier) -> tuple[Fact[DiplomaDossierSubmitted], ...]:
    """What each party told of the submission of a case: the agency and the authority may both report it."""
    return tuple(fact for fact in subject.history.of(DiplomaDossierSubmitted) if fact.payload.case_id == dossier.case_id)


def procedure_of(subject: Subject, dossier: Dossier) -> RecognitionProcedure | None:
    """The procedure of a case: as the authority submitted or decided it, else as the agency did; None when nobody told."""
    told = submissions_of(subject, dossier)
    own = next((fact.payload.procedure for fact in told if fact.entry.role is not Role.AGENCY), None)
    if own is None and dossier.decisions:
        own = dossier.decisions[0].payload.procedure
    return own or (told[0].payload.procedure if told else None)


def _statuses(dossier: Dossier, wanted: frozenset[FileStatus]) -> Iterator[Fact[RecognitionFileStatusChanged]]:
    return (fact for fact in dossier.statuses if fact.payload.status in wanted)


_COMPLETE = frozenset({FileStatus.COMPLETE})


@clock(ClockId.C04, starts=(RecognitionFileStatusChanged,), against=Party.NARIC, side=Side.SYSTEM)
def naric_level(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From a complete file to NARIC's initial decision, recognition of level."""
    return _decision(subject, declared, LEVEL, Role.NARIC)


@clock(ClockId.C05, starts=(RecognitionFileStatusChanged,), against=Party.NARIC, side=Side.SYSTEM)
def naric_other(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """The same for NARIC's other procedures."""
    return _decision(subject, declared, NARIC_PROCEDURES - LEVEL, Role.NARIC)


@clock(ClockId.C08, starts=(RecognitionFileStatusChanged,), against=Party.RECOGNITION_AUTHORITY, side=Side.SYSTEM)
def other_authority(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From a complete file to the decision of another authority; the general system has a month more than the automatic one."""
    return _decision(subject, declared, AUTHORITY_TERMS, Role.RECOGNITION_AUTHORITY)


def _decision(subject: Subject, declared: ClockType, procedures: frozenset[RecognitionProcedure], role: Role) -> Iterator[Clock]:
    for dossier in subject.memo(dossiers_of):
        procedure = procedure_of(subject, dossier)
        if procedure is not None and procedure not in procedures:
            continue
        decisions = dossier.decisions
        if role is Role.NARIC:
            decisions = tuple(fact for fact in decisions if fact.payload.decision_kind is DecisionKind.INITIAL)
        # a file that is complete again after the decision is a review, no new request
        completed = [fact for fact in _statuses(dossier, _COMPLETE) if not decisions or fact.date <= decisions[0].date]
        if procedure is None:
            told = next((fact for fact in completed if fact.entry.role is role), None)
            if told is not None:
                yield unknown(declared, start=told.date, case=dossier.case_id, position=told.entry.position)
        else:
            yield from repeated(completed, dossier.case_id, partial(_term, subject, declared, dossier, procedure, decisions))


def _term(
    subject: Subject,
    declared: ClockType,
    dossier: Dossier,
    procedure: RecognitionProcedure,
    decisions: tuple[Fact[RecognitionDecided], ...],
    complete: Fact[RecognitionFileStatusChanged],
    case: str,
) -> Clock:
    start = complete.date
    norm, due = subject.norm(declared.id, start), None
    if declared.id is ClockId.C08 and procedure is not RecognitionProcedure.PROFESSIONAL_AUTOMATIC:
        extra = subject.parameters.general_system_extra
        together = joined(norm.period, extra)
        if together is None:
            due = last_day(last_day(start, norm.period), extra)
        else:
            norm = Norm(together, norm.kind, norm.source)
    return settle(
        declared,
        subject,
        start=start,
        case=case,
        position=complete.entry.position,
        stop=on_or_after(start, decisions),
        neutral=on_or_after(start, _statuses(dossier, ABANDONED)),
        pauses=file_pauses(dossier.statuses),
        origin=dossier.submitted.date if dossier.submitted is not None else None,
        due=due,
        norm=norm,
        org=complete.publisher,
    )


@clock(ClockId.C08B, starts=(DiplomaDossierSubmitted,), against=Party.RECOGNITION_AUTHORITY, side=Side.SYSTEM)
def acknowledgement(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From submission under directive 2005/36/EC to the first word of the authority."""
    for dossier in subject.memo(dossiers_of):
        submitted = dossier.submitted
        if submitted is not None and procedure_of(subject, dossier) in PROFESSIONAL_PROCEDURES:
            yield settle(
                declared,
                subject,
                start=submitted.date,
                case=dossier.case_id,
                position=submitted.entry.position,
                stop=on_or_after(submitted.date, _statuses(dossier, ACKNOWLEDGING)),
                org=submitted.publisher if submitted.entry.role is Role.RECOGNITION_AUTHORITY else None,
            )


@clock(ClockId.C06, starts=(RecognitionFileStatusChanged,), against=Party.INBURGERAAR, side=Side.PERSON)
def missing_documents(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From each ``incomplete`` to ``complete``."""
    for dossier in subject.memo(dossiers_of):
        for incomplete in _statuses(dossier, frozenset({FileStatus.INCOMPLETE})):
            yield settle(
                declared,
                subject,
                start=incomplete.date,
                case=f"{dossier.case_id}/{incomplete.date.isoformat()}",
                position=incomplete.entry.position,
                stop=on_or_after(incomplete.date, _statuses(dossier, _COMPLETE)),
                neutral=on_or_after(incomplete.date, _statuses(dossier, frozenset({FileStatus.CLOSED_NO_DOCUMENTS}))),
            )


@clock(ClockId.C07, starts=(RecognitionDecided,), against=Party.INBURGERAAR, side=Side.PERSON, finding=None)
def review_term(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """The time in which a review may be asked of a decision that did not grant what was requested."""
    for dossier in subject.memo(dossiers_of):
        disputable = (fact for fact in dossier.decisions if fact.payload.outcome is not RecognitionOutcome.GRANTED_AS_REQUESTED)
        for kind, decisions in keyed(disputable, _kind).items():
            yield from repeated(decisions, f"{dossier.case_id}/{kind}", partial(_review, subject, declared, dossier))


def _kind(decided: RecognitionDecided) -> str:
    return decided.decision_kind.value


def _review(subject: Subject, declared: ClockType, dossier: Dossier, decided: Fact[RecognitionDecided], case: str) -> Clock:
    requested = on_or_after(decided.date, _statuses(dossier, frozenset({FileStatus.REVIEW_REQUESTED})))
    return settle(declared, subject, start=decided.date, case=case, position=decided.entry.position, stop=requested)


@clock(ClockId.C15, starts=(RecognitionDecided,), against=Party.AGENCY, side=Side.SYSTEM, finding="F37")
def orientation_after_decision(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From the initial decision, and again from the review, to orientation by the agency that guided the case."""
    for dossier in subject.memo(dossiers_of):
        told = submissions_of(subject, dossier)
        if told and not any(fact.payload.guided_by_agency for fact in told):
            continue
        decisions = (fact for fact in dossier.decisions if fact.payload.decision_kind is not DecisionKind.LOWER_LEVEL)
        for kind, held in keyed(decisions, _kind).items():
            yield from repeated(held, f"{dossier.case_id}/{kind}", partial(_orientation, subject, declared, dossier, told))


def _orientation(
    subject: Subject,
    declared: ClockType,
    dossier: Dossier,
    told: Sequence[Fact[DiplomaDossierSubmitted]],
    decided: Fact[RecognitionDecided],
    case: str,
) -> Clock:
    start, position = decided.date, decided.entry.position
    if not told:
        return unknown(declared, start=start, case=case, position=position)
    return settle(
        declared,
        subject,
        start=start,
        case=case,
        position=position,
        stop=on_or_after(start, dossier.orientations),
        org=next((fact.publisher for fact in told if fact.entry.role is Role.AGENCY), None),
    )
