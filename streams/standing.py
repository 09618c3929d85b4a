"""How the ledger stands, as pages and the API tell it: the shapes that :class:`~streams.reading.Reader` answers."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ledger.quality import Gap, SourceState
from ledger.verdict import Message


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where the ledger stands, and what was answered since the beginning."""

    position: int
    admitted_at: datetime | None
    """When the last entry was admitted; None when there is none."""
    today: date
    """The default as-of date: in a sandbox the day of its last entry."""
    admitted: int
    duplicate: int
    refused: int
    open_refusals: int
    """Refused submissions that nobody mended yet."""
    persons: int
    """Persons with at least one entry, before merging."""


class StalledStream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream that a projection cannot digest."""

    projection: str
    stream: str
    position: int
    reason: str
    since: datetime
    tried_at: datetime
    attempts: int


class RebuildState(msgspec.Struct, frozen=True, kw_only=True):
    """A rebuild that was asked for."""

    number: int
    projection: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    done: int
    """Streams folded so far."""
    total: int
    error: str | None


class PartitionStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How far a view is in one partition of the entries on Kafka."""

    topic: str
    partition: int
    position: int
    """Every entry of the partition up to here is in the view."""
    lag: int | None
    """Entries of the partition that are not; None when nobody has looked yet."""
    worker: str | None
    """Who has the partition; None when nobody who is alive does."""


class ViewStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One view: which version of its rules, how far it is, what it cannot digest."""

    name: str
    label: Message
    version: int
    """Of the rules in the code; the live table may still be of an older one."""
    live_version: int | None
    """None when it was never built."""
    position: int
    lag: int
    """Entries between the view and the head."""
    as_of: date | None
    updated_at: datetime | None
    rows: int
    """As PostgreSQL last estimated it."""
    state: str
    """``live``, ``rebuilding`` or ``missing``."""
    stalled: int
    rebuilding: RebuildState | None = None
    partitions: tuple[PartitionStanding, ...] = ()
    """By partition, while workers keep the views."""


class ReasonCount(msgspec.Struct, frozen=True):
    """How often a reason was given."""

    code: str
    n: int


class SourceStanding(msgspec.Struct, frozen=True, kw_only=True):
    """The quality of one source since the beginning."""

    source: str
    role: str | None
    """As it published lately, else the only one that its organisation may publish as; None when neither is known."""
    admitted: int
    duplicate: int
    refused: int
    reasons: tuple[ReasonCount, ...]
    late: int
    """F01."""
    slow: int
    """C24: delivered later than the norm."""
    skew: int
    """F04."""
    corrections: int
    retractions: int
    missing: int
    """Sequence numbers that are missing below the highest one received."""
    gaps: tuple[Gap, ...]
    """The first of the gaps."""
    last_seen: datetime | None
    state: SourceState | None
    """All that is kept of it, by month."""


class RefusalCount(msgspec.Struct, frozen=True):
    """Open refusals of a source with a reason."""

    source: str | None
    """None when the submission could not prove its source."""
    code: str
    n: int


class FlowCount(msgspec.Struct, frozen=True, kw_only=True):
    """Live events of a type, in a month and a region."""

    month: str
    """``YYYY-MM``."""
    type: str
    region: str
    """``unknown`` when no residence is known on the day."""
    n: int


class StandingFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A live finding that stands on no person."""

    stream: str
    code: str
    severity: str
    clock: str | None
    rule: str | None
    position: int | None
    since: date
    case: str | None


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """An entry without its data."""

    position: int
    stream: str
    type: str
    """Short type."""
    source: str
    role: str
    time: datetime
    admitted_at: datetime


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A made-up person worth looking at, and why."""

    person: str
    entries: int
    reason: str
    """Short name of what can be seen there: ``breach``, ``corrected``, ``merged`` …"""
