"""How many facts of each type happened per day and region: sum ``n`` over the keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from ledger import geography
from ledger.catalogue import StreamKind
from ledger.finding import EVERY_KIND
from ledger.projection import projection
from ledger.strands.profile import residence_on
from ledger.subject import Subject


class FlowRow(msgspec.Struct, frozen=True):
    """What one history contributes to one day, type and region."""

    day: date
    type: str
    region: str | None
    """Reference region (or brussel) of the person's residence on that day; empty when unknown or not about a person."""
    n: int


@projection(
    "flows",
    kinds=EVERY_KIND - {StreamKind.SIGNAL},
    row=FlowRow,
    nl="Stromen per dag, type en regio",
    en="Flows per day, type and region",
    index=[("day", "type", "region")],
)
def flows(subject: Subject) -> Iterable[FlowRow]:
    history = subject.history
    if history.erased:
        return ()
    counts: dict[tuple[date, str], int] = {}
    for fact in history.facts:
        key = (fact.date, fact.entry.type)
        counts[key] = counts.get(key, 0) + 1
    if subject.kind is not StreamKind.PERSON:
        return [FlowRow(day, name, None, n) for (day, name), n in counts.items()]
    rows = []
    region: str | None = None
    asked: date | None = None
    for (day, name), n in counts.items():
        if day != asked:
            nis = residence_on(subject, day)
            region, asked = (geography.region_on(nis, day) if nis is not None else None), day
        rows.append(FlowRow(day, name, region, n))
    return rows
