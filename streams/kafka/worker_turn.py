"""A worker's turn: one batch of one partition, or what others left to do there, in one transaction with its checkpoint.

A batch says only which streams changed, and up to where: the entries themselves are in PostgreSQL before they are on Kafka. So a turn

- locks the checkpoints of the partition. Whoever holds them is the only one that writes rows of keys of that partition, and sees
  at least what the one before saw: rows never go back;
- compares: a batch that begins beyond a checkpoint changes nothing (something before it was not applied), and of a batch that was
  applied already, by this worker or by another while this one was paused, nothing is left;
- folds the streams of this partition that changed, whole, at the head of the ledger, and leaves the others that the change
  touches (merged identities) to whoever holds their partition, as rows of ``view.pending``;
- moves the checkpoints.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import date

import asyncpg
import msgspec

from ledger.errors import LedgerError
from ledger.projection import projections
from ledger.verdict import StreamId
from streams.clock import Clock
from streams.kafka.entry_record import partition_of
from streams.kafka.topics import ENTRIES
from streams.postgres import views
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.projecting import RUNNER_LOCK
from streams.settling import Settling
from streams.subjects import Surroundings

TAKEN = 5_000
"""Pending streams that one turn takes at the most."""
LOCK_SECONDS = 5.0
"""How long a turn waits for a partition before it looks whether the one who holds it is alive."""
ALIVE_SECONDS = 10.0
"""Who was not seen for so long is not alive: paused, or cut off."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Records that were fetched of one partition."""

    topic: str
    partition: int
    start: int
    """Offset of the first record."""
    end: int
    """Offset after the last one."""
    changed: Sequence[tuple[int, StreamId]]
    """Position and stream of each entry."""


class Behind(LedgerError):
    """The batch begins beyond a checkpoint: read on from ``offset``."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"a batch was left out: reading again from offset {offset}")
        self.offset = offset


class NotReady(LedgerError):
    """The views are kept by a ledger's own runner, or their tables are not made yet. Try again shortly."""


class Held(msgspec.Struct, frozen=True):
    """What a turn holds of a partition."""

    offset: int
    position: int
    """Of the table that is the furthest behind."""
    tables: Mapping[str, Sequence[str]]

    @property
    def names(self) -> list[str]:
        """All tables."""
        return sorted(table for tables in self.tables.values() for table in tables)


