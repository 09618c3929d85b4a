"""The projection runner on a real PostgreSQL: any split into passes and a rebuild give the same rows."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime

import msgspec
import pytest

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.catalogue import StreamKind, catalogue
from ledger.examination import Examiner
from ledger.projection import projection, projections, withdraw
from ledger.subject import Subject
from simulation.run import stream
from streams.clock import SandboxClock, SystemClock
from streams.postgres import views
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.projecting import Projecting, request_rebuild
from streams.rebuild import Rebuild
from streams.sequencer import Sequencer
from tests.waiting import until

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
PEOPLE = 60
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def lines() -> list[bytes]:
    """A small simulated population, in the order in which it reaches the ledger."""
    return list(stream(PEOPLE, 11))


@pytest.fixture
async def filled(sandbox_store: Store, lines: list[bytes]) -> Store:
    """A sandbox that holds the population."""
    await _publish(sandbox_store, lines)
    return sandbox_store


async def _publish(store: Store, lines: Iterable[bytes]) -> None:
    keys = store.keys
    examiner = Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=True)
    head = await store.head()
    async with Sequencer(store, clock=SandboxClock(head.admitted_at or LONG_AGO)) as sequencer:
        await sequencer.submit([examiner.examine(line, SANDBOX_CREDENTIAL) for line in lines])


async def _projecting(store: Store) -> Projecting:
    projecting = Projecting(store, wall=SystemClock(), sandbox=True)
    await projecting.prepare()
    return projecting


async def _advance(projecting: Projecting, limits: Iterable[int] = ()) -> None:
    for limit in limits:
        await projecting.runner.advance(projecting.tables, limit=limit)
    while await projecting.runner.advance(projecting.tables) is not None:
        pass


async def _rows(store: Store) -> dict[str, str]:
    """A digest of every view, of the aggregate findings and of what steers the runner."""
    names = [*projections(), "aggregate_finding", "dependency", "due", "source_state"]
    return {
        name: str(await store.pool.fetchval(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM view.{name} t")) for name in names
    }


async def test_any_split_into_passes_gives_the_rows_of_one_pass(filled: Store) -> None:
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    at_once = await _projecting(filled)
    await _advance(at_once)
    expected = await _rows(filled)
    position = (await filled.head()).position
    for _ in range(3):
        await filled.pool.execute("UPDATE view.runner SET position = 0, as_of = NULL")
        await filled.pool.execute("TRUNCATE view.dependency, view.due, view.source_state, view.aggregate_finding")
        for table in at_once.tables.values():
            await filled.pool.execute(f"TRUNCATE view.{table}")
        again = await _projecting(filled)
        await _advance(again, [rng.randrange(1, position // 4) for _ in range(5)])
        assert (await again.runner.standing()).position == position
        assert await _rows(filled) == expected


async def test_views_follow_entries_as_they_arrive(sandbox_store: Store, lines: list[bytes]) -> None:
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    projecting = await _projecting(sandbox_store)
    at = 0
    while at < len(lines):
        step = rng.randrange(1, 400)
        await _publish(sandbox_store, lines[at : at + step])
        at += step
        await _advance(projecting)
    followed = await _rows(sandbox_store)
    await projecting.rebuild(list(projections().values()))
    assert await _rows(sandbox_store) == followed


async def test_a_rebuild_swaps_in_equal_rows_while_entries_arrive(sandbox_store: Store, lines: list[bytes]) -> None:
    store, half = sandbox_store, len(lines) // 2
    await _publish(store, lines[:half])
    projecting = await _projecting(store)
    await _advance(projecting)
    rebuild = Rebuild(store, projecting.runner, projecting.surroundings, SystemClock())
    filling = await rebuild.begin(list(projections().values()))
    standing = await projecting.runner.standing()
    assert standing.as_of is not None
    streams = [name async for page in projecting.runner.all_streams() for name in page]
    await rebuild.fill(filling, streams[: len(streams) // 2], standing.as_of, standing.position)
    await _publish(store, lines[half:])
    await _advance(projecting)
    await rebuild.fill(filling, streams[len(streams) // 2 :], standing.as_of, standing.position)
    live = await _rows(store)
    position = await rebuild.swap(filling)
    assert position == len(lines)
    assert await _rows(store) == live


async def test_a_rebuild_can_be_asked_for_and_says_where_it_swapped(filled: Store) -> None:
    projecting = await _projecting(filled)
    await _advance(projecting)
    before = await _rows(filled)
    await request_rebuild(filled, "clocks", datetime.now(UTC))
    assert await projecting.serve_rebuilds()
    assert not await projecting.serve_rebuilds()
    [row] = await filled.pool.fetch(sql("rebuild_list"), 5)
    assert row["error"] is None
    assert row["position"] == (await filled.head()).position
    assert row["done"] == row["total"] > 0
    assert await _rows(filled) == before


async def test_a_rebuild_of_a_view_that_is_no_more_fails_and_the_rest_goes_on(filled: Store) -> None:
    projecting = await _projecting(filled)
    await request_rebuild(filled, "of_an_older_version", datetime.now(UTC))
    assert await projecting.serve_rebuilds()
    assert not await projecting.serve_rebuilds()
    [row] = await filled.pool.fetch(sql("rebuild_list"), 5)
    assert row["error"].startswith("NotFound")
    await _advance(projecting)


async def test_a_swap_that_a_long_reader_holds_up_holds_up_nobody_else(filled: Store) -> None:
    projecting = await _projecting(filled)
    await _advance(projecting)
    waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
    async with filled.pool.acquire() as reader:
        held = reader.transaction(readonly=True)
        await held.start()
        before = await reader.fetchval("SELECT count(*) FROM view.timeline")
        rebuilding = asyncio.create_task(projecting.rebuild([projections()["timeline"]]))
        try:
            await until(lambda: filled.pool.fetchval(waiting))
            # As a page asks: it is answered while the long reader reads on, and the runner goes on too.
            async with asyncio.timeout(60):
                assert await filled.pool.fetchval("SELECT count(*) FROM view.timeline") == before
                await projecting.runner.advance(projecting.tables)
            assert not rebuilding.done()
        finally:
            await held.rollback()
            await rebuilding
    assert await filled.pool.fetchval("SELECT count(*) FROM view.timeline") == before
    assert not await filled.pool.fetchval(waiting)


class _Poisonous(Exception):
    """What the poisoned projection raises; its text must reach no one."""


class _Row(msgspec.Struct, frozen=True):
    entries: int


@pytest.fixture
async def poisoned(filled: Store) -> AsyncIterator[tuple[Store, set[str]]]:
    """A projection declared on the fly that cannot digest some streams."""
    sick: set[str] = set()

    @projection("poisoned", kinds=[StreamKind.PERSON], row=_Row, nl="Vergiftigd", en="Poisoned")
    def poisoned(subject: Subject) -> Iterable[_Row]:
        if subject.key in sick:
            raise _Poisonous("secret")
        yield _Row(len(subject.history.facts))

    yield filled, sick
    withdraw("poisoned")


async def test_a_poisoned_stream_stalls_alone_visibly_and_recovers(poisoned: tuple[Store, set[str]]) -> None:
    store, sick = poisoned
    projecting = await _projecting(store)
    await _advance(projecting)
    keys = [row["key"] for row in await store.pool.fetch("SELECT key FROM view.poisoned ORDER BY key")]
    victim = keys[0]
    sick.add(victim)
    await projecting.rebuild([projections()["poisoned"]])
    stalled = await store.pool.fetch("SELECT projection, stream, reason, attempts FROM ledger.stalled_streams")
    assert [(row["projection"], row["stream"]) for row in stalled] == [("poisoned", victim)]
    assert "secret" not in stalled[0]["reason"]
    assert "_Poisonous" in stalled[0]["reason"]
    assert await store.pool.fetchval("SELECT count(*) FROM view.poisoned") == len(keys) - 1
    assert await store.pool.fetchval("SELECT count(*) FROM view.facts WHERE key = $1", victim) == 1
    sick.clear()
    await store.pool.execute("UPDATE ledger.stalled_streams SET tried_at = tried_at - interval '1 day'")
    await _advance(projecting)
    assert await store.pool.fetchval("SELECT count(*) FROM ledger.stalled_streams") == 0
    assert await store.pool.fetchval("SELECT count(*) FROM view.poisoned") == len(keys)


async def test_a_new_projection_is_filled_at_the_position_of_the_others(filled: Store) -> None:
    await _advance(await _projecting(filled))

    @projection("counted", kinds=[StreamKind.PERSON], row=_Row, nl="Geteld", en="Counted")
    def counted(subject: Subject) -> Iterable[_Row]:
        yield _Row(len(subject.history.facts))

    try:
        await _projecting(filled)
        tables = await _tables(filled)
        assert tables["counted"].live
        assert tables["counted"].position == (await filled.head()).position
        counted_keys = await filled.pool.fetchval("SELECT count(DISTINCT key) FROM view.counted")
        assert counted_keys == await filled.pool.fetchval("SELECT count(DISTINCT key) FROM view.facts")
    finally:
        withdraw("counted")
    await _projecting(filled)
    assert "counted" not in await _tables(filled)


async def _tables(store: Store) -> dict[str, views.ViewTable]:
    async with store.pool.acquire() as connection:
        return {table.name: table for table in await views.tables(connection)}


async def test_two_runners_do_not_disturb_each_other(filled: Store) -> None:
    first, second = await _projecting(filled), await _projecting(filled)
    await _advance(first, [700])
    await _advance(second, [300])
    await _advance(first)
    expected = await _rows(filled)
    await second.rebuild(list(projections().values()))
    assert await _rows(filled) == expected


async def test_no_view_holds_an_insz(filled: Store, lines: list[bytes]) -> None:
    numbers = {json.loads(line)["subject"].removeprefix("insz/") for line in lines if b'"insz/' in line}
    assert numbers
    await _advance(await _projecting(filled))
    text = "".join([str(row) for name in projections() for row in await filled.pool.fetch(f"SELECT t::text FROM view.{name} t")])
    assert not [number for number in numbers if number in text]
