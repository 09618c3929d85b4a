"""Commands that read the store themselves record that they do, as the web does: before anything is read."""

from __future__ import annotations

import getpass

from ledger.access import SANDBOX_PURPOSE, Channel, Read, ReadKind, ReadOutcome, ReadPurpose, WhyRefused
from ledger.errors import UsageError
from streams.folder import Mode
from streams.wiring import Reading


async def recorded(parts: Reading, kind: ReadKind, purpose: str | None, *, stream: str | None = None, asked: str = "") -> ReadPurpose:
    """Write to the access log that the user of this machine opens this, and what for.

    :raises UsageError: an ordinary ledger, and no purpose or one that is none; that is recorded too.
    :raises StoreUnavailable: it cannot be recorded, so nothing is read.
    """
    chosen = next((one for one in ReadPurpose if one.value == purpose), None)
    if purpose is None and parts.ledger.mode is Mode.SANDBOX:
        chosen = SANDBOX_PURPOSE
    read = Read(
        kind=kind,
        channel=Channel.COMMAND,
        reader=f"user:{_user()}",
        right="machine",
        purpose=chosen,
        stream=stream,
        asked=asked,
        outcome=ReadOutcome.GRANTED if chosen is not None else ReadOutcome.REFUSED,
        why=None if chosen is not None else WhyRefused.NO_PURPOSE,
    )
    await parts.access.record(read)
    if chosen is None:
        listed = ", ".join(ReadPurpose)
        said = "say what data of persons is opened for" if purpose is None else f"--purpose {purpose}: no such purpose"
        raise UsageError(f"{said}: --purpose with one of {listed}; it is written to the access log")
    return chosen


def _user() -> str:
    try:
        return getpass.getuser()[:60]
    except (OSError, KeyError, ImportError):  # a user without a name
        return "unknown"
