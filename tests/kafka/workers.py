"""Real ``ledger worker`` processes for tests, and what the views hold once these have come to rest."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import asyncpg

from ledger.projection import projections
from streams.kafka.connection import Cluster
from streams.postgres import views
from streams.postgres.sql import sql
from streams.postgres.store import Store
from tests.kafka.stage import until

LEDGER = str(Path(sys.executable).parent / "ledger")
VIEWS = ("aggregate_finding", "source_state")
"""What the projections leave beside their own views and is the same whoever projects."""


STANDING = (
    "SELECT row_to_json(r) FROM view.runner r",
    "SELECT row_to_json(s) FROM ledger.sequencer s",
    "SELECT json_agg(DISTINCT jsonb_build_array(topic, partition, next_offset, position)) FROM view.checkpoint",
    "SELECT json_agg(n) FROM (SELECT * FROM view.pending LIMIT 5) n",
    "SELECT row_to_json(t) FROM view.steward t",
    "SELECT json_agg(w) FROM view.worker w",
)
"""What tells why the views are not at rest."""


def environment(cluster: Cluster, database: str) -> dict[str, str]:
    """What an operator sets for a worker."""
    told = {"LEDGER_KAFKA_SERVERS": cluster.servers, "LEDGER_DATABASE_URL": database}
    if cluster.user is not None:
        told |= {"LEDGER_KAFKA_USER": cluster.user, "LEDGER_KAFKA_PASSWORD": cluster.password or ""}
    return told


class WorkerProcess:
    """One ``ledger worker``, started, paused and killed as often as one likes."""

    def __init__(self, data: Path, given: Mapping[str, str], *arguments: str) -> None:
        self.log = data.parent / f"worker-{id(self)}.log"
        self._command = [LEDGER, "worker", "--data", str(data), *arguments]
        self._environment = os.environ | dict(given)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it needs a second or two before it reads."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=self._environment)

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM and the exit code."""
        assert self._process is not None
        if self.running:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
        try:
            return self._process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def said(self) -> str:
        """All that it logged."""
        return self.log.read_text() if self.log.exists() else ""


@contextlib.asynccontextmanager
async def working(*workers: WorkerProcess) -> AsyncIterator[None]:
    """Workers that run beside a block and must stop cleanly after it."""
    try:
        for worker in workers:
            worker.start()
        yield
    except BaseException:
        for worker in workers:
            print(worker.said()[-6000:])
        raise
    finally:
        codes = await asyncio.gather(*(asyncio.to_thread(worker.stop) for worker in workers))
    assert codes == [0] * len(workers)


async def at_rest(pool: asyncpg.Pool, seconds: float = 120) -> None:
    """Wait until the views are at the head, with nothing left to do."""

    async def rests() -> bool:
        return bool(await pool.fetchval(sql("worker_rest")))

    try:
        await until(rests, seconds)
    except TimeoutError as error:
        raise TimeoutError([await pool.fetchval(one) for one in STANDING]) from error


async def rows(store: Store) -> dict[str, str]:
    """A digest of all rows of every view."""
    async with store.pool.acquire() as connection:
        return {name: await views.digest(connection, name) for name in [*projections(), *VIEWS]}


async def stalls(store: Store) -> list[tuple[str, str]]:
    """What could not be digested."""
    return [(row["projection"], row["stream"]) for row in await store.pool.fetch(sql("reading_stalled"), 100)]
