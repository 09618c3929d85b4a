"""What the how-to guides for publishers say works: their own examples are run, on a real ledger and a broker with SCRAM and ACLs."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import confluent_kafka
import pytest

from streams.kafka.admin import Admin
from streams.kafka.broker import CACHE, BrokerCluster
from tests.acceptance.ledgers import RunningLedger, environment
from tests.kafka.conftest import USERS
from tests.kafka.stage import prepare

ROOT = Path(__file__).parents[2]
PYTHON = (ROOT / "docs" / "how-to" / "publish-from-python.md").read_text()
ANYTHING = (ROOT / "docs" / "how-to" / "publish-from-your-language.md").read_text()
NAME = "vdab-mlb"


def blocks(text: str, kind: str) -> list[str]:
    """The code of a guide."""
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def promised(text: str) -> dict[str, re.Pattern[str]]:
    """What a guide says will be said, by what is wrong; ``…`` stands for anything."""
    rows = re.findall(r"^\| ([^|`]+) \| `([^`]+)` \|", text, re.MULTILINE)
    return {wrong: re.compile(".*".join(map(re.escape, said.split("…")))) for wrong, said in rows}


class Desk:
    """Where a publisher sits: a folder, the client as it was installed, and what the operator handed over."""

    def __init__(self, folder: Path, ledger: RunningLedger, broker: BrokerCluster, token: str) -> None:
        self.folder = folder
        self.ledger = ledger
        self.environment = environment(
            LEDGER_URL=ledger.url,
            TOKEN=token,
            KAFKA_SERVERS=broker.servers,
            KAFKA_PASSWORD=USERS[NAME],
            PYTHONPATH=str(folder / "installed"),
        )
        self.environment["PATH"] = f"{folder / 'bin'}{os.pathsep}{self.environment['PATH']}"
        for kind in ("ini", "properties"):
            (text,) = blocks(ANYTHING, kind)
            text = text.replace("SERVERS", broker.servers).replace("PASSWORD", USERS[NAME])
            (folder / {"ini": "kafka.conf", "properties": "kafka.properties"}[kind]).write_text(text)
        (folder / "event.json").write_text(*blocks(ANYTHING, "json"))

    def sh(self, command: str, code: int | None = 0) -> tuple[str, str]:
        """What a command says, and what it says went wrong."""
        return self._run(["bash", "-euo", "pipefail", "-c", command], code)

    def python(self, program: str, code: int = 0, **given: str) -> tuple[str, str]:
        """The same of a program; warnings are errors in it too."""
        return self._run([sys.executable, "-W", "error", "-P", "-c", program], code, **given)

    def _run(self, command: list[str], code: int | None, **given: str) -> tuple[str, str]:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment | given, capture_output=True, timeout=120, stdin=subprocess.DEVNULL
        )
        assert code is None or done.returncode == code, done.stderr.decode()
        return done.stdout.decode(), done.stderr.decode()

    def position(self) -> int:
        """Where the ledger stands."""
        return int(self.ledger.run("status", "--json").json["position"])


@pytest.fixture(scope="module")
def desk(shared_broker: BrokerCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An ordinary ledger with Kafka that knows one publisher, and that publisher."""
    folder = tmp_path_factory.mktemp("desk")
    wheel = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(wheel, cwd=ROOT / "publisher", check=True, capture_output=True, timeout=120)
    zipfile.ZipFile(*folder.glob("*.whl")).extractall(folder / "installed")
    (folder / "bin").mkdir()
    # Debian's librdkafka is older than the guide asks for; the Python package brings a newer one.
    (library,) = (Path(confluent_kafka.__file__).parents[1] / "confluent_kafka.libs").glob("librdkafka*")
    (folder / "bin" / "librdkafka.so.1").symlink_to(library)
    _command(folder / "bin" / "kcat", f'LD_LIBRARY_PATH="{folder}/bin" exec {shutil.which("kcat") or "kcat"} "$@"')
    console = f'exec java -XX:TieredStopAtLevel=1 -cp "{CACHE}/jars/*" org.apache.kafka.tools.ConsoleProducer "$@"'
    _command(folder / "bin" / "kafka-console-producer.sh", console)
    asyncio.run(prepare(shared_broker, NAME, "agii"))
    given = {
        "LEDGER_KAFKA_SERVERS": shared_broker.servers,
        "LEDGER_KAFKA_USER": "ledger",
        "LEDGER_KAFKA_PASSWORD": USERS["ledger"],
    }
    try:
        with RunningLedger("--empty", **given) as ledger:
            created = ledger.run("publishers", "create", NAME, "--org", "1999015095", "--role", "vdab", "--json").json
            yield Desk(folder, ledger, shared_broker, created["token"])
    finally:
        asyncio.run(_clean(shared_broker))


