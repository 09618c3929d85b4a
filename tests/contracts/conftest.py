"""The broker of the Kafka tests, for the contracts that a worker must keep too."""

from __future__ import annotations

from tests.kafka.conftest import broker, shared_broker

__all__ = ["broker", "shared_broker"]
