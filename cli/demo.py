"""The demonstration: a simulated population is loaded at full speed, and its last events arrive live.

The simulator runs as a child process, so that simulating and admitting use two cores. Loading is idempotent: one that
was broken off begins anew, and what was admitted already is acknowledged as duplicate. The views fold what was loaded
meanwhile, and a line says when they are there.
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
LIVE_PER_PERSON = 10
"""At most so many of them per person, so that a small population is not all to come."""
LIVE_SECONDS = 0.4
VIEWS_SECONDS = 0.5
"""How often is looked whether the views are there."""
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
        began = time.monotonic()
        held = await self._load(began)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._views(began))
            group.create_task(self._trickle(held))

    async def _load(self, began: float) -> deque[bytes]:
        """Simulate and admit; the last events are kept back and answered."""
        held: deque[bytes] = deque()
        if self._marker.exists():
            known = json.loads(self._marker.read_text())
            if known.get("people") == self._people:
                self._say(f"The demonstration of {self._people} people is loaded already.")
                return held
        keep = min(LIVE_EVENTS, LIVE_PER_PERSON * self._people)
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
                if len(held) > keep:
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
        return held

    async def _trickle(self, held: deque[bytes]) -> None:
        while held:
            await self._submit([held.popleft()])
            await asyncio.sleep(LIVE_SECONDS)

    async def _views(self, began: float) -> None:
        """Say when the views hold all that was loaded; what arrives meanwhile is folded with it."""
        loaded = None
        while True:
            with contextlib.suppress(StoreUnavailable):
                if loaded is None:
                    loaded = (await self._parts.store.head()).position
                    behind = await self._behind(loaded)
                    if behind:
                        self._say(f"The views are {behind} events behind and catch up; pages show how far they are.")
                if not await self._behind(loaded):
                    break
            await asyncio.sleep(VIEWS_SECONDS)
        self._say(f"The views have caught up with the ledger after {time.monotonic() - began:.0f} s: every page tells all of it.")

    async def _behind(self, loaded: int) -> int:
        """How many of the entries up to a position the slowest view does not hold."""
        return max((max(0, loaded - one.position) for one in await self._parts.reader.views()), default=0)

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
