"""Offers, editions and needs of employers (``fact_offer``, ``fact_edition``, ``fact_need`` of evaluation.md 6.2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger import geography
from ledger.catalogue import StreamKind
from ledger.codes.course import Cefr
from ledger.codes.edition import AlignmentOutcome, EditionKind
from ledger.codes.employer import EmployerNeed, SizeClass, SupportRoute
from ledger.codes.offer import OfferKind
from ledger.codes.pilot import PilotTheme
from ledger.codes.region import Region
from ledger.codes.sector import Sector
from ledger.events.edition import EditionAligned, EditionEnded, EditionPlanned, EditionStarted
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed, EmployerSupportDelivered
from ledger.events.offer import OfferPublished, OfferWithdrawn
from ledger.history import Fact
from ledger.projection import doc, projection
from ledger.subject import Subject


class OfferRow(msgspec.Struct, frozen=True, gc=False):
    """One published offer. Live on D when valid_from ≤ D ≤ valid_to and not withdrawn on or before D."""

    offer_id: Annotated[str, doc("Offer")]
    publisher: Annotated[str, doc("KBO number of who published it")]
    kind: Annotated[OfferKind, doc("Kind of offer")]
    sector: Annotated[Sector | None, doc("Sector")]
    regions: Annotated[tuple[Region, ...], doc("Regions it is open to")]
    min_oral: Annotated[Cefr, doc("Oral Dutch it asks")]
    valid_from: Annotated[date, doc("First day it can be taken up")]
    valid_to: Annotated[date | None, doc("Last day")]
    withdrawn_on: Annotated[date | None, doc("Day it was withdrawn")]
    places: Annotated[int | None, doc("Places")]


@projection("offers", kinds=(StreamKind.OFFER,), row=OfferRow, nl="Aanbod", en="Offers")
def offers(subject: Subject) -> Iterable[OfferRow]:
    published = subject.history.first(OfferPublished)
    if published is None:
        return []
    offer, withdrawn = published.payload, subject.history.first(OfferWithdrawn)
    return [
        OfferRow(
            offer.offer_id,
            published.publisher,
            offer.offer_kind,
            offer.sector,
            offer.regions,
            offer.min_dutch_oral,
            offer.valid_from,
            offer.valid_to,
            withdrawn.date if withdrawn else None,
            offer.places,
        )
    ]


class EditionRow(msgspec.Struct, frozen=True, gc=False):
    """One edition."""

    edition_id: Annotated[str, doc("Edition")]
    kind: Annotated[EditionKind, doc("Sector trajectory or group offer")]
    theme: Annotated[PilotTheme, doc("Theme")]
    organiser: Annotated[str, doc("KBO number of who planned it")]
    pilot_id: Annotated[str | None, doc("Pilot")]
    sectors: Annotated[tuple[Sector, ...], doc("Sectors")]
    regions: Annotated[tuple[Region, ...], doc("Regions")]
    capacity: Annotated[int, doc("Places")]
    terms_min: Annotated[int, doc("Minutes of Dutch terms planned")]
    aligned: Annotated[AlignmentOutcome | None, doc("Worst alignment at or before the start; of all while it has not started")]
    complementary: Annotated[bool, doc("Whether VDAB or Actiris found it complementary at or before its start")]
    started_on: Annotated[date | None, doc("Day it started")]
    ended_on: Annotated[date | None, doc("Day it ended")]


_WORST_FIRST = (AlignmentOutcome.OVERLAPPING, AlignmentOutcome.ADJUST, AlignmentOutcome.COMPLEMENTARY)


@projection("editions", kinds=(StreamKind.EDITION,), row=EditionRow, nl="Edities", en="Editions")
def editions(subject: Subject) -> Iterable[EditionRow]:
    history = subject.history
    planned = history.first(EditionPlanned)
    if planned is None:
        return []
    plan, started, ended = planned.payload, history.first(EditionStarted), history.first(EditionEnded)
    outcomes = {fact.payload.outcome for fact in history.of(EditionAligned) if started is None or fact.time <= started.time}
    return [
        EditionRow(
            plan.edition_id,
            plan.edition_kind,
            plan.theme,
            planned.publisher,
            plan.pilot_id,
            plan.sectors,
            plan.regions,
            plan.capacity,
            plan.dutch_terms_min,
            min(outcomes, key=_WORST_FIRST.index, default=None),
            AlignmentOutcome.COMPLEMENTARY in outcomes,
            started.date if started else None,
            ended.date if ended else None,
        )
    ]


class NeedRow(msgspec.Struct, frozen=True, gc=False):
    """One need of an employer."""

    need_id: Annotated[str, doc("Need")]
    stated_on: Annotated[date, doc("Day it was stated")]
    needs: Annotated[tuple[EmployerNeed, ...], doc("What is needed")]
    sector: Annotated[Sector, doc("Sector")]
    size: Annotated[SizeClass, doc("Size class")]
    region: Annotated[Region | None, doc("Region of the workplace on that day")]
    invest_min: Annotated[int, doc("Minutes the employer invests")]
    agreed_on: Annotated[date | None, doc("Day of the first agreement")]
    route: Annotated[SupportRoute | None, doc("Route of the first agreement")]
    delivered_n: Annotated[int, doc("Deliveries")]
    delivered_min: Annotated[int, doc("Minutes delivered")]
    delivered_on: Annotated[date | None, doc("Day of the first delivery")]
    reached: Annotated[int, doc("Employees reached, over all deliveries")]
    reached_known: Annotated[int, doc("Of these, in deliveries that say how many are non-native speakers")]
    reached_non_native: Annotated[int, doc("Non-native speakers reached")]
    rated: Annotated[int, doc("Employees reached in deliveries that were rated")]
    rating: Annotated[int, doc("Satisfaction in basis points, times the employees reached, over the rated deliveries")]


@projection("needs", version=2, kinds=(StreamKind.EMPLOYER,), row=NeedRow, nl="Noden van werkgevers", en="Needs of employers")
def needs(subject: Subject) -> Iterable[NeedRow]:
    history = subject.history
    agreements: dict[str, list[Fact[EmployerSupportAgreed]]] = {}
    for agreed in history.of(EmployerSupportAgreed):
        agreements.setdefault(agreed.payload.need_id, []).append(agreed)
    delivered: dict[str, list[Fact[EmployerSupportDelivered]]] = {}
    for delivery in history.of(EmployerSupportDelivered):
        delivered.setdefault(delivery.payload.support_id, []).append(delivery)
    firsts: dict[str, Fact[EmployerNeedStated]] = {}
    for fact in history.of(EmployerNeedStated):
        firsts.setdefault(fact.payload.need_id, fact)
    return [_need(fact, agreements.get(need_id, []), delivered) for need_id, fact in firsts.items()]


def _need(
    stated: Fact[EmployerNeedStated],
    agreements: list[Fact[EmployerSupportAgreed]],
    delivered: dict[str, list[Fact[EmployerSupportDelivered]]],
) -> NeedRow:
    need = stated.payload
    supports = {agreed.payload.support_id for agreed in agreements}
    given = [one for support in sorted(supports) for one in delivered.get(support, ())]
    said = [one.payload for one in given]
    counted = [one for one in said if one.non_native_employees is not None]
    rated = [one for one in said if one.satisfaction_bp is not None]
    return NeedRow(
        need.need_id,
        stated.date,
        need.needs,
        need.sector,
        need.size_class,
        geography.region_on(need.nis, stated.date),
        need.investment_min,
        agreements[0].date if agreements else None,
        agreements[0].payload.route if agreements else None,
        len(said),
        sum(one.delivered_min for one in said),
        min((one.date for one in given), default=None),
        sum(one.reached_employees for one in said),
        sum(one.reached_employees for one in counted),
        sum(one.non_native_employees or 0 for one in counted),
        sum(one.reached_employees for one in rated),
        sum((one.satisfaction_bp or 0) * one.reached_employees for one in rated),
    )


class SupportRow(msgspec.Struct, frozen=True, gc=False):
    """One agreement on support for a need."""

    support_id: Annotated[str, doc("Support")]
    need_id: Annotated[str, doc("Need")]
    agreed_on: Annotated[date, doc("Day of the agreement")]
    route: Annotated[SupportRoute, doc("Who gives it")]


@projection("supports", kinds=(StreamKind.EMPLOYER,), row=SupportRow, nl="Afspraken met werkgevers", en="Agreements with employers")
def supports(subject: Subject) -> Iterable[SupportRow]:
    firsts: dict[str, Fact[EmployerSupportAgreed]] = {}
    for fact in subject.history.of(EmployerSupportAgreed):
        firsts.setdefault(fact.payload.support_id, fact)
    return [SupportRow(support_id, fact.payload.need_id, fact.date, fact.payload.route) for support_id, fact in firsts.items()]
