"""What a leaf of the log is: an entry, hashed with a salt (design.md decision 9).

    salt key    HMAC-SHA256(key of the stream, "trajectory ledger: salt of commitments")
    salt        SHA-256(salt key ‖ position, 8 bytes, the highest first)
    commitment  SHA-256(salt ‖ the entry's canonical bytes)
    leaf hash   SHA-256(0x00 ‖ commitment)

The canonical bytes are RFC 8785 JSON of the entry with its data *opened*, so that whoever is shown an entry and its salt can check it
with nothing but JSON and SHA-256. Without the salt a commitment tells nothing, not even to somebody who guesses the entry. The salt
of one entry gives away no other. When the key of a person's stream is destroyed, so is every salt of the stream.

Streams that are not sealed have no key: their salts hang from a key of the ledger itself, as does that of the erasure (it stays
readable). An entry whose key was destroyed before it had a commitment is committed to as it is stored, sealed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

import msgspec

from ledger.entry import Entry

SALT_BYTES = 32
COMMITMENT_BYTES = 32

_sha256 = hashlib.sha256
_PURPOSE = b"trajectory ledger: salt of commitments"


class Committed(msgspec.Struct, frozen=True, gc=False):
    """An entry as its leaf knows it: members in the order of their names, as RFC 8785 asks. Times are UTC."""

    admitted_at: datetime
    causation_id: str | None
    correlation_id: str | None
    data: msgspec.Raw
    """Canonical JSON: the payload opened (or, see above, the sealed bytes as a string in base64)."""
    id: str
    legal_basis: str | None
    position: int
    recorded_at: datetime
    role: str
    sequence: int
    source: str
    stream: str
    time: datetime
    time_precision: str
    type: str
    """Full CloudEvents type."""
    version: int


_encode = msgspec.json.Encoder().encode


def committed(entry: Entry, data: bytes) -> Committed:
    """What the leaf of an entry is made from; ``data`` is its data opened."""
    return Committed(
        admitted_at=entry.admitted_at,
        causation_id=entry.causation_id,
        correlation_id=entry.correlation_id,
        data=msgspec.Raw(data),
        id=entry.id,
        legal_basis=entry.legal_basis,
        position=entry.position,
        recorded_at=entry.recorded_at,
        role=entry.role.value,
        sequence=entry.sequence,
        source=entry.source,
        stream=entry.stream,
        time=entry.time,
        time_precision=entry.time_precision,
        type=entry.type,
        version=entry.version,
    )


def canonical_bytes(entry: Committed) -> bytes:
    """The bytes that are hashed."""
    return _encode(entry)


def sealed_data(data: bytes) -> bytes:
    """The ``data`` of an entry that can no longer be opened: its sealed bytes as JSON."""
    return _encode(data)


def salt_key(stream_key: bytes) -> bytes:
    """What the salts of a stream hang from."""
    return hmac.digest(stream_key, _PURPOSE, "sha256")


def salt_of(key: bytes, position: int) -> bytes:
    """The salt of one entry; ``key`` is that of :func:`salt_key`."""
    return _sha256(key + position.to_bytes(8, "big")).digest()


def commitment(salt: bytes, canonical: bytes) -> bytes:
    """The commitment to an entry."""
    return _sha256(salt + canonical).digest()
