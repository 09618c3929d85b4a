"""A whole ledger with Kafka, by its commands: taken in, told, relayed, compared, backed up, lost and restored."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import asyncpg
import pytest

from simulation.faults import FaultProfile
from simulation.run import stream
from streams.kafka.broker import BrokerCluster
from streams.kafka.connection import Cluster
from tests.faults.ledger_process import LedgerProcess
from tests.kafka.stage import prepare, publish, until, verdicts
from tests.waiting import until_true

SEED = 20261124
PEOPLE = 60


def configure(monkeypatch: pytest.MonkeyPatch, cluster: Cluster, password: str | None = None) -> None:
    """What an operator sets."""
    monkeypatch.setenv("LEDGER_KAFKA_SERVERS", cluster.servers)
    monkeypatch.setenv("LEDGER_KAFKA_USER", "ledger")
    monkeypatch.setenv("LEDGER_KAFKA_PASSWORD", password or cluster.password or "")


@pytest.fixture
def ledger(data_folder: Path) -> LedgerProcess:
    """A sandbox that is not started yet."""
    data_folder.mkdir()
    return LedgerProcess(data_folder)


async def command(*arguments: str, code: int = 0) -> dict[str, object]:
    """The answer of a command, as JSON."""
    ledger = str(Path(sys.executable).parent / "ledger")
    done = await asyncio.to_thread(
        subprocess.run, [ledger, *arguments, "--json"], capture_output=True, timeout=120, check=False, env=os.environ
    )
    assert done.returncode == code, done.stderr.decode()
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


async def test_the_whole_way_and_back(
    broker: BrokerCluster, data_folder: Path, ledger: LedgerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(f"seed {SEED}")
    cluster = broker.cluster()
    configure(monkeypatch, cluster)
    await prepare(broker, "simulator")
    lines = [line.rstrip(b"\n") for line in stream(PEOPLE, SEED, FaultProfile.HARSH)]
    await asyncio.to_thread(ledger.start)
    try:
        await publish(cluster, "simulator", lines)
        told = await verdicts(cluster, "simulator", len(lines), seconds=90)
        assert [offset for offset, _ in told] == list(range(len(lines)))
        counts = Counter(verdict.outcome.value for _, verdict in told)
        positions = [v.position for _, v in told if v.outcome == "admitted"]
        assert positions == list(range(1, counts["admitted"] + 1))
        connection = await asyncpg.connect(ledger.dsn)
        try:
            await until(lambda: connection.fetchval("SELECT position >= $1 FROM ledger.relay", counts["admitted"]))
        finally:
            await connection.close()
        compared = await command("kafka", "compare", "--data", str(data_folder))
        assert compared["equal"] is True
        assert compared["position"] == counts["admitted"]
        backup = data_folder.parent / "keys.backup"
        await command("backup", "keys", "--out", str(backup), "--data", str(data_folder))
    finally:
        assert ledger.stop() == 0
    # The database is lost; the keys were kept apart.
    again = data_folder.parent / "again"
    shutil.copytree(data_folder / "keys", again / "keys")
    restored = await command("restore", "--from", "kafka", "--keys", str(backup), "--data", str(again))
    assert (restored["digest"], restored["unreadable_entries"]) == (compared["postgres"], 0)
    assert (await command("kafka", "compare", "--data", str(again)))["equal"] is True
    # And the other way: an empty cluster is filled from the database.
    await command("relay", "--data", str(again))
    second = LedgerProcess(again)
    await asyncio.to_thread(second.start)
    try:
        await publish(cluster, "simulator", lines[:20])
        more = await verdicts(cluster, "simulator", len(lines) + 20)
        assert all(v.outcome.value in {"duplicate", "refused"} for _, v in more[-20:])
    finally:
        assert second.stop() == 0


async def test_a_wrong_password_is_said_and_the_rest_goes_on(
    broker: BrokerCluster, data_folder: Path, ledger: LedgerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, broker.cluster(), password="wrong-secret")
    await asyncio.to_thread(ledger.start)
    try:
        said = data_folder.parent / "up.log"
        await until_true(lambda: said.read_text().count("does not accept user 'ledger' with this password") >= 3)
        for name in ("intake", "verdicts", "relay"):
            assert f"Kafka, {name}: the Kafka cluster at {broker.servers} does not accept user 'ledger'" in said.read_text()
        assert "wrong-secret" not in said.read_text() + (data_folder / "ledger.log").read_text()
    finally:
        assert ledger.stop() == 0
