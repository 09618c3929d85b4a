"""The store as an application recorder of the eventsourcing library.

The notification log is the ledger's entries in the order of their positions; an aggregate is a stream. The factory that
lets a stock Application use it is in :mod:`streams.postgres.application`.

One table serves both: what the library records goes where admitted events go, under the same gapless positions. But a
ledger that is founded is written by its sequencer alone, after admission; there ``insert_events`` refuses.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

import asyncpg
import msgspec
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Subscription,
)

from ledger.codes.roles import Role
from ledger.errors import StoreUnavailable
from streams.clock import Clock, SystemClock
from streams.postgres.appender import ENTRY_COLUMNS, EntryRow
from streams.postgres.background import BackgroundLoop
from streams.postgres.connection import create_pool, plainly
from streams.postgres.following import Following
from streams.postgres.opening import entries_of
from streams.postgres.sql import sql

SOURCE = "urn:eventsourcing:recorder"
"""The source of rows that the library recorded itself: their data is the library's own state, given back as it was."""
_PERSON = "persoon/"
_END = 2**62
_PAGE = 500
T = TypeVar("T")


class LedgerRecorder(ApplicationRecorder):
    """Records and reads events in ``ledger.entries``. Safe to use from many threads at once.

    The state of an admitted event is the whole :class:`~ledger.entry.Entry` in MessagePack, still sealed; its topic is
    the CloudEvents type. :class:`~streams.postgres.application.LedgerMapper` opens it.
    """

    def __init__(self, dsn: str, *, clock: Clock | None = None, pool_size: int = 8, timeout: float = 60.0) -> None:
        """``timeout``: seconds after which a call gives up with ``OperationalError``."""
        self.dsn = dsn
        self.background = BackgroundLoop("ledger-recorder")
        self._clock = clock or SystemClock()
        self._timeout = timeout
        self._closed = False
        self.pool = self._run(create_pool(dsn, pool_size))

    def close(self) -> None:
        """Close the connections and stop the thread."""
        if not self._closed:
            self._closed = True
            with suppress(Exception):
                self.background.run(self.pool.close(), 5)
            self.background.close()

    # -- writing ------------------------------------------------------------------------------------------------------

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: object) -> Sequence[int] | None:
        """Record the events together; returns their positions.

        :raises IntegrityError: a version is taken; nothing was recorded.
        :raises ProgrammingError: this is a founded ledger, which only its sequencer writes.
        """
        return self._run(self._insert(stored_events))

    async def _insert(self, stored_events: Sequence[StoredEvent]) -> list[int]:
        if not stored_events:
            return []
        now = self._clock.now()
        async with self.pool.acquire() as connection, connection.transaction():
            if await connection.fetchrow(sql("ledger")) is not None:
                raise ProgrammingError("this ledger is written by its sequencer alone: publish events to it instead")
            last = await connection.fetchval(sql("record"), len(stored_events), now)
            first = last - len(stored_events) + 1
            rows = [_row(position, event, now) for position, event in enumerate(stored_events, first)]
            await connection.copy_records_to_table("entries", schema_name="ledger", columns=ENTRY_COLUMNS, records=rows)
        return list(range(first, last + 1))

    # -- reading ------------------------------------------------------------------------------------------------------

    def select_events(
        self, originator_id: UUID | str, *, gt: int | None = None, lte: int | None = None, desc: bool = False, limit: int | None = None
    ) -> Sequence[StoredEvent]:
        """The events of one aggregate in the order of their versions."""
        statement = sql("recorded_last" if desc else "recorded")
        rows = self._run(self._fetch(statement, stream_of(originator_id), -1 if gt is None else gt, _END if lte is None else lte, limit))
        return [
            StoredEvent(originator_id=originator_of(entry.stream), originator_version=entry.version, topic=entry.type, state=_state(entry))
            for entry in entries_of(rows)
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """A page of the ledger in the order of positions, of these topics (all when empty)."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        rows = self._run(self._fetch(sql("notifications"), after, _END if stop is None else stop, limit, list(topics)))
        return [
            Notification(
                id=entry.position,
                originator_id=originator_of(entry.stream),
                originator_version=entry.version,
                topic=entry.type,
                state=_state(entry),
            )
            for entry in entries_of(rows)
        ]

    def max_notification_id(self) -> int | None:
        """The last position; None when there is nothing."""
        (row,) = self._run(self._fetch(sql("head")))
        return cast("int", row["position"]) or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """An iterator of what is recorded after ``gt`` and from now on; it waits for what is to come until it is stopped."""
        return LedgerSubscription(self, gt, topics)

    async def _fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        return await self.pool.fetch(statement, *values)

    def _run(self, work: Coroutine[object, object, T]) -> T:
        if self._closed:
            work.close()
            raise InterfaceError("this recorder is closed")
        try:
            return self.background.run(_translated(work), self._timeout)
        except TimeoutError as error:
            raise OperationalError(f"the database did not answer within {self._timeout:.0f} s") from error


async def _translated(work: Coroutine[object, object, T]) -> T:
    """The library's errors instead of the driver's."""
    try:
        with plainly():
            return await work
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(f"{error.constraint_name}: that version of the aggregate is recorded already") from error
    except StoreUnavailable as error:
        raise OperationalError(str(error)) from error


class LedgerSubscription(Subscription[ApplicationRecorder]):
    """Follows the ledger from a position on."""

    def __init__(self, recorder: LedgerRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._background = recorder.background
        self._following = Following(recorder.dsn)
        self._page: list[Notification] = []
        self._waiting: Future[int] | None = None

    def stop(self) -> None:
        """End the iteration, also of a thread that waits in it."""
        super().stop()
        if self._waiting is not None:
            self._waiting.cancel()

    def __exit__(self, *args: object, **kwargs: object) -> None:
        super().__exit__(*args, **kwargs)
        self._background.run(self._following.__aexit__(), 5)

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._page:
                notification = self._page.pop()
                self._last_notification_id = notification.id
                return notification
            page = self._recorder.select_notifications(
                start=self._last_notification_id or 0, limit=_PAGE, topics=self._topics, inclusive_of_start=False
            )
            self._page = list(reversed(page))
            if not self._page:
                self._wait()
        raise StopIteration

    def _wait(self) -> None:
        self._waiting = self._background.begin(_translated(self._following.wait(1.0)))
        if self._has_been_stopped:
            self._waiting.cancel()
        with suppress(CancelledError):
            self._waiting.result()


def stream_of(originator_id: UUID | str) -> str:
    """The stream of an aggregate: a UUID is a person's pseudonym, a string is the stream's own name."""
    return f"{_PERSON}{originator_id}" if isinstance(originator_id, UUID) else originator_id


def originator_of(stream: str) -> UUID | str:
    """The aggregate of a stream."""
    return UUID(stream[len(_PERSON) :]) if stream.startswith(_PERSON) else stream


def _state(entry: msgspec.Struct) -> bytes:
    data: bytes = entry.data if entry.source == SOURCE else _encoder.encode(entry)  # type: ignore[attr-defined]
    return data


_encoder = msgspec.msgpack.Encoder()


def _row(position: int, event: StoredEvent, now: datetime) -> EntryRow:
    stream, version = stream_of(event.originator_id), event.originator_version
    return (
        position,
        version,
        position,
        now,
        now,
        now,
        None,
        str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SOURCE}/{stream}/{version}")),
        None,
        None,
        stream,
        event.topic,
        SOURCE,
        Role.LEDGER_OPERATOR,
        "second",
        None,
        hashlib.sha256(event.state).digest(),
        event.state,
        None,
    )
