"""What runs beside the writing may fail: it is said, it begins anew, and the ledger goes on."""

from __future__ import annotations

import asyncio

import asyncpg
import httpx

from simulation.run import stream
from streams.postgres.server import EmbeddedPostgres
from tests.acceptance.ledgers import RunningLedger
from tests.waiting import wait_until


async def _execute(running: RunningLedger, statement: str) -> None:
    connection = await asyncpg.connect(EmbeddedPostgres(running.data).dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_checkpoints_that_cannot_be_signed_are_told_and_signed_later() -> None:
    with RunningLedger("--sandbox", "--empty", LEDGER_CHECKPOINT_SECONDS="0.2") as running:
        asyncio.run(_execute(running, "ALTER TABLE ledger.checkpoints RENAME TO elsewhere"))
        wait_until(lambda: "Signing checkpoints stopped: UndefinedTableError" in running.said)
        line = next(iter(stream(1, 1)))
        answer = httpx.post(f"{running.url}/api/events", content=line, headers={"content-type": "application/x-ndjson"}, timeout=60)
        assert answer.json()["admitted"] == 1
        asyncio.run(_execute(running, "ALTER TABLE ledger.elsewhere RENAME TO checkpoints"))

        def signed() -> bool:
            told = httpx.get(f"{running.url}/tlog/checkpoint", timeout=60)
            return told.status_code == 200 and told.text.splitlines()[1] == "1"

        wait_until(signed)
