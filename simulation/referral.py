"""Referral to the employment service and elsewhere, and what the agency shares with it."""

from __future__ import annotations

from ledger.codes.course import Cefr
from ledger.codes.identity import BasisState, LegalBasis, Purpose
from ledger.codes.person import BenefitStatus
from ledger.codes.referral import Motive, ReferralAnswer, ReferralKind, ReferralTarget
from ledger.codes.roles import Role
from ledger.codes.vdab import (
    PerspectiveElement,
    PerspectiveRecipient,
)
from ledger.events.identity import SharingBasisRecorded
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.vdab import (
    WorkPerspectiveAcknowledged,
    WorkPerspectiveShared,
)
from simulation import marginals
from simulation.life import NEVER, Life
from simulation.moment import as_date, day_of, working_day
from simulation.organisations import ACTIRIS, Source, ocmw_of

SHARING_FROM = day_of("2025-01-01")
_LOW_ORAL = (Cefr.PRE_A1, Cefr.A1)


def tell(life: Life) -> None:
    """The facts of referral. The screening must be known: what is shared comes from it."""
    _refer(life)
    _share(life)
    _refer_elsewhere(life)


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
