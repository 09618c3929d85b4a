"""Where the ledger stands in each partition of the submission topics, and which of them it cannot read.

A topic with another id than the one that was read was deleted and made anew, even if it holds more by now; one that ends before where
the ledger stands lost its end. Either is set aside, and all others are read on: from where it is to be read, only a person can say
(``ledger kafka reread``). A topic whose first records are gone before they
were read is read on, and the loss is told.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from ledger.errors import UsageError
from ledger.verdict import Message
from streams.kafka.clients import bounds, topic_ids
from streams.kafka.silence import Ends
from streams.kafka.topics import SUBMISSIONS
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.stretch import Partition

log = logging.getLogger(__name__)


class Places:
    """Kept by the intake, from the start of a client to its end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.at: dict[TopicPartition, int | None] = {}
        """Where the next stretch of each partition that is read begins, as the ledger knows it; None: it never read it."""
        self.troubles: dict[TopicPartition, Message] = {}
        """Partitions that are not read, and why."""
        self.ends: dict[TopicPartition, Ends] = {}
        """Of partitions that are not read, as last told."""
        self.ids: dict[str, uuid.UUID] = {}
        """Which topics have the names, as last told."""
        self.lost = 0
        """Records that were gone before they were read, since the start."""

    def forget(self) -> None:
        """A new client has no partitions yet, and where they stand is asked anew."""
        self.at = {}
        self.troubles = {}
        self.ends = {}

    def known(self) -> set[TopicPartition]:
        """Partitions that were looked at."""
        return {*self.at, *self.troubles}

    async def same_cluster(self, cluster_id: str) -> None:
        """Whether the offsets are those of this cluster.

        :raises UsageError: entries went to another one, so submissions came from there too.
        """
        with plainly():
            mark = await self._store.pool.fetchrow(sql("relay_mark"))
        if mark is not None and mark["cluster_id"] != cluster_id:
            raise UsageError(
                f"this ledger read from and wrote to another Kafka cluster ({mark['cluster_id']}) than this one ({cluster_id}): "
                "name that one, or move to this one as docs/how-to/kafka.md says"
            )

    async def find(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        """Assign the partitions that can be read, each from where the ledger stands."""
        consumer.assign(partitions)
        ends = await bounds(consumer, partitions)
        with plainly():
            rows = await self._store.pool.fetch(sql("places"))
        saved: dict[Partition, tuple[int, bool]] = {(row["topic"], row["partition"]): (row["next_offset"], row["reread"]) for row in rows}
        begun = {topic for (topic, _), (_, anew) in saved.items() if not anew}
        others = await self._others(consumer, {partition.topic for partition in partitions}, begun)
        self.forget()
        starts: dict[TopicPartition, int] = {}
        for partition, (first, following) in ends.items():
            stands, anew = saved.get((partition.topic, partition.partition), (None, False))
            if stands is not None and not anew and (partition.topic in others or stands > following):
                self.ends[partition] = Ends(first, following)
                anew_made = partition.topic in others
                self.troubles[partition] = _another(partition, stands) if anew_made else _shorter(partition, stands, following)
                said = "a topic was made anew" if anew_made else "a topic ends before where the ledger stands"
                log.error(said, extra={"fields": {"topic": partition.topic, "stands": stands}})
                continue
            if stands is not None and stands < first and not anew:
                self.lost += first - stands
                log.error("records were gone before they were read", extra={"fields": {"topic": partition.topic, "lost": first - stands}})
            self.at[partition] = stands
            starts[partition] = first if stands is None or anew else max(stands, first)
        # No pause from here on: a client that is assigned something and not told where it begins asks nobody, and says so.
        consumer.assign(list(starts))
        for partition, start in starts.items():
            consumer.seek(partition, start)

    async def _others(self, consumer: AIOKafkaConsumer, topics: set[str], begun: set[str]) -> set[str]:
        """Topics that are not those that were ``begun`` under their names. The rest is noted, before anything of it is read."""
        self.ids = await topic_ids(consumer, topics)
        with plainly():
            await self._store.pool.execute(sql("note_topics"), list(self.ids), list(self.ids.values()))
            noted = {row["topic"]: row["topic_id"] for row in await self._store.pool.fetch(sql("submission_topics"))}
            others = {topic for topic, told in self.ids.items() if noted[topic] != told}
            for topic in others - begun:
                await self._store.pool.execute(sql("renote_topic"), topic, self.ids[topic])
        return others & begun

    async def begin(self, consumer: AIOKafkaConsumer, topics: set[str]) -> None:
        """Before the first records of a topic are handed in: which topic it is may have changed since it was looked for."""
        first = topics - {partition.topic for partition, stands in self.at.items() if stands is not None}
        for topic, told in (await topic_ids(consumer, first)).items():
            if self.ids.get(topic) != told:
                self.ids[topic] = told
                with plainly():
                    await self._store.pool.execute(sql("renote_topic"), topic, told)

    async def begin_anew(self, partition: TopicPartition, told_after: int) -> None:
        """Note that a partition is to be read from its beginning, and which topic it is now."""
        with plainly():
            await self._store.pool.execute(sql("renote_topic"), partition.topic, self.ids.get(partition.topic))
            await self._store.pool.execute(sql("reread"), partition.topic, partition.partition, told_after)


def _another(partition: TopicPartition, stands: int) -> Message:
    topic, publisher = partition.topic, partition.topic.removeprefix(SUBMISSIONS)
    return Message(
        nl=(
            f"{topic} werd verwijderd en opnieuw gemaakt: het register las een ander onderwerp met die naam tot aan {stands}; "
            f"'ledger kafka reread {publisher}' leest dit van voren af aan, en wat het register al kent is dan dubbel"
        ),
        en=(
            f"{topic} was deleted and made anew: the ledger read another topic of that name up to offset {stands}; "
            f"'ledger kafka reread {publisher}' reads this one from its beginning, where what the ledger knows is a duplicate"
        ),
    )


def _shorter(partition: TopicPartition, stands: int, following: int) -> Message:
    topic, publisher = partition.topic, partition.topic.removeprefix(SUBMISSIONS)
    return Message(
        nl=(
            f"het register las {topic} tot aan {stands} en het eindigt bij {following}: het verloor zijn einde, of werd opnieuw gemaakt; "
            f"'ledger kafka reread {publisher}' leest het van voren af aan, en wat het register al kent is dan dubbel"
        ),
        en=(
            f"the ledger read {topic} up to offset {stands} and it ends at {following}: it lost its end, or was made anew; "
            f"'ledger kafka reread {publisher}' reads it from its beginning, where what the ledger knows is a duplicate"
        ),
    )
