"""The event that erases a person, as it is handed to admission."""

from __future__ import annotations

import uuid

import msgspec

from ledger.catalogue import TYPE_PREFIX
from ledger.codes.identity import LegalBasis
from ledger.codes.roles import Role

ERASURE = "erasure.executed"


def erasure_event(
    *,
    id: str,
    source: str,
    subject: str,
    time: str,
    recordedat: str,
    sequence: int,
    data: bytes,
    timeprecision: str = "second",
    grondslag: str | None = LegalBasis.LEGAL_OBLIGATION.value,
    causationid: str | None = None,
    correlationid: str | None = None,
    admittedat: str | None = None,
) -> bytes:
    """The CloudEvent ``erasure.executed`` in structured JSON; ``data`` is its payload as JSON."""
    said: dict[str, str | int | msgspec.Raw | None] = {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": f"{TYPE_PREFIX}{ERASURE}.v1",
        "subject": subject,
        "time": time,
        "timeprecision": timeprecision,
        "recordedat": recordedat,
        "publisherrole": Role.LEDGER_OPERATOR.value,
        "sequence": sequence,
        "grondslag": grondslag,
        "causationid": causationid,
        "correlationid": correlationid,
        "admittedat": admittedat,
        "data": msgspec.Raw(data),
    }
    return msgspec.json.encode({name: value for name, value in said.items() if value is not None})


def for_stream(event: msgspec.Raw, stream: str) -> bytes:
    """The same erasure on another stream of the person, which an older database does not know to be united with the first."""
    said = msgspec.json.decode(event, type=dict[str, msgspec.Raw])
    first = msgspec.json.decode(said["id"], type=str)
    said["id"] = msgspec.Raw(msgspec.json.encode(str(uuid.uuid5(uuid.UUID(first), stream))))
    said["subject"] = msgspec.Raw(msgspec.json.encode(stream))
    return msgspec.json.encode(said)
