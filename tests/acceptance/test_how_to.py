"""The how-to guides' commands work: curl in its content modes, and whatever ``ledger`` commands they name exist with these options."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import typer.core

from cli.main import app
from tests.acceptance.ledgers import RunningLedger, environment

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
README = Path(__file__).parents[2] / "README.md"
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
EVENT = {
    "specversion": "1.0", "id": "0195f517-9700-7000-8000-000000000001", "source": "urn:kbo:1999015095:mlb",
    "type": "be.inburgering.jobseeker.registered.v1", "subject": "persoon/7d9a4c1e-52b0-4f6c-9a57-0c3b1f6e8d21",
    "time": "2025-04-02T09:30:00+02:00", "recordedat": "2025-04-02T09:31:00+02:00", "admittedat": "2025-04-03T09:31:00+02:00",
    "publisherrole": "vdab", "sequence": 1, "grondslag": "public_task", "data": {"category": "free", "channel": "online"},
}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[RunningLedger]:
    with RunningLedger("--sandbox") as started:
        yield started


def test_curl_publishes_in_every_content_mode(running: RunningLedger, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    (tmp_path / "batch.json").write_text(
        json.dumps([EVENT | {"id": f"0195f517-9700-7000-8000-00000000010{n}", "sequence": n} for n in (2, 3)])
    )
    counts = []
    for block in _BLOCK.findall((GUIDES / "publish-with-curl.md").read_text()):
        command = block.replace("http://localhost:8400", running.url)
        done = subprocess.run(["bash", "-euc", command], cwd=tmp_path, env=environment(), capture_output=True, timeout=60, check=True)
        answer = json.loads(done.stdout)
        counts.append((answer["admitted"], answer["refused"]))
    assert counts == [(1, 0), (1, 0), (2, 0)]


def commands() -> list[tuple[str, str]]:
    documents = [README, *sorted(GUIDES.glob("*.md"))]
    lines = ((path.name, line) for path in documents for block in _BLOCK.findall(path.read_text()) for line in block.splitlines())
    return [(name, line.partition("#")[0].strip()) for name, line in lines if line.startswith("ledger ")]


@pytest.mark.parametrize(("document", "line"), commands())
def test_every_command_that_a_guide_names_exists_with_its_options(document: str, line: str) -> None:
    words = shlex.split(line)[1:]
    command = typer.main.get_command(app)
    while isinstance(command, typer.core.TyperGroup):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
