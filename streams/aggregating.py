"""What stands on no single history: the quality of each source, and the findings that come from counts over many streams."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import asyncpg
import msgspec

from ledger.aggregate import FINDING_COLUMNS, FeedTotal, TallySum, aggregate_findings, stream_finding_record
from ledger.parameters import Parameters
from ledger.quality import SourceState, merge, observe, received
from ledger.verdict import StreamId
from streams.postgres import views
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.subjects import Surroundings

AGGREGATE_TABLE = "aggregate_finding"
PAGE = 20_000


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
    states = [msgspec.json.decode(row["state"], type=SourceState) for row in rows]
    return with_refused(states, await connection.fetch(sql("runner_refused_sequences")))


def with_refused(states: Iterable[SourceState], refused: Iterable[asyncpg.Record]) -> list[SourceState]:
    """The states, by source, with the refused submissions counted as arrived: rows of ``runner_refused_sequences``."""
    found = {state.source: state for state in states}
    arrivals: dict[str, list[tuple[int, datetime]]] = {}
    for source, sequence, received_at in refused:
        arrivals.setdefault(source, []).append((sequence, received_at))
    for source, numbers in arrivals.items():
        state = received(source, numbers)
        found[source] = merge(found[source], state) if source in found else state
    return [found[source] for source in sorted(found)]


async def past_sources(store: Store, upto: int, parameters: Parameters) -> list[SourceState]:
    """The quality of every source by the envelopes up to a position.

    :raises StoreUnavailable: the database is away.
    """
    states: dict[str, SourceState] = {}
    after = 0
    while after < upto:
        with plainly():
            rows = [Envelope(*row) for row in await store.pool.fetch(sql("runner_envelopes"), after, upto, PAGE)]
        if not rows:
            break
        after = rows[-1].position
        observe_into(states, rows, parameters)
        await asyncio.sleep(0)
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
