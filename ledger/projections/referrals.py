"""Referrals, information on initiatives, recommended offers and shared work perspectives (``fact_referral``, ``fact_share``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.codes.offer import OfferKind
from ledger.codes.referral import (
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
from ledger.codes.vdab import PerspectiveElement, PerspectiveRecipient
from ledger.events.intake import CompetenceScreeningCompleted
from ledger.events.referral import InitiativeAttended, InitiativeInformed, OfferRecommended, ReferralAnswered, ReferralMade
from ledger.events.vdab import ActivationStepReported, WorkPerspectiveAcknowledged, WorkPerspectiveShared
from ledger.events.work import TrainingStarted
from ledger.findings.offers import not_live, too_hard
from ledger.history import Fact
from ledger.projection import doc, projection
from ledger.strands.registration import HAPPENED
from ledger.subject import Subject

TOOK_PART = frozenset({AttendanceState.ATTENDED, AttendanceState.STARTED, AttendanceState.COMPLETED})


class ReferralRow(msgspec.Struct, frozen=True, gc=False):
    """One referral_id."""

    referral_id: Annotated[str, doc("Referral")]
    made_on: Annotated[date, doc("Day of the referral")]
    by_role: Annotated[Role, doc("Role of who referred")]
    by_org: Annotated[str, doc("KBO number of who referred")]
    target: Annotated[ReferralTarget, doc("Service referred to")]
    target_org: Annotated[str | None, doc("Its KBO number, where named")]
    kind: Annotated[ReferralKind, doc("Standard or warm handover")]
    motive: Annotated[Motive, doc("Why")]
    edition_id: Annotated[str | None, doc("Edition that it follows on")]
    screened: Annotated[bool, doc("Whether a screening is dated on or before it")]
    answered_on: Annotated[date | None, doc("Day of the first answer")]
    answer: Annotated[ReferralAnswer | None, doc("Last answer")]
    refusal: Annotated[RefusalReason | None, doc("Reason in the last answer")]
    taken_up_on: Annotated[date | None, doc("Day of the first answer that says taken up")]
    first_action_on: Annotated[date | None, doc("First action that it names")]


@projection("referrals", kinds=(StreamKind.PERSON,), row=ReferralRow, nl="Doorverwijzingen", en="Referrals")
def referrals(subject: Subject) -> Iterable[ReferralRow]:
    history = subject.history
    made = history.of(ReferralMade)
    if not made or history.erased:
        return []
    answers: dict[str, list[Fact[ReferralAnswered]]] = {}
    for answered in history.of(ReferralAnswered):
        answers.setdefault(answered.payload.referral_id, []).append(answered)
    screened = min((fact.date for fact in history.of(CompetenceScreeningCompleted)), default=None)
    firsts: dict[str, Fact[ReferralMade]] = {}
    for fact in made:
        firsts.setdefault(fact.payload.referral_id, fact)
    return [_referral(fact, answers.get(referral_id, []), screened) for referral_id, fact in firsts.items()]


def _referral(made: Fact[ReferralMade], answers: list[Fact[ReferralAnswered]], screened: date | None) -> ReferralRow:
    said = made.payload
    last = answers[-1].payload if answers else None
    taken = next((fact for fact in answers if fact.payload.answer is ReferralAnswer.TAKEN_UP), None)
    return ReferralRow(
        said.referral_id,
        made.date,
        made.entry.role,
        made.publisher,
        said.target,
        said.target_org,
        said.kind,
        said.motive,
        said.edition_id,
        screened is not None and screened <= made.date,
        answers[0].date if answers else None,
        last.answer if last else None,
        last.refusal if last else None,
        taken.date if taken else None,
        taken.payload.first_action_on if taken else None,
    )


class InitiativeRow(msgspec.Struct, frozen=True, gc=False):
    """One time that a person was informed on an initiative."""

    initiative: Annotated[Initiative, doc("Kind of initiative")]
    scope: Annotated[InitiativeScope, doc("Local or regional")]
    informed_on: Annotated[date, doc("Day of the information")]
    attended_on: Annotated[date | None, doc("First part taken in an initiative of that kind on or after that day")]


@projection(
    "initiatives", kinds=(StreamKind.PERSON,), row=InitiativeRow, nl="Informatie over initiatieven", en="Information on initiatives"
)
def initiatives(subject: Subject) -> Iterable[InitiativeRow]:
    history = subject.history
    if history.erased:
        return []
    attended = [(fact.payload.initiative, fact.date) for fact in history.of(InitiativeAttended) if fact.payload.state in TOOK_PART]
    return [
        InitiativeRow(
            told.payload.initiative,
            told.payload.scope,
            told.date,
            min((day for kind, day in attended if kind is told.payload.initiative and day >= told.date), default=None),
        )
        for told in history.of(InitiativeInformed)
    ]


class RecommendationRow(msgspec.Struct, frozen=True, gc=False):
    """One recommended offer."""

    offer_id: Annotated[str, doc("Offer")]
    recommended_on: Annotated[date, doc("Day of the recommendation")]
    by_org: Annotated[str, doc("KBO number of who recommended it")]
    offer_kind: Annotated[OfferKind, doc("Kind of offer")]
    provider: Annotated[Role, doc("Role of the provider")]
    too_hard: Annotated[bool, doc("F17: it asks more oral Dutch than was shown by then")]
    not_live: Annotated[bool, doc("F18: it was not open that day")]
    used_on: Annotated[date | None, doc("First training or step with that offer on or after that day")]


@projection(
    "recommendations", version=2, kinds=(StreamKind.PERSON,), row=RecommendationRow, nl="Aanbevolen aanbod", en="Recommended offers"
)
def recommendations(subject: Subject) -> Iterable[RecommendationRow]:
    if subject.history.erased:
        return []
    history = subject.history
    uses = [(one.payload.offer_id, one.date) for one in history.of(TrainingStarted)]
    uses += [(one.payload.offer_id, one.date) for one in history.of(ActivationStepReported) if one.payload.state in HAPPENED]
    return [
        RecommendationRow(
            fact.payload.offer_id,
            fact.date,
            fact.publisher,
            fact.payload.offer_kind,
            fact.payload.provider_role,
            too_hard(subject, fact),
            not_live(subject, fact),
            min((day for offer, day in uses if offer == fact.payload.offer_id and day >= fact.date), default=None),
        )
        for fact in subject.history.of(OfferRecommended)
    ]


class ShareRow(msgspec.Struct, frozen=True, gc=False):
    """One shared work perspective."""

    share_id: Annotated[str, doc("Share")]
    recipient: Annotated[PerspectiveRecipient, doc("With whom")]
    by_org: Annotated[str, doc("KBO number of the agency")]
    shared_on: Annotated[date, doc("Day of sharing")]
    ack_on: Annotated[date | None, doc("Day of the first acknowledgement")]
    usable: Annotated[bool | None, doc("Whether the last acknowledgement finds it usable")]
    missing: Annotated[tuple[PerspectiveElement, ...], doc("What the last acknowledgement misses")]


@projection(
    "shares", version=2, kinds=(StreamKind.PERSON,), row=ShareRow, nl="Gedeelde arbeidsperspectieven", en="Shared work perspectives"
)
def shares(subject: Subject) -> Iterable[ShareRow]:
    history = subject.history
    if history.erased:
        return []
    answers: dict[str, list[Fact[WorkPerspectiveAcknowledged]]] = {}
    for acknowledged in history.of(WorkPerspectiveAcknowledged):
        answers.setdefault(acknowledged.payload.share_id, []).append(acknowledged)
    firsts: dict[str, Fact[WorkPerspectiveShared]] = {}
    for fact in history.of(WorkPerspectiveShared):
        firsts.setdefault(fact.payload.share_id, fact)
    return [_share(fact, answers.get(share_id, [])) for share_id, fact in firsts.items()]


def _share(shared: Fact[WorkPerspectiveShared], answers: list[Fact[WorkPerspectiveAcknowledged]]) -> ShareRow:
    return ShareRow(
        shared.payload.share_id,
        shared.payload.recipient,
        shared.publisher,
        shared.date,
        answers[0].date if answers else None,
        answers[-1].payload.usable if answers else None,
        (answers[-1].payload.missing or ()) if answers else (),
    )
