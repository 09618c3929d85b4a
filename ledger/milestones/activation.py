"""Third pillar: referral, registration, steps, feedback, plan, work perspective (columns 24–41)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ledger.clock import Clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState
from ledger.codes.person import BenefitStatus, WorkStatus
from ledger.codes.referral import ReferralTarget
from ledger.codes.roles import Role
from ledger.codes.vdab import RESTRICTED_STEPS, ActivationStep, PerspectiveRecipient, PlanState
from ledger.events.intake import CompetenceScreeningCompleted
from ledger.events.referral import ReferralMade
from ledger.events.vdab import (
    ActivationStepReported,
    FollowUpPlanRecorded,
    JobseekerRegistered,
    WorkPerspectiveAcknowledged,
    WorkPerspectiveShared,
)
from ledger.milestone import as_json, earliest, milestones
from ledger.projection import doc
from ledger.strands.contract import first_contract_of, plans_of, suspensions_of
from ledger.strands.feedback import silences_of
from ledger.strands.job import jobs_of
from ledger.strands.profile import value_on
from ledger.strands.registration import HAPPENED, Registration, deregisters, main_registration, registered_on
from ledger.subject import Subject

_SERVICES = frozenset({ReferralTarget.VDAB, ReferralTarget.ACTIRIS})
_RECIPIENTS = frozenset({PerspectiveRecipient.VDAB, PerspectiveRecipient.ACTIRIS})
_REFERRERS = frozenset({Role.AGENCY, Role.HNB})


class ReferralFacts(msgspec.Struct, frozen=True, gc=False):
    """On the way to VDAB or Actiris, and what was shared with them."""

    ref3_on: Annotated[date | None, doc("First referral to VDAB or Actiris, by anyone")]
    ref3_id: Annotated[str | None, doc("Its referral_id")]
    ref3_screened: Annotated[bool | None, doc("Whether a screening is dated on or before ref3_on")]
    ref_n: Annotated[int, doc("Referrals by an agency or the house of Dutch, to anyone")]
    share_on: Annotated[date | None, doc("First work perspective shared with VDAB or Actiris")]
    share_to: Annotated[PerspectiveRecipient | None, doc("Its recipient")]
    ack_on: Annotated[date | None, doc("Acknowledgement of that first share")]
    ack_usable: Annotated[bool | None, doc("Whether the last acknowledged share was usable")]


@milestones(ReferralFacts, order=40)
def referral_facts(subject: Subject) -> ReferralFacts:
    history = subject.history
    referrals = history.of(ReferralMade)
    first = earliest([fact for fact in referrals if fact.payload.target in _SERVICES])
    screenings = history.of(CompetenceScreeningCompleted)
    share = earliest([fact for fact in history.of(WorkPerspectiveShared) if fact.payload.recipient in _RECIPIENTS])
    answers = history.of(WorkPerspectiveAcknowledged)
    share_id = share.payload.share_id if share else None
    return ReferralFacts(
        ref3_on=first.date if first else None,
        ref3_id=first.payload.referral_id if first else None,
        ref3_screened=bool(screenings and screenings[0].date <= first.date) if first else None,
        ref_n=sum(fact.entry.role in _REFERRERS for fact in referrals),
        share_on=share.date if share else None,
        share_to=share.payload.recipient if share else None,
        ack_on=next((fact.date for fact in answers if fact.payload.share_id == share_id), None),
        ack_usable=answers[-1].payload.usable if answers else None,
    )


class RegistrationFacts(msgspec.Struct, frozen=True, gc=False):
    """Registration as a jobseeker, its clocks, steps and plan."""

    reg_on: Annotated[date | None, doc("First registration not ended before the contract; may precede it")]
    reg_service: Annotated[Role | None, doc("Service of that registration")]
    reg_net: Annotated[int | None, doc("Days from contract to registration without suspended days; negative when before")]
    reg_end_on: Annotated[date | None, doc("Day that registration was ended by the service")]
    reg_d: Annotated[bool, doc("Whether registered with any service on the as-of date")]
    c01_state: Annotated[ClockState | None, doc("Clock C01 of the first contract")]
    c02_state: Annotated[ClockState | None, doc("Clock C02 of the first contract")]
    p3_due: Annotated[date | None, doc("Deadline of that clock, by the norm valid on the contract date")]
    step1_on: Annotated[date | None, doc("First step started or done by reg_service on or after reg_on; a deregistration is none")]
    steps_n: Annotated[int, doc("Steps started or done")]
    steps_kinds: Annotated[tuple[ActivationStep, ...], doc("Their kinds, without warnings, which only a restricted view may show")]
    fb_state: Annotated[str, doc("Feedback of the service: received, asked_no_answer or not_asked")]
    fb_spells: Annotated[bytes, doc("Silences as [last word, first day, last day or null]: registered days without work")]
    plan_on: Annotated[date | None, doc("First follow-up plan opened")]
    plan_open: Annotated[bool, doc("Whether a plan is open on the as-of date")]
    nug_on: Annotated[date | None, doc("Start of the first C16: jobseeker without benefit, registered, no plan, under contract")]
    nug_d: Annotated[bool, doc("Whether NUG, registered and without a plan on the as-of date")]
    c16_state: Annotated[ClockState | None, doc("State of that first C16")]


@milestones(RegistrationFacts, order=50)
def registration_facts(subject: Subject) -> RegistrationFacts:
    history = subject.history
    registration = subject.memo(main_registration)
    steps = [fact for fact in history.of(ActivationStepReported) if fact.payload.state in HAPPENED]
    kinds = {fact.payload.step for fact in steps} - RESTRICTED_STEPS
    c01, c02 = _of_contract(subject, ClockId.C01), _of_contract(subject, ClockId.C02)
    due = next((clock.deadline for clock in (c01, c02) if clock is not None and clock.deadline is not None), None)
    plans = [fact for fact in history.of(FollowUpPlanRecorded) if fact.payload.state is PlanState.OPENED]
    spells = subject.clocks_of(ClockId.C16)
    plan_open = any(plan.open_on(subject.as_of) for plan in subject.memo(plans_of))
    return RegistrationFacts(
        reg_on=registration.begins if registration else None,
        reg_service=registration.service if registration else None,
        reg_net=_net_days(subject, registration),
        reg_end_on=registration.ends if registration else None,
        reg_d=registered_on(subject, subject.as_of),
        c01_state=c01.state if c01 else None,
        c02_state=c02.state if c02 else None,
        p3_due=due,
        step1_on=_first_step(subject, registration),
        steps_n=len(steps),
        steps_kinds=tuple(step for step in ActivationStep if step in kinds) if kinds else (),
        fb_state=_feedback_state(subject, registration),
        fb_spells=as_json(subject.memo(silences_of)),
        plan_on=plans[0].date if plans else None,
        plan_open=plan_open,
        nug_on=spells[0].start if spells else None,
        nug_d=not plan_open and registered_on(subject, subject.as_of) and _nug(subject, subject.as_of),
        c16_state=spells[0].state if spells else None,
    )


def _of_contract(subject: Subject, clock: ClockId) -> Clock | None:
    contract = subject.memo(first_contract_of)
    if contract is None:
        return None
    return next((one for one in subject.clocks_of(clock) if one.case == contract.contract_id), None)


def _net_days(subject: Subject, registration: Registration | None) -> int | None:
    contract = subject.memo(first_contract_of)
    if contract is None or registration is None:
        return None
    start, stop = contract.signed_on, registration.begins
    paused = sum(max(0, (min(until or stop, stop) - max(since, start)).days) for since, until in subject.memo(suspensions_of))
    return (stop - start).days - paused


def _first_step(subject: Subject, registration: Registration | None) -> date | None:
    if registration is None:
        return None
    return next(
        (
            fact.date
            for fact in subject.history.of(ActivationStepReported)
            if fact.entry.role is registration.service
            and fact.date >= registration.begins
            and fact.payload.state in HAPPENED
            and not deregisters(fact.payload)
        ),
        None,
    )


def _feedback_state(subject: Subject, registration: Registration | None) -> str:
    """Whether the service said anything besides the registration; if not, whether it was asked to (column 34)."""
    history = subject.history
    asked_of = {registration.service.value} if registration is not None else {service.value for service in _SERVICES}
    if registration is not None and any(
        fact.entry.role is registration.service and fact.date >= registration.begins and not isinstance(fact.payload, JobseekerRegistered)
        for fact in history.facts
    ):
        return "received"
    asked = any(fact.payload.target.value in asked_of for fact in history.of(ReferralMade)) or any(
        fact.payload.recipient.value in asked_of for fact in history.of(WorkPerspectiveShared)
    )
    return "asked_no_answer" if asked else "not_asked"


def _nug(subject: Subject, day: date) -> bool:
    """Without benefit and without work on a day."""
    return (
        value_on(subject, "benefit_status", day) == BenefitStatus.NONE
        and value_on(subject, "work_status", day) == WorkStatus.JOBLESS
        and not any(job.live_on(day) for job in subject.memo(jobs_of))
    )
