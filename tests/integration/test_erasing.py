"""Erasing a person from the register itself, and the list that keeps anybody from coming back with an older database."""

from __future__ import annotations

import itertools
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
import pytest

from ledger.codes.identity import ErasureGround
from ledger.codes.roles import Role
from ledger.errors import AlreadyErased, DataFolderError, LedgerError, NotFound, UsageError
from ledger.identity import insz_check_digits
from ledger.verdict import Outcome, Reason, StreamId
from streams.clock import SandboxClock, SystemClock
from streams.erasing import SANDBOX_ORG, Erasing
from streams.erasure_list import ErasureList, Listed
from streams.folder import Mode
from streams.keys import Keys
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.publishers import Publishers
from streams.refusals import Refusals
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, Json, kbo, person

EARLY = datetime(2020, 1, 1, tzinfo=UTC)
INSZ = "850730033" + insz_check_digits("850730033", born_2000=False)
_numbers = itertools.count(1)
GROUND = ErasureGround.OBJECTION


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


@pytest.fixture
async def another_store(postgres: EmbeddedPostgres, keys: Keys) -> AsyncIterator[Store]:
    """A second ledger with the same keys: what a backup of the database would bring back."""
    name = f"another_{next(_numbers)}"
    admin = await asyncpg.connect(postgres.dsn)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE ledger_template STRATEGY file_copy")
    async with await Store.open(postgres.dsn_of(name), keys=keys) as opened:
        await opened.found(Mode.SANDBOX, EARLY)
        yield opened
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@asynccontextmanager
async def erasing(store: Store, feed: Feed, keys: Path, mode: Mode = Mode.SANDBOX) -> AsyncIterator[tuple[Erasing, Sequencer]]:
    head = await store.head()
    clock = SandboxClock(head.admitted_at or EARLY) if mode is Mode.SANDBOX else SystemClock()
    async with Sequencer(store, clock=clock) as sequencer:
        yield Erasing(store, feed.examiner, sequencer, Publishers(store, clock), clock, mode=mode, keys=keys), sequencer


def link(feed: Feed, survivor: int, absorbed: int) -> dict[str, Json]:
    refs: dict[str, Json] = {"survivor_ref": person(survivor)[8:], "absorbed_ref": person(absorbed)[8:]}
    return feed.event("identity.linked", person(survivor), role=Role.IDENTITY_SERVICE, org=10000001, data=refs)


async def test_a_merged_person_goes_whole_and_the_event_says_so(sandbox_store: Store, feed: Feed, tmp_path: Path) -> None:
    async with erasing(sandbox_store, feed, tmp_path) as (eraser, sequencer):
        await sequencer.submit([*feed.intakes([person(n) for n in (1, 2, 3)]), *feed.examined(link(feed, 1, 2))])
        done = await eraser.erase(StreamId(person(2)), GROUND)
        assert (done.stream, done.streams, done.keys_destroyed) == (person(2), (person(1), person(2)), 2)
        assert done.controllers == tuple(sorted({kbo(19990100), kbo(10000001)}))
        verdicts = await sequencer.submit(feed.intakes([person(n) for n in (1, 2, 3)]))
        assert [v.code for v in verdicts] == [Reason.R13, Reason.R13, None]
        with pytest.raises(AlreadyErased, match="position 5"):
            await eraser.erase(StreamId(person(1)), GROUND)
        with pytest.raises(NotFound):
            await eraser.erase(StreamId(person(99)), GROUND)
        assert [one.position for one in await eraser.executed()] == [5]


async def test_every_erasure_is_on_the_list_whoever_published_it(sandbox_store: Store, feed: Feed, tmp_path: Path) -> None:
    event = feed.event("erasure.executed", person(1), role=Role.LEDGER_OPERATOR, org=10000000, data={"requested_on": "2024-02-01"})
    async with erasing(sandbox_store, feed, tmp_path) as (eraser, sequencer), eraser.kept():
        await sequencer.submit([*feed.intakes([person(1), person(2)]), *feed.examined(event)])
        await eraser.erase(StreamId(person(2)), GROUND)
    listed = ErasureList(tmp_path).read()
    assert sorted(stream for one in listed for stream in one.streams) == [person(1), person(2)]
    assert len(listed) == 2
    assert stat.S_IMODE((tmp_path / "erasures.ndjson").stat().st_mode) == 0o600


async def test_an_older_database_brings_nobody_back(sandbox_store: Store, feed: Feed, tmp_path: Path, another_store: Store) -> None:
    """The older database does not even know yet that two streams were one person."""
    early = feed.intakes([person(n) for n in (1, 2, 3)])
    async with erasing(sandbox_store, feed, tmp_path) as (eraser, sequencer):
        await sequencer.submit([*early, *feed.examined(link(feed, 1, 2))])
        await eraser.erase(StreamId(person(1)), GROUND)
    before = (tmp_path / "erasures.ndjson").read_bytes()
    async with erasing(another_store, feed, tmp_path / "elsewhere") as (_, sequencer):
        await sequencer.submit(early)
    async with erasing(another_store, feed, tmp_path) as (eraser, sequencer):
        assert await eraser.reconcile() == 2
        assert await eraser.reconcile() == 0
        verdicts = await sequencer.submit(feed.intakes([person(n) for n in (1, 2, 3)]))
    assert [v.code for v in verdicts] == [Reason.R13, Reason.R13, None]
    opened = await another_store.read_open(0, 100)
    assert opened.erased == {person(1), person(2)}
    assert not opened.broken
    assert (tmp_path / "erasures.ndjson").read_bytes() == before


