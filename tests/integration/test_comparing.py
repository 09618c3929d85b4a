"""A replay gives the live views, and two positions differ by what was admitted in between, each difference with its entries."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from ledger.aggregate import FINDING_COLUMNS
from ledger.authority import SANDBOX_CREDENTIAL
from ledger.catalogue import catalogue
from ledger.examination import Examiner
from ledger.figure import Figure, figure
from ledger.indicator import indicators
from ledger.time import local_date
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.clock import SandboxClock, SystemClock
from streams.comparing import compare
from streams.factbooks import past_factbook
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.replaying import Record, Replay, view_names
from streams.sequencer import Sequencer
from streams.subjects import Surroundings

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
PEOPLE = 25


@pytest.fixture
async def filled(sandbox_store: Store) -> Store:
    """A sandbox with a small population, delivered with every fault of the trade, and its views."""
    keys = sandbox_store.keys
    examiner = Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=True)
    async with Sequencer(sandbox_store, clock=SandboxClock(datetime(2000, 1, 1, tzinfo=UTC))) as sequencer:
        await sequencer.submit([examiner.examine(line, SANDBOX_CREDENTIAL) for line in stream(PEOPLE, 5, FaultProfile.HARSH)])
    projecting = Projecting(sandbox_store, wall=SystemClock(), sandbox=True)
    await projecting.prepare()
    while await projecting.runner.advance(projecting.tables) is not None:
        pass
    return sandbox_store


async def _rows(store: Store, known_at: int) -> dict[str, Counter[Record]]:
    head = await store.head()
    assert head.admitted_at is not None
    surroundings = Surroundings(store)
    await surroundings.extend(head.position)
    replay = Replay(store, surroundings, as_of=local_date(head.admitted_at), known_at=known_at)
    rows: dict[str, Counter[Record]] = {name: Counter() for name in view_names()}
    async for page in replay.pages():
        for name in replay.names:
            rows[name].update(page.rows(name))
    rows["aggregate_finding"].update(await replay.aggregates())
    return rows


async def test_a_replay_tells_the_rows_of_every_view_and_of_the_findings_over_many(filled: Store) -> None:
    rows = await _rows(filled, (await filled.head()).position)
    for name in view_names():
        assert await filled.pool.fetchval(f"SELECT count(*) FROM view.{name}") == rows[name].total(), name
    columns = ", ".join(column.name for column in FINDING_COLUMNS)
    live = Counter(tuple(row) for row in await filled.pool.fetch(f"SELECT {columns} FROM view.aggregate_finding"))
    assert live == rows["aggregate_finding"]
    assert live


async def test_what_differs_is_what_two_replays_say_and_names_its_entries(filled: Store) -> None:
    print(f"seed {SEED}")
    head = await filled.head()
    rng = random.Random(SEED)
    assert head.admitted_at is not None
    as_of = local_date(head.admitted_at)
    for first, last in [(0, head.position), (head.position - 40, head.position), tuple(sorted(rng.sample(range(head.position), 2)))]:
        print(first, last)
        before, after = await _rows(filled, first), await _rows(filled, last)
        found = await compare(filled, first=first, last=last, as_of=as_of, rows=10**6)
        gone = {name: (before[name] - after[name]).total() for name in before if name != "aggregate_finding"}
        came = {name: (after[name] - before[name]).total() for name in after if name != "aggregate_finding"}
        told = {name: (one.removed + one.changed, one.added + one.changed) for name, one in found.views.items()}
        assert told == {name: (gone[name], came[name]) for name in gone if gone[name] or came[name]}
        assert len(found.changes) == sum(one.added + one.removed + one.changed for one in found.views.values())
        assert sum(found.entries.values()) == last - first
        for change in found.changes:
            assert change.through, change
            assert all(first < one.position <= last for one in change.through)
    nothing = await compare(filled, first=last, last=last, as_of=as_of, indicators=list(indicators().values()))
    assert (nothing.views, nothing.figures, nothing.changes) == ({}, [], [])


async def test_figures_that_changed_are_those_of_two_recomputations(filled: Store) -> None:
    head = await filled.head()
    assert head.admitted_at is not None
    as_of, first = local_date(head.admitted_at), head.position // 2

    def told(one: Figure) -> list[object]:
        return [one.total, *one.rows]

    books = [await past_factbook(filled, as_of=as_of, known_at=known) for known in (first, head.position)]
    expected = {
        id
        for id, one in indicators().items()
        if told(figure(one, books[0], by=["region"] if "region" in one.splits else []))
        != told(figure(one, books[1], by=["region"] if "region" in one.splits else []))
    }
    found = await compare(filled, first=first, last=head.position, as_of=as_of, indicators=list(indicators().values()), by=["region"])
    assert {one.id for one in found.figures} == expected
    assert expected
    for change in found.figures:
        assert change.types, change.id
        assert all(first < one.position for one in change.through)


async def test_an_indicator_is_recomputed_from_the_views_that_it_needs_alone(filled: Store) -> None:
    head = await filled.head()
    assert head.admitted_at is not None
    as_of = local_date(head.admitted_at)
    whole = await past_factbook(filled, as_of=as_of, known_at=head.position)
    for one in indicators().values():
        few = await past_factbook(filled, as_of=as_of, known_at=head.position, names=one.needs) if one.id in {"IND-01", "IND-30"} else whole
        assert figure(one, few) == figure(one, whole)