def _command(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o700)


async def _clean(broker: BrokerCluster) -> None:
    async with Admin(broker.cluster()) as admin:
        await admin.delete(await admin.topics([]))


def test_every_example_publishes_what_it_says(desk: Desk) -> None:
    over_http, over_kafka = blocks(PYTHON, "python")
    assert re.fullmatch(r"event [0-9a-f-]{36} admitted at position 1\n", desk.python(over_http)[0])
    assert not (desk.folder / "outbox.ndjson").exists()
    assert re.fullmatch(r"(event [0-9a-f-]{36} admitted at position [23]\n){2}", desk.python(over_kafka)[0])
    curl, kcat, verdicts, java, binary = blocks(ANYTHING, "sh")
    answer = json.loads(desk.sh(curl)[0])
    assert (answer["admitted"], answer["verdicts"][0]["position"]) == (1, 4)
    desk.sh(kcat)
    desk.sh(binary)
    desk.sh(java)
    deadline = time.monotonic() + 60
    while len(told := desk.sh(verdicts)[0].splitlines()) < 5:
        assert time.monotonic() < deadline, told
        time.sleep(0.2)
    found = [(re.search(r"submission_offset=(\d+)", line), json.loads(line[line.index("{") :])) for line in told]
    assert [(match and match[1], verdict["outcome"], verdict["position"]) for match, verdict in found] == [
        ("0", "admitted", 2),
        ("1", "admitted", 3),
        ("2", "duplicate", 4),
        ("3", "admitted", 5),
        ("4", "duplicate", 4),
    ]


def test_a_refused_event_is_told_as_the_guide_says(desk: Desk) -> None:
    said, _ = desk.python(blocks(PYTHON, "python")[0].replace('role="vdab"', 'role="ocmw"'))
    assert re.fullmatch(r"event [0-9a-f-]{36} refused, R04 at /publisherrole: .+\n", said)


def test_what_the_python_guide_says_of_mistakes_is_what_the_client_says(desk: Desk) -> None:
    over_http, over_kafka = blocks(PYTHON, "python")
    said = promised(PYTHON)
    before = desk.position()
    assert said["the token"].search(desk.python(over_http, 1, TOKEN="ldg_wrong")[1])
    assert said["the password"].search(desk.python(over_kafka, 1, KAFKA_PASSWORD="wrong")[1])
    assert said["the name"].search(desk.python(over_kafka.replace('name="vdab-mlb"', 'name="agii", user="vdab-mlb"'), 1)[1])
    assert desk.position() == before


def test_what_the_guide_says_of_mistakes_is_what_librdkafka_says(desk: Desk) -> None:
    _, kcat, verdicts, *_ = blocks(ANYTHING, "sh")
    said = promised(ANYTHING)
    before = desk.position()
    soon = "kafka.conf -X message.timeout.ms=10000 "
    wrong_password = kcat.replace("kafka.conf ", f"{soon} -X sasl.password=wrong ")
    assert said["user or password, or a librdkafka before 2.6.1"].search(desk.sh(wrong_password, code=None)[1])
    for other in ("trajectory.submissions.agii", "trajectory.submissions.nobody", "trajectory.entries"):
        written = kcat.replace("kafka.conf ", soon).replace(f"trajectory.submissions.{NAME}", other)
        assert said["the topic is not yours, or does not exist"].search(desk.sh(written, code=None)[1])
    peeked = verdicts.replace(f"trajectory.verdicts.{NAME}", "trajectory.verdicts.agii")
    assert said["the topic is not yours, or does not exist"].search(desk.sh(peeked, code=None)[1])
    assert desk.position() == before
