"""Intake: batches from all submission topics into the sequencer.

The ledger reads from where its own tables say it stands, never from offsets that Kafka keeps. A partition's records are handed
in as stretches, the next before the one before is written; when anything goes wrong, what is on its way is let go and the
partitions are read again from where the ledger stands. What was written is not written again: its stretch begins elsewhere.

Back-pressure: while too many submissions wait, the partitions are paused; the client fetches nothing more, and Kafka keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from ledger.admission import Examined
from ledger.authority import Credential
from ledger.errors import Fenced, LedgerError, Overloaded
from ledger.examination import Examiner
from ledger.verdict import Message, Reason, violation
from streams.kafka.admin import Admin
from streams.kafka.clients import all_partitions, consuming, topic_ids
from streams.kafka.connection import Cluster, plainly
from streams.kafka.keeper import Pulse
from streams.kafka.places import Places
from streams.kafka.silence import Ends, Silence
from streams.kafka.speakers import Speakers
from streams.kafka.submissions import structured
from streams.kafka.tolerant import UNREADABLE
from streams.kafka.topics import SUBMISSIONS
from streams.postgres.store import Store
from streams.stretch import Redelivered, Stretch
from streams.writer import Writer

_SLICE = 100
"""Events that are examined before others get their turn."""
_POLL_MS = 200
_LOOK_SECONDS = 5.0
"""How often new topics are looked for."""
_STRETCH = 2_000


_NO_TEXT = violation(
    Reason.R01,
    "",
    "dit bericht, of een ander in dezelfde zending, heeft een hoofding waarvan de naam geen UTF-8 is: stuur de zending opnieuw zonder die",
    "this record, or another of the same batch, has a header whose name is no UTF-8: send the batch again without it",
)


class Intake:
    """Reads submission topics until it is cancelled."""

    def __init__(
        self,
        cluster: Cluster,
        store: Store,
        sequencer: Writer,
        examiner: Examiner,
        speakers: Speakers,
        *,
        decided: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        """``decided`` is called after verdicts were written; ``say`` hears why a topic is not read."""
        self._cluster = cluster
        self._store = store
        self._sequencer = sequencer
        self._examine = examiner.examine
        self._speakers = speakers
        self._decided = decided
        self._most = max(1, store.settings.queue_events // 2)
        self._places = Places(store)
        self._calls: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._failure: LedgerError | None = None
        self._silence = Silence()
        self._say = say
        self._said: dict[TopicPartition, Message] = {}
        self.pulse = Pulse()
        self.taken = 0
        """Records handed in and answered since the start."""

    @property
    def ends(self) -> dict[TopicPartition, Ends]:
        """What each partition held when the cluster was asked last."""
        return self._silence.ends | self._places.ends

    @property
    def troubles(self) -> dict[TopicPartition, Message]:
        """Partitions that are not read, and why."""
        return self._places.troubles

    @property
    def lost(self) -> int:
        """Records that were gone before they were read, since the start."""
        return self._places.lost

    async def begin_anew(self, partition: TopicPartition, told_after: int) -> None:
        """Read a partition from its beginning. ``StoreUnavailable`` when that cannot be noted."""
        await self._places.begin_anew(partition, told_after)
        if self._failure is None:
            self._failure = Redelivered("a partition is read from its beginning")

    async def run(self) -> None:
        """Read until cancelled.

        :raises LedgerError: the cluster or the database is away, or does not let the ledger in; call it again after a while.
        """
        # Nothing is known of before: a new client has no partitions yet, and where they stand is asked anew.
        self._places.forget()
        self._failure = None
        async with Admin(self._cluster) as admin:
            await self._places.same_cluster(await admin.cluster_id())
        self.pulse.beat()
        try:
            async with consuming(self._cluster, "intake", leap=False) as consumer:
                await self._read(consumer)
        finally:
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            self._waiting = 0

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        loop = asyncio.get_running_loop()
        look_at = 0.0
        while True:
            self.pulse.beat()
            if self._failure is not None:
                await self._rewind(consumer)
            if loop.time() >= look_at:
                await self._look(consumer)
                await self._silence.listen(consumer)
                look_at = loop.time() + _LOOK_SECONDS
            if not self._places.at:
                await asyncio.sleep(_POLL_MS / 1000)
                continue
            await self._make_room(consumer)
            if self._failure is not None:
                continue
            with plainly("reading submissions"):
                fetched = await consumer.getmany(*self._places.at, timeout_ms=_POLL_MS, max_records=_STRETCH)
            await self._places.begin(consumer, {partition.topic for partition in fetched})
            await self._speakers.refresh(partition.topic.removeprefix(SUBMISSIONS) for partition in fetched)
            for partition, records in fetched.items():
                await self._hand_in(partition, records)

    async def _make_room(self, consumer: AIOKafkaConsumer) -> None:
        if self._waiting < self._most:
            return
        consumer.pause(*self._places.at)
        while self._waiting >= self._most and self._failure is None:
            await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)
            self.pulse.beat()
        consumer.resume(*self._places.at)
        self._silence.forget()

    async def _hand_in(self, partition: TopicPartition, records: Sequence[ConsumerRecord]) -> None:
        credential = self._speakers.credential(partition.topic.removeprefix(SUBMISSIONS))
        examined: list[Examined] = []
        for start in range(0, len(records), _SLICE):
            examined += [self._judge(record, credential) for record in records[start : start + _SLICE]]
            await asyncio.sleep(0)
        stretch = Stretch((partition.topic, partition.partition), self._places.at[partition], [record.offset + 1 for record in records])
        self._places.at[partition] = stretch.ends[-1]
        self._waiting += len(examined)
        call = asyncio.create_task(self._submit(examined, stretch))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        # It is in the queue before the next one: stretches of a partition are handed in in order.
        await asyncio.sleep(0)

    def _judge(self, record: ConsumerRecord, credential: Credential) -> Examined:
        if record.headers is UNREADABLE:
            return Examined(raw=b"", credential=credential, id=None, source=None, type=None, violations=(_NO_TEXT,))
        return self._examine(structured(record.value, record.headers), credential)

    async def _submit(self, examined: list[Examined], stretch: Stretch) -> None:
        try:
            await self._sequencer.submit(examined, stretch=stretch)
            self.taken += len(examined)
            self._decided()
        except LedgerError as error:
            if self._failure is None or isinstance(error, Fenced):
                self._failure = error
        finally:
            self._waiting -= len(examined)

    async def _rewind(self, consumer: AIOKafkaConsumer) -> None:
        """Let go of everything that is on its way and read again from where the ledger stands."""
        await asyncio.gather(*self._calls, return_exceptions=True)
        failure, self._failure = self._failure, None
        if isinstance(failure, Overloaded):
            await asyncio.sleep(min(failure.retry_after, 1.0))
        elif not isinstance(failure, Redelivered):
            assert failure is not None
            raise failure
        await self._find(consumer, self._places.known())

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """Take up topics that are new, and let go of those that are no more, or are others of the same name."""
        found = set(await all_partitions(consumer, SUBMISSIONS))
        self.pulse.beat()
        if found == self._places.known() and await topic_ids(consumer, {partition.topic for partition in found}) == self._places.ids:
            return
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._find(consumer, found)

    async def _find(self, consumer: AIOKafkaConsumer, partitions: set[TopicPartition]) -> None:
        self._silence.forget()
        await self._places.find(consumer, sorted(partitions))
        self.pulse.beat()
        for partition, why in self._places.troubles.items():
            if self._said.get(partition) != why:
                self._say(f"Kafka, {partition.topic.removeprefix(SUBMISSIONS)}: {why.en}.")
        self._said = dict(self._places.troubles)
