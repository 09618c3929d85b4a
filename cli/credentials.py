"""``--as``: the token to publish with.

A publisher's token is shown once, when it is created or rotated. It may be kept in a file of one line, named with
``--as FILE``, or under a name in the data folder (``ledger publishers create NAME … --keep``), named with ``--as NAME``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from cli.client import Place
from ledger.errors import UsageError

FOLDER = "tokens"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TOKEN = re.compile(r"[\x21-\x7e]{16,512}")


def speaking_as(publisher: str | None, place: Place, data: Path) -> Place:
    """The same place with the token of a publisher: a token file, or a name kept in the data folder.

    In a sandbox a name without a token is fine: anybody publishes there, for every source.

    :raises UsageError: no token is found under the name, or the file holds none.
    """
    if publisher is None:
        return place
    for file in (Path(publisher), data / FOLDER / publisher):
        if file.is_file():
            return msgspec.structs.replace(place, token=_read(file))
    if place.sandbox:
        return place
    raise UsageError(
        f"--as {publisher}: neither a token file nor a name kept in {data / FOLDER}; "
        f"'ledger publishers create' makes a token, --keep keeps it under its name"
    )


def keep(data: Path, name: str, token: str) -> Path:
    """Keep a token under a name in the data folder, readable by its owner alone.

    :raises UsageError: the name cannot be a file name, or the folder cannot be written.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"the token of {name!r} cannot be kept under that name: use letters, digits, dots, dashes and underscores")
    file = data / FOLDER / name
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(token + "\n")
    except OSError as error:
        raise UsageError(f"the token cannot be kept in {file}: {error.strerror}; it is shown here once: {token}") from error
    return file


def _read(file: Path) -> str:
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--as {file}: no token can be read from it ({error}); it holds one line, the token") from error
    if not _TOKEN.fullmatch(token):
        raise UsageError(f"--as {file}: it does not hold a token; it holds one line, the token that 'ledger publishers create' showed")
    return token
