"""The third pillar: referral, registration as a jobseeker, work perspective, feedback steps, plans, training."""

from __future__ import annotations

from math import log

from ledger.codes.course import Cefr
from ledger.codes.identity import BasisState, LegalBasis, Purpose
from ledger.codes.intake import Scale
from ledger.codes.person import BenefitStatus, Obligation
from ledger.codes.referral import Motive, ReferralAnswer, ReferralKind, ReferralTarget
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.codes.vdab import (
    ActivationStep,
    JobseekerCategory,
    PerspectiveElement,
    PerspectiveRecipient,
    PlanKind,
    PlanState,
    StepState,
)
from ledger.codes.work import TrainingKind, TrainingOutcome
from ledger.events.identity import SharingBasisRecorded
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.vdab import (
    ActivationStepReported,
    FollowUpPlanRecorded,
    JobseekerRegistered,
    WorkPerspectiveAcknowledged,
    WorkPerspectiveShared,
)
from ledger.events.work import TrainingEnded, TrainingStarted
from simulation import marginals
from simulation.draw import with_odds
from simulation.life import NEVER, Life
from simulation.moment import as_date, day_of, working_day
from simulation.organisations import ACTIRIS, TRAINER_A, TRAINER_B, VDAB, Source, ocmw_of

SHARING_FROM = day_of("2025-01-01")
_LOW_ORAL = (Cefr.PRE_A1, Cefr.A1)
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
    """The facts of the third pillar. Jobs must be known: steps and plans stop while employed."""
    _refer(life)
    _share(life)
    _refer_elsewhere(life)
    if life.registered < NEVER:
        _register(life)
        _plans(life)
        _steps(life)
        _train(life)


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


def _refer(life: Life) -> None:
    m, draws, person = life.parameters.mediation, life.draws, life.person
    if not person.in_scope:
        return
    day = life.reached(m.referral, "referral", life.start)
    if not life.open_on(day) or day > life.last_day:
        return
    life.referral = day
    service = life.service_on(day)
    target = ReferralTarget.ACTIRIS if service is ACTIRIS else ReferralTarget.VDAB
    if person.benefit is BenefitStatus.LEEFLOON and draws.chance(0.12, "referral.ocmw"):
        target, service = ReferralTarget.OCMW, ocmw_of(life.place_on(day).region)
    referral_id = draws.uuid8("referral")
    _basis(life, Purpose.REFERRAL, service.role, day, 0)
    life.add(
        life.agency_on(day),
        ReferralMade(
            referral_id=referral_id,
            target=target,
            target_org=service.kbo if draws.chance(0.5, "referral.org") else None,
            kind=ReferralKind.STANDARD,
            motive=Motive.PILLAR3,
        ),
        day,
    )
    answer(life, service, referral_id, day, "referral")


def _basis(life: Life, purpose: Purpose, recipient: Role, by: int, n: int) -> None:
    """The agency records the basis on which it shares the person's data, shortly after the contract (or forgets it: F24)."""
    draws = life.draws
    if draws.chance(life.parameters.mediation.share_without_basis, "basis.forgotten", n):
        return
    day = min(by, working_day(life.start + 1))
    basis = SharingBasisRecorded(
        basis_id=draws.uuid8("basis", n),
        state=BasisState.LIVE,
        purpose=purpose,
        recipient_role=recipient,
        grondslag=LegalBasis.PROTOCOL,
        valid_from=as_date(day),
    )
    life.add(life.agency_on(day), basis, day)


def answer(life: Life, service: Source, referral_id: str, made: int, purpose: str) -> None:
    """The service answers a referral, or never does."""
    m, draws = life.parameters.mediation, life.draws
    if not draws.chance(m.answer.p, f"{purpose}.answered"):
        return
    day = working_day(made + max(1, draws.days(m.answer.median, m.answer.sigma, f"{purpose}.answered", 1)))
    kind = draws.pick(marginals.ANSWER, f"{purpose}.answer")
    low = life.oral_on(day) in _LOW_ORAL
    refusal = draws.pick(marginals.REFUSAL_LOW_ORAL if low else marginals.REFUSAL, f"{purpose}.refusal")
    first = as_date(day) if kind is ReferralAnswer.TAKEN_UP else None
    if day <= life.gone:
        life.add(
            service,
            ReferralAnswered(
                referral_id=referral_id,
                answer=kind,
                first_action_on=first,
                refusal=refusal if kind is ReferralAnswer.REFUSED else None,
            ),
            day,
        )


def _share(life: Life) -> None:
    """The agency records the basis, shares the work perspective, and the service acknowledges it."""
    m, draws = life.parameters.mediation, life.draws
    if life.referral == NEVER or life.screening > life.last_day:
        return
    day = life.after(m.share_delay, "share", max(life.referral, life.screening))
    share = m.share_from_2025 if day >= SHARING_FROM else m.share_before
    if not draws.chance(share, "share.done") or not life.open_on(day):
        return
    service = life.service_on(day)
    agency = life.agency_on(day)
    _basis(life, Purpose.WORK_PERSPECTIVE, service.role, day, 1)
    elements = [PerspectiveElement.AMBITION, PerspectiveElement.LANGUAGE_LEVEL]
    if life.preferred:
        elements.append(PerspectiveElement.SECTOR_PREFERENCES)
    for n, element in enumerate(_MORE_ELEMENTS):
        if draws.chance(0.5, "share.element", n):
            elements.append(element)
    share_id = draws.uuid8("share")
    life.add(
        agency,
        WorkPerspectiveShared(
            share_id=share_id,
            recipient=PerspectiveRecipient(service.role.value),
            elements=tuple(sorted(elements)),
            preferred_sectors=life.preferred,
            dutch_oral=life.oral_on(day),
            screening_on=as_date(life.screening),
        ),
        day,
    )
    received = life.reached(m.acknowledge, "share.acknowledged", day + 1)
    usable = draws.chance(m.usable, "share.usable")
    missing = None if usable else (draws_element(life),)
    if received <= life.gone:
        life.add(service, WorkPerspectiveAcknowledged(share_id=share_id, usable=usable, missing=missing), received)


