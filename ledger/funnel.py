"""Funnel plots: how far shares of units of different sizes may lie apart by chance alone (evaluation.md 6.1.3).

Units are compared with what is expected of their size, never ranked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

TAILS = (0.001, 0.025, 0.975, 0.999)
"""Where the limits of 99.8 % and 95 % lie."""
LEAST = 30
"""Units with fewer are not compared (evaluation.md 6.1.4)."""
FEWEST = 3
"""Fewer units are not compared: each would be measured by itself [A]."""
LEAST_UNITS = 10
"""With fewer units more spread than chance cannot be told from chance [A]."""
_WINSOR = 0.1
_FAR = 12
"""Standard deviations."""


class Verdict(StrEnum):
    """How a unit lies: never good or bad, only expected or to be looked into."""

    WITHIN = "within"
    NOTE = "note"
    """Outside 95 %."""
    APART = "apart"
    """Outside 99.8 %."""


class Limits(NamedTuple):
    """The limits for one size, from low to high: 99.8 %, 95 %, 95 %, 99.8 %."""

    lowest: float
    low: float
    high: float
    highest: float


class Unit(NamedTuple):
    """One compared unit."""

    top: int
    bottom: int

    @property
    def share(self) -> float:
        """Its share."""
        return self.top / self.bottom


class Funnel(NamedTuple):
    """The target, and how much wider than chance the units spread."""

    target: float
    """The pooled share."""
    phi: float | None
    """Overdispersion when there is more spread than chance gives; None when there is not, or it cannot be told."""

    def limits(self, n: int) -> Limits:
        """The limits for a unit of this size."""
        found = [limit(n, self.target, tail) for tail in TAILS]
        if self.phi is not None:
            wider = math.sqrt(self.phi)
            found = [min(1.0, max(0.0, self.target + (one - self.target) * wider)) for one in found]
        return Limits(*found)

    def verdict(self, unit: Unit) -> Verdict:
        """Where a unit lies."""
        limits = self.limits(unit.bottom)
        if limits.low <= unit.share <= limits.high:
            return Verdict.WITHIN
        return Verdict.NOTE if limits.lowest <= unit.share <= limits.highest else Verdict.APART


def funnel(units: Sequence[Unit]) -> Funnel | None:
    """The funnel of some units; None when there is nothing to compare."""
    total = sum(unit.bottom for unit in units)
    if not total:
        return None
    target = sum(unit.top for unit in units) / total
    return Funnel(target, _overdispersion(units, target))


def _overdispersion(units: Sequence[Unit], target: float) -> float | None:
    if len(units) < LEAST_UNITS or not 0 < target < 1:
        return None
    scores = sorted((unit.share - target) / math.sqrt(target * (1 - target) / unit.bottom) for unit in units)
    cut = int(_WINSOR * len(scores))
    low, high = scores[cut], scores[len(scores) - 1 - cut]
    phi = sum(min(max(score, low), high) ** 2 for score in scores) / len(scores)
    return phi if phi > 1 + 2 * math.sqrt(2 / len(scores)) else None


@lru_cache(maxsize=16_384)
def limit(n: int, target: float, tail: float) -> float:
    """The exact binomial limit at a tail, between two counts: r is the smallest count with P(X ≤ r) > tail."""
    if not 0 < target < 1:
        return target
    below = 0.0
    # Of what lies so far below the middle together not 10⁻³⁰ is left: a large unit need not be counted from none.
    spread = math.sqrt(n * target * (1 - target))
    for r in range(max(0, int(n * target - _FAR * spread - _FAR)), n + 1):
        probability = math.exp(
            math.lgamma(n + 1) - math.lgamma(r + 1) - math.lgamma(n - r + 1) + r * math.log(target) + (n - r) * math.log1p(-target)
        )
        upto = below + probability
        if upto > tail:
            return min(1.0, max(0.0, (r - (upto - tail) / probability) / n))
        below = upto
    return 1.0
