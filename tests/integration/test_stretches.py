"""Stretches of a Kafka partition through the sequencer: offsets move with the entries, a redelivered stretch changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.settings import Settings
from streams.stretch import Delivery, Partition, Redelivered, Stretch
from tests.integration.feed import Feed, person

EARLY = datetime(2020, 1, 1, tzinfo=UTC)
TOPIC: Partition = ("trajectory.submissions.agii", 0)


def sandbox(store: Store, **settings: int) -> Sequencer:
    return Sequencer(store, clock=SandboxClock(EARLY), settings=msgspec.structs.replace(Settings(), **settings))


async def owed(store: Store) -> list[Delivery]:
    rows = await store.pool.fetch(sql("undelivered"), [], 1000)
    return [delivery for row in rows for delivery in msgspec.json.decode(row["deliveries"], type=list[Delivery])]


async def test_offsets_and_verdicts_are_written_with_the_entries(sandbox_store: Store, keys: Keys) -> None:
    feed = Feed(keys)
    good = feed.event(subject=person(1))
    events = [*feed.examined(good, feed.event(subject=person(2), type="nonsense"), good, feed.event(subject=person(3)))]
    async with sandbox(sandbox_store, batch_events=3) as sequencer:
        verdicts = await sequencer.submit(events, stretch=Stretch(TOPIC, None, [4, 6, 7, 10]))
    assert [v.outcome.value for v in verdicts] == ["admitted", "refused", "duplicate", "admitted"]
    assert await sandbox_store.offsets() == {TOPIC: 10}
    told = await owed(sandbox_store)
    assert [delivery.offset for delivery in told] == [3, 5, 6, 9]
    assert [delivery.verdict for delivery in told] == verdicts
    assert verdicts[1].refusal == 1


async def test_a_redelivered_stretch_changes_nothing(sandbox_store: Store, keys: Keys) -> None:
    feed = Feed(keys)
    first, second = feed.intakes([person(1), person(2)]), feed.examined(feed.event(type="nonsense"))
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(first, stretch=Stretch(TOPIC, None, [1, 2]))
        await sequencer.submit(second, stretch=Stretch(TOPIC, 2, [3]))
        for start, ends, again in ((None, [1, 2], first), (2, [3], second), (7, [8], second)):
            with pytest.raises(Redelivered):
                await sequencer.submit(again, stretch=Stretch(TOPIC, start, ends))
    async with sandbox(sandbox_store) as sequencer:
        with pytest.raises(Redelivered, match="stands at 3"):
            await sequencer.submit(second, stretch=Stretch(TOPIC, 2, [3]))
        other = ("trajectory.submissions.vdab", 0)
        await sequencer.submit(feed.intakes([person(4)]), stretch=Stretch(other, None, [100]))
    assert await sandbox_store.offsets() == {TOPIC: 3, other: 100}
    assert [delivery.offset for delivery in await owed(sandbox_store)] == [0, 1, 2, 99]
    assert {(t.outcome, t.n) for t in await sandbox_store.totals()} == {("admitted", 3), ("refused", 1)}


async def test_offsets_that_somebody_else_moved_stop_the_batch(sandbox_store: Store, keys: Keys) -> None:
    feed = Feed(keys)
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(1)]), stretch=Stretch(TOPIC, None, [1]))
        await sandbox_store.pool.execute("UPDATE ledger.consumed_offsets SET next_offset = 5")
        with pytest.raises(Exception, match="moved by somebody else"):
            await sequencer.submit(feed.intakes([person(2)]), stretch=Stretch(TOPIC, 1, [2]))
        assert (await sandbox_store.head()).position == 1
