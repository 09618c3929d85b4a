"""Waiting in tests: for a condition, with a limit that a busy machine does not reach, and never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

SECONDS = 60.0


async def until(asked: Callable[[], Awaitable[bool]], seconds: float = SECONDS) -> None:
    """Ask again and again until the answer is yes. ``TimeoutError`` when it stays no."""
    async with asyncio.timeout(seconds):
        while not await asked():  # noqa: ASYNC110  nothing tells that it came true
            await asyncio.sleep(0.05)


async def until_true(asked: Callable[[], bool], seconds: float = SECONDS) -> None:
    """The same for what is known at once."""
    async with asyncio.timeout(seconds):
        while not asked():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def wait_until(asked: Callable[[], bool], seconds: float = SECONDS) -> None:
    """The same where there is no event loop."""
    deadline = time.monotonic() + seconds
    while not asked():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not come true within {seconds:.0f} s")
        time.sleep(0.02)
