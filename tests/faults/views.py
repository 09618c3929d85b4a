"""Whether all views equal those of a rebuild."""

from __future__ import annotations

from typing import TypeAlias

import asyncpg
import httpx

from ledger.projection import projections
from tests.faults.ledger_process import LedgerProcess
from tests.waiting import until

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
CAUGHT_UP_SECONDS = 180.0


async def assert_views_equal_a_rebuild(ledger: LedgerProcess, connection: Connection, position: int) -> None:
    """Wait until the views stand at a position, rebuild all of them, and compare every row."""
    await _caught_up(connection, position)
    before = await _digests(connection)
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(f"{ledger.url}/api/projections/all/rebuild")
    assert answer.status_code == 202, answer.text
    await _rebuilt(connection)
    assert await connection.fetchval("SELECT error FROM view.rebuild ORDER BY number DESC LIMIT 1") is None
    assert await _digests(connection) == before


async def _caught_up(connection: Connection, position: int) -> None:
    await until(lambda: connection.fetchval("SELECT position = $1 FROM view.runner", position), CAUGHT_UP_SECONDS)


async def _rebuilt(connection: Connection) -> None:
    await until(lambda: connection.fetchval("SELECT count(*) = 0 FROM view.rebuild WHERE finished_at IS NULL"), CAUGHT_UP_SECONDS)


async def _digests(connection: Connection) -> dict[str, str]:
    names = [*projections(), "aggregate_finding", "dependency", "due", "source_state"]
    return {
        name: str(await connection.fetchval(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM view.{name} t")) for name in names
    }
