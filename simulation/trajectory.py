"""The trajectory itself: registration, contract, intake, orientation, screening, suspension, certificate, end."""

from __future__ import annotations

from ledger.codes.contract import CertificateKind, ContractKind, EndingReason, ExemptionGround, SuspensionReason, TrajectoryPart
from ledger.codes.course import Cefr
from ledger.codes.identity import LinkCause
from ledger.codes.intake import Scale
from ledger.codes.person import BenefitStatus, EducationLevel, Obligation, WorkStatus
from ledger.events.contract import (
    CertificateIssued,
    ContractResumed,
    ContractSigned,
    ContractSuspended,
    ExemptionGranted,
    TrajectoryEnded,
)
from ledger.events.identity import IdentityLinked, PersonRegistered, ProfileUpdated
from ledger.events.intake import IntakeCompleted
from simulation import marginals, places
from simulation.draw import with_odds
from simulation.life import NEVER, Life
from simulation.moment import as_date, day_text, weekday, working_day
from simulation.organisations import HVN, IDENTITY, VDAB, agency_of, ocmw_of
from simulation.parameters import Step


def decide(life: Life) -> None:
    """Fix the milestones of the trajectory: a move to another agency, courses, Dutch, and which end comes first."""
    _move(life)
    c, draws, person = life.parameters.core, life.draws, life.person
    attest = draws.chance(c.attest.p, "attest")
    _courses(life, attest)
    ends: list[tuple[int, int, EndingReason]] = []

    def candidate(rank: int, reason: EndingReason, step: Step, p: float, purpose: str) -> None:
        day = life.reached(step, purpose, life.start, p=p)
        if day < NEVER:
            ends.append((day, rank, reason))

    candidate(0, EndingReason.DECEASED, c.deceased, c.deceased.p, "deceased")
    candidate(1, EndingReason.MOVED_ABROAD, c.abroad, c.abroad.p, "abroad")
    candidate(2, EndingReason.MOVED_WALLONIA, c.wallonia, c.wallonia.p, "wallonia")
    entitled = person.obligation is Obligation.ENTITLED
    reason = draws.pick(marginals.DROPOUT_ENTITLED if entitled else marginals.DROPOUT_OBLIGED, "dropout.reason")
    candidate(3, reason, c.dropout, with_odds(c.dropout.p, c.dropout_entitled_odds if entitled else 1.0), "dropout")
    low = person.learning is Scale.LOW
    candidate(
        4,
        EndingReason.DECLARATION_EFFORT,
        c.declaration,
        with_odds(c.declaration.p, c.declaration_low_odds if low else c.declaration_other_odds),
        "declaration",
    )
    if attest:
        day = life.start + draws.days(c.attest.median, c.attest.sigma, "attest", 1)
        a2 = min((since for since, level in life.oral if level is Cefr.A2), default=0)
        ends.append((working_day(max(day, life.mo_end + 3, a2 + 3)), 5, EndingReason.ATTEST))
    if ends:
        _end(life, *min(ends))
    if life.moved >= min(life.end, life.gone):
        life.moved = NEVER


def _end(life: Life, day: int, rank: int, reason: EndingReason) -> None:
    life.end_reason = reason
    if life.end_reason in (EndingReason.ATTEST, EndingReason.DECLARATION_EFFORT):
        life.attest = day
        life.end = working_day(day + life.draws.between(1, 7, "end.lag"))
    else:
        life.end = day
        if life.end_reason in (EndingReason.DECEASED, EndingReason.MOVED_ABROAD, EndingReason.MOVED_WALLONIA):
            life.gone = day


def _move(life: Life) -> None:
    c, draws = life.parameters.core, life.draws
    day = life.reached(c.agency_move, "agency-move", life.start)
    if day == NEVER:
        return
    for draw in range(12):
        place = draws.pick(places.EVERYWHERE, "agency-move.place", draw)
        if agency_of(place) is not life.person.agency:
            life.moved, life.place, life.second_contract_id = day, place, draws.uuid8("contract", 1)
            return


