"""The indicators against a second calculation that shares no line with the first: plain Python over what the simulator says is true."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.factbook import Factbook
from ledger.figure import figure
from ledger.indicator import Method, indicators
from simulation.faults import FaultProfile
from simulation.run import simulate, truth_path
from tests.simulation.little_ledger import LittleLedger, book
from tests.simulation.plain import PLAIN, Life, World, cohort, first_contract, of, residence, roles_in

SEED = int(os.environ.get("LEDGER_TEST_SEED", "11"))
PEOPLE = 400
DAYS = [date(2024, 2, 29), date(2025, 3, 30), date(2026, 3, 31)]
WITHIN_A_CONTRACT = ("IND-04", "IND-05", "IND-28", "IND-39", "IND-43")


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plain") / "events.ndjson"
    simulate(PEOPLE, SEED, FaultProfile.REALISTIC, out, truth_path(out))
    return out


@pytest.fixture(scope="module")
def ledger(feed: Path) -> LittleLedger:
    made = LittleLedger()
    made.take(feed.read_bytes().splitlines())
    return made


@pytest.fixture(scope="module", params=DAYS, ids=str)
def compared(request: pytest.FixtureRequest, feed: Path, ledger: LittleLedger) -> tuple[Factbook, World]:
    on = request.param
    print(f"seed {SEED}, on {on}")
    return book(ledger, on), World(json.loads(truth_path(feed).read_text()), roles_in(feed.read_bytes()), on)


def test_every_figure_is_what_plain_counting_gives(compared: tuple[Factbook, World]) -> None:
    facts, world = compared
    different = {}
    for id, count in PLAIN.items():
        total = figure(indicators()[id], facts, protected=False).total
        counts = (total.numerator, total.denominator, total.immature, total.left_scope, total.neutral)
        expected = count(world)
        if total.coverage_state == "withheld":
            counts, expected = counts[1:], expected[1:]
        if counts != expected:
            different[id] = (counts, expected)
    assert different == {}
    assert len(cohort(world)) > 100


def test_groups_are_those_of_the_day_of_the_contract(compared: tuple[Factbook, World]) -> None:
    """Gender, age, part of the country and obligation, read from the truth; a person who moves later stays where the contract was."""
    facts, world = compared
    ways: dict[str, Callable[[Life], str]] = {
        "gender": lambda life: _registered(life).get("gender", "unknown"),
        "obligation": lambda life: _registered(life).get("obligation", "unknown"),
        "age": lambda life: _band(_signed(life).year - _registered(life)["birth_year"]) if _registered(life) else "unknown",
        "area": _area,
    }
    world = world.of(lambda life: first_contract(life) is not None)
    for id in WITHIN_A_CONTRACT:
        assert indicators()[id].method is Method.SHARE
        for name, group_of in ways.items():
            for row in figure(indicators()[id], facts, by=(name,), protected=False).rows:
                expected = PLAIN[id](world.of(lambda life, value=row.strata[name], group_of=group_of: group_of(life) == value))
                counts = (row.numerator, row.denominator, row.immature, row.left_scope, row.neutral)
                skip = 1 if row.coverage_state == "withheld" else 0
                assert counts[skip:] == expected[skip:], (id, name, row.strata)


def _signed(life: Life) -> date:
    signed = first_contract(life)
    assert signed is not None
    day: date = signed["date"]
    return day


def _registered(life: Life) -> dict[str, Any]:
    """What the last registration up to the contract said, else the first after it."""
    told = of(life, "person.registered")
    before = [one for one in told if one["date"] <= _signed(life)]
    return (before[-1:] or told[:1] or [{"data": {}}])[0]["data"]  # type: ignore[no-any-return]


def _area(life: Life) -> str:
    nis = residence(life, _signed(life))
    return "unknown" if nis is None else "brussel" if nis.startswith("210") else "vlaanderen"


def _band(age: int) -> str:
    bands = ((18, "-17"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"))
    return next((name for below, name in bands if age < below), "65+")
