"""The list of erasures that outlives the database: in the folder of the keys, which no backup of the database brings back.

A backup that is older than an erasure still holds the person's key. So every erasure is written here too, with the event
that executed it and the streams that went. When a ledger starts on a database that does not know one of them, it is
executed again before anything is served (:mod:`streams.erasing`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from ledger.errors import DataFolderError

NAME = "erasures.ndjson"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure: nothing in it names a person but the pseudonym, which nobody can turn back."""

    position: int
    """Where it stood in the ledger that executed it first."""
    streams: tuple[str, ...]
    """Every stream whose key was destroyed, those that were merged with the person's included."""
    event: msgspec.Raw
    """The CloudEvent erasure.executed, to be admitted again."""


_decode = msgspec.json.Decoder(Listed).decode


class ErasureList:
    """The file. Lines are only ever added."""

    def __init__(self, keys: Path) -> None:
        self.file = keys / NAME

    def read(self) -> list[Listed]:
        """Every erasure, in the order in which it was written; none as long as there is no file.

        :raises DataFolderError: a line cannot be read. One that was cut off by a crash, at the end, is passed over.
        """
        try:
            lines = self.file.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise DataFolderError(f"{self.file} cannot be read: {error.strerror}; who is erased stands in it, mend that first") from error
        listed: list[Listed] = []
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                break
            try:
                listed.append(_decode(line))
            except msgspec.MsgspecError as error:
                raise DataFolderError(f"{self.file}:{number} is no erasure: restore the file from the backup of the keys") from error
        return listed

    def append(self, erasures: Iterable[Listed]) -> None:
        """Add erasures; they are on the disk when this returns. ``OSError`` when the file cannot be written."""
        added = b"".join(msgspec.json.encode(one) + b"\n" for one in erasures)
        if not added:
            return
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+b") as file:
            content = file.read()
            file.seek(content.rfind(b"\n") + 1)  # over a line that a crash cut off
            file.truncate()
            file.write(added)
            file.flush()
            os.fsync(file.fileno())
