"""How long something is tried again, and how long to wait in between."""

from __future__ import annotations

import asyncio
import random
import time
from email.utils import parsedate_to_datetime

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0


class Patience:
    """The time that is left for one request, and the pauses between its attempts: doubled each time, never all publishers at once."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._pause = FIRST_PAUSE

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._until - time.monotonic())

    async def pause(self, at_least: float = 0.0) -> bool:
        """Wait before the next attempt, ``at_least`` as long as the ledger asked for. False, at once, when that is more than is left."""
        seconds = max(at_least, self._pause * random.uniform(0.5, 1.0))  # noqa: S311  spreads load, guards nothing
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if seconds > self.left:
            return False
        await asyncio.sleep(seconds)
        return True


def retry_after(said: str | None) -> float:
    """Seconds that a ``Retry-After`` asks for, which is a number or a date; 0 when it asks for nothing that can be read."""
    if not said:
        return 0.0
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return 0.0
