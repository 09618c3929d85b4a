"""What the record itself says: live findings, when and from whom something was last heard (columns 62, 63)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ledger.finding import evaluate
from ledger.milestone import milestones
from ledger.projection import doc
from ledger.subject import Subject


class RecordFacts(msgspec.Struct, frozen=True, gc=False):
    """The record of the person."""

    findings: Annotated[tuple[str, ...], doc("Codes of the live findings")]
    last_fact_on: Annotated[date | None, doc("Date of the latest fact")]
    sources: Annotated[tuple[str, ...], doc("KBO numbers of the publishers heard")]


@milestones(RecordFacts, order=100)
def record_facts(subject: Subject) -> RecordFacts:
    facts = subject.history.facts
    return RecordFacts(
        findings=tuple(sorted({finding.code for finding in subject.memo(evaluate).live})),
        last_fact_on=facts[-1].date if facts else None,
        sources=tuple(sorted({fact.publisher for fact in facts})),
    )
