"""The test of record: the whole ledger is killed again and again under load and loses nothing, doubles nothing.

Fifty SIGKILLs at random moments: of the ledger, of its PostgreSQL, of its projection runner. Meanwhile a publisher sends a
population over HTTP, again and again what was not acknowledged. Afterwards every acknowledged event stands once at the
position that was acknowledged, positions and versions have no gap, and all views equal those of a rebuild.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import msgspec
import pytest

from ledger.transparency.tree import Frontier, leaf_hash
from simulation.run import stream
from tests.faults.ledger_process import LedgerProcess
from tests.faults.views import assert_views_equal_a_rebuild

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
KILLS = int(os.environ.get("LEDGER_TEST_KILLS", "50"))
PEOPLE = 600
PUBLISHERS = 3
TARGETS = ("ledger",) * 6 + ("postgres",) * 2 + ("streams.projecting",) * 2


class Verdict(msgspec.Struct):
    id: str
    outcome: str
    source: str
    position: int | None = None


class Answer(msgspec.Struct):
    verdicts: list[Verdict]


class Publisher:
    """Sends its lines in batches of random size until each was acknowledged, then all of them again."""

    def __init__(self, ledger: LedgerProcess, lines: list[bytes], rng: random.Random) -> None:
        self._ledger = ledger
        self._lines = lines
        self._rng = rng
        self.acknowledged: dict[tuple[str, str], int] = {}
        self.answers = 0
        self.failures = 0
        self.once_through = asyncio.Event()
        self.stop = False

    async def run(self) -> None:
        async with httpx.AsyncClient(timeout=20) as client:
            while not (self.stop and self.once_through.is_set()):
                await self._once(client)
                self.once_through.set()

    async def _once(self, client: httpx.AsyncClient) -> None:
        at = 0
        while at < len(self._lines) and not (self.stop and self.once_through.is_set()):
            size = self._rng.randrange(1, 60)
            if await self._send(client, self._lines[at : at + size]):
                at += size

    async def _send(self, client: httpx.AsyncClient, lines: list[bytes]) -> bool:
        try:
            answer = await client.post(
                f"{self._ledger.url}/api/events", content=b"".join(lines), headers={"content-type": "application/x-ndjson"}
            )
        except httpx.HTTPError:
            self.failures += 1
            await asyncio.sleep(0.05)
            return False
        if answer.status_code in {429, 503}:
            self.failures += 1
            await asyncio.sleep(0.1)
            return False
        assert answer.status_code == 200, answer.text[:500]
        for verdict in msgspec.json.decode(answer.content, type=Answer).verdicts:
            assert verdict.outcome in {"admitted", "duplicate"}, verdict
            assert verdict.position is not None
            known = self.acknowledged.setdefault((verdict.source, verdict.id), verdict.position)
            assert known == verdict.position, f"{verdict.id} was acknowledged at {known} and now at {verdict.position}"
        self.answers += 1
        return True


async def _killer(ledger: LedgerProcess, rng: random.Random) -> dict[str, int]:
    killed = dict.fromkeys(sorted(set(TARGETS)), 0)
    while sum(killed.values()) < KILLS:
        await asyncio.sleep(rng.uniform(0.05, 1.2))
        target = rng.choice(TARGETS)
        if target == "ledger":
            ledger.kill()
            await asyncio.to_thread(ledger.start)
        elif not ledger.kill_child(target):
            continue
        killed[target] += 1
    return killed


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that no other test run changes the rights of: pytest does that to its own when one starts."""
    with tempfile.TemporaryDirectory(prefix="ledger-faults", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.mark.timeout(900)
async def test_killed_at_random_moments_nothing_is_lost_or_doubled(folder: Path) -> None:
    print(f"seed {SEED}, kills {KILLS}")
    rng = random.Random(SEED)
    lines = list(stream(PEOPLE, SEED))
    ledger = LedgerProcess(folder / "data")
    ledger.data.mkdir()
    ledger.start()
    try:
        shares = [lines[n::PUBLISHERS] for n in range(PUBLISHERS)]
        publishers = [Publisher(ledger, share, random.Random(SEED + n)) for n, share in enumerate(shares)]
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            sending = [group.create_task(publisher.run()) for publisher in publishers]
            killed = await _killer(ledger, rng)
            for publisher in publishers:
                publisher.stop = True
            await asyncio.wait(sending, timeout=300)
        acknowledged = {key: position for publisher in publishers for key, position in publisher.acknowledged.items()}
        print(
            f"killed {killed} in {time.monotonic() - began:.0f} s; "
            f"{sum(p.answers for p in publishers)} answers, {sum(p.failures for p in publishers)} failures"
        )
        assert len(acknowledged) == len(lines)
        await _assert_whole(ledger, acknowledged)
    finally:
        assert ledger.stop() == 0


async def _assert_whole(ledger: LedgerProcess, acknowledged: dict[tuple[str, str], int]) -> None:
    connection = await ledger.connected()
    try:
        rows = await connection.fetch("SELECT source, id::text, position FROM ledger.entries ORDER BY position")
        assert [row["position"] for row in rows] == list(range(1, len(rows) + 1)), "positions have a gap"
        assert {(row["source"], row["id"]): row["position"] for row in rows} == acknowledged
        broken = await connection.fetchval(
            "SELECT count(*) FROM (SELECT count(*) AS n, max(version) AS last FROM ledger.entries GROUP BY stream) s WHERE n <> last"
        )
        assert broken == 0, "stream versions have a gap"
        backwards = await connection.fetchval(
            "SELECT count(*) FROM (SELECT admitted_at < lag(admitted_at) OVER (ORDER BY position) AS back FROM ledger.entries) s WHERE back"
        )
        assert backwards == 0, "admitted_at decreases"
        await _assert_one_history(ledger, connection, len(rows))
        await assert_views_equal_a_rebuild(ledger, connection, len(rows))
    finally:
        await connection.close()


async def _assert_one_history(ledger: LedgerProcess, connection: asyncpg.Connection[asyncpg.Record], count: int) -> None:
    """Every checkpoint that was signed between the kills is the root over the entries as they stand."""
    async with httpx.AsyncClient(timeout=60) as client:
        (await client.post(f"{ledger.url}/api/checkpoints")).raise_for_status()
    signed = await connection.fetch("SELECT size, root FROM ledger.checkpoints ORDER BY size")
    leaves = [leaf_hash(row[0]) for row in await connection.fetch("SELECT commitment FROM ledger.entries ORDER BY position")]
    frontier = Frontier()
    for size, root in signed:
        frontier, _ = frontier.extended(leaves[frontier.size : size])
        assert (frontier.size, frontier.root) == (size, root), "the log signed another history"
    assert frontier.size == count
    print(f"{len(signed)} checkpoints")
