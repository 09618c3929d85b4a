"""Jobs, trainings, pilots and advanced trajectories of a person (``fact_job``, ``fact_training`` of evaluation.md 6.2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.codes.pilot import AdvancedKind, AdvancedOutcome
from ledger.codes.sector import Sector
from ledger.codes.work import JobContractKind, JobEvidence, LevelMatch, TrainingKind, TrainingOutcome
from ledger.events.intake import CompetenceScreeningCompleted
from ledger.events.pilot import AdvancedTrajectoryEnded, AdvancedTrajectoryStarted
from ledger.history import Fact
from ledger.projection import doc, projection
from ledger.strands.contract import pilots_of
from ledger.strands.course import trainings_of
from ledger.strands.job import jobs_of
from ledger.subject import Subject


class JobRow(msgspec.Struct, frozen=True, gc=False):
    """One job_id, by the statement that counts."""

    job_id: Annotated[str, doc("Job")]
    begins: Annotated[date, doc("First day")]
    last_day: Annotated[date | None, doc("Last employed day; empty while it lasts")]
    kind: Annotated[JobContractKind, doc("Kind of contract")]
    paid: Annotated[bool, doc("Every kind but art. 60, TWE, student and flexi jobs")]
    evidence: Annotated[JobEvidence, doc("Best evidence")]
    sector: Annotated[Sector, doc("Sector")]
    level_match: Annotated[LevelMatch, doc("Whether it matches the person's level")]


@projection("jobs", kinds=(StreamKind.PERSON,), row=JobRow, nl="Jobs", en="Jobs")
def jobs(subject: Subject) -> Iterable[JobRow]:
    if subject.history.erased:
        return []
    return [
        JobRow(
            job.job_id,
            job.begins,
            job.last_day,
            job.kind,
            job.paid,
            job.start.payload.evidence,
            job.start.payload.sector,
            job.start.payload.level_match,
        )
        for job in subject.memo(jobs_of)
    ]


class TrainingRow(msgspec.Struct, frozen=True, gc=False):
    """One training_id."""

    training_id: Annotated[str, doc("Training")]
    kind: Annotated[TrainingKind, doc("Kind of training")]
    sector: Annotated[Sector, doc("Sector")]
    started_on: Annotated[date, doc("Day it started")]
    ended_on: Annotated[date | None, doc("Day it ended")]
    outcome: Annotated[TrainingOutcome | None, doc("How it ended")]
    remedies_deficit: Annotated[str | None, doc("Deficit of a recognition that it remedies")]


@projection("trainings", kinds=(StreamKind.PERSON,), row=TrainingRow, nl="Opleidingen", en="Trainings")
def trainings(subject: Subject) -> Iterable[TrainingRow]:
    if subject.history.erased:
        return []
    return [
        TrainingRow(
            one.training_id,
            one.started.payload.training_kind,
            one.started.payload.sector,
            one.started.date,
            one.ended.date if one.ended else None,
            one.ended.payload.outcome if one.ended else None,
            one.started.payload.remedies_deficit,
        )
        for one in subject.memo(trainings_of)
    ]


class ScreeningRow(msgspec.Struct, frozen=True, gc=False):
    """One screening of competences and ambitions."""

    number: Annotated[int, doc("Its place among the person's screenings")]
    screened_on: Annotated[date, doc("Day of the screening")]
    preferred: Annotated[tuple[Sector, ...], doc("Preferred sectors, in order")]


@projection("screenings", kinds=(StreamKind.PERSON,), row=ScreeningRow, nl="Screenings", en="Screenings")
def screenings(subject: Subject) -> Iterable[ScreeningRow]:
    if subject.history.erased:
        return []
    held = subject.history.of(CompetenceScreeningCompleted)
    return [ScreeningRow(number, fact.date, fact.payload.preferred_sectors) for number, fact in enumerate(held, 1)]


class StayRow(msgspec.Struct, frozen=True, gc=False):
    """One person in one pilot."""

    pilot_id: Annotated[str, doc("Pilot")]
    offered_on: Annotated[date | None, doc("First day a place was offered")]
    accepted_on: Annotated[date | None, doc("First day a place was accepted")]
    left_on: Annotated[date | None, doc("Day of leaving")]


@projection(
    "pilot_stays", kinds=(StreamKind.PERSON,), row=StayRow, nl="Personen in proeftuinen", en="Persons in pilots", index=[("pilot_id",)]
)
def pilot_stays(subject: Subject) -> Iterable[StayRow]:
    if subject.history.erased:
        return []
    return [
        StayRow(
            stay.pilot_id,
            stay.offered.date if stay.offered else None,
            stay.accepted.date if stay.accepted else None,
            stay.left.date if stay.left else None,
        )
        for stay in subject.memo(pilots_of)
    ]


class AdvancedRow(msgspec.Struct, frozen=True, gc=False):
    """One advanced trajectory."""

    adv_id: Annotated[str, doc("Advanced trajectory")]
    kind: Annotated[AdvancedKind, doc("Follow-on or upgrade")]
    pilot_id: Annotated[str | None, doc("Pilot it belongs to")]
    started_on: Annotated[date, doc("Day it started")]
    ended_on: Annotated[date | None, doc("Day it ended")]
    outcome: Annotated[AdvancedOutcome | None, doc("How it ended")]


@projection(
    "advanced_trajectories", kinds=(StreamKind.PERSON,), row=AdvancedRow, nl="Vervolg- en upgradetrajecten", en="Advanced trajectories"
)
def advanced_trajectories(subject: Subject) -> Iterable[AdvancedRow]:
    history = subject.history
    if history.erased:
        return []
    ends: dict[str, Fact[AdvancedTrajectoryEnded]] = {}
    for ended in history.of(AdvancedTrajectoryEnded):
        ends.setdefault(ended.payload.adv_id, ended)
    starts: dict[str, Fact[AdvancedTrajectoryStarted]] = {}
    for started in history.of(AdvancedTrajectoryStarted):
        starts.setdefault(started.payload.adv_id, started)
    return [_advanced(started, ends.get(adv_id)) for adv_id, started in starts.items()]


def _advanced(started: Fact[AdvancedTrajectoryStarted], ended: Fact[AdvancedTrajectoryEnded] | None) -> AdvancedRow:
    return AdvancedRow(
        started.payload.adv_id,
        started.payload.kind,
        started.payload.pilot_id,
        started.date,
        ended.date if ended else None,
        ended.payload.outcome if ended else None,
    )
