"""Relay: entries go out to Kafka in position order per partition.

How far it came is asked of the topics themselves: the last record of each partition tells its position, and what stands there
is not sent again. The mark in the database only says from where to look: everything up to it is on that cluster. A crash
between writing and marking therefore loses nothing and doubles nothing. Should a broker have written what it did not
acknowledge, the same entries come twice; positions in a partition only grow, so whoever skips what is not beyond the last
position it saw reads every entry once (docs/explanation/kafka.md).
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence

import asyncpg
from aiokafka import AIOKafkaProducer, TopicPartition

from ledger.errors import AlreadyRunning, BrokerRefused, UsageError
from streams.kafka.admin import Admin
from streams.kafka.clients import consuming, last_records, partitions_of, producing, send_in_order
from streams.kafka.connection import Cluster
from streams.kafka.entry_record import STREAM, TYPE, message_of, partition_of, position_of
from streams.kafka.keeper import Pulse
from streams.kafka.topics import ENTRIES, RESTRICTED, entries_topic
from streams.postgres.appender import EntryRow
from streams.postgres.connection import connect, let_go, plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store

log = logging.getLogger(__name__)

PAGE = 5_000
LOCK = 0x1ED6E9
"""The advisory lock of the relay: one at a time."""
_WAIT = 5.0


class Relay:
    """Sends entries until it is cancelled, or until it has caught up."""

    def __init__(self, cluster: Cluster, store: Store, *, told: Callable[[int, int], None] | None = None) -> None:
        """``told`` hears position and head after each page."""
        self._cluster = cluster
        self._store = store
        self._told = told
        self.pulse = Pulse()
        self._partitions: dict[str, int] = {}
        self._last: dict[TopicPartition, int] = {}
        """The last position that stands in each partition."""
        self.position = 0
        """Everything up to here is on Kafka."""
        self.sent = 0

    async def run(self, *, since: int | None = None, follow: bool = True) -> int:
        """Send everything after the mark, or from the position ``since``; then wait for more, or return the position reached.

        :raises UsageError: this cluster is not the one that was relayed to, and ``since`` was not given.
        :raises AlreadyRunning: another relay of this ledger runs.
        :raises LedgerError: the cluster or the database is away; call it again after a while.
        """
        async with Admin(self._cluster) as admin:
            cluster_id = await admin.cluster_id()
        self.pulse.beat()
        lock = await connect(self._store.dsn)
        try:
            with plainly():
                if not await lock.fetchval(sql("try_lock"), LOCK):
                    raise AlreadyRunning("another relay of this ledger runs, perhaps inside 'ledger up': stop that one first")
            self.position = await self._begin(cluster_id, since)
            await self._look_up()
            self.pulse.beat()
            async with producing(self._cluster, "relay") as producer, self._store.follow() as news:
                while True:
                    self.pulse.beat()
                    await self._catch_up(producer, cluster_id)
                    if not follow:
                        return self.position
                    await news.wait(_WAIT)
        finally:
            await let_go(lock)

    async def _begin(self, cluster_id: str, since: int | None) -> int:
        with plainly():
            mark = await self._store.pool.fetchrow(sql("relay_mark"))
        if since is not None:
            return since - 1
        if mark is None:
            return 0
        if mark["cluster_id"] != cluster_id:
            raise UsageError(
                f"entries up to {mark['position']} went to another Kafka cluster ({mark['cluster_id']}) than this one ({cluster_id}): "
                "name that one, or fill this one from the beginning with 'ledger relay --from 1'"
            )
        return int(mark["position"])

    async def _look_up(self) -> None:
        """Ask the topics how far they are."""
        async with consuming(self._cluster, "relay-end") as consumer:
            self.pulse.beat()
            partitions: list[TopicPartition] = []
            for topic in (ENTRIES, RESTRICTED):
                found = await partitions_of(consumer, topic)
                if not found:
                    raise BrokerRefused(f"topic {topic} does not exist or may not be seen: make it with 'ledger kafka topics'")
                self._partitions[topic] = len(found)
                partitions += found
            self.pulse.beat()
            last = await last_records(consumer, partitions)
        self._last = {partition: position_of(last[partition]) if partition in last else 0 for partition in partitions}

    async def _catch_up(self, producer: AIOKafkaProducer, cluster_id: str) -> None:
        head = (await self._store.head()).position
        while self.position < head:
            with plainly():
                rows = await self._store.pool.fetch(sql("read_whole"), self.position, head, PAGE)
            if not rows:
                return
            await self._send(producer, rows)
            self.pulse.beat()
            self.position = rows[-1][0]
            with plainly():
                await self._store.pool.execute(sql("mark_relayed"), cluster_id, self.position)
            if self._told is not None:
                self._told(self.position, head)

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]) -> None:
        shares: dict[TopicPartition, list[EntryRow]] = defaultdict(list)
        partitions, last = self._partitions, self._last
        for row in rows:
            topic = entries_topic(row[TYPE])
            partition = TopicPartition(topic, partition_of(row[STREAM], partitions[topic]))
            if row[0] > last[partition]:
                shares[partition].append(tuple(row))
        # All are awaited, whatever one of them says: nothing may be on its way when the ends are asked again.
        results = await asyncio.gather(
            *(
                send_in_order(producer, partition.topic, partition.partition, map(message_of, share), sent=self.pulse.beat)
                for partition, share in shares.items()
            ),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        for partition, share in shares.items():
            last[partition] = share[-1][0]
            self.sent += len(share)
