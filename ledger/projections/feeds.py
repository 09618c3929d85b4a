"""What each source says it sent, per month and type (feed.reconciled)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.events.publisher import FeedReconciled
from ledger.projection import doc, projection
from ledger.subject import Subject


class FeedRow(msgspec.Struct, frozen=True, gc=False):
    """One type of one statement; a statement without types has one row with an empty type."""

    source: Annotated[str, doc("System that states it")]
    period: Annotated[str, doc("Month of recording, YYYY-MM")]
    type: Annotated[str, doc("Short event type; empty when none was sent")]
    n: Annotated[int, doc("Events of this type that the source says it sent")]
    last_sequence: Annotated[int, doc("Its last sequence number")]
    asked: Annotated[int | None, doc("Persons it was asked about")]
    answered: Annotated[int | None, doc("Persons it answered about")]
    position: Annotated[int, doc("Position of the statement")]
    role: Annotated[str, doc("Role of the source")]
    day: Annotated[date, doc("Local date of the statement")]


@projection(
    "feeds",
    kinds=(StreamKind.PUBLISHER,),
    row=FeedRow,
    version=2,
    nl="Controletotalen van bronnen",
    en="Control totals of sources",
)
def feeds(subject: Subject) -> Iterable[FeedRow]:
    for fact in subject.history.of(FeedReconciled):
        said, entry = fact.payload, fact.entry
        for name, n in sorted(said.counts.items()) or [("", 0)]:
            yield FeedRow(
                entry.source, said.period, name, n, said.last_sequence, said.asked, said.answered, entry.position, entry.role, fact.date
            )
