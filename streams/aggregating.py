"""What stands on no single history: the quality of each source, and the findings that come from counts over many streams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from ledger.aggregate import FINDING_COLUMNS, FeedTotal, TallySum, aggregate_findings, stream_finding_record
from ledger.parameters import Parameters
from ledger.quality import SourceState, merge, observe, received
from ledger.verdict import StreamId
from streams.postgres import views
from streams.postgres.sql import sql
from streams.subjects import Surroundings

AGGREGATE_TABLE = "aggregate_finding"


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What is looked at before anything is opened."""

    position: int
    stream: StreamId
    type: str
    source: str
    sequence: int
    time: datetime
    recorded_at: datetime
    admitted_at: datetime


def observe_into(sources: dict[str, SourceState], rows: Iterable[Envelope], parameters: Parameters) -> None:
    """Add what some envelopes say of their sources."""
    for source, state in observe(rows, parameters).items():
        held = sources.get(source)
        sources[source] = state if held is None else merge(held, state)


async def save_sources(connection: views.Connection, sources: Mapping[str, SourceState]) -> None:
    """Add to the kept quality of some sources."""
    if not sources:
        return
    rows = await connection.fetch(sql("runner_sources"), sorted(sources))
    held = {row["source"]: msgspec.json.decode(row["state"], type=SourceState) for row in rows}
    merged = [merge(held[s], state) if s in held else state for s, state in sorted(sources.items())]
    await connection.executemany(sql("runner_save_source"), [(state.source, msgspec.json.encode(state).decode()) for state in merged])


async def source_states(connection: views.Connection) -> list[SourceState]:
    """The quality state of every source; a refused submission did arrive, so its number is not missing."""
    rows = await connection.fetch(sql("runner_all_sources"))
    states = {row["source"]: msgspec.json.decode(row["state"], type=SourceState) for row in rows}
    arrivals: dict[str, list[tuple[int, object]]] = {}
    for row in await connection.fetch(sql("runner_refused_sequences")):
        arrivals.setdefault(row["source"], []).append((row["sequence"], row["received_at"]))
    for source, numbers in arrivals.items():
        refused = received(source, numbers)  # type: ignore[arg-type]
        states[source] = merge(states[source], refused) if source in states else refused
    return [states[source] for source in sorted(states)]


async def aggregate(connection: views.Connection, surroundings: Surroundings, as_of: date) -> None:
    """Write the findings that stand on no single history anew, from the tallies and control totals in the live views."""
    tallies = [TallySum(*row) for row in await connection.fetch(sql("runner_tallies"))]
    feeds = [FeedTotal(*row) for row in await connection.fetch(sql("runner_feeds"))]
    found = aggregate_findings(
        tallies,
        feeds,
        await source_states(connection),
        reference=surroundings.reference(as_of),
        as_of=as_of,
        parameters=surroundings.parameters,
    )
    await views.replace_all(connection, AGGREGATE_TABLE, FINDING_COLUMNS, [stream_finding_record(one) for one in found])
