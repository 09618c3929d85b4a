"""What the API answers: one Struct per answer. Keys that design.md names keep their names and meanings for ever."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ledger.verdict import Message


class EntryItem(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the ledger, its data opened as far as it may be."""

    position: int
    stream: str
    version: int
    type: str
    id: str
    source: str
    role: str
    time: datetime
    timeprecision: str
    recordedat: datetime
    admitted_at: datetime
    sequence: int
    grondslag: str | None
    causationid: str | None
    correlationid: str | None
    state: str
    """``open``; ``erased`` when the key is destroyed; ``restricted`` for discrimination signals; ``broken`` when it does not open."""
    data: msgspec.Raw
    """The payload; null unless the state is open."""


class EntriesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of entries in position order."""

    entries: list[EntryItem]
    next: int | None
    """Give it as ``after`` for the next page; None at the head."""
    position: int
    """The head."""


class RefusalRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A refused submission that is kept."""

    refusal: int
    id: str | None
    source: str | None
    type: str | None
    subject: str | None
    """The stream it was meant for; a number that names a person is not shown."""
    code: str
    rule: str | None
    pointer: str
    message: Message
    received_at: datetime
    last_seen_at: datetime
    times_seen: int
    state: str
    resubmitted_as: int | None


class RefusalsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of refusals, by number."""

    refusals: list[RefusalRecord]
    next: int | None


class RefusalAnswer(RefusalRecord, frozen=True, kw_only=True):
    """A refused submission with its original."""

    event: msgspec.Raw
    """The original as JSON, an INSZ in it masked; null when it is no JSON or its person is erased."""
    raw: str | None
    """The original as text when it is no JSON, masked likewise."""


class FindingItem(msgspec.Struct, frozen=True, kw_only=True):
    """A live finding that stands on no person."""

    stream: str
    code: str
    severity: str
    clock: str | None
    rule: str | None
    position: int | None
    since: date
    case: str | None
    label: Message
    mend: Message


class FindingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Live findings on editions, employers, publishers and policy."""

    position: int
    as_of: date | None
    findings: list[FindingItem]


class FlowItem(msgspec.Struct, frozen=True, kw_only=True):
    """Live events; ``n`` is None where the count is hidden."""

    month: str | None
    type: str | None
    region: str | None
    n: int | None
    hidden: bool


class FlowsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Flows by the asked dimension, small counts protected."""

    position: int
    as_of: date | None
    by: str
    rows: list[FlowItem]
    total: int | None


class PublisherItem(msgspec.Struct, frozen=True, kw_only=True):
    """A credential, without its token."""

    name: str
    right: str
    """``publisher``, ``auditor`` or ``operator``."""
    org: str | None
    role: str | None
    authority: str | None
    created: datetime
    rotated: datetime | None
    revoked: datetime | None
    grace_until: datetime | None


class SourceItem(msgspec.Struct, frozen=True, kw_only=True):
    """The quality of a source. Counts of 1 to 4 are None for whoever may not read entries."""

    source: str
    role: str | None
    admitted: int | None
    duplicate: int | None
    refused: int | None
    late: int | None
    slow: int | None
    skew: int | None
    corrections: int | None
    retractions: int | None
    missing: int
    reasons: dict[str, int | None]
    last_seen: datetime | None


class PublishersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The quality of every source, and for the operator the credentials."""

    sources: list[SourceItem]
    publishers: list[PublisherItem]


class NewPublisher(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A credential to make: a publisher's has an organisation and a role, an auditor's or operator's neither."""

    name: str
    right: str = "publisher"
    org: str | None = None
    role: str | None = None
    authority: str | None = None


class IssuedAnswer(PublisherItem, frozen=True, kw_only=True):
    """A new token. It is shown this once."""

    token: str
