"""Faust as the workers use it: one stream element is one fetched batch of one partition, and offsets come from PostgreSQL.

Faust's way of one message at a time costs forty times what reading costs (docs/decisions/0013-workers.md). Its consumer is
therefore given two ways of its own: what it yields, and where it reads on after its partitions changed.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import faust
from aiokafka import ConsumerRecord
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP, ConsumerMessage

from ledger.errors import BadInput
from ledger.verdict import StreamId
from streams.kafka.entry_record import position_of
from streams.kafka.worker_turn import Batch

log = logging.getLogger(__name__)

Offsets = Callable[[], Awaitable[Mapping[tuple[str, int], int]]]
"""Asks where to read on in each partition."""


def batch_of(topic: str, partition: int, records: Sequence[ConsumerRecord]) -> Batch:
    """What a worker needs of fetched records. A record that is no entry is told in the log and left out: no turn can come of it."""
    changed: list[tuple[int, StreamId]] = []
    for record in records:
        try:
            changed.append((position_of(record), StreamId(record.key.decode())))
        except (BadInput, AttributeError, UnicodeDecodeError) as error:
            log.error("no entry: %s", error if isinstance(error, BadInput) else f"{topic} {partition} offset {record.offset} has no key")
    return Batch(topic=topic, partition=partition, start=records[0].offset, end=records[-1].offset + 1, changed=changed)


class _Forgetful(dict[TP, int | None]):
    """What Faust remembers to have read, and would drop when it is read again: nothing. What was applied, PostgreSQL knows."""

    def __getitem__(self, _: TP) -> int | None:
        return None

    def __setitem__(self, _: TP, __: int | None) -> None:
        pass


class BatchConsumer(Consumer):
    """Yields each partition's fetched records as one message, and begins where the views stand."""

    offsets: Offsets

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._read_offset = _Forgetful()

    async def perform_seek(self) -> None:
        """Read on where PostgreSQL says. Faust calls this after its partitions changed, and when a fetch raced a stop."""
        saved = await type(self).offsets()
        places = {tp: saved.get((tp.topic, tp.partition), 0) for tp in self.assignment()}
        if places:
            await self.seek_wait(places)

    async def again(self, tp: TP, offset: int) -> None:
        """Read a partition again from an offset, if it is still ours."""
        if tp in self.assignment():
            await self.seek_wait({tp: offset})

    def ends(self) -> dict[tuple[str, int], int]:
        """Where the partitions that are ours end, as far as the brokers told."""
        told = {(tp.topic, tp.partition): self.highwater(tp) for tp in self.assignment()}
        return {place: end for place, end in told.items() if end is not None}

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109  the shape of Faust's own
        """One message for each partition that has records."""
        fetched, active = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        if fetched is None or self.should_stop:
            return
        if not self.flow_active:
            await self.perform_seek()
            return
        for partition, records in fetched.items():
            tp = TP(partition.topic, partition.partition)
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            # What is left out here is missed by the comparison of the next batch, and read again.
            if records and (active is None or tp in active or tp in self._buffered_partitions):
                yield tp, self._message(tp, records)

    def _message(self, tp: TP, records: Sequence[ConsumerRecord]) -> ConsumerMessage:
        last = records[-1]
        return ConsumerMessage(
            *(tp.topic, tp.partition, last.offset, last.timestamp / 1000.0, last.timestamp_type, None, None),
            batch_of(tp.topic, tp.partition, records),  # type: ignore[arg-type]  # passed through by PassingSchema
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )


class PassingSchema(faust.Schema[Any, Any]):
    """Takes keys and values as they are."""

    def loads_key(self, app: Any, message: Any, **_: Any) -> Any:
        """The key."""
        return message.key

    def loads_value(self, app: Any, message: Any, **_: Any) -> Any:
        """The value: a batch."""
        return message.value


def batching(offsets: Offsets) -> type[Transport]:
    """A transport whose consumer yields batches and reads on where ``offsets`` says."""

    class OfThisWorker(BatchConsumer):
        pass

    OfThisWorker.offsets = staticmethod(offsets)

    class BatchTransport(Transport):
        Consumer = OfThisWorker

    return BatchTransport
