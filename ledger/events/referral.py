"""Referrals, information on initiatives, recommendations (domain.md 2.3, rows 22, 23, 25–27)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.offer import OfferKind
from ledger.codes.referral import (
    WARM_HANDOVER_TARGETS,
    AttendanceState,
    Initiative,
    InitiativeScope,
    Motive,
    ReferralAnswer,
    ReferralKind,
    ReferralTarget,
    RefusalReason,
)
from ledger.codes.roles import Role
from ledger.fields import Date, Kbo, Minutes, Nis, Uuid
from ledger.verdict import Violation


@event(
    "referral.made",
    22,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.HNB, Role.OCMW, Role.PARTNER, Role.VDAB, Role.ACTIRIS],
    nl="Doorverwijzing",
    en="Referral made",
    natural_key=("referral_id",),
    after_life=True,
)
class ReferralMade(Payload, frozen=True, kw_only=True):
    """The person is referred to another service, or handed over warmly to an activation partner."""

    referral_id: Uuid
    target: ReferralTarget
    target_org: Kbo | None = None
    kind: ReferralKind
    motive: Motive
    edition_id: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.kind is ReferralKind.WARM_HANDOVER and self.target not in WARM_HANDOVER_TARGETS:
            yield contradiction(
                "target",
                "een warme overdracht gaat naar vdab, actiris of ocmw; verbeter target of maak er een gewone doorverwijzing van",
                "a warm handover goes to vdab, actiris or ocmw; mend target or make it a standard referral",
            )


@event(
    "referral.answered",
    23,
    stream=StreamKind.PERSON,
    publishers=[
        Role.VDAB,
        Role.ACTIRIS,
        Role.OCMW,
        Role.NARIC,
        Role.EVC_PROVIDER,
        Role.TRAINING_PROVIDER,
        Role.PARTNER,
        Role.LOCAL_GOVERNMENT,
    ],
    nl="Antwoord op doorverwijzing",
    en="Referral answered",
    natural_key=("referral_id",),
    after_life=True,
)
class ReferralAnswered(Payload, frozen=True, kw_only=True):
    """The service to which the person was referred answers."""

    referral_id: Uuid
    answer: ReferralAnswer
    first_action_on: Date | None = None
    refusal: RefusalReason | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.answer is ReferralAnswer.TAKEN_UP and self.first_action_on is None:
            yield contradiction(
                "first_action_on",
                "opgenomen betekent dat er een eerste actie was: vul first_action_on in",
                "taken up means that there was a first action: give first_action_on",
            )
        if self.answer is ReferralAnswer.REFUSED and self.refusal is None:
            yield contradiction(
                "refusal",
                "een weigering heeft een reden: vul refusal in",
                "a refusal has a reason: give refusal",
            )


@event(
    "initiative.informed",
    25,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Geïnformeerd over initiatief",
    en="Informed on an initiative",
    natural_key=("@date", "initiative", "organiser"),
    needs_contract=True,
)
class InitiativeInformed(Payload, frozen=True, kw_only=True):
    """The agency informs the person on an initiative towards work."""

    initiative: Initiative
    scope: InitiativeScope
    nis: Nis | None = None
    organiser: Kbo | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.scope is InitiativeScope.LOCAL and self.nis is None:
            yield contradiction(
                "nis",
                "een lokaal initiatief heeft een gemeente: vul nis in",
                "a local initiative has a municipality: give nis",
            )


@event(
    "initiative.attended",
    26,
    stream=StreamKind.PERSON,
    publishers=[Role.PARTNER, Role.LOCAL_GOVERNMENT, Role.VDAB, Role.ACTIRIS],
    nl="Deelname initiatief",
    en="Initiative attended",
    natural_key=("@date", "initiative", "@org"),
    after_life=True,
)
class InitiativeAttended(Payload, frozen=True, kw_only=True):
    """The organiser reports that the person takes part."""

    initiative: Initiative
    state: AttendanceState
    min_total: Minutes | None = None


@event(
    "offer.recommended",
    27,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.HNB],
    nl="Aanbod aanbevolen",
    en="Offer recommended",
    natural_key=("@date", "offer_id"),
    after_life=True,
)
class OfferRecommended(Payload, frozen=True, kw_only=True):
    """The agency or the house of Dutch recommends an offer; a vacancy is denied by B02."""

    offer_id: Uuid
    offer_kind: OfferKind
    provider_role: Role
