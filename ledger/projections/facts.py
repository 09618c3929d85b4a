"""One row per person with all milestones (evaluation.md 6.2.1)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.catalogue import StreamKind
from ledger.milestone import facts_of, row_type
from ledger.projection import projection
from ledger.subject import Subject


@projection(
    "facts",
    version=3,
    kinds=(StreamKind.PERSON,),
    row=row_type(),
    nl="Feiten per persoon",
    en="Facts per person",
    index=[("contract_on",)],
)
def facts(subject: Subject) -> Iterable[msgspec.Struct]:
    if subject.history.facts and not subject.history.erased:
        yield subject.memo(facts_of)
