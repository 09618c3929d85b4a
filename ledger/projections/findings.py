"""One row per live finding of a history (F01…F41). Those of no single history are kept beside it by the runner."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.aggregate import FindingRow, finding_row
from ledger.catalogue import StreamKind
from ledger.finding import EVERY_KIND, evaluate
from ledger.projection import projection
from ledger.subject import Subject


@projection(
    "findings",
    version=2,
    kinds=EVERY_KIND,
    row=FindingRow,
    nl="Bevindingen",
    en="Findings",
    index=[("code",)],
)
def findings(subject: Subject) -> Iterable[FindingRow]:
    restricted = subject.kind is StreamKind.SIGNAL
    return [finding_row(finding, restricted=restricted) for finding in subject.memo(evaluate).live]
