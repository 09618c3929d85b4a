"""Recognition dossiers and their deficits as rows for evaluation (evaluation.md 6.2.2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ledger.clock import Clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState
from ledger.codes.person import EducationLevel, EducationOrigin
from ledger.codes.recognition import (
    DecisionKind,
    DeficitKind,
    FileStatus,
    NextStep,
    RecognitionAuthority,
    RecognitionOutcome,
    RecognitionProcedure,
    RegulatedProfession,
)
from ledger.codes.sector import Sector
from ledger.codes.work import TrainingOutcome
from ledger.events.diploma import RecognitionProcedureExplained
from ledger.finding import evaluate
from ledger.projection import doc
from ledger.strands.course import trainings_of
from ledger.strands.dossier import Dossier, dossiers_of
from ledger.subject import Subject

_DECISION_CLOCKS = frozenset({ClockId.C04, ClockId.C05, ClockId.C08})
_CLOSED = frozenset({FileStatus.WITHDRAWN, FileStatus.CLOSED_NO_DOCUMENTS})


class CaseRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One case_id."""

    case_id: Annotated[str, doc("Dossier")]
    authority: Annotated[RecognitionAuthority | None, doc("Authority of the submission, else of the decision")]
    procedure: Annotated[RecognitionProcedure | None, doc("Procedure of the submission, else of the decision")]
    regulated: Annotated[RegulatedProfession | None, doc("Regulated profession aimed at")]
    origin: Annotated[EducationOrigin | None, doc("Where the diploma was obtained")]
    field: Annotated[Sector | None, doc("Field of the diploma")]
    claimed_level: Annotated[EducationLevel | None, doc("Level asked for")]
    guided: Annotated[bool | None, doc("Guided by an agency")]
    explained_on: Annotated[date | None, doc("Last explanation of a procedure on or before the submission")]
    previous_case: Annotated[str | None, doc("Dossier that came before it")]
    submitted_on: Annotated[date | None, doc("Day of submission")]
    received_on: Annotated[date | None, doc("Day on which the authority reported receipt")]
    complete_on: Annotated[date | None, doc("First day on which the file was complete: the clock starts")]
    paused_days: Annotated[int | None, doc("Days paused so far, by the decision clock")]
    decided_on: Annotated[date | None, doc("First initial decision")]
    decision_kind: Annotated[DecisionKind | None, doc("Kind of the decision that holds: review, lower level, initial")]
    outcome: Annotated[RecognitionOutcome | None, doc("Outcome of the decision that holds")]
    granted_level: Annotated[EducationLevel | None, doc("Level granted")]
    n_deficits: Annotated[int, doc("Deficits of the decision that holds")]
    net_days: Annotated[int | None, doc("Complete to initial decision without pauses")]
    gross_days: Annotated[int | None, doc("Submission to initial decision")]
    clock_state: Annotated[ClockState | None, doc("C04, C05 or C08")]
    closed_status: Annotated[FileStatus | None, doc("withdrawn or closed_no_documents")]
    closed_on: Annotated[date | None, doc("Day of that status")]
    orient_on: Annotated[date | None, doc("First orientation after the decision")]
    next_step: Annotated[NextStep | None, doc("Step that the orientation named")]
    c15_state: Annotated[ClockState | None, doc("Clock C15: orientation after the decision")]
    next_case_id: Annotated[str | None, doc("Dossier that names this one as its previous")]
    route_ok: Annotated[bool, doc("No F38")]


def cases_of(subject: Subject) -> list[CaseRow]:
    """The rows of one person, by case id."""
    dossiers = subject.memo(dossiers_of)
    if not dossiers:
        return []
    explained = [fact.date for fact in subject.history.of(RecognitionProcedureExplained)]
    following: dict[str, str] = {}
    for dossier in dossiers:
        if dossier.submitted is not None and dossier.submitted.payload.previous_case is not None:
            following.setdefault(dossier.submitted.payload.previous_case, dossier.case_id)
    misrouted = {finding.case for finding in subject.memo(evaluate).live if finding.code == "F38"}
    return [_row(subject, dossier, explained, following.get(dossier.case_id), dossier.case_id not in misrouted) for dossier in dossiers]


