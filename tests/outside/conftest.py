"""Tools that this project did not write, built from pinned Go modules. Where there is no Go there are no such tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.acceptance.serving import Served, serving

FOLDER = Path(__file__).parent
BUILD_SECONDS = 240
FSCK = "github.com/transparency-dev/tessera/cmd/fsck"

collect_ignore_glob = [] if shutil.which("go") else ["test_*.py"]


class Tools(NamedTuple):
    """The built commands."""

    fsck: Path
    logcheck: Path

    def run(self, tool: Path, *arguments: str | Path, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one of them until it ends."""
        return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """The tools, built. Go keeps what it built, so that only the first time takes a while; 'make setup' did that already."""
    folder = tmp_path_factory.mktemp("tools")
    environment = os.environ | {"GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0"}
    built = subprocess.run(
        ["go", "build", "-mod=readonly", "-buildvcs=false", "-o", f"{folder}/", "./logcheck", FSCK],
        cwd=FOLDER,
        env=environment,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        stdin=subprocess.DEVNULL,
    )
    assert built.returncode == 0, built.stderr
    return Tools(folder / "fsck", folder / "logcheck")


@pytest.fixture
def ledger(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """An empty sandbox, served."""
    with serving(database_url, tmp_path / "data") as served:
        yield served


@pytest.fixture
def client(ledger: Served) -> Iterator[httpx.Client]:
    """A client of it."""
    with ledger.client() as opened:
        yield opened
