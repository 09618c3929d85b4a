"""The ledger's Kafka side: intake, verdicts and relay beside the sequencer, each kept running, and how they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiokafka import TopicPartition

from ledger.errors import NotFound, UsageError
from streams.kafka.clients import bounds, consuming, partitions_of
from streams.kafka.connection import Cluster, quiet
from streams.kafka.deliverer import Deliverer
from streams.kafka.intake import Intake
from streams.kafka.keeper import Keeper
from streams.kafka.relay import Relay
from streams.kafka.speakers import Speakers
from streams.kafka.topics import SUBMISSIONS, VERDICTS
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.stretch import Partition
from streams.transport import PartStanding, PublisherStanding, TransportStanding
from streams.wiring import Parts


class KafkaSide:
    """All that moves between a running ledger and a cluster. ``say`` hears a sentence when something goes wrong, and when it is mended."""

    def __init__(self, cluster: Cluster, parts: Parts, say: Callable[[str], None]) -> None:
        self._cluster = cluster
        self._store = parts.store
        self._deliverer = Deliverer(cluster, parts.store)
        self._relay = Relay(cluster, parts.store)
        speakers = Speakers(parts.publishers, parts.ledger.mode, parts.settings.credential_cache_seconds)
        self._intake = Intake(cluster, parts.store, parts.sequencer, parts.examiner, speakers, decided=self._deliverer.wake, say=say)
        kept = (("intake", self._intake), ("verdicts", self._deliverer), ("relay", self._relay))
        self._keepers = [Keeper(name, part, say) for name, part in kept]

    async def run(self) -> None:
        """Run until cancelled, or until another ledger took over the writing."""
        with quiet():
            async with asyncio.TaskGroup() as group:
                for keeper in self._keepers:
                    group.create_task(keeper.keep())

    def parts(self) -> tuple[PartStanding, ...]:
        """How its parts stand; needs neither the cluster nor the database."""
        return tuple(keeper.standing() for keeper in self._keepers)

    async def standing(self) -> TransportStanding:
        """How it stands. ``StoreUnavailable`` when the database is away."""
        publishers = await self._publishers()
        head = (await self._store.head()).position
        with plainly():
            mark = await self._store.pool.fetchrow(sql("relay_mark"))
        relayed = min(head, max(self._relay.position, mark["position"] if mark is not None else 0))
        return TransportStanding(
            servers=self._cluster.servers,
            parts=self.parts(),
            publishers=tuple(publishers),
            lag=sum(one.lag for one in publishers),
            undelivered=sum(one.undelivered for one in publishers),
            relayed=relayed,
            relay_lag=head - relayed,
            taken=self._intake.taken,
            delivered=self._deliverer.delivered,
            lost=self._intake.lost,
        )

    async def reread(self, publisher: str) -> int:
        """Read a publisher's topic from its beginning; how many records it holds.

        :raises NotFound: there is no such topic.
        :raises UsageError: verdicts on what was read of it are still to be told.
        :raises BrokerUnavailable: the cluster is away, or the verdict topic is not there.
        """
        mine = [partition for partition in self._intake.ends if partition.topic == SUBMISSIONS + publisher]
        if not mine:
            raise NotFound(f"no topic {SUBMISSIONS}{publisher} is read: see 'ledger status'; the intake must run")
        if any(one.undelivered for one in await self._publishers() if one.publisher == publisher):
            raise UsageError("verdicts on what was read of this topic are still to be told: try again when 'ledger status' shows none")
        told = [TopicPartition(VERDICTS + publisher, partition.partition) for partition in mine]
        async with consuming(self._cluster, "verdicts-end") as consumer:
            if not await partitions_of(consumer, VERDICTS + publisher):
                raise NotFound(f"topic {VERDICTS}{publisher} does not exist: make it with 'ledger kafka topics'")
            consumer.assign([*mine, *told])
            # Those of the topic too: what the intake was told of it may be of a while ago.
            ends = await bounds(consumer, [*mine, *told])
        for partition, verdicts in zip(mine, told, strict=True):
            await self._intake.begin_anew(partition, ends[verdicts][1])
            self._deliverer.forget((verdicts.topic, verdicts.partition))
        return sum(ends[partition][1] - ends[partition][0] for partition in mine)

    async def _publishers(self) -> list[PublisherStanding]:
        saved = await self._store.offsets()
        with plainly():
            rows = await self._store.pool.fetch(sql("owed_verdicts"))
        owed: dict[Partition, int] = {(row["topic"], row["partition"]): row["owed"] for row in rows}
        ends = {(partition.topic, partition.partition): end for partition, end in self._intake.ends.items()}
        troubles = {(partition.topic, partition.partition): said for partition, said in self._intake.troubles.items()}
        found = []
        for partition in sorted({*saved, *ends, *owed}):
            end, why = ends.get(partition), troubles.get(partition)
            read = saved.get(partition, end.first if end is not None else 0)
            found.append(
                PublisherStanding(
                    publisher=partition[0].removeprefix(SUBMISSIONS),
                    partition=partition[1],
                    read=read,
                    # It was told a while ago: what is read is there, unless the topic is another one now.
                    end=None if end is None else end.following if partition in troubles else max(end.following, read),
                    lag=0 if end is None else max(0, end.following - max(read, end.first)),
                    undelivered=owed.get(partition, 0),
                    trouble=None if why is None else why.en,
                    message=why,
                )
            )
        return found
