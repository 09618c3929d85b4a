"""Consumers and producers as the ledger uses them, and what it asks of a topic's two ends."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from streams.kafka.connection import Cluster, plainly, start
from streams.kafka.ending import end
from streams.kafka.tolerant import tolerate
from streams.kafka.topic_ids import AskIds, ids_of

FETCH_BYTES = 1024 * 1024
"""Of one partition at a time: what the client holds ahead of the reader."""
BATCH_BYTES = 512 * 1024
"""The largest batch that is sent; the brokers take 1 MiB."""
SEND_SECONDS = 20.0
"""How long a batch, or the last records of a topic, are waited for before the client is made anew."""
_ONE_NODE_SECONDS = 3.0
"""How long one node is waited for before another is asked, where any will do."""
_AGAIN_SECONDS = 0.1
Header = tuple[str, bytes]


@contextlib.asynccontextmanager
async def consuming(cluster: Cluster, name: str, *, leap: bool = True) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group: it reads what it is assigned, from where it is told. Nothing is committed to Kafka.

    ``leap``: it goes on at the beginning when an offset is not there any more; else it raises.
    """
    tolerate()
    consumer = AIOKafkaConsumer(
        **cluster.arguments(name),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest" if leap else "none",
        isolation_level="read_committed",
        max_partition_fetch_bytes=FETCH_BYTES,
        fetch_max_wait_ms=100,
    )
    try:
        await start(consumer, cluster)
        yield consumer
    finally:
        await end(consumer)


@contextlib.asynccontextmanager
async def producing(cluster: Cluster, name: str) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent producer that waits for every in-sync copy."""
    producer = AIOKafkaProducer(**cluster.arguments(name), acks="all", enable_idempotence=True, max_batch_size=BATCH_BYTES, linger_ms=0)
    try:
        await start(producer, cluster)
        yield producer
    finally:
        # What is not acknowledged by now is not sent any more: whoever reads the topic's end sends it again.
        await end(producer)


async def partitions_of(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """The partitions of a topic; none when it does not exist or may not be seen."""
    return [partition for partition in await all_partitions(consumer, topic) if partition.topic == topic]


async def all_partitions(consumer: AIOKafkaConsumer, prefix: str) -> list[TopicPartition]:
    """The partitions of all topics whose names begin so and that this user may see."""
    with plainly(f"asking for the topics {prefix}…"):
        # The consumer's own topics() forgets what it was told of partitions.
        async with asyncio.timeout(SEND_SECONDS):
            known = await consumer._client.fetch_all_metadata()
    names = sorted(name for name in known.topics() if name.startswith(prefix))
    return [TopicPartition(name, number) for name in names for number in sorted(known.partitions_for_topic(name) or ())]


async def topic_ids(consumer: AIOKafkaConsumer, names: Collection[str]) -> dict[str, uuid.UUID]:
    """The ids of topics; none from a cluster that gives none (before Kafka 2.8). ``BrokerUnavailable`` when nobody answers."""
    if not names:
        return {}
    client = consumer._client
    with plainly("asking which topics they are"):
        async with asyncio.timeout(SEND_SECONDS):
            while True:
                # A node is asked by chance. One that is down, goes down or is paused does not mean that the cluster is.
                node = client.get_random_node()
                try:
                    async with asyncio.timeout(_ONE_NODE_SECONDS):
                        if node is not None and await client.ready(node):
                            return ids_of(await client.send(node, AskIds(sorted(names))))
                except (IncompatibleBrokerVersion, NotImplementedError):
                    return {}
                except (KafkaError, TimeoutError):
                    pass
                await asyncio.sleep(_AGAIN_SECONDS)


async def bounds(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, tuple[int, int]]:
    """First and next offset of each. They are assigned to the consumer already: of others it knows no leader."""
    if not partitions:
        return {}
    with plainly("asking for the ends of " + ", ".join(sorted({p.topic for p in partitions}))):
        first, following = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    return {partition: (first[partition], following[partition]) for partition in partitions}


async def last_records(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, ConsumerRecord]:
    """The last record of each that holds one. The consumer's assignment is changed."""
    found: dict[TopicPartition, ConsumerRecord] = {}
    if partitions:
        consumer.assign(list(partitions))
    held = {partition: ends for partition, ends in (await bounds(consumer, partitions)).items() if ends[1] > ends[0]}
    if not held:
        return found
    consumer.assign(list(held))
    for partition, (_, following) in held.items():
        consumer.seek(partition, following - 1)
    with plainly("reading the last records"):
        async with asyncio.timeout(SEND_SECONDS):
            while len(found) < len(held):
                for partition, records in (await consumer.getmany(timeout_ms=200)).items():
                    found[partition] = records[-1]
    return found


Message = tuple[bytes | None, bytes, Sequence[Header]]
"""Key, value and headers."""


async def send_in_order(
    producer: AIOKafkaProducer, topic: str, partition: int, messages: Iterable[Message], *, sent: Callable[[], None] | None = None
) -> None:
    """Send messages to a partition, in order, each batch after the one before was acknowledged.

    So a batch that fails has nothing behind it: the topic's end tells how far it came. ``sent`` is called after each batch.

    :raises BrokerUnavailable: the cluster is away. ``BrokerRefused``: the topic is not there or not ours.
    """
    with plainly(f"writing to {topic}"):
        builder: BatchBuilder = producer.create_batch()
        for key, value, headers in messages:
            if builder.append(key=key, value=value, headers=headers, timestamp=None) is None:
                await _send(producer, builder, topic, partition)
                if sent is not None:
                    sent()
                builder = producer.create_batch()
                builder.append(key=key, value=value, headers=headers, timestamp=None)
        if builder.record_count():
            await _send(producer, builder, topic, partition)


async def _send(producer: AIOKafkaProducer, builder: BatchBuilder, topic: str, partition: int) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await (await producer.send_batch(builder, topic, partition=partition))
