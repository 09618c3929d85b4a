"""Erasure: from its position on nothing more is admitted, and what was sealed is unreadable for ever."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.codes.roles import Role
from ledger.errors import NotFound
from ledger.identity import insz_check_digits
from ledger.verdict import Outcome, Reason, StreamId
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.refusals import Refusals
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, Json, person

EARLY = datetime(2020, 1, 1, tzinfo=UTC)
INSZ = "850730033" + insz_check_digits("850730033", born_2000=False)


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


def sandbox(store: Store) -> Sequencer:
    return Sequencer(store, clock=SandboxClock(EARLY))


def erasure(feed: Feed, subject: str) -> dict[str, Json]:
    return feed.event("erasure.executed", subject, role=Role.LEDGER_OPERATOR, org=10000000, data={"requested_on": "2024-02-01"})


def link(feed: Feed, survivor: int, absorbed: int) -> dict[str, Json]:
    refs: dict[str, Json] = {"survivor_ref": person(survivor)[8:], "absorbed_ref": person(absorbed)[8:]}
    return feed.event("identity.linked", person(survivor), role=Role.IDENTITY_SERVICE, org=10000001, data=refs)


def retraction(feed: Feed, target: dict[str, Json]) -> dict[str, Json]:
    data: dict[str, Json] = {"target_source": target["source"], "target_id": target["id"]}
    return feed.event("event.retracted", str(target["subject"]), role=Role.IDENTITY_SERVICE, org=10000001, data=data)


async def test_nothing_more_is_admitted_and_the_data_does_not_open(sandbox_store: Store, feed: Feed) -> None:
    before = feed.intakes([person(1), person(1), person(2)])
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(before)
        assert len((await sandbox_store.read_open(0, 10)).entries) == 3
        erased, after, other = await sequencer.submit(
            [*feed.examined(erasure(feed, person(1))), *feed.intakes([person(1), person(2)])],
        )
        (redelivered,) = await sequencer.submit(before[:1])
    async with sandbox(sandbox_store) as sequencer:
        (after_restart,) = await sequencer.submit(feed.intakes([person(1)]))
    assert (erased.outcome, other.outcome) == (Outcome.ADMITTED, Outcome.ADMITTED)
    assert (after.code, after_restart.code) == (Reason.R13, Reason.R13)
    assert redelivered.outcome is Outcome.DUPLICATE, "what was acknowledged stays acknowledged"
    opened = await sandbox_store.read_open(0, 10)
    assert [e.position for e in opened.entries] == [3, 4, 5]
    assert opened.erased == {person(1)}
    assert not opened.broken
    assert await sandbox_store.erased() == {person(1): 4}
    assert len(await sandbox_store.read(0, 10)) == 5, "the entries themselves stay"


async def test_every_stream_of_the_person_goes(sandbox_store: Store, feed: Feed) -> None:
    false_link = link(feed, 1, 4)
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(n) for n in range(1, 6)]))
        await sequencer.submit(feed.examined(link(feed, 1, 2), link(feed, 2, 3), false_link, retraction(feed, false_link)))
    async with sandbox(sandbox_store) as sequencer:
        verdicts = await sequencer.submit(
            [*feed.examined(erasure(feed, person(2))), *feed.intakes([person(n) for n in range(1, 6)])],
        )
    assert [v.code for v in verdicts] == [None, Reason.R13, Reason.R13, Reason.R13, None, None]
    assert set(await sandbox_store.erased()) == {person(1), person(2), person(3)}
    opened = await sandbox_store.read_streams_open([person(n) for n in range(1, 6)])
    assert {e.stream for e in opened.entries if e.type == "intake.completed"} == {person(4), person(5)}


async def test_a_link_in_the_same_batch_counts(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store) as sequencer:
        verdicts = await sequencer.submit(
            [*feed.intakes([person(7)]), *feed.examined(link(feed, 6, 7), erasure(feed, person(6))), *feed.intakes([person(7)])]
        )
    assert [v.code for v in verdicts] == [None, None, None, Reason.R13]


async def test_a_dry_run_erases_nobody(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(1)]))
        dry = await sequencer.submit([*feed.examined(erasure(feed, person(1))), *feed.intakes([person(1)])], dry_run=True)
        (real,) = await sequencer.submit(feed.intakes([person(1)]))
    assert [v.code for v in dry] == [None, Reason.R13]
    assert real.outcome is Outcome.ADMITTED
    assert len((await sandbox_store.read_open(0, 10)).entries) == 2


async def test_the_number_behind_a_pseudonym_is_kept_sealed_until_then(sandbox_store: Store, feed: Feed) -> None:
    stream = StreamId(f"persoon/{feed.examiner.pseudonym(INSZ)}")
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([f"insz/{INSZ}", f"insz/{INSZ}"]))
        assert await sandbox_store.identity(stream) == INSZ
        kept = await sandbox_store.pool.fetchval("SELECT sealed FROM ledger.identities")
        assert INSZ.encode() not in kept
        await sequencer.submit(feed.examined(erasure(feed, stream)))
    with pytest.raises(NotFound):
        await sandbox_store.identity(stream)
    assert await sandbox_store.pool.fetchval("SELECT count(*) FROM ledger.identities") == 0


async def test_refused_originals_of_the_person_are_forgotten(sandbox_store: Store, feed: Feed) -> None:
    clock = SandboxClock(EARLY)
    async with Sequencer(sandbox_store, clock=clock) as sequencer:
        (refused,) = await sequencer.submit(feed.examined(feed.event(subject=person(1), publisherrole="naric")))
        shelf = Refusals(sandbox_store, feed.examiner, sequencer, clock)
        assert refused.refusal is not None
        assert (await shelf.show(refused.refusal)).raw is not None
        await sequencer.submit(feed.examined(erasure(feed, person(1))))
        (later,) = await sequencer.submit(feed.intakes([person(1)]))
        assert later.refusal is not None
        shown = [await shelf.show(number) for number in (refused.refusal, later.refusal)]
    assert [s.raw for s in shown] == [None, None]
    assert all(s.refusal.erased for s in shown)
