"""Feeds that are not complete: missing sequence numbers, control totals that differ (F39)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from ledger.aggregate import FeedTotal, Totals, aggregate
from ledger.finding import Hit, Severity, declare
from ledger.quality import SourceState, gaps
from ledger.time import local_date
from ledger.verdict import StreamId

F39 = declare(
    "F39",
    Severity.WARN,
    nl="Gat in de reeks van een bron",
    en="Sequence gap",
    mend_nl="Laat de bron de ontbrekende volgnummers opnieuw sturen, of haar controletotaal nakijken.",
    mend_en="Have the source send the missing sequence numbers again, or check its control total.",
)


@aggregate(F39)
def missing_numbers(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    """Numbers that are missing for more than a day after a higher one came."""
    patience = timedelta(hours=totals.parameters.gap_hours)
    for state in totals.sources:
        for gap in gaps(state):
            yield _stream(state.source), Hit(since=local_date(gap.since + patience), case=f"{state.source}#{gap.lo}-{gap.hi}")


@aggregate(F39)
def totals_differ(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    """A month for which the source says it sent other numbers than arrived; the latest statement about it counts."""
    states = {state.source: state for state in totals.sources}
    ordered = sorted(
        (one for one in totals.feeds if one.day <= totals.as_of), key=lambda one: (one.source, one.period, one.day, one.position)
    )
    for (source, period), statements in groupby(ordered, key=lambda one: (one.source, one.period)):
        latest = [list(rows) for _, rows in groupby(statements, key=lambda one: one.position)][-1]
        if not _agrees(states.get(source), period, latest):
            yield _stream(source), Hit(since=latest[0].day, position=latest[0].position, case=f"{source}#{period}")


def _agrees(state: SourceState | None, period: str, stated: list[FeedTotal]) -> bool:
    said = {one.type: one.n for one in stated if one.n}
    if state is None:
        return not said
    month = next((one for one in state.months if one.month == period), None)
    arrived = dict(month.by_type) if month is not None else {}
    arrived.pop("feed.reconciled", None)
    said.pop("feed.reconciled", None)
    highest = max((one.hi for one in state.ranges), default=0)
    return said == arrived and stated[0].last_sequence <= highest


def _stream(source: str) -> StreamId:
    return StreamId(f"bron/{source[8:18]}")
