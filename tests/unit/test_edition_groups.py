"""Groups of editions: half-years of a region, taken together until there are enough, and never told apart where a part is hidden."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ledger.edition_groups import Group, groups_of
from ledger.funnel import Unit

LEAST = 30


def test_half_years_that_are_large_enough_stand_alone() -> None:
    quarters = {"2024-Q1": Unit(10, 20), "2024-Q2": Unit(5, 15), "2024-Q4": Unit(12, 30)}
    assert groups_of(quarters, {"2024": Unit(27, 65)}, LEAST) == [
        Group("2024-H1", "2024-H1", Unit(15, 35)),
        Group("2024-H2", "2024-H2", Unit(12, 30)),
    ]


def test_small_half_years_are_taken_together_until_there_are_thirty() -> None:
    quarters = {"2023-Q1": Unit(6, 12), "2023-Q3": Unit(5, 14), "2024-Q1": Unit(7, 16), "2024-Q3": Unit(6, 10)}
    assert groups_of(quarters, {}, LEAST) == [Group("2023-H1", "2024-H2", Unit(24, 52))]


def test_a_last_one_that_is_too_small_goes_with_the_group_before_it() -> None:
    quarters = {"2023-Q1": Unit(15, 40), "2023-Q3": Unit(5, 10)}
    assert groups_of(quarters, {}, LEAST) == [Group("2023-H1", "2023-H2", Unit(20, 50))]


def test_where_a_quarter_is_hidden_the_year_stands_whole() -> None:
    quarters = {"2024-Q1": None, "2024-Q3": Unit(20, 45)}
    assert groups_of(quarters, {"2024": Unit(28, 60)}, LEAST) == [Group("2024-H1", "2024-H2", Unit(28, 60))]


def test_nothing_is_joined_across_a_hidden_year() -> None:
    quarters = {"2022-Q1": Unit(8, 20), "2023-Q1": None, "2024-Q1": Unit(9, 20)}
    assert groups_of(quarters, {"2022": Unit(8, 20), "2023": None, "2024": Unit(9, 20)}, LEAST) == [
        Group("2022-H1", "2022-H1", Unit(8, 20)),
        Group("2023-H1", "2023-H2", None),
        Group("2024-H1", "2024-H1", Unit(9, 20)),
    ]


_CELL = st.one_of(st.none(), st.integers(10, 60).map(lambda n: Unit(n // 2, n)))


@given(st.dictionaries(st.sampled_from([f"{year}-Q{quarter}" for year in range(2020, 2025) for quarter in (1, 2, 3, 4)]), _CELL))
def test_a_group_is_a_sum_of_shown_cells_and_nobody_is_counted_twice(quarters: dict[str, Unit | None]) -> None:
    years: dict[str, Unit | None] = {}
    for year in {quarter[:4] for quarter in quarters}:
        mine = [unit for quarter, unit in quarters.items() if quarter[:4] == year]
        shown = [unit for unit in mine if unit is not None]
        # A year may be shown although two of its quarters are not.
        years[year] = Unit(sum(u.top for u in shown) + 20, sum(u.bottom for u in shown) + 40) if len(mine) - len(shown) != 1 else None
    made = groups_of(quarters, years, LEAST)
    assert [(one.first, one.last) for one in made] == sorted((one.first, one.last) for one in made)
    assert all(before.last < after.first for before, after in pairwise(made))
    hidden = [year for year, unit in years.items() if unit is None]
    told = sum(one.unit.bottom for one in made if one.unit is not None)
    whole = 0
    for year, unit in years.items():
        mine = [one for quarter, one in quarters.items() if quarter[:4] == year]
        if None not in mine:
            whole += sum(one.bottom for one in mine if one is not None)
        elif year not in hidden:
            assert unit is not None
            whole += unit.bottom
    assert told == whole
