"""What no copy of the entries can give back: stream keys, identities, erasures, credentials, refusals, checkpoints. In a file and back.

Everything secret in the file is sealed: stream keys by the master key, numbers and refused submissions by keys that hang from it.
The file and the folder ``keys`` open each other and belong under different hands.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ledger.errors import BadInput, UsageError
from streams.folder import Mode
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    AnyConnection = PoolConnectionProxy[Record]

FORMAT = "trajectory-ledger backup 1"
TABLES = (
    "ledger",
    "stream_keys",
    "identities",
    "erasures",
    "publishers",
    "refusals",
    "source_totals",
    "consumed_offsets",
    "undelivered",
    "checkpoints",
    "cosignatures",
)
_PAGE = 1_000


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the file: the first names the format, the last the number of rows, the others hold a row each."""

    of: str = ""
    row: msgspec.Raw = msgspec.Raw(b"null")
    format: str | None = None
    position: int | None = None
    rows: int | None = None


class _Ledger(msgspec.Struct):
    mode: Mode


_read = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.Encoder().encode


async def back_up(store: Store, out: Path) -> Mapping[str, int]:
    """Write the file, as of one moment; how many rows there are of each table. It appears under its name only when it is whole.

    :raises UsageError: the file cannot be written.
    :raises StoreUnavailable: the database is away.
    """
    counted: Counter[str] = Counter()
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, plainly():
            async with store.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
                position = await connection.fetchval(sql("head"), column=1)
                file.write(_encode(Line(format=FORMAT, position=position)) + b"\n")
                async for row in connection.cursor(sql("backup_tables"), prefetch=_PAGE):
                    counted[row["of"]] += 1
                    file.write(_encode(Line(of=row["of"], row=msgspec.Raw(row["row"].encode()))) + b"\n")
            file.write(_encode(Line(rows=counted.total())) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(out)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}; name another file with --out") from error
    finally:
        draft.unlink(missing_ok=True)
    return counted


async def bring_back(connection: AnyConnection, file: Path) -> Mapping[str, int]:
    """Read the file into empty tables, in the caller's transaction; how many rows there were of each table.

    :raises BadInput: it is no backup, of another version, or not whole.
    """
    counted: Counter[str] = Counter()
    page: list[bytes] = []
    of = ""
    for line in _lines(file):
        if line.of != of or len(page) >= _PAGE:
            await _insert(connection, of, page)
            of, page = line.of, []
        page.append(bytes(line.row))
        counted[of] += 1
    await _insert(connection, of, page)
    await connection.execute(sql("restore_numbers"))
    return counted


def mode_of(file: Path) -> Mode:
    """What kind of ledger the backup is of. ``BadInput`` as for :func:`bring_back`."""
    for line in _lines(file):
        if line.of == "ledger":
            return msgspec.json.decode(line.row, type=_Ledger).mode
    raise BadInput(f"{file} does not say what ledger it is of")


async def _insert(connection: AnyConnection, of: str, page: list[bytes]) -> None:
    if page:
        await connection.execute(sql(f"restore_{of}"), (b"[" + b",".join(page) + b"]").decode())


def _lines(file: Path) -> Iterator[Line]:
    """The rows, once the first line and, at the end, the last are what they should be."""
    seen = 0
    ended = False
    try:
        with file.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                line = _read(raw)
                if number == 1 and line.format != FORMAT:
                    raise BadInput(f"{file} is no backup that this version reads: its first line does not say {FORMAT!r}")
                if line.of:
                    if line.of not in TABLES:
                        raise BadInput(f"{file}:{number}: unknown table {line.of!r}: the backup is of another version of the ledger")
                    seen += 1
                    yield line
                elif line.rows is not None:
                    ended = line.rows == seen
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise BadInput(f"{file} is no backup of a ledger, or a line of it is cut off: {error}") from error
    if not ended:
        raise BadInput(f"{file} is not whole: it holds {seen} rows and does not end as a backup ends; take another one")
