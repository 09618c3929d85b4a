"""The shelf of refused submissions: kept sealed, listed, shown, mended, never deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
import pytest

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.errors import NotFound, UsageError
from ledger.verdict import Outcome, Reason
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.refusals import Refusals, RefusalState
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, kbo, person

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


@pytest.fixture
async def shelf(sandbox_store: Store, feed: Feed) -> AsyncIterator[Refusals]:
    clock = SandboxClock(EARLY)
    async with Sequencer(sandbox_store, clock=clock) as sequencer:
        yield Refusals(sandbox_store, feed.examiner, sequencer, clock)


async def test_a_refusal_is_kept_until_it_is_mended(shelf: Refusals, sandbox_store: Store, feed: Feed) -> None:
    wrong = feed.event(subject=person(1), time=datetime(2001, 1, 1, tzinfo=UTC))
    raw = msgspec.json.encode(wrong)
    assert shelf._sequencer is not None
    (verdict,) = await shelf._sequencer.submit(feed.examined(wrong))
    assert (verdict.outcome, verdict.code) == (Outcome.REFUSED, Reason.R10)
    assert verdict.refusal is not None
    (listed,) = await shelf.list()
    assert (listed.number, listed.code, listed.subject, listed.sequence) == (verdict.refusal, Reason.R10, person(1), wrong["sequence"])
    assert listed.message == verdict.message
    assert (await shelf.show(listed.number)).raw == raw
    assert b"interpreter" not in await sandbox_store.pool.fetchval("SELECT raw FROM ledger.refusals")

    still_wrong = await shelf.resubmit(listed.number, SANDBOX_CREDENTIAL)
    assert (still_wrong.outcome, still_wrong.refusal) == (Outcome.REFUSED, listed.number)
    mended = msgspec.json.encode(
        {**wrong, "time": wrong["recordedat"], "recordedat": "2024-03-02T10:00:00Z", "admittedat": "2024-03-02T10:00:00Z"}
    )
    mended = mended.replace(b"2001-01-01", b"2024-03-02")
    settled = await shelf.resubmit(listed.number, SANDBOX_CREDENTIAL, mended)
    assert settled.outcome is Outcome.ADMITTED
    (after,) = await shelf.list()
    assert (after.state, after.resubmitted_as, after.times_seen) == (RefusalState.RESUBMITTED, settled.position, 2)
    with pytest.raises(UsageError, match="already"):
        await shelf.resubmit(listed.number, SANDBOX_CREDENTIAL, mended)


async def test_the_same_bytes_again_are_counted_not_kept_twice(shelf: Refusals, feed: Feed) -> None:
    wrong = feed.examined({**feed.event(), "subject": "nobody"})
    assert shelf._sequencer is not None
    first = await shelf._sequencer.submit([*wrong, *wrong])
    later = await shelf._sequencer.submit(wrong)
    assert len({v.refusal for v in [*first, *later]}) == 1
    (listed,) = await shelf.list()
    assert (listed.times_seen, await shelf.count()) == (3, 1)


async def test_filters_and_pages(shelf: Refusals, feed: Feed) -> None:
    wrong = [{**feed.event(org=19990100 + n % 2), "subject": "nobody"} for n in range(6)]
    wrong += [{**feed.event(), "type": "be.inburgering.no.such.v1"} for _ in range(2)]
    assert shelf._sequencer is not None
    await shelf._sequencer.submit(feed.examined(*wrong))
    numbers = [r.number for r in await shelf.list()]
    assert numbers == sorted(numbers)
    assert len(numbers) == 8
    assert [r.number for r in await shelf.list(after=numbers[1], limit=3)] == numbers[2:5]
    assert len(await shelf.list(code=Reason.R02)) == 2
    assert len(await shelf.list(source=f"urn:kbo:{kbo(19990101)}:test")) == 3
    assert await shelf.list(since=datetime(2030, 1, 1, tzinfo=UTC)) == []
    assert await shelf.list(state=RefusalState.RESUBMITTED) == []


async def test_what_could_name_a_person_is_only_in_the_sealed_original(shelf: Refusals, sandbox_store: Store, feed: Feed) -> None:
    secret = "jan.janssens"
    events = [
        {**feed.event(), "id": secret, "source": secret, "type": secret, "subject": secret},
        feed.event(subject="insz/85073003300"),
        {**feed.event(), "nul\0\ud800"[:4]: 1},
    ]
    assert shelf._sequencer is not None
    verdicts = await shelf._sequencer.submit([feed.examiner.examine(msgspec.json.encode(e), SANDBOX_CREDENTIAL) for e in events])
    assert {v.outcome for v in verdicts} == {Outcome.REFUSED}
    rows = await sandbox_store.pool.fetch("SELECT * FROM ledger.refusals")
    assert len(rows) == 3
    assert not any(secret in str(row) or "85073003300" in str(row) for row in rows)
    assert [r.subject for r in await shelf.list() if r.subject and "insz" in r.subject] == ["insz/…"]


async def test_garbage_is_kept_too(shelf: Refusals, feed: Feed) -> None:
    garbage = [b"", b"\xff\xfe", b"[]", b"{", b"null", b'{"id": 1e999}', b"x" * 70_000]
    assert shelf._sequencer is not None
    verdicts = await shelf._sequencer.submit([feed.examiner.examine(raw, SANDBOX_CREDENTIAL) for raw in garbage])
    assert [v.code for v in verdicts] == [Reason.R01] * len(garbage)
    assert [(await shelf.show(v.refusal or 0)).raw for v in verdicts] == garbage


async def test_an_unknown_number(shelf: Refusals) -> None:
    with pytest.raises(NotFound):
        await shelf.show(404)
