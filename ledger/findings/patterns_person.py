"""Pattern rules of F27 that one person's history shows: P1, P3, P9 (domain-rules.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ledger.codes.referral import ReferralTarget
from ledger.codes.roles import Role
from ledger.codes.vdab import ActivationStep
from ledger.events.referral import OfferRecommended, ReferralMade
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered
from ledger.finding import Hit, pattern
from ledger.findings.mediation import SERVICES, off_ground
from ledger.history import Fact
from ledger.strands.registration import registered_on
from ledger.subject import Subject


@pattern(
    "P1",
    nl="Bemiddelen door aanbod op te stapelen",
    en="Mediation by piling up offers",
    needs=(OfferRecommended,),
)
def piling_up(subject: Subject) -> Iterable[Hit]:
    registered = subject.history.of(JobseekerRegistered)
    if not registered:
        return
    by_agency: dict[str, list[Fact[OfferRecommended]]] = {}
    for offer in subject.history.of(OfferRecommended):
        if offer.entry.role is Role.AGENCY and offer.date > registered[0].date:
            by_agency.setdefault(offer.publisher, []).append(offer)
    many = subject.parameters.p1_offers
    window = timedelta(days=subject.parameters.p1_days - 1)
    for agency, offers in sorted(by_agency.items()):
        at = 0
        while at + many <= len(offers):
            last = offers[at + many - 1]
            if last.date - offers[at].date > window:
                at += 1
                continue
            yield Hit(since=last.date, position=last.entry.position, case=agency)
            # What lies within the same window belongs to the same pile.
            opened = offers[at].date
            while at < len(offers) and offers[at].date - opened <= window:
                at += 1


@pattern(
    "P3",
    nl="Naar opleiding gestuurd buiten VDAB om",
    en="Steering to training past VDAB",
    needs=(ReferralMade,),
)
def past_vdab(subject: Subject) -> Iterable[Hit]:
    window = timedelta(days=subject.parameters.p3_days)
    for referral in subject.history.of(ReferralMade):
        if referral.entry.role is not Role.AGENCY or referral.payload.target is not ReferralTarget.VOCATIONAL_TRAINING:
            continue
        if not registered_on(subject, referral.date):
            continue
        led = any(
            step.payload.step is ActivationStep.TRAINING_REFERRAL and abs(step.date - referral.date) <= window
            for step in subject.history.of(ActivationStepReported)
        )
        if not led:
            yield Hit(since=referral.date, position=referral.entry.position, case=referral.payload.referral_id)


@pattern(
    "P9",
    nl="Doorverwezen naar de dienst van een ander gewest",
    en="Referral target off its ground",
    needs=(ReferralMade,),
)
def off_its_ground(subject: Subject) -> Iterable[Hit]:
    for referral in subject.history.of(ReferralMade):
        target = referral.payload.target
        if target in SERVICES and off_ground(subject, referral.date, vdab=target is ReferralTarget.VDAB):
            yield Hit(since=referral.date, position=referral.entry.position, case=referral.payload.referral_id)
