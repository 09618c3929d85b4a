"""Cells that tell of somebody whatever their size (evaluation.md 6.1.4).

A sum that one contributor makes tells of that one; none or all of a group by a sensitive trait tells of everybody in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import polars as pl

from ledger.axis import Axis, key_of, with_parents
from ledger.cube import Key, Telling
from ledger.dimension import DIMENSIONS
from ledger.indicator import Indicator, Method
from ledger.units import BOTTOM, COUNTED, TOP, WHO

DOMINANT = 0.7
"""Of a sum, the share that may come from one contributor [A]."""


def telling(declared: Indicator, several: pl.LazyFrame | None, axes: Sequence[Axis]) -> Telling:
    """What counts as small in a cube beside what is small. ``several`` are the units of contributors who have more than one."""
    if several is not None:
        return Telling(always=_dominated(several, axes))
    if declared.method is not Method.SHARE:
        return Telling()
    return Telling(sensitive=lambda key: any(_sensitive(axis, len(path)) for axis, path in zip(axes, key, strict=True)))


def _sensitive(axis: Axis, depth: int) -> bool:
    return depth > 0 and DIMENSIONS[axis.columns[depth - 1]].sensitive


def _dominated(several: pl.LazyFrame, axes: Sequence[Axis]) -> frozenset[Key]:
    """The cells in which one contributor makes up more than :data:`DOMINANT` of what stands above or below the line."""
    counted = several.filter(pl.col(COUNTED)).select(WHO, TOP, BOTTOM, *(axis.columns[-1] for axis in axes))
    frame = with_parents(counted, axes).collect()
    largest = pl.any_horizontal(pl.col(name).max() > DOMINANT * pl.col(name).sum() for name in (TOP, BOTTOM)).alias("dominated")
    found: set[Key] = set()
    for depth in product(*(range(len(axis.columns) + 1) for axis in axes)):
        levels = [axis.columns[d - 1] for axis, d in zip(axes, depth, strict=True) if d]
        each = frame.group_by([WHO, *levels]).agg(pl.col(TOP).sum(), pl.col(BOTTOM).sum())
        told = each.group_by(levels).agg(largest) if levels else each.select(largest)
        found |= {key_of(axes, depth, values) for *values, dominated in told.iter_rows() if dominated}
    return frozenset(found)
