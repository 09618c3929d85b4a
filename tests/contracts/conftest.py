"""The broker of the Kafka tests, for the contracts that a worker must keep too."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from tests.kafka.conftest import shared_broker

__all__ = ["shared_broker"]


@pytest.fixture
async def broker(shared_broker: BrokerCluster) -> AsyncIterator[BrokerCluster]:
    """The shared node, without the topics of the test before."""
    yield shared_broker
    async with Admin(shared_broker.cluster()) as admin:
        await admin.delete(await admin.topics([]))
