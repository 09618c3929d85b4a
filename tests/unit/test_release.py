"""Releases: which quarters are closed, what moved, and what may be told of it."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.publication import Cell
from ledger.release import Quarter, closed_quarters, merged, moved, quarter_of, read_quarter, releasable, revised

BLANK = dict.fromkeys(Cell.__struct_fields__)


def cell(indicator: str, value: str | None, numerator: int | None, denominator: int | None, *, hidden: bool = False) -> Cell:
    told = {
        "indicator": indicator,
        "version": 1,
        "definition": "d",
        "position": 1,
        "as_of": date(2025, 12, 31),
        "dimension_1": None if value is None else "region",
        "value_1": value,
        "unit": "share",
        "numerator": numerator,
        "denominator": denominator,
        "hidden": hidden,
        "erased": 0,
    }
    return msgspec.convert({**BLANK, **told}, Cell)


def test_a_quarter_closes_thirty_days_after_its_end() -> None:
    quarter = Quarter(2025, 4)
    assert (quarter.first, quarter.last, str(quarter)) == (date(2025, 10, 1), date(2025, 12, 31), "2025-Q4")
    assert quarter.closes_on(30) == date(2026, 1, 31), "the 30th of January is the last day that counts"
    assert list(closed_quarters(date(2025, 5, 2), date(2026, 1, 30), 30)) == [Quarter(2025, 2), Quarter(2025, 3)]
    assert list(closed_quarters(date(2025, 5, 2), date(2026, 1, 31), 30))[-1] == quarter
    assert (quarter_of(date(2026, 3, 31)), read_quarter("2026-q1"), read_quarter("2026-Q5")) == (Quarter(2026, 1), Quarter(2026, 1), None)


@pytest.mark.parametrize(("by", "waits"), [(1, True), (4, True), (5, False), (-4, True), (-9, False)])
def test_a_difference_of_one_to_four_waits(by: int, waits: bool) -> None:
    old, new = [cell("IND-01", None, 40, 100)], [cell("IND-01", None, 40 + by, 100)]
    anew, waiting = releasable(moved(old, new), 5, yearly=False)
    assert (anew, waiting) == ((frozenset(), frozenset({"IND-01"})) if waits else (frozenset({"IND-01"}), frozenset()))
    assert releasable(moved(old, new), 5, yearly=True) == (frozenset({"IND-01"}), frozenset()), "at the yearly closing none waits"


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ({"numerator": 45, "denominator": 108}, True),  # three more who did not
        ({"numerator": 45, "denominator": 110}, False),
        ({"numerator": 50, "denominator": 110, "immature": 12}, True),
        ({"numerator": 50, "denominator": 110, "immature": 16, "left_scope": 5}, False),
        ({"left_scope": 1}, True),
        ({"immature": 17}, False),
    ],
)
def test_who_did_not_and_who_does_not_count_wait_alike(told: dict[str, int], waits: bool) -> None:
    old = msgspec.structs.replace(cell("IND-01", None, 40, 100), immature=11, left_scope=0)
    new = msgspec.structs.replace(old, **told)
    anew, waiting = releasable(moved([old], [new]), 5, yearly=False)
    assert (anew, waiting) == ((frozenset(), frozenset({"IND-01"})) if waits else (frozenset({"IND-01"}), frozenset()))


def test_one_small_cell_holds_back_its_whole_indicator_and_no_other() -> None:
    old = [cell("IND-01", None, 40, 100), cell("IND-01", "a", 10, 50), cell("IND-02", None, 1, 60)]
    new = [cell("IND-01", None, 50, 120), cell("IND-01", "a", 12, 60), cell("IND-02", None, 9, 75)]
    anew, waiting = releasable(moved(old, new), 5, yearly=False)
    assert (anew, waiting) == (frozenset({"IND-02"}), frozenset({"IND-01"}))
    assert merged(old, new, anew) == [old[0], old[1], new[2]], "what waits stands as it was released"
    assert revised(old, merged(old, new, anew)) == [(old[2], new[2])]


def test_a_cell_that_comes_or_goes_counts_from_nothing() -> None:
    found = moved([cell("IND-01", "a", 3, 3)], [cell("IND-01", "b", 7, 9)])
    assert [(one.place[2], one.numerator, one.denominator) for one in found] == [("a", -3, -3), ("b", 7, 9)]


cells = st.lists(
    st.tuples(st.sampled_from(["IND-01", "IND-02"]), st.sampled_from("abc"), st.integers(0, 30), st.integers(0, 30)), max_size=6
)


@given(cells, cells)
def test_no_two_releases_in_a_row_differ_by_a_small_number(
    first: list[tuple[str, str, int, int]], second: list[tuple[str, str, int, int]]
) -> None:
    old, new = ([cell(*one) for one in {(i, v): (i, v, n, d) for i, v, n, d in told}.values()] for told in (first, second))
    anew, _ = releasable(moved(old, new), 5, yearly=False)
    assert not [one for one in moved(old, merged(old, new, anew)) if one.telling(5)]
