"""A real broker for all tests of this folder, and names of their own for each.

It runs from jars. Where a container engine is at hand (``infra/docker/with-engine.sh``), the tests of the modules in
:data:`IN_CONTAINER` run a second time, on a broker in a container.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.certificates import make_certificates
from tests.kafka.container import IMAGE, ContainerBroker

USERS = {name: f"{name}-secret" for name in ("ledger", "agii", "vdab", "vdab-mlb", "auditor", "worker")}


collect_ignore = [] if IMAGE else ["test_container.py"]

IN_CONTAINER = {"test_intake", "test_publisher_client", "test_relay", "test_topics"}
"""Modules whose tests on the shared broker stand for all: intake and verdicts, relay and restore, a client of its own, the rules."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on both kinds of broker, where there are both."""
    if IMAGE and "broker" in metafunc.fixturenames and metafunc.module.__name__.rpartition(".")[2] in IN_CONTAINER:
        metafunc.parametrize("kind", ["jars", "container"])


@pytest.fixture
def kind() -> str:
    """Where the shared broker runs."""
    return "jars"


@pytest.fixture
def node(kind: str, request: pytest.FixtureRequest) -> BrokerCluster:
    """The shared node of that kind, which is started when the first test asks for it."""
    shared: BrokerCluster = request.getfixturevalue("shared_broker" if kind == "jars" else "container_broker")
    return shared


@pytest.fixture
async def broker(node: BrokerCluster) -> AsyncIterator[BrokerCluster]:
    """The shared node, without the topics of the test before."""
    yield node
    async with Admin(node.cluster()) as admin:
        await admin.delete(await admin.topics([]))


@pytest.fixture(scope="session")
def container_broker() -> Iterator[ContainerBroker]:
    """The same in a container."""
    with ContainerBroker(USERS) as made:
        yield made


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
