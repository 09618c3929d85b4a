"""Clients of a broker that dies: they end when they are told to, send nothing afterwards, and swallow or invent no cancellation."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.clients import all_partitions, consuming, producing, send_in_order
from streams.kafka.topics import Topic
from tests.kafka.conftest import USERS
from tests.kafka.stage import read_topic
from tests.waiting import until_true

TOPIC = Topic("trajectory.ending", 4, 1, {})


@pytest.fixture
def mortal() -> Iterator[BrokerCluster]:
    """One node that the test may kill."""
    with (
        tempfile.TemporaryDirectory(prefix="kafka", ignore_cleanup_errors=True) as folder,
        BrokerCluster(Path(folder), users=USERS) as made,
    ):
        yield made


async def test_clients_of_a_broker_that_died_end_and_send_nothing_any_more(mortal: BrokerCluster) -> None:
    cluster = mortal.cluster()
    (broker,) = mortal.brokers
    async with Admin(cluster) as admin:
        await admin.create([TOPIC])
    before = asyncio.all_tasks()
    let_go = asyncio.Event()
    reading: list[int] = []

    async def read(number: int) -> str:
        async with consuming(cluster, "test") as consumer:
            partitions = await all_partitions(consumer, TOPIC.name)
            consumer.assign(partitions)
            for partition in partitions:
                consumer.seek(partition, 0)
            await consumer.getmany(timeout_ms=500)
            reading.append(number)
            await let_go.wait()
        return "left"

    readers = [asyncio.create_task(read(number)) for number in range(6)]
    await until_true(lambda: len(reading) == 6)
    async with producing(cluster, "test") as producer:
        await send_in_order(producer, TOPIC.name, 0, [(b"key", b"before", [])])
        broker.kill()
        # Nobody awaits it: whoever gives a batch up reads the topic's end and sends it again with another producer.
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await send_in_order(producer, TOPIC.name, 0, [(b"key", b"given up", [])])
    # Their fetches fail by now, time and again. Half of them leave by themselves, the other half is cancelled while it ends.
    let_go.set()
    await asyncio.sleep(0)
    for reader in readers[::2]:
        reader.cancel()
    done = await asyncio.gather(*readers, return_exceptions=True)
    assert [reader.cancelled() for reader in readers] == [True, False] * 3
    assert done[1::2] == ["left"] * 3
    await until_true(lambda: not asyncio.all_tasks() - before)
    await asyncio.to_thread(broker.start)
    await asyncio.to_thread(broker.wait, time.monotonic() + 60)
    for value in (b"after", b"long after"):
        async with producing(cluster, "test") as producer:
            await send_in_order(producer, TOPIC.name, 0, [(b"key", value, [])])
        await asyncio.sleep(0.5)
    assert [record.value for record in await read_topic(cluster, TOPIC.name)] == [b"before", b"after", b"long after"]
