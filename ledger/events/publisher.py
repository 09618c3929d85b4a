"""Publishers: their authority and their control totals (domain.md 2.7, rows 62, 63)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.publisher import AuthorityState
from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.fields import Count, Kbo, ShortType, YearMonth
from ledger.verdict import Violation


@event(
    "publisher-authority.changed",
    62,
    stream=StreamKind.PUBLISHER,
    publishers=[Role.LEDGER_OPERATOR],
    nl="Machtiging bron",
    en="Publisher authority changed",
    natural_key=("org", "role"),
)
class PublisherAuthorityChanged(Payload, frozen=True, kw_only=True):
    """An organisation may, may for now not, or may no longer publish under a role, from a moment on.

    ``authority`` binds a recognition authority to the one body for which it decides (B08).
    """

    org: Kbo
    role: Role
    state: AuthorityState
    regions: tuple[Region, ...] | None = None
    valid_from: Annotated[datetime, Meta(tz=True)]
    authority: RecognitionAuthority | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.role is Role.RECOGNITION_AUTHORITY and self.authority is None:
            yield contradiction(
                "authority",
                "een erkenningsinstantie beslist alleen voor zichzelf: vul in authority in welke instantie het is",
                "a recognition authority decides for itself only: say in authority which one it is",
            )

    def stream_key(self) -> str | None:
        return self.org


@event(
    "feed.reconciled",
    63,
    stream=StreamKind.PUBLISHER,
    publishers=list(Role),
    nl="Controletotaal",
    en="Feed reconciled",
    natural_key=("period",),
)
class FeedReconciled(Payload, frozen=True, kw_only=True):
    """A publisher's own totals for a month: events per short type, last sequence, persons asked and answered."""

    period: YearMonth
    counts: dict[ShortType, Count]
    last_sequence: Count
    asked: Count | None = None
    answered: Count | None = None
