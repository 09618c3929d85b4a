"""Small-number protection of a cube, attacked: by sums, by linear algebra over several tables at once, and by bounds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ledger.cube import Counts, Key, Telling, depths, parents, protect_cube

Table = Mapping[Key, Counts]


def small(counts: Counts) -> bool:
    n = counts[-1]
    return 0 < n < 10 or 0 < counts[0] < 5 or 0 < n - counts[0] < 5


def rolled(leaves: Mapping[Key, tuple[int, int]]) -> dict[Key, Counts]:
    """Every level of a cube, from its finest cells."""
    cells: dict[Key, Counts] = {}
    for key, (top, bottom) in leaves.items():
        if bottom == 0:
            continue
        for depth in product(*(range(len(path) + 1) for path in key)):
            above = tuple(path[:d] for path, d in zip(key, depth, strict=True))
            held = cells.get(above, (0, 0))
            cells[above] = (held[0] + top, held[1] + bottom)
    return cells


def primary(cells: Table) -> set[Key]:
    return {key for key, counts in cells.items() if small(counts)}


def sums_of(cells: Table) -> list[tuple[Key, list[Key]]]:
    """Every total with its parts, along each axis."""
    found: dict[tuple[Key, int], list[Key]] = {}
    for key in cells:
        for axis, path in enumerate(key):
            if path:
                found.setdefault(((*key[:axis], path[:-1], *key[axis + 1 :]), axis), []).append(key)
    return [(total, parts) for (total, _), parts in found.items()]


def system(cells: Table, hidden: frozenset[Key], at: int) -> tuple[list[Key], np.ndarray, np.ndarray]:
    """What an attacker knows of the hidden cells: one equation per sum with something hidden. Cells that are not there are zero."""
    unknowns = sorted(key for key in cells if key in hidden)
    place = {key: number for number, key in enumerate(unknowns)}
    rows, known = [], []
    for total, parts in sums_of(cells):
        row = np.zeros(len(unknowns))
        right = 0
        for part in parts:
            if part in place:
                row[place[part]] += 1
            else:
                right -= cells[part][at]
        if total in place:
            row[place[total]] -= 1
        else:
            right += cells[total][at]
        if row.any():
            rows.append(row)
            known.append(right)
    return unknowns, np.array(rows), np.array(known)


def bounds(cells: Table, hidden: frozenset[Key], key: Key) -> tuple[float, float]:
    """The least and the most that a hidden cell may count, for one who knows all that is shown, and that no count is negative."""
    unknowns, matrix, right = system(cells, hidden, 1)
    objective = np.zeros(len(unknowns))
    objective[unknowns.index(key)] = 1
    if not len(matrix):
        return 0.0, float("inf")
    low = linprog(objective, A_eq=matrix, b_eq=right)
    high = linprog(-objective, A_eq=matrix, b_eq=right)
    return low.fun, float("inf") if high.status == 3 else -high.fun


def codes(prefix: str, n: int) -> list[tuple[str, ...]]:
    return [(f"{prefix}{number}",) for number in range(n)]


@st.composite
def cubes(draw: st.DrawFn) -> dict[Key, Counts]:
    """Two or three crossed dimensions, one of which may lie inside another, with many small cells."""
    rows = draw(st.integers(2, 4))
    columns = draw(st.integers(2, 4))
    axes: list[list[tuple[str, ...]]] = [codes("r", rows), codes("c", columns)]
    if draw(st.booleans()):
        axes.append(codes("p", 2))
    if draw(st.booleans()):
        axes[0] = [(f"g{number % 2}", f"r{number}") for number in range(rows)]
    leaves = {}
    for key in product(*axes):
        bottom = draw(st.one_of(st.just(0), st.integers(1, 14), st.integers(20, 90)))
        leaves[key] = (draw(st.integers(0, bottom)), bottom)
    leaves[tuple(values[0] for values in axes)] = (30, 60)
    return rolled(leaves)


@settings(max_examples=250, deadline=None)
@given(cubes())
def test_small_cells_are_hidden_and_no_sum_gives_one_away(cells: dict[Key, Counts]) -> None:
    hidden = protect_cube(cells, small)
    assert primary(cells) <= hidden
    for total, parts in sums_of(cells):
        concealed = [part for part in parts if part in hidden]
        if total not in hidden and any(part in primary(cells) for part in concealed):
            together = tuple(map(sum, zip(*(cells[part] for part in concealed), strict=True)))
            zeros = [key for key in hidden if key not in cells and total in set(parents(key))]
            assert len(concealed) + len(zeros) > 1
            assert not small(together)


def follows(cells: Table, hidden: frozenset[Key], key: Key) -> bool:
    """Linear algebra over all tables at once: a cell is known when its unit vector lies in the span of the equations."""
    unknowns, matrix, _ = system({**cells, **zeros_in(cells, hidden)}, hidden, 1)
    unit = np.zeros(len(unknowns))
    unit[unknowns.index(key)] = 1
    return bool(len(matrix)) and np.linalg.matrix_rank(np.vstack([matrix, unit])) == np.linalg.matrix_rank(matrix)


def pinned(cells: Table, hidden: frozenset[Key], key: Key) -> bool:
    """Linear programming: whether only one count is left when none is negative."""
    low, high = bounds({**cells, **zeros_in(cells, hidden)}, hidden, key)
    return high - low < 0.5


def zeros_in(cells: Table, hidden: frozenset[Key]) -> dict[Key, Counts]:
    return {key: (0, 0) for key in hidden if key not in cells}


def without_its_level(cells: Table, hidden: frozenset[Key], key: Key) -> frozenset[Key]:
    """What is hidden when nothing of a cell's level is shown at all: what follows then, follows from the margins alone."""
    level = {other for other in cells if depths(other) == depths(key)}
    axes = [sorted({other[axis] for other in level}) for axis in range(len(key))]
    return hidden | {other for other in product(*axes) if all(up in cells or up in hidden for up in parents(other))}


