"""Pilots: insights that are taken up, and what results cost."""

from __future__ import annotations

import polars as pl

from ledger.factbook import Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.units import COUNTED, days, not_over, units


@indicator(
    "IND-31",
    theme=Theme.POLICY,
    title=("Integratie van inzichten", "Insights integrated"),
    definition=(
        "Van de inzichten die minstens 180 dagen geleden voorgesteld zijn, het aandeel dat in het reguliere traject opgenomen is.",
        "Of the insights first proposed at least 180 days ago, the share taken into the regular trajectory.",
    ),
    numerator=("Opgenomen inzichten", "Integrated insights"),
    denominator=("Inzichten, 180 dagen na hun eerste voorstel", "Insights, 180 days after they were first proposed"),
    base=Base.EVENT,
    horizon=180,
    needs=("insights",),
    dimensions=("theme", "origin"),
    decisions=("Q1",),
    sources=("S38",),
)
def integrated(facts: Factbook) -> pl.LazyFrame:
    proposed = facts.lazy("insights").filter(pl.col("proposed_on").is_not_null())
    return units(
        proposed,
        day="proposed_on",
        top=pl.col("integrated_on").is_not_null(),
        immature=not_over(facts, "proposed_on", 180),
        keep=("theme", "origin"),
    )


@indicator(
    "IND-33",
    theme=Theme.POLICY,
    title=("Kost per bereikte deelnemer", "Cost per participant reached"),
    definition=(
        "Wat een proeftuin in een jaar besteedde, gedeeld door het aantal personen dat in dat jaar een plaats aanvaardde.",
        "What a pilot spent in a year, divided by the persons who accepted a place in that year.",
    ),
    numerator=("Besteed, in eurocent", "Spent, in euro cents"),
    denominator=("Personen die in dat jaar een plaats aanvaardden", "Persons who accepted a place in that year"),
    base=Base.YEAR,
    method=Method.RATIO,
    unit=Unit.CENTS,
    needs=("pilot_stays", "pilots", "resources"),
    dimensions=("pilot_id", "theme"),
    decisions=("Q3",),
    sources=("S02", "S10"),
)
def cost_per_participant(facts: Factbook) -> pl.LazyFrame:
    accepted = _themed(facts, facts.lazy("pilot_stays").filter(pl.col("accepted_on").is_not_null()))
    persons = units(accepted, day="accepted_on", top=pl.lit(0), keep=("pilot_id", "theme"))
    return pl.concat([persons, _money(facts, _themed(facts, _spent(facts)))])


@indicator(
    "IND-34",
    theme=Theme.POLICY,
    title=("Kost per duurzame tewerkstelling", "Cost per lasting job"),
    definition=(
        "Wat een proeftuin besteedde in de jaren waarvan alle deelnemers een jaar verder zijn, gedeeld door de "
        "deelnemers van die jaren die "
        "duurzaam werk bereikten (IND-28). Getoond vanaf tien.",
        "What a pilot spent in the years whose participants are all a year on, divided by the participants of those years that reached "
        "lasting work (IND-28). Shown from ten on.",
    ),
    numerator=("Besteed, in eurocent", "Spent, in euro cents"),
    denominator=("Deelnemers met duurzaam werk op 12 maanden", "Participants in lasting work at 12 months"),
    base=Base.YEAR,
    method=Method.RATIO,
    unit=Unit.CENTS,
    horizon=365,
    needs=("facts", "pilot_stays", "pilots", "resources"),
    dimensions=("pilot_id", "theme"),
    decisions=("Q3",),
    sources=("S10",),
)
def cost_per_lasting_job(facts: Factbook) -> pl.LazyFrame:
    lasting = pl.col("emp_d365") & (pl.col("emp_365") >= 180) & (pl.col("work0") == "jobless")
    people = facts.people().select("key", "contract_on", "end_on", "end_kind", lasting.fill_null(False).alias("lasting"))
    accepted = facts.lazy("pilot_stays").filter(pl.col("accepted_on").is_not_null()).join(people, on="key")
    open_year = _ripe_on(pl.col("accepted_on").dt.year()) > pl.lit(facts.as_of)
    gone = (pl.col("end_kind") == "left_scope") & (pl.col("end_on") < pl.col("contract_on") + days(365))
    reached = _themed(facts, accepted.filter(pl.col("lasting") | open_year | gone))
    persons = units(reached, day="accepted_on", top=pl.lit(0), immature=open_year, left=gone, keep=("pilot_id", "theme"))
    spent = _spent(facts).filter(_ripe_on(pl.col("year")) <= pl.lit(facts.as_of))
    return pl.concat([persons, _money(facts, _themed(facts, spent))])


def _ripe_on(year: pl.Expr) -> pl.Expr:
    """The day on which whoever joined in a year, at the latest on the day of the contract, is a year on."""
    return pl.date(year + 1, 12, 31)


def _spent(facts: Factbook) -> pl.LazyFrame:
    return facts.lazy("resources").filter((pl.col("kind") == "spent") & (pl.col("year") <= facts.as_of.year))


def _themed(facts: Factbook, table: pl.LazyFrame) -> pl.LazyFrame:
    themes = facts.lazy("pilots").select("pilot_id", "theme").unique("pilot_id")
    return table.join(themes, on="pilot_id", how="left").with_columns(pl.col("theme").fill_null("unknown"))


def _money(facts: Factbook, spent: pl.LazyFrame) -> pl.LazyFrame:
    """Money as units that count no person: above the line only."""
    made = units(spent, day=pl.date(pl.col("year"), 1, 1), top=pl.col("cents"), bottom=pl.lit(0), keep=("pilot_id", "theme"))
    return made.with_columns(pl.lit(False).alias(COUNTED))