def _courses(life: Life, attest: bool) -> None:
    """Civic orientation and Dutch. Who gets the certificate has reached both; the marginals stay those of the parameters."""
    c, draws, person = life.parameters.core, life.draws, life.person
    start = c.mo_start.p
    met = start * c.mo_goals_met
    if attest:
        starts = goals = True
    else:
        p = (start - c.attest.p) / (1 - c.attest.p)
        starts = draws.chance(with_odds(p, 1.3 if draws.chance(c.mo_online, "mo.online") else 1.0), "mo.starts")
        p = (met - c.attest.p) / (start - c.attest.p)
        goals = draws.chance(with_odds(p, c.mo_low_learning_odds if person.learning is Scale.LOW else 1.0), "mo.goals")
    life.mo_goals = goals
    if starts:
        day = life.start + max(1, draws.days(c.mo_start.median, c.mo_start.sigma, "mo.start"))
        life.mo_start = day + (0, 1, 0, 4, 3, 2, 1)[weekday(day)]
        life.mo_end = working_day(life.mo_start + max(14, draws.days(c.mo_length.median, c.mo_length.sigma, "mo.length")))
    a2 = True if attest else draws.chance((c.a2.p - c.attest.p) / (1 - c.attest.p), "a2")
    if not a2 or person.oral not in (Cefr.PRE_A1, Cefr.A1):
        reached = life.start
    else:
        delay = c.a2_alfa if person.education is EducationLevel.ALFA else c.a2_high if person.learning is Scale.HIGH else c.a2
        reached = working_day(life.start + max(30, draws.days(delay.median, delay.sigma, "a2.delay")))
        life.oral.append((reached, Cefr.A2))
    if a2 and person.oral is not Cefr.B1 and person.oral is not Cefr.B2 and draws.chance(c.b1.p / c.a2.p, "b1"):
        day = working_day(max(life.start + draws.days(c.b1.median, c.b1.sigma, "b1.delay"), reached + 60))
        life.oral.append((day, Cefr.B1))


def tell(life: Life) -> None:
    """The facts of the core trajectory."""
    _register(life)
    _contract(life)
    _suspend(life)
    _finish(life)


def _register(life: Life) -> None:
    c, draws, person = life.parameters.core, life.draws, life.person
    before = max(1, draws.days(c.registered_before.median, c.registered_before.sigma, "registered"))
    day = working_day(life.start - before - 4)
    intake = draws.days(c.intake.median, c.intake.sigma, "intake", 1)
    life.opened = day = min(day, working_day(life.start - 5))
    obliged = person.obligation is Obligation.OBLIGED
    since = day - max(1, draws.days(c.obligation_before.median, c.obligation_before.sigma, "obligation"))
    arrival = since - draws.days(20, 1.0, "arrival")
    life.add(
        person.agency,
        PersonRegistered(
            birth_year=person.birth.year,
            gender=person.gender,
            nationality_group=person.nationality,
            residence_nis=person.place.nis_on(day),
            obligation=person.obligation,
            obligation_from=as_date(since) if obliged else None,
            residence_ground=person.ground,
            arrival_ym=day_text(arrival)[:7],
        ),
        day,
    )
    if person.bis is not None and person.linked is not None and person.bis_ref is not None and person.linked > day:
        life.add(
            IDENTITY,
            IdentityLinked(survivor_ref=person.ref, absorbed_ref=person.bis_ref, cause=LinkCause.BIS_TO_RRN),
            working_day(person.linked),
        )
    if draws.chance(c.intake.p, "intake"):
        at = max(working_day(day + 1), working_day(life.start - max(3, intake)))
        low = person.oral is Cefr.PRE_A1
        duration = 45 + 15 * draws.below(8, "intake.duration")
        nt2_only = person.brussels and draws.chance(0.35, "intake.hnb")
        life.add(
            HVN if nt2_only else person.agency,
            IntakeCompleted(
                channel=draws.pick(marginals.CHANNEL, "intake.channel"),
                duration=duration,
                interpreter=low and draws.chance(0.5, "intake.interpreter"),
                nt2_only=nt2_only,
            ),
            at,
        )


def _contract(life: Life) -> None:
    c, draws, person = life.parameters.core, life.draws, life.person
    parts = [TrajectoryPart.MO, TrajectoryPart.NT2, TrajectoryPart.GUIDANCE]
    if person.age < 65:
        parts.append(TrajectoryPart.PILLAR3)
    if person.in_scope:
        parts.append(TrajectoryPart.PNT)
    life.parts = tuple(sorted(parts))

    def sign(day: int, contract_id: str, kind: ContractKind, status: WorkStatus) -> None:
        life.add(
            life.agency_on(day),
            ContractSigned(
                contract_id=contract_id,
                contract_kind=kind,
                parts=life.parts,
                work_allowed=person.work_allowed,
                work_status=status,
                counsellor_ref=draws.uuid8("counsellor", draws.below(40, "counsellor")),
            ),
            day,
        )

    sign(life.start, life.contract_id, ContractKind.FIRST, person.status)
    if draws.chance(c.first_profile, "profile.first"):
        life.add(
            person.agency,
            ProfileUpdated(
                benefit_status=person.benefit,
                work_status=person.status,
                education=person.education,
                education_origin=person.origin,
                dependent_children=person.children,
                valid_from=as_date(life.start),
            ),
            life.start,
        )
    if life.moved < NEVER:
        life.add(person.agency, TrajectoryEnded(contract_id=life.contract_id, reason=EndingReason.MOVED_OTHER_AGENCY), life.moved)
        life.add(IDENTITY, ProfileUpdated(residence_nis=life.place.nis_on(life.moved), valid_from=as_date(life.moved)), life.moved)
        sign(life.moved + 1 if weekday(life.moved) < 4 else life.moved + 3, life.second_contract_id, ContractKind.RENEWED, person.status)
    _exempt(life)
    _profile_change(life)


