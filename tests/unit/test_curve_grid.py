"""Curves that may be shown: no step of one, and no difference of several, tells of fewer than five."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from ledger.curve_grid import common_grid, points
from ledger.survival import AT_RISK, Day, curve

K = 5

DAYS = st.lists(st.builds(Day, st.integers(0, 120), st.integers(0, 6), st.integers(0, 2), st.integers(0, 4)), min_size=1, max_size=40)


def between(days: list[Day], start: int, end: int) -> tuple[int, int]:
    """Events, and other ends and censorings, in (start, end]; a day before the start counts as day 0."""
    inside = [day for day in days if start < max(day.time, 0) <= end]
    return sum(day.events for day in inside), sum(day.competing + day.censored for day in inside)


@given(st.lists(DAYS, min_size=1, max_size=4))
def test_between_two_days_of_a_grid_every_series_has_none_or_enough(series: list[list[Day]]) -> None:
    grid = common_grid(series, K)
    edges = [-1, *grid, 10_000]
    if not grid:
        return
    for days in series:
        for start, end in pairwise(edges):
            for n in between(days, start, end):
                assert n == 0 or n >= K, (start, end, days)


@given(st.lists(DAYS, min_size=2, max_size=3))
def test_taking_groups_from_the_total_tells_nothing_finer(groups: list[list[Day]]) -> None:
    total = [day for days in groups for day in days]
    for shown in combinations(range(len(groups)), len(groups) - 1):
        hidden = [day for at, days in enumerate(groups) if at not in shown for day in days]
        series = [*(groups[at] for at in shown), hidden, total]
        edges = [-1, *common_grid(series, K), 10_000]
        for start, end in pairwise(edges) if len(edges) > 2 else ():
            whole, parts = between(total, start, end), [between(groups[at], start, end) for at in shown]
            for at in (0, 1):
                rest = whole[at] - sum(part[at] for part in parts)
                assert rest == 0 or rest >= K


@given(DAYS)
def test_a_curve_ends_where_fewer_than_ten_are_at_risk_and_its_shares_are_rounded(days: list[Day]) -> None:
    for point in points(curve(days), days, common_grid([days], K), K):
        assert point.at_risk >= AT_RISK
        assert point.incidence == round(point.incidence, 3)


def test_a_curve_with_one_to_four_other_ends_is_not_told() -> None:
    days = [Day(10, 20, 0, 0), Day(20, 0, 3, 0), Day(90, 0, 0, 60)]
    assert points(curve(days), days, (14, 90), K) == ()


def test_the_curve_on_its_grid_is_the_exact_one() -> None:
    days = [Day(0, 10, 0, 0), Day(5, 10, 0, 0), Day(12, 20, 0, 0), Day(300, 0, 0, 60)]
    made = curve(days)
    told = points(made, days, common_grid([days], K), K)
    assert [(point.time, point.at_risk, point.incidence) for point in told] == [(0, 90, 0.1), (7, 80, 0.2), (14, 60, 0.4)]
