"""The sequencer on a real database: positions, versions, duplicates, refusals, seals, the clock and the queue."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ledger.admission import Examined
from ledger.authority import Credential
from ledger.codes.roles import Role
from ledger.errors import Overloaded, StoreUnavailable
from ledger.verdict import Outcome, Reason
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.sequencer import Phase, Sequencer
from streams.settings import Settings
from tests.integration.feed import START, Feed, kbo, person
from tests.waiting import until_true

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


def sandbox(store: Store, **settings: int) -> Sequencer:
    return Sequencer(store, clock=SandboxClock(EARLY), settings=msgspec.structs.replace(Settings(), **settings))


class SetClock:
    """A clock that stands where the test puts it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


async def test_positions_and_versions_have_no_gap(sandbox_store: Store, feed: Feed) -> None:
    streams = [person(n % 7) for n in range(100)]
    async with sandbox(sandbox_store, batch_events=8) as sequencer:
        verdicts = await sequencer.submit(feed.intakes(streams))
        assert sequencer.status().batches == 13
    assert [v.outcome for v in verdicts] == [Outcome.ADMITTED] * 100
    assert [v.position for v in verdicts] == list(range(1, 101))
    entries = await sandbox_store.read(0, 1000)
    assert [e.position for e in entries] == list(range(1, 101))
    for stream in set(streams):
        versions = [e.version for e in entries if e.stream == stream]
        assert versions == list(range(1, len(versions) + 1))


async def test_the_next_sequencer_goes_on_where_the_last_one_stopped(sandbox_store: Store, feed: Feed) -> None:
    for expected in (1, 2, 3):
        async with sandbox(sandbox_store) as sequencer:
            assert sequencer.status().epoch == expected
            (verdict,) = await sequencer.submit(feed.intakes([person(1)]))
            assert verdict.position == expected
    assert [e.version for e in await sandbox_store.read_streams([person(1)])] == [1, 2, 3]


async def test_an_identical_redelivery_is_answered_with_the_first_position(sandbox_store: Store, feed: Feed) -> None:
    first = feed.intakes([person(1), person(2)])
    async with sandbox(sandbox_store) as sequencer:
        together = await sequencer.submit([*first, *first])
        later = await sequencer.submit(first)
    async with sandbox(sandbox_store) as sequencer:
        after_restart = await sequencer.submit(first)
    assert [(v.outcome, v.position) for v in together] == [
        (Outcome.ADMITTED, 1),
        (Outcome.ADMITTED, 2),
        (Outcome.DUPLICATE, 1),
        (Outcome.DUPLICATE, 2),
    ]
    assert [v.position for v in later] == [v.position for v in after_restart] == [1, 2]
    assert {v.outcome for v in [*later, *after_restart]} == {Outcome.DUPLICATE}
    assert (await sandbox_store.head()).position == 2


async def test_a_redelivery_while_the_first_is_on_its_way_to_the_disk(sandbox_store: Store, feed: Feed) -> None:
    first = feed.intakes([person(n) for n in range(50)])
    async with sandbox(sandbox_store, batch_events=10) as sequencer:
        answers = await asyncio.gather(*(sequencer.submit(first[n : n + 10]) for n in (0, 10, 0, 20, 10, 30, 20, 40, 40, 30)))
    outcomes = Counter(v.outcome for verdicts in answers for v in verdicts)
    assert outcomes == {Outcome.ADMITTED: 50, Outcome.DUPLICATE: 50}
    assert (await sandbox_store.head()).position == 50


async def test_another_event_under_the_same_id_is_refused_and_kept(sandbox_store: Store, feed: Feed) -> None:
    event = feed.event(subject=person(1))
    changed = {**event, "recordedat": (START + timedelta(days=1)).isoformat()}
    async with sandbox(sandbox_store) as sequencer:
        verdicts = await sequencer.submit(feed.examined(event, changed))
    assert [v.outcome for v in verdicts] == [Outcome.ADMITTED, Outcome.REFUSED]
    assert (verdicts[1].code, verdicts[1].pointer) == (Reason.R05, "/id")
    assert verdicts[1].refusal is not None


