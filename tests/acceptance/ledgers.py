"""A real ledger for acceptance tests: ``ledger up`` as a process, and the command line as processes beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import httpx

LEDGER = Path(sys.executable).with_name("ledger")
START_SECONDS = 120
STOP_SECONDS = 120


class Ran(NamedTuple):
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:  # type: ignore[type-arg]
        """The answer of a command with ``--json``."""
        answer = json.loads(self.out)
        assert isinstance(answer, dict)
        return answer


def environment(**given: str) -> dict[str, str]:
    """The environment of this test, without what would lead a command elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    return kept | {"LEDGER_LANG": "en", "NO_COLOR": "1", "COLUMNS": "200"} | given


def ledger(*arguments: str | Path, cwd: Path | None = None, timeout: float = 120, **given: str) -> Ran:
    """Run ``ledger`` with these arguments until it ends."""
    command = [str(LEDGER), *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment(**given), capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


class RunningLedger:
    """``ledger up`` on a new folder, from entering the context until leaving it.

    The folder does not stand in pytest's: that one is closed to the user that PostgreSQL runs as when the tests run as root.
    """

    def __init__(self, *flags: str, **given: str) -> None:
        """``flags`` of ``ledger up``, and what else stands in its environment."""
        self._given = given
        self._folder = tempfile.TemporaryDirectory(prefix="ledger", ignore_cleanup_errors=True)
        self.data = Path(self._folder.name) / "data"
        self._flags: Sequence[str] = flags
        self._process: subprocess.Popen[bytes] | None = None
        self._said = Path(self._folder.name) / "said"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.stop()
        finally:
            self._folder.cleanup()

    def start(self, *flags: str) -> None:
        """Start it and wait until it answers."""
        command = [str(LEDGER), "up", "--data", str(self.data), *(flags or ("--port", "0", *self._flags))]
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(command, env=environment(**self._given), stdout=said, stderr=said, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, f"ledger up ended: {self.said}"
            assert time.monotonic() < deadline, f"ledger up does not answer: {self.said}"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except (OSError, ValueError, httpx.TransportError):
            return False

    @property
    def said(self) -> str:
        """What it printed."""
        return self._said.read_text()

    @property
    def runtime(self) -> dict:  # type: ignore[type-arg]
        """Its ledger.json."""
        content = json.loads((self.data / "ledger.json").read_bytes())
        assert isinstance(content, dict)
        return content

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.runtime["port"])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process."""
        assert self._process is not None
        self._process.send_signal(number)

    def ended(self) -> int:
        """Wait until the main process has ended; its exit code."""
        assert self._process is not None
        return self._process.wait(STOP_SECONDS)

    def stop(self) -> int:
        """Stop it as Ctrl-C does."""
        if self._process is None or self._process.poll() is not None:
            return -1 if self._process is None else self._process.returncode
        self.signal(signal.SIGINT)
        return self.ended()

    def run(self, *arguments: str | Path, timeout: float = 300) -> Ran:
        """Run a command on this ledger."""
        return ledger(*arguments, "--data", self.data, timeout=timeout)

    def settle(self, timeout: float = 120) -> int:
        """Wait until every view stands at the head; its position."""
        deadline = time.monotonic() + timeout
        while True:
            now = self.run("status", "--json").json
            if all(view["lag"] == 0 and view["state"] == "live" for view in now["projections"]):
                return int(now["position"])
            assert time.monotonic() < deadline, f"views stay behind: {now['projections']}"
            time.sleep(0.2)
