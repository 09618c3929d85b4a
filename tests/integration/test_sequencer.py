"""The sequencer on a real database: positions, versions, duplicates, refusals, seals, erasure, the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.verdict import Outcome
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, person

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


def clock() -> SandboxClock:
    return SandboxClock(EARLY)


async def test_positions_and_versions_have_no_gap(sandbox_store: Store, feed: Feed) -> None:
    streams = [person(n % 7) for n in range(100)]
    async with Sequencer(sandbox_store, clock=clock()) as sequencer:
        verdicts = await sequencer.submit(feed.intakes(streams))
    assert [v.outcome for v in verdicts] == [Outcome.ADMITTED] * 100
    assert [v.position for v in verdicts] == list(range(1, 101))
    entries = await sandbox_store.read(0, 1000)
    assert [e.position for e in entries] == list(range(1, 101))
    for stream in set(streams):
        versions = [e.version for e in entries if e.stream == stream]
        assert versions == list(range(1, len(versions) + 1))
