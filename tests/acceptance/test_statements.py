"""Walks the statements of the policy note: each has events that come in, figures that can be computed, and pages that open."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest

from ledger.boundary import BOUNDARIES
from ledger.catalogue import catalogue
from ledger.clock import clocks
from ledger.finding import finding_types, pattern_rules
from ledger.indicator import indicators
from ledger.statements import STATEMENTS, Statement
from simulation.run import stream
from tests.acceptance.serving import Served
from web.page import pages

ASKING = [one for one in STATEMENTS if one.asks]


def test_all_fifty_nine_are_there_and_only_two_ask_nothing() -> None:
    assert [one.id for one in STATEMENTS] == [f"S{number:02d}" for number in range(1, 60)]
    assert [one.id for one in STATEMENTS if not one.asks] == ["S11", "S59"]


def test_every_event_of_a_statement_comes_in(population: Served) -> None:
    async def admitted() -> set[str]:
        return {row["type"] for row in await population.parts.store.pool.fetch("SELECT DISTINCT type FROM ledger.entries")}

    seen = {catalogue().types[name].number for name in population.do(admitted)}
    # What is too rare for so few people must come in where there are more.
    rare = {number for one in ASKING for number in one.events} - seen
    assert len(rare) < 10
    of_many = {catalogue().types[msgspec.json.decode(line, type=_Typed).type].number for line in stream(2_000, 7)}
    assert rare - of_many == set()


class _Typed(msgspec.Struct):
    type: str


@pytest.mark.parametrize("statement", ASKING, ids=lambda one: one.id)
def test_a_statement_is_answered(statement: Statement, population: Served) -> None:
    declared = {one.number for one in catalogue().newest.values()}
    assert set(statement.events) <= declared
    assert statement.indicators or statement.rules
    for id in statement.indicators:
        figure = population.do(lambda id=id: population.parts.figures.figure(id, protected=False))  # type: ignore[misc]
        assert figure.as_of > date(2024, 1, 1)
        assert statement.id in indicators()[id].sources or indicators()[id].sources, f"{id} names the statements that it answers"
    known = {*(one.id for one in BOUNDARIES), *(one.value for one in clocks()), *finding_types(), *pattern_rules()}
    assert set(statement.rules) <= known
    titled = {one.title.nl: one for one in pages()}
    assert set(statement.pages) <= set(titled), "every page that is named exists"
    with population.client() as client:
        for title in statement.pages:
            answer = client.get(titled[title].path)
            assert answer.status_code == 200, title
            assert re.search(r"<h1[ >]", answer.text), title


def test_the_page_lists_them_all(population: Served) -> None:
    with population.client() as client:
        text = client.get("/beleidsnota").raise_for_status().text
    assert [one.id for one in STATEMENTS if f'id="{one.id}"' not in text] == []
