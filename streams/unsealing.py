"""Unsealing: the data of stored rows opened as bytes, with the reason where it does not open. For who checks, not for who reads."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ledger.errors import SealBroken
from ledger.sealing import StreamCipher, associated_data, unwrap
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.stored import Stored


class Unsealed(msgspec.Struct, frozen=True, gc=False):
    """The data of one row."""

    data: bytes | None
    """Canonical JSON; None when it cannot be opened."""
    key: bytes | None
    """The key of its stream; None when it is not sealed, or the key is destroyed."""
    fault: str = ""
    """Why it does not open, unless its key was destroyed as an erasure asks."""


class Unsealing:
    """Opens pages of rows. Keys are fetched page by page and not kept: a check of everything meets each stream many times over."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(self, rows: Sequence[Stored]) -> list[Unsealed]:
        """The data of each row, in order.

        :raises StoreUnavailable: the database is away.
        """
        wanted = {row.key_id for row in rows if row.key_id is not None}
        keys: dict[int, tuple[str, bytes | None] | str] = {}
        if wanted:
            with plainly():
                found = await self._store.pool.fetch(sql("keys_by_id"), sorted(wanted))
            for number, stream, wrapped in found:
                try:
                    keys[number] = (stream, None if wrapped is None else unwrap(self._store.keys.master, stream, wrapped))
                except SealBroken:
                    keys[number] = f"key {number} of {stream} in ledger.stream_keys does not open with the master key"
        return [_opened(row, keys) for row in rows]


def _opened(row: Stored, keys: dict[int, tuple[str, bytes | None] | str]) -> Unsealed:
    number = row.key_id
    if number is None:
        return Unsealed(row.data, None)
    found = keys.get(number)
    if found is None:
        return Unsealed(None, None, f"its key {number} is not in ledger.stream_keys")
    if isinstance(found, str):
        return Unsealed(None, None, found)
    stream, key = found
    if stream != row.stream:
        return Unsealed(None, None, f"its key {number} is that of another stream, {stream}")
    if key is None:
        return Unsealed(None, None)
    try:
        bound = associated_data(row.stream, row.type, row.source, row.id)
        return Unsealed(StreamCipher(key).open(row.data, bound), key)
    except SealBroken:
        return Unsealed(None, key, "its data does not open: a byte of it, its stream, type, source or id was changed")
