"""The third pillar at the employment service: registration as a jobseeker, plans, feedback steps."""

from __future__ import annotations

from math import log

from ledger.codes.intake import Scale
from ledger.codes.person import BenefitStatus, Obligation
from ledger.codes.vdab import (
    ActivationStep,
    JobseekerCategory,
    PlanKind,
    PlanState,
    StepState,
)
from ledger.events.vdab import (
    ActivationStepReported,
    FollowUpPlanRecorded,
    JobseekerRegistered,
)
from simulation import marginals
from simulation.draw import with_odds
from simulation.life import NEVER, Life
from simulation.moment import working_day
from simulation.organisations import ACTIRIS, VDAB, ocmw_of

_BENEFITS = (BenefitStatus.UNEMPLOYMENT, BenefitStatus.INTEGRATION_TIME)


def decide(life: Life) -> None:
    """Fix when and where the person registers as a jobseeker."""
    m, draws, person = life.parameters.mediation, life.draws, life.person
    if not person.in_scope:
        return
    service = ACTIRIS if person.brussels else VDAB
    if draws.chance(m.wrong_region, "registered.elsewhere"):
        service = VDAB if person.brussels else ACTIRIS
    life.service = service
    if draws.chance(m.already_registered.p, "registered.already"):
        before = max(1, draws.days(m.already_registered.median, m.already_registered.sigma, "registered.already", 1))
        life.registered = working_day(life.start - before - 2)
        return
    step = m.register_brussels if person.brussels else m.register_flanders
    odds = m.obliged_odds if person.obligation is Obligation.OBLIGED else 1.0
    if person.reliance is Scale.LOW:
        odds *= m.low_reliance_odds
    day = life.reached(step, "jobseeker", life.start, p=with_odds(step.p, odds))
    if day <= life.gone and (life.open_on(day) or draws.chance(0.3, "jobseeker.after-end")):
        life.registered = day


def tell(life: Life) -> None:
    """The facts of the registration. Jobs must be known: steps and plans stop while employed."""
    if life.registered < NEVER:
        _register(life)
        _plans(life)
        _steps(life)


def _register(life: Life) -> None:
    person = life.person
    category = JobseekerCategory.FREE
    if person.benefit is BenefitStatus.LEEFLOON:
        category = JobseekerCategory.LEEFLOON
    elif person.benefit is BenefitStatus.INTEGRATION_TIME:
        category = JobseekerCategory.BIT
    elif person.benefit is BenefitStatus.UNEMPLOYMENT:
        category = JobseekerCategory.BENEFIT
    channel = life.draws.pick(marginals.CHANNEL, "jobseeker.channel")
    life.add(life.service, JobseekerRegistered(category=category, channel=channel), life.registered)


def _plans(life: Life) -> None:
    m, draws, person = life.parameters.mediation, life.draws, life.person
    source, kind, p = life.service, PlanKind.AFSPRAKENBLAD, m.plan_benefit
    if life.service is ACTIRIS:
        kind = PlanKind.ACTIEPLAN_ACTIRIS
    if person.benefit is BenefitStatus.LEEFLOON:
        source, kind, p = ocmw_of(person.region), PlanKind.GPMI, m.plan_leefloon
    elif person.benefit not in _BENEFITS:
        p = m.plan_nug
    opened = life.after(m.plan, "plan", life.registered)
    if not draws.chance(p, "plan.opened") or opened > life.gone or life.employed_on(opened):
        return
    plan_id = draws.uuid8("plan")
    life.add(source, FollowUpPlanRecorded(plan_id=plan_id, plan_kind=kind, state=PlanState.OPENED), opened)
    closed = life.after(m.plan_length, "plan.length", opened)
    first_job = min((job.first for job in life.jobs if job.first > opened), default=NEVER)
    closed = min(closed, working_day(first_job + 7) if first_job < NEVER else closed)
    if closed <= opened:
        closed = working_day(opened + 1)
    renewed = working_day(opened + 180)
    if renewed < closed and draws.chance(0.6, "plan.renewed") and renewed <= life.gone:
        life.add(source, FollowUpPlanRecorded(plan_id=plan_id, plan_kind=kind, state=PlanState.RENEWED), renewed)
    if closed <= life.gone:
        life.add(source, FollowUpPlanRecorded(plan_id=plan_id, plan_kind=kind, state=PlanState.CLOSED), closed)
    life.plans.append((opened, closed))


def _steps(life: Life) -> None:
    m, draws, person = life.parameters.mediation, life.draws, life.person
    nug = person.nug
    day = life.reached(m.first_step, "step.first", life.registered, p=m.first_step_nug if nug else m.first_step.p)
    closed = NEVER
    if life.jobs and draws.chance(m.deregister_after_job, "deregistered"):
        closed = working_day(life.jobs[0].first + 30)
    if day < closed and day <= life.gone and not life.employed_on(day):
        step = draws.pick(marginals.FIRST_STEP, "step.first.kind")
        state = StepState.DONE if draws.chance(0.93, "step.first.state") else StepState.NOT_SHOWN
        life.add(life.service, ActivationStepReported(step=step, state=state), day)
    every = (m.step_every_nug if nug else m.step_every) / m.rate_scale
    table = marginals.STEP_ACTIRIS if life.service is ACTIRIS else marginals.STEP_VDAB
    at: float = float(day if day < NEVER else life.registered)
    for n in range(60):
        at -= every * log(draws.uniform("step.gap", n))
        day, before = working_day(int(at) + 1), day
        if day == before:
            continue
        if day > life.last_day or day > life.gone or day >= closed:
            break
        if life.employed_on(day):
            continue
        source, step = life.service, draws.pick(table, "step.kind", n)
        if person.benefit is BenefitStatus.LEEFLOON and draws.chance(0.2, "step.ocmw", n):
            source, step = ocmw_of(person.region), draws.pick(marginals.STEP_OCMW, "step.ocmw.kind", n)
        u = draws.uniform("step.state", n)
        state = StepState.DONE if u < 0.55 else StepState.STARTED if u < 0.85 else StepState.NOT_SHOWN if u < 0.93 else StepState.REFUSED
        sector = person.sectors[0] if step in _SECTORAL and draws.chance(0.7, "step.sector", n) else None
        life.add(source, ActivationStepReported(step=step, state=state, sector=sector), day)
    if closed < NEVER and closed <= life.gone:
        life.add(life.service, ActivationStepReported(step=ActivationStep.DEREGISTERED, state=StepState.DONE), closed)


_SECTORAL = frozenset(
    {
        ActivationStep.VACANCY_REFERRAL,
        ActivationStep.SECTOR_BATH,
        ActivationStep.TRAINING_REFERRAL,
        ActivationStep.TRAINING_SCREENING,
        ActivationStep.APPLICATION,
    }
)
