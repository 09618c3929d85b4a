"""What the demonstration on Kafka asks of the views: whether they came to rest, and a digest of all rows of each."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from pathlib import Path

from ledger.errors import LedgerError, StoreUnavailable
from ledger.projection import projections
from streams.aggregating import AGGREGATE_TABLE
from streams.clock import SystemClock
from streams.postgres import views
from streams.postgres.connection import connect, let_go, plainly
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.sql import sql
from streams.projecting import EVERY_VIEW

VIEWS = (AGGREGATE_TABLE, "source_state")
"""What the projections leave beside their own views."""
POLL_SECONDS = 0.5


async def rest(data: Path, seconds: float) -> None:
    """Wait until the views are at the head of the ledger, with nothing left to do. ``LedgerError`` when they are not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(StoreUnavailable):
            connection = await connect(EmbeddedPostgres(data).dsn)
            try:
                with plainly():
                    if await connection.fetchval(sql("worker_rest")):
                        return
            finally:
                await let_go(connection)
        await asyncio.sleep(POLL_SECONDS)
    raise LedgerError(f"the views were not at the head within {seconds:.0f} s")


async def rebuild(data: Path, seconds: float) -> None:
    """Have every view rebuilt beside the live one and swapped in. ``LedgerError`` when that fails, or is not done in time."""
    deadline = time.monotonic() + seconds
    connection = await connect(EmbeddedPostgres(data).dsn)
    try:
        number = await connection.fetchval(sql("rebuild_request"), EVERY_VIEW, SystemClock().now())
        while time.monotonic() < deadline:
            row = next(row for row in await connection.fetch(sql("rebuild_list"), 10) if row["number"] == number)
            if row["error"] is not None:
                raise LedgerError(row["error"])
            if row["finished_at"] is not None:
                return
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await let_go(connection)
    raise LedgerError(f"the views were not rebuilt within {seconds:.0f} s")


async def digests(data: Path) -> Mapping[str, str]:
    """A digest of all rows of every view."""
    connection = await connect(EmbeddedPostgres(data).dsn)
    try:
        return {name: await views.digest(connection, name) for name in [*projections(), *VIEWS]}
    finally:
        await let_go(connection)


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The views that do not hold the same."""
    return sorted(name for name in one if one[name] != other[name])
