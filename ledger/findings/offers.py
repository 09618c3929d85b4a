"""Recommended offers that ask too much Dutch, or that are not open (F17, F18)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.events.referral import OfferRecommended
from ledger.finding import Hit, Severity, finding
from ledger.history import Fact
from ledger.strands.course import oral_on
from ledger.subject import Subject


@finding(
    "F17",
    Severity.WARN,
    nl="Aanbevolen aanbod vraagt te veel Nederlands",
    en="Offer too hard",
    mend_nl="Zoek aanbod op het niveau van de persoon, of geef het behaalde niveau door.",
    mend_en="Look for an offer at the person's level, or pass on the level that was attained.",
    needs=(OfferRecommended,),
)
def offer_too_hard(subject: Subject) -> Iterable[Hit]:
    for recommended in subject.history.of(OfferRecommended):
        if too_hard(subject, recommended):
            yield Hit(since=recommended.date, position=recommended.entry.position, case=recommended.payload.offer_id)


@finding(
    "F18",
    Severity.WARN,
    nl="Aanbevolen aanbod is niet ontsloten",
    en="Offer not live",
    mend_nl="Het aanbod was niet gepubliceerd, verlopen of ingetrokken: laat de aanbieder het ontsluiten of beveel ander aan.",
    mend_en="The offer was not published, expired or withdrawn: have the provider publish it or recommend another.",
    needs=(OfferRecommended,),
)
def offer_not_live(subject: Subject) -> Iterable[Hit]:
    for recommended in subject.history.of(OfferRecommended):
        if not_live(subject, recommended):
            yield Hit(since=recommended.date, position=recommended.entry.position, case=recommended.payload.offer_id)


def too_hard(subject: Subject, recommended: Fact[OfferRecommended]) -> bool:
    """Whether the offer asks more oral Dutch than the person showed by that date; False while the offer is not known."""
    offer = subject.reference.offer(recommended.payload.offer_id)
    if offer is None or offer.published is None:
        return False
    return offer.published.payload.min_dutch_oral.rank > oral_on(subject, recommended.date).rank


def not_live(subject: Subject, recommended: Fact[OfferRecommended]) -> bool:
    """Whether the offer was not published, not valid or withdrawn on that date."""
    offer = subject.reference.offer(recommended.payload.offer_id)
    return offer is None or not offer.live_on(recommended.date)
