"""The entry script of a broker in a container, as docker-compose.yml uses it. Collected only where there is a container engine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from ledger.errors import BrokerRefused, BrokerUnavailable
from streams.clock import SystemClock
from streams.kafka.admin import Admin
from streams.kafka.certificates import keep_certificates, make_certificates
from streams.kafka.connection import Cluster
from streams.kafka.provision import add_missing
from streams.kafka.topics import load_topics
from tests.kafka.container import ContainerBroker
from tests.kafka.stage import publish, read_topic


def test_a_user_made_later_may_publish_and_all_outlives_a_restart(container_broker: ContainerBroker) -> None:
    ledger = container_broker.cluster()
    late = Cluster(servers=container_broker.servers, user="late", password="late-secret")
    asyncio.run(_prepare(ledger, "late"))
    with pytest.raises(BrokerRefused, match="does not accept user 'late'"):
        asyncio.run(publish(late, "late", [b"{}"]))
    assert "late-secret" not in container_broker.run("echo late-secret | sh /ledger/user.sh late")
    asyncio.run(publish(late, "late", [b"{}"]))
    container_broker.restart()
    asyncio.run(publish(late, "late", [b"{}"]))
    assert len(asyncio.run(read_topic(ledger, "trajectory.submissions.late"))) == 2
    with pytest.raises(BrokerRefused, match="does not accept user 'late'"):
        asyncio.run(publish(msgspec.structs.replace(late, password="wrong"), "late", [b"{}"]))
    asyncio.run(_forget(ledger))


def test_with_a_certificate_nobody_comes_in_without_tls(container_broker: ContainerBroker, tmp_path: Path) -> None:
    """``container_broker`` only says that there is an engine."""
    certificates, _ = keep_certificates(tmp_path / "tls", ["localhost", "127.0.0.1"], SystemClock().now())
    with ContainerBroker(container_broker.users, certificates) as broker:
        ledger = broker.cluster()
        late = msgspec.structs.replace(ledger, user="late", password="late-secret")
        asyncio.run(_prepare(ledger, "late"))
        broker.run("echo late-secret | sh /ledger/user.sh late")
        asyncio.run(publish(late, "late", [b"{}"]))
        with pytest.raises(BrokerUnavailable, match="perhaps it wants TLS: set LEDGER_KAFKA_CA"):
            asyncio.run(publish(msgspec.structs.replace(late, ca=None), "late", [b"{}"]))
        stranger = make_certificates(tmp_path / "other").authority
        with pytest.raises(BrokerRefused, match="did not sign"):
            asyncio.run(publish(msgspec.structs.replace(late, ca=stranger), "late", [b"{}"]))
        assert len(asyncio.run(read_topic(ledger, "trajectory.submissions.late"))) == 1


async def _prepare(cluster: Cluster, publisher: str) -> None:
    async with Admin(cluster) as admin:
        await add_missing(admin, load_topics(), [publisher])


async def _forget(cluster: Cluster) -> None:
    async with Admin(cluster) as admin:
        await admin.delete(await admin.topics([]))