async def test_person_data_is_sealed_and_opens_again(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(1), person(1), person(2)]))
        await sequencer.submit(feed.examined(_offer(feed)))
    sealed = await sandbox_store.read(0, 10)
    assert [e.key_id for e in sealed] == [1, 1, 2, None]
    assert all(b"interpreter" not in e.data for e in sealed[:3])
    assert sealed[0].data != sealed[1].data
    opened = await sandbox_store.open_entries(sealed)
    assert [e.type for e in opened.entries] == ["intake.completed"] * 3 + ["offer.published"]
    assert not opened.erased
    assert not opened.broken


async def test_sealed_data_that_was_moved_stalls_its_own_stream(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(1), person(1), person(2)]))
    first, second, third = await sandbox_store.read(0, 10)
    opened = await sandbox_store.open_entries([msgspec.structs.replace(first, data=second.data), second, third])
    assert [e.position for e in opened.entries] == [2, 3]
    assert list(opened.broken) == [person(1)]


async def test_a_sandbox_stamps_what_the_events_carry_never_decreasing(sandbox_store: Store, feed: Feed) -> None:
    moments = [START + timedelta(hours=h) for h in (1, 5, 3, 9)]
    events = [feed.event(subject=person(n), admittedat=m.isoformat()) for n, m in enumerate(moments)]
    events.append(feed.event(subject=person(9), time=START + timedelta(hours=20), admittedat=None))
    clock = SandboxClock(EARLY)
    async with Sequencer(sandbox_store, clock=clock) as sequencer:
        await sequencer.submit(feed.examined(*events))
    hours = [(e.admitted_at - START) / timedelta(hours=1) for e in await sandbox_store.read(0, 10)]
    assert hours == [1, 5, 5, 9, 20]
    assert clock.now() == START + timedelta(hours=20)
    known = [await sandbox_store.position_at(START + timedelta(hours=h)) for h in (0, 1, 4, 5, 8, 9, 99)]
    assert known == [0, 1, 1, 3, 3, 4, 5]


async def test_an_ordinary_ledger_stamps_its_clock_never_decreasing(ordinary_store: Store, keys: Keys) -> None:
    feed = Feed(keys, sandbox=False)
    clock = SetClock(START + timedelta(days=2))
    async with Sequencer(ordinary_store, clock=clock) as sequencer:
        await sequencer.submit(feed.intakes([person(1)]))
        clock.moment -= timedelta(days=1)
        await sequencer.submit(feed.intakes([person(1)]))
        clock.moment += timedelta(days=3)
        await sequencer.submit(feed.intakes([person(1)]))
        (refused,) = await sequencer.submit(feed.examined(feed.event(admittedat=START.isoformat())))
        (future,) = await sequencer.submit(feed.examined(feed.event(time=clock.moment + timedelta(seconds=301))))
    assert [(e.admitted_at - START).days for e in await ordinary_store.read(0, 10)] == [2, 2, 4]
    assert (refused.code, future.code) == (Reason.R01, Reason.R09)


async def test_a_changed_authority_counts_for_the_events_after_it_in_the_same_batch(sandbox_store: Store, feed: Feed) -> None:
    org = kbo(19990100)
    suspended = feed.event(
        "publisher-authority.changed",
        f"bron/{org}",
        role=Role.LEDGER_OPERATOR,
        org=10000000,
        data={"org": org, "role": "agency", "state": "suspended", "valid_from": START.isoformat(), "authority": None, "regions": None},
    )
    batch = feed.examined(feed.event(subject=person(1)), suspended, feed.event(subject=person(1)))
    async with sandbox(sandbox_store) as sequencer:
        verdicts = await sequencer.submit(batch)
    async with sandbox(sandbox_store) as sequencer:
        (after_restart,) = await sequencer.submit(feed.intakes([person(1)]))
    assert [v.code for v in verdicts] == [None, None, Reason.R03]
    assert after_restart.code is Reason.R03


