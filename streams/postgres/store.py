"""The store: the ledger in PostgreSQL as readers see it. Writing is the sequencer's alone (:mod:`streams.postgres.appender`)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg
import msgspec

from ledger.catalogue import TYPE_PREFIX, Catalogue, StreamKind, catalogue
from ledger.entry import Entry
from ledger.errors import DataFolderError, NotFound, StoreUnavailable
from ledger.sealing import unwrap
from ledger.verdict import Position, StreamId
from streams.folder import Mode
from streams.keys import Keys, unseal_identity
from streams.postgres.connection import create_pool, plainly
from streams.postgres.following import Following
from streams.postgres.opening import Opened, Opener, entries_of
from streams.postgres.sql import sql
from streams.settings import Settings
from streams.stretch import Partition

FORMAT = 1
"""Version of what the rows mean; the schema itself has its migrations."""
STEERING = frozenset({"identity.linked", "event.corrected", "event.retracted", "erasure.executed", "publisher-authority.changed"})
"""Short names of the types that :meth:`Store.of_types` can find."""
_END = 2**62


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """What this ledger is. It never changes."""

    id: str
    mode: Mode
    format: int
    created_at: datetime


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where the ledger stands. ``position`` is 0, and ``admitted_at`` None, as long as it is empty."""

    position: Position
    admitted_at: datetime | None
    epoch: int
    writer: str
    """Who took over last: host, process and a number of its own."""


class SourceTotal(msgspec.Struct, frozen=True, kw_only=True):
    """How often an outcome was answered to a source since the beginning."""

    source: str
    outcome: str
    code: str
    """The reason of a refusal, else empty."""
    n: int


