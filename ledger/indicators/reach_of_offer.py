"""Whether there is an offer for whoever knows little Dutch, and whether what is recommended is used (evaluation.md I66, I67, I69)."""

from __future__ import annotations

import polars as pl

from ledger.codes.course import Cefr
from ledger.factbook import PERSONAL, Factbook, served
from ledger.indicator import Base, Method, Theme, indicator
from ledger.units import not_over, units, within

_USED_DAYS = 180
_LEVELS = {level.value: level.rank for level in Cefr}
_LIMITED = [level.value for level in Cefr if level <= Cefr.A1]
"""[A] I67: oral Dutch of whoever is looked at."""


def open_offers(facts: Factbook) -> pl.LazyFrame:
    """The offers that are open on the as-of date."""
    day = pl.lit(facts.as_of)
    valid = (pl.col("valid_from") <= day) & (pl.col("valid_to") >= day).fill_null(True) & (pl.col("withdrawn_on") > day).fill_null(True)
    return facts.lazy("offers").filter(valid)


@indicator(
    "IND-266",
    theme=Theme.OFFER,
    title=("Plaatsen toegankelijk bij beperkt Nederlands", "Places accessible with limited Dutch"),
    definition=(
        "Van de plaatsen in het aanbod dat op de peildatum openstaat en zijn plaatsen noemt, het aandeel in aanbod dat hoogstens A2 "
        "mondeling Nederlands vraagt.",
        "Of the places in the offers that are open on the as-of date and tell their places, the share in offers that ask at most oral A2.",
    ),
    numerator=("Plaatsen in aanbod dat hoogstens A2 vraagt", "Places in offers that ask at most A2"),
    denominator=("Plaatsen in open aanbod", "Places in open offers"),
    base=Base.STOCK,
    method=Method.RATIO,
    needs=("offers",),
    dimensions=("served", "sector", "offer_kind"),
    decisions=("Q2",),
    sources=("S41",),
)
def places(facts: Factbook) -> pl.LazyFrame:
    told = open_offers(facts).filter(pl.col("places").is_not_null())
    told = told.with_columns(pl.col("sector").fill_null("unknown"), pl.col("kind").alias("offer_kind"), served("regions"))
    easy = pl.col("min_oral").is_in(["pre_a1", "a1", "a2"])
    return units(
        told,
        day=pl.lit(facts.as_of),
        top=pl.when(easy).then(pl.col("places")).otherwise(0),
        bottom=pl.col("places"),
        keep=("served", "sector", "offer_kind"),
    )


@indicator(
    "IND-167",
    theme=Theme.OFFER,
    title=("Aanbodgat", "Offer gap"),
    definition=(
        "Van wie op de peildatum ingeschreven is, hoogstens A1 mondeling Nederlands kent en een voorkeurssector heeft, "
        "het aandeel voor wie "
        "er in de eigen regio en in geen enkele voorkeurssector aanbod openstaat dat niet meer Nederlands vraagt dan de persoon kent.",
        "Of those registered on the as-of date, with at most oral Dutch A1 and a preferred sector, the share for whom no offer is open in "
        "the own region in any preferred sector that asks no more Dutch than the person knows.",
    ),
    numerator=("Personen zonder zulk aanbod", "Persons without such an offer"),
    denominator=(
        "Ingeschreven personen met hoogstens A1 en een voorkeurssector, op de peildatum",
        "Registered persons with at most A1 and a preferred sector, on the as-of date",
    ),
    base=Base.STOCK,
    needs=("facts", "offers"),
    dimensions=("sector", "area", "province", "region", "gender"),
    decisions=("Q2", "Q3"),
    sources=("S18", "S41"),
    caveat=(
        "De regio is die bij het contract. Wie geen voorkeurssector of regio heeft, staat bij onbekend.",
        "The region is that at the contract. Who has no preferred sector or region stands with unknown.",
    ),
)
def gap(facts: Factbook) -> pl.LazyFrame:
    now = pl.lit(facts.as_of)
    people = facts.people().filter(pl.col("reg_d") & pl.col("oral_d").is_in(_LIMITED))
    wished = people.select("key", pl.col("region").cast(pl.String), _rank("oral_d").alias("knows"), "pref_sectors").explode("pref_sectors")
    offers = open_offers(facts).filter(pl.col("regions").list.len() > 0).explode("regions")
    asked = offers.select(pl.col("regions").alias("region"), pl.col("sector").alias("pref_sectors"), _rank("min_oral").alias("asks"))
    fits = wished.join(asked, on=["region", "pref_sectors"]).filter(pl.col("asks") <= pl.col("knows"))
    found = fits.select("key", pl.lit(True).alias("found")).unique()
    first = pl.col("pref_sectors").list.first().fill_null("unknown").alias("sector")
    unsure = (pl.col("pref_sectors").list.len() == 0) | (pl.col("region").cast(pl.String) == "unknown")
    return units(
        people.join(found, on="key", how="left").with_columns(first, now.alias("on")),
        day="on",
        top=pl.col("found").is_null(),
        unclear=unsure,
        keep=("sector", "area", "province", "region", "gender"),
    )


def _rank(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(_LEVELS, return_dtype=pl.Int64)


@indicator(
    "IND-169",
    theme=Theme.OFFER,
    title=("Aanbevolen aanbod gebruikt", "Recommended offers used"),
    definition=(
        "Het aandeel aanbevelingen waarop binnen 180 dagen een opleiding of stap met dat aanbod volgt. Een opleiding of stap die het "
        "aanbod niet noemt, telt als niet gebruikt: dit is een ondergrens.",
        "The share of recommendations followed within 180 days by a training or step with that offer. A training or step "
        "that does not name "
        "the offer counts as not used: this is a lower bound.",
    ),
    numerator=("Opleiding of stap met dat aanbod binnen 180 dagen", "Training or step with that offer within 180 days"),
    denominator=("Aanbevelingen van minstens 180 dagen oud", "Recommendations at least 180 days old"),
    base=Base.EVENT,
    horizon=_USED_DAYS,
    needs=("facts", "recommendations"),
    dimensions=("offer_kind", "provider", *PERSONAL),
    decisions=("Q1", "Q3"),
    sources=("S40", "S42"),
)
def used(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.of_people(facts.lazy("recommendations")),
        day="recommended_on",
        top=within("used_on", "recommended_on", _USED_DAYS),
        immature=not_over(facts, "recommended_on", _USED_DAYS),
        keep=("offer_kind", "provider", *PERSONAL),
    )
