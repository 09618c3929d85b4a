"""The waves in which regions opened, and the staggered before–after over them (M3).

When a region opened is not told by anybody: it is read from the first quarter of contracts of which several were offered a place.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from ledger.difference import Staggered, panel_of, staggered
from ledger.parameters import Parameters
from ledger.plan import Design, Plan
from ledger.riskset import FAR, Days, People


def waves(plan: Plan, people: People, parameters: Parameters) -> Staggered | None:
    """The effect on the share of each quarter of contracts that has the outcome, counted from the contract; None when it is not planned."""
    if Design.M3 not in plan.designs or plan.primary is None:
        return None
    outcome = plan.primary
    trait = people.traits["region"]
    quarter = _quarters(people.contract)
    over = people.contract + outcome.days <= people.as_of
    stayed = people.left > people.contract + outcome.days
    had = people.lag(outcome) <= people.contract + outcome.days
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    offers: dict[tuple[str, str], int] = {}
    for code, region in enumerate(trait.labels):
        if region == "unknown":
            continue
        for name in np.unique(quarter):
            who = (trait.codes == code) & (quarter == name)
            ripe = who & over & stayed
            offers[region, str(name)] = int((who & (people.offered < FAR)).sum())
            if ripe.any():
                counts[region, str(name)] = int(ripe.sum()), int((ripe & had).sum())
    opened: dict[str, str] = {}
    for (region, name), n in sorted(offers.items()):
        if n >= parameters.opened_least:
            opened.setdefault(region, name)
    if not opened or not counts:
        return None
    return staggered(panel_of(counts, opened), parameters, seed=parameters.seed, draws=parameters.draws_beside)


def _quarters(days: Days) -> npt.NDArray[np.str_]:
    dates = pl.Series("d", days).cast(pl.Int32).cast(pl.Date)
    names = dates.to_frame().select(pl.format("{}-Q{}", pl.col("d").dt.year(), pl.col("d").dt.quarter()))
    return np.asarray(names.to_series().to_list(), dtype=np.str_)
