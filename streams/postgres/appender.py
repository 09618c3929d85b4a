"""Appending: the one transaction in which a batch is written, and the look-ups that prepare it.

The invariant that all else rests on is kept here: a batch is written only if this writer's epoch is still the
ledger's and the head is where this writer left it, checked with the row of the head locked until the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import asyncpg
import msgspec

from ledger.admission import Prior
from ledger.errors import AlreadyRunning, Fenced, LedgerError
from ledger.transparency.tree import Frontier
from ledger.verdict import Position, StreamId
from streams.keys import Keys
from streams.planting import NODE_COLUMNS, frontier_of
from streams.postgres.connection import connect, let_go, plainly
from streams.postgres.sql import sql
from streams.stretch import Consumed

WRITER_LOCK = 0x1ED6E7
"""The advisory lock of the writer's session."""
_POLL = 0.1
_PATIENCE = 60.0
"""Seconds after which a database that hangs counts as away."""
# The look-ups ask for thousands of keys by index; a plan that reads the whole table instead would be a disaster.
_BY_INDEX = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "enable_bitmapscan": "off"}

FENCED = "another ledger took over the writing of this database: this one wrote nothing more and must be started again"

ENTRY_COLUMNS = (
    "position",
    "version",
    "sequence",
    "time",
    "recorded_at",
    "admitted_at",
    "key_id",
    "id",
    "causation_id",
    "correlation_id",
    "stream",
    "type",
    "source",
    "role",
    "time_precision",
    "legal_basis",
    "digest",
    "data",
    "commitment",
)
EntryRow = tuple[
    int,
    int,
    int,
    datetime,
    datetime,
    datetime,
    int | None,
    str,
    str | None,
    str | None,
    str,
    str,
    str,
    str,
    str,
    str | None,
    bytes,
    bytes,
    bytes | None,
]
"""One entry in the order of :data:`ENTRY_COLUMNS`: tuples, because thousands are copied at once."""


class RefusalRow(msgspec.Struct, kw_only=True, gc=False):
    """A refused submission as it is kept."""

    content: bytes
    credential: str
    source: str | None
    event_id: str | None
    type: str | None
    stream: str | None
    sequence: int | None
    code: str
    rule: str | None
    pointer: str
    message_nl: str
    message_en: str
    stamp: datetime
    raw: bytes | None
    times_seen: int = 1


class Erasure(msgspec.Struct, frozen=True):
    """The streams of one erased person and where the erasure stands."""

    streams: tuple[StreamId, ...]
    position: Position


class Commit(msgspec.Struct, kw_only=True):
    """What is written together or not at all."""

    after: Position
    """The head that this was drafted on."""
    position: Position
    """The head that it makes."""
    admitted_at: datetime | None
    entries: list[EntryRow]
    nodes: list[tuple[int, int, bytes]]
    """Nodes of the tree that these entries complete: level, index, hash."""
    keys: list[tuple[int, str, bytes]]
    """New stream keys: number, stream, wrapped key."""
    identities: list[tuple[str, bytes]]
    refusals: dict[bytes, RefusalRow]
    """By content."""
    totals: dict[tuple[str, str, str], int]
    """By source, outcome and code."""
    erasures: list[Erasure]
    consumed: list[Consumed]
    """Stretches of Kafka partitions that this decides, each partition's in order."""