async def test_a_ledger_that_cannot_erase_again_does_not_start(
    sandbox_store: Store, feed: Feed, tmp_path: Path, another_store: Store
) -> None:
    async with erasing(sandbox_store, feed, tmp_path) as (eraser, sequencer):
        await sequencer.submit(feed.intakes([person(1)]))
        await eraser.erase(StreamId(person(1)), GROUND)
    suspended: dict[str, Json] = {"org": SANDBOX_ORG, "role": "ledger_operator", "state": "suspended"}
    suspended["valid_from"] = "2019-01-01T00:00:00+00:00"
    change = feed.event("publisher-authority.changed", f"bron/{SANDBOX_ORG}", role=Role.LEDGER_OPERATOR, org=10000000, data=suspended)
    change.pop("grondslag", None)
    async with erasing(another_store, feed, tmp_path / "elsewhere") as (_, sequencer):
        (verdict, _) = await sequencer.submit([*feed.examined(change), *feed.intakes([person(1)])])
        assert verdict.outcome is Outcome.ADMITTED, verdict
    async with erasing(another_store, feed, tmp_path) as (eraser, _):
        with pytest.raises(LedgerError, match="cannot be executed anew"):
            await eraser.reconcile()


def test_a_line_that_a_crash_cut_off_is_written_over_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    listed = ErasureList(tmp_path)
    one = msgspec.json.decode(b'{"position":3,"streams":["persoon/x"],"event":{"id":"e"}}', type=Listed)
    listed.append([one])
    with listed.file.open("ab") as file:
        file.write(b'{"position":4,"str')
    assert len(listed.read()) == 1
    listed.append([one])
    assert listed.read() == [one, one]
    listed.file.write_bytes(b"rubbish\n" + listed.file.read_bytes())
    with pytest.raises(DataFolderError, match=r"erasures\.ndjson:1"):
        listed.read()


async def test_an_ordinary_ledger_needs_the_organisation_that_runs_it(ordinary_store: Store, keys: Keys, tmp_path: Path) -> None:
    feed = Feed(keys, sandbox=False)
    async with erasing(ordinary_store, feed, tmp_path, Mode.ORDINARY) as (eraser, sequencer):
        await sequencer.submit(feed.intakes([person(1)]))
        with pytest.raises(UsageError, match="--role ledger_operator"):
            await eraser.erase(StreamId(person(1)), GROUND)
        await Publishers(ordinary_store, SystemClock()).create("register", org=kbo(10000000), role=Role.LEDGER_OPERATOR)
        done = await eraser.erase(StreamId(person(1)), GROUND)
        (entry,) = await ordinary_store.read(done.position - 1, 1)
    assert (entry.source, entry.sequence, entry.legal_basis) == (f"urn:kbo:{kbo(10000000)}:register", 1, "legal_obligation")


async def test_views_forget_and_a_rebuild_is_the_same(sandbox_store: Store, feed: Feed, tmp_path: Path) -> None:
    async with erasing(sandbox_store, feed, tmp_path) as (eraser, sequencer):
        await sequencer.submit(feed.intakes([person(1), person(1), person(2)]))
        projecting = Projecting(sandbox_store, wall=SystemClock(), sandbox=True)
        await projecting.prepare()
        while await projecting.runner.advance(projecting.tables) is not None:
            pass
        before = await rows(sandbox_store, person(1))
        assert before["timeline"] == 2
        await eraser.erase(StreamId(person(1)), GROUND)
        while await projecting.runner.advance(projecting.tables) is not None:
            pass
    after = await rows(sandbox_store, person(1))
    assert {name for name, n in after.items() if n} <= {"timeline", "clocks", "flows"}, after
    assert after["timeline"] == 1, "the erasure itself"
    assert (await rows(sandbox_store, person(2)))["timeline"] == 1


async def rows(store: Store, key: str) -> dict[str, int]:
    """Rows of one person in each live view."""
    tables = await store.pool.fetch("SELECT name, table_name FROM ledger.projections WHERE state = 'live'")
    return {
        row["name"]: await store.pool.fetchval(f'SELECT count(*) FROM view."{row["table_name"]}" WHERE key = $1', key) for row in tables
    }


@pytest.mark.parametrize("unreadable", [False, True])
async def test_refused_originals_that_name_the_person_by_number_go_too(
    sandbox_store: Store, feed: Feed, tmp_path: Path, unreadable: bool
) -> None:
    """Even of an event that could not be read in full the number tells whose it is."""
    changes: dict[str, Json] = {"publisherrole": "nobody"} if unreadable else {"publisherrole": "naric"}
    who = StreamId(f"persoon/{feed.examiner.pseudonym(INSZ)}")
    async with erasing(sandbox_store, feed, tmp_path) as (eraser, sequencer):
        shelf = Refusals(sandbox_store, feed.examiner, sequencer, SystemClock())
        wrong = feed.event(subject=f"insz/{INSZ}", **changes)
        (_, refused) = await sequencer.submit([*feed.intakes([f"insz/{INSZ}"]), *feed.examined(wrong)])
        assert refused.refusal is not None
        assert (await shelf.show(refused.refusal)).refusal.subject == who
        await eraser.erase(who, GROUND)
        (later,) = await sequencer.submit(feed.examined(wrong | {"sequence": 99}))
        assert later.refusal is not None
        assert [(await shelf.show(number)).raw for number in (refused.refusal, later.refusal)] == [None, None]
