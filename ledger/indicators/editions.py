"""Sector trajectories, the group offer and civic orientation."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook, served
from ledger.indicator import Base, Theme, indicator
from ledger.indicators.sessions import sector_participations
from ledger.units import clock_units, left_before, not_over, units

_PART = ("theme", *PERSONAL)


@indicator(
    "IND-22",
    theme=Theme.EDITIONS,
    title=("Gelijktijdigheid sectortraject en MO", "Sector trajectory concurrent with civic orientation"),
    definition=(
        "Het aandeel begonnen deelnames aan een sectortraject dat minstens één dag samenvalt met maatschappelijke oriëntatie.",
        "The share of begun participations in a sector trajectory that share at least one day with civic orientation.",
    ),
    numerator=("Minstens één gemeenschappelijke dag", "At least one day in common"),
    denominator=("Begonnen deelnames aan een sectortraject", "Begun participations in a sector trajectory"),
    base=Base.EVENT,
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1",),
    sources=("S29", "S33"),
)
def concurrent(facts: Factbook) -> pl.LazyFrame:
    begun = sector_participations(facts).filter(pl.col("begin_on").is_not_null() & pl.col("mo_concurrent").is_not_null())
    return units(begun, day="begin_on", top=pl.col("mo_concurrent"), keep=_PART)


@indicator(
    "IND-23",
    version=2,
    theme=Theme.EDITIONS,
    title=("Perspectief binnen 30 dagen", "Perspective within 30 days"),
    definition=(
        "Van wie een sectortraject voltooide, het aandeel met binnen 30 dagen een job, stage of opleiding in zicht.",
        "Of those who completed a sector trajectory, the share with a job, internship or training in sight within 30 days.",
    ),
    numerator=("Perspectief job, stage of opleiding, termijn C13 gehaald", "Perspective job, internship or training, clock C13 met"),
    denominator=("Voltooide deelnames van minstens 30 dagen geleden", "Participations completed at least 30 days ago"),
    base=Base.EVENT,
    horizon=30,
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1", "Q3"),
    sources=("S31",),
)
def perspective(facts: Factbook) -> pl.LazyFrame:
    met = pl.col("c13_state").is_in(["met", "met_before_start"])
    return units(
        sector_participations(facts).filter(pl.col("outcome") == "completed"),
        day="ended_on",
        top=met & pl.col("perspective").is_in(["job", "internship", "training"]),
        immature=not_over(facts, "ended_on", 30),
        left=left_before("ended_on", 30),
        keep=_PART,
    )


@indicator(
    "IND-24",
    theme=Theme.EDITIONS,
    title=("Warme overdracht binnen 14 dagen", "Warm handover within 14 days"),
    definition=(
        "Van wie een sectortraject voltooide, het aandeel dat binnen 14 dagen door de activeringspartner opgenomen is "
        "of aan het werk of in opleiding is.",
        "Of those who completed a sector trajectory, the share taken up by the activation partner, at work or in training within 14 days.",
    ),
    numerator=("Termijn C12 gehaald", "Clock C12 met"),
    denominator=("C12 gestart, uiterste dag voorbij op de peildatum", "C12 started, its deadline passed on the as-of date"),
    base=Base.EVENT,
    needs=("facts", "clocks"),
    dimensions=("against", *PERSONAL),
    decisions=("Q1", "Q2"),
    sources=("S31", "S34"),
)
def handed_over(facts: Factbook) -> pl.LazyFrame:
    return clock_units(facts, facts.of_people(facts.clock("C12")), keep=("against", *PERSONAL))


@indicator(
    "IND-25",
    theme=Theme.EDITIONS,
    title=("Afstemming met VDAB-aanbod", "Aligned with the offer of VDAB"),
    definition=(
        "Het aandeel gestarte sectoredities die VDAB of Actiris vóór de start als aanvullend beoordeelde.",
        "The share of started sector editions that VDAB or Actiris found complementary before the start.",
    ),
    numerator=("Vóór de start als aanvullend beoordeeld", "Found complementary before the start"),
    denominator=("Gestarte sectoredities", "Started sector editions"),
    base=Base.EVENT,
    needs=("editions",),
    dimensions=("theme", "served"),
    decisions=("Q2",),
    sources=("S30", "S57"),
)
def aligned(facts: Factbook) -> pl.LazyFrame:
    started = facts.lazy("editions").filter((pl.col("kind") == "sector_trajectory") & pl.col("started_on").is_not_null())
    return units(started.with_columns(served("regions")), day="started_on", top=pl.col("complementary"), keep=("theme", "served"))


@indicator(
    "IND-27",
    theme=Theme.EDITIONS,
    title=("Bereik NUG", "Reach of jobseekers without benefit"),
    definition=(
        "Van wie als werkzoekende zonder uitkering en zonder opvolgplan ingeschreven is, het aandeel met binnen 90 "
        "dagen een groepsaanbod of een plan.",
        "Of those registered as jobseekers without benefit or plan, the share with a group offer or a plan within 90 days.",
    ),
    numerator=("Termijn C16 gehaald", "Clock C16 met"),
    denominator=(
        "Personen met een eerste C16: gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "Persons with a first C16: started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.EVENT,
    needs=("facts", "clocks"),
    dimensions=PERSONAL,
    decisions=("Q1", "Q3"),
    sources=("S37",),
)
def reached(facts: Factbook) -> pl.LazyFrame:
    first = facts.clock("C16").sort("start", "case_key").unique("key", keep="first", maintain_order=True)
    return clock_units(facts, facts.of_people(first), keep=PERSONAL)


@indicator(
    "IND-41",
    theme=Theme.EDITIONS,
    title=("Nederlandse vaktermen bereikt", "Dutch technical terms reached"),
    definition=(
        "Van de voltooide deelnames aan een sectortraject, het aandeel met minstens 80 % van de geplande minuten Nederlandse vaktermen.",
        "Of the completed participations in a sector trajectory, the share with at least 80 % of the planned minutes of Dutch terms.",
    ),
    numerator=("Minstens 80 % van de geplande minuten", "At least 80 % of the planned minutes"),
    denominator=("Voltooide deelnames", "Completed participations"),
    base=Base.EVENT,
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1",),
    sources=("S32",),
)
def terms_reached(facts: Factbook) -> pl.LazyFrame:
    return units(
        sector_participations(facts).filter(pl.col("outcome") == "completed"),
        day="ended_on",
        top=pl.col("terms_min") * 10 >= pl.col("terms_planned_min") * 8,
        unclear=pl.col("terms_planned_min").is_null() | pl.col("terms_min").is_null(),
        keep=_PART,
    )


@indicator(
    "IND-43",
    theme=Theme.EDITIONS,
    title=("Tijdige start MO", "Civic orientation started in time"),
    definition=(
        "Van wie maatschappelijke oriëntatie in het eerste contract heeft, het aandeel dat binnen drie maanden start.",
        "Of those with civic orientation in their first contract, the share that starts within three months.",
    ),
    numerator=("Termijn C03 gehaald", "Clock C03 met"),
    denominator=(
        "C03 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C03 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.CONTRACT,
    needs=("facts", "clocks"),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S29", "S33"),
)
def started_mo(facts: Factbook) -> pl.LazyFrame:
    first = facts.people().select("key", pl.col("contract_id").alias("case_key"), *PERSONAL)
    return clock_units(facts, facts.clock("C03").join(first, on=["key", "case_key"]), keep=PERSONAL)
