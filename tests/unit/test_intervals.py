"""Intervals and curves against hand-worked cases and against statsmodels and scipy."""

from __future__ import annotations

import math
import random
import warnings

import numpy as np
import pytest
from scipy.stats import chi2
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from ledger.interval import Sums, garwood, ratio, wilson
from ledger.survival import AT_RISK, Curve, Day, curve


@pytest.mark.parametrize(("x", "n"), [(0, 1), (1, 1), (0, 20), (20, 20), (7, 20), (81, 263), (15, 148), (49_999, 100_000)])
def test_wilson_is_the_one_of_statsmodels(x: int, n: int) -> None:
    low, high = proportion_confint(x, n, method="wilson")
    assert wilson(x, n) == pytest.approx((low, high), abs=1e-12)


def test_wilson_by_hand() -> None:
    """Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662."""
    found = wilson(81, 263)
    assert found is not None
    assert [round(limit, 4) for limit in found] == [0.2553, 0.3662]


def test_nothing_below_the_line_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert garwood(0, 0) is None
    assert ratio(Sums(9, 10, 10, 20, 20, 20)) is None


@pytest.mark.parametrize("x", [0, 1, 2, 5, 17, 100, 2_345, 60_000])
def test_garwood_is_the_exact_poisson_interval(x: int) -> None:
    low = chi2.ppf(0.025, 2 * x) / 2 if x else 0.0
    high = chi2.ppf(0.975, 2 * x + 2) / 2
    assert garwood(x, 2.0) == pytest.approx((low / 2, high / 2), rel=1e-8, abs=1e-9)


def test_a_ratio_of_sums_by_hand() -> None:
    ys, xs = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 4, 6, 8, 10, 12, 14, 16, 18, 22]
    value = sum(ys) / sum(xs)
    variance = 10 / 9 * sum((y - value * x) ** 2 for y, x in zip(ys, xs, strict=True)) / sum(xs) ** 2
    half = 1.959963984540054 * math.sqrt(variance)
    found = ratio(
        Sums(10, sum(ys), sum(xs), sum(y * y for y in ys), sum(x * y for x, y in zip(xs, ys, strict=True)), sum(x * x for x in xs))
    )
    assert found == pytest.approx((value - half, value + half), abs=1e-9)


def lives(seed: int, n: int, competing: float) -> tuple[list[int], list[int]]:
    draws = random.Random(seed)
    times, kinds = [], []
    for _ in range(n):
        event, rival, cut = draws.randint(0, 200), draws.randint(0, 300) if draws.random() < competing else 999, draws.randint(1, 250)
        times.append(min(event, rival, cut))
        kinds.append(1 if event <= min(rival, cut) else 2 if rival <= cut else 0)
    return times, kinds


def of(times: list[int], kinds: list[int]) -> Curve:
    return curve(Day(t, int(k == 1), int(k == 2), int(k == 0)) for t, k in zip(times, kinds, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_without_competing_ends_it_is_kaplan_meier(seed: int) -> None:
    times, kinds = lives(seed, 400, 0.0)
    made = of(times, kinds)
    oracle = SurvfuncRight(np.array(times), np.array(kinds) == 1)
    for step in made.steps:
        at = int(np.flatnonzero(oracle.surv_times == step.time)[0])
        assert step.at_risk == oracle.n_risk[at]
        assert step.incidence == pytest.approx(1 - oracle.surv_prob[at], abs=1e-12)
    for share in (0.25, 0.5, 0.75):
        ours = made.quantile(share)
        assert ours.days == oracle.quantile(share)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it takes the logarithm of zero where everybody had the event
            low, high = oracle.quantile_ci(share, method="cloglog")
        assert (ours.low, ours.high) == (low, high)


@pytest.mark.parametrize("seed", range(5))
def test_with_competing_ends_it_is_aalen_johansen(seed: int) -> None:
    times, kinds = lives(seed, 500, 0.6)
    made = of(times, kinds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels divides by zero where the last one at risk has an event
        oracle = CumIncidenceRight(np.array(times), np.array(kinds))
    survival = SurvfuncRight(np.array(times), np.array(kinds) > 0)
    rival = of(times, [{1: 2, 2: 1, 0: 0}[kind] for kind in kinds])
    for step, other in zip(made.steps, rival.steps, strict=True):
        at = int(np.flatnonzero(oracle.times == step.time)[0])
        assert step.incidence == pytest.approx(oracle.cinc[0][at], abs=1e-12)
        left = survival.surv_prob[int(np.flatnonzero(survival.surv_times == step.time)[0])]
        assert step.incidence + other.incidence + left == pytest.approx(1, abs=1e-12)
        if 0 < step.incidence < 1 and step.low < step.incidence:
            # Back from the limit to the standard error: log(-log) is what the limits are made on.
            se = abs(math.log(-math.log(1 - step.low)) - math.log(-math.log(1 - step.incidence))) / 1.959963984540054
            assert se * abs((1 - step.incidence) * math.log(1 - step.incidence)) == pytest.approx(oracle.cinc_se[0][at], rel=0.05)


def test_a_curve_by_hand() -> None:
    """Twelve people: events on days 3, 3, 7, one leaves on day 5, the rest are cut at day 9."""
    made = curve([Day(3, 2, 0, 0), Day(5, 0, 1, 0), Day(7, 1, 0, 0), Day(9, 0, 0, 8)])
    assert (made.n, made.events, made.competing) == (12, 3, 1)
    assert [(step.time, step.at_risk) for step in made.steps] == [(3, 12), (5, 10)]
    assert made.steps[0].incidence == pytest.approx(2 / 12)
    assert made.quantile(0.5).days is None


def test_a_quantile_is_not_reached_once_fewer_than_ten_are_at_risk() -> None:
    made = curve([Day(day, 1, 0, 0) for day in range(1, 16)])
    assert made.steps[-1].at_risk == AT_RISK
    assert made.quantile(0.25).days == 4
    assert made.quantile(0.5).days is None
