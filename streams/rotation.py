"""A new master key: every stream key wrapped anew, every refused original sealed anew, and the old key retired.

No ledger runs meanwhile. The new key stands as ``master.next`` beside the old one until the last row is done; each row tells
by itself which of the two opens it, so a rotation that was cut off is finished by running it again. Then, in this order:
the database is told which key is its own, and the new file takes the old one's name. What never changes, the hashes of
entries, keeps the secret that it was made with (``lasting.key``), which opens nothing.

Afterwards the old key opens nothing in this database any more; copies of the database from before open with it alone.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

import asyncpg
import msgspec

from ledger.errors import DataFolderError, SealBroken
from ledger.sealing import NONCE_BYTES, unwrap, wrap
from streams.durable import sync_folder, write_durably
from streams.folder import LASTING_KEY, NEXT_KEY, DataFolder
from streams.keys import Keys
from streams.postgres.connection import connect, let_go, plainly
from streams.postgres.sql import sql
from streams.refusal_row import bound_to

BATCH = 1_000
_KEY_BYTES = 32
_REWRITTEN = ("ledger.stream_keys", "ledger.refusals")


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """What a rotation did, in this run."""

    keys: int
    """Stream keys wrapped anew."""
    refusals: int
    """Refused originals sealed anew."""
    resumed: bool
    """Whether it finished one that was cut off."""


async def rotate(folder: DataFolder, dsn: str, *, keep_old: Path | None = None, moved: Callable[[int], None] | None = None) -> Rotated:
    """Give the ledger of a locked folder a new master key. ``keep_old``: where to put the old one, for copies of before.

    :raises DataFolderError: the database is not the one of these keys, or a row opens with neither key.
    :raises StoreUnavailable: the database is away; run it again.
    :raises OSError: the folder of the keys cannot be written.
    """
    keys = folder.path / "keys"
    resumed = (keys / NEXT_KEY).exists()
    old = folder.keys
    connection = await connect(dsn)
    try:
        with plainly():
            check = await connection.fetchval(sql("key_check"))
            if check != old.check and not (resumed and check == _next(folder).check):
                raise DataFolderError(f"the database is not the one whose keys are in {keys}: nothing was changed")
            new = _made_next(folder)
            done = Rotated(keys=0, refusals=0, resumed=resumed)
            if check == old.check:
                wrapped = await _wrap_anew(connection, old, new, moved)
                sealed = await _seal_anew(connection, old, new)
                done = Rotated(keys=wrapped, refusals=sealed, resumed=resumed)
                await connection.execute(sql("set_key_check"), new.check)
            for table in _REWRITTEN:
                # Without this, what the old key opens would stay in the pages of the tables until they are written over.
                await connection.execute(f"VACUUM FULL {table}")
            with contextlib.suppress(asyncpg.InsufficientPrivilegeError):
                await connection.execute("CHECKPOINT")
    finally:
        await let_go(connection)
    if keep_old is not None:
        write_durably(keep_old, (keys / "master.key").read_bytes())
    (keys / NEXT_KEY).replace(keys / "master.key")
    sync_folder(keys)
    return done


def _next(folder: DataFolder) -> Keys:
    """The keys as they will be."""
    old = folder.keys
    return Keys((folder.path / "keys" / NEXT_KEY).read_bytes(), old.pseudonym, old.log, old.lasting)


def _made_next(folder: DataFolder) -> Keys:
    """The keys as they will be; what is needed to finish is on the disk before anything is changed."""
    keys, old = folder.path / "keys", folder.keys
    if not (keys / LASTING_KEY).exists():
        write_durably(keys / LASTING_KEY, old.lasting)
    if not (keys / NEXT_KEY).exists():
        write_durably(keys / NEXT_KEY, secrets.token_bytes(_KEY_BYTES))
    return _next(folder)


async def _wrap_anew(connection: asyncpg.Connection[asyncpg.Record], old: Keys, new: Keys, moved: Callable[[int], None] | None) -> int:
    after = done = 0
    while rows := await connection.fetch(sql("wrapped_keys"), after, BATCH):
        numbers, wrapped = [], []
        for row in rows:
            stream = row["stream"]
            try:
                unwrap(new.master, stream, row["wrapped"])
            except SealBroken:
                numbers.append(row["key_id"])
                wrapped.append(wrap(new.master, secrets.token_bytes(NONCE_BYTES), stream, _opened(old, stream, row["wrapped"])))
        if numbers:
            await connection.execute(sql("rewrap_keys"), numbers, wrapped)
        after, done = rows[-1]["key_id"], done + len(numbers)
        if moved is not None:
            moved(done)
    return done


async def _seal_anew(connection: asyncpg.Connection[asyncpg.Record], old: Keys, new: Keys) -> int:
    after = done = 0
    while rows := await connection.fetch(sql("sealed_refusals"), after, BATCH):
        numbers, sealed = [], []
        for row in rows:
            bound = bound_to(row["content"])
            try:
                new.refusals.open(row["raw"], bound)
            except SealBroken:
                numbers.append(row["number"])
                sealed.append(new.refusals.seal(secrets.token_bytes(NONCE_BYTES), old.refusals.open(row["raw"], bound), bound))
        if numbers:
            await connection.execute(sql("reseal_refusals"), numbers, sealed)
        after, done = rows[-1]["number"], done + len(numbers)
    return done


def _opened(old: Keys, stream: str, wrapped: bytes) -> bytes:
    try:
        return unwrap(old.master, stream, wrapped)
    except SealBroken as error:
        raise DataFolderError(f"the key of {stream} opens with neither master key: run ledger verify; nothing was retired") from error
