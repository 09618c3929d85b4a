"""Following the ledger: being told when its head moves, without asking all the time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import asyncpg

from ledger.errors import StoreUnavailable
from ledger.verdict import Position
from streams.postgres.connection import connect, let_go, plainly
from streams.postgres.sql import sql

CHANNEL = "ledger_entries"


class Following:
    """Listens on a connection of its own. It may wake for nothing, but an entry never waits for the next one to be noticed."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._moved = asyncio.Event()
        self._head = 0

    async def __aenter__(self) -> Following:
        try:
            await self._listen()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            await let_go(self._connection)

    async def wait(self, timeout: float) -> Position:  # noqa: ASYNC109  a poll: it answers when the time is up
        """The head, as soon as it moved since the last call or when ``timeout`` seconds are over.

        :raises StoreUnavailable: the database is away; the next call tries to reach it again.
        """
        if self._connection is None or self._connection.is_closed():
            await self._listen()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._moved.wait()
        self._moved.clear()
        if self._connection is None or self._connection.is_closed():
            raise StoreUnavailable("the database went away while following the ledger; try again when it is back")
        return Position(self._head)

    async def _listen(self) -> None:
        if self._connection is not None:
            await let_go(self._connection)
        connection = self._connection = await connect(self._dsn)
        with plainly():
            connection.add_termination_listener(lambda _: self._moved.set())
            await connection.add_listener(CHANNEL, self._told)
            row = await connection.fetchrow(sql("head"))
        if row is not None and row["position"] > self._head:
            self._head = row["position"]
            self._moved.set()

    def _told(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._head = max(self._head, int(str(payload)))
        self._moved.set()
