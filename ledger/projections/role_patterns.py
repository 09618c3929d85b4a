"""Live role patterns (F27) of single histories, each with the organisation that it asks a question of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.finding import EVERY_KIND, ROLE_SMELL, evaluate
from ledger.projection import doc, projection
from ledger.strands.line import lines_of
from ledger.subject import Subject


class PatternRow(msgspec.Struct, frozen=True, gc=False):
    """One finding F27. Those over many histories stand beside the findings, on the organisation's own stream."""

    rule: Annotated[str, doc("Pattern rule P1 to P10")]
    org: Annotated[str, doc("KBO number of the publisher of the event it stands on, else of the stream's latest one")]
    since: Annotated[date, doc("Local date from which it holds")]


@projection(
    "role_patterns",
    kinds=EVERY_KIND - {StreamKind.SIGNAL},
    row=PatternRow,
    nl="Rolpatronen per organisatie",
    en="Role patterns by organisation",
)
def role_patterns(subject: Subject) -> Iterable[PatternRow]:
    found = [finding for finding in subject.memo(evaluate).live if finding.code == ROLE_SMELL]
    if not found:
        return []
    lines = subject.memo(lines_of)
    orgs = {int(line.entry.position): line.entry.source[8:18] for line in lines}
    latest = orgs[max(orgs)]
    return [PatternRow(one.rule or "", orgs.get(one.position or 0, latest), one.since) for one in found]