def _row(subject: Subject, dossier: Dossier, explained: list[date], next_case: str | None, route_ok: bool) -> CaseRow:
    submitted = dossier.submitted.payload if dossier.submitted is not None else None
    submitted_on = dossier.submitted.date if dossier.submitted is not None else None
    decision = dossier.decision.payload if dossier.decision is not None else None
    decided_on = dossier.initial.date if dossier.initial is not None else None
    clock = _clock(subject, dossier.case_id, *_DECISION_CLOCKS)
    c15 = _clock(subject, dossier.case_id, ClockId.C15)
    orientation = dossier.orientations[0] if dossier.orientations else None
    said = submitted or decision
    closed = next((fact for fact in dossier.statuses if fact.payload.status in _CLOSED), None)
    return CaseRow(
        case_id=dossier.case_id,
        authority=said.authority if said else None,
        procedure=said.procedure if said else None,
        regulated=submitted.regulated_profession if submitted else None,
        origin=submitted.diploma_origin if submitted else None,
        field=submitted.diploma_field if submitted else None,
        claimed_level=submitted.claimed_level if submitted else None,
        guided=submitted.guided_by_agency if submitted else None,
        explained_on=max((day for day in explained if submitted_on is not None and day <= submitted_on), default=None),
        previous_case=submitted.previous_case if submitted else None,
        submitted_on=submitted_on,
        received_on=_first_day(dossier, FileStatus.RECEIVED),
        complete_on=_first_day(dossier, FileStatus.COMPLETE),
        paused_days=clock.paused if clock else None,
        decided_on=decided_on,
        decision_kind=decision.decision_kind if decision else None,
        outcome=decision.outcome if decision else None,
        granted_level=decision.granted_level if decision else None,
        n_deficits=len(decision.deficits) if decision else 0,
        net_days=clock.elapsed if clock is not None and clock.stop is not None else None,
        gross_days=(decided_on - submitted_on).days if decided_on is not None and submitted_on is not None else None,
        clock_state=clock.state if clock else None,
        closed_status=closed.payload.status if closed is not None else None,
        closed_on=closed.date if closed is not None else None,
        orient_on=orientation.date if orientation else None,
        next_step=orientation.payload.next_step if orientation else None,
        c15_state=c15.state if c15 else None,
        next_case_id=next_case,
        route_ok=route_ok,
    )


def _first_day(dossier: Dossier, status: FileStatus) -> date | None:
    return next((fact.date for fact in dossier.statuses if fact.payload.status is status), None)


def _clock(subject: Subject, case_id: str, *ids: ClockId) -> Clock | None:
    """The clock of a case; a case key may carry more after the case id (the decision's kind)."""
    return next((clock for clock in subject.clocks_of(*ids) if clock.case.startswith(case_id)), None)


class DeficitRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One deficit of the decision that holds."""

    case_id: Annotated[str, doc("Dossier")]
    deficit_id: Annotated[str, doc("Deficit")]
    kind: Annotated[DeficitKind, doc("What is lacking")]
    decided_on: Annotated[date, doc("Day of the decision")]
    training_id: Annotated[str | None, doc("First training that remedies it")]
    remedy_on: Annotated[date | None, doc("Day that training started")]
    remedy_done_on: Annotated[date | None, doc("Day it was completed")]
    open_365: Annotated[bool, doc("F23: without training a year after the decision")]


def deficits_of(subject: Subject) -> list[DeficitRow]:
    """The rows of one person."""
    rows: list[DeficitRow] = []
    for dossier in subject.memo(dossiers_of):
        decision = dossier.decision
        if decision is None or not decision.payload.deficits:
            continue
        open_ones = {finding.case for finding in subject.memo(evaluate).live if finding.code == "F23"}
        for deficit in decision.payload.deficits:
            training = next((one for one in subject.memo(trainings_of) if one.started.payload.remedies_deficit == deficit.deficit_id), None)
            done = training.ended if training is not None else None
            rows.append(
                DeficitRow(
                    case_id=dossier.case_id,
                    deficit_id=deficit.deficit_id,
                    kind=deficit.kind,
                    decided_on=decision.date,
                    training_id=training.training_id if training else None,
                    remedy_on=training.started.date if training else None,
                    remedy_done_on=done.date if done is not None and done.payload.outcome is TrainingOutcome.COMPLETED else None,
                    open_365=deficit.deficit_id in open_ones,
                )
            )
    return rows