async def test_a_dry_run_answers_the_same_and_writes_nothing(sandbox_store: Store, feed: Feed) -> None:
    event, other = feed.event(subject=person(1)), feed.event(subject=person(2))
    batch = feed.examined(event, event, {**event, "sequence": 99}, {**other, "type": "nothing"}, other)
    async with sandbox(sandbox_store) as sequencer:
        dry = await sequencer.submit(batch, dry_run=True)
        again = await sequencer.submit(batch, dry_run=True)
        assert (await sandbox_store.head()).position == 0
        assert await sandbox_store.totals() == []
        real = await sequencer.submit(batch)
    assert dry == again == [msgspec.structs.replace(v, refusal=None) for v in real]
    assert [v.position for v in real] == [1, 1, None, None, 2]


async def test_a_full_queue_says_when_to_come_back(sandbox_store: Store, feed: Feed) -> None:
    events = feed.intakes([person(n) for n in range(300)])
    async with sandbox(sandbox_store, queue_events=100, batch_events=10) as sequencer:
        first = asyncio.create_task(sequencer.submit(events[:95]))
        second = asyncio.create_task(sequencer.submit(events[95:100]))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refused:
            await sequencer.submit(events[100:200])
        assert refused.value.retry_after >= 1
        assert len(await first + await second) == 100
        assert len(await sequencer.submit(events)) == 300, "an empty queue takes a list of any length"
    assert (await sandbox_store.head()).position == 300


async def test_many_publishers_share_a_transaction(sandbox_store: Store, feed: Feed) -> None:
    events = feed.intakes([person(n) for n in range(400)])
    async with sandbox(sandbox_store) as sequencer:
        answers = await asyncio.gather(*(sequencer.submit([event]) for event in events))
        assert sequencer.status().batches < 20
    assert sorted(v.position or 0 for (v,) in answers) == list(range(1, 401))


async def test_cancelling_a_caller_leaves_the_others_and_the_ledger_whole(sandbox_store: Store, feed: Feed) -> None:
    events = feed.intakes([person(n) for n in range(60)])
    async with sandbox(sandbox_store, batch_events=4) as sequencer:
        calls = [asyncio.create_task(sequencer.submit(events[n : n + 6])) for n in range(0, 60, 6)]
        await asyncio.sleep(0)
        for call in calls[::2]:
            call.cancel()
        rest = await asyncio.gather(*calls[1::2])
        again = await sequencer.submit(events)
    assert all(v.outcome is Outcome.ADMITTED for verdicts in rest for v in verdicts)
    assert all(v.outcome in {Outcome.ADMITTED, Outcome.DUPLICATE} for v in again)
    assert (await sandbox_store.head()).position == 60


async def test_leaving_writes_what_still_waits_and_takes_nothing_more(sandbox_store: Store, feed: Feed) -> None:
    events = feed.intakes([person(n) for n in range(40)])
    async with sandbox(sandbox_store, batch_events=4) as sequencer:
        waiting = asyncio.create_task(sequencer.submit(events))
        await asyncio.sleep(0)
    assert [v.position for v in await waiting] == list(range(1, 41))
    assert sequencer.status().phase is Phase.STOPPED
    with pytest.raises(StoreUnavailable):
        await sequencer.submit(events)


