"""The tutorial, typed as it stands: every command is run, and what it says that one sees must be seen.

In the text a comment above a block says what is special about it: ``test: skip``, ``test: background``, ``test: exits 2``.
Each line of a ``text`` block must appear in what the command before it printed, blanks aside.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.acceptance.ledgers import environment

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "first-event.md"
_BLOCK = re.compile(r"(?:<!-- test: (?P<mark>[^>]*?) -->\n)?```(?P<kind>sh|text)\n(?P<body>.*?)```", re.DOTALL)


class Block(NamedTuple):
    """A block of the tutorial."""

    kind: str
    mark: str
    body: str


def blocks() -> list[Block]:
    return [Block(m["kind"], m["mark"] or "", m["body"]) for m in _BLOCK.finditer(TUTORIAL.read_text())]


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tutorial", ignore_cleanup_errors=True) as path:
        yield Path(path)


def test_the_tutorial_can_be_typed_as_it_stands(folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    surroundings = environment(PATH=path, LEDGER_PORT="0")
    background: subprocess.Popen[bytes] | None = None
    printed = ""
    try:
        for block in blocks():
            if block.kind == "text":
                seen = {" ".join(line.split()) for line in printed.splitlines()}
                for line in filter(None, (" ".join(line.split()) for line in block.body.splitlines())):
                    assert any(said.startswith(line) for said in seen), f"the tutorial shows {line!r}, the command printed:\n{printed}"
            elif block.mark == "background":
                with (folder / "up.log").open("wb") as log:
                    background = subprocess.Popen(
                        ["bash", "-c", f"exec {block.body}"], cwd=folder, env=surroundings, stdout=log, stderr=log
                    )
                wait_until_it_answers(folder)
            elif not block.mark.startswith("skip"):
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", block.body], cwd=folder, env=surroundings, capture_output=True, timeout=120
                )
                printed = done.stdout.decode()
                wanted = int(block.mark.removeprefix("exits ")) if block.mark else 0
                assert done.returncode == wanted, f"{block.body}\nended with {done.returncode}:\n{printed}{done.stderr.decode()}"
    finally:
        if background is not None:
            background.send_signal(signal.SIGINT)
            assert background.wait(60) == 0


def wait_until_it_answers(folder: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            port = re.search(r'"port": ?(\d+)', (folder / "ledger-data" / "ledger.json").read_text())
            if port is not None and httpx.get(f"http://127.0.0.1:{port[1]}/readyz", timeout=2).status_code == 200:
                return
        except (OSError, httpx.TransportError):
            pass
        time.sleep(0.1)
    pytest.fail(f"ledger up does not answer: {(folder / 'up.log').read_text()}")


def test_only_what_the_test_itself_provides_is_left_out() -> None:
    skipped = [block.body for block in blocks() if block.mark.startswith("skip")]
    assert skipped == ["make setup\nsource .venv/bin/activate\n"]
