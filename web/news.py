"""News of the ledger's head, shared by everybody who watches: one listening connection, however many watchers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

from ledger.errors import StoreUnavailable
from streams.postgres.store import Store
from web.problem import ProblemError, ProblemKind

LOG = logging.getLogger("ledger.web.news")
MOST_WATCHERS = 100
"""Streams of server-sent events that are open at the same time."""
HEARTBEAT_SECONDS = 15.0
"""After how long a silent stream says that it is still there."""
_LISTEN_SECONDS = 10.0
_PAUSE_SECONDS = 1.0


class News:
    """The head as the web server knows it. Start it once; any number of tasks may wait on it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._head = 0
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._watchers = 0

    async def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen(), name="news")

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def beyond(self, position: int, timeout: float) -> bool:  # noqa: ASYNC109  answers when the time is up
        """Wait until the head is beyond a position; False when it is not within ``timeout`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._head <= position:
                    await self._moved.wait()
        return self._head > position

    def must_have_room(self) -> None:
        """Answer 429 when as many watch as may."""
        if self._watchers >= MOST_WATCHERS:
            raise ProblemError(
                ProblemKind.OVERLOADED,
                "te veel volgers tegelijk: probeer het straks opnieuw",
                "too many watchers: try again shortly",
                retry_after=10,
            )

    async def watched(self, told: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """A stream of server-sent events, counted while it is open."""
        self._watchers += 1
        try:
            yield b"retry: 2000\n\n"
            async for chunk in told:
                yield chunk
        finally:
            self._watchers -= 1

    async def _listen(self) -> None:
        while True:
            try:
                async with self._store.follow() as following:
                    while True:
                        head = await following.wait(_LISTEN_SECONDS)
                        if head > self._head:
                            self._head = head
                            moved, self._moved = self._moved, asyncio.Event()
                            moved.set()
            except StoreUnavailable:
                LOG.warning("the database is away; listening again when it is back")
                await asyncio.sleep(_PAUSE_SECONDS)
