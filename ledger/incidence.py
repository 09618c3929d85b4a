"""The share that had an event by a day, in two groups of weighted rows, with an interval by resampling persons.

The share is the cumulative incidence of Aalen–Johansen at the horizon, with departure as the competing end: without
censoring or departure it is the plain share. Whole persons are drawn again, with all the rows that they stand in, from a
recorded seed (evaluation.md 6.1.3, 6.4.2).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.interval import Interval

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CHUNK = 100


class Rows(NamedTuple):
    """Followed rows of one group. ``owner`` is the person of a row, ``group`` the matched set that it stands in."""

    time: Ints
    kind: Ints
    """1 the event, 2 the competing end, 0 the end of what is known."""
    weight: Floats
    owner: Ints
    group: Ints


def share(rows: Rows, horizon: int, weights: Floats | None = None) -> float:
    """The share with the event by the horizon; nan for nobody."""
    used = rows.weight if weights is None else weights
    return float(_Counter(rows, horizon).shares(used.reshape(-1, 1))[0])


class _Counter:
    """Sums weights per day and kind, and turns them into shares; many weightings at a time, one in each column."""

    def __init__(self, rows: Rows, horizon: int) -> None:
        time = np.clip(rows.time, 0, horizon + 1)
        kind = np.where(rows.time > horizon, 0, rows.kind)
        # On one day the event goes before what competes with it, and that before the cut.
        code = time * 3 + np.where(kind == 0, 2, kind - 1)
        self._order = np.argsort(code, kind="stable")
        codes, self._starts = np.unique(code[self._order], return_index=True)
        days, self._day = np.unique(codes // 3, return_inverse=True)
        self._kind = codes % 3
        self._counts = days <= horizon
        self._weight = rows.weight[self._order][:, None]

    def drawn(self, times: Floats, place: Ints) -> Floats:
        """The shares when each row counts as often as its unit was drawn: ``times`` per unit and draw, ``place`` the unit of each row."""
        return self._shares(times[place[self._order]] * self._weight)

    def shares(self, weights: Floats) -> Floats:
        """The shares under other weights: a line per row, a column per weighting."""
        return self._shares(weights[self._order])

    def _shares(self, ordered: Floats) -> Floats:
        if len(ordered) == 0:
            return np.full(ordered.shape[1], np.nan)
        sums = np.zeros((len(self._counts), 3, ordered.shape[1]))
        sums[self._day, self._kind] = np.add.reduceat(ordered, self._starts, axis=0)
        gone = sums.sum(axis=1)
        total = gone.sum(axis=0)
        at_risk = total - np.cumsum(gone, axis=0) + gone
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = np.where(at_risk > 0, sums[:, 0] / at_risk, 0.0)
            ended = np.where(at_risk > 0, (sums[:, 0] + sums[:, 1]) / at_risk, 0.0)
        survival = np.cumprod(1 - np.clip(ended, 0, 1), axis=0)
        before = np.concatenate([np.ones((1, ordered.shape[1])), survival[:-1]])
        found = (before * hazard)[self._counts].sum(axis=0)
        return np.where(total > 0, found, np.nan)


class Difference(NamedTuple):
    """Two shares and their difference, the first less the second."""

    first: float
    second: float
    value: float
    interval: Interval | None
    n_first: int
    n_second: int
    draws: int
    seed: int


def difference(first: Rows, second: Rows, horizon: int, *, draws: int, seed: int, pairs: bool) -> Difference:
    """The difference at the horizon with its percentile interval.

    ``pairs`` draws matched sets: right when every comparison person stands in one set. Otherwise the persons of both groups are
    drawn, each with all its rows. Each person or set is drawn a Poisson number of times, with mean one.
    """
    counters = _Counter(first, horizon), _Counter(second, horizon)
    one, two = (float(counter.shares(rows.weight.reshape(-1, 1))[0]) for counter, rows in zip(counters, (first, second), strict=True))
    n_first, n_second = len(np.unique(first.owner)), len(np.unique(second.owner))
    enough = min(n_first, n_second) >= 10 and draws > 0
    interval = None
    if enough and np.isfinite(one - two):
        found = _draws(counters, first, second, draws, seed, pairs)
        interval = Interval(*(float(limit) for limit in np.nanpercentile(found, [2.5, 97.5])))
    return Difference(one, two, one - two, interval, n_first, n_second, draws if interval else 0, seed)


def _draws(counters: tuple[_Counter, _Counter], first: Rows, second: Rows, draws: int, seed: int, pairs: bool) -> Floats:
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = (first.group, second.group) if pairs else (first.owner, second.owner)
    units, place = np.unique(np.concatenate(drawn), return_inverse=True)
    one, two = place[: len(drawn[0])], place[len(drawn[0]) :]
    found = np.empty(draws)
    for at in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - at)
        times = np.ascontiguousarray(random.poisson(1.0, (size, len(units))).T, dtype=np.float64)
        found[at : at + size] = counters[0].drawn(times, one) - counters[1].drawn(times, two)
    return found
