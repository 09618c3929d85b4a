"""A real broker for all tests of this folder, and names of their own for each."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.certificates import make_certificates

USERS = {name: f"{name}-secret" for name in ("ledger", "agii", "vdab", "vdab-mlb", "auditor", "worker")}


@pytest.fixture
async def broker(shared_broker: BrokerCluster) -> AsyncIterator[BrokerCluster]:
    """The shared node, without the topics of the test before."""
    yield shared_broker
    async with Admin(shared_broker.cluster()) as admin:
        await admin.delete(await admin.topics([]))


@pytest.fixture(scope="session")
def shared_broker() -> Iterator[BrokerCluster]:
    """One node with SCRAM and ACLs that all tests share. Without Java or the jars they fail with the sentence that says how to get them."""
    with (
        tempfile.TemporaryDirectory(prefix="kafka", ignore_cleanup_errors=True) as folder,
        BrokerCluster(Path(folder), users=USERS) as made,
    ):
        yield made


@pytest.fixture
def fresh_broker() -> Iterator[BrokerCluster]:
    """One node for one test alone, its clients on TLS."""
    with tempfile.TemporaryDirectory(prefix="kafka", ignore_cleanup_errors=True) as folder:
        certificates = make_certificates(Path(folder) / "certificates")
        with BrokerCluster(Path(folder), users=USERS, certificates=certificates) as made:
            yield made
