"""Values at the edge of what an event may carry: written and read back as they are, or refused; never a failed batch."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.verdict import Outcome
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, Json, person

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "envelope",
    [
        {"recordedat": "0001-01-01T00:00:00+14:00"},
        {"recordedat": "0001-01-01T00:00:00Z"},
        {"recordedat": "9999-12-31T23:59:59.999999-14:00"},
        {"time": "9999-12-31T23:59:59-14:00"},
        {"time": "0001-01-01T00:00:00+01:00"},
        {"admittedat": "9999-12-31T23:59:59.999999Z"},
        {"admittedat": "0001-01-01T00:00:00+14:00"},
        {"sequence": "9999999999999999"},
        {"sequence": 2**63},
        {"time": "2024-03-01T09:00:00.123456789Z"},
        {"traceparent": "\0"},
        {"correlationid": "ffffffff-ffff-ffff-ffff-ffffffffffff"},
    ],
)
async def test_extremes(sandbox_store: Store, keys: Keys, envelope: dict[str, Json]) -> None:
    feed = Feed(keys)
    async with Sequencer(sandbox_store, clock=SandboxClock(EARLY)) as sequencer:
        before, extreme, after = await sequencer.submit(
            feed.examined(feed.event(subject=person(1)), {**feed.event(subject=person(1)), **envelope}, feed.event(subject=person(1)))
        )
        assert sequencer.status().epoch == 1, "the batch was written at the first try"
    assert (before.outcome, after.outcome) == (Outcome.ADMITTED, Outcome.ADMITTED)
    opened = await sandbox_store.read_open(0, 10)
    assert len(opened.entries) == (3 if extreme.outcome is Outcome.ADMITTED else 2)
    assert not opened.broken
