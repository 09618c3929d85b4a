"""A stock ``eventsourcing`` Application on the ledger: ``PERSISTENCE_MODULE=streams.postgres.application``.

    class Trajectories(Application[UUID]): ...
    app = Trajectories(env={"PERSISTENCE_MODULE": "streams.postgres.application", "LEDGER_DATA": "ledger-data"})
    app.repository.get(UUID(person))            # a ledger.trajectory.Trajectory
    app.notification_log.select(start=1, limit=100)

Settings are the ledger's own (``LEDGER_DATA``, ``LEDGER_DATABASE_URL``); its embedded database must be running. Reading
needs the keys in the data folder, which only the operator has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    Mapper,
    MapperDeserialisationError,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    TrackingRecorder,
    Transcoder,
)

from ledger.catalogue import catalogue
from ledger.entry import Entry, OpenEntry
from ledger.trajectory import PERSON_PREFIX, Trajectory
from streams import settings
from streams.folder import DataFolder
from streams.keys import Keys
from streams.postgres.migrate import migrate
from streams.postgres.opening import Opener
from streams.postgres.recorder import LedgerRecorder
from streams.postgres.server import EmbeddedPostgres

_decoder = msgspec.msgpack.Decoder(Entry)


@dataclass(frozen=True)
class Recorded:
    """An entry of a stream that is no person's: an offer, an edition, policy, a publisher."""

    originator_id: str
    originator_version: int
    timestamp: datetime
    entry: OpenEntry


class LedgerMapper(Mapper[UUID]):
    """Turns stored entries into domain events, opening their seals. It only reads."""

    def __init__(self, transcoder: Transcoder, recorder: LedgerRecorder, keys: Keys, remembered: int) -> None:
        super().__init__(transcoder)
        self._recorder = recorder
        self._opener = Opener(recorder.pool, keys=keys, catalogue=catalogue(), limit=remembered)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Not here: the ledger admits what publishers publish."""
        raise ProgrammingError("this ledger is written by its sequencer alone: publish events to it instead")

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The event of an entry: :class:`Trajectory.Recorded` for persons, :class:`Recorded` for other streams.

        :raises MapperDeserialisationError: the person is erased, or the data does not open.
        """
        entry = _decoder.decode(stored_event.state)
        opened = self._recorder.background.run(self._opener.open([entry]))
        if not opened.entries:
            reason = opened.broken.get(entry.stream, f"{entry.stream} is erased: its data is unreadable for ever")
            raise MapperDeserialisationError(reason)
        (plain,) = opened.entries
        if plain.stream.startswith(PERSON_PREFIX):
            return Trajectory.Recorded.of(plain)
        return Recorded(plain.stream, plain.version, plain.admitted_at, plain)  # type: ignore[return-value]


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """Builds the parts of an Application on the ledger of the environment's settings."""

    _recorder: LedgerRecorder | None = None

    def application_recorder(self) -> LedgerRecorder:
        """The recorder on the ledger's database, which is brought to this version first."""
        if self._recorder is None:
            chosen = settings.load(self.env)
            dsn = chosen.database_url or EmbeddedPostgres(chosen.data).dsn
            self._recorder = LedgerRecorder(dsn, pool_size=chosen.pool_size)
            self._recorder.background.run(migrate(dsn))
        return self._recorder

    def mapper(self, transcoder: Transcoder | None = None, mapper_class: object = None) -> LedgerMapper:  # type: ignore[override]
        """The mapper with the keys of the data folder."""
        chosen = settings.load(self.env)
        with DataFolder.open(chosen.data, lock=False) as folder:
            return LedgerMapper(transcoder or self.transcoder(), self.application_recorder(), folder.keys, chosen.key_cache)

    def close(self) -> None:
        """Close the recorder's connections."""
        if self._recorder is not None:
            self._recorder.close()

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """The same recorder for events; there are no snapshots."""
        if purpose != "events":
            raise InfrastructureFactoryError(f"the ledger keeps no {purpose}: leave IS_SNAPSHOTTING_ENABLED off")
        return self.application_recorder()

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> NoReturn:
        """Not here: projections of the ledger keep their own positions."""
        raise InfrastructureFactoryError("the ledger tracks the positions of its own projections only: keep yours in your own database")

    def process_recorder(self) -> ProcessRecorder:
        """Not here, for the same reason."""
        return self.tracking_recorder()
