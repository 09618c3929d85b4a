"""What support does on the shop floor: how it is rated, who comes back, whom it reaches (evaluation.md I74, I75)."""

from __future__ import annotations

import polars as pl

from ledger.factbook import Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.units import WHO, days, units

_EMPLOYER = ("sector", "size", "region")
_AGAIN_DAYS = 30
"""[A] I74: a second need this long after the first delivery is a return."""


def _delivered(facts: Factbook) -> pl.LazyFrame:
    return facts.lazy("needs").filter(pl.col("delivered_n") > 0).with_columns(pl.col(name).fill_null("unknown") for name in _EMPLOYER)


@indicator(
    "IND-174",
    theme=Theme.OFFER,
    title=("Werkgevers: tevredenheid over de ondersteuning", "Employers: satisfaction with the support"),
    definition=(
        "Gemiddelde tevredenheid in basispunten (10 000 is volledig tevreden), gewogen naar het aantal bereikte werknemers, over "
        "leveringen waarover de werkgever iets zei.",
        "Mean satisfaction in basis points (10 000 is fully satisfied), weighted by the employees reached, over deliveries that the "
        "employer rated.",
    ),
    numerator=("Basispunten maal bereikte werknemers", "Basis points times employees reached"),
    denominator=("Bereikte werknemers in beoordeelde leveringen", "Employees reached in rated deliveries"),
    base=Base.EVENT,
    method=Method.RATIO,
    unit=Unit.BASIS_POINTS,
    needs=("needs",),
    dimensions=_EMPLOYER,
    decisions=("Q3",),
    sources=("S46", "S49"),
)
def satisfaction(facts: Factbook) -> pl.LazyFrame:
    rated = _delivered(facts).filter(pl.col("rated") > 0)
    who = pl.col("key").alias(WHO)
    return units(rated, day="delivered_on", top=pl.col("rating"), bottom=pl.col("rated"), keep=_EMPLOYER, more=(who,))


@indicator(
    "IND-274",
    theme=Theme.OFFER,
    title=("Werkgevers die terugkeren", "Employers that return"),
    definition=(
        "Van de werkgevers die ondersteuning kregen, het aandeel dat minstens 30 dagen na de eerste levering opnieuw een nood stelt.",
        "Of the employers that received support, the share that states another need at least 30 days after the first delivery.",
    ),
    numerator=("Werkgevers met een nieuwe nood", "Employers with another need"),
    denominator=("Werkgevers met een levering, 30 dagen daarna", "Employers with a delivery, 30 days after it"),
    base=Base.EVENT,
    horizon=_AGAIN_DAYS,
    needs=("needs",),
    dimensions=_EMPLOYER,
    decisions=("Q3",),
    sources=("S46", "S49"),
)
def returning(facts: Factbook) -> pl.LazyFrame:
    first = _delivered(facts).sort("delivered_on", "need_id").unique("key", keep="first", maintain_order=True)
    asked = facts.lazy("needs").select("key", pl.col("stated_on").alias("again_on"))
    later = first.join(asked, on="key").filter(pl.col("again_on") >= pl.col("delivered_on") + days(_AGAIN_DAYS))
    marked = later.select("key", pl.lit(True).alias("again")).unique()
    return units(
        first.join(marked, on="key", how="left"),
        day="delivered_on",
        top=pl.col("again").fill_null(False),
        immature=pl.col("delivered_on") + days(_AGAIN_DAYS) > pl.lit(facts.as_of),
        keep=_EMPLOYER,
    )


@indicator(
    "IND-175",
    theme=Theme.OFFER,
    title=("Bereik op de werkvloer", "Reach on the shop floor"),
    definition=(
        "Werknemers die de ondersteuning bereikte, en hoeveel van hen anderstalig zijn, over leveringen die dat zeggen. Wie bij twee "
        "leveringen was, telt twee keer. Er is geen hoog of laag dat goed is: lees de aantallen.",
        "Employees whom the support reached, and how many of them speak another language, over deliveries that tell. Who was at two "
        "deliveries counts twice. No high or low is good: read the numbers.",
    ),
    numerator=("Bereikte anderstalige werknemers", "Non-native speakers reached"),
    denominator=("Bereikte werknemers", "Employees reached"),
    base=Base.EVENT,
    method=Method.RATIO,
    needs=("needs",),
    dimensions=_EMPLOYER,
    decisions=("Q3",),
    sources=("S46", "S47"),
)
def shop_floor(facts: Factbook) -> pl.LazyFrame:
    told = _delivered(facts).filter(pl.col("reached_known") > 0)
    who = pl.col("key").alias(WHO)
    return units(told, day="delivered_on", top=pl.col("reached_non_native"), bottom=pl.col("reached_known"), keep=_EMPLOYER, more=(who,))
