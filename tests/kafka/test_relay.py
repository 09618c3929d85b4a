"""The relay on a real broker, and back: everything once, in order, and a database made from the topics equals the one that was."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg
import msgspec
import pytest

from ledger.codes.roles import Role
from ledger.errors import BadInput, BrokerRefused, DataFolderError, UsageError
from streams.backup import back_up
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock
from streams.content import digest_of, stored_entries
from streams.folder import Mode
from streams.kafka.broker import BrokerCluster
from streams.kafka.clients import producing, send_in_order
from streams.kafka.entry_log import entries_on_kafka
from streams.kafka.entry_record import message_of, partition_of, position_of, row_of
from streams.kafka.relay import Relay
from streams.kafka.restore import restore
from streams.kafka.topics import ENTRIES, RESTRICTED
from streams.keys import Keys
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.tree import Tree
from tests.conftest import FOUNDED_AT
from tests.integration.feed import Feed, Json, numbered_uuid, person
from tests.kafka.stage import prepare, read_topic

PEOPLE = 40


@pytest.fixture
async def filled(sandbox_store: Store, keys: Keys) -> Store:
    """A ledger with persons, a signal, a refusal and an erasure."""
    feed = Feed(keys)
    events = [feed.event(subject=person(n % PEOPLE)) for n in range(300)]
    signal = numbered_uuid(1, 7)
    events.append(feed.event("discrimination.signalled", f"signaal/{signal}", role=Role.EQUALITY_BODY, data={"signal_id": signal}))
    events.append(feed.event(subject=person(2), type="nonsense"))
    async with Sequencer(sandbox_store, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        await sequencer.submit(feed.examined(*events))
    return sandbox_store


@pytest.fixture
async def empty(postgres: EmbeddedPostgres, keys: Keys) -> AsyncIterator[Store]:
    """Another database, migrated and empty."""
    name = "restored"
    admin = await asyncpg.connect(postgres.dsn)
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            await migrate(postgres.dsn_of(name))
            async with await Store.open(postgres.dsn_of(name), keys=keys) as store:
                yield store
        finally:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


async def test_a_row_survives_the_way_there_and_back(broker: BrokerCluster, filled: Store) -> None:
    await prepare(broker)
    rows = [row async for page in stored_entries(filled, 1000) for row in page]
    async with producing(broker.cluster(), "test") as producer:
        await send_in_order(producer, ENTRIES, 3, map(message_of, rows))
    assert [row_of(record) for record in await read_topic(broker.cluster(), ENTRIES)] == rows


async def test_every_entry_once_in_order_whatever_was_marked(broker: BrokerCluster, filled: Store) -> None:
    await prepare(broker)
    head = (await filled.head()).position
    assert await Relay(broker.cluster(), filled).run(follow=False) == head
    # The mark was not written, or not all of it: the topics' ends tell.
    for mark in (0, head // 2, head):
        await filled.pool.execute("UPDATE ledger.relay SET position = $1", mark)
        again = Relay(broker.cluster(), filled)
        assert await again.run(follow=False) == head
        assert again.sent == 0
    assert await Relay(broker.cluster(), filled).run(since=1, follow=False) == head
    seen: dict[int, list[int]] = defaultdict(list)
    for record in await read_topic(broker.cluster(), ENTRIES):
        assert record.partition == partition_of(record.key.decode(), 12)
        seen[record.partition].append(position_of(record))
    restricted = [position_of(record) for record in await read_topic(broker.cluster(), RESTRICTED)]
    assert restricted == [301]
    assert all(positions == sorted(set(positions)) for positions in seen.values())
    assert sorted([p for positions in seen.values() for p in positions] + restricted) == list(range(1, head + 1))


async def test_another_cluster_is_not_taken_for_the_one_that_was_filled(broker: BrokerCluster, filled: Store) -> None:
    with pytest.raises(BrokerRefused, match=r"topic trajectory\.entries does not exist"):
        await Relay(broker.cluster(), filled).run(follow=False)
    await prepare(broker)
    await filled.pool.execute(sql("mark_relayed"), "elsewhere", 7)
    with pytest.raises(UsageError, match="ledger relay --from 1"):
        await Relay(broker.cluster(), filled).run(follow=False)


async def test_a_database_from_the_topics_equals_the_one_that_was(broker: BrokerCluster, filled: Store, empty: Store) -> None:
    await prepare(broker)
    async with Sequencer(filled, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        erasing: dict[str, Json] = {"requested_on": "2024-02-01"}
        erased = Feed(filled.keys).event(
            "erasure.executed", person(5), role=Role.LEDGER_OPERATOR, org=10000000, data=erasing, id=numbered_uuid(8888, 7)
        )
        await sequencer.submit(Feed(filled.keys).examined(erased))
    head = await filled.head()
    assert head.position == 302
    await Relay(broker.cluster(), filled).run(follow=False)
    before = await digest_of(stored_entries(filled, head.position))
    assert (await digest_of(entries_on_kafka(broker.cluster()))).digest == before.digest
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "keys.backup"
        signed = await Checkpoints(filled).publish()
        counted = await back_up(filled, file)
        assert counted["stream_keys"] == PEOPLE + 1
        assert counted["checkpoints"] == 1
        assert counted["refusals"] == 1
        restored = await restore(empty, broker.cluster(), mode=Mode.SANDBOX, now=datetime.now(FOUNDED_AT.tzinfo), keys=file)
    assert (restored.position, restored.digest, restored.unreadable_entries) == (head.position, before.digest, 0)
    assert restored.rows == counted
    assert (await digest_of(stored_entries(empty, head.position))).digest == before.digest
    assert (await empty.head()).admitted_at == head.admitted_at
    assert await empty.ledger() == await filled.ledger()
    assert await empty.totals() == await filled.totals()
    # The same root, although the leaf of whoever is erased can be made by nobody; and the log signs on where it was.
    assert await Tree(empty.pool).root(head.position) == await Tree(filled.pool).root(head.position)
    assert await Checkpoints(empty).latest() == await Checkpoints(filled).latest() == signed
    opened = [await store.read_open(0, 1000) for store in (filled, empty)]
    assert opened[0] == opened[1]
    # It goes on where the other stopped, and knows what it knew.
    feed = Feed(empty.keys)
    known = feed.event(subject=person(0))
    async with Sequencer(empty, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        verdicts = await sequencer.submit(feed.examined(known, feed.event(subject=person(1), id=numbered_uuid(9999, 7))))
    assert [(v.outcome.value, v.position) for v in verdicts] == [("duplicate", 1), ("admitted", head.position + 1)]
    with pytest.raises(UsageError, match="holds entries already"):
        await restore(empty, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=None)


async def test_entries_that_the_log_did_not_sign_restore_nothing(
    broker: BrokerCluster, filled: Store, empty: Store, tmp_path: Path
) -> None:
    await prepare(broker)
    await Relay(broker.cluster(), filled).run(follow=False)
    await Checkpoints(filled).publish()
    await filled.pool.execute("UPDATE ledger.checkpoints SET root = sha256(root)")
    await back_up(filled, tmp_path / "backup")
    with pytest.raises(BadInput, match="not those that this log signed"):
        await restore(empty, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=tmp_path / "backup")
    assert (await empty.head()).position == 0


async def test_a_hole_in_the_topics_or_the_backup_restores_nothing(
    broker: BrokerCluster, filled: Store, empty: Store, tmp_path: Path
) -> None:
    await prepare(broker)
    rows = [row async for page in stored_entries(filled, 1000) for row in page]
    async with producing(broker.cluster(), "test") as producer:
        await send_in_order(producer, ENTRIES, 0, map(message_of, [*rows[:50], *rows[51:]]))
    file = tmp_path / "backup"
    await back_up(filled, file)
    with pytest.raises(BadInput, match="position 51 stands neither in"):
        await restore(empty, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=file)
    file.write_bytes(b"\n".join(file.read_bytes().splitlines()[:-3]))
    with pytest.raises(BadInput, match="is not whole"):
        await restore(empty, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=file)
    await back_up(filled, file)
    async with await Store.open(empty.dsn, keys=Keys(bytes(32), bytes(32))) as stranger:
        with pytest.raises(DataFolderError, match="another ledger"):
            await restore(stranger, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=file)
    assert (await empty.head()).position == 0
    assert await empty.pool.fetchval("SELECT count(*) FROM ledger.stream_keys") == 0


async def test_every_erasure_after_the_backup_is_executed_again(
    broker: BrokerCluster, filled: Store, empty: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepare(broker)
    await back_up(filled, tmp_path / "backup")
    monkeypatch.setattr("streams.kafka.restore.PAGE", 1)
    feed = Feed(filled.keys, seed=5)
    asked: dict[str, Json] = {"requested_on": "2024-02-20"}
    erasures = [feed.event("erasure.executed", person(n), role=Role.LEDGER_OPERATOR, org=19990300, data=asked) for n in (3, 4)]
    async with Sequencer(filled, clock=SandboxClock(FOUNDED_AT)) as sequencer:
        verdicts = await sequencer.submit(feed.examined(*erasures))
    assert all(verdict.position for verdict in verdicts), msgspec.json.encode(verdicts)
    await Relay(broker.cluster(), filled).run(follow=False)
    # Should executing it go wrong, nothing was restored: nobody finds a ledger in which erased persons are readable again.
    refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$"
    await empty.pool.execute(f"{refuse}; CREATE TRIGGER refuse BEFORE INSERT ON ledger.erasures FOR EACH ROW EXECUTE FUNCTION refuse()")
    with pytest.raises(asyncpg.RaiseError):
        await restore(empty, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=tmp_path / "backup")
    assert (await empty.head()).position == 0
    assert await empty.pool.fetchval("SELECT count(*) FROM ledger.stream_keys") == 0
    await empty.pool.execute("DROP TRIGGER refuse ON ledger.erasures")
    await restore(empty, broker.cluster(), mode=Mode.SANDBOX, now=FOUNDED_AT, keys=tmp_path / "backup")
    assert await empty.erased() == {person(n): verdict.position for n, verdict in zip((3, 4), verdicts, strict=True)}
    for n in (3, 4):
        assert await empty.pool.fetchval("SELECT wrapped IS NULL FROM ledger.stream_keys WHERE stream = $1", person(n))