class Store:
    """Reads the ledger. Safe to share between tasks of one event loop."""

    def __init__(self, dsn: str, pool: asyncpg.Pool[asyncpg.Record], *, keys: Keys, settings: Settings, types: Catalogue) -> None:
        self.dsn = dsn
        self.pool = pool
        self.keys = keys
        self.settings = settings
        self.catalogue = types
        self.opener = Opener(pool, keys=keys, catalogue=types, limit=settings.key_cache)

    @classmethod
    async def open(cls, dsn: str, *, keys: Keys, settings: Settings | None = None, types: Catalogue | None = None) -> Store:
        """Connect to a migrated database. ``StoreUnavailable`` when it does not answer."""
        settings = settings or Settings()
        return cls(dsn, await create_pool(dsn, settings.pool_size), keys=keys, settings=settings, types=types or catalogue())

    async def close(self) -> None:
        """Close the connections."""
        await self.pool.close()

    async def __aenter__(self) -> Store:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # -- what it is ---------------------------------------------------------------------------------------------------

    async def found(self, mode: Mode, created_at: datetime) -> Ledger:
        """Found the ledger if it is new, and check that it is the one of these keys.

        :raises DataFolderError: the database holds a ledger of another mode, format or master key.
        """
        with plainly():
            await self.pool.execute(sql("found"), uuid.uuid4(), mode.value, FORMAT, self.keys.check, created_at)
        ledger = await self.ledger()
        if ledger is None or ledger.mode is not mode:
            raise DataFolderError(
                f"this database holds {'another kind of ledger' if ledger is None else f'a ledger that is {ledger.mode}'}, not {mode}"
            )
        return ledger

    async def founded(self, mode: Mode) -> Ledger:
        """What this ledger is, for whoever does not found one.

        :raises StoreUnavailable: there is no ledger in the database yet.
        :raises DataFolderError: it is of another mode, format or master key than the data folder.
        """
        with plainly():
            try:
                ledger = await self.ledger()
            except asyncpg.UndefinedTableError:
                ledger = None
        if ledger is None:
            raise StoreUnavailable("the database holds no ledger yet: start one with 'ledger up', on the same database and data folder")
        if ledger.mode is not mode:
            raise DataFolderError(f"the database holds a ledger that is {ledger.mode}, the data folder one that is {mode}")
        return ledger

    async def grant_reading(self) -> None:
        """Give the roles ``ledger_analyst`` and ``ledger_auditor`` what they may read, where the server has them."""
        with plainly():
            await self.pool.execute(sql("grant_reading"))

    async def ledger(self) -> Ledger | None:
        """What this ledger is; None before it is founded. ``DataFolderError`` when it is not the one of these keys."""
        with plainly():
            row = await self.pool.fetchrow(sql("ledger"))
        if row is None:
            return None
        if row["format"] != FORMAT:
            raise DataFolderError(
                f"this database holds a ledger of format {row['format']}, this version reads {FORMAT}: start it with the other version"
            )
        if row["key_check"] != self.keys.check:
            raise DataFolderError(
                "the master key does not belong to this database: name the data folder that the database was founded with, "
                "or restore its keys/ from the backup"
            )
        return Ledger(id=row["ledger_id"], mode=Mode(row["mode"]), format=row["format"], created_at=row["created_at"])

    async def head(self) -> Head:
        """Where the ledger stands."""
        with plainly():
            row = await self.pool.fetchrow(sql("head"))
        assert row is not None
        return Head(position=row["position"], admitted_at=row["admitted_at"], epoch=row["epoch"], writer=row["writer"])

    # -- entries ------------------------------------------------------------------------------------------------------

    async def read(self, after: int, limit: int, upto: int | None = None) -> list[Entry]:
        """A page of at most ``limit`` entries, sealed, with ``after`` < position ≤ ``upto``, in position order."""
        with plainly():
            return entries_of(await self.pool.fetch(sql("read"), after, _END if upto is None else upto, limit))

    async def read_streams(self, streams: Iterable[str], upto: int | None = None) -> list[Entry]:
        """All entries of these streams up to a position, sealed, ordered by stream and version."""
        with plainly():
            return entries_of(await self.pool.fetch(sql("read_streams"), list(streams), _END if upto is None else upto))

    async def of_types(self, names: Iterable[str], *, after: int = 0, limit: int = 100_000, upto: int | None = None) -> list[Entry]:
        """A page of the entries of some :data:`STEERING` types (short names), sealed, in position order."""
        wanted = list(names)
        if strangers := set(wanted) - STEERING:
            raise ValueError(f"{', '.join(sorted(strangers))} cannot be found by type; only {', '.join(sorted(STEERING))} can")
        versions = [f"{TYPE_PREFIX}{name}.v1" for name in wanted]
        with plainly():
            return entries_of(await self.pool.fetch(sql("read_types"), versions, after, _END if upto is None else upto, limit))

    async def read_links(self, after: int = 0) -> list[Entry]:
        """Every identity.linked, and every event.retracted by an identity service, sealed, in position order (ledger.merge.Links)."""
        with plainly():
            return entries_of(await self.pool.fetch(sql("read_links"), after))

    async def open_entries(self, entries: Sequence[Entry]) -> Opened:
        """Open sealed entries and read their data as the newest version of its type."""
        return await self.opener.open(entries)

    async def read_open(self, after: int, limit: int, upto: int | None = None) -> Opened:
        """:meth:`read` and open."""
        with plainly():
            rows = await self.pool.fetch(sql("read"), after, _END if upto is None else upto, limit)
        return await self.opener.open_rows(rows)

    async def read_streams_open(self, streams: Iterable[str], upto: int | None = None) -> Opened:
        """:meth:`read_streams` and open."""
        with plainly():
            rows = await self.pool.fetch(sql("read_streams"), list(streams), _END if upto is None else upto)
        return await self.opener.open_rows(rows)

    async def streams(self, kind: StreamKind | None = None, *, after: str = "", limit: int = 10_000) -> list[StreamId]:
        """A page of stream names after one of them, in name order."""
        lowest, highest = (f"{kind.value}/", f"{kind.value}0") if kind is not None else ("", "~")
        with plainly():
            rows = await self.pool.fetch(sql("streams_after"), max(after, lowest), highest, limit)
        return [row["stream"] for row in rows]

    async def find(self, source: str, event_id: str) -> Position | None:
        """Where an event stands, by its source and id."""
        with plainly():
            position: int | None = await self.pool.fetchval(sql("find"), source, event_id)
        return None if position is None else Position(position)

    async def position_at(self, moment: datetime) -> Position:
        """The last position known at a moment (0 when nothing was): ``admitted_at`` never decreases, so known is a prefix."""
        low, high = 0, int((await self.head()).position)
        with plainly():
            async with self.pool.acquire() as connection:
                while low < high:
                    middle = (low + high + 1) // 2
                    if await connection.fetchval(sql("admitted_at"), middle) <= moment:
                        low = middle
                    else:
                        high = middle - 1
        return Position(low)

    def follow(self) -> Following:
        """``async with store.follow() as news: head = await news.wait(timeout)`` wakes when the head moves."""
        return Following(self.dsn)

    # -- beside the entries -------------------------------------------------------------------------------------------

    async def erased(self) -> dict[StreamId, Position]:
        """Erased person streams with the position of the erasure."""
        with plainly():
            return {row["stream"]: row["position"] for row in await self.pool.fetch(sql("erasures"))}

    async def totals(self) -> list[SourceTotal]:
        """How often each outcome was answered to each source since the beginning."""
        with plainly():
            return [SourceTotal(source=s, outcome=o, code=c, n=n) for s, o, c, n in await self.pool.fetch(sql("totals"))]

    async def offsets(self) -> dict[Partition, int]:
        """The next record of each Kafka partition that was read."""
        with plainly():
            return {(topic, number): following for topic, number, following in await self.pool.fetch(sql("consumed_offsets"))}

    async def identity(self, stream: StreamId) -> str:
        """The INSZ behind a person's stream, for the operator alone. ``NotFound`` when none was given or the person is erased."""
        with plainly():
            row = await self.pool.fetchrow(sql("identity"), stream)
        if row is None or row["wrapped"] is None:
            raise NotFound(f"no number is kept for {stream}: none was given, or the person is erased")
        return unseal_identity(unwrap(self.keys.master, stream, row["wrapped"]), stream, row["sealed"])
