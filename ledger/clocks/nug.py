"""The clock of jobseekers without benefit, NUG, whom nobody follows up (C16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.edition import EditionKind
from ledger.codes.person import BenefitStatus, WorkStatus
from ledger.deadline import on_or_after, settle, soonest
from ledger.events.contract import TrajectoryEnded
from ledger.events.edition import EditionParticipantEnrolled
from ledger.events.identity import ProfileUpdated
from ledger.events.vdab import JobseekerRegistered
from ledger.events.work import TrainingStarted
from ledger.history import Fact
from ledger.strands.contract import contract_on, contracts_of, plans_of
from ledger.strands.job import jobs_of
from ledger.strands.profile import statements_of, value_on
from ledger.strands.registration import registered_on, registrations_of
from ledger.subject import Subject
from ledger.time import day_after


def is_nug(subject: Subject, day: date) -> bool:
    """Jobless without unemployment benefit or leefloon, by what was stated for a day (3.10)."""
    return value_on(subject, "benefit_status", day) == BenefitStatus.NONE and value_on(subject, "work_status", day) == WorkStatus.JOBLESS


def unfollowed_on(subject: Subject, day: date) -> bool:
    """Whether all conditions of C16 hold on a day: NUG, registered, no open plan, no live job, under contract."""
    return (
        is_nug(subject, day)
        and registered_on(subject, day)
        and not any(plan.open_on(day) for plan in subject.memo(plans_of))
        and not any(job.live_on(day) for job in subject.memo(jobs_of))
        and contract_on(subject, day) is not None
    )


def _turning_days(subject: Subject) -> list[date]:
    """The days on which one of the conditions can change, in order."""
    stated = subject.memo(statements_of)
    days: set[date | None] = {one.valid_from for field in ("benefit_status", "work_status") for one in stated.get(field, ())}
    for spell in subject.memo(registrations_of):
        days |= {spell.begins, spell.ends}
    for plan in subject.memo(plans_of):
        days |= {plan.opened.date, plan.closed.date if plan.closed else None}
    for job in subject.memo(jobs_of):
        days |= {job.begins, day_after(job.last_day) if job.last_day else None}
    for contract in subject.memo(contracts_of):
        days |= {contract.signed_on, contract.ended_on}
    return sorted(day for day in days if day is not None)


@clock(ClockId.C16, starts=(JobseekerRegistered,), against=Party.AGENCY_AND_PARTNER, side=Side.SYSTEM, finding="F25")
def reached(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """One instance per spell: from the first day that all conditions hold to a group offer or a plan.

    A spell lives until its stop or end, even if the person deregisters meanwhile. The next begins when the conditions come to
    hold again: after a plan is closed, or on the day after the last employed day.
    """
    if not any(fact.payload.benefit_status is BenefitStatus.NONE for fact in subject.history.of(ProfileUpdated)):
        return
    days = _turning_days(subject)
    held = False
    lives_until: date | None = date.min
    for day in days:
        holds = unfollowed_on(subject, day)
        if holds and not held and lives_until is not None and day > lives_until:
            spell = _spell(subject, declared, day, days)
            lives_until = spell.stop or spell.end
            yield spell
        held = holds


def _spell(subject: Subject, declared: ClockType, start: date, days: list[date]) -> Clock:
    contract = contract_on(subject, start)
    group_offers = (fact for fact in subject.history.of(EditionParticipantEnrolled) if _in_group_offer(subject, fact))
    return settle(
        declared,
        subject,
        start=start,
        case=start.isoformat(),
        position=max(spell.registered.entry.position for spell in subject.memo(registrations_of) if spell.holds(start)),
        stop=soonest(
            on_or_after(start, group_offers),
            *(plan.opened.date for plan in subject.memo(plans_of) if plan.opened.date >= start),
        ),
        neutral=soonest(
            *(job.begins for job in subject.memo(jobs_of) if job.begins >= start),
            on_or_after(start, subject.history.of(TrainingStarted)),
            on_or_after(start, subject.history.of(TrajectoryEnded)),
            next((day for day in days if day > start and not is_nug(subject, day)), None),
        ),
        org=contract.agency if contract else None,
    )


def _in_group_offer(subject: Subject, enrolled: Fact[EditionParticipantEnrolled]) -> bool:
    return subject.reference.edition_kind(enrolled.payload.edition_id) is EditionKind.GROUP_OFFER
