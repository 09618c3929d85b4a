"""The digest of everything that the entries say, in position order: equal digests are equal ledgers, wherever they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence

import msgspec

from streams.postgres.appender import EntryRow
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store

PAGE = 5_000
_encode = msgspec.msgpack.Encoder().encode


class Content:
    """Digests rows as they come; :attr:`position` is that of the last."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.position = 0
        self.entries = 0

    def add(self, rows: Sequence[EntryRow]) -> None:
        """Take in the next rows, with all their columns."""
        self._hash.update(b"".join(map(_encode, rows)))
        self.entries += len(rows)
        if rows:
            self.position = rows[-1][0]

    @property
    def digest(self) -> str:
        """SHA-256 of all columns of all rows so far, in hexadecimal."""
        return self._hash.hexdigest()


async def stored_entries(store: Store, upto: int) -> AsyncIterator[list[EntryRow]]:
    """Pages of all that the database stores of the entries up to a position."""
    after = 0
    while after < upto:
        with plainly():
            rows = await store.pool.fetch(sql("read_whole"), after, upto, PAGE)
        if not rows:
            return
        yield [tuple(row) for row in rows]
        after = rows[-1]["position"]


async def digest_of(pages: AsyncIterator[list[EntryRow]]) -> Content:
    """The content of all pages."""
    content = Content()
    async for rows in pages:
        content.add(rows)
    return content
