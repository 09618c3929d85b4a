"""How a source stands: what was answered to it, and what its events say of its own work."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.quality import SourceState, gaps
from streams.postgres.store import SourceTotal
from streams.standing import ReasonCount, SourceStanding

GAPS_SHOWN = 20


def organisation(source: str) -> str:
    """The organisation of ``urn:kbo:<number>:<system>``; empty for what is no such source."""
    return source.removeprefix("urn:kbo:").partition(":")[0] if source.startswith("urn:kbo:") else ""


def source_standing(name: str, totals: Sequence[SourceTotal], state: SourceState | None, role: str | None) -> SourceStanding:
    """The quality of one source, from its totals and the state that its events left; ``None`` where none was admitted."""
    months = state.months if state is not None else ()
    missing = gaps(state) if state is not None else ()
    reasons = sorted((ReasonCount(t.code, t.n) for t in totals if t.outcome == "refused"), key=lambda r: (-r.n, r.code))
    return SourceStanding(
        source=name,
        role=role,
        admitted=answered(totals, "admitted"),
        duplicate=answered(totals, "duplicate"),
        refused=answered(totals, "refused"),
        reasons=tuple(reasons),
        late=sum(month.late for month in months),
        slow=sum(month.slow for month in months),
        skew=sum(month.skew for month in months),
        corrections=sum(month.corrections for month in months),
        retractions=sum(month.retractions for month in months),
        missing=sum(gap.hi - gap.lo + 1 for gap in missing),
        gaps=missing[:GAPS_SHOWN],
        last_seen=state.last if state is not None else None,
        state=state,
    )


def answered(totals: Sequence[SourceTotal], outcome: str) -> int:
    """How often an outcome was answered."""
    return sum(total.n for total in totals if total.outcome == outcome)
