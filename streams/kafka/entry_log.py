"""The entries as both topics hold them, merged into position order: for a restore, and for comparing the two copies."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from aiokafka import ConsumerRecord, TopicPartition

from ledger.errors import BadInput, BrokerRefused, BrokerUnavailable
from streams.kafka.clients import bounds, consuming, partitions_of
from streams.kafka.connection import Cluster, plainly
from streams.kafka.entry_record import position_of, row_of
from streams.kafka.topics import ENTRIES, RESTRICTED
from streams.postgres.appender import EntryRow

PAGE = 5_000
_HELD = 2_000
"""Records that are held of a partition before it is paused."""
_SILENCE = 30.0


class _Share:
    """What is held of one partition."""

    def __init__(self, following: int) -> None:
        self.records: deque[tuple[int, ConsumerRecord]] = deque()
        self.last = 0
        self.following = following
        """The offset at which the partition ended when reading began."""
        self.open = True

    def take(self, records: list[ConsumerRecord]) -> None:
        for record in records:
            if record.offset >= self.following:
                break
            position = position_of(record)
            # Written twice by a broker that did not say so the first time: positions in a partition only grow.
            if position > self.last:
                self.records.append((position, record))
                self.last = position
        self.open = records[-1].offset + 1 < self.following


async def entries_on_kafka(cluster: Cluster, *, upto: int | None = None) -> AsyncGenerator[list[EntryRow], None]:
    """Pages of stored rows in position order, up to a position, or to the ends of the topics as they are now.

    :raises BadInput: a position stands in neither topic, or a record is no entry.
    :raises BrokerRefused: a topic is not there. ``BrokerUnavailable``: the cluster is away.
    """
    async with consuming(cluster, "restore") as consumer:
        partitions: list[TopicPartition] = []
        for topic in (ENTRIES, RESTRICTED):
            found = await partitions_of(consumer, topic)
            if not found:
                raise BrokerRefused(f"topic {topic} does not exist or this user may not read it: both are needed, a restore skips nothing")
            partitions += found
        consumer.assign(partitions)
        shares: dict[TopicPartition, _Share] = {}
        for partition, (first, following) in (await bounds(consumer, partitions)).items():
            consumer.seek(partition, first)
            shares[partition] = _Share(following)
            shares[partition].open = first < following
        page: list[EntryRow] = []
        position = 1
        silent_since = asyncio.get_running_loop().time()
        while True:
            position = _drain(shares, position, page)
            if upto is not None and position > upto:
                del page[len(page) - (position - 1 - upto) :]
                yield page
                return
            if len(page) >= PAGE:
                yield page
                page = []
            if not any(share.open for share in shares.values()):
                break
            hungry = [p for p, share in shares.items() if share.open and len(share.records) < _HELD]
            if not hungry:
                raise BadInput(f"position {position} stands neither in {ENTRIES} nor in {RESTRICTED}: the topics are not whole")
            consumer.pause(*(p for p in partitions if p not in hungry))
            consumer.resume(*hungry)
            with plainly("reading entries"):
                fetched = await consumer.getmany(*hungry, timeout_ms=500)
            for partition, records in fetched.items():
                shares[partition].take(records)
            now = asyncio.get_running_loop().time()
            if fetched:
                silent_since = now
            elif now - silent_since > _SILENCE:
                raise BrokerUnavailable(f"nothing came from Kafka for {_SILENCE:.0f} s while position {position} was read: is it away?")
        if any(share.records for share in shares.values()):
            raise BadInput(f"position {position} stands neither in {ENTRIES} nor in {RESTRICTED}: the topics are not whole")
        if page:
            yield page


def _drain(shares: dict[TopicPartition, _Share], position: int, page: list[EntryRow]) -> int:
    """Move what follows without a gap to the page; the position that is wanted next."""
    heads: dict[int, _Share] = {}
    for share in shares.values():
        while share.records and share.records[0][0] < position:
            share.records.popleft()
        if share.records:
            heads[share.records[0][0]] = share
    while position in heads:
        share = heads.pop(position)
        page.append(row_of(share.records.popleft()[1]))
        if share.records:
            heads[share.records[0][0]] = share
        position += 1
    return position