_MORE_ELEMENTS = (
    PerspectiveElement.COMPETENCES,
    PerspectiveElement.EXPERIENCE,
    PerspectiveElement.DIPLOMA_STATUS,
    PerspectiveElement.AVAILABILITY,
)


def draws_element(life: Life) -> PerspectiveElement:
    """The element that a service finds missing."""
    return _MORE_ELEMENTS[life.draws.below(len(_MORE_ELEMENTS), "share.missing")]


def _refer_elsewhere(life: Life) -> None:
    m, draws = life.parameters.mediation, life.draws
    day = life.reached(m.other_referral, "other-referral", life.start)
    if not life.open_on(day) or day > life.last_day:
        return
    target = draws.pick(marginals.OTHER_TARGET, "other-referral.target")
    referral_id = draws.uuid8("referral", 1)
    recipient = _RECIPIENTS.get(target)
    if recipient is not None:
        _basis(life, Purpose.REFERRAL, recipient, day, 2)
    life.add(
        life.agency_on(day),
        ReferralMade(referral_id=referral_id, target=target, kind=ReferralKind.STANDARD, motive=_MOTIVES.get(target, Motive.NETWORK)),
        day,
    )
    if target is ReferralTarget.OCMW:
        answer(life, ocmw_of(life.place_on(day).region), referral_id, day, "other-referral")


_RECIPIENTS = {ReferralTarget.OCMW: Role.OCMW}
"""Who receives data with a referral elsewhere; the other services get none."""
_MOTIVES = {
    ReferralTarget.WELFARE: Motive.WELFARE,
    ReferralTarget.HOUSING: Motive.WELFARE,
    ReferralTarget.OCMW: Motive.WELFARE,
    ReferralTarget.CHILDCARE: Motive.WELFARE,
    ReferralTarget.NT2: Motive.LANGUAGE,
    ReferralTarget.ADULT_EDUCATION: Motive.TRAINING,
    ReferralTarget.HIGHER_EDUCATION: Motive.TRAINING,
    ReferralTarget.ENTREPRENEURSHIP: Motive.SELF_EMPLOYMENT,
}


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


def _train(life: Life) -> None:
    m, draws, person = life.parameters.mediation, life.draws, life.person
    low = person.oral in _LOW_ORAL
    day = life.reached(m.training, "training", life.registered, p=with_odds(m.training.p, 1.0 if low else m.training_oral_odds))
    if day > life.gone or day > life.last_day or life.employed_on(day):
        return
    sector = person.sectors[0] if draws.chance(0.6, "training.preferred") else draws.pick(marginals.SECTOR, "training.sector")
    weeks = draws.between(12, 26, "training.weeks")
    kind = TrainingKind.INTEGRATED_LANGUAGE_VOCATIONAL if low and draws.chance(0.4, "training.language") else TrainingKind.VOCATIONAL
    source = life.service if draws.chance(0.6, "training.source") else TRAINER_A if draws.chance(0.5, "training.trainer") else TRAINER_B
    train(life, source, draws.uuid8("training"), kind, sector, day, weeks, "training")


def train(
    life: Life,
    source: Source,
    training_id: str,
    kind: TrainingKind,
    sector: Sector,
    day: int,
    weeks: int,
    purpose: str,
    deficit: str | None = None,
) -> None:
    """A training from its start to its end; a job on the way stops it."""
    draws = life.draws
    level = (None, Cefr.A1, Cefr.A2, Cefr.B1)[draws.below(4, f"{purpose}.oral")]
    planned = working_day(day + 7 * weeks)
    life.add(
        source,
        TrainingStarted(
            training_id=training_id,
            training_kind=kind,
            sector=sector,
            planned_end=as_date(planned),
            min_dutch_oral=level,
            remedies_deficit=deficit,
        ),
        day,
    )
    u = draws.uniform(f"{purpose}.outcome")
    outcome = TrainingOutcome.COMPLETED if u < 0.72 else TrainingOutcome.STOPPED_OTHER if u < 0.88 else TrainingOutcome.FAILED
    if 0.82 < u < 0.88:
        outcome = TrainingOutcome.STOPPED_LANGUAGE
    ended = planned if outcome in (TrainingOutcome.COMPLETED, TrainingOutcome.FAILED) else working_day(day + (7 * weeks) // 2)
    job = min((job.first for job in life.jobs if day < job.first < ended), default=NEVER)
    if job < NEVER:
        ended, outcome = job, TrainingOutcome.STOPPED_JOB
    if ended <= life.gone:
        life.add(source, TrainingEnded(training_id=training_id, outcome=outcome), ended)
