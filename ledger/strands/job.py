"""Jobs: every statement about one job_id brought together, with the most trustworthy one in front.

*Employed days* are the union of job intervals, the end day included; an open job runs to the as-of date (domain.md 6.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from ledger.codes.roles import Role
from ledger.codes.work import JobContractKind, JobEvidence
from ledger.events.work import EmploymentEnded, EmploymentStarted
from ledger.history import Fact
from ledger.subject import Subject
from ledger.time import day_after

SUPPORTED = frozenset({JobContractKind.ART60, JobContractKind.TWE})
"""Work that an OCMW opens social rights with: counted apart."""
PAID = frozenset(JobContractKind) - SUPPORTED - {JobContractKind.STUDENT, JobContractKind.FLEXI}
"""Paid work in the sense of the durable-work indicators (IND-28)."""

_EVIDENCE_RANK: Mapping[JobEvidence, int] = {JobEvidence.DIMONA: 1, JobEvidence.EMPLOYER: 2, JobEvidence.SELF_REPORT: 3}
_AUTHENTIC = frozenset({Role.VDAB, Role.ACTIRIS})


class Job(msgspec.Struct, frozen=True, gc=False):
    """One job_id."""

    job_id: str
    start: Fact[EmploymentStarted]
    """The statement that counts: an OCMW's own art. 60, then Dimona before employer before self-report; of equals VDAB or Actiris,
    then the latest recorded."""
    starts: tuple[Fact[EmploymentStarted], ...]
    ended: Fact[EmploymentEnded] | None
    ends: tuple[Fact[EmploymentEnded], ...]

    @property
    def begins(self) -> date:
        return self.start.date

    @property
    def last_day(self) -> date | None:
        """The last employed day; None while it lasts."""
        return None if self.ended is None else self.ended.date

    @property
    def kind(self) -> JobContractKind:
        return self.start.payload.contract_kind

    @property
    def paid(self) -> bool:
        return self.kind in PAID

    @property
    def verified(self) -> bool:
        """Whether Dimona confirms it."""
        return self.start.payload.evidence is JobEvidence.DIMONA

    def live_on(self, day: date) -> bool:
        return self.start.date <= day and (self.ended is None or self.ended.date >= day)


def start_rank(started: EmploymentStarted, role: Role) -> int:
    """How soon a statement of a job is believed, 0 first: the OCMW for art. 60 (0.5), else by the evidence."""
    if role is Role.OCMW and started.contract_kind is JobContractKind.ART60:
        return 0
    return _EVIDENCE_RANK[started.evidence]


def _start_rank(fact: Fact[EmploymentStarted]) -> tuple[int, bool, float, str]:
    return (
        start_rank(fact.payload, fact.entry.role),
        fact.entry.role not in _AUTHENTIC,
        -fact.entry.recorded_at.timestamp(),
        fact.entry.id,
    )


def _end_rank(fact: Fact[EmploymentEnded]) -> tuple[bool, float, str]:
    return (fact.entry.role not in _AUTHENTIC, -fact.entry.recorded_at.timestamp(), fact.entry.id)


def jobs_of(subject: Subject) -> tuple[Job, ...]:
    """The jobs in order of their beginning. An end without a start is no job (F02)."""
    starts: dict[str, list[Fact[EmploymentStarted]]] = {}
    for fact in subject.history.of(EmploymentStarted):
        starts.setdefault(fact.payload.job_id, []).append(fact)
    if not starts:
        return ()
    ends: dict[str, list[Fact[EmploymentEnded]]] = {}
    for ended in subject.history.of(EmploymentEnded):
        ends.setdefault(ended.payload.job_id, []).append(ended)
    jobs = [_job(job_id, held, ends.get(job_id, [])) for job_id, held in starts.items()]
    return tuple(sorted(jobs, key=lambda job: (job.begins, job.job_id)))


def _job(job_id: str, starts: list[Fact[EmploymentStarted]], ends: list[Fact[EmploymentEnded]]) -> Job:
    return Job(
        job_id=job_id,
        start=min(starts, key=_start_rank),
        starts=tuple(starts),
        ended=min(ends, key=_end_rank) if ends else None,
        ends=tuple(ends),
    )


def intervals(jobs: Iterable[Job], as_of: date) -> tuple[tuple[date, date], ...]:
    """The employed days as disjoint closed intervals, ascending; an open job runs to the as-of date."""
    united: list[tuple[date, date]] = []
    for first, last in sorted((job.begins, job.last_day or as_of) for job in jobs):
        if last < first:
            continue
        if united and first <= day_after(united[-1][1]):
            united[-1] = (united[-1][0], max(united[-1][1], last))
        else:
            united.append((first, last))
    return tuple(united)


def days_within(spells: Iterable[tuple[date, date]], first: date, last: date) -> int:
    """How many days of disjoint closed intervals lie in [first, last]."""
    return sum(max(0, (min(stop, last) - max(start, first)).days + 1) for start, stop in spells)
