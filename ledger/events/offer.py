"""The offer catalogue (domain.md 2.7, rows 56, 57)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.course import Cefr
from ledger.codes.edition import Audience
from ledger.codes.offer import OfferKind, WithdrawalReason
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.fields import Count, Date, Uuid
from ledger.verdict import Violation


@event(
    "offer.published",
    56,
    stream=StreamKind.OFFER,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.TRAINING_PROVIDER, Role.PARTNER, Role.LOCAL_GOVERNMENT],
    nl="Aanbod ontsloten",
    en="Offer published",
    natural_key=("offer_id",),
)
class OfferPublished(Payload, frozen=True, kw_only=True):
    """An offer is made known, with the oral Dutch it asks."""

    offer_id: Uuid
    offer_kind: OfferKind
    sector: Sector | None = None
    regions: tuple[Region, ...]
    min_dutch_oral: Cefr
    audience: tuple[Audience, ...]
    valid_from: Date
    valid_to: Date | None = None
    places: Count | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            yield contradiction(
                "valid_to",
                f"het aanbod eindigt voor het begint ({self.valid_from}); verbeter valid_from of valid_to",
                f"the offer ends before it begins ({self.valid_from}); mend valid_from or valid_to",
            )

    def stream_key(self) -> str | None:
        return self.offer_id


@event(
    "offer.withdrawn",
    57,
    stream=StreamKind.OFFER,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.TRAINING_PROVIDER, Role.PARTNER, Role.LOCAL_GOVERNMENT],
    nl="Aanbod ingetrokken",
    en="Offer withdrawn",
    natural_key=("offer_id",),
)
class OfferWithdrawn(Payload, frozen=True, kw_only=True):
    """The offer is no longer open."""

    offer_id: Uuid
    reason: WithdrawalReason

    def stream_key(self) -> str | None:
        return self.offer_id
