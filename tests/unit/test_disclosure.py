"""Small-number protection: what is hidden, and that nothing hidden follows from what is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.disclosure import K_CELL, Cell, protect_each, protect_list, protect_table

COUNTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), min_size=1)
CROSSED = st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("vwxyz")), st.integers(0, 30), min_size=1)


def test_one_to_four_are_hidden_and_zero_is_shown() -> None:
    assert protect_each([0, 1, 4, 5]) == (Cell(0), Cell(None), Cell(None), Cell(5))


def test_a_lone_small_count_takes_the_next_smallest_with_it() -> None:
    protected = protect_list({"a": 3, "b": 9, "c": 7})
    assert {code for code, cell in protected.cells.items() if cell.hidden} == {"a", "c"}
    assert protected.total == Cell(19)


def test_ties_go_to_the_lowest_code() -> None:
    protected = protect_list({"c": 7, "b": 7, "a": 2})
    assert {code for code, cell in protected.cells.items() if cell.hidden} == {"a", "b"}


def test_small_counts_that_hide_each_other_may_still_need_a_third() -> None:
    protected = protect_list({"a": 1, "b": 1, "c": 50, "d": 60})
    assert {code for code, cell in protected.cells.items() if cell.hidden} == {"a", "b", "c"}


def test_a_small_total_is_hidden() -> None:
    assert protect_list({"a": 2, "b": 1}).total.hidden


def test_a_zero_beside_a_small_count_does_not_protect_it() -> None:
    protected = protect_list({"a": 3, "b": 0, "c": 100})
    assert protected.cells["c"].hidden
    assert protected.cells["b"] == Cell(0)


@given(COUNTS)
def test_nothing_small_is_shown_and_nothing_hidden_follows_from_a_list(counts: dict[str, int]) -> None:
    protected = protect_list(counts)
    hidden = [code for code, cell in protected.cells.items() if cell.hidden]
    assert all(not 0 < cell.n < K_CELL for cell in protected.cells.values() if cell.n is not None)
    if not protected.total.hidden and hidden:
        assert len(hidden) > 1
        assert sum(counts[code] for code in hidden) >= K_CELL


@given(CROSSED)
def test_every_sum_of_a_table_is_safe(counts: dict[tuple[str, str], int]) -> None:
    table = protect_table(counts)
    lines = [([table.cells[row, column] for column in table.columns], table.row_totals[row]) for row in table.rows]
    lines += [([table.cells[row, column] for row in table.rows], table.column_totals[column]) for column in table.columns]
    lines += [([table.row_totals[row] for row in table.rows], table.total), ([table.column_totals[c] for c in table.columns], table.total)]
    for parts, total in lines:
        hidden = sum(part.hidden for part in parts)
        assert hidden != 1 or total.hidden
        assert hidden > 0 or not total.hidden


@given(CROSSED)
def test_turning_a_table_on_its_side_hides_no_small_count_less(counts: dict[tuple[str, str], int]) -> None:
    turned = protect_table({(column, row): n for (row, column), n in counts.items()})
    assert all(turned.cells[column, row].hidden for (row, column), n in counts.items() if 0 < n < K_CELL)


@given(COUNTS)
def test_shown_counts_are_the_true_ones(counts: dict[str, int]) -> None:
    assert all(cell.hidden or cell.n == counts[code] for code, cell in protect_list(counts).cells.items())
