"""The immutable record of the ledger, sealed as it is stored and opened as it is read.

:class:`Entry` is what the store and the relay carry: its ``data`` may be sealed. :class:`OpenEntry` is the same
record with its data opened and read as the newest version of its type; histories are made of these.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ledger.catalogue import Payload
from ledger.codes.roles import Role
from ledger.time import local_date
from ledger.verdict import Position, StreamId


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One admitted event. ``time``, ``recorded_at`` and ``admitted_at`` are UTC datetimes."""

    position: Position
    stream: StreamId
    version: int
    """Place in its stream: 1, 2, 3 … without a gap."""
    type: str
    """Full CloudEvents type, e.g. ``be.inburgering.contract.signed.v1``."""
    id: str
    source: str
    role: Role
    time: datetime
    time_precision: str
    """``second`` or ``day``; with ``day`` the time is local midnight."""
    recorded_at: datetime
    admitted_at: datetime
    sequence: int
    legal_basis: str | None
    causation_id: str | None
    correlation_id: str | None
    key_id: int | None
    """The key that seals ``data``; None when the stream is not sealed."""
    data: bytes
    """Canonical JSON of the payload, sealed with AES-256-GCM when ``key_id`` is set."""

    @property
    def publisher(self) -> str:
        """KBO number of the publishing organisation."""
        return self.source[8:18]


class OpenEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with its data opened: the unit that histories, clocks and findings reason about."""

    position: Position
    stream: StreamId
    version: int
    type: str
    """Short type, e.g. ``contract.signed``."""
    id: str
    source: str
    role: Role
    time: datetime
    time_precision: str
    recorded_at: datetime
    admitted_at: datetime
    sequence: int
    payload: Payload

    @property
    def local_date(self) -> date:
        """The calendar date in Brussels on which it happened."""
        return local_date(self.time)

    @property
    def publisher(self) -> str:
        """KBO number of the publishing organisation."""
        return self.source[8:18]
