"""A worker's turn: the batches that were fetched, and what others left to do in the same partitions, in one transaction.

A batch says only which streams changed, and up to where: the entries themselves are in PostgreSQL before they are on Kafka. So a turn

- locks the checkpoints of its partitions. Whoever holds them is the only one that writes rows of keys of these partitions, and sees
  at least what the one before saw: rows never go back;
- compares: a batch that begins beyond the checkpoint changes nothing (something before it was not applied), and of a batch that was
  applied already, by this worker or by another while this one was paused, nothing is left;
- folds the streams of these partitions that changed, whole, at the head of the ledger, and leaves the others that the change
  touches (merged identities) to whoever holds their partition, as rows of ``view.pending``;
- moves the checkpoints.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
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

log = logging.getLogger(__name__)

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


class NotReady(LedgerError):
    """The views are kept by a ledger's own runner, or their tables are not made yet. Try again shortly."""


Place = tuple[str, int]
"""Topic and partition."""


class Held(msgspec.Struct):
    """A partition that a turn holds."""

    offset: int
    position: int
    """Of the table that is the furthest behind."""


class Hold(msgspec.Struct, frozen=True):
    """The partitions that a turn holds, and the tables whose checkpoints there are locked."""

    places: Mapping[Place, Held]
    tables: Mapping[str, Sequence[str]]

    @property
    def names(self) -> list[str]:
        """All tables."""
        return sorted(table for tables in self.tables.values() for table in tables)

    @property
    def shards(self) -> set[int]:
        """Partitions whose keys may be written."""
        return {partition for topic, partition in self.places if topic == ENTRIES}


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

    async def work(self, batches: Sequence[Batch], shards: Collection[int] = ()) -> dict[Place, int]:
        """Take batches into the views, and do what others left to do in their partitions and in ``shards``.

        Answers the partitions of which a batch was left out because one before it is missing, with where to read on.

        :raises NotReady: a runner keeps the views; nothing was changed.
        """
        async with self.turn, self.writing() as connection:
            places = {(batch.topic, batch.partition) for batch in batches} | {(ENTRIES, shard) for shard in shards}
            hold = await self.hold(connection, places, self.projections)
            missing: dict[Place, int] = {}
            changed: set[StreamId] = set()
            reached: dict[Place, tuple[int, int]] = {}
            for batch in batches:
                place = batch.topic, batch.partition
                held = hold.places[place]
                if batch.start > held.offset:
                    missing[place] = held.offset
                    continue
                new = {stream for position, stream in batch.changed if position > held.position}
                if new or batch.end > held.offset:
                    changed |= new
                    held.offset, held.position = batch.end, max([held.position, *(position for position, _ in batch.changed)])
                    reached[place] = held.offset, held.position
                self.applied += len(new)
            highest = max((position for _, position in reached.values()), default=0)
            worked = await self._fold(connection, hold, changed, highest)
            await self._advance(connection, hold, reached, worked)
            return missing

    async def _advance(self, connection: views.Connection, hold: Hold, reached: dict[Place, tuple[int, int]], worked: bool) -> None:
        if reached:
            topics, partitions = [topic for topic, _ in reached], [partition for _, partition in reached]
            ends, positions = [end for end, _ in reached.values()], [position for _, position in reached.values()]
            names, cluster = hold.names, self.cluster_id
            await connection.execute(sql("checkpoint_advance"), topics, partitions, ends, positions, names, cluster, self.worker)
        if worked:
            await connection.execute(sql("checkpoint_turn"), hold.names, min(hold.places)[0], min(hold.places)[1])

    async def unfinished(self) -> set[int]:
        """Partitions in which something is left to do."""
        rows = await self.store.pool.fetch(sql("pending_shards"), self.projections)
        return {row["shard"] for row in rows}

    async def offsets(self) -> dict[tuple[str, int], int]:
        """Where to read on in each partition."""
        rows = await self.store.pool.fetch(sql("checkpoint_offsets"), self.projections, self.cluster_id)
        return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    async def tell_ends(self, ends: Mapping[Place, int]) -> None:
        """Write down where partitions of this worker end: what is beyond the checkpoints is their lag."""
        topics, partitions = [topic for topic, _ in ends], [partition for _, partition in ends]
        await self.store.pool.execute(sql("checkpoint_ends"), topics, partitions, list(ends.values()), self.worker, self.projections)

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[views.Connection]:
        """A transaction that may write views. ``NotReady`` while a ledger's own runner keeps them."""
        async with self.store.pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(sql("worker_may_write"), RUNNER_LOCK):
                raise NotReady("a ledger's own runner keeps the views: it steps aside by itself within seconds")
            yield connection

    async def hold(self, connection: views.Connection, places: Collection[Place], names: Collection[str]) -> Hold:
        """Lock the checkpoints of partitions until the transaction ends."""
        topics, partitions = [topic for topic, _ in places], [partition for _, partition in places]
        rows = await self.patiently(connection, "checkpoint_lock", topics, partitions, list(names))
        tables: dict[str, set[str]] = {}
        found: dict[Place, Held] = {}
        for row in rows:
            if row["version"] != projections()[row["name"]].version:
                continue
            tables.setdefault(row["name"], set()).add(row["table_name"])
            offset = row["next_offset"] if row["cluster_id"] == self.cluster_id else 0
            held = found.setdefault((row["topic"], row["partition"]), Held(offset, row["position"]))
            held.offset, held.position = min(held.offset, offset), min(held.position, row["position"])
        if set(tables) != set(names) or set(found) != set(places):
            raise NotReady("the tables of the views are not made yet")
        return Hold(found, {name: sorted(some) for name, some in tables.items()})

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

    async def _fold(self, connection: views.Connection, hold: Hold, changed: set[StreamId], position: int) -> bool:
        taken = await connection.fetch(sql("pending_take"), sorted(hold.shards), hold.names, TAKEN) if hold.shards else []
        if not taken and not changed:
            return False
        # After the locks and after what was taken: the head now is beyond everything that asked for this turn.
        head, as_of = await self.now()
        if as_of is None:
            raise NotReady("the ledger is empty, and yet there are entries on Kafka: this database is not the one they came from")
        touched = self._touched(changed)
        here = {stream for stream in touched if self.shard(stream) in hold.shards}
        await self.leave(connection, sorted(touched - here), hold.names, position)
        here |= {StreamId(row["stream"]) for row in taken}
        began = time.monotonic()
        keys = await self.settling.settle(connection, hold.tables, here, as_of, head)
        if taken:
            numbers = [row["number"] for row in taken]
            await connection.execute(sql("pending_done"), numbers, hold.names)
            await connection.execute(sql("pending_clear"), numbers)
        self.folded += keys
        told = {"partitions": len(hold.places), "changed": len(changed), "pending": len(taken), "keys": keys, "position": head}
        log.info("folded", extra={"fields": told | {"seconds": round(time.monotonic() - began, 3)}})
        return True

    def _touched(self, changed: set[StreamId]) -> set[StreamId]:
        """The streams whose rows can change with these."""
        links = self.surroundings.links
        touched = changed | {other for stream in changed if stream.startswith("persoon/") for other in links.related(stream)}
        return touched | {self.surroundings.root(stream) for stream in touched}
