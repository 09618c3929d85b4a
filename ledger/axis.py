"""Axes of a cube: dimensions with those they lie inside, and where a value stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from ledger.cohort import Cohort
from ledger.cube import Key, Path
from ledger.dimension import DIMENSIONS, QUARTER, YEAR, around
from ledger.units import DAY


class Axis(NamedTuple):
    """A dimension with those it lies inside, from coarse to fine."""

    columns: tuple[str, ...]
    shown: int | None
    """Place in ``by`` of the dimension that rows show; None for the time of a cohort."""


def path_of(axis: Axis, value: str) -> Path:
    """Where a value of an axis's finest dimension stands, from coarse to fine."""
    path = [value]
    for column in reversed(axis.columns[1:]):
        parent = DIMENSIONS[column].parent
        assert parent is not None
        path.insert(0, parent(path[0]))
    return tuple(path)


def axes_of(by: tuple[str, ...], cohort: Cohort | None) -> list[Axis]:
    """The axes of a question; a cohort has time as an axis, also when the rows do not show it."""
    axes = []
    for at, name in enumerate(by):
        axes.append(Axis(around(name), at))
    if cohort is not None and not any(axis.columns[0] == YEAR for axis in axes):
        axes.append(Axis((YEAR,) if cohort.whole_years else (YEAR, QUARTER), None))
    return axes


def with_time(made: pl.LazyFrame, axes: Sequence[Axis]) -> pl.LazyFrame:
    """Units with the year and quarter of their day, where an axis is time."""
    if not any(axis.columns[0] == YEAR for axis in axes):
        return made
    day = pl.col(DAY)
    year = day.dt.year().cast(pl.String)
    # Not pl.format: on a frame without rows it can panic (polars 2.1).
    quarter = year + pl.lit("-Q") + day.dt.quarter().cast(pl.String)
    return made.with_columns(year.alias(YEAR), quarter.alias(QUARTER))


def with_parents(made: pl.LazyFrame, axes: Sequence[Axis]) -> pl.LazyFrame:
    """Units with a column for every coarser dimension of the axes."""
    for axis in axes:
        for outer, inner in reversed(list(pairwise(axis.columns))):
            parent = DIMENSIONS[inner].parent
            assert parent is not None
            made = made.with_columns(pl.col(inner).cast(pl.String).map_elements(parent, return_dtype=pl.String).alias(outer))
    return made


def key_of(axes: Sequence[Axis], depth: Sequence[int], values: Sequence[str]) -> Key:
    """The cell at some depth of each axis; ``values`` holds one value per axis that is divided."""
    left = iter(values)
    paths: list[Path] = []
    for axis, d in zip(axes, depth, strict=True):
        paths.append(path_of(Axis(axis.columns[:d], axis.shown), str(next(left))) if d else ())
    return tuple(paths)
