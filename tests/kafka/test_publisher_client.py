"""The publisher's client over Kafka, with its own user on a broker with SCRAM and ACLs, against a ledger that takes in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.codes.roles import Role
from publisher import Event, KafkaPublisher, NotAllowed, Outcome, Refused, Unanswered, Unreachable
from streams.kafka.broker import BrokerCluster
from streams.kafka.certificates import make_certificates
from streams.postgres.store import Store
from tests.integration.feed import kbo, person
from tests.kafka.conftest import USERS
from tests.kafka.stage import create, prepare, taking_in

ORG = 19990200


def event(number: int, **given: str) -> Event:
    """A registration of somebody."""
    fields: dict[str, str] = {"subject": person(number), "role": "vdab", "source": f"urn:kbo:{kbo(ORG)}:mlb"} | given
    return Event.create(
        type="be.inburgering.jobseeker.registered.v1",
        time=datetime(2025, 4, 2, 9, 30, tzinfo=UTC),
        sequence=number,
        data={"category": "free", "channel": "online"},
        legal_basis="public_task",
        **fields,
    )


def vdab(broker: BrokerCluster, patience: float = 60, **given: str) -> KafkaPublisher:
    """The client of this user."""
    return KafkaPublisher(broker.servers, **({"name": "vdab", "password": USERS["vdab"]} | given), patience=patience)  # type: ignore[arg-type]


@pytest.fixture
async def known(broker: BrokerCluster, ordinary_store: Store) -> Store:
    """A ledger that knows VDAB, and topics for it and another."""
    await prepare(broker, "agii", "vdab")
    await create(ordinary_store, "vdab", org=ORG, role=Role.VDAB)
    return ordinary_store


async def test_each_event_gets_its_verdict_and_twice_is_a_duplicate(broker: BrokerCluster, known: Store) -> None:
    first = event(1)
    async with taking_in(known, broker), vdab(broker) as ledger:
        verdict = await ledger.publish(first)
        assert (verdict.outcome, verdict.position) == (Outcome.ADMITTED, 1)
        again = await ledger.publish(Event.from_json(first.to_json()))
        assert (again.outcome, again.position, again.stands) == (Outcome.DUPLICATE, 1, True)
        events = [event(n) for n in range(2, 1_503)]
        verdicts = await ledger.publish_all([first, *events])
        assert [v.position for v in verdicts] == list(range(1, 1_503))
        assert [v.id for v in verdicts] == [e.id for e in [first, *events]]


async def test_several_tasks_share_one_client(broker: BrokerCluster, known: Store) -> None:
    async with taking_in(known, broker), vdab(broker) as ledger:
        verdicts = await asyncio.gather(*(ledger.publish(event(n)) for n in range(1, 41)))
    assert [v.id is not None and v.outcome for v in verdicts] == [Outcome.ADMITTED] * 40
    assert sorted(v.position or 0 for v in verdicts) == list(range(1, 41))


async def test_a_refusal_says_why_and_stops_none_of_the_others(broker: BrokerCluster, known: Store) -> None:
    wrong = event(1, role="ocmw")
    async with taking_in(known, broker), vdab(broker) as ledger:
        with pytest.raises(Refused, match=rf"event {wrong.id} refused, R04 at /publisherrole: ") as caught:
            await ledger.publish(wrong)
        assert caught.value.verdict.message is not None
        verdicts = await ledger.publish_all([event(1), wrong, event(2)])
    assert [v.code or v.position for v in verdicts] == [1, "R04", 2]


async def test_wrong_password_topic_and_address_are_told_apart_and_nothing_is_written(broker: BrokerCluster, known: Store) -> None:
    for given, said in (
        ({"password": "wrong-one"}, rf"Kafka at {broker.servers} does not accept user 'vdab' with this password"),
        ({"name": "agii", "user": "vdab"}, r"may not read trajectory\.verdicts\.agii, or there is no such topic"),
        ({"name": "nowhere", "user": "vdab"}, r"may not read trajectory\.verdicts\.nowhere, or there is no such topic"),
    ):
        with pytest.raises(NotAllowed, match=said) as caught:
            async with vdab(broker, **given):
                pass
        assert "wrong-one" not in str(caught.value)
    with pytest.raises(Unreachable, match=r"Kafka at 127\.0\.0\.1:1 does not answer"):
        async with KafkaPublisher("127.0.0.1:1", name="vdab", password=USERS["vdab"]):
            pass
    async with vdab(broker, patience=2) as ledger:
        ledger._submissions = "trajectory.submissions.agii"
        with pytest.raises(NotAllowed, match=r"user 'vdab' may not write to trajectory\.submissions\.agii, or there is no such topic"):
            await ledger.publish(event(1))


async def test_without_a_ledger_it_says_so_and_the_event_is_taken_in_later(broker: BrokerCluster, known: Store) -> None:
    async with vdab(broker, patience=1) as ledger:
        with pytest.raises(Unanswered, match=r"is record 0 of trajectory\.submissions\.vdab.* it is down, or behind"):
            await ledger.publish(kept := event(1))
    async with taking_in(known, broker), vdab(broker) as ledger:
        verdict = await ledger.publish(kept)
    assert (verdict.outcome, verdict.position) == (Outcome.DUPLICATE, 1)


@pytest.fixture
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerCluster]:
    """A node to kill, with TLS."""
    folder = tmp_path_factory.mktemp("fragile")
    with BrokerCluster(folder / "node", users=USERS, certificates=make_certificates(folder / "certificates")) as made:
        yield made


async def test_a_killed_broker_costs_nothing_but_time(fragile: BrokerCluster, ordinary_store: Store, tmp_path: Path) -> None:
    await prepare(fragile, "vdab")
    ca = fragile.certificates.authority if fragile.certificates else None
    other = make_certificates(tmp_path / "other").authority
    with pytest.raises(NotAllowed, match="not of the authority"):
        async with KafkaPublisher(fragile.servers, name="vdab", password=USERS["vdab"], ca=other):
            pass
    events = [event(n) for n in range(1, 201)]
    async with KafkaPublisher(fragile.servers, name="vdab", password=USERS["vdab"], ca=ca, patience=60) as ledger:
        fragile.brokers[0].kill()
        publishing = asyncio.create_task(ledger.publish_all(events))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(fragile.start)
        await create(ordinary_store, "vdab", org=ORG, role=Role.VDAB)
        began = time.monotonic()
        async with taking_in(ordinary_store, fragile):
            verdicts = await publishing
        print(f"verdicts {time.monotonic() - began:.1f} s after the broker was back")
    assert [v.position for v in verdicts] == list(range(1, 201))
    assert all(v.stands for v in verdicts)
