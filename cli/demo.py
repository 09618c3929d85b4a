"""The demonstration: a simulated population is loaded at full speed, and its last events arrive live.

The simulator runs as a child process, so that simulating and admitting use two cores. Loading is idempotent: one that
was broken off begins anew, and what was admitted already is acknowledged as duplicate.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from ledger.admission import Examined
from ledger.authority import SANDBOX_CREDENTIAL
from ledger.errors import LedgerError, Overloaded, StoreUnavailable
from streams.wiring import Parts

SEED = 2026
FAULTS = "realistic"
"""Feeds as they are in practice: late, corrected, doubled, now and then refused."""
LIVE_EVENTS = 2_000
"""Events that are held back and arrive one by one, so that the pages move."""
LIVE_SECONDS = 0.4
BATCH = 1_000
LINE_LIMIT = 256 * 1024


class Demo:
    """Loads and plays one demonstration into a running sandbox."""

    def __init__(self, parts: Parts, folder: Path, people: int, say: Callable[[str], None]) -> None:
        self._parts = parts
        self._marker = folder / "demo.json"
        self._people = people
        self._say = say

    async def play(self) -> None:
        """Load everything but the last events, then let those arrive slowly. Returns when there are no more."""
        if self._marker.exists():
            known = json.loads(self._marker.read_text())
            if known.get("people") == self._people:
                self._say(f"The demonstration of {self._people} people is loaded already.")
                return
        began = time.monotonic()
        held: deque[bytes] = deque()
        batch: list[bytes] = []
        count = said = 0
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "simulation", str(self._people), str(SEED), FAULTS, stdout=asyncio.subprocess.PIPE, limit=LINE_LIMIT
        )
        try:
            assert child.stdout is not None
            self._say(f"Simulating {self._people} people and admitting their events …")
            while line := await child.stdout.readline():
                held.append(line)
                if len(held) > LIVE_EVENTS:
                    batch.append(held.popleft())
                if len(batch) >= BATCH:
                    await self._submit(batch)
                    count += len(batch)
                    batch = []
                    if count - said >= 50_000:
                        said = count
                        self._say(f"  {count} events after {time.monotonic() - began:.0f} s")
            await self._submit(batch)
            count += len(batch)
            if await child.wait() != 0:
                raise LedgerError(f"the simulator ended with code {child.returncode}; start the demonstration again")
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
            await child.wait()
            raise
        self._say(f"Loaded {count} events in {time.monotonic() - began:.0f} s; {len(held)} more arrive one by one.")
        self._marker.write_text(json.dumps({"people": self._people, "seed": SEED}))
        while held:
            await self._submit([held.popleft()])
            await asyncio.sleep(LIVE_SECONDS)

    async def _submit(self, lines: list[bytes]) -> None:
        if not lines:
            return
        examiner = self._parts.examiner
        examined: list[Examined] = []
        for at, line in enumerate(lines):
            examined.append(examiner.examine(line.rstrip(b"\n"), SANDBOX_CREDENTIAL))
            if at % 200 == 199:
                await asyncio.sleep(0)
        while True:
            try:
                await self._parts.sequencer.submit(examined)
            except Overloaded as busy:
                await asyncio.sleep(busy.retry_after)
            except StoreUnavailable:
                await asyncio.sleep(1)
            else:
                return
