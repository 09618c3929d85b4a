"""Reach, completion and follow-up of editions, jobseekers without benefit, and the needs of employers (evaluation.md 6.3)."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Theme, indicator
from ledger.indicators.sessions import ended_participations
from ledger.units import left_before, not_over, units, within

_PART = ("theme", *PERSONAL)
_GROUP_DAYS = 180
"""A group offer counts as follow-up for so many days [A] (I53)."""


@indicator(
    "IND-141",
    theme=Theme.EDITIONS,
    title=("Bereik van sectortrajecten", "Reach of sector trajectories"),
    definition=(
        "Het aandeel van het cohort dat binnen een jaar na het contract aan een sectortraject begint.",
        "The share of the cohort that enrols in a sector trajectory within a year after the contract.",
    ),
    numerator=("Ingeschreven in een sectortraject binnen 365 dagen", "Enrolled in a sector trajectory within 365 days"),
    denominator=("Personen van het cohort met 365 dagen achter de rug", "Persons of the cohort with 365 days behind them"),
    base=Base.CONTRACT,
    horizon=365,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1", "Q3"),
    sources=("S28", "S36"),
)
def reach(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.people(),
        day="contract_on",
        top=within("sec_on", "contract_on", 365),
        immature=not_over(facts, "contract_on", 365),
        left=left_before("contract_on", 365),
        keep=PERSONAL,
    )


@indicator(
    "IND-241",
    theme=Theme.EDITIONS,
    title=("Bereik van wie een passend sectortraject in de buurt heeft", "Reach of those with a fitting sector trajectory nearby"),
    definition=(
        "Van wie een voorkeurssector heeft waarin in de eigen regio een sectoreditie startte, het aandeel dat binnen een jaar na het "
        "contract aan een sectortraject begint.",
        "Of those with a preferred sector in which a sector edition started in the own region, the share that enrols in "
        "a sector trajectory "
        "within a year after the contract.",
    ),
    numerator=("Ingeschreven in een sectortraject binnen 365 dagen", "Enrolled in a sector trajectory within 365 days"),
    denominator=(
        "Personen met zo'n editie in hun regio, met 365 dagen achter de rug",
        "Persons with such an edition in their region, with 365 days behind them",
    ),
    base=Base.CONTRACT,
    horizon=365,
    needs=("facts", "editions"),
    dimensions=PERSONAL,
    decisions=("Q1", "Q3"),
    sources=("S28", "S36"),
)
def reach_nearby(facts: Factbook) -> pl.LazyFrame:
    started = facts.lazy("editions").filter((pl.col("kind") == "sector_trajectory") & pl.col("started_on").is_not_null())
    offered = started.explode("regions").explode("sectors").select(pl.col("regions").alias("region"), pl.col("sectors").alias("wish"))
    wished = facts.people().select("key", pl.col("region").cast(pl.String), pl.col("pref_sectors").alias("wish")).explode("wish")
    near = wished.join(offered.drop_nulls().unique(), on=["region", "wish"]).select("key").unique()
    return units(
        facts.people().join(near, on="key", how="semi"),
        day="contract_on",
        top=within("sec_on", "contract_on", 365),
        immature=not_over(facts, "contract_on", 365),
        left=left_before("contract_on", 365),
        keep=PERSONAL,
    )


@indicator(
    "IND-143",
    theme=Theme.EDITIONS,
    title=("Voltooiing van sectortrajecten", "Completion of sector trajectories"),
    definition=(
        "Van de beëindigde deelnames die begonnen, het aandeel dat voltooid is of eerder stopte voor een job of opleiding.",
        "Of the ended participations that began, the share completed, or stopped earlier for a job or training.",
    ),
    numerator=("Voltooid, of gestopt voor een job of opleiding", "Completed, or stopped for a job or training"),
    denominator=("Beëindigde deelnames die begonnen", "Ended participations that began"),
    base=Base.EVENT,
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1", "Q3"),
    sources=("S28", "S31"),
)
def completion(facts: Factbook) -> pl.LazyFrame:
    good = pl.col("outcome").is_in(["completed", "dropped_job", "dropped_training"])
    return units(ended_participations(facts), day="ended_on", top=good, keep=_PART)


@indicator(
    "IND-151",
    theme=Theme.EDITIONS,
    title=("Vervolg binnen 180 dagen na een sectortraject", "Next step within 180 days after a sector trajectory"),
    definition=(
        "Van de beëindigde deelnames die begonnen, het aandeel dat binnen 180 dagen een job, opleiding of studie start.",
        "Of the ended participations that began, the share that starts a job, training or study within 180 days.",
    ),
    numerator=("Job, opleiding of studie binnen 180 dagen", "Job, training or study within 180 days"),
    denominator=("Beëindigde deelnames van minstens 180 dagen geleden", "Participations ended at least 180 days ago"),
    base=Base.EVENT,
    horizon=180,
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1", "Q3"),
    sources=("S31", "S34"),
)
def next_step(facts: Factbook) -> pl.LazyFrame:
    return units(
        ended_participations(facts),
        day="ended_on",
        top=pl.col("next180").is_not_null(),
        immature=not_over(facts, "ended_on", 180),
        left=left_before("ended_on", 180),
        keep=_PART,
    )


@indicator(
    "IND-153",
    theme=Theme.EDITIONS,
    title=("Werkzoekenden zonder uitkering zonder enige opvolging", "Jobseekers without benefit without any follow-up"),
    definition=(
        "Van wie op de peildatum ingeschreven is zonder uitkering en zonder opvolgplan, het aandeel zonder groepsaanbod in de laatste 180 "
        "dagen en zonder enige stap na de inschrijving.",
        "Of those registered on the as-of date without benefit and without plan, the share without a group offer in the last 180 days "
        "and without any step after the registration.",
    ),
    numerator=("Zonder groepsaanbod en zonder stap", "Without group offer and without step"),
    denominator=("Ingeschreven zonder uitkering en zonder plan op de peildatum", "Registered without benefit or plan on the as-of date"),
    base=Base.STOCK,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q2", "Q3"),
    sources=("S37",),
)
def without_follow_up(facts: Factbook) -> pl.LazyFrame:
    on = pl.lit(facts.as_of)
    grouped = (on - pl.col("grp_on")).dt.total_days() <= _GROUP_DAYS
    people = facts.people().filter(pl.col("nug_d")).with_columns(on.alias("on"))
    return units(people, day="on", top=~grouped.fill_null(False) & pl.col("step1_on").is_null(), keep=PERSONAL)


@indicator(
    "IND-173",
    theme=Theme.OFFER,
    title=("Noden van werkgevers met een afspraak", "Employers' needs with an agreement"),
    definition=(
        "Elke nood die een werkgever stelt, per soort, en het aandeel waarover er een afspraak is. Een werkgever bepaalt zelf zijn noden.",
        "Every need that an employer states, by kind, and the share on which there is an agreement. An employer decides on its own needs.",
    ),
    numerator=("Noden van deze soort met een afspraak", "Needs of this kind with an agreement"),
    denominator=("Noden van deze soort", "Needs of this kind"),
    base=Base.EVENT,
    needs=("needs",),
    dimensions=("need", "sector", "size", "region"),
    decisions=("Q1", "Q3"),
    sources=("S46", "S47", "S48", "S49"),
)
def needs_met(facts: Factbook) -> pl.LazyFrame:
    each = facts.lazy("needs").explode("needs").drop_nulls("needs").with_columns(pl.col("needs").alias("need"))
    each = each.with_columns(pl.col(name).fill_null("unknown") for name in ("sector", "size", "region"))
    agreed = pl.col("agreed_on").is_not_null() & (pl.col("route") != "none")
    return units(each, day="stated_on", top=agreed, keep=("need", "sector", "size", "region"))
