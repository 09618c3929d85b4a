"""An interrupted time series (M4): level and slope before and after a date, with Newey–West errors (evaluation.md 6.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.interval import Interval, Z

LAG: Final = 3
MARKERS: Final = (date(2022, 3, 1), date(2023, 1, 1), date(2023, 9, 1), date(2025, 1, 1))
"""Changes of rules that stand in every such drawing."""

Floats = npt.NDArray[np.float64]


class Change(NamedTuple):
    """A coefficient with its interval."""

    value: float
    interval: Interval


class Interrupted(NamedTuple):
    """What changed at the date."""

    level: Change
    """The jump."""
    slope: Change
    """The change of the slope per month."""
    before: int
    after: int


def interrupted(values: Sequence[float | None], at: int, *, least: int) -> Interrupted | None:
    """The change at a month: ``at`` is the place of the first month after it. None with fewer known months than asked on a side.

    A month that is not known keeps its place in time: lags are counted in months.
    """
    known = np.array([value is not None for value in values], dtype=np.float64)
    before, after = int(known[:at].sum()), int(known[at:].sum())
    if min(before, after) < max(least, 3):
        return None
    y = np.array([0.0 if value is None else value for value in values], dtype=np.float64)
    time = np.arange(len(y), dtype=np.float64)
    post = (time >= at).astype(np.float64)
    # A line of zeros adds nothing to any sum.
    design = np.column_stack([np.ones(len(y)), time, post, post * (time - at)]) * known[:, None]
    beta, errors = newey_west(design, y, LAG)
    told = [Change(float(beta[k]), Interval(float(beta[k] - Z * errors[k]), float(beta[k] + Z * errors[k]))) for k in (2, 3)]
    return Interrupted(told[0], told[1], before, after)


def newey_west(design: Floats, y: Floats, lag: int) -> tuple[Floats, Floats]:
    """Least squares with standard errors that hold under autocorrelation up to a lag (Bartlett weights)."""
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    told = design * (y - design @ beta)[:, None]
    middle = told.T @ told
    for k in range(1, lag + 1):
        cross = told[k:].T @ told[:-k]
        middle += (1 - k / (lag + 1)) * (cross + cross.T)
    return beta, np.sqrt(np.diag(inverse @ middle @ inverse))
