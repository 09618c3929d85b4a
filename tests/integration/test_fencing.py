"""One writer: a second one waits or takes over, and the one before it writes nothing more, whenever it wakes up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from ledger.errors import AlreadyRunning, DataFolderError, Fenced, LedgerError, StoreUnavailable
from ledger.verdict import Outcome
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.sequencer import Phase, Sequencer
from tests.integration.feed import Feed, person
from tests.waiting import until, until_true


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


def writer(store: Store, *, take_over: bool = False, lock_wait: float = 0.2) -> Sequencer:
    return Sequencer(store, clock=SandboxClock(datetime(2020, 1, 1, tzinfo=UTC)), take_over=take_over, lock_wait=lock_wait)


async def test_a_second_writer_is_told_that_there_is_one(sandbox_store: Store, feed: Feed) -> None:
    async with writer(sandbox_store) as first:
        with pytest.raises(AlreadyRunning, match="another ledger writes"):
            async with writer(sandbox_store):
                pass
        assert len(await first.submit(feed.intakes([person(1)]))) == 1
        assert first.status().epoch == 1


async def test_a_second_writer_waits_for_the_first_to_leave(sandbox_store: Store, feed: Feed) -> None:
    async with writer(sandbox_store) as first:
        await first.submit(feed.intakes([person(1)]))
        second = writer(sandbox_store, lock_wait=60)
        entering = asyncio.create_task(second.__aenter__())
        await asyncio.sleep(0.3)
        assert not entering.done()
    await entering
    (verdict,) = await second.submit(feed.intakes([person(1)]))
    await second.__aexit__()
    assert (verdict.position, second.status().epoch) == (2, 2)


async def test_the_writer_that_was_taken_over_writes_nothing_more(sandbox_store: Store, feed: Feed) -> None:
    async with writer(sandbox_store) as first:
        await first.submit(feed.intakes([person(1)]))
        async with writer(sandbox_store, take_over=True) as second:

            async def fenced() -> bool:
                with pytest.raises((Fenced, StoreUnavailable)) as refused:
                    await first.submit(feed.intakes([person(2)]))
                return isinstance(refused.value, Fenced)

            await until(fenced)
            assert first.status().phase is Phase.FENCED
            (verdict,) = await second.submit(feed.intakes([person(3)]))
        with pytest.raises(Fenced):
            await first.submit(feed.intakes([person(2)]))
    assert verdict.position == 2
    assert [e.stream for e in await sandbox_store.read(0, 10)] == [person(1), person(3)]


async def test_the_epoch_fences_a_writer_that_still_holds_its_session(sandbox_store: Store, feed: Feed) -> None:
    """As if the lock had failed: what a batch checks, with the row locked until its commit, is the epoch."""
    refused = {**feed.event(), "subject": "nobody"}
    async with writer(sandbox_store) as first:
        await first.submit(feed.intakes([person(1)]))
        await sandbox_store.pool.execute("UPDATE ledger.sequencer SET epoch = epoch + 1")
        answers = await asyncio.gather(
            first.submit(feed.intakes([person(2)] * 10)), first.submit(feed.examined(refused)), return_exceptions=True
        )
        assert all(isinstance(answer, Fenced) for answer in answers)
        with pytest.raises(LedgerError):
            await first.submit(feed.intakes([person(2)]))
    assert first.status().phase is Phase.FENCED
    assert (await sandbox_store.head()).position == 1
    assert await sandbox_store.pool.fetchval("SELECT count(*) FROM ledger.refusals") == 0


async def test_the_epoch_fences_a_batch_that_admits_nothing(sandbox_store: Store, feed: Feed) -> None:
    async with writer(sandbox_store) as first:
        await sandbox_store.pool.execute("UPDATE ledger.sequencer SET epoch = epoch + 1")
        with pytest.raises(Fenced):
            await first.submit(feed.examined({**feed.event(), "subject": "nobody"}))
    assert await sandbox_store.pool.fetchval("SELECT count(*) FROM ledger.refusals") == 0
    assert await sandbox_store.totals() == []


async def test_two_writers_at_once_never_share_a_position(sandbox_store: Store, feed: Feed) -> None:
    """They take over from each other again and again; every acknowledged event stands where it was said to."""
    acknowledged: dict[str | None, int] = {}

    async def writes(number: int) -> None:
        for _ in range(6):
            try:
                async with writer(sandbox_store, take_over=True) as own:
                    for _ in range(4):
                        for verdict in await own.submit(feed.intakes([person(number)] * 5)):
                            assert verdict.outcome is Outcome.ADMITTED
                            assert verdict.position is not None
                            acknowledged[verdict.id] = verdict.position
            except (Fenced, StoreUnavailable):
                pass

    await asyncio.gather(writes(1), writes(2), writes(3))
    entries = await sandbox_store.read(0, 10_000)
    assert [e.position for e in entries] == list(range(1, len(entries) + 1))
    stands = {e.id: e.position for e in entries}
    assert acknowledged
    assert all(stands[id_] == position for id_, position in acknowledged.items() if id_ is not None)


async def test_a_writer_that_cannot_begin_leaves_no_session(sandbox_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: object) -> None:
        raise StoreUnavailable("the database went away while the state was loaded")

    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    before = await sandbox_store.pool.fetchval(others)
    with monkeypatch.context() as patch:
        patch.setattr("streams.sequencer.State.load", breaks)
        with pytest.raises(StoreUnavailable, match="went away"):
            async with writer(sandbox_store):
                pass
    await until(lambda: sandbox_store.pool.fetchval(f"SELECT ({others}) <= $1", before))
    async with writer(sandbox_store) as own:
        assert own.status().phase is Phase.WRITING


async def test_a_database_without_a_ledger_is_not_written(store: Store) -> None:
    with pytest.raises(DataFolderError, match="found one first"):
        async with writer(store):
            pass


async def test_a_writer_takes_its_place_back_from_its_own_lost_session(sandbox_store: Store, feed: Feed) -> None:
    """The network was cut: the server still holds the old session and its lock, and nobody else took over."""
    async with writer(sandbox_store) as first:
        assert first._appender is not None
        lost = first._appender._writer
        try:
            first._appender._writer = _Cut()  # type: ignore[assignment]
            with pytest.raises(StoreUnavailable):
                await first.submit(feed.intakes([person(1)]))
            await until_true(lambda: first.status().phase is Phase.WRITING and first.status().epoch > 1)
            (verdict,) = await first.submit(feed.intakes([person(1)]))
        finally:
            lost.terminate()
        assert (verdict.position, first.status().epoch) == (1, 2)


class _Cut:
    """A connection whose other end is gone and does not say so."""

    def transaction(self) -> None:
        raise TimeoutError

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109
        pass

    def terminate(self) -> None:
        pass
