"""The copy on Kafka is laid beside the one in PostgreSQL, entry by entry."""

from __future__ import annotations

from cli.audit_attacks import rewrite, verified
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock
from streams.kafka.broker import BrokerCluster
from streams.kafka.relay import Relay
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.verifying import Outcome, Verified
from tests.conftest import FOUNDED_AT
from tests.integration.feed import Feed, person
from tests.kafka.stage import prepare


def on_kafka(found: Verified) -> tuple[Outcome, str]:
    [one] = [one for one in found.checks if one.check == "kafka"]
    return one.outcome, one.fault.what if one.fault is not None else ""


async def test_a_changed_copy_on_kafka_is_found_and_the_entry_is_named(sandbox_store: Store, broker: BrokerCluster) -> None:
    feed = Feed(sandbox_store.keys)
    async with Sequencer(sandbox_store, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        await sequencer.submit(feed.intakes(person(n % 7) for n in range(60)))
        await prepare(broker)
        cluster = broker.cluster()
        await Relay(cluster, sandbox_store).run(follow=False)
        assert on_kafka(await verified(sandbox_store, cluster)) == (Outcome.GOOD, "")
        assert on_kafka(await verified(sandbox_store))[0] is Outcome.SKIPPED
        await sequencer.submit(feed.intakes([person(1)]))
        outcome, said = on_kafka(await verified(sandbox_store, cluster))
        assert outcome is Outcome.WRONG
        assert said.startswith("entry 61 of ")
        assert said.endswith("is not on Kafka yet, or was removed there")
        await Relay(cluster, sandbox_store).run(follow=False)
    # The copy that is not changed any more is the one on Kafka: seen from the other one, it is the topic that differs.
    await rewrite(sandbox_store, 17)
    await Checkpoints(sandbox_store).publish()
    outcome, said = on_kafka(await verified(sandbox_store, cluster))
    assert outcome is Outcome.WRONG
    assert said.startswith("entry 17 of ")
    assert said.endswith("is another there than in PostgreSQL: causation_id, digest, commitment differ")
