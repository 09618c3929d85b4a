"""Two figures on the same persons, the numerator of one inside that of the other, attacked by taking the one from the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ledger.cube import Counts, Key, depths, protect_cube
from ledger.dimension import DIMENSIONS
from ledger.disclosure import K_CELL
from ledger.factbook import Factbook
from ledger.figure import figure
from ledger.indicator import Base, Method, Theme, indicator, indicators, withdraw
from ledger.rollup import Rollup, Vector
from ledger.units import units
from tests.unit.test_cube import codes, small, sums_of, without_its_level

Nested = dict[Key, tuple[int, int, int]]
"""Per cell the narrower numerator, the wider one, and the denominator."""


@st.composite
def tables(draw: st.DrawFn, flat: bool = False) -> Nested:
    """Two crossed dimensions, one of which may lie inside another unless ``flat``, with many small cells and small differences."""
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    axes: list[list[tuple[str, ...]]] = [codes("r", rows), codes("c", columns)]
    if not flat and draw(st.booleans()):
        axes[0] = [(f"g{number % 2}", f"r{number}") for number in range(rows)]
    cells: Nested = {}
    for key in product(*axes):
        wider = draw(st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 60)))
        apart = min(wider, draw(st.one_of(st.just(0), st.integers(1, 6), st.integers(7, 40))))
        bottom = wider + draw(st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 60)))
        if not bottom:
            continue
        for depth in product(*(range(len(path) + 1) for path in key)):
            above = tuple(path[:d] for path, d in zip(key, depth, strict=True))
            held = cells.get(above, (0, 0, 0))
            cells[above] = (held[0] + wider - apart, held[1] + wider, held[2] + bottom)
    return cells


def protect(cells: Nested) -> tuple[frozenset[Key], frozenset[Key]]:
    """What is hidden of the wider figure, and of the narrower one."""
    wider = protect_cube({key: (two, n) for key, (_, two, n) in cells.items()}, small)
    sums = {key: Vector(top=two, bottom=n, counted=n) for key, (_, two, n) in cells.items()}
    rolled = Rollup((), [], sums, wider, {}, [()], pl.LazyFrame(), None, True)
    return wider, rolled.protect_part({key: (one, n) for key, (one, _, n) in cells.items()}, small, K_CELL)


def telling(counts: tuple[int, int, int]) -> bool:
    one, two, n = counts
    return small((one, n)) or 0 < two - one < K_CELL


@settings(max_examples=200, deadline=None)
@given(tables())
def test_no_small_difference_is_read_off_two_figures(cells: Nested) -> None:
    wider, narrower = protect(cells)
    assert wider <= narrower
    for key, (one, two, _) in cells.items():
        if key not in narrower:
            assert two == one or two - one >= K_CELL, key


@settings(max_examples=120, deadline=None)
@given(tables())
def test_no_small_difference_follows_by_linear_algebra(cells: Nested) -> None:
    _, narrower = protect(cells)
    table: Mapping[Key, Counts] = {key: (one, n) for key, (one, _, n) in cells.items()}
    for key in sorted(key for key, counts in cells.items() if telling(counts)):
        assert not follows(table, narrower, key) or follows(table, without_its_level(table, narrower, key), key)


def follows(table: Mapping[Key, Counts], hidden: frozenset[Key], key: Key) -> bool:
    """Whether the sums that are shown fix a hidden cell; a hidden cell without anybody is one more that an attacker does not know."""
    everything = {**table, **{zero: (0, 0) for zero in hidden if zero not in table}}
    unknowns = sorted(one for one in everything if one in hidden)
    place = {one: at for at, one in enumerate(unknowns)}
    matrix = []
    for total, parts in sums_of(everything):
        row = np.zeros(len(unknowns))
        for part in parts:
            if part in place:
                row[place[part]] += 1
        if total in place:
            row[place[total]] -= 1
        if row.any():
            matrix.append(row)
    unit = np.zeros(len(unknowns))
    unit[place[key]] = 1
    return bool(matrix) and np.linalg.matrix_rank(np.vstack([matrix, unit])) == np.linalg.matrix_rank(matrix)


def spread(cells: Nested, wider: frozenset[Key], narrower: frozenset[Key], key: Key) -> float:
    """How far apart the least and the most persons lie who are in the wider numerator of a cell and not in the narrower one.

    The attacker knows everything that both figures show, that no count is negative, and nothing of the cells without anybody.
    """
    deepest = max(depths(one) for one in cells)
    axes = [sorted({one[axis] for one in cells if depths(one) == deepest}) for axis in range(len(deepest))]
    leaves = [tuple(paths) for paths in product(*axes)]
    place = {leaf: at for at, leaf in enumerate(leaves)}

    def row(one: Key, *parts: int) -> np.ndarray:
        made = np.zeros(3 * len(leaves))
        for leaf in leaves:
            if all(path[: len(up)] == up for path, up in zip(leaf, one, strict=True)):
                for part in parts:
                    made[3 * place[leaf] + part] = 1
        return made

    # Per leaf: in both numerators, in the wider one only, in neither.
    rows, right = [], []
    shown = {**cells, **{leaf: (0, 0, 0) for leaf in leaves if leaf not in cells and leaf not in wider}}
    for one, (first, second, n) in shown.items():
        if one not in wider:
            rows += [row(one, 0, 1), row(one, 0, 1, 2)]
            right += [second, n]
        if one not in narrower:
            rows += [row(one, 0), row(one, 0, 1, 2)]
            right += [first, n]
    target = row(key, 1)
    if not rows:
        return float("inf")
    low, high = linprog(target, A_eq=np.array(rows), b_eq=right), linprog(-target, A_eq=np.array(rows), b_eq=right)
    return float("inf") if high.status == 3 else float(-high.fun - low.fun)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(tables(flat=True))
def test_no_small_difference_is_pinned_by_both_figures_together(cells: Nested) -> None:
    wider, narrower = protect(cells)
    table: Mapping[Key, Counts] = {key: (one, n) for key, (one, _, n) in cells.items()}
    small_differences = sorted(key for key, (one, two, _) in cells.items() if 0 < two - one < K_CELL)
    for key in small_differences[:4]:
        if spread(cells, wider, narrower, key) < 0.5:
            blind = without_its_level(table, narrower, key)
            assert spread(cells, wider | blind, blind, key) < 0.5, key


def test_two_horizons_declared_on_the_fly_are_protected_together() -> None:
    """Sixty and ninety days: in Kempen two persons came in between, so the figure of sixty days is not shown there."""
    people = pl.DataFrame(
        [("gent", day, "2024-02-01") for day in [30] * 20 + [75] * 10 + [200] * 20]
        + [("kempen", day, "2024-02-01") for day in [30] * 18 + [75] * 2 + [200] * 20]
        + [("limburg", day, "2024-02-01") for day in [30] * 30 + [75] * 15 + [200] * 20],
        schema={"region": pl.String, "after": pl.Int64, "on": pl.String},
        orient="row",
    ).with_columns(pl.col("on").str.to_date())

    def within(days: int, id: str, part_of: str | None) -> None:
        @indicator(
            id,
            theme=Theme.INTAKE,
            title=(f"binnen {days}", f"within {days}"),
            definition=("Proef.", "Test."),
            numerator=("a", "b"),
            denominator=("c", "d"),
            base=Base.CONTRACT,
            needs=(),
            decisions=("Q1",),
            sources=("S01",),
            dimensions=("region",),
            part_of=part_of,
        )
        def made(facts: Factbook) -> pl.LazyFrame:
            return units(people.lazy(), day="on", top=pl.col("after") <= days, keep=("region",))

    names = ("IND-990", "IND-960")
    try:
        within(90, names[0], None)
        within(60, names[1], names[0])
        facts = Factbook({}, as_of=people["on"].max(), position=1)  # type: ignore[arg-type]
        ninety, sixty = (figure(indicators()[name], facts, by=["region"]) for name in names)
    finally:
        for name in names:
            if name in indicators():
                withdraw(name)
    assert {row.strata["region"]: row.numerator for row in ninety.rows} == {"gent": 30, "kempen": 20, "limburg": 45}
    told = {row.strata["region"]: row.numerator for row in sixty.rows}
    assert told["kempen"] is None
    assert list(told.values()).count(None) == 2  # and one beside it: else the total would give it away
    assert sixty.total.numerator == 68


@pytest.mark.parametrize(
    ("mix", "counts", "together", "alone"),
    [
        ("outcome", {"granted_as_requested": 30, "granted_other": 2, "refused": 7, "partial": 40}, 32, "granted_other"),
        ("refusal", {"language_too_low": 30, "no_places": 2, "not_eligible": 40}, 30, "no_places"),
    ],
)
def test_a_share_made_of_categories_of_a_mix_gives_none_of_them_away(mix: str, counts: dict[str, int], together: int, alone: str) -> None:
    """IND-18 shows how many were granted, IND-09 how many refused for language: what is left of the mix may be no small category."""
    people = pl.DataFrame({mix: [code for code, n in counts.items() for _ in range(n)]}).with_columns(pl.lit(date(2024, 2, 1)).alias("on"))

    @indicator(
        "IND-992",
        theme=Theme.INTAKE,
        title=("proef", "trial"),
        definition=("Proef.", "Test."),
        numerator=("a", "b"),
        denominator=("c", "d"),
        base=Base.EVENT,
        method=Method.MIX,
        mix=mix,
        needs=(),
        decisions=("Q1",),
        sources=("S01",),
        dimensions=(mix,),
    )
    def made(facts: Factbook) -> pl.LazyFrame:
        return units(people.lazy(), day="on", top=pl.lit(1), keep=(mix,))

    try:
        shown = figure(indicators()["IND-992"], Factbook({}, as_of=date(2024, 6, 1), position=1))
    finally:
        withdraw("IND-992")
    told = {row.strata[mix]: row.numerator for row in shown.rows}
    assert told[alone] is None
    parent = DIMENSIONS[mix].parent
    assert parent is not None
    for side in ("yes", "no"):
        mine = [code for code in counts if parent(code) == side]
        hidden = [code for code in mine if told[code] is None]
        assert not hidden or sum(counts[code] for code in hidden) >= K_CELL, side
        assert len(hidden) != 1, side
    assert sum(counts[code] for code in counts if parent(code) == "yes") == together
