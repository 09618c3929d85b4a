"""The live factbook after each change equals one that is read whole."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import pytest

from ledger.factbook import Factbook
from ledger.projection import projections
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.clock import SystemClock
from streams.factbooks import needed
from streams.live_facts import LiveFacts
from streams.postgres import views
from streams.postgres.store import Store
from streams.projecting import Projecting
from tests.acceptance.serving import Served

PEOPLE, SEED, PARTS = 40, 11, 12


def same(one: Factbook, other: Factbook) -> None:
    assert (one.position, one.as_of, one.erased) == (other.position, other.as_of, other.erased)
    assert set(one.frames) == set(other.frames)
    for name, frame in one.frames.items():
        ordered = [part.sort(_plain(part)) for part in (frame, other.frames[name])]
        assert ordered[0].equals(ordered[1]), name


def _plain(frame: pl.DataFrame) -> Iterable[str]:
    return [name for name, kind in frame.schema.items() if kind != pl.List(pl.String)]


def test_what_is_followed_equals_what_is_read_whole(ledger: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list(stream(PEOPLE, SEED, FaultProfile.HARSH))
    live = LiveFacts(ledger.parts.store)
    whole: list[str] = []
    from streams import factbooks

    read = factbooks.read_view

    async def watched(connection, projection, table):  # type: ignore[no-untyped-def]
        whole.append(projection.name)
        return await read(connection, projection, table)

    step = -(-len(lines) // PARTS)
    for start in range(0, len(lines), step):
        ledger.publish(lines[start : start + step])
        ledger.project()
        monkeypatch.setattr(factbooks, "read_view", watched)
        whole.clear()
        followed = ledger.do(lambda: live.now(needed()))
        if start:
            assert len(whole) < len(needed()), f"seed {SEED}: everything was read again"
        monkeypatch.setattr(factbooks, "read_view", read)
        same(followed, ledger.do(lambda: LiveFacts(ledger.parts.store).now(needed())))
    again = ledger.do(lambda: live.now(needed()))
    assert again is followed


def test_an_erased_person_leaves_what_is_followed(ledger: Served) -> None:
    ledger.publish(stream(PEOPLE, SEED, FaultProfile.NONE))
    ledger.project()
    live = LiveFacts(ledger.parts.store)
    before = ledger.do(lambda: live.now(needed()))
    person = before.table("facts")["key"][0]

    async def gone() -> None:
        async with ledger.parts.store.pool.acquire() as connection, connection.transaction():
            await connection.execute("DELETE FROM view.facts WHERE key = $1", person)
            await connection.execute("UPDATE view.runner SET position = position + 1")

    ledger.do(gone)
    after = ledger.do(lambda: live.now(needed()))
    assert person not in after.table("facts")["key"].to_list()
    assert after.table("facts").height == before.table("facts").height - 1


def test_a_view_that_was_mended_at_the_same_position_is_read_again(ledger: Served) -> None:
    ledger.publish(stream(PEOPLE, SEED, FaultProfile.NONE))
    ledger.project()
    whole = ledger.do(lambda: LiveFacts(ledger.parts.store).now(needed()))
    live = LiveFacts(ledger.parts.store)
    ledger.do(lambda: ledger.parts.store.pool.execute("DELETE FROM view.facts WHERE key = (SELECT min(key) FROM view.facts)"))
    assert ledger.do(lambda: live.now(needed())).table("facts").height == whole.table("facts").height - 1
    ledger.do(lambda: ledger.parts.reader.rebuild("facts"))
    ledger.project()
    same(ledger.do(lambda: live.now(needed())), whole)


class Overtaken(LiveFacts):
    """A rebuild swaps tables when the first reading has begun, as one that is asked for at that moment does."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.begun = 0

    async def _read(self, connection: views.Connection, names: Iterable[str]) -> Factbook:
        self.begun += 1
        if self.begun == 1:
            await connection.fetchval("SELECT position FROM view.runner")  # what is written from here on, it does not see
            projecting = Projecting(self._store, wall=SystemClock(), sandbox=True)
            await projecting.prepare()
            await projecting.rebuild(list(projections().values()))
        return await super()._read(connection, names)


def test_views_that_are_swapped_under_a_reader_are_read_again(ledger: Served) -> None:
    ledger.publish(stream(PEOPLE, SEED, FaultProfile.NONE))
    ledger.project()
    whole = ledger.do(lambda: LiveFacts(ledger.parts.store).now(needed()))
    overtaken = Overtaken(ledger.parts.store)
    same(ledger.do(lambda: overtaken.now(needed())), whole)
    assert overtaken.begun == 2
    assert whole.table("facts").height > 0


def test_nothing_is_known_of_an_empty_ledger(ledger: Served) -> None:
    made = ledger.do(lambda: LiveFacts(ledger.parts.store).now(needed()))
    assert made.position == 0
