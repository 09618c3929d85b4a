"""Opening sealed entries in bulk: keys are fetched for many entries at once and remembered, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import asyncpg
import msgspec

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
        self._limit = limit
        self._held: dict[int, bytes | None] = {}
        """Key by number, least recently used first; None when it is destroyed."""

    def forget(self) -> None:
        """Drop every remembered key: one of them was destroyed."""
        self._held.clear()

    async def open(self, entries: Sequence[Entry]) -> Opened:
        """Open the entries and read their data as the newest version of its type.

        :raises StoreUnavailable: the database is away.
        """
        if any(ERASURE in entry.type for entry in entries):
            self.forget()
        held = await self._load({entry.key_id for entry in entries if entry.key_id is not None})
        opened: list[OpenEntry] = []
        erased: set[StreamId] = set()
        broken: dict[StreamId, str] = {}
        types, read = self._catalogue.types, self._catalogue.read
        for entry in entries:
            try:
                data = entry.data
                if entry.key_id is not None:
                    key = held[entry.key_id]
                    if key is None:
                        erased.add(entry.stream)
                        continue
                    data = StreamCipher(key).open(data, associated_data(entry.stream, entry.type, entry.source, entry.id))
                opened.append(
                    OpenEntry(
                        position=entry.position,
                        stream=entry.stream,
                        version=entry.version,
                        type=types[entry.type].name,
                        id=entry.id,
                        source=entry.source,
                        role=entry.role,
                        time=entry.time,
                        time_precision=entry.time_precision,
                        recorded_at=entry.recorded_at,
                        admitted_at=entry.admitted_at,
                        sequence=entry.sequence,
                        payload=read(entry.type, data),
                    )
                )
            except SealBroken as error:
                broken[entry.stream] = f"entry {entry.position}: {error}"
            except KeyError:
                broken[entry.stream] = f"entry {entry.position}: {_missing(entry, held, types)}"
            except msgspec.MsgspecError as error:
                broken[entry.stream] = f"entry {entry.position}: its data is no {entry.type}: {error}"
        return Opened(entries=opened, erased=frozenset(erased), broken=broken)

    async def _load(self, wanted: set[int]) -> dict[int, bytes | None]:
        """The wanted keys. Those that nobody stored are absent."""
        held = self._held
        loaded: dict[int, bytes | None] = {}
        missing = []
        for number in wanted:
            try:
                key = loaded[number] = held.pop(number)
                held[number] = key
            except KeyError:
                missing.append(number)
        if missing:
            with plainly():
                rows = await self._pool.fetch(sql("keys_by_id"), missing)
            for number, stream, wrapped in rows:
                loaded[number] = held[number] = None if wrapped is None else unwrap(self._keys.master, stream, wrapped)
            for number in _excess(held, self._limit):
                del held[number]
        return loaded


def _excess(held: dict[int, bytes | None], limit: int) -> list[int]:
    surplus = len(held) - limit
    return [number for number, _ in zip(held, range(surplus), strict=False)] if surplus > 0 else []


def _missing(entry: Entry, held: dict[int, bytes | None], types: object) -> str:
    if entry.key_id is not None and entry.key_id not in held:
        return f"its key {entry.key_id} is not in the ledger"
    return f"this version of the ledger does not know the type {entry.type}"


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
