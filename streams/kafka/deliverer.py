"""Verdicts back to the publishers' own topics, each exactly once as far as a topic's end can tell.

Verdicts are kept in the transaction that decides them (``ledger.undelivered``) and deleted once Kafka has acknowledged them.
After a crash in between, the last record of the verdict topic says which submission was told last: what stands before is not
told again. Should a verdict still come twice (a broker that wrote and did not say so), both carry the offset of their submission.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator

import asyncpg
import msgspec
from aiokafka import AIOKafkaProducer, TopicPartition

from streams.kafka.clients import Header, Message, consuming, last_records, partitions_of, producing, send_in_order
from streams.kafka.connection import Cluster
from streams.kafka.keeper import Pulse
from streams.kafka.topics import SUBMISSIONS, VERDICTS
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.stretch import Delivery, Partition

log = logging.getLogger(__name__)

SUBMISSION = "submission_offset"
"""Header of a verdict: the offset of the submission in the publisher's topic, in the partition of the same number."""
PAGE = 50
"""Stretches that are told at a time."""
_PATIENCE = 5.0
ABSENT_SECONDS = 30.0
"""How long a verdict topic that does not exist is left alone."""
_read = msgspec.json.Decoder(list[Delivery]).decode
_encode = msgspec.json.Encoder().encode


class Deliverer:
    """Tells verdicts until it is cancelled."""

    def __init__(self, cluster: Cluster, store: Store) -> None:
        self._cluster = cluster
        self._store = store
        self._news = asyncio.Event()
        self.pulse = Pulse()
        self._told: dict[Partition, int] = {}
        """The offset of the submission that was told last, by verdict topic and partition."""
        self._absent: dict[str, float] = {}
        """Submission topics whose verdict topic is not there, and until when that is not asked again."""
        self.delivered = 0
        """Verdicts told since the start."""

    def wake(self) -> None:
        """There are verdicts to tell."""
        self._news.set()

    def forget(self, partition: Partition) -> None:
        """Ask a partition of a verdict topic anew what was told last: it is about another submission topic from now on."""
        self._told.pop(partition, None)

    async def run(self) -> None:
        """Tell until cancelled.

        :raises LedgerError: the cluster or the database is away, or a verdict topic is not there; call it again after a while.
        """
        self._told = {}
        async with producing(self._cluster, "verdicts") as producer:
            while True:
                self._news.clear()
                self.pulse.beat()
                while await self._tell(producer):
                    self.pulse.beat()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_PATIENCE):
                        await self._news.wait()

    async def _tell(self, producer: AIOKafkaProducer) -> bool:
        now = asyncio.get_running_loop().time()
        self._absent = {topic: until for topic, until in self._absent.items() if until > now}
        with plainly():
            rows = await self._store.pool.fetch(sql("undelivered"), list(self._absent), PAGE)
        if not rows:
            return False
        owed: dict[Partition, list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            owed[VERDICTS + row["topic"].removeprefix(SUBMISSIONS), row["partition"]].append(row)
        await self._look_up(owed.keys() - self._told.keys())
        for partition in owed.keys() - self._told.keys():
            topic = SUBMISSIONS + partition[0].removeprefix(VERDICTS)
            self._absent[topic] = now + ABSENT_SECONDS
            log.error("%s partition %d does not exist: make it with 'ledger kafka topics'; its verdicts are kept", *partition)
            del owed[partition]
        results = await asyncio.gather(*(self._tell_one(producer, *one) for one in owed.items()), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return True

    async def _tell_one(self, producer: AIOKafkaProducer, partition: Partition, rows: list[asyncpg.Record]) -> None:
        deliveries = [d for row in rows for d in _read(row["deliveries"]) if d.offset > self._told[partition]]
        await send_in_order(producer, *partition, _messages(deliveries), sent=self.pulse.beat)
        with plainly():
            await self._store.pool.execute(sql("delivered"), [row["number"] for row in rows])
        if deliveries:
            self._told[partition] = deliveries[-1].offset
        self.delivered += len(deliveries)

    async def _look_up(self, partitions: Iterable[Partition]) -> None:
        """Ask the ends of verdict topics what was told last."""
        wanted = [TopicPartition(*partition) for partition in partitions]
        if not wanted:
            return
        async with consuming(self._cluster, "verdicts-end") as consumer:
            self.pulse.beat()
            there = {p for topic in {partition.topic for partition in wanted} for p in await partitions_of(consumer, topic)}
            self.pulse.beat()
            last = await last_records(consumer, [partition for partition in wanted if partition in there])
        with plainly():
            rows = await self._store.pool.fetch(sql("told_after"))
        anew = {(VERDICTS + row["topic"].removeprefix(SUBMISSIONS), row["partition"]): row["told_after"] for row in rows}
        for partition in wanted:
            if partition not in there:
                continue
            record = last.get(partition)
            # What stands before is about a topic of the same name that is no more: its offsets say nothing of those of this one.
            if record is not None and record.offset < anew.get(tuple(partition), 0):
                record = None
            self._told[tuple(partition)] = -1 if record is None else int(dict(record.headers).get(SUBMISSION, b"-1"))


def _messages(deliveries: Iterable[Delivery]) -> Iterator[Message]:
    for delivery in deliveries:
        verdict = delivery.verdict
        headers: list[Header] = [("content-type", b"application/json"), (SUBMISSION, str(delivery.offset).encode())]
        yield (verdict.id or "").encode() or None, _encode(verdict), headers
