"""A real ``ledger up`` as a child process, for tests that kill it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import httpx
import psutil

from streams.postgres.server import EmbeddedPostgres

READY_SECONDS = 180.0
STOP_SECONDS = 120.0


class LedgerProcess:
    """One ``ledger up --sandbox`` on a data folder, started and killed as often as one likes."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> None:
        """Start it and wait until it is ready. ``TimeoutError`` with its words when it is not."""
        (self.data / "ledger.json").unlink(missing_ok=True)
        command = [str(Path(sys.executable).parent / "ledger"), "up", "--sandbox", "--empty", "--data", str(self.data), "--port", "0"]
        log = (self.data.parent / "up.log").open("ab")
        self._process = subprocess.Popen(command, stderr=log, stdout=log, cwd=Path(__file__).parents[2])
        log.close()
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"ledger up ended: {(self.data.parent / 'up.log').read_text()[-2000:]}")
            with contextlib.suppress(OSError, ValueError, httpx.HTTPError):
                self.port = json.loads((self.data / "ledger.json").read_text())["port"]
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status_code == 200:
                    return
            time.sleep(0.02)
        raise TimeoutError(f"not ready after {READY_SECONDS} s: {(self.data.parent / 'up.log').read_text()[-2000:]}")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        """Its database."""
        return EmbeddedPostgres(self.data).dsn

    async def connected(self) -> asyncpg.Connection[asyncpg.Record]:
        """A connection to its database, which may have been killed a moment ago."""
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(OSError, asyncpg.PostgresError):
                    return await asyncpg.connect(self.dsn)
                await asyncio.sleep(0.1)

    @property
    def pid(self) -> int:
        """Its main process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL the main process."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def kill_child(self, word: str) -> bool:
        """SIGKILL a direct child whose command line holds a word; whether there was one."""
        assert self._process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self._process.pid).children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    if any(word in part for part in child.cmdline()):
                        os.kill(child.pid, signal.SIGKILL)
                        return True
        return False

    def stop(self) -> int:
        """SIGTERM and its exit code."""
        if self._process is None or self._process.poll() is not None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
