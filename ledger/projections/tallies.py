"""What each history adds to the counts that findings on editions and publishers stand on (see :mod:`ledger.aggregate`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.aggregate import contributions
from ledger.catalogue import StreamKind
from ledger.projection import doc, projection
from ledger.subject import Subject


class TallyRow(msgspec.Struct, frozen=True, gc=False):
    """One history's share in one count."""

    tally: Annotated[str, doc("Name of the count")]
    stream: Annotated[str, doc("Stream that the count is about")]
    day: Annotated[date, doc("Day on which it is booked")]
    n: Annotated[int, doc("Share in the count")]
    until: Annotated[date | None, doc("Date of which the latest counts, where a rule needs one")]


@projection(
    "tallies",
    version=2,
    kinds=(StreamKind.PERSON, StreamKind.EMPLOYER),
    row=TallyRow,
    nl="Bijdragen aan tellingen",
    en="Contributions to counts",
    index=[("tally", "stream")],
)
def tallies(subject: Subject) -> Iterable[TallyRow]:
    as_of = subject.as_of
    return [TallyRow(name, one.stream, one.day, one.n, one.until) for name, one in subject.memo(contributions) if one.day <= as_of]
