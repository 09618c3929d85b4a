"""Verdicts as they come in on a publisher's verdict topic, each to whoever waits for it.

A verdict carries the offset of its submission, in the partition of the same number. A verdict may come twice (a broker that wrote
and did not say so); who waits has it by then, so the second falls on the floor.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError

from publisher.errors import NotAllowed, Unreachable
from publisher.patience import FIRST_PAUSE
from publisher.verdict import Verdict

SUBMISSION = "submission_offset"
"""Header of a verdict: the offset of the submission."""
Place = tuple[int, int]
"""Partition and offset of a submission."""
_decode = msgspec.json.Decoder(Verdict).decode


class Told:
    """Reads one verdict topic from its present end on, and hands verdicts out."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str) -> None:
        self._consumer = consumer
        self._topic = topic
        self._waiting: dict[Place, asyncio.Future[Verdict]] = {}
        self._early: dict[Place, Verdict] = {}
        """Verdicts that came before the broker's word where the submission stands; kept only while something is being sent."""
        self._sending = 0

    async def begin(self, producer: AIOKafkaProducer) -> None:
        """Stand at the end of the topic. ``NotAllowed`` when it is not there or may not be read.

        The producer is asked which partitions there are: a consumer without a group does not learn of a topic by being asked.
        """
        try:
            partitions = [TopicPartition(self._topic, number) for number in sorted(await producer.partitions_for(self._topic))]
            self._consumer.assign(partitions)
            for partition, end in (await self._consumer.end_offsets(partitions)).items():
                self._consumer.seek(partition, end)
        except (TopicAuthorizationFailedError, UnknownTopicOrPartitionError) as error:
            raise self._forbidden() from error
        except KafkaError as error:
            raise Unreachable(f"Kafka does not tell where {self._topic} ends ({type(error).__name__}): try again") from error

    async def listen(self) -> None:
        """Hand out verdicts until cancelled. While the cluster is away it waits, the client connects again by itself."""
        while True:
            try:
                for records in (await self._consumer.getmany(timeout_ms=500)).values():
                    for record in records:
                        self._take(record)
            except TopicAuthorizationFailedError:
                self._fail(self._forbidden())
                await asyncio.sleep(FIRST_PAUSE)
            except (KafkaError, OSError):
                await asyncio.sleep(FIRST_PAUSE)

    @contextlib.contextmanager
    def sending(self) -> Iterator[None]:
        """Around a submission on its way: its verdict may be there before its offset is known."""
        self._sending += 1
        try:
            yield
        finally:
            self._sending -= 1
            if not self._sending:
                self._early.clear()

    def expect(self, place: Place) -> asyncio.Future[Verdict]:
        """The verdict on the submission at this place, when it comes. Call it inside :meth:`sending`."""
        future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        if place in self._early:
            future.set_result(self._early.pop(place))
        else:
            self._waiting[place] = future
        return future

    def forget(self, place: Place) -> None:
        """Nobody waits for this one any more."""
        self._waiting.pop(place, None)

    def _take(self, record: ConsumerRecord) -> None:
        try:
            place = record.partition, int(dict(record.headers)[SUBMISSION])
            verdict = _decode(record.value)
        except (KeyError, ValueError, TypeError, msgspec.MsgspecError):
            return  # not a verdict that this version can read
        future = self._waiting.pop(place, None)
        if future is None:
            if self._sending:
                self._early[place] = verdict
        elif not future.done():
            future.set_result(verdict)

    def _fail(self, error: NotAllowed) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()

    def _forbidden(self) -> NotAllowed:
        return NotAllowed(
            f"this user may not read {self._topic}, or there is no such topic: the ledger's operator makes it with 'ledger kafka topics'"
        )
