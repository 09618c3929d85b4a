"""Staggered before–after between regions (M3): group-time effects, never two-way fixed effects (evaluation.md 6.4.2; domain.md 6.3).

Regions open in different quarters. The effect on the regions that opened in quarter g, seen in quarter t, is how their share
changed since the quarter before g, less how the share changed in the regions that were not open by t. Averages over these
effects weigh each by the persons in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.interval import Interval
from ledger.parameters import Parameters

Matrix = npt.NDArray[np.float64]
NEVER = 10**6


class Panel(NamedTuple):
    """Persons and events per region (line) and quarter (column), and the quarter in which each region opened, or ``NEVER``."""

    regions: tuple[str, ...]
    quarters: tuple[str, ...]
    n: Matrix
    events: Matrix
    opened: npt.NDArray[np.int64]


class GroupTime(NamedTuple):
    """One effect: the regions that opened in a quarter, seen in a quarter."""

    opened: int
    seen: int
    effect: float
    n: int

    @property
    def since(self) -> int:
        """Quarters since the opening; negative before it."""
        return self.seen - self.opened


class Since(NamedTuple):
    """The effects at one distance from the opening, together."""

    quarters: int
    effect: float
    n: int
    interval: Interval | None


class Staggered(NamedTuple):
    """The average effect after the opening, and the effects by distance from it."""

    effect: float | None
    interval: Interval | None
    weak: bool
    """Too few open regions for a trustworthy interval."""
    flat: bool | None
    """Whether every interval before the opening holds zero; None when there is none."""
    open_regions: int
    other_regions: int
    events: tuple[Since, ...]
    draws: int
    seed: int


def group_times(panel: Panel, shares: Matrix | None = None) -> list[GroupTime]:
    """Every effect that has a quarter before the opening and a region that is not open yet to be compared with."""
    y = _shares(panel) if shares is None else shares
    found = []
    for g in sorted({int(one) for one in panel.opened if 0 < one < NEVER}):
        mine = panel.opened == g
        for t in range(len(panel.quarters)):
            if t == g - 1:
                continue
            others = panel.opened > max(t, g)
            n = panel.n[mine, t].sum()
            if not others.any() or n == 0:
                continue
            change = _mean(y, panel.n, mine, t) - _mean(y, panel.n, mine, g - 1)
            beside = _mean(y, panel.n, others, t) - _mean(y, panel.n, others, g - 1)
            if np.isfinite(change - beside):
                found.append(GroupTime(g, t, float(change - beside), int(n)))
    return found


def _shares(panel: Panel) -> Matrix:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(panel.n > 0, panel.events / panel.n, 0.0)


def _mean(y: Matrix, n: Matrix, who: npt.NDArray[np.bool_], t: int) -> float:
    weight = n[who, t].sum()
    return float((y[who, t] * n[who, t]).sum() / weight) if weight else np.nan


def _average(effects: list[GroupTime]) -> float:
    weight = sum(one.n for one in effects)
    return sum(one.effect * one.n for one in effects) / weight if weight else np.nan


def staggered(panel: Panel, parameters: Parameters, *, seed: int, draws: int) -> Staggered:
    """The effects with their intervals: whole regions are drawn again; with few open ones their residuals are turned instead."""
    effects = group_times(panel)
    is_open = panel.opened < NEVER
    open_regions, other_regions = int(is_open.sum()), int((~is_open).sum())
    after = [one for one in effects if one.since >= 0]
    if not after:
        return Staggered(None, None, True, None, open_regions, other_regions, (), 0, seed)
    weak = open_regions < parameters.clusters_least
    distances = sorted({one.since for one in effects if one.since >= -parameters.pre_quarters})
    random = np.random.Generator(np.random.PCG64(seed))
    told = [_drawn(panel, random, weak) for _ in range(draws)]
    overall = [_average([one for one in some if one.since >= 0]) for some in told]
    at = {k: [_average([one for one in some if one.since == k]) for some in told] for k in distances}
    value = _average(after)
    events = []
    for k in distances:
        some = [one for one in effects if one.since == k]
        mean = _average(some)
        events.append(Since(k, mean, sum(one.n for one in some), _limits(at[k], mean, weak)))
    before = [one.interval for one in events if one.quarters < -1]
    flat = all(one is None or one.low <= 0 <= one.high for one in before) if before else None
    return Staggered(value, _limits(overall, value, weak), weak, flat, open_regions, other_regions, tuple(events), draws, seed)


def _limits(drawn: list[float], value: float, wild: bool) -> Interval | None:
    found = np.array([one for one in drawn if np.isfinite(one)])
    if len(found) < 100:
        return None
    low, high = (float(one) for one in np.percentile(found, [2.5, 97.5]))
    # The wild draws scatter around the fitted effect; what is drawn is turned round the estimate.
    return Interval(low, high) if not wild else Interval(value + low, value + high)


def _drawn(panel: Panel, random: np.random.Generator, wild: bool) -> list[GroupTime]:
    """The effects of one draw; for a wild one, of residuals alone."""
    if wild:
        return group_times(panel, residuals(panel) * _webb(random, len(panel.regions))[:, None])
    chosen = []
    for who in (np.flatnonzero(panel.opened < NEVER), np.flatnonzero(panel.opened >= NEVER)):
        if len(who):
            chosen.append(random.choice(who, len(who)))
    lines = np.concatenate(chosen)
    return group_times(Panel(panel.regions, panel.quarters, panel.n[lines], panel.events[lines], panel.opened[lines]))


_WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
"""Six weights: with few clusters two would give the same draws again and again."""


def _webb(random: np.random.Generator, n: int) -> Matrix:
    return np.asarray(random.choice(_WEBB, n), dtype=np.float64)


def residuals(panel: Panel) -> Matrix:
    """What is left of the shares after region, quarter and one effect for all open cells; for the wild draws only."""
    regions, quarters = panel.n.shape
    line, column = np.indices(panel.n.shape)
    opened = (column >= panel.opened[:, None]).astype(np.float64)
    design = np.zeros((regions * quarters, regions + quarters))
    at = np.arange(regions * quarters)
    design[at, line.ravel()] = 1.0
    later = column.ravel() > 0
    design[at[later], regions + column.ravel()[later] - 1] = 1.0
    design[:, -1] = opened.ravel()
    weight = np.sqrt(panel.n.ravel())
    y = _shares(panel).ravel()
    beta, *_ = np.linalg.lstsq(design * weight[:, None], y * weight, rcond=None)
    left = (y - design @ beta).reshape(panel.n.shape)
    return np.where(panel.n > 0, left, 0.0)


def panel_of(rows: Mapping[tuple[str, str], tuple[int, int]], opened: Mapping[str, str]) -> Panel:
    """A panel from ``(region, quarter) → (persons, events)`` and the quarter in which regions opened."""
    regions = tuple(sorted({region for region, _ in rows}))
    quarters = tuple(sorted({quarter for _, quarter in rows}))
    n, events = np.zeros((len(regions), len(quarters))), np.zeros((len(regions), len(quarters)))
    for (region, quarter), (count, had) in rows.items():
        at = regions.index(region), quarters.index(quarter)
        n[at], events[at] = count, had
    place = {quarter: at for at, quarter in enumerate(quarters)}
    when = np.array([place.get(opened.get(region, ""), NEVER) for region in regions], dtype=np.int64)
    return Panel(regions, quarters, n, events, when)
