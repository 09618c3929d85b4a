"""Who the participants of a year were, by region and by profile, as far as that may be told (I80 of evaluation.md).

A year stands beside all other years, whose total by region stands on the sheet: so the two are protected as one table.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ledger.codes.region import REFERENCE_REGIONS, Region
from ledger.disclosure import Cell, protect_table

REGION, RELIANCE, BENEFIT = "region", "self_reliance", "nug"
ELSEWHERE = "elsewhere"
ByYear = Mapping[tuple[str, str, int], int]
"""Participants by dimension, code and year of acceptance."""
Told = Mapping[str, Mapping[str, Cell]]
"""By dimension and code."""


def by_year(participants: pl.DataFrame) -> ByYear:
    """Counts of participants (with ``accepted_on``, ``region``, ``self_reliance``, ``benefit0`` and ``work0``)."""
    without = (pl.col("benefit0") == "none") & (pl.col("work0") == "jobless")
    made = participants.select(
        pl.col("accepted_on").dt.year().alias("year"),
        pl.col("region").cast(pl.String).alias(REGION),
        pl.col("self_reliance").cast(pl.String).alias(RELIANCE),
        pl.when(without.fill_null(False)).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(BENEFIT),
    )
    return {
        (dimension, code, year): n
        for dimension in (REGION, RELIANCE, BENEFIT)
        for code, year, n in made.group_by(dimension, "year").len().sort(dimension, "year").iter_rows()
    }


def own_regions(counts: Mapping[str, int], regions: tuple[Region, ...]) -> dict[str, int]:
    """Counts of the regions of a pilot; whoever came from elsewhere stands together."""
    own = {region.value for region in regions} or {region.value for region in (*REFERENCE_REGIONS, Region.BRUSSEL)}
    told = {region: counts.get(region, 0) for region in sorted(own)}
    elsewhere = sum(n for region, n in counts.items() if region not in own)
    return told | {ELSEWHERE: elsewhere} if elsewhere else told


def of_year(counts: ByYear, year: int, regions: tuple[Region, ...]) -> Told:
    """What may be told of the participants of one year."""
    told: dict[str, Mapping[str, Cell]] = {}
    for dimension in (REGION, RELIANCE, BENEFIT):
        both: list[dict[str, int]] = [{}, {}]
        for (name, code, when), n in counts.items():
            if name == dimension:
                side = both[0 if when == year else 1]
                side[code] = side.get(code, 0) + n
        mine, rest = (own_regions(side, regions) for side in both) if dimension == REGION else both
        codes = sorted({*mine, *rest})
        table = {(code, side): counted.get(code, 0) for code in codes for side, counted in (("mine", mine), ("rest", rest))}
        cells = protect_table(table).cells
        told[dimension] = {code: cells[code, "mine"] for code in codes}
    return told
