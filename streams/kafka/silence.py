"""Noticing that a consumer has fallen silent: records wait in a partition, and none comes.

aiokafka reads in tasks of its own. When one of them dies, or waits for a leader that it never hears of, ``getmany`` answers
"nothing" for ever, as it does when there is nothing. Only the ends of the partitions tell the two apart.
"""

from __future__ import annotations

import asyncio

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from ledger.errors import BrokerUnavailable
from streams.kafka.clients import bounds

SILENT_SECONDS = 20.0
"""How long a partition that holds records may stand still before the connections are made anew."""


class Ends(msgspec.Struct, frozen=True):
    """What a partition held when it was last asked."""

    first: int
    following: int


class Silence:
    """Listens to a consumer, now and then."""

    def __init__(self, seconds: float = SILENT_SECONDS) -> None:
        self._seconds = seconds
        self._still: dict[TopicPartition, tuple[int, float]] = {}
        """Where each partition stood, and since when."""
        self._unanswered: float | None = None
        """Since when the cluster does not tell the ends."""
        self.ends: dict[TopicPartition, Ends] = {}
        """Of each partition that is read, as last told."""

    def forget(self) -> None:
        """The partitions stood still because they were told to, or they are read from elsewhere."""
        self._still = {}
        self._unanswered = None

    async def listen(self, consumer: AIOKafkaConsumer) -> None:
        """Ask for the ends and compare.

        :raises BrokerUnavailable: the cluster is away for long, or the consumer is silent though records wait.
        """
        if consumer._fetcher is not None and consumer._fetcher.error_future.done():
            raise BrokerUnavailable("the client of Kafka stopped reading; it is made anew, nothing is lost")
        partitions = sorted(consumer.assignment())
        if not partitions:
            return
        now = asyncio.get_running_loop().time()
        try:
            self.ends = {partition: Ends(*ends) for partition, ends in (await bounds(consumer, partitions)).items()}
            self._unanswered = None
        except BrokerUnavailable:
            # A partition that has no leader for a while must not keep the others from being read.
            self._unanswered = self._unanswered or now
            if now - self._unanswered > self._seconds:
                raise
            return
        for partition in partitions:
            self._compare(partition, _position(consumer, partition), now)

    def _compare(self, partition: TopicPartition, position: int, now: float) -> None:
        stood, since = self._still.get(partition, (None, now))
        end = self.ends[partition].following
        if position != stood or position >= end:
            since = now
        self._still[partition] = (position, since)
        if now - since > self._seconds:
            self.forget()
            raise BrokerUnavailable(
                f"nothing came of {partition.topic} for {now - since:.0f} s though {end - max(position, 0)} records wait there; "
                "the connections are made anew, nothing is lost"
            )


def _position(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int:
    """Where it reads next; -1 while it does not know."""
    state = consumer._subscription.subscription.assignment.state_value(partition)
    return int(state.position) if state.has_valid_position else -1
