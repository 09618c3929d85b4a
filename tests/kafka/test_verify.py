"""The copy on Kafka is laid beside the one in PostgreSQL, entry by entry."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from cli.audit_attacks import rewrite, verified
from streams.backup import back_up
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock
from streams.folder import Mode
from streams.kafka.broker import BrokerCluster
from streams.kafka.relay import Relay
from streams.kafka.restore import restore
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.verifying import Outcome, Verified
from tests.conftest import FOUNDED_AT
from tests.contracts.projectors import sandbox
from tests.integration.feed import Feed, person
from tests.kafka.stage import prepare
from tests.kafka.test_workers import fill
from tests.kafka.workers import WorkerProcess, at_rest, environment, working


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


async def test_views_that_workers_keep_are_verified_too(broker: BrokerCluster, data_folder: Path, database_url: str) -> None:
    await prepare(broker, "simulator")
    async with sandbox(data_folder, database_url) as store:
        worker = WorkerProcess(data_folder, environment(broker.cluster("worker"), database_url))
        async with working(worker):
            await fill(store, broker, 3)
            await at_rest(store.pool)
            checked = {one.check: one for one in (await verified(store)).checks}
            assert checked["views"].outcome is Outcome.GOOD, checked["views"]


async def test_a_restored_ledger_is_sound(sandbox_store: Store, broker: BrokerCluster, postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    feed = Feed(sandbox_store.keys)
    async with Sequencer(sandbox_store, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        await sequencer.submit(feed.intakes(person(n) for n in range(20)))
        await prepare(broker)
        await back_up(sandbox_store, tmp_path / "backup")
        # After the backup: nobody new, so that no key is missing in it.
        await sequencer.submit(feed.intakes(person(n) for n in range(5)))
        await Relay(broker.cluster(), sandbox_store).run(follow=False)
    name = "restored_and_verified"
    admin = await asyncpg.connect(postgres.dsn)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE ledger_template STRATEGY file_copy")
    try:
        async with await Store.open(postgres.dsn_of(name), keys=sandbox_store.keys) as store:
            await restore(store, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=tmp_path / "backup")
            found = await verified(store, broker.cluster())
            assert {one.check: one.fault for one in found.checks if one.fault is not None} == {}
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()
