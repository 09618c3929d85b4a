"""A real witness for tests: ``ledger witness run`` as a process, from entering the context until leaving it."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.witnessing import Witness
from tests.acceptance.ledgers import LEDGER, STOP_SECONDS, Ran, environment, ledger

_START_SECONDS = 60


class RunningWitness:
    """A witness on a folder, which stays when it ends."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder = folder
        self._flags = flags
        self._process: subprocess.Popen[bytes] | None = None
        self.said = ""

    def __enter__(self) -> Self:
        said = self.folder.with_suffix(".said")
        command = [str(LEDGER), "witness", "run", "--data", str(self.folder), "--port", "0", *self._flags]
        with said.open("wb") as out:
            self._process = subprocess.Popen(command, env=environment(), stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while "LEDGER_WITNESSES" not in (told := said.read_text()):
            assert self._process.poll() is None, f"the witness ended: {told}"
            assert time.monotonic() < deadline, f"the witness does not start: {told}"
            time.sleep(0.02)
        self.said = told
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end(signal.SIGINT)

    def end(self, number: signal.Signals) -> int:
        """End it with this signal."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(STOP_SECONDS)

    @property
    def setting(self) -> str:
        """What a ledger takes in the setting ``witnesses``."""
        match = re.search(r"LEDGER_WITNESSES='([^']+)'", self.said)
        assert match is not None, self.said
        return match[1]

    @property
    def key(self) -> str:
        """Its public key."""
        return self.setting.partition(" ")[0]

    @property
    def url(self) -> str:
        """Its address."""
        return self.setting.partition(" ")[2]

    def looked_at(self) -> Witness:
        """Its folder, beside the process."""
        return Witness(self.folder, hold=False)

    def run(self, *arguments: str) -> Ran:
        """A command on its folder."""
        return ledger("witness", *arguments, "--data", self.folder)
