"""An event as it goes over the wire: a CloudEvent of the ledger's catalogue."""

from __future__ import annotations

import os
import time as clock
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Union
from uuid import UUID

import msgspec

Json = Union[None, bool, int, str, Sequence["Json"], Mapping[str, "Json"]]  # noqa: UP007  an alias that names itself
"""What a payload may hold. No floats: amounts are whole cents, shares whole basis points."""

_WIRE = {
    "recorded_at": "recordedat",
    "role": "publisherrole",
    "legal_basis": "grondslag",
    "time_precision": "timeprecision",
    "causation_id": "causationid",
    "correlation_id": "correlationid",
}
_encode = msgspec.json.Encoder().encode


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename=_WIRE, tag_field="specversion", tag="1.0"):
    """One event. Make it once (:meth:`create`), keep it (:meth:`to_json`) until its verdict came, and send that same event each time.

    The ledger knows an event by ``source`` and ``id``, and refuses another content under the same two.
    """

    id: str
    """A UUID, lower case; yours, made once."""
    source: str
    """The publishing system: ``urn:kbo:<10 digits>:<system>``."""
    type: str
    """Of the ledger's catalogue, e.g. ``be.inburgering.jobseeker.registered.v1``."""
    subject: str
    """The stream: ``persoon/<pseudonym>``, ``insz/<11 digits>``, ``werkgever/<kbo>`` …"""
    time: datetime
    """When it happened, with an offset."""
    recorded_at: datetime
    """When your own system recorded it, with an offset. On the wire ``recordedat``."""
    role: str
    """The role you publish in, as the ledger bound it to you. On the wire ``publisherrole``."""
    sequence: int
    """The number of the event in its source: 1, 2, 3 … without a gap."""
    data: msgspec.Raw
    """The payload, as JSON."""
    legal_basis: str | None = None
    """Asked of events about persons. On the wire ``grondslag``."""
    time_precision: str | None = None
    """``day`` when only the date is known; ``time`` is then midnight in Brussels."""
    causation_id: str | None = None
    correlation_id: str | None = None

    @classmethod
    def create(
        cls,
        *,
        source: str,
        type: str,
        subject: str,
        time: datetime,
        role: str,
        sequence: int,
        data: Mapping[str, Json],
        legal_basis: str | None = None,
        recorded_at: datetime | None = None,
        id: str | None = None,
        time_precision: str | None = None,
    ) -> Event:
        """A new event. Without ``id`` it gets a UUID of version 7, without ``recorded_at`` it was recorded now.

        :raises ValueError: a time has no offset.
        """
        recorded = recorded_at or datetime.now(UTC).replace(microsecond=0)
        for name, moment in (("time", time), ("recorded_at", recorded)):
            if moment.tzinfo is None:
                raise ValueError(f"{name} has no offset from UTC: give it one, for example tzinfo=ZoneInfo('Europe/Brussels')")
        return cls(
            id=id or new_id(),
            source=source,
            type=type,
            subject=subject,
            time=time,
            recorded_at=recorded,
            role=role,
            sequence=sequence,
            data=msgspec.Raw(_encode(data)),
            legal_basis=legal_basis,
            time_precision=time_precision,
        )

    def to_json(self) -> bytes:
        """The event in structured mode, on one line: what to keep, and what is sent."""
        return _encode(self)

    @classmethod
    def from_json(cls, kept: bytes | str) -> Event:
        """An event that was kept. ``ValueError`` when it is none."""
        try:
            return msgspec.json.decode(kept, type=cls)
        except msgspec.MsgspecError as error:
            raise ValueError(f"this is no event: {error}") from error


def new_id() -> str:
    """A UUID of version 7: the time in milliseconds, then random bits."""
    number = (clock.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    return str(UUID(int=(number & ~(0x3 << 62)) | (0x2 << 62)))
