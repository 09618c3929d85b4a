"""Killed at random moments under load: every acknowledged event is there once, and nothing has a gap.

``LEDGER_CRASH_SEED`` repeats a run's choices; ``LEDGER_CRASH_KILLS`` makes it longer.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ledger.transparency.tree import leaf_hash, root_of
from ledger.verdict import Outcome
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock
from streams.folder import DataFolder, Mode
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.tree import Tree
from tests.integration.feed import Feed, numbered_uuid, person
from tests.integration.under_load import EPOCH

KILLS = int(os.environ.get("LEDGER_CRASH_KILLS", "54"))
LONGEST_LIFE = 0.7
PATIENCE = 180.0


class Ledger:
    """A ledger process under load, and what it said."""

    def __init__(self, folder: Path, seed: int, life: int, *dsn: str) -> None:
        command = [sys.executable, "-m", "tests.integration.under_load", str(folder), str(seed), str(life), *dsn]
        with (folder.parent / "stderr").open("ab") as complaints:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, cwd=Path(__file__).parents[2])
        self.acknowledged: list[tuple[int, int]] = []
        self.database = 0
        self.said: list[str] = []
        self._writing = threading.Event()
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith(b"\n"):
                break
            word, *rest = line.decode().split()
            if word == "ack":
                pairs = (pair.split("=") for pair in rest)
                self.acknowledged += [(int(number), int(position)) for number, position in pairs]
            elif word == "writing":
                self.database = int(rest[0])
                self._writing.set()
            else:
                self.said.append(line.decode())
        self._writing.set()

    def wait_until_writing(self) -> None:
        assert self._writing.wait(PATIENCE), "the ledger did not come up"
        assert self.process.poll() is None, f"the ledger ended by itself: {self.said}"

    def kill_database(self) -> None:
        """Kill PostgreSQL under a living ledger, and wait until the ledger has it back."""
        self._writing.clear()
        os.kill(self.database, signal.SIGKILL)
        self.wait_until_writing()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def seed() -> int:
    chosen = int(os.environ.get("LEDGER_CRASH_SEED", random.randrange(10**6)))
    print(f"LEDGER_CRASH_SEED={chosen}")
    return chosen


@pytest.mark.timeout(1200)
def test_killed_at_random_moments(data_folder: Path, seed: int) -> None:
    random_ = random.Random(seed)
    known: dict[int, int] = {}
    kills: Counter[str] = Counter()
    life = 0
    while sum(kills.values()) < KILLS:
        ledger = Ledger(data_folder, seed, life)
        try:
            ledger.wait_until_writing()
            while random_.random() < 0.5:
                time.sleep(random_.random() * LONGEST_LIFE)
                ledger.kill_database()
                kills["database under a living ledger"] += 1
            time.sleep(random_.random() * LONGEST_LIFE)
            if random_.random() < 0.3:
                os.kill(ledger.database, signal.SIGKILL)
                kills["ledger and database together"] += 1
            else:
                kills["ledger"] += 1
        finally:
            ledger.kill()
        for number, position in ledger.acknowledged:
            assert known.setdefault(number, position) == position, f"event {number} was acknowledged at two positions"
        life += 1
        if life % 8 == 0:
            asyncio.run(_check(data_folder, known))
    entries = asyncio.run(_check(data_folder, known))
    print(f"{dict(kills)}, {life} lives, {len(known)} events acknowledged, {entries} in the ledger")
    assert sum(kills.values()) >= min(KILLS, 50)
    assert known


async def _check(folder: Path, known: dict[int, int]) -> int:
    """Open the ledger after a crash, and count."""
    with DataFolder.open(folder, Mode.SANDBOX) as data, EmbeddedPostgres(data.path) as server:
        async with await Store.open(server.dsn, keys=data.keys) as store:
            return await _whole(store, known)


async def _whole(store: Store, known: dict[int, int]) -> int:
    """Every acknowledged event stands where it was said to, once; positions and versions have no gap; every seal opens."""
    stands: dict[str, int] = {}
    versions: Counter[str] = Counter()
    position = 0
    while page := await store.read(position, 5_000):
        for entry in page:
            position += 1
            versions[entry.stream] += 1
            assert entry.position == position
            assert entry.version == versions[entry.stream]
            assert stands.setdefault(entry.id, position) == position, "an event stands twice"
        opened = await store.open_entries(page)
        assert len(opened.entries) == len(page), opened.broken
    for number, acknowledged in known.items():
        assert stands.get(numbered_uuid(number, 7)) == acknowledged, f"event {number} was acknowledged at {acknowledged} and is not there"
    head = await store.head()
    assert head.position == position
    admitted = sum(total.n for total in await store.totals() if total.outcome == Outcome.ADMITTED)
    assert admitted == position
    tree = Tree(store.pool)
    assert await tree.root(position) == root_of(map(leaf_hash, await tree.commitments(0, position))), "the tree is not that of the entries"
    assert await store.pool.fetchval("SELECT count(*) FROM ledger.tree_nodes WHERE level = 8") == position // 256
    await Checkpoints(store).publish()  # which proves that the tree grew from what was signed before, life after life
    return position


@contextlib.asynccontextmanager
async def _founded(folder: Path, postgres: EmbeddedPostgres, database_url: str) -> AsyncIterator[Store]:
    with DataFolder.open(folder, Mode.SANDBOX) as data:
        keys = data.keys
    await migrate(database_url)
    async with await Store.open(database_url, keys=keys) as store:
        await store.found(Mode.SANDBOX, EPOCH)
        yield store


@pytest.mark.parametrize("round_", range(3))
async def test_a_paused_sequencer_that_wakes_writes_nothing(
    data_folder: Path, postgres: EmbeddedPostgres, database_url: str, seed: int, round_: int
) -> None:
    random_ = random.Random(seed + round_)
    async with _founded(data_folder, postgres, database_url) as store:
        paused = Ledger(data_folder, seed, 0, database_url)
        try:
            await asyncio.to_thread(paused.wait_until_writing)
            await asyncio.sleep(0.1 + random_.random() * LONGEST_LIFE)
            paused.process.send_signal(signal.SIGSTOP)
            async with Sequencer(store, clock=SandboxClock(EPOCH), take_over=True) as second:
                taken = second.status().position
                feed = Feed(store.keys, seed=1)
                first = await second.submit(feed.intakes([person(n) for n in range(20)]))
                paused.process.send_signal(signal.SIGCONT)
                said = await asyncio.to_thread(paused.process.wait, PATIENCE)
                later = await second.submit(feed.intakes([person(n) for n in range(20)]))
        finally:
            paused.kill()
        assert said == 0
        assert any("fenced" in line for line in paused.said), (paused.said, (data_folder.parent / "stderr").read_text())
        assert [v.position for v in [*first, *later]] == list(range(taken + 1, taken + 41)), "nobody wrote in between"
        await _whole(store, dict(paused.acknowledged))
        assert all(position <= taken for _, position in paused.acknowledged)
