"""The keyed hash of what an event says: equal for a redelivery, different for another event under the same id."""

from __future__ import annotations

import hashlib
from datetime import datetime


def content_digest(
    key: bytes,
    source: str,
    id: str,
    full_type: str,
    stream: str,
    time: datetime,
    time_precision: str,
    recorded_at: datetime,
    role: str,
    sequence: int,
    legal_basis: str | None,
    causation_id: str | None,
    correlation_id: str | None,
    data: bytes,
) -> bytes:
    """32 bytes. Times are UTC; ``data`` is the canonical JSON of the payload. Neither ``admitted_at`` nor tracing counts."""
    head = (
        source,
        id,
        full_type,
        stream,
        time.isoformat(),
        time_precision,
        recorded_at.isoformat(),
        role,
        str(sequence),
        legal_basis or "",
        causation_id or "",
        correlation_id or "",
    )
    return hashlib.blake2b("\x1f".join(head).encode() + b"\x1e" + data, key=key, digest_size=32).digest()
