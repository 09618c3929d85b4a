"""A ledger that is told the wrong thing about its cluster says which, goes on without it, writes nothing there and leaks nothing."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from simulation.run import stream
from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.certificates import make_certificates
from tests.faults.ledger_process import LedgerProcess
from tests.kafka.stage import until

SECRET = "not-the-password-of-this-ledger"


@dataclasses.dataclass
class Wrong:
    """A ledger that says what is wrong."""

    ledger: LedgerProcess

    @property
    def said(self) -> str:
        """To its operator, and in its log."""
        data = self.ledger.data
        return (data.parent / "up.log").read_text() + (data / "ledger.log").read_text()

    async def says(self, sentence: str, parts: tuple[str, ...]) -> None:
        """Wait until each part said it."""

        async def all_said() -> bool:
            said = self.said
            return all(f"Kafka, {part}: {sentence}" in said for part in parts)

        await until(all_said, seconds=60)

    async def takes_events(self, line: bytes) -> None:
        """Whatever is wrong with Kafka, HTTP goes on, and an operator sees what is wrong."""
        async with httpx.AsyncClient(base_url=self.ledger.url, timeout=20) as client:
            answer = await client.post("/api/events", content=line, headers={"content-type": "application/x-ndjson"})
            assert answer.status_code == 200
            assert "kafka relay: does not run" in (await client.get("/readyz")).text


@pytest.fixture
async def wrong(data_folder: Path, fresh_broker: BrokerCluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wrong]:
    """A ledger for the fresh broker, whose clients are on TLS; not started yet."""
    cluster = fresh_broker.cluster()
    for name, value in (("SERVERS", cluster.servers), ("USER", "ledger"), ("PASSWORD", cluster.password), ("CA", cluster.ca)):
        monkeypatch.setenv(f"LEDGER_KAFKA_{name}", str(value))
    await asyncio.to_thread(data_folder.mkdir)
    ledger = LedgerProcess(data_folder)
    try:
        yield Wrong(ledger)
    finally:
        assert await asyncio.to_thread(ledger.stop) == 0


async def test_what_is_wrong_is_said_and_nothing_is_written_or_leaked(
    wrong: Wrong, fresh_broker: BrokerCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = fresh_broker.cluster()
    right = os.environ["LEDGER_KAFKA_PASSWORD"], os.environ["LEDGER_KAFKA_CA"]
    line = next(iter(stream(1, 1)))
    every = ("intake", "verdicts", "relay")

    monkeypatch.setenv("LEDGER_KAFKA_CA", str(make_certificates(tmp_path / "other").authority))
    monkeypatch.setenv("LEDGER_KAFKA_PASSWORD", SECRET)
    await asyncio.to_thread(wrong.ledger.start)
    await wrong.says(f"the Kafka cluster at {cluster.servers} shows a certificate that {tmp_path}", every)
    await wrong.takes_events(line)
    await asyncio.to_thread(wrong.ledger.stop)

    monkeypatch.setenv("LEDGER_KAFKA_CA", right[1])
    await asyncio.to_thread(wrong.ledger.start)
    await wrong.says(f"the Kafka cluster at {cluster.servers} does not accept user 'ledger' with this password", every)
    await wrong.takes_events(line)
    await asyncio.to_thread(wrong.ledger.stop)

    # Nobody made the topics, or their names are others: the ledger makes none by itself.
    monkeypatch.setenv("LEDGER_KAFKA_PASSWORD", right[0])
    await asyncio.to_thread(wrong.ledger.start)
    await wrong.says("topic trajectory.entries does not exist or may not be seen: make it with 'ledger kafka topics'", ("relay",))
    await wrong.takes_events(line)
    async with Admin(cluster) as admin:
        assert await admin.topics([]) == []
    for secret in (SECRET, right[0]):
        assert secret not in wrong.said
