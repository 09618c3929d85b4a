"""What carries events in and out of a running ledger beside HTTP, and how it stands: for pages, the API, measures and commands.

The web side knows a :class:`Transport` and not Kafka; without a cluster nothing carries, and it says so by None.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from ledger.verdict import Message


class PartStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a part of the transport stands."""

    name: str
    """``intake``, ``verdicts`` or ``relay``."""
    running: bool
    trouble: str | None
    """Why it does not run now, in an English sentence; None when nothing is wrong."""
    message: Message | None = None
    """The same in Dutch and English."""
    since: datetime | None
    """Since when something is wrong."""
    restarts: int
    """How often it was started again since the ledger started."""
    stuck: int
    """How often of these because it moved no more."""


class PublisherStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How far a partition of a publisher's topic is read, and what is owed to it."""

    publisher: str
    partition: int
    read: int
    """The offset of the next record to be read."""
    end: int | None
    """The offset after its last record, as last told; None while the cluster did not tell."""
    lag: int
    """Records that wait there."""
    undelivered: int
    """Verdicts that were given and not yet told."""
    trouble: str | None
    """Why this partition is not read, in an English sentence; None when it is."""
    message: Message | None = None
    """The same in Dutch and English."""


class TransportStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How the transport stands."""

    servers: str
    parts: tuple[PartStanding, ...]
    publishers: tuple[PublisherStanding, ...]
    lag: int
    """Records that wait in all submission topics."""
    undelivered: int
    """Verdicts that were given and not yet told, to all publishers."""
    relayed: int
    """Every entry up to this position is on Kafka."""
    relay_lag: int
    """Entries that are not there yet."""
    taken: int
    """Submissions taken in since the start."""
    delivered: int
    """Verdicts told since the start."""
    lost: int
    """Records that were gone from a topic before they were read, since the start."""

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong, a sentence each; none when all is well."""
        parts = [f"{part.name}: {part.trouble}" for part in self.parts if part.trouble is not None]
        return (*parts, *(f"{one.publisher}: {one.trouble}" for one in self.publishers if one.trouble is not None))


class Carrier(Protocol):
    """What carries: the Kafka side."""

    def parts(self) -> tuple[PartStanding, ...]:
        """How its parts stand; needs neither the cluster nor the database."""
        ...

    async def standing(self) -> TransportStanding:
        """How it stands. ``StoreUnavailable`` when the database is away."""
        ...

    async def reread(self, publisher: str) -> int:
        """Read a publisher's topic from its beginning; how many records it holds."""
        ...


class Transport:
    """The carrier of a running ledger, once there is one."""

    def __init__(self) -> None:
        self.carrier: Carrier | None = None

    def parts(self) -> tuple[PartStanding, ...]:
        """How its parts stand; none without a carrier."""
        return () if self.carrier is None else self.carrier.parts()

    async def standing(self) -> TransportStanding | None:
        """How it stands; None when nothing carries. ``StoreUnavailable`` when the database is away."""
        return None if self.carrier is None else await self.carrier.standing()
