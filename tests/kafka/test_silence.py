"""A consumer that says nothing: because there is nothing, or because it is stuck."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import TopicPartition

from ledger.errors import BrokerUnavailable
from streams.kafka.broker import BrokerCluster
from streams.kafka.clients import consuming
from streams.kafka.silence import Ends, Silence
from streams.kafka.topics import SUBMISSIONS
from tests.kafka.stage import prepare, publish

PARTITION = TopicPartition(SUBMISSIONS + "silent", 0)


async def test_silence_is_a_failure_only_where_records_wait(broker: BrokerCluster) -> None:
    await prepare(broker, "silent")
    silence = Silence(seconds=0.0)
    async with consuming(broker.cluster(), "test") as consumer:
        await silence.listen(consumer)
        consumer.assign([PARTITION])
        consumer.seek(PARTITION, 0)
        for _ in range(3):
            await silence.listen(consumer)
        assert silence.ends == {PARTITION: Ends(0, 0)}
        await publish(broker.cluster(), "silent", [b"1", b"2"])
        assert [record.offset for record in (await consumer.getmany(timeout_ms=60_000))[PARTITION]] == [0, 1]
        for _ in range(3):
            await silence.listen(consumer)
        # As if the client were stuck: two more come, and it reads nothing.
        consumer.pause(PARTITION)
        await publish(broker.cluster(), "silent", [b"3", b"4"])
        with pytest.raises(BrokerUnavailable, match=r"nothing came of trajectory\.submissions\.silent .* though 2 records wait"):
            await silence.listen(consumer)
        consumer.resume(PARTITION)
        consumer._fetcher._fetch_task.cancel()
        await asyncio.wait({consumer._fetcher._fetch_task})
        with pytest.raises(BrokerUnavailable, match="stopped reading"):
            await silence.listen(consumer)
