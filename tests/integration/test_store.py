"""Reading the ledger: pages, streams, types, moments, and being told when it moves."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from ledger.catalogue import StreamKind, catalogue
from ledger.codes.roles import Role
from ledger.errors import DataFolderError, StoreUnavailable
from streams.backup import back_up
from streams.clock import SandboxClock
from streams.folder import Mode
from streams.keys import Keys
from streams.postgres.connection import plainly
from streams.postgres.following import Following
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.sql import sql
from streams.postgres.store import STEERING, Store
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, Json, kbo, person
from tests.waiting import until

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


@pytest.fixture
async def sequencer(sandbox_store: Store) -> AsyncIterator[Sequencer]:
    async with Sequencer(sandbox_store, clock=SandboxClock(EARLY)) as entered:
        yield entered


async def test_pages_by_position(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    await sequencer.submit(feed.intakes([person(n) for n in range(20)]))
    assert [e.position for e in await sandbox_store.read(0, 5)] == [1, 2, 3, 4, 5]
    assert [e.position for e in await sandbox_store.read(5, 100, upto=8)] == [6, 7, 8]
    assert await sandbox_store.read(20, 5) == []
    assert [e.position for e in (await sandbox_store.read_open(17, 9)).entries] == [18, 19, 20]


async def test_what_is_read_is_what_was_sent(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    event = feed.event(
        subject=person(1),
        time=datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=UTC),
        causationid="01900006-7c3a-7b1e-9d42-00000000b99a",
        correlationid="01900006-7c3a-7b1e-9d42-00000000b99b",
        sequence=2**53 - 1,
    )
    await sequencer.submit(feed.examined(event))
    (entry,) = await sandbox_store.read(0, 1)
    (opened,) = (await sandbox_store.read_open(0, 1)).entries
    assert (entry.id, entry.source, entry.type, entry.stream) == (event["id"], event["source"], event["type"], event["subject"])
    assert (entry.time, entry.sequence, entry.role) == (datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=UTC), 2**53 - 1, Role.AGENCY)
    assert (entry.causation_id, entry.correlation_id, entry.legal_basis) == (event["causationid"], event["correlationid"], "public_task")
    assert entry.time.tzinfo is UTC or entry.time.utcoffset() == EARLY.utcoffset()
    assert opened.payload == feed.examined(event)[0].candidate.payload  # type: ignore[union-attr]
    assert await sandbox_store.find(entry.source, entry.id) == 1
    assert await sandbox_store.find(entry.source, "01900006-7c3a-7b1e-9d42-00000000b99a") is None


async def test_many_streams_at_once(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    await sequencer.submit(feed.intakes([person(n % 4) for n in range(16)]))
    wanted = [person(3), person(1), person(99)]
    entries = await sandbox_store.read_streams(wanted)
    assert [(e.stream, e.version) for e in entries] == [(person(n), v) for n in (1, 3) for v in (1, 2, 3, 4)]
    assert [e.position for e in await sandbox_store.read_streams(wanted, upto=8)] == [2, 6, 4, 8]


async def test_stream_names_by_kind(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    offers = [f"0190000b-7c3a-7b1e-9d42-{n:012d}" for n in range(3)]
    await sequencer.submit(feed.intakes([person(n) for n in range(7)] * 3))
    await sequencer.submit(
        feed.examined(*(feed.event("offer.published", f"aanbod/{o}", role=Role.VDAB, data={"offer_id": o}, grondslag=None) for o in offers))
    )
    assert await sandbox_store.streams(StreamKind.PERSON) == [person(n) for n in range(7)]
    assert await sandbox_store.streams(StreamKind.PERSON, after=person(2), limit=2) == [person(3), person(4)]
    assert await sandbox_store.streams(StreamKind.OFFER) == [f"aanbod/{o}" for o in offers]
    assert await sandbox_store.streams(StreamKind.EDITION) == []
    assert len(await sandbox_store.streams()) == 10


async def test_the_types_that_steer_the_ledger_are_found(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    org = kbo(19990100)
    state: dict[str, Json] = {"org": org, "role": "agency", "state": "authorised", "authority": None, "regions": None}
    changes = [feed.event("publisher-authority.changed", f"bron/{org}", role=Role.LEDGER_OPERATOR, org=10000000, data=state) for _ in "abc"]
    await sequencer.submit([*feed.intakes([person(1)]), *feed.examined(*changes), *feed.intakes([person(1)])])
    found = await sandbox_store.of_types(["publisher-authority.changed"])
    assert [e.position for e in found] == [2, 3, 4]
    assert [e.position for e in await sandbox_store.of_types(["publisher-authority.changed"], after=2, limit=1)] == [3]
    with pytest.raises(ValueError, match=r"intake\.completed cannot be found"):
        await sandbox_store.of_types(["intake.completed"])


async def test_followers_are_told_when_the_ledger_moves(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    await sequencer.submit(feed.intakes([person(1)]))
    async with sandbox_store.follow() as news:
        assert await news.wait(60) == 1, "what was there already"
        assert await news.wait(0.05) == 1, "nothing new: it answers when the time is up"
        waiting = asyncio.create_task(news.wait(60))
        await asyncio.sleep(0.05)
        await sequencer.submit(feed.intakes([person(1), person(2)]))
        assert await waiting == 3


async def test_a_follower_survives_the_loss_of_its_connection(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    async with sandbox_store.follow() as news:
        await news.wait(0.05)
        waiting = asyncio.create_task(news.wait(60))
        await asyncio.sleep(0.05)
        assert news._connection is not None
        await sandbox_store.pool.execute("SELECT pg_terminate_backend($1)", news._connection.get_server_pid())
        with pytest.raises(StoreUnavailable):
            await waiting
        await sequencer.submit(feed.intakes([person(1)]))
        assert await news.wait(60) == 1


async def test_a_follower_that_cannot_begin_leaves_no_session(postgres: EmbeddedPostgres, sandbox_store: Store) -> None:
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'ledger'"
    name = "follow_nothing"
    await sandbox_store.pool.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        with pytest.raises(asyncpg.UndefinedTableError):
            async with Following(postgres.dsn_of(name)):
                pass
        await until(lambda: sandbox_store.pool.fetchval(f"SELECT ({others}) = 0", name))
    finally:
        await sandbox_store.pool.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_a_backup_that_is_cut_off_leaves_nothing_behind(sandbox_store: Store, tmp_path: Path) -> None:
    await sandbox_store.pool.execute("ALTER TABLE ledger.cosignatures RENAME TO elsewhere")
    with pytest.raises(asyncpg.UndefinedTableError):
        await back_up(sandbox_store, tmp_path / "backup")
    assert os.listdir(tmp_path) == []


async def test_entries_are_never_changed_or_deleted(sandbox_store: Store, sequencer: Sequencer, feed: Feed) -> None:
    await sequencer.submit(feed.intakes([person(1)]))
    for statement in ("UPDATE ledger.entries SET data = ''", "DELETE FROM ledger.entries", "TRUNCATE ledger.entries"):
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await sandbox_store.pool.execute(statement)
    assert len(await sandbox_store.read(0, 10)) == 1


async def test_a_ledger_is_founded_once_and_stays_what_it_is(store: Store) -> None:
    assert await store.ledger() is None
    first = await store.found(Mode.SANDBOX, EARLY)
    again = await store.found(Mode.SANDBOX, datetime.now(UTC))
    assert first == again
    assert (first.mode, first.created_at) == (Mode.SANDBOX, EARLY)
    with pytest.raises(DataFolderError, match="sandbox"):
        await store.found(Mode.ORDINARY, EARLY)


async def test_the_keys_of_another_ledger_are_noticed(sandbox_store: Store) -> None:
    async with await Store.open(sandbox_store.dsn, keys=Keys(bytes(32), b"another pseudonym key, long enough")) as stranger:
        with pytest.raises(DataFolderError, match="master key"):
            await stranger.ledger()


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (asyncpg.DiskFullError("No space left on device"), "make room"),
        (ConnectionRefusedError(111, "refused"), "is away"),
        (asyncpg.AdminShutdownError("terminating"), "is away"),
        (TimeoutError(), "is away"),
    ],
)
def test_the_drivers_failures_are_said_plainly(raised: Exception, said: str) -> None:
    with pytest.raises(StoreUnavailable, match=said), plainly():
        raise raised


def test_every_version_of_a_steering_type_is_in_the_index() -> None:
    steering = {name for name, declared in catalogue().types.items() if declared.name in STEERING}
    assert {name for name in steering if f"'{name}'" not in sql("read_types")} == set(), (
        "add a migration that makes the index anew, and name it here"
    )
