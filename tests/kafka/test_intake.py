"""Submissions through a real broker: who speaks, what is told, and what a crash leaves behind."""

from __future__ import annotations

import msgspec
import pytest

from ledger.codes.roles import Role
from ledger.errors import UsageError
from streams.clock import SandboxClock, SystemClock
from streams.folder import Mode
from streams.kafka.broker import BrokerCluster
from streams.kafka.intake import Intake
from streams.kafka.speakers import Speakers
from streams.kafka.topics import SUBMISSIONS
from streams.keys import Keys
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.publishers import Publishers
from streams.sequencer import Sequencer
from streams.wiring import examiner_of
from tests.conftest import FOUNDED_AT
from tests.integration.feed import Feed, person
from tests.kafka.stage import create, outcomes, prepare, publish, publish_garbled, running, taking_in, until, verdicts

encode = msgspec.json.encode


async def test_the_topic_is_the_identity(broker: BrokerCluster, ordinary_store: Store, keys: Keys) -> None:
    await prepare(broker, "idagii", "idvdab", "stranger")
    await create(ordinary_store, "idagii")
    await create(ordinary_store, "idvdab", org=19990200, role=Role.VDAB)
    feed = Feed(keys, sandbox=False)
    events = [feed.event(subject=person(n)) for n in range(4)]
    async with taking_in(ordinary_store, broker):
        await publish(broker.cluster(), "idagii", [encode(events[0]), encode(events[1]), encode(events[0])])
        await publish(broker.cluster(), "idvdab", [encode(events[2])])
        await publish(broker.cluster(), "stranger", [encode(events[3])])
        assert outcomes(await verdicts(broker.cluster(), "idagii", 3)) == ["admitted", "admitted", "duplicate"]
        assert outcomes(await verdicts(broker.cluster(), "idvdab", 1)) == ["R04"]
        assert outcomes(await verdicts(broker.cluster(), "stranger", 1)) == ["R04"]
    offsets = await ordinary_store.offsets()
    assert {topic.removeprefix(SUBMISSIONS): n for (topic, _), n in offsets.items()} == {"idagii": 3, "idvdab": 1, "stranger": 1}


async def test_a_publisher_that_was_made_a_moment_ago_is_heard(broker: BrokerCluster, ordinary_store: Store, keys: Keys) -> None:
    await prepare(broker, "first", "second")
    await create(ordinary_store, "first")
    feed = Feed(keys, sandbox=False)
    events = [encode(feed.event(subject=person(n))) for n in range(2)]
    async with taking_in(ordinary_store, broker, remember=600):
        await publish(broker.cluster(), "first", events[:1])
        assert outcomes(await verdicts(broker.cluster(), "first", 1)) == ["admitted"]
        await create(ordinary_store, "second")
        await publish(broker.cluster(), "second", events[1:])
        assert outcomes(await verdicts(broker.cluster(), "second", 1)) == ["admitted"]


async def test_poison_is_refused_and_never_stops_the_flow(broker: BrokerCluster, sandbox_store: Store, keys: Keys) -> None:
    await prepare(broker, "poison")
    feed = Feed(keys)
    good = [encode(feed.event(subject=person(n))) for n in range(3)]
    poison: list[bytes | None] = [good[0], None, b"", b"\xff\x00{", b"[" * 70_000, good[1], b'{"id":1}', encode("x" * 70_000), good[2]]
    async with taking_in(sandbox_store, broker):
        await publish(broker.cluster(), "poison", poison)
        told = await verdicts(broker.cluster(), "poison", len(poison))
    assert outcomes(told) == ["admitted", "R01", "R01", "R01", "R01", "admitted", "R01", "R01", "admitted"]
    assert [offset for offset, _ in told] == list(range(len(poison)))
    assert all(verdict.message is not None and verdict.refusal for _, verdict in told if verdict.code)


async def test_every_verdict_is_told_once_after_crashes_before_and_after_telling(
    broker: BrokerCluster, sandbox_store: Store, keys: Keys
) -> None:
    await prepare(broker, "crash")
    feed = Feed(keys)
    values = [encode(feed.event(subject=person(n % 5))) for n in range(30)]
    cluster = broker.cluster()
    async with taking_in(sandbox_store, broker, deliver=False):
        await publish(cluster, "crash", values[:10])
        await position(sandbox_store, 10)
    # Decided and not told: told after the restart.
    async with taking_in(sandbox_store, broker):
        assert outcomes(await verdicts(cluster, "crash", 10)) == ["admitted"] * 10
        await publish(cluster, "crash", values[10:20])
        await verdicts(cluster, "crash", 20)
        await nothing_owed(sandbox_store)
    # Told, and the ledger died before it noted so: not told again.
    async with taking_in(sandbox_store, broker, deliver=False):
        await publish(cluster, "crash", values[20:])
        await position(sandbox_store, 30)
    rows = await sandbox_store.pool.fetch(sql("undelivered"), [], 10)
    async with taking_in(sandbox_store, broker):
        await verdicts(cluster, "crash", 30)
        await nothing_owed(sandbox_store)
    again = [[r[column] for r in rows] for column in ("topic", "partition", "deliveries")]
    await sandbox_store.pool.execute(sql("owe_verdicts"), *again)
    async with taking_in(sandbox_store, broker):
        await nothing_owed(sandbox_store)
        told = await verdicts(cluster, "crash", 30)
    assert [offset for offset, _ in told] == list(range(30))
    assert [verdict.position for _, verdict in told] == list(range(1, 31))


