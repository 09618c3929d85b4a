"""Work after the contract (columns 57–61). What needs a horizon is empty until its day has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.codes.sector import Sector
from ledger.codes.work import JobEvidence, LevelMatch
from ledger.milestone import as_json, milestones
from ledger.projection import doc
from ledger.strands.contract import first_contract_of
from ledger.strands.job import SUPPORTED, Job, days_within, intervals, jobs_of
from ledger.subject import Subject
from ledger.time import day_after, days_after

_HALF_YEAR = 182
_YEAR = 365
_TWO_YEARS = 730


class WorkFacts(msgspec.Struct, frozen=True, gc=False):
    """Paid work is every kind but art. 60, TWE, student and flexi jobs."""

    job1_on: Annotated[date | None, doc("First paid job that starts after the contract")]
    job1_sector: Annotated[Sector | None, doc("Its sector")]
    job1_match: Annotated[LevelMatch | None, doc("Whether it matches the person's level")]
    job1_ev: Annotated[JobEvidence | None, doc("Best evidence of it")]
    supp1_on: Annotated[date | None, doc("First job under art. 60 or TWE")]
    emp_365: Annotated[int | None, doc("Days in paid work from contract + 1 to contract + 365; empty until then")]
    emp_d182: Annotated[bool | None, doc("In paid work on day 182 after the contract; empty until then")]
    emp_d365: Annotated[bool | None, doc("In paid work on day 365; empty until then")]
    emp_d730: Annotated[bool | None, doc("In paid work on day 730; empty until then")]
    keep_182: Annotated[int | None, doc("Days in paid work in the 182 days from job1_on; empty until then")]
    keep_365: Annotated[int | None, doc("Days in paid work in the 365 days from job1_on; empty until then")]
    job_d: Annotated[bool, doc("In paid work on the as-of date")]
    jobs: Annotated[bytes, doc("Jobs as [first day, last day or null, paid]")]


def _first_paid(subject: Subject) -> Job | None:
    contract = subject.memo(first_contract_of)
    if contract is None:
        return None
    return next((job for job in subject.memo(jobs_of) if job.paid and job.begins > contract.signed_on), None)


def _horizons(subject: Subject) -> Iterable[date]:
    """The days on which a column ripens, and the day after a last day of work that is today."""
    contract, first = subject.memo(first_contract_of), _first_paid(subject)
    if contract is not None:
        yield from (days_after(contract.signed_on, days) for days in (_HALF_YEAR, _YEAR, _TWO_YEARS))
    if first is not None:
        yield from (days_after(first.begins, days - 1) for days in (_HALF_YEAR, _YEAR))
    for job in subject.memo(jobs_of):
        if job.last_day is not None:
            yield day_after(job.last_day)


@milestones(WorkFacts, order=90, due=_horizons)
def work_facts(subject: Subject) -> WorkFacts:
    as_of = subject.as_of
    jobs = subject.memo(jobs_of)
    paid = [job for job in jobs if job.paid]
    contract, first = subject.memo(first_contract_of), _first_paid(subject)
    spells = intervals(paid, as_of)

    def ripe(origin: date | None, after: int) -> date | None:
        """The day so long after an origin, if it has come."""
        day = None if origin is None else days_after(origin, after)
        return day if day is not None and day <= as_of else None

    def at_work(day: date | None) -> bool | None:
        return None if day is None else any(job.live_on(day) for job in paid)

    def worked(start: date | None, until: date | None) -> int | None:
        return None if start is None or until is None else days_within(spells, start, until)

    signed = contract.signed_on if contract else None
    began = first.begins if first else None
    supported = [job.begins for job in jobs if job.kind in SUPPORTED]
    return WorkFacts(
        job1_on=began,
        job1_sector=first.start.payload.sector if first else None,
        job1_match=first.start.payload.level_match if first else None,
        job1_ev=first.start.payload.evidence if first else None,
        supp1_on=supported[0] if supported else None,
        emp_365=worked(day_after(signed) if signed else None, ripe(signed, _YEAR)),
        emp_d182=at_work(ripe(signed, _HALF_YEAR)),
        emp_d365=at_work(ripe(signed, _YEAR)),
        emp_d730=at_work(ripe(signed, _TWO_YEARS)),
        keep_182=worked(began, ripe(began, _HALF_YEAR - 1)),
        keep_365=worked(began, ripe(began, _YEAR - 1)),
        job_d=any(job.live_on(as_of) for job in paid),
        jobs=as_json([(job.begins, job.last_day, job.paid) for job in jobs]),
    )