def _exempt(life: Life) -> None:
    c, draws, person = life.parameters.core, life.draws, life.person
    busy = person.status in (WorkStatus.EMPLOYED, WorkStatus.SELF_EMPLOYED, WorkStatus.STUDYING)
    if not draws.chance(c.exemption if busy else c.exemption / 9, "exemption"):
        return
    part, ground = TrajectoryPart.NT2, ExemptionGround.LEVEL_PROVEN
    if person.status is WorkStatus.STUDYING:
        part, ground = TrajectoryPart.PILLAR3, ExemptionGround.STUDIES
    elif busy:
        part, ground = TrajectoryPart.PILLAR3, ExemptionGround.WORKS
    elif person.status is WorkStatus.UNFIT:
        part, ground = TrajectoryPart.PILLAR3, ExemptionGround.UNFIT
    elif not person.work_allowed:
        part, ground = TrajectoryPart.PILLAR3, ExemptionGround.NOT_ALLOWED_TO_WORK
    elif person.oral in (Cefr.PRE_A1, Cefr.A1, Cefr.A2):
        return
    day = working_day(life.start + draws.between(1, 30, "exemption.day"))
    if life.open_on(day):
        life.add(life.agency_on(day), ExemptionGranted(contract_id=life.contract_on(day), part=part, ground=ground), day)


def _profile_change(life: Life) -> None:
    c, draws, person = life.parameters.core, life.draws, life.person
    day = life.reached(c.profile_change, "profile.change", life.start)
    if day in (NEVER, life.moved) or not life.open_on(day):
        return
    valid = as_date(day)
    u = draws.uniform("profile.who")
    if u < 0.35:
        place = draws.pick(places.WITHIN[life.place_on(day).region], "profile.place")
        life.add(IDENTITY, ProfileUpdated(residence_nis=place.nis_on(day), valid_from=valid), day)
    elif u < 0.60:
        children = person.children + 1 if person.children < 6 else person.children
        life.add(life.agency_on(day), ProfileUpdated(dependent_children=children, valid_from=valid), day)
    elif u < 0.80 and person.jobless:
        ocmw = ocmw_of(life.place_on(day).region)
        granted = person.benefit is not BenefitStatus.LEEFLOON
        life.add(ocmw, ProfileUpdated(benefit_status=BenefitStatus.LEEFLOON if granted else BenefitStatus.NONE, valid_from=valid), day)
        life.benefit_changed = day
    elif person.jobless:
        status = WorkStatus.INACTIVE_CARE if person.female and draws.chance(0.5, "profile.care") else WorkStatus.JOBLESS
        service = life.service_on(day) if life.registered <= day else VDAB
        life.add(service, ProfileUpdated(work_status=status, valid_from=valid), day)


def _suspend(life: Life) -> None:
    c, draws, person = life.parameters.core, life.draws, life.person
    mother = person.female and 18 <= person.age < 40
    day = life.reached(c.suspension, "suspension", life.start, p=with_odds(c.suspension.p, c.maternity_odds if mother else 1.0))
    if not life.open_on(day):
        return
    reason = draws.pick(marginals.SUSPENSION, "suspension.reason")
    if mother and draws.chance(0.4, "suspension.maternity"):
        reason = SuspensionReason.MATERNITY
    length = max(5, draws.days(c.suspension_length.median, c.suspension_length.sigma, "suspension.length"))
    contract, agency = life.contract_on(day), life.agency_on(day)
    until = as_date(day + 30 * (1 + length // 30))
    life.add(agency, ContractSuspended(contract_id=contract, reason=reason, until=until), day)
    resumes = working_day(day + length)
    if draws.chance(c.resumed, "suspension.resumed") and life.open_on(resumes) and not day < life.moved <= resumes:
        life.add(agency, ContractResumed(contract_id=contract), resumes)


def _finish(life: Life) -> None:
    if life.end_reason is None:
        return
    agency, contract = life.agency_on(life.end), life.contract_on(life.end)
    if life.attest < NEVER:
        attest = life.end_reason is EndingReason.ATTEST
        kind = CertificateKind.ATTEST if attest else CertificateKind.VERKLARING_INSPANNING
        life.add(life.agency_on(life.attest), CertificateIssued(contract_id=life.contract_on(life.attest), kind=kind), life.attest)
    life.add(agency, TrajectoryEnded(contract_id=contract, reason=life.end_reason), life.end)
