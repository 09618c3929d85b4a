"""Funnels: exact binomial limits beside an independent calculation, and words that never rank."""

from __future__ import annotations

import random

import pytest
from scipy.stats import binom

from ledger.funnel import Funnel, Unit, Verdict, funnel, limit

SEED = 20260401


@pytest.mark.parametrize("n", [1, 10, 37, 250, 4000, 60_000])
@pytest.mark.parametrize("target", [0.02, 0.31, 0.5, 0.97])
@pytest.mark.parametrize("tail", [0.001, 0.025, 0.975, 0.999])
def test_limits_are_those_of_the_binomial_distribution(n: int, target: float, tail: float) -> None:
    r = int(binom.ppf(tail, n, target))
    while binom.cdf(r, n, target) <= tail:
        r += 1
    while r > 0 and binom.cdf(r - 1, n, target) > tail:
        r -= 1
    a = (binom.cdf(r, n, target) - tail) / binom.pmf(r, n, target)
    assert limit(n, target, tail) == pytest.approx(min(1.0, max(0.0, (r - a) / n)), abs=1e-9)


def test_units_that_only_chance_tells_apart_are_within_as_often_as_they_should_be() -> None:
    drawn = random.Random(SEED)
    units = [Unit(sum(drawn.random() < 0.4 for _ in range(n)), n) for n in (drawn.randint(30, 400) for _ in range(400))]
    found = funnel(units)
    assert found is not None
    verdicts = [found.verdict(unit) for unit in units]
    assert found.phi is None, f"seed {SEED}"
    assert 360 <= verdicts.count(Verdict.WITHIN) <= 398, f"seed {SEED}"
    assert verdicts.count(Verdict.APART) <= 4, f"seed {SEED}"


def test_more_spread_than_chance_widens_the_limits() -> None:
    units = [Unit(30 if at % 2 else 70, 100) for at in range(20)]
    found = funnel(units)
    assert found is not None
    assert found.phi == pytest.approx(16.0)
    assert found.limits(100).low < Funnel(found.target, None).limits(100).low


def test_nothing_to_compare() -> None:
    assert funnel([]) is None
    assert funnel([Unit(0, 0)]) is None
