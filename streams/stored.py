"""An entry exactly as the database and Kafka keep it, with names for its columns: for whoever lays copies side by side."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ledger.content_digest import content_digest
from streams.postgres.appender import ENTRY_COLUMNS


class Stored(NamedTuple):
    """One row, column by column."""

    position: int
    version: int
    sequence: int
    time: datetime
    recorded_at: datetime
    admitted_at: datetime
    key_id: int | None
    id: str
    causation_id: str | None
    correlation_id: str | None
    stream: str
    type: str
    """Full CloudEvents type."""
    source: str
    role: str
    time_precision: str
    legal_basis: str | None
    digest: bytes
    data: bytes
    """Sealed when ``key_id`` is set."""
    commitment: bytes | None
    """The leaf of the tree; None when nobody gave it one."""


def digest_of(row: Stored, key: bytes, data: bytes) -> bytes:
    """What :attr:`Stored.digest` must be, of the row with its data opened; ``key`` is the ledger's."""
    return content_digest(
        key,
        row.source,
        row.id,
        row.type,
        row.stream,
        row.time,
        row.time_precision,
        row.recorded_at,
        row.role,
        row.sequence,
        row.legal_basis,
        row.causation_id,
        row.correlation_id,
        data,
    )


if Stored._fields != ENTRY_COLUMNS:
    raise RuntimeError("the columns of an entry are others: name them here anew")