@settings(max_examples=200, deadline=None)
@given(cubes())
def test_no_small_cell_follows_from_all_that_is_shown(cells: dict[Key, Counts]) -> None:
    hidden = protect_cube(cells, small)
    for key in sorted(primary(cells)):
        assert not follows(cells, hidden, key) or follows(cells, without_its_level(cells, hidden, key), key)


@settings(max_examples=60, deadline=None)
@given(cubes())
def test_no_small_cell_is_pinned_by_bounds(cells: dict[Key, Counts]) -> None:
    hidden = protect_cube(cells, small)
    for key in sorted(primary(cells))[:6]:
        assert not pinned(cells, hidden, key) or pinned(cells, without_its_level(cells, hidden, key), key)


def shares(seed: int) -> dict[Key, Counts]:
    """A crossing of two dimensions in which many cells have few who did, or few who did not."""
    draws = random.Random(seed)
    rows, columns = draws.randint(2, 5), draws.randint(2, 5)
    axes: list[list[tuple[str, ...]]] = [codes("r", rows), codes("c", columns)]
    if draws.random() < 0.3:
        axes[0] = [(f"g{number % 2}", f"r{number}") for number in range(rows)]
    leaves = {}
    for key in product(*axes):
        n = draws.choice([0, draws.randint(1, 14), draws.randint(10, 40), draws.randint(20, 90)])
        top = draws.choice([0, 0, draws.randint(0, n), min(n, draws.randint(0, 6)), max(0, n - draws.randint(0, 6)), n])
        leaves[key] = (top, n)
    return rolled(leaves)


def range_of(cells: Table, hidden: frozenset[Key], key: Key, *, without: bool) -> tuple[float, float]:
    """The least and the most who did (or did not), for one who knows that neither number is negative in any cell."""
    told = {**cells, **zeros_in(cells, hidden)}
    unknowns, tops, sums = system(told, hidden, 0)
    _, bottoms, totals = system(told, hidden, 1)
    width = len(unknowns)
    objective = np.zeros(2 * width)
    objective[unknowns.index(key)] = -1 if without else 1
    objective[width + unknowns.index(key)] = 1 if without else 0
    if not len(tops):
        return 0.0, float("inf")
    zero = np.zeros_like(tops)
    known = {"A_eq": np.block([[tops, zero], [zero, bottoms]]), "b_eq": np.concatenate([sums, totals])}
    at_most = {"A_ub": np.hstack([np.eye(width), -np.eye(width)]), "b_ub": np.zeros(width)}
    low, high = linprog(objective, **known, **at_most), linprog(-objective, **known, **at_most)
    return low.fun, float("inf") if high.status == 3 else -high.fun


@pytest.mark.parametrize("seed", [80, 119, 142, 208, 218, 227, 280, 320, 380, 389, 430, 442, 500, 556])
def test_how_many_did_or_did_not_is_not_pinned_by_bounds(seed: int) -> None:
    """In each of these the bounds of those who did and those who did not give a small number away that the bounds of all do not."""
    cells = shares(seed)
    hidden = protect_cube(cells, small)
    for key in primary(cells):
        top, bottom = cells[key]
        for without, n in ((False, top), (True, bottom - top)):
            if 0 < n < 5:
                low, high = range_of(cells, hidden, key, without=without)
                assert high - low > 0.5, (key, cells[key], without)


