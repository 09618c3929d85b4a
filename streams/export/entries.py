"""The entries as lines of JSON, in the order of their positions, opened as far as their keys exist."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from ledger.catalogue import canonical
from ledger.entry import OpenEntry
from streams.durable import appearing
from streams.postgres.store import Store
from streams.subjects import Watch

FILE = "entries.ndjson"
PAGE = 5_000
_encode = msgspec.json.Encoder().encode


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    stream: str
    version: int
    type: str
    id: str
    source: str
    role: str
    time: datetime
    timeprecision: str
    recordedat: datetime
    admitted_at: datetime
    sequence: int
    data: msgspec.Raw | None
    """None: the person is erased, or the entry cannot be opened."""


async def write_entries(store: Store, file: Path, *, known_at: int, watch: Watch | None = None) -> int:
    """Write every entry up to a position; how many.

    :raises LedgerError: the file cannot be written.
    :raises StoreUnavailable: the database is away.
    """
    upto, after = min(known_at, (await store.head()).position), 0
    with appearing(file, private=True) as part, part.open("wb") as out:
        while after < upto:
            page = await store.read(after, PAGE, upto)
            opened = {one.position: one for one in (await store.open_entries(page)).entries}
            for entry in page:
                found: OpenEntry | None = opened.get(entry.position)
                data = None if found is None else msgspec.Raw(canonical(found.payload))
                line = _Line(
                    position=entry.position,
                    stream=entry.stream,
                    version=entry.version,
                    type=entry.type,
                    id=entry.id,
                    source=entry.source,
                    role=entry.role.value,
                    time=entry.time,
                    timeprecision=entry.time_precision,
                    recordedat=entry.recorded_at,
                    admitted_at=entry.admitted_at,
                    sequence=entry.sequence,
                    data=data,
                )
                out.write(_encode(line) + b"\n")
            after = page[-1].position
            if watch is not None:
                watch(after, upto)
    return upto
