"""Clocks of the services' feedback on a registered jobseeker: the first step (C10) and the chain of steps after it (C11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.roles import Role
from ledger.codes.vdab import ActivationStep
from ledger.deadline import settle, soonest
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered
from ledger.strands.job import Job, jobs_of
from ledger.strands.registration import HAPPENED, Registration, deregisters, registrations_of
from ledger.subject import Subject
from ledger.time import day_after


class Reports(NamedTuple):
    """What one service reported, as dates in timeline order. A deregistration ends the duty and is no feedback."""

    any: list[date]
    taken: list[date]
    """Of the steps that really took place."""
    leaving: list[date]


_SILENT = Reports([], [], [])


def reports_of(subject: Subject) -> dict[Role, Reports]:
    """The reports of each service."""
    found: dict[Role, Reports] = {}
    for fact in subject.history.of(ActivationStepReported):
        service = fact.entry.role
        if service not in found:
            found[service] = Reports([], [], [])
        reports, step = found[service], fact.payload
        if step.step is ActivationStep.DEREGISTERED:
            if deregisters(step):
                reports.leaving.append(fact.date)
            continue
        reports.any.append(fact.date)
        if step.state in HAPPENED:
            reports.taken.append(fact.date)
    return found


@clock(ClockId.C10, starts=(JobseekerRegistered,), against=Party.VDAB, side=Side.SYSTEM, finding="F19")
def first_step(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From each registration to the first step that the same service really took."""
    jobs = subject.memo(jobs_of)
    for registered in subject.history.of(JobseekerRegistered):
        start, service = registered.date, registered.entry.role
        reports = subject.memo(reports_of).get(service, _SILENT)
        yield settle(
            declared,
            subject,
            start=start,
            case=registered.entry.id,
            position=registered.entry.position,
            stop=next((day for day in reports.taken if day >= start), None),
            neutral=soonest(*(job.begins for job in jobs if job.begins >= start), *(day for day in reports.leaving if day >= start)),
            against=Party(service.value),
            org=registered.publisher,
        )


class Employed(NamedTuple):
    """Days employed without a gap, both included; ``last`` is None while a job lasts."""

    first: date
    last: date | None


def employed_spells(jobs: Sequence[Job]) -> list[Employed]:
    """The employed days of jobs (in order of their beginning), touching spells united."""
    spells: list[Employed] = []
    for job in jobs:
        first, last = job.begins, job.last_day
        if last is not None and last < first:
            continue
        if spells and (spells[-1].last is None or first <= day_after(spells[-1].last)):
            before = spells[-1]
            spells[-1] = Employed(before.first, None if before.last is None or last is None else max(before.last, last))
        else:
            spells.append(Employed(first, last))
    return spells


@clock(ClockId.C11, starts=(JobseekerRegistered,), against=Party.VDAB, side=Side.SYSTEM, finding="F19")
def ongoing_feedback(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """One instance per link of the chain: registration → step → step … Each step closes a link and opens the next.

    A job ends the running link neutrally; the next link starts on the last employed day.
    """
    employed = employed_spells(subject.memo(jobs_of))
    for spell in subject.memo(registrations_of):
        reports = subject.memo(reports_of).get(spell.service, _SILENT)
        yield from _chain(subject, declared, spell, reports.any, employed)


def _chain(subject: Subject, declared: ClockType, spell: Registration, reports: list[date], employed: list[Employed]) -> Iterator[Clock]:
    end = soonest(spell.ends, subject.left_after(spell.begins))
    start: date | None = spell.begins
    stops_on_start = True
    while start is not None:
        start = _outside_work(start, employed)
        if start is None or (end is not None and end <= start):
            return
        earliest = start if stops_on_start else day_after(start)
        stop = next((day for day in reports if day >= earliest), None)
        job = next((one for one in employed if one.first > start), None)
        neutral = soonest(end, job.first if job else None)
        yield settle(
            declared,
            subject,
            start=start,
            case=f"{spell.service.value}/{start.isoformat()}",
            position=spell.registered.entry.position,
            stop=stop,
            neutral=neutral,
            against=Party(spell.service.value),
            org=spell.registered.publisher,
        )
        stops_on_start = False
        if stop is not None and (neutral is None or stop <= neutral):
            start = stop
        elif job is not None and neutral == job.first:
            start = job.last
        else:
            return


def _outside_work(day: date, employed: list[Employed]) -> date | None:
    """The day itself, or the last day of the work that still goes on after it; None while that lasts."""
    for spell in employed:
        if spell.first <= day and (spell.last is None or spell.last > day):
            return spell.last
    return day
