"""A ledger's Kafka side in one process, for tests: publishers that write, an intake that reads, verdicts that are read back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence

import msgspec
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.record.util import calc_crc32c

from ledger.codes.roles import Role
from ledger.errors import BrokerUnavailable
from ledger.verdict import Verdict
from streams.clock import Clock, SandboxClock, SystemClock
from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.clients import bounds, consuming, partitions_of, producing, send_in_order
from streams.kafka.connection import Cluster
from streams.kafka.deliverer import SUBMISSION, Deliverer
from streams.kafka.intake import Intake
from streams.kafka.provision import provision
from streams.kafka.speakers import Speakers
from streams.kafka.topics import SUBMISSIONS, VERDICTS, load_topics
from streams.postgres.store import Store
from streams.publishers import Publishers
from streams.sequencer import Sequencer
from streams.settings import Settings
from streams.wiring import examiner_of
from tests.conftest import FOUNDED_AT
from tests.integration.feed import kbo
from tests.waiting import SECONDS
from tests.waiting import until as until

ORG = 19990100


async def prepare(broker: BrokerCluster, *publishers: str) -> None:
    """Topics and rules for these publishers, and for nobody else."""
    async with Admin(broker.cluster()) as admin:
        await provision(admin, load_topics(), publishers, check=False)


async def create(store: Store, name: str, org: int = ORG, role: Role = Role.AGENCY) -> None:
    """A credential."""
    await Publishers(store, SystemClock(), Settings()).create(name, org=kbo(org), role=role)


@contextlib.asynccontextmanager
async def taking_in(store: Store, broker: BrokerCluster, *, deliver: bool = True, remember: float = 0.0) -> AsyncIterator[Sequencer]:
    """A sequencer with intake and deliverer running; what they raise fails the test. Credentials are remembered for so many seconds."""
    ledger = await store.ledger()
    assert ledger is not None
    clock: Clock = SandboxClock(FOUNDED_AT) if ledger.mode == "sandbox" else SystemClock()
    cluster = broker.cluster()
    deliverer = Deliverer(cluster, store)
    speakers = Speakers(Publishers(store, clock, store.settings), ledger.mode, remember)
    async with Sequencer(store, clock=clock) as sequencer:
        intake = Intake(cluster, store, sequencer, examiner_of(store.keys, ledger.mode), speakers, decided=deliverer.wake, say=print)
        async with running(intake.run, *([deliverer.run] if deliver else [])):
            yield sequencer


@contextlib.asynccontextmanager
async def running(*loops: Callable[[], Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Run endless coroutines beside a block; what one of them raises ends it."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop()) for loop in loops]
        yield
        for task in tasks:
            task.cancel()


async def publish(cluster: Cluster, publisher: str, values: Iterable[bytes | None]) -> None:
    """Write records to a publisher's topic, as whoever the cluster says."""
    async with producing(cluster, "test") as producer:
        await send_in_order(producer, SUBMISSIONS + publisher, 0, [(b"key", value, []) for value in values])  # type: ignore[misc]


async def read_topic(cluster: Cluster, topic: str) -> list[ConsumerRecord]:
    """All that a topic holds, each partition in order."""
    found: list[ConsumerRecord] = []
    async with asyncio.timeout(2 * SECONDS), consuming(cluster, "test") as consumer:
        partitions = await partitions_of(consumer, topic)
        consumer.assign(partitions)
        ends = await bounds(consumer, partitions)
        wanted = {partition: end for partition, (first, end) in ends.items() if end > first}
        for partition in partitions:
            consumer.seek(partition, ends[partition][0])
        while wanted:
            for partition, records in (await consumer.getmany(timeout_ms=100)).items():
                found += records
                if records[-1].offset + 1 >= wanted[partition]:
                    wanted.pop(partition)
                    consumer.pause(partition)
    return found


async def leader_of(cluster: Cluster, topic: str, number: int = 0) -> int:
    """The node that leads a partition, once there is one."""
    async with asyncio.timeout(SECONDS), consuming(cluster, "test") as consumer:
        while True:
            known = await consumer._client.fetch_all_metadata()
            leader = known.leader_for_partition(TopicPartition(topic, number))
            if leader is not None and leader >= 0:
                return int(leader)
            await asyncio.sleep(0.1)


async def verdicts(cluster: Cluster, publisher: str, count: int, *, seconds: float = SECONDS) -> list[tuple[int, Verdict]]:
    """What was told to a publisher, once there are so many: offset of the submission with the verdict."""
    async with asyncio.timeout(seconds):
        while True:
            # A broker that is slow to answer is asked again, like one that has nothing yet.
            with contextlib.suppress(BrokerUnavailable):
                records = await read_topic(cluster, VERDICTS + publisher)
                if len(records) >= count:
                    return [told(record) for record in records]
            await asyncio.sleep(0.1)


def told(record: ConsumerRecord) -> tuple[int, Verdict]:
    """A verdict with the offset of its submission."""
    return int(dict(record.headers)[SUBMISSION]), msgspec.json.decode(record.value, type=Verdict)


def outcomes(found: Sequence[tuple[int, Verdict]]) -> list[str]:
    """Short: ``admitted``, ``duplicate``, or the code of the refusal."""
    return [verdict.code or verdict.outcome for _, verdict in found]


async def publish_garbled(cluster: Cluster, publisher: str, values: Sequence[bytes]) -> None:
    """Write one batch in which the second record has a header whose name is no UTF-8: no client makes such, but a broker takes it."""
    producer = AIOKafkaProducer(**cluster.arguments("garbler"), acks="all")
    await producer.start()
    try:
        builder = producer.create_batch()
        for place, value in enumerate(values):
            builder.append(key=None, value=value, headers=[("GARBLED", b"")] if place == 1 else [], timestamp=None)
        batch = bytearray(builder._build())
        at = batch.index(b"GARBLED")
        batch[at : at + 2] = b"\xff\xfe"
        batch[17:21] = calc_crc32c(bytes(batch[21:])).to_bytes(4, "big")
        builder._buffer = batch
        await (await producer.send_batch(builder, SUBMISSIONS + publisher, partition=0))
    finally:
        await producer.stop()
