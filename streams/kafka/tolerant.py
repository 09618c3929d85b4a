"""Reading on after a record that the client cannot read.

A broker takes records whose header names are no UTF-8; no client writes such by itself, but whoever may write to a topic can, and
aiokafka then raises for ever at that record. So its reader is told to go on: the record, and those behind it in the same batch,
come out as :data:`UNREADABLE`, and the next batch as usual.
"""

from __future__ import annotations

from collections.abc import Iterator

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.memory_records import MemoryRecords

UNREADABLE = (("\0unreadable", b""),)
"""The headers of a record that could not be read: no header's name can be this one's, which holds a NUL."""


class _Remembering:
    """Fetched batches, with the one that was taken last."""

    def __init__(self, records: MemoryRecords) -> None:
        self._records = records
        self.following = 0
        """The offset after the batch that was taken last."""

    def has_next(self) -> bool:
        """Whether there is another batch."""
        return bool(self._records.has_next())

    def next_batch(self) -> object:
        """The next batch."""
        batch = self._records.next_batch()
        self.following = batch.next_offset
        return batch


class TolerantRecords(fetcher.PartitionRecords):  # type: ignore[misc]
    """What aiokafka fetched of a partition, read to its end whatever is in it."""

    next_fetch_offset: int

    def __init__(self, tp: TopicPartition, records: MemoryRecords, *rest: object) -> None:
        self._batches = _Remembering(records)
        super().__init__(tp, self._batches, *rest)

    def _unpack_records(self) -> Iterator[ConsumerRecord]:
        while True:
            try:
                yield from super()._unpack_records()
                return
            except UnicodeDecodeError:
                for offset in range(self.next_fetch_offset, self._batches.following):
                    self.next_fetch_offset = offset + 1
                    yield ConsumerRecord(self._tp.topic, self._tp.partition, offset, 0, 0, None, None, None, -1, -1, UNREADABLE)


def tolerate() -> None:
    """Let every consumer of this process read so."""
    fetcher.PartitionRecords = TolerantRecords
