"""Rolling up: from units to sums at every level of every dimension, with what of it is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import polars as pl

from ledger.axis import Axis, axes_of, key_of, path_of, with_parents, with_time
from ledger.cohort import Cohort, periods
from ledger.cube import Counts, Key, Path, Small, Telling, protect_cube
from ledger.dimension import YEAR
from ledger.factbook import Factbook
from ledger.indicator import Indicator, Method, indicators
from ledger.question import checked
from ledger.telling import telling
from ledger.units import ASKED, BOTTOM, COUNTED, DAY, HEARD, IMMATURE, LEFT, NEUTRAL, TOP, UNCLEAR, WHO

K_SHARE, K_CELL, K_SIGNAL = 10, 5, 10
"""A share needs so many below the line; a count, its numerator and its complement are zero or so many [A]. Signals: ten."""


ALL = ""
"""In a group: all values of a dimension together."""


class Vector(NamedTuple):
    """What is summed."""

    counted: int = 0
    top: int = 0
    bottom: int = 0
    immature: int = 0
    left_scope: int = 0
    neutral: int = 0
    unclear: int = 0
    asked: int = 0
    heard: int = 0
    yy: int = 0
    xy: int = 0
    xx: int = 0


_COVERAGE = "coverage"
_QUIET = ("immature", "left_scope", "neutral", "unclear", _COVERAGE)
_SUMS = [
    pl.col(COUNTED).sum(),
    pl.col(TOP).sum(),
    pl.col(BOTTOM).sum(),
    pl.col(IMMATURE).sum(),
    pl.col(LEFT).sum(),
    pl.col(NEUTRAL).sum(),
    pl.col(UNCLEAR).sum(),
    pl.col(ASKED).sum(),
    pl.col(HEARD).sum(),
]
_SQUARES = [
    (pl.col(TOP) * pl.col(TOP)).sum().alias("yy"),
    (pl.col(TOP) * pl.col(BOTTOM)).sum().alias("xy"),
    (pl.col(BOTTOM) * pl.col(BOTTOM)).sum().alias("xx"),
]


class Cells(NamedTuple):
    """The cells that a row is made of, together."""

    sums: Vector
    hidden: bool
    quiet: frozenset[str]
    """Which of the counts beside the figure are hidden, ``coverage`` among them."""


class Rollup:
    """Everything that figures of one question are made of."""

    def __init__(
        self,
        by: tuple[str, ...],
        axes: Sequence[Axis],
        sums: Mapping[Key, Vector],
        hidden: frozenset[Key],
        quiet: Mapping[str, frozenset[Key]],
        windows: Sequence[Path],
        counted: pl.LazyFrame,
        within: pl.Expr | None,
        protected: bool,
    ) -> None:
        self.by = by
        self.counted, self.chosen = counted, counted if within is None else counted.filter(within)
        """The counted units, and those of the cohort."""
        self.protected = protected
        self._axes = axes
        self._sums = sums
        self._hidden = hidden
        self._quiet = quiet
        self._windows = windows
        self.groups = self._groups()

    def _groups(self) -> list[tuple[str, ...]]:
        """The values of ``by`` that rows are made for, in order."""
        if not self.by:
            return []
        full = [len(axis.columns) if axis.shown is not None else None for axis in self._axes]
        found: set[tuple[str, ...]] = set()
        for key in {*self._sums, *self._hidden}:
            if all(depth is None or len(path) == depth for depth, path in zip(full, key, strict=True)):
                found.add(self._values(key))
        return sorted(group for group in found if self._present(group))

    def _values(self, key: Key) -> tuple[str, ...]:
        shown = {axis.shown: path[-1] for axis, path in zip(self._axes, key, strict=True) if axis.shown is not None}
        return tuple(shown[at] for at in range(len(self.by)))

    def _present(self, group: tuple[str, ...]) -> bool:
        return any(key in self._sums or key in self._hidden for key in self._keys(group))

    def _keys(self, group: tuple[str, ...]) -> list[Key]:
        """The cells of a group, one per stretch of the cohort; ``()`` is all groups together, :data:`ALL` all values of one dimension."""
        options: list[list[Path]] = []
        for axis in self._axes:
            if axis.columns[0] == YEAR:
                options.append(self._in_time(axis, group))
            elif axis.shown is None or not group or group[axis.shown] == ALL:
                options.append([()])
            else:
                options.append([path_of(axis, group[axis.shown])])
        return [tuple(paths) for paths in product(*options)]

    def _in_time(self, axis: Axis, group: tuple[str, ...]) -> list[Path]:
        if axis.shown is None or not group or group[axis.shown] == ALL:
            return list(self._windows)
        path = path_of(axis, group[axis.shown])
        return [path] if any(path[: len(window)] == window or window[: len(path)] == path for window in self._windows) else []

    def protect_part(self, counts: Mapping[Key, Counts], small: Small, k: int, marked: Telling | None = None) -> frozenset[Key]:
        """The hidden cells of figures on the same units whose numerators lie inside these.

        What stands in the one numerator and not in the other is a count of its own: who reads both figures, reads it. So it is a
        number of the same cell, and whatever is hidden here is hidden there.
        """
        apart = {key: (self._sums[key].top - one[0] if key in self._sums else 0, *one) for key, one in counts.items()}
        return protect_cube(apart, lambda told: 0 < told[0] < k or small(told[1:]), self._hidden, marked)

    def cells(self, group: tuple[str, ...]) -> Cells:
        """The sums of a group, or of all (``()``); hidden when any part of it is."""
        keys = self._keys(group)
        held = [self._sums[key] for key in keys if key in self._sums]
        sums = Vector(*map(sum, zip(*held, strict=True))) if held else Vector()
        quiet = frozenset(name for name, cells in self._quiet.items() if any(key in cells for key in keys))
        return Cells(sums, any(key in self._hidden for key in keys), quiet)


def roll_up(declared: Indicator, facts: Factbook, *, by: Sequence[str], cohort: Cohort | None, protected: bool) -> Rollup:
    """Sum the units of an indicator over the dimensions of a question, and work out what is hidden.

    :raises Unanswerable: the question cannot be answered as it is asked.
    """
    split = checked(declared, by, cohort, protected)
    asked = cohort
    made = declared.compute(facts).filter(pl.col(DAY).is_not_null())
    within = None if cohort is None else pl.col(DAY).is_between(pl.lit(cohort.start or date.min), pl.lit(cohort.end or date.max))
    if not protected:
        # Nothing is compared with other stretches of time: the days are simply taken out.
        made, cohort, within = made if within is None else made.filter(within), None, None
    axes = axes_of(split, cohort)
    made = with_time(made, axes)
    leaves = [axis.columns[-1] for axis in axes]
    wanted = [*_SUMS, *_SQUARES] if declared.method is Method.RATIO else _SUMS
    several = made if WHO in made.collect_schema().names() else None
    if several is not None:
        made = _by_contributor(several, leaves)
    finest = made.group_by(leaves).agg(wanted).with_columns(pl.col(leaves).cast(pl.String)) if leaves else made.select(wanted)
    sums = _sums(finest.collect().iter_rows(), axes)
    if several is not None:
        sums = {key: one._replace(counted=n) for (key, one), n in zip(sums.items(), _contributors(several, axes, sums), strict=True)}
    hidden: frozenset[Key] = frozenset()
    quiet: dict[str, frozenset[Key]] = {}
    if protected:
        k = K_SIGNAL if declared.restricted else K_CELL
        counts, small = {key: _counts(one, declared.method) for key, one in sums.items()}, _small(declared.method, k)
        if declared.part_of is None:
            hidden = protect_cube(counts, small, telling=telling(declared, several, axes))
        else:
            whole = roll_up(indicators()[declared.part_of], facts, by=by, cohort=asked, protected=True)
            hidden = whole.protect_part(counts, small, k, telling(declared, several, axes))
        quiet = {name: _quiet(sums, name, k) for name in _QUIET}
    counted = made.filter(pl.col(COUNTED))
    return Rollup(split, axes, sums, hidden, quiet, _windows(axes, sums, cohort), counted, within, protected)


def _quiet(sums: Mapping[Key, Vector], name: str, k: int) -> frozenset[Key]:
    """Where one of the counts beside the figure is hidden. Feedback is a share of its own, and adds up over cells as any other."""
    if name == _COVERAGE:
        heard = {key: (one.heard, one.asked) for key, one in sums.items() if one.asked}
        return protect_cube(heard, _small(Method.SHARE, k)) if heard else frozenset()
    counts = {key: (n,) for key, one in sums.items() if (n := getattr(one, name))}
    return protect_cube(counts, lambda told: 0 < told[-1] < k) if counts else frozenset()


def _windows(axes: Sequence[Axis], sums: Mapping[Key, Vector], cohort: Cohort | None) -> list[Path]:
    """The stretches of the time axis that a cohort is made of."""
    at = next((place for place, axis in enumerate(axes) if axis.columns[0] == YEAR), None)
    if cohort is None or at is None:
        return [()]
    quarters = sorted({key[at][1] for key in sums if len(key[at]) == 2})
    if len(axes[at].columns) == 2:
        return list(periods(quarters, cohort))
    years = sorted({key[at][0] for key in sums if key[at]})
    return [(year,) for year in years if cohort.holds(f"{year}-Q1")]


def _sums(finest: Iterator[tuple[Any, ...]], axes: Sequence[Axis]) -> dict[Key, Vector]:
    """Every cell of every level."""
    held: dict[Key, list[int]] = {}
    width = len(Vector._fields)
    for row in finest:
        values, numbers = row[: len(axes)], [int(n) for n in row[len(axes) :]]
        paths = [path_of(axis, value) for axis, value in zip(axes, values, strict=True)]
        for depth in product(*(range(len(path) + 1) for path in paths)):
            key = tuple(path[:d] for path, d in zip(paths, depth, strict=True))
            into = held.get(key)
            if into is None:
                into = held[key] = [0] * width
            for at, number in enumerate(numbers):
                into[at] += number
    return {key: Vector(*numbers) for key, numbers in held.items()}


def _by_contributor(made: pl.LazyFrame, leaves: Sequence[str]) -> pl.LazyFrame:
    """One unit per contributor and finest cell."""
    flags = [pl.col(name).any() for name in (COUNTED, IMMATURE, LEFT, NEUTRAL, UNCLEAR, ASKED, HEARD)]
    return made.group_by([WHO, *leaves]).agg(*flags, pl.col(TOP).sum(), pl.col(BOTTOM).sum())


def _contributors(made: pl.LazyFrame, axes: Sequence[Axis], sums: Mapping[Key, Vector]) -> list[int]:
    """How many contributors each cell has: one who is in several cells of a sum is counted once in the sum."""
    counted = with_parents(made.filter(pl.col(COUNTED)).select(WHO, *(axis.columns[-1] for axis in axes)), axes).collect()
    found: dict[Key, int] = {}
    for depth in product(*(range(len(axis.columns) + 1) for axis in axes)):
        levels = [axis.columns[d - 1] for axis, d in zip(axes, depth, strict=True) if d]
        persons = pl.col(WHO).n_unique()
        for *values, n in (counted.group_by(levels).agg(persons) if levels else counted.select(persons)).iter_rows():
            found[key_of(axes, depth, values)] = n
    return [found.get(key, 0) for key in sums]


def _counts(sums: Vector, method: Method) -> Counts:
    if method in (Method.RATIO, Method.MIX):
        return (sums.counted,)
    return (sums.top, sums.counted) if method is Method.TIME else (sums.top, sums.bottom)


def _small(method: Method, k: int) -> Small:
    """Below ten below the line, or a numerator or complement that is small; ratios have contributors only, mixes counts."""
    share = method is not Method.RATIO
    if method is Method.MIX:
        return lambda counts: 0 < counts[-1] < k

    def small(counts: Counts) -> bool:
        n = counts[-1]
        if 0 < n < K_SHARE:
            return True
        return share and (0 < counts[0] < k or 0 < n - counts[0] < k)

    return small
