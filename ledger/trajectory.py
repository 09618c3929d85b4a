"""A person's trajectory as an aggregate of the ``eventsourcing`` library: the entries of one stream, folded in order.

Every entry of a stream is one :class:`Trajectory.Recorded` event, whatever its type, so a stock ``eventsourcing`` Application
that points at the ledger reconstructs a trajectory from it. The aggregate decides nothing and raises no events of its own:
publishers are admitted by the sequencer. Its version is the number of entries; it was modified when the last was admitted.

One aggregate is one pseudonym. What two pseudonyms of one person tell together is a matter of histories and links.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from eventsourcing.domain import Aggregate, OriginatorIDError, OriginatorVersionError

from ledger.entry import OpenEntry
from ledger.events.contract import ContractSigned
from ledger.events.vdab import JobseekerRegistered
from ledger.history import Fact, History, history
from ledger.merge import Links
from ledger.verdict import Position, StreamId

if TYPE_CHECKING:
    from eventsourcing.domain import MutableOrImmutableAggregate

PERSON_PREFIX = "persoon/"


class Trajectory(Aggregate):
    """The entries of one person stream that were folded so far. Compare histories, not trajectories, for what they mean."""

    entries: list[OpenEntry]
    """In order of version; corrections and retractions stand among them and are applied by :meth:`history`."""

    @dataclass(frozen=True)
    class Recorded(Aggregate.Event):
        """One entry of the stream. ``timestamp`` is when it was admitted."""

        entry: OpenEntry

        @classmethod
        def of(cls, entry: OpenEntry) -> Trajectory.Recorded:
            """The event of an entry; ``ValueError`` when the entry stands in no person stream."""
            return cls(originator_id=person_of(entry.stream), originator_version=entry.version, timestamp=entry.admitted_at, entry=entry)

        def mutate(self, aggregate: Any) -> Any:
            """Begin the trajectory with version 1, of any type, or take in the next entry."""
            if aggregate is not None:
                return super().mutate(aggregate)
            if self.originator_version != Aggregate.INITIAL_VERSION:
                raise OriginatorVersionError(self.originator_version, Aggregate.INITIAL_VERSION)
            begun = Trajectory.__new__(Trajectory)
            begun.__base_init__(self.originator_id, self.originator_version, self.timestamp)
            begun.entries = []
            self.apply(begun)
            return begun

        def apply(self, aggregate: Any) -> None:
            if person_of(self.entry.stream) != aggregate.id:
                raise OriginatorIDError(person_of(self.entry.stream), aggregate.id)
            cast("Trajectory", aggregate).entries.append(self.entry)

    @property
    def stream(self) -> StreamId:
        """The stream that it was folded from."""
        return StreamId(f"{PERSON_PREFIX}{self.id}")

    @property
    def position(self) -> Position:
        """The position of the last entry."""
        return self.entries[-1].position

    @property
    def last_date(self) -> date:
        """The latest local date on which something happened, by the entries as they were sent."""
        return max(entry.local_date for entry in self.entries)

    def history(self, as_of: date | None = None, known_at: int | None = None) -> History:
        """What counts as of a date (by default the last), as known at a position, of this stream alone: links are left out."""
        return history(self.entries, key=self.stream, as_of=as_of or self.last_date, known_at=known_at, links=Links())

    def contracts(self, as_of: date | None = None) -> tuple[Fact[ContractSigned], ...]:
        """The contracts signed, amendments included."""
        return tuple(self.history(as_of).of(ContractSigned))

    def registrations(self, as_of: date | None = None) -> tuple[Fact[JobseekerRegistered], ...]:
        """The registrations as a jobseeker."""
        return tuple(self.history(as_of).of(JobseekerRegistered))

    def __repr__(self) -> str:
        return f"Trajectory({self.id}, version={self.version}, position={self.position})"


def person_of(stream: str) -> UUID:
    """The pseudonym in the key of a person stream."""
    if not stream.startswith(PERSON_PREFIX):
        raise ValueError(f"{stream} is no person stream: a trajectory is made of {PERSON_PREFIX}<uuid> only")
    return UUID(stream[len(PERSON_PREFIX) :])


def trajectory(entries: list[OpenEntry]) -> Trajectory | None:
    """Fold the entries of one stream, in any order, without a store; None when there are none."""
    folded: MutableOrImmutableAggregate[UUID] | None = None
    for entry in sorted(entries, key=lambda entry: entry.version):
        folded = Trajectory.Recorded.of(entry).mutate(folded)
    return cast("Trajectory | None", folded)
