"""Randomness without state: named numbers, tables, identifiers."""

from __future__ import annotations

import re
import uuid
from math import log
from statistics import fmean, pstdev

import pytest

from simulation.draw import Draws, Table, as_uuid7, as_uuid8, expit, half_up, logit, named_uuid8, with_odds

N = 20_000


def test_a_number_depends_on_its_name_alone() -> None:
    first, again = Draws(7, "person", 3), Draws(7, "person", 3)
    before = first.uniform("late")
    first.uniform("another")
    assert first.uniform("late") == before == again.uniform("late")


@pytest.mark.parametrize(
    "other", [Draws(8, "person", 3), Draws(7, "thing", 3), Draws(7, "person", 4)], ids=["other seed", "other kind", "other index"]
)
def test_another_entity_has_other_numbers(other: Draws) -> None:
    assert other.bits("late") != Draws(7, "person", 3).bits("late")


def test_purposes_and_draws_do_not_run_into_each_other() -> None:
    draws = Draws(7, "person", 3)
    assert len({draws.bits(purpose, n) for purpose in ("a", "a/1", "ab", "b") for n in range(12)}) == 48


def test_uniform_numbers_fill_the_open_interval_evenly() -> None:
    numbers = [Draws(1, "n", i).uniform("u") for i in range(N)]
    assert 0 < min(numbers) < 0.001
    assert 0.999 < max(numbers) < 1
    assert fmean(numbers) == pytest.approx(0.5, abs=0.008)
    tenths = [sum(1 for u in numbers if int(u * 10) == tenth) for tenth in range(10)]
    assert max(abs(count - N / 10) for count in tenths) < 200


def test_lognormal_delays_have_the_median_and_spread_of_their_parameters() -> None:
    draws = [Draws(1, "n", i).lognormal(35, 0.7, "delay") for i in range(N)]
    logs = [log(x / 35) for x in draws]
    assert fmean(logs) == pytest.approx(0, abs=0.02)
    assert pstdev(logs) == pytest.approx(0.7, abs=0.02)


def test_days_are_rounded_half_up() -> None:
    assert [half_up(x) for x in (0.4, 0.5, 1.5, 2.4999)] == [0, 1, 2, 2]


def test_whole_numbers_stay_in_their_bounds_and_reach_both() -> None:
    numbers = {Draws(1, "n", i).between(3, 7, "b") for i in range(500)}
    assert numbers == {3, 4, 5, 6, 7}


def test_a_table_gives_each_value_its_share() -> None:
    table = Table([("a", 1), ("b", 3)])
    share = fmean(Draws(1, "n", i).pick(table, "t") == "b" for i in range(N))
    assert share == pytest.approx(0.75, abs=0.01)
    assert (table.at(1e-12), table.at(1 - 1e-12)) == ("a", "b")


def test_a_table_can_be_reweighted() -> None:
    assert Table([("a", 1), ("b", 3)]).reweighted([3, 1]).weights == (3.0, 3.0)


def test_odds_multiply() -> None:
    assert with_odds(0.5, 3) == pytest.approx(0.75)
    assert expit(logit(0.31)) == pytest.approx(0.31)


def test_identifiers_are_rfc_9562_uuids() -> None:
    key = Draws(1, "n", 1).key("id")
    seven, eight = uuid.UUID(as_uuid7(1_700_000_000_123, key)), uuid.UUID(as_uuid8(key[:32]))
    assert (seven.version, eight.version) == (7, 8)
    assert {seven.variant, eight.variant} == {uuid.RFC_4122}
    assert seven.int >> 80 == 1_700_000_000_123
    assert re.fullmatch("[0-9a-f-]{36}", named_uuid8("pilot-1"))
    assert named_uuid8("pilot-1") != named_uuid8("pilot-2")
