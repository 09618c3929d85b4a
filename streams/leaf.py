"""The leaf of a row: what the sequencer writes beside each entry, and what whoever checks the rows makes again."""

from __future__ import annotations

from typing import Any

from msgspec import Raw

from ledger.transparency.commitment import Committed, canonical_bytes, commitment, salt_of


def committed_row(row: tuple[Any, ...], data: bytes) -> Committed:
    """A row in the order of ``ENTRY_COLUMNS`` as its leaf knows it; ``data`` is its data opened."""
    return Committed(
        row[5],
        row[8],
        row[9],
        Raw(data),
        row[7],
        row[15],
        row[0],
        row[4],
        row[13],
        row[2],
        row[12],
        row[10],
        row[3],
        row[14],
        row[11],
        row[1],
    )


def commitment_of(row: tuple[Any, ...], data: bytes, salt_key: bytes) -> bytes:
    """The commitment to a row. ``salt_key``: of the stream's key, or of the ledger's own where ``key_id`` is None."""
    return commitment(salt_of(salt_key, row[0]), canonical_bytes(committed_row(row, data)))