def of_a_column(key: Key) -> bool:
    return bool(key[1])


@pytest.mark.parametrize("seed", range(40))
def test_none_and_all_of_a_sensitive_group_are_small(seed: int) -> None:
    cells = shares(seed)
    hidden = protect_cube(cells, small, telling=Telling(sensitive=of_a_column))
    assert primary(cells) <= hidden
    assert {key for key, (top, n) in cells.items() if of_a_column(key) and top in (0, n)} <= hidden
    for total, parts in sums_of(cells):
        concealed = [part for part in parts if part in hidden]
        if total not in hidden and concealed and of_a_column(concealed[0]) and cells[total][0] not in (0, cells[total][1]):
            top, n = (sum(cells[part][at] for part in concealed) for at in (0, 1))
            missing = [key for key in hidden if key not in cells and total in set(parents(key))]
            assert len(concealed) + len(missing) > 1
            assert not small((top, n))
            assert 0 < top < n, (total, concealed)


def test_a_telling_cell_is_hidden_with_another() -> None:
    leaves = {(("r0",),): (40, 90), (("r1",),): (30, 80), (("r2",),): (20, 70)}
    assert protect_cube(rolled(leaves), small, telling=Telling(always=frozenset({(("r0",),)}))) == {(("r0",),), (("r2",),)}


@settings(max_examples=150, deadline=None)
@given(cubes().filter(lambda cells: len(next(iter(cells))) == 2))
def test_of_two_dimensions_the_margins_alone_give_nothing_away(cells: dict[Key, Counts]) -> None:
    hidden = protect_cube(cells, small)
    assert not [key for key in primary(cells) if follows(cells, hidden, key)]


@settings(max_examples=100, deadline=None)
@given(cubes())
def test_a_margin_is_hidden_alike_in_every_table_that_it_stands_in(cells: dict[Key, Counts]) -> None:
    """Dropping a dimension, or the finer of two levels, changes nothing of what is left."""
    hidden = protect_cube(cells, small)
    for axis in range(len(next(iter(cells)))):
        coarse = {key: counts for key, counts in cells.items() if not key[axis]}
        assert protect_cube(coarse, small) == frozenset(key for key in hidden if not key[axis])
        deepest = max(len(key[axis]) for key in cells)
        if deepest > 1:
            level = {key: counts for key, counts in cells.items() if len(key[axis]) < deepest}
            assert protect_cube(level, small) == frozenset(key for key in hidden if len(key[axis]) < deepest)


@settings(max_examples=100, deadline=None)
@given(cubes(), st.randoms(use_true_random=False))
def test_the_order_of_the_cells_decides_nothing(cells: dict[Key, Counts], draws: object) -> None:
    shuffled = list(cells.items())
    draws.shuffle(shuffled)  # type: ignore[attr-defined]
    assert protect_cube(dict(shuffled), small) == protect_cube(cells, small)


def test_by_hand_one_small_cell_takes_the_next_smallest_with_it() -> None:
    leaves = {(("gent",),): (30, 60), (("kempen",),): (2, 12), (("limburg",),): (20, 40)}
    hidden = protect_cube(rolled(leaves), small)
    assert hidden == {(("kempen",),), (("limburg",),)}


def test_a_table_of_large_cells_hides_nothing() -> None:
    leaves = dict.fromkeys(product(codes("r", 3), codes("c", 3)), (30, 60))
    assert protect_cube(rolled(leaves), small) == frozenset()


def test_a_bridge_between_two_hidden_blocks_is_not_given_away() -> None:
    """Rows and columns with two hidden cells each are not enough: a cell between two cycles still follows. More is hidden."""
    big = (30, 60)
    leaves = {((f"r{row}",), (f"c{column}",)): big for row in range(6) for column in range(6)}
    for row, column in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 3), (3, 3), (3, 4), (4, 3), (4, 4)]:
        leaves[(f"r{row}",), (f"c{column}",)] = (6, 12) if (row, column) != (1, 3) else (2, 12)
    cells = rolled(leaves)
    hidden = protect_cube(cells, small)
    assert not follows(cells, hidden, (("r1",), ("c3",)))


@pytest.mark.parametrize("n", [40])
def test_a_level_with_too_much_to_work_out_is_hidden_whole(n: int) -> None:
    leaves = dict.fromkeys(product(codes("r", n), codes("c", n)), (1, 3))
    cells = rolled(leaves)
    hidden = protect_cube(cells, small)
    assert {key for key in cells if all(key)} <= hidden