async def test_totals_count_every_answer_by_source(sandbox_store: Store, feed: Feed) -> None:
    events = [feed.event(subject=person(n), org=19990100 + n % 3) for n in range(30)]
    wrong = [{**feed.event(), "subject": "nobody"} for _ in range(4)]
    stolen = Credential(name="thief", org=kbo(12345678), role=Role.AGENCY)
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit([*feed.examined(*events, *wrong, *events[:5]), *feed.examined(events[0], credential=stolen)])
        await sequencer.submit(feed.examined({**feed.event(), "id": None}, credential=stolen))
    totals = {
        (t.source.split(":")[2] if t.source.startswith("urn") else t.source, t.outcome, t.code): t.n for t in await sandbox_store.totals()
    }
    assert totals == {
        (kbo(19990100), "admitted", ""): 10,
        (kbo(19990101), "admitted", ""): 10,
        (kbo(19990102), "admitted", ""): 10,
        (kbo(19990100), "duplicate", ""): 2,
        (kbo(19990101), "duplicate", ""): 2,
        (kbo(19990102), "duplicate", ""): 1,
        (kbo(19990100), "refused", "R11"): 4,
        ("token:thief", "duplicate", ""): 1,
        ("token:thief", "refused", "R04"): 1,
    }


async def test_a_full_stream_refuses_more(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store, stream_entries=3) as sequencer:
        verdicts = await sequencer.submit(feed.intakes([person(1)] * 4 + [person(2)]))
    assert [v.code for v in verdicts] == [None, None, None, Reason.R01, None]


async def test_a_lost_connection_fails_who_waits_and_mends_itself(sandbox_store: Store, feed: Feed) -> None:
    events = feed.intakes([person(n) for n in range(2000)])
    async with sandbox(sandbox_store, batch_events=5) as sequencer, sandbox_store.pool.acquire() as other:
        # Ready to be asked at once, and hundreds of batches that wait: it happens in the middle, on a busy machine too.
        cut = await other.prepare(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.pid <> pg_backend_pid()"
        )
        waiting = asyncio.create_task(sequencer.submit(events))
        await until_true(lambda: sequencer.status().batches >= 3)
        await cut.fetch()
        with pytest.raises(StoreUnavailable):
            await waiting
        verdicts = await _patiently(sequencer, events)
        assert sequencer.status().epoch == 2
    assert {v.outcome for v in verdicts} == {Outcome.ADMITTED, Outcome.DUPLICATE}
    assert [e.position for e in await sandbox_store.read(0, 5000)] == list(range(1, 2001))


@pytest.mark.parametrize("seed", range(5))
async def test_any_mixture_of_callers_gives_what_a_simple_ledger_would(sandbox_store: Store, feed: Feed, seed: int) -> None:
    print(f"seed {seed}")
    random_ = random.Random(seed)
    events = feed.intakes([person(random_.randrange(20)) for _ in range(200)])
    deliveries = random_.choices(events, k=500)
    calls: list[list[Examined]] = []
    while deliveries:
        size = random_.randrange(1, 40)
        calls.append(deliveries[:size])
        deliveries = deliveries[size:]
    async with sandbox(sandbox_store, batch_events=random_.randrange(1, 60)) as sequencer:
        answers = await asyncio.gather(*(sequencer.submit(call) for call in calls))
    positions: dict[str | None, int] = {}
    for verdicts in answers:
        for verdict in verdicts:
            assert verdict.position is not None
            if verdict.id not in positions:
                assert verdict.outcome is Outcome.ADMITTED
                positions[verdict.id] = verdict.position
            assert verdict.position == positions[verdict.id]
    entries = await sandbox_store.read(0, 1000)
    assert {e.id: e.position for e in entries} == positions
    assert [e.position for e in entries] == list(range(1, len(positions) + 1))
    seen: Counter[str] = Counter()
    for entry in entries:
        seen[entry.stream] += 1
        assert entry.version == seen[entry.stream]


async def _patiently(sequencer: Sequencer, events: list[Examined]) -> list[object]:
    async with asyncio.timeout(60):
        while True:
            try:
                return list(await sequencer.submit(events))
            except StoreUnavailable:
                await asyncio.sleep(0.02)


def _offer(feed: Feed) -> dict[str, object]:
    offer = "0190000b-7c3a-7b1e-9d42-000000015445"
    return feed.event("offer.published", f"aanbod/{offer}", role=Role.VDAB, data={"offer_id": offer}, grondslag=None)  # type: ignore[return-value]
