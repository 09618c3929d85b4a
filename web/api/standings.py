"""What the API answers about how the ledger and its views stand."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ledger.verdict import Message
from streams.standing import Heading
from streams.transport import TransportStanding


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Outcomes since the beginning."""

    admitted: int
    duplicate: int
    refused: int


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Events that wait for the sequencer."""

    waiting: int
    limit: int


class RebuildProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a rebuild is, in streams."""

    position: int
    of: int


class PartitionItem(msgspec.Struct, frozen=True, kw_only=True):
    """How far a view is in a partition of the entries on Kafka."""

    topic: str
    partition: int
    position: int
    lag: int | None
    """Entries that are not in the view yet; None when no worker has looked."""
    worker: str | None
    """Who has the partition, to the operator; None when nobody who is alive does."""


class ProjectionItem(msgspec.Struct, frozen=True, kw_only=True):
    """A view."""

    name: str
    version: int
    label: Message
    position: int
    lag: int
    as_of: date | None
    state: str
    rows: int | None
    """How many there are, as the database's statistics keep it; None for whoever may not read persons."""
    stalled: int
    rebuilding: RebuildProgress | None
    partitions: list[PartitionItem]
    """Empty while the ledger's own runner keeps the views."""


class StatusAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How the ledger stands."""

    mode: str
    version: str
    ledger: str
    """Its id."""
    position: int
    admitted_at: datetime | None
    today: date
    """The default as-of date."""
    started: datetime
    persons: int | None
    """None while they are fewer than ten, to whoever may not read persons."""
    open_refusals: int
    sequencer: str
    queue: Queue
    totals: Totals
    projections: list[ProjectionItem]
    transport: TransportStanding | None
    """What carries events beside HTTP; None without Kafka. Names and sentences are for the operator."""


class StatusChange(msgspec.Struct, frozen=True, kw_only=True):
    """How the ledger stands at one moment, for a page that moves along."""

    position: int
    admitted_at: datetime | None
    admitted: int
    duplicate: int
    refused: int
    open_refusals: int
    behind: int
    """Entries that the slowest view is behind."""
    recent: list[Heading]
    """The last entries without their data, newest first; empty for whoever may not read entries."""


class StalledItem(msgspec.Struct, frozen=True, kw_only=True):
    """A stream that a projection cannot digest; it is tried again by itself."""

    projection: str
    stream: str
    position: int
    reason: str
    since: datetime
    tried_at: datetime
    attempts: int


class ProjectionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every view and every stalled stream."""

    position: int
    projections: list[ProjectionItem]
    stalled: list[StalledItem]


class RebuildAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A rebuild that was asked for; its progress is in ``/api/projections``."""

    name: str
    number: int
    requested_at: datetime
