"""Topics and rules on a real broker with TLS: made from the data, safe to make twice, and what differs is said."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError

from ledger.errors import BrokerRefused, BrokerUnavailable
from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.certificates import make_certificates
from streams.kafka.connection import start
from streams.kafka.provision import provision
from streams.kafka.topics import Operation, Pattern, Resource, Rule, load_topics
from tests.kafka.stage import until

TOPICS = load_topics()


async def test_topics_are_made_once_and_what_differs_is_mended_or_told(fresh_broker: BrokerCluster) -> None:
    cluster = fresh_broker.cluster()
    async with Admin(cluster) as admin:
        checked = await provision(admin, TOPICS, ["agii"], check=True)
        assert {d.what for d in checked} == {"topic", "rule"}
        assert not any(d.mended for d in checked)
        made = await provision(admin, TOPICS, ["agii"], check=False)
        assert all(d.mended for d in made)
        assert len(made) == len(checked)
        assert await provision(admin, TOPICS, ["agii"], check=True) == []
        assert await provision(admin, TOPICS, ["agii"], check=False) == []
        # Somebody meddles: another retention, a topic and a rule that nobody declared.
        (entries,) = [t for t in TOPICS.wanted([], 1) if t.name == "trajectory.entries"]
        await admin.configure(msgspec.structs.replace(entries, config=entries.config | {"retention.ms": "1000"}))
        await admin.create([msgspec.structs.replace(entries, name="trajectory.stray", partitions=2)])
        stranger = Rule(Resource.TOPIC, "trajectory.entries", Pattern.LITERAL, "vdab", Operation.WRITE)
        await admin.allow(stranger)
        wrong = {
            ("config", "trajectory.entries retention.ms", "-1", "1000"),
            ("unknown topic", "trajectory.stray", None, "2 partitions"),
            ("unknown rule", "trajectory.entries", None, "vdab may write topic trajectory.entries"),
        }

        async def told() -> bool:
            """The broker hears of it a little later than the controller."""
            return {(d.what, d.name, d.wanted, d.found) for d in await provision(admin, TOPICS, ["agii"], check=True)} == wrong

        await until(told)
        await provision(admin, TOPICS, ["agii"], check=False)
        left = await provision(admin, TOPICS, ["agii"], check=True)
        assert [d.what for d in left] == ["unknown topic"]


async def test_a_publisher_writes_to_its_own_topic_and_nowhere_else(broker: BrokerCluster) -> None:
    async with Admin(broker.cluster()) as admin:
        await provision(admin, TOPICS, ["agii", "vdab"], check=False)
    producer = AIOKafkaProducer(**broker.cluster("vdab").arguments("test"), acks="all", enable_idempotence=True)
    await start(producer, broker.cluster("vdab"))
    try:
        sent = await producer.send_and_wait("trajectory.submissions.vdab", b"{}")
        assert sent.offset == 0
        for elsewhere in ("trajectory.submissions.agii", "trajectory.entries", "trajectory.verdicts.vdab"):
            with pytest.raises(TopicAuthorizationFailedError):
                await producer.send_and_wait(elsewhere, b"{}")
    finally:
        await producer.stop()


async def test_wrong_password_certificate_and_address_are_told_apart(fresh_broker: BrokerCluster, tmp_path: Path) -> None:
    cluster = fresh_broker.cluster()
    other = make_certificates(tmp_path / "other").authority
    for wrong, kind, said in (
        (msgspec.structs.replace(cluster, password="wrong"), BrokerRefused, "does not accept user 'ledger' with this password"),
        (msgspec.structs.replace(cluster, ca=other), BrokerRefused, "certificate that .* did not sign"),
        (msgspec.structs.replace(cluster, servers="127.0.0.1:1"), BrokerUnavailable, "does not answer"),
    ):
        with pytest.raises(kind, match=said) as caught:
            async with Admin(wrong):
                pass
        assert "secret" not in str(caught.value)


def test_the_command(fresh_broker: BrokerCluster, tmp_path: Path) -> None:
    cluster = fresh_broker.cluster()
    environment = os.environ | {
        "LEDGER_KAFKA_SERVERS": cluster.servers,
        "LEDGER_KAFKA_USER": "ledger",
        "LEDGER_KAFKA_PASSWORD": cluster.password or "",
        "LEDGER_KAFKA_CA": str(cluster.ca),
    }
    command = [str(Path(sys.executable).parent / "ledger"), "kafka", "topics", "--publisher", "agii", "--data", str(tmp_path), "--json"]

    def run(*more: str) -> tuple[int, dict[str, object]]:
        done = subprocess.run([*command, *more], env=environment, capture_output=True, timeout=60, check=False)
        assert done.stderr == b""
        answer: dict[str, object] = json.loads(done.stdout)
        return done.returncode, answer

    code, answer = run("--check")
    assert (code, answer["as_declared"]) == (1, False)
    code, answer = run()
    assert (code, answer["as_declared"]) == (0, True)
    assert run("--check")[0] == 0
    # Another publisher's topics are made, and what is there for the first stays as it is.
    command[command.index("agii")] = "vdab"
    code, answer = run("--missing")
    assert (code, answer["as_declared"]) == (0, True)
    assert {d["name"] for d in answer["differences"]} > {"trajectory.submissions.vdab", "trajectory.verdicts.vdab"}  # type: ignore[attr-defined]
    assert run("--publisher", "agii", "--check")[0] == 0
    environment["LEDGER_KAFKA_PASSWORD"] = "wrong"
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().count("\n") == 1
    assert "does not accept user 'ledger' with this password" in done.stderr.decode()


async def test_a_publishers_user_is_made_and_taken_away(broker: BrokerCluster, tmp_path: Path) -> None:
    cluster = broker.cluster()
    environment = os.environ | {
        "LEDGER_KAFKA_SERVERS": cluster.servers,
        "LEDGER_KAFKA_USER": "ledger",
        "LEDGER_KAFKA_PASSWORD": cluster.password or "",
    }

    async def run(*more: str, code: int = 0) -> str:
        command = [str(Path(sys.executable).parent / "ledger"), "kafka", "user", *more, "--data", str(tmp_path), "--json"]
        done = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, timeout=60, check=False)
        assert done.returncode == code, done.stderr
        return (done.stdout or done.stderr).decode()

    async def comes_in(password: str) -> bool:
        try:
            async with Admin(msgspec.structs.replace(cluster, user="newcomer", password=password)):
                return True
        except BrokerRefused as error:
            return "does not accept user 'newcomer'" not in str(error)

    async def shut_out(password: str) -> bool:
        return not await comes_in(password)

    # The brokers hear of it a little later than the controller.
    made = json.loads(await run("newcomer"))
    await until(lambda: comes_in(made["password"]))
    file = tmp_path / "password"
    file.write_text("another one\n")
    assert json.loads(await run("newcomer", "--password-file", str(file))) == {"user": "newcomer"}
    await until(lambda: comes_in("another one"))
    assert await shut_out(made["password"])
    await run("newcomer", "--remove")
    await until(lambda: shut_out("another one"))
    assert "has no user newcomer" in await run("newcomer", "--remove", code=2)
    assert "the ledger's own user" in await run("ledger", code=2)
