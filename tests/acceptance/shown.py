"""``ledger web`` as a process beside a ledger."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.acceptance.ledgers import LEDGER, START_SECONDS, STOP_SECONDS, environment


class ShownLedger:
    """``ledger web`` on a data folder, from entering the context until leaving it."""

    def __init__(self, data: Path, **given: str) -> None:
        self._command = [str(LEDGER), "web", "--data", str(data), "--port", "0"]
        self._given = given
        self._folder = tempfile.TemporaryDirectory(prefix="web", ignore_cleanup_errors=True)
        self._said = Path(self._folder.name) / "said"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                self._command, env=environment(**self._given), stdout=said, stderr=said, stdin=subprocess.DEVNULL
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while (found := re.search(r"shown on (http://[0-9.:]+)/", self.said)) is None:
                assert self._process.poll() is None, self.said
                assert time.monotonic() < deadline, self.said
                time.sleep(0.05)
            self.url = found[1]
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.stop()
        finally:
            self._folder.cleanup()

    @property
    def said(self) -> str:
        """What it printed."""
        return self._said.read_text()

    def stop(self) -> int:
        """SIGTERM, as a container engine stops it; its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
