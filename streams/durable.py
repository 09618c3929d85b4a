"""Files that are there whole or not at all, whenever the power goes or the process is killed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from ledger.errors import LedgerError


def draft_of(file: Path) -> Path:
    """Where a file is written before it takes its name: what a kill leaves there is written over the next time."""
    return file.with_name(f".{file.name}.draft")


def write_durably(file: Path, content: bytes) -> None:
    """Write or replace a file that its owner alone may read; it is on the disk, under its name, when this returns.

    :raises OSError: it cannot be written; what was there before is there still.
    """
    draft = draft_of(file)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def appearing(file: Path, *, private: bool) -> Iterator[Path]:
    """Where to write a file that somebody asked for: it takes its name when the block is left well, and else nothing stays.

    ``private``: it holds what is of persons, so its owner alone may read it.

    :raises LedgerError: it cannot be written.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.unlink(missing_ok=True)
        draft.touch(0o600 if private else 0o666)
        yield draft
        draft.replace(file)
    except OSError as error:
        raise LedgerError(f"{file} cannot be written: {error.strerror}; name another place with --out") from error
    finally:
        draft.unlink(missing_ok=True)
