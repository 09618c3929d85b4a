"""Staggered before–after between regions (M3): group-time effects, never two-way fixed effects (evaluation.md 6.4.2; domain.md 6.3).

Regions open in different quarters. The effect on the regions that opened in quarter g, seen in quarter t, is how their share
changed since the quarter before g, less how the share changed in the regions that were not open by t. Averages over these
effects weigh each by the persons in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class _Drawn(NamedTuple):
    """Every effect of many draws: a line per draw, a column per effect; nan where a draw has none."""

    opened: tuple[int, ...]
    seen: tuple[int, ...]
    effect: Matrix
    n: Matrix

    def average(self, columns: Sequence[int]) -> Matrix:
        """The average of some effects in each draw, by the persons in them; nan where there is none."""
        there = np.isfinite(self.effect[:, columns])
        weight = np.where(there, self.n[:, columns], 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            total: Matrix = np.where(there, self.effect[:, columns] * weight, 0.0).sum(axis=1) / weight.sum(axis=1)
        return total


def _drawn(panel: Panel, y: Matrix, times: Matrix) -> _Drawn:
    """All effects at once: ``y`` holds shares per draw (or once), region and quarter, ``times`` how often each draw takes a region."""

    def means(who: npt.NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
        weight = times[:, who, None] * panel.n[None, who, :]
        sums = weight.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (weight * y[:, who, :]).sum(axis=1) / sums, sums

    opened, seen, effects, persons = [], [], [], []
    for g in sorted({int(one) for one in panel.opened if 0 < one < NEVER}):
        mine, n = means(panel.opened == g)
        by_cut = {cut: means(panel.opened > cut)[0] for cut in range(g, len(panel.quarters)) if (panel.opened > cut).any()}
        for t in range(len(panel.quarters)):
            if t == g - 1 or max(t, g) not in by_cut:
                continue
            others = by_cut[max(t, g)]
            opened.append(g)
            seen.append(t)
            effects.append(mine[:, t] - mine[:, g - 1] - (others[:, t] - others[:, g - 1]))
            persons.append(n[:, t])
    empty = np.zeros((len(times), 0))
    told = (np.column_stack(effects), np.column_stack(persons)) if effects else (empty, empty)
    return _Drawn(tuple(opened), tuple(seen), *told)


def group_times(panel: Panel) -> list[GroupTime]:
    """Every effect that has a quarter before the opening and a region that is not open yet to be compared with."""
    one = _once(panel)
    told = zip(one.opened, one.seen, one.effect[0], one.n[0], strict=True)
    return [GroupTime(g, t, float(effect), int(n)) for g, t, effect, n in told if np.isfinite(effect)]


def _once(panel: Panel) -> _Drawn:
    return _drawn(panel, _shares(panel)[None], np.ones((1, len(panel.regions))))


def _shares(panel: Panel) -> Matrix:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(panel.n > 0, panel.events / panel.n, 0.0)


def staggered(panel: Panel, parameters: Parameters, *, seed: int, draws: int) -> Staggered:
    """The effects with their intervals: whole regions are drawn again; with few open ones their residuals are turned instead."""
    effects = group_times(panel)
    is_open = panel.opened < NEVER
    open_regions, other_regions = int(is_open.sum()), int((~is_open).sum())
    if not any(one.since >= 0 for one in effects):
        return Staggered(None, None, True, None, open_regions, other_regions, (), 0, seed)
    weak = open_regions < parameters.clusters_least
    distances = sorted({one.since for one in effects if one.since >= -parameters.pre_quarters})
    once = _once(panel)
    again = _draws(panel, np.random.Generator(np.random.PCG64(seed)), weak, draws)
    since = np.subtract(once.seen, once.opened)
    after = np.flatnonzero(since >= 0).tolist()
    value = float(once.average(after)[0])
    events = []
    for k in distances:
        columns = np.flatnonzero(since == k).tolist()
        mean = float(once.average(columns)[0])
        n = sum(one.n for one in effects if one.since == k)
        events.append(Since(k, mean, n, _limits(again.average(columns), mean, weak)))
    before = [one.interval for one in events if one.quarters < -1]
    flat = all(one is None or one.low <= 0 <= one.high for one in before) if before else None
    overall = _limits(again.average(after), value, weak)
    return Staggered(value, overall, weak, flat, open_regions, other_regions, tuple(events), draws, seed)


def _limits(drawn: Matrix, value: float, wild: bool) -> Interval | None:
    found = drawn[np.isfinite(drawn)]
    if len(found) < 100:
        return None
    low, high = (float(one) for one in np.percentile(found, [2.5, 97.5]))
    # The wild draws scatter around the fitted effect; what is drawn is turned round the estimate.
    return Interval(low, high) if not wild else Interval(value + low, value + high)


def _draws(panel: Panel, random: np.random.Generator, wild: bool, draws: int) -> _Drawn:
    """The effects of every draw; for wild ones, of residuals alone."""
    regions = len(panel.regions)
    if wild:
        turned = np.stack([_webb(random, regions) for _ in range(draws)])
        return _drawn(panel, residuals(panel)[None] * turned[:, :, None], np.ones((draws, regions)))
    both = [who for who in (np.flatnonzero(panel.opened < NEVER), np.flatnonzero(panel.opened >= NEVER)) if len(who)]
    chosen = (np.concatenate([random.choice(who, len(who)) for who in both]) for _ in range(draws))
    times = np.stack([np.bincount(lines, minlength=regions) for lines in chosen]).astype(np.float64)
    return _drawn(panel, _shares(panel)[None], times)


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
