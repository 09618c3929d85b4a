"""The live factbook after each change equals one that is read whole."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import pytest

from ledger.factbook import Factbook
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.factbooks import needed
from streams.live_facts import LiveFacts
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

    async def watched(connection, projection):  # type: ignore[no-untyped-def]
        whole.append(projection.name)
        return await read(connection, projection)

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


def test_nothing_is_known_of_an_empty_ledger(ledger: Served) -> None:
    made = ledger.do(lambda: LiveFacts(ledger.parts.store).now(needed()))
    assert made.position == 0
