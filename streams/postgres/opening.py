"""Opening sealed entries in bulk: keys are fetched for many entries at once and remembered, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

import asyncpg
import msgspec
from msgspec.structs import astuple

from ledger.catalogue import Catalogue
from ledger.codes.roles import Role
from ledger.entry import Entry, OpenEntry
from ledger.errors import SealBroken
from ledger.sealing import StreamCipher, associated_data, unwrap
from ledger.verdict import StreamId
from streams.keys import Keys
from streams.postgres.connection import plainly
from streams.postgres.sql import sql

ERASURE = "erasure.executed"
"""The one type of a person stream that is never sealed: it must stay readable when the key is gone."""


_TYPE, _KEY_ID = 3, 15


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that were opened, and the streams of which some could not be."""

    entries: list[OpenEntry]
    """In the order in which they were read."""
    erased: frozenset[StreamId] = frozenset()
    """Streams whose key is destroyed: of these only the erasure itself is among the entries."""
    broken: dict[StreamId, str] = {}
    """Streams with an entry that does not open or is not what its type says, with the reason; that entry is left out."""


class Opener:
    """Opens entries for one reader. Keeps at most ``limit`` stream keys, the longest unused of them going first."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], *, keys: Keys, catalogue: Catalogue, limit: int) -> None:
        self._pool = pool
        self._keys = keys
        self._catalogue = catalogue
        self._types = catalogue.types
        self._erasures = frozenset(name for name, declared in catalogue.types.items() if declared.name == ERASURE)
        self._limit = limit
        self._held: dict[int, bytes | None] = {}
        """Key by number, least recently used first; None when it is destroyed."""

    def forget(self) -> None:
        """Drop every remembered key: one of them was destroyed."""
        self._held.clear()

    async def open(self, entries: Iterable[Entry]) -> Opened:
        """Open the entries and read their data as the newest version of its type.

        :raises StoreUnavailable: the database is away.
        """
        return await self.open_rows(cast("Sequence[asyncpg.Record]", [astuple(entry) for entry in entries]))

    async def open_rows(self, rows: Sequence[asyncpg.Record]) -> Opened:
        """The same for rows of the ``read…`` statements, whose columns stand in the order of an Entry's fields."""
        if any(row[_TYPE] in self._erasures for row in rows):
            self.forget()
        keys = await self._load({row[_KEY_ID] for row in rows})
        opened: list[OpenEntry] = []
        erased: set[StreamId] = set()
        broken: dict[StreamId, str] = {}
        types = self._types
        cipher, cipher_id = None, None
        for (
            position,
            stream,
            version,
            type_,
            id_,
            source,
            role,
            time,
            precision,
            recorded_at,
            admitted_at,
            sequence,
            _,
            _,
            _,
            key_id,
            data,
        ) in rows:
            try:
                if key_id is not None:
                    # The entries of one stream come together when streams are read: one cipher serves them all.
                    if key_id != cipher_id:
                        key = keys[key_id]
                        cipher, cipher_id = None if key is None else StreamCipher(key), key_id
                    if cipher is None:
                        erased.add(stream)
                        continue
                    data = cipher.open(data, associated_data(stream, type_, source, id_))
                declared = types[type_]
                payload = declared.decode(data) if declared.upcast is None else self._catalogue.read(type_, data)
                opened.append(
                    OpenEntry(
                        position=position,
                        stream=stream,
                        version=version,
                        type=declared.name,
                        id=id_,
                        source=source,
                        role=_ROLES[role],
                        time=time,
                        time_precision=precision,
                        recorded_at=recorded_at,
                        admitted_at=admitted_at,
                        sequence=sequence,
                        payload=payload,
                    )
                )
            except SealBroken as error:
                broken[stream] = f"entry {position}: {error}"
            except KeyError:
                what = f"its key {key_id} is not in the ledger" if type_ in types else f"this version of the ledger does not know {type_}"
                broken[stream] = f"entry {position}: {what}"
            except msgspec.MsgspecError as error:
                broken[stream] = f"entry {position}: its data is no {type_}: {error}"
        return Opened(entries=opened, erased=frozenset(erased), broken=broken)

    async def _load(self, wanted: set[int | None]) -> dict[int, bytes | None]:
        """The wanted keys. Those that nobody stored are absent."""
        held = self._held
        loaded: dict[int, bytes | None] = {}
        missing = []
        for number in wanted:
            if number is None:
                continue
            try:
                key = loaded[number] = held.pop(number)
                held[number] = key
            except KeyError:
                missing.append(number)
        if missing:
            with plainly():
                found = await self._pool.fetch(sql("keys_by_id"), missing)
            for number, stream, wrapped in found:
                loaded[number] = held[number] = None if wrapped is None else unwrap(self._keys.master, stream, wrapped)
            surplus = max(0, len(held) - self._limit)
            for number in [number for number, _ in zip(held, range(surplus), strict=False)]:
                del held[number]
        return loaded


_ROLES = {role.value: role for role in Role}


def entries_of(rows: Iterable[asyncpg.Record]) -> list[Entry]:
    """Rows of the ``read…`` statements as entries."""
    return [
        Entry(
            position=position,
            stream=stream,
            version=version,
            type=type_,
            id=id_,
            source=source,
            role=_ROLES[role],
            time=time,
            time_precision=precision,
            recorded_at=recorded_at,
            admitted_at=admitted_at,
            sequence=sequence,
            legal_basis=basis,
            causation_id=causation,
            correlation_id=correlation,
            key_id=key_id,
            data=data,
        )
        for (
            position,
            stream,
            version,
            type_,
            id_,
            source,
            role,
            time,
            precision,
            recorded_at,
            admitted_at,
            sequence,
            basis,
            causation,
            correlation,
            key_id,
            data,
        ) in rows
    ]