async def test_a_publisher_without_a_verdict_topic_keeps_nobody_waiting(broker: BrokerCluster, sandbox_store: Store, keys: Keys) -> None:
    await prepare(broker, "alone")
    feed = Feed(keys)
    async with taking_in(sandbox_store, broker):
        orphan = "INSERT INTO ledger.undelivered (topic, partition, deliveries) VALUES ($1, 0, $2)"
        await sandbox_store.pool.execute(orphan, SUBMISSIONS + "gone", b'[{"offset":0,"verdict":{"outcome":"admitted"}}]')
        await publish(broker.cluster(), "alone", [encode(feed.event(subject=person(1)))])
        assert outcomes(await verdicts(broker.cluster(), "alone", 1)) == ["admitted"]
        await until(lambda: sandbox_store.pool.fetchval("SELECT count(*) = 1 FROM ledger.undelivered"))
    kept = await sandbox_store.pool.fetch(sql("undelivered"), [], 10)
    assert [row["topic"] for row in kept] == [SUBMISSIONS + "gone"]


async def position(store: Store, wanted: int) -> None:
    """Wait until the ledger stands there."""
    await until(lambda: store.pool.fetchval("SELECT position >= $1 FROM ledger.sequencer", wanted))


async def nothing_owed(store: Store) -> None:
    """Wait until every verdict is noted as told."""
    await until(lambda: store.pool.fetchval("SELECT count(*) = 0 FROM ledger.undelivered"))


async def test_a_header_whose_name_is_no_text_stops_nobody(broker: BrokerCluster, sandbox_store: Store, keys: Keys) -> None:
    """The client cannot read such a record, nor those after it in the same batch: all of them are refused, the rest goes on."""
    await prepare(broker, "garbled")
    feed = Feed(keys)
    values = [encode(feed.event(subject=person(n))) for n in range(5)]
    async with taking_in(sandbox_store, broker):
        await publish(broker.cluster(), "garbled", values[:1])
        await publish_garbled(broker.cluster(), "garbled", values[1:4])
        await publish(broker.cluster(), "garbled", values[4:])
        told = await verdicts(broker.cluster(), "garbled", 5)
    assert outcomes(told) == ["admitted", "admitted", "R01", "R01", "admitted"]
    assert [offset for offset, _ in told] == list(range(5))


async def test_an_intake_that_stopped_goes_on_where_it_stood(broker: BrokerCluster, sandbox_store: Store, keys: Keys) -> None:
    """It is started again by its keeper after the database or the cluster was away: the same intake, with new connections."""
    await prepare(broker, "again")
    feed = Feed(keys)
    values = [encode(feed.event(subject=person(n))) for n in range(3)]
    async with Sequencer(sandbox_store, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        speakers = Speakers(Publishers(sandbox_store, SystemClock(), sandbox_store.settings), Mode.SANDBOX, 0.0)
        intake = Intake(
            broker.cluster(), sandbox_store, sequencer, examiner_of(keys, Mode.SANDBOX), speakers, decided=lambda: None, say=print
        )
        for number, value in enumerate(values, 1):
            async with running(intake.run):
                await publish(broker.cluster(), "again", [value])
                await position(sandbox_store, number)
    assert await sandbox_store.offsets() == {(SUBMISSIONS + "again", 0): 3}


async def test_offsets_are_those_of_one_cluster(broker: BrokerCluster, sandbox_store: Store) -> None:
    await prepare(broker, "moved")
    await sandbox_store.pool.execute(sql("mark_relayed"), "elsewhere", 7)
    async with Sequencer(sandbox_store, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        with pytest.raises(UsageError, match=r"another Kafka cluster \(elsewhere\)"):
            await intake_of(broker, sandbox_store, sequencer).run()


def intake_of(broker: BrokerCluster, store: Store, sequencer: Sequencer) -> Intake:
    """An intake of a sandbox."""
    speakers = Speakers(Publishers(store, SystemClock(), store.settings), Mode.SANDBOX, 0.0)
    return Intake(broker.cluster(), store, sequencer, examiner_of(store.keys, Mode.SANDBOX), speakers, decided=lambda: None, say=print)