class Lane:
    """The projections that one worker keeps. One turn at a time: folding takes a whole core anyway."""

    def __init__(
        self,
        store: Store,
        wall: Clock,
        *,
        sandbox: bool,
        projections: Collection[str],
        worker: str,
        cluster_id: str,
        partitions: int,
    ) -> None:
        self.store = store
        self.surroundings = Surroundings(store)
        self.settling = Settling(store, self.surroundings, wall, sandbox=sandbox, exact=False)
        self.projections = sorted(projections)
        self.worker = worker
        self.cluster_id = cluster_id
        self.partitions = partitions
        """Of the entries: also the number of shards in which keys are divided."""
        self.turn = asyncio.Lock()
        self.folded = 0
        self.applied = 0
        """Entries and keys since the start."""

    def shard(self, stream: str) -> int:
        """The partition that a stream belongs to, and with it the rows under its name."""
        return partition_of(stream, self.partitions)

    async def apply(self, batch: Batch) -> None:
        """Take a batch into the views.

        :raises Behind: it does not follow on what the views have; nothing was changed.
        :raises NotReady: a runner keeps the views; nothing was changed.
        """
        async with self.turn, self.writing() as connection:
            held = await self.hold(connection, batch.topic, batch.partition, self.projections)
            if held.offset < batch.start:
                raise Behind(held.offset)
            changed = {stream for position, stream in batch.changed if position > held.position}
            last = max((position for position, _ in batch.changed), default=0)
            await self._work(connection, batch.topic, batch.partition, held, changed, last)
            if changed or batch.end > held.offset:
                await connection.execute(
                    *(sql("checkpoint_advance"), batch.topic, batch.partition, held.names, batch.end, last, self.cluster_id, self.worker)
                )
            self.applied += len(batch.changed)

    async def finish(self, shard: int) -> None:
        """Do what others left to do in a partition."""
        async with self.turn, self.writing() as connection:
            held = await self.hold(connection, ENTRIES, shard, self.projections)
            if await self._work(connection, ENTRIES, shard, held, set(), 0):
                await connection.execute(sql("checkpoint_turn"), ENTRIES, shard, held.names, self.worker)

    async def unfinished(self) -> set[int]:
        """Partitions in which something is left to do."""
        rows = await self.store.pool.fetch(sql("pending_shards"), self.projections)
        return {row["shard"] for row in rows}

    async def offsets(self) -> dict[tuple[str, int], int]:
        """Where to read on in each partition."""
        rows = await self.store.pool.fetch(sql("checkpoint_offsets"), self.projections, self.cluster_id)
        return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[views.Connection]:
        """A transaction that may write views. ``NotReady`` while a ledger's own runner keeps them."""
        async with self.store.pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(sql("worker_may_write"), RUNNER_LOCK):
                raise NotReady("a ledger's own runner keeps the views: it steps aside by itself within seconds")
            yield connection

    async def hold(self, connection: views.Connection, topic: str, partition: int, names: Collection[str]) -> Held:
        """Lock the checkpoints of a partition until the transaction ends."""
        rows = await self.patiently(connection, "checkpoint_lock", topic, partition, list(names))
        rows = [row for row in rows if row["version"] == projections()[row["name"]].version]
        tables: dict[str, list[str]] = {}
        for row in rows:
            tables.setdefault(row["name"], []).append(row["table_name"])
        if set(tables) != set(names):
            raise NotReady("the tables of the views are not made yet")
        offset = min(row["next_offset"] if row["cluster_id"] == self.cluster_id else 0 for row in rows)
        return Held(offset, min(row["position"] for row in rows), tables)

    async def patiently(self, connection: views.Connection, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows of a statement that waits for locks. A worker that was paused while it held them loses its session."""
        asking = asyncio.ensure_future(connection.fetch(sql(statement), *arguments))
        try:
            while not (await asyncio.wait({asking}, timeout=LOCK_SECONDS))[0]:
                await self.store.pool.execute(sql("worker_evict"), connection.get_server_pid(), ALIVE_SECONDS)
            return asking.result()
        finally:
            if not asking.done():
                asking.cancel()
                await asyncio.wait({asking})

    async def now(self) -> tuple[int, date | None]:
        """The head of the ledger and the day of the views there; the surroundings are brought to it."""
        head = (await self.store.head()).position
        await self.surroundings.extend(head)
        return head, await self.settling.today(head)

    async def leave(self, connection: views.Connection, streams: Iterable[StreamId], tables: Sequence[str], position: int) -> None:
        """Leave streams to whoever holds their partitions; the views are not at ``position`` before they are done."""
        rows = [(self.shard(stream), stream, tables, position) for stream in streams]
        columns = ["shard", "stream", "tables", "position"]
        await connection.copy_records_to_table("pending", schema_name=views.SCHEMA, columns=columns, records=rows)

    async def _work(
        self, connection: views.Connection, topic: str, partition: int, held: Held, changed: set[StreamId], position: int
    ) -> bool:
        taken = []
        if topic == ENTRIES:
            taken = await connection.fetch(sql("pending_take"), partition, held.names, TAKEN)
        if not taken and not changed:
            return False
        # After the locks and after what was taken: the head now is beyond everything that asked for this turn.
        head, as_of = await self.now()
        if as_of is None:
            raise NotReady("the ledger is empty, and yet there are entries on Kafka: this database is not the one they came from")
        touched = self._touched(changed)
        here = {stream for stream in touched if topic == ENTRIES and self.shard(stream) == partition}
        await self.leave(connection, sorted(touched - here), held.names, position)
        here |= {StreamId(row["stream"]) for row in taken}
        self.folded += await self.settling.settle(connection, held.tables, here, as_of, head)
        if taken:
            numbers = [row["number"] for row in taken]
            await connection.execute(sql("pending_done"), numbers, held.names)
            await connection.execute(sql("pending_clear"), numbers)
        return True

    def _touched(self, changed: set[StreamId]) -> set[StreamId]:
        """The streams whose rows can change with these."""
        links = self.surroundings.links
        touched = changed | {other for stream in changed if stream.startswith("persoon/") for other in links.related(stream)}
        return touched | {self.surroundings.root(stream) for stream in touched}
