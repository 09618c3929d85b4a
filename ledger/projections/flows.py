"""How many facts of each type happened per day and region: sum ``n`` over the keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated

import msgspec

from ledger import geography
from ledger.catalogue import StreamKind
from ledger.finding import EVERY_KIND
from ledger.projection import doc, projection
from ledger.strands.profile import statements_of
from ledger.subject import Subject


class FlowRow(msgspec.Struct, frozen=True, gc=False):
    """What one history contributes to one day, type and region."""

    day: Annotated[date, doc("Local date")]
    type: Annotated[str, doc("Short event type")]
    region: Annotated[
        str | None, doc("Reference region (or brussel) of the person's residence on that day; empty when unknown or not about a person")
    ]
    n: Annotated[int, doc("Facts of this type on this day")]


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
    held = subject.memo(statements_of).get("residence_nis", ())
    at, nis = 0, None
    for (day, name), n in counts.items():
        # Facts stand in date order, so the residence is walked along with them.
        while at < len(held) and held[at].valid_from <= day:
            nis, at = str(held[at].value), at + 1
        rows.append(FlowRow(day, name, _region(nis, day) if nis is not None else None, n))
    return rows


_region = lru_cache(maxsize=65536)(geography.region_on)
