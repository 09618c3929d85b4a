"""Submission: a CloudEvents 1.0 event as a publisher sent it, not yet believed (domain.md 0.1).

The happy path decodes the bytes once, straight into :class:`Submission`; ``data`` stays raw until its type is
known. Whatever does not fit is taken apart slowly by :mod:`ledger.diagnosis`, which names every fault.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ledger.codes.identity import LegalBasis
from ledger.codes.roles import Role
from ledger.fields import Uuid

MAX_EVENT_BYTES = 64 * 1024
"""The largest event that is admitted (design.md section 6)."""

Moment = Annotated[datetime.datetime, Meta(tz=True, description="RFC 3339 date and time with an offset")]
Source = Annotated[
    str,
    Meta(
        pattern="^urn:kbo:[0-9]{10}:[a-z0-9-]{2,20}$",
        extra={"kind": "source"},
        description="The publishing system: urn:kbo:<10 digits>:<system>",
    ),
]
Subject = Annotated[str, Meta(min_length=1, max_length=200, extra={"kind": "subject"}, description="The stream key")]
SequenceNumber = Annotated[int, Meta(ge=1, le=2**53 - 1, description="Gapless number of the event in its source, from 1")]
SequenceText = Annotated[str, Meta(pattern="^[1-9][0-9]{0,15}$", description="The same as digits, as binary mode carries it")]
TraceText = Annotated[str, Meta(max_length=512)]


class TimePrecision(StrEnum):
    """How precise ``time`` is: ``day`` means local midnight in Brussels."""

    SECOND = "second"
    DAY = "day"


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The envelope. Attribute names are those of the wire."""

    specversion: Literal["1.0"]
    id: Uuid
    source: Source
    type: Annotated[str, Meta(min_length=1, max_length=200)]
    subject: Subject
    time: Moment
    recordedat: Moment
    publisherrole: Role
    sequence: SequenceNumber | SequenceText
    data: msgspec.Raw
    timeprecision: TimePrecision = TimePrecision.SECOND
    grondslag: LegalBasis | None = None
    causationid: Uuid | None = None
    correlationid: Uuid | None = None
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Annotated[str, Meta(max_length=400)] | None = None
    admittedat: Moment | None = None
    """Sandbox only: when a simulated event reached the ledger."""
    traceparent: TraceText | None = None
    tracestate: TraceText | None = None