class StreamState(msgspec.Struct, gc=False):
    """What the writer knows of a stream."""

    version: int
    key_id: int | None
    wrapped: bytes | None
    identified: bool


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger as it stood when this writer took over."""

    epoch: int
    position: Position
    admitted_at: datetime | None
    last_key: int


class Appender:
    """The writer's two connections: one holds the lock and writes, the other looks things up meanwhile."""

    def __init__(self, writer: asyncpg.Connection[asyncpg.Record], scout: asyncpg.Connection[asyncpg.Record], taken: Taken) -> None:
        self._writer = writer
        self._scout = scout
        self.taken = taken

    @classmethod
    async def take_over(cls, dsn: str, name: str, *, after_epoch: int | None, wait: float, force: bool = False) -> Appender:
        """Become the writer and begin a new epoch.

        ``name`` is this writer's alone. ``after_epoch`` is the epoch that it had before it lost its connection; None when
        it comes new. ``force`` ends the session of the present writer, which is then fenced.

        :raises AlreadyRunning: another writer holds the lock and did not let go within ``wait`` seconds.
        :raises Fenced: another writer than this one took over since ``after_epoch``.
        :raises StoreUnavailable: the database is away.
        """
        writer = await connect(dsn, patience=_PATIENCE)
        try:
            with plainly():
                loop = asyncio.get_running_loop()
                deadline = loop.time() + wait
                while not await writer.fetchval(sql("try_lock"), WRITER_LOCK):
                    if after_epoch is not None and await writer.fetchval(sql("taken_over"), name, after_epoch):
                        raise Fenced(FENCED)
                    late = loop.time() >= deadline
                    if force or (late and after_epoch is not None):
                        # Nobody took over: what still holds the lock is this writer's own lost session, which the server has not noticed.
                        await writer.execute(sql("end_writer"), WRITER_LOCK)
                    elif late:
                        raise AlreadyRunning("another ledger writes this database: stop it first, or use that one")
                    await asyncio.sleep(_POLL)
                async with writer.transaction():
                    row = await writer.fetchrow(sql("take_over"), name, after_epoch)
                    if row is None:
                        raise Fenced(FENCED)
                    last_key = await writer.fetchval(sql("last_key"))
            scout = await connect(dsn, _BY_INDEX, patience=_PATIENCE)
        except BaseException:
            await let_go(writer)
            raise
        return cls(writer, scout, Taken(epoch=row["epoch"], position=row["position"], admitted_at=row["admitted_at"], last_key=last_key))

    async def close(self) -> None:
        """Let go of the lock."""
        for connection in (self._writer, self._scout):
            await let_go(connection)

    # -- looking up ---------------------------------------------------------------------------------------------------

    async def duplicates(self, sources: Sequence[str], ids: Sequence[str]) -> dict[tuple[str, str], Prior]:
        """Which of these events stand in the ledger already."""
        with plainly():
            rows = await self._scout.fetch(sql("duplicates"), sources, ids)
        return {(sources[place - 1], ids[place - 1]): Prior(position, digest) for place, position, digest in rows}

    async def stream_states(self, streams: Iterable[str]) -> dict[StreamId, StreamState]:
        """Head and key of each stream."""
        with plainly():
            rows = await self._scout.fetch(sql("stream_states"), list(streams))
        return {stream: StreamState(version, key_id, wrapped, identified) for stream, version, key_id, wrapped, identified in rows}

    async def frontier(self, keys: Keys) -> Frontier:
        """That of the tree over all entries, as this writer found them. ``ProofBroken`` when the tree is not whole."""
        return await frontier_of(self._writer, keys, self.taken.position)

    # -- writing ------------------------------------------------------------------------------------------------------

    async def append(self, commit: Commit) -> dict[bytes, int]:
        """Write it in one transaction; returns the numbers of the refusals by content.

        :raises Fenced: another writer took over; nothing was written.
        :raises StoreUnavailable: the database went away; whether it was written is not known.
        """
        writer = self._writer
        numbers: dict[bytes, int] = {}
        with plainly():
            async with writer.transaction():
                if commit.entries:
                    if not await writer.fetchval(sql("advance"), self.taken.epoch, commit.after, commit.position, commit.admitted_at):
                        raise Fenced(FENCED)
                    if commit.keys:
                        await self._copy("stream_keys", ("key_id", "stream", "wrapped"), commit.keys)
                    await self._copy("entries", ENTRY_COLUMNS, commit.entries)
                    if commit.nodes:
                        await self._copy("tree_nodes", NODE_COLUMNS, commit.nodes)
                    if commit.identities:
                        await self._copy("identities", ("stream", "sealed"), commit.identities)
                elif not await writer.fetchval(sql("hold"), self.taken.epoch):
                    raise Fenced(FENCED)
                if commit.refusals:
                    rows = await writer.fetch(sql("keep_refusals"), *_columns(commit))
                    numbers = {content: number for number, content in rows}
                if commit.consumed:
                    await self._consume(commit.consumed, numbers)
                for erasure in commit.erasures:
                    for statement in ("record_erasures", "destroy_keys"):
                        await writer.execute(sql(statement), erasure.streams, erasure.position)
                    for statement in ("erase_identities", "erase_refusals"):
                        await writer.execute(sql(statement), erasure.streams)
                counts = sorted(commit.totals.items())
                await writer.execute(
                    sql("add_totals"),
                    [c[0][0] for c in counts],
                    [c[0][1] for c in counts],
                    [c[0][2] for c in counts],
                    [c[1] for c in counts],
                )
        return numbers

    async def _consume(self, consumed: Sequence[Consumed], numbers: Mapping[bytes, int]) -> None:
        """Move the offsets from where this writer knows them, and owe the verdicts."""
        moves: dict[tuple[str, int], tuple[int | None, int]] = {}
        for one in consumed:
            start, _ = moves.get(one.stretch.partition, (one.stretch.start, 0))
            moves[one.stretch.partition] = (start, one.stretch.ends[-1])
        columns = [[p[0] for p in moves], [p[1] for p in moves], [m[0] for m in moves.values()], [m[1] for m in moves.values()]]
        if await self._writer.fetchval(sql("move_offsets"), *columns) != len(moves):
            raise LedgerError("the offsets of Kafka's submission topics were moved by somebody else: they are read again")
        partitions = [one.stretch.partition for one in consumed]
        owed = [one.deliveries(numbers) for one in consumed]
        await self._writer.execute(sql("owe_verdicts"), [p[0] for p in partitions], [p[1] for p in partitions], owed)

    async def _copy(self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        await self._writer.copy_records_to_table(table, schema_name="ledger", columns=columns, records=rows)


def _columns(commit: Commit) -> list[object]:
    kept = list(commit.refusals.values())
    return [
        [r.content for r in kept],
        [r.credential for r in kept],
        [r.source for r in kept],
        [r.event_id for r in kept],
        [r.type for r in kept],
        [r.stream for r in kept],
        [r.sequence for r in kept],
        [r.code for r in kept],
        [r.rule for r in kept],
        [r.pointer for r in kept],
        [r.message_nl for r in kept],
        [r.message_en for r in kept],
        [r.stamp for r in kept],
        [r.raw for r in kept],
        [r.times_seen for r in kept],
    ]
