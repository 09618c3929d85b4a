"""Balance: how alike the offered and their comparison persons were before, level by level (evaluation.md 6.4.2)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ledger.incidence import Floats
from ledger.matching import Matches
from ledger.parameters import Parameters
from ledger.plan import Outcome
from ledger.propensity import known, pool_of
from ledger.riskset import Codes, People
from ledger.rollup import K_CELL

OTHER = "other"
"""Levels that few are at, together."""


class Level(NamedTuple):
    """One level of a covariate. Differences are standardised by the spread before matching."""

    name: str
    """The covariate."""
    level: str
    offered: int
    """Offered persons, matched or not, at this level."""
    before: float
    """Share among the offered."""
    others: float
    """Share among all who were at risk and not offered."""
    after: float
    """Share among the matched offered."""
    matched: float
    """Share among their comparison persons."""
    smd_before: float
    smd_after: float
    variance_ratio: float | None
    """Of the offered over the comparison persons, after matching."""


class Balance(NamedTuple):
    """Every level, and whether the balance passes."""

    levels: tuple[Level, ...]
    worst: float
    unmatched_share: float
    passes: bool


def balance(people: People, treated: Codes, matches: Matches, outcome: Outcome, parameters: Parameters) -> Balance:
    """The balance of a matching. Levels that neither group has are left out, rare ones stand together."""
    mine, names = known(people, treated, people.offered[treated])
    rest, rest_day = pool_of(people, treated, outcome)
    pool, _ = known(people, rest, rest_day)
    kept, _ = known(people, matches.treated, people.offered[matches.treated])
    theirs, _ = known(people, matches.person, matches.index(people))
    levels = []
    for trait, level, columns in _merged(names, mine, pool):
        before, others = _share(mine, columns), _share(pool, columns)
        after, matched = _share(kept, columns), _share(theirs, columns, matches.weight)
        spread = math.sqrt((before * (1 - before) + others * (1 - others)) / 2)
        offered = int(mine[:, columns].sum())
        differ = smd(before, others, spread), smd(after, matched, spread)
        levels.append(Level(trait, level, offered, before, others, after, matched, *differ, _ratio(after, matched)))
    worst = max((abs(one.smd_after) for one in levels), default=0.0)
    unmatched = matches.unmatched_share
    return Balance(tuple(levels), worst, unmatched, passes([one.smd_after for one in levels], unmatched, parameters))


def passes(differences: list[float], unmatched: float, parameters: Parameters) -> bool:
    """All under 0.10, none over 0.25, and fewer than a fifth without a match."""
    worst = max((abs(one) for one in differences), default=0.0)
    return worst < parameters.smd_pass and worst <= parameters.smd_most and unmatched < parameters.unmatched_bp / 10_000


def smd(one: float, other: float, spread: float) -> float:
    """The standardised mean difference of two shares; 0 for equal ones, whatever the spread."""
    if abs(one - other) < 1e-12:
        return 0.0
    return (one - other) / spread if spread > 0 else math.copysign(1.0, one - other)


def _merged(names: tuple[str, ...], mine: Floats, pool: Floats) -> Iterator[tuple[str, str, list[int]]]:
    """Traits and levels with their columns; the levels that few are at in either group stand together as ``other``."""
    by_trait: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        by_trait.setdefault(name.partition(": ")[0], []).append(at)
    for trait, columns in by_trait.items():
        rare = [
            at for at in columns if 0 < min(mine[:, at].sum(), pool[:, at].sum()) < K_CELL or (mine[:, at].sum() == 0 < pool[:, at].sum())
        ]
        if len(columns) == 1:
            rare = []
        for at in columns:
            if at not in rare and mine[:, at].sum() + pool[:, at].sum() > 0:
                yield trait, names[at].partition(": ")[2], [at]
        if rare:
            yield trait, OTHER, rare


def _share(columns: Floats, some: list[int], weights: Floats | None = None) -> float:
    if len(columns) == 0:
        return 0.0
    return float(np.average(columns[:, some].sum(axis=1), weights=weights))


def _ratio(one: float, other: float) -> float | None:
    return one * (1 - one) / (other * (1 - other)) if 0 < one < 1 and 0 < other < 1 else None
