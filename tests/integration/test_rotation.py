"""A new master key: everything opens with it, nothing with the old one, and whatever was cut off is finished."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.errors import DataFolderError, SealBroken
from ledger.sealing import unwrap
from ledger.verdict import Outcome
from streams import rotation
from streams.clock import SandboxClock
from streams.folder import DataFolder, Mode
from streams.keys import Keys
from streams.postgres.store import Store
from streams.refusals import Refusals
from streams.rotation import rotate
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, person
from tests.waiting import until

EARLY = datetime(2020, 1, 1, tzinfo=UTC)
INSZ = "85073003328"
SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
KILLS = int(os.environ.get("LEDGER_TEST_ROTATION_KILLS", "12"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    DataFolder.open(tmp_path / "data", Mode.SANDBOX).close()
    return tmp_path / "data"


@pytest.fixture
async def filled(database_url: str, folder: Path) -> str:
    """A database with people, one of them behind a number, and refusals."""
    with DataFolder.open(folder) as opened:
        async with await Store.open(database_url, keys=opened.keys) as store:
            await store.found(Mode.SANDBOX, EARLY)
            feed = Feed(opened.keys)
            async with Sequencer(store, clock=SandboxClock(EARLY)) as sequencer:
                await sequencer.submit(feed.intakes([person(n) for n in range(30)] + [f"insz/{INSZ}"]))
                await sequencer.submit(feed.examined(*(feed.event(publisherrole="naric") for _ in range(30))))
    return database_url


async def _whole(database_url: str, folder: Path, *, keys: int = 31) -> None:
    """Everything opens, and what was there is recognised."""
    with DataFolder.open(folder) as opened:
        async with await Store.open(database_url, keys=opened.keys) as store:
            await store.found(Mode.SANDBOX, EARLY)
            feed = Feed(opened.keys)
            read = await store.read_open(0, 100)
            assert (len(read.entries), read.broken) == (keys, {})
            stream = f"persoon/{feed.examiner.pseudonym(INSZ)}"
            assert await store.identity(stream) == INSZ  # type: ignore[arg-type]
            async with Sequencer(store, clock=SandboxClock(read.entries[-1].admitted_at)) as sequencer:
                again = await sequencer.submit(feed.intakes([person(n) for n in range(30)]))
                shelf = Refusals(store, feed.examiner, sequencer, SandboxClock(EARLY))
                assert all([(await shelf.show(one.number)).raw for one in await shelf.list()])
    assert {verdict.outcome for verdict in again} == {Outcome.DUPLICATE}, "the hashes of before still tell a redelivery"


async def test_everything_opens_with_the_new_key_and_nothing_with_the_old(filled: str, folder: Path, tmp_path: Path) -> None:
    before = (folder / "keys" / "master.key").read_bytes()
    with DataFolder.open(folder, rotating=True) as opened:
        old = opened.keys
        done = await rotate(opened, filled, keep_old=tmp_path / "old.key")
    assert (done.keys, done.refusals, done.resumed) == (31, 30, False)
    assert (folder / "keys" / "master.key").read_bytes() != before
    assert (tmp_path / "old.key").read_bytes() == before
    assert not (folder / "keys" / "master.next").exists()
    await _whole(filled, folder)
    with DataFolder.open(folder) as opened:
        async with await Store.open(filled, keys=opened.keys) as store:
            for row in await store.pool.fetch("SELECT stream, wrapped FROM ledger.stream_keys"):
                with pytest.raises(SealBroken):
                    unwrap(old.master, row["stream"], row["wrapped"])
        async with await Store.open(filled, keys=old) as stranger:
            with pytest.raises(DataFolderError):
                await stranger.found(Mode.SANDBOX, EARLY)


class _Killed(Exception):
    """Stands for the end of the process."""


async def test_whatever_was_cut_off_is_finished(filled: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off at a random statement, again and again, until it gets through; a ledger does not start meanwhile."""
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    monkeypatch.setattr(rotation, "BATCH", 7)
    sql = rotation.sql
    cut = 0
    for luck in range(60):
        left = chance.randrange(1, 6 + luck)

        def perhaps(name: str) -> str:
            nonlocal left
            left -= 1
            if left < 0:
                raise _Killed
            return sql(name)

        monkeypatch.setattr(rotation, "sql", perhaps)
        with DataFolder.open(folder, rotating=True) as opened:
            try:
                await rotate(opened, filled)
            except _Killed:
                cut += 1
                with pytest.raises(DataFolderError, match="ledger keys rotate"):
                    DataFolder.open(folder, lock=False)
                continue
        break
    assert cut > 2
    monkeypatch.undo()
    await _whole(filled, folder)
    with DataFolder.open(folder, rotating=True) as opened:
        assert (await rotate(opened, filled)).keys == 31, "and once more, from the new one"
    await _whole(filled, folder)


def _killed(command: list[str], statements: int, pause: float) -> None:
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as rotating:
        assert rotating.stdout is not None
        try:
            # The statement after the last dot is on its way, or it was the last one: then files change their names.
            assert len(rotating.stdout.read(statements)) == statements
            time.sleep(pause)
        finally:
            rotating.kill()


async def test_killed_at_random_moments_everything_stays_readable(filled: str, folder: Path) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    command = [sys.executable, "-m", "tests.integration.rotating", str(folder), filled]
    resumed = 0
    for _ in range(KILLS):
        statements, pause = chance.randrange(1, 60), chance.choice((0.0, 0.0, chance.uniform(0, 0.05)))
        await asyncio.to_thread(_killed, command, statements, pause)
        resumed += (folder / "keys" / "master.next").exists()
    print(f"{KILLS} kills, {resumed} in the middle of a rotation")
    assert resumed
    # What the killed sessions still do, they do before they go.
    async with await Store.open(filled, keys=Keys(bytes(32), bytes(32))) as store:
        others = "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        await until(lambda: store.pool.fetchval(f"{others} AND backend_type = 'client backend'"))
    with DataFolder.open(folder, rotating=True) as opened:
        await rotate(opened, filled)
    await _whole(filled, folder)
    assert not [name for name in os.listdir(folder / "keys") if "next" in name]


async def test_a_database_of_other_keys_is_left_alone(filled: str, tmp_path: Path) -> None:
    with DataFolder.open(tmp_path / "other", Mode.SANDBOX) as opened, pytest.raises(DataFolderError, match="nothing was changed"):
        await rotate(opened, filled)
    assert not (tmp_path / "other" / "keys" / "master.next").exists()
