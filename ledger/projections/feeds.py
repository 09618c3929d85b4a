"""What each source says it sent, per month and type (feed.reconciled)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from ledger.catalogue import StreamKind
from ledger.events.publisher import FeedReconciled
from ledger.projection import projection
from ledger.subject import Subject


class FeedRow(msgspec.Struct, frozen=True):
    """One type of one statement; a statement without types has one row with an empty type."""

    source: str
    period: str
    type: str
    n: int
    last_sequence: int
    asked: int | None
    answered: int | None
    position: int
    day: date


@projection(
    "feeds",
    kinds=(StreamKind.PUBLISHER,),
    row=FeedRow,
    nl="Controletotalen van bronnen",
    en="Control totals of sources",
)
def feeds(subject: Subject) -> Iterable[FeedRow]:
    for fact in subject.history.of(FeedReconciled):
        said, entry = fact.payload, fact.entry
        for name, n in sorted(said.counts.items()) or [("", 0)]:
            yield FeedRow(entry.source, said.period, name, n, said.last_sequence, said.asked, said.answered, entry.position, fact.date)
