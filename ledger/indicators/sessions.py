"""Editions from the inside: fill, early start, alignment, terms, perspective and next step (evaluation.md 6.3, F)."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook, served
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.units import days, left_before, not_over, spans, times, units

_PART = ("theme", *PERSONAL)
_EDITION = ("theme", "served")
_EARLY_DAYS = 14
"""[A] I48."""


def sector_participations(facts: Factbook) -> pl.LazyFrame:
    """Participations in sector trajectories, with the dimensions of their persons."""
    chosen = facts.lazy("participation").filter(pl.col("edition_kind") == "sector_trajectory")
    return facts.of_people(chosen.with_columns(pl.col("theme").fill_null("unknown")))


def ended_participations(facts: Factbook) -> pl.LazyFrame:
    """Those that began and have ended."""
    return sector_participations(facts).filter(pl.col("outcome").is_not_null() & (pl.col("outcome") != "never_started"))


def _started_editions(facts: Factbook) -> pl.LazyFrame:
    started = facts.lazy("editions").filter((pl.col("kind") == "sector_trajectory") & pl.col("started_on").is_not_null())
    return started.with_columns(served("regions"))


@indicator(
    "IND-142",
    theme=Theme.EDITIONS,
    title=("Bezetting van sectoredities", "Fill of sector editions"),
    definition=(
        "Personen die aan een gestarte sectoreditie begonnen, gedeeld door de plaatsen van die edities.",
        "Persons who began in a started sector edition, divided by the places of those editions.",
    ),
    numerator=("Begonnen deelnemers", "Participants who began"),
    denominator=("Plaatsen in gestarte sectoredities", "Places in started sector editions"),
    base=Base.EVENT,
    method=Method.RATIO,
    needs=("editions", "participation"),
    dimensions=_EDITION,
    decisions=("Q3",),
    sources=("S28",),
)
def fill(facts: Factbook) -> pl.LazyFrame:
    came = facts.lazy("participation").filter(pl.col("begin_on").is_not_null() & (pl.col("outcome") != "never_started").fill_null(True))
    counted = came.group_by("edition_id").agg(pl.len().alias("began"))
    editions = _started_editions(facts).join(counted, on="edition_id", how="left").with_columns(pl.col("began").fill_null(0))
    return units(editions, day="started_on", top=pl.col("began"), bottom=pl.col("capacity"), keep=_EDITION)


@indicator(
    "IND-148",
    theme=Theme.EDITIONS,
    title=("Prille start van sectortrajecten", "Early start of sector trajectories"),
    definition=(
        "Van de begonnen deelnames van wie maatschappelijke oriëntatie volgt of volgde, het aandeel dat ten laatste 14 dagen na de start "
        "daarvan begon.",
        "Of the begun participations of those who follow or followed civic orientation, the share that began at the latest 14 days after "
        "its start.",
    ),
    numerator=(
        "Begonnen vóór of binnen 14 dagen na de start van MO",
        "Begun before or within 14 days after the start of civic orientation",
    ),
    denominator=("Begonnen deelnames van wie MO volgt of volgde", "Begun participations of those with civic orientation"),
    base=Base.EVENT,
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1",),
    sources=("S29",),
)
def early(facts: Factbook) -> pl.LazyFrame:
    lessons = facts.people().select("key", "mo_on")
    begun = sector_participations(facts).filter(pl.col("begin_on").is_not_null() & (pl.col("outcome") != "never_started").fill_null(True))
    begun = begun.join(lessons, on="key").filter(pl.col("mo_on").is_not_null())
    return units(begun, day="begin_on", top=pl.col("begin_on") <= pl.col("mo_on") + days(_EARLY_DAYS), keep=_PART)


@indicator(
    "IND-248",
    theme=Theme.EDITIONS,
    title=("Tijd van contract tot sectortraject", "Time from contract to sector trajectory"),
    definition=(
        "Van wie aan een sectortraject begon: dagen van het contract tot de eerste keer. Wie niet begint, telt niet: dit "
        "is geen wachttijd.",
        "Of those who began a sector trajectory: days from the contract to the first time. Who does not begin does not count: this is no "
        "waiting time.",
    ),
    numerator=("Personen die begonnen", "Persons who began"),
    denominator=("Personen die begonnen", "Persons who began"),
    base=Base.EVENT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts", "participation"),
    dimensions=("theme", "area", "province", "region"),
    decisions=("Q1",),
    sources=("S29",),
)
def time_to_edition(facts: Factbook) -> pl.LazyFrame:
    begun = sector_participations(facts).filter(
        (pl.col("outcome") != "never_started").fill_null(True) & pl.col("contract_on").is_not_null()
    )
    first = begun.filter(pl.col("begin_on") >= pl.col("contract_on")).sort("begin_on", "enrolment_id")
    first = first.unique("key", keep="first", maintain_order=True)
    never, waited = pl.lit(None, dtype=pl.Int64), (pl.col("begin_on") - pl.col("contract_on")).dt.total_days()
    return spans(first, stop=waited, other=never, censored=never, day="begin_on", keep=("theme", "area", "province", "region"))


@indicator(
    "IND-150",
    theme=Theme.EDITIONS,
    title=("Hoe sectoredities beoordeeld zijn", "How sector editions were assessed"),
    definition=(
        "Gestarte sectoredities volgens het strengste oordeel van VDAB of Actiris vóór de start.",
        "Started sector editions by the strictest opinion of VDAB or Actiris before the start.",
    ),
    numerator=("Edities met dit oordeel", "Editions with this opinion"),
    denominator=("Gestarte sectoredities", "Started sector editions"),
    base=Base.EVENT,
    method=Method.MIX,
    mix="alignment",
    needs=("editions",),
    dimensions=("alignment", *_EDITION),
    decisions=("Q2",),
    sources=("S30", "S57"),
)
def alignment(facts: Factbook) -> pl.LazyFrame:
    told = _started_editions(facts).with_columns(pl.col("aligned").fill_null("none").alias("alignment"))
    return units(told, day="started_on", top=pl.lit(1), keep=("alignment", *_EDITION))


@indicator(
    "IND-243",
    theme=Theme.EDITIONS,
    title=("Eerder gestopt voor een job of opleiding", "Stopped earlier for a job or training"),
    definition=(
        "Van de beëindigde deelnames die begonnen, het aandeel dat eerder stopte omdat er een job of opleiding was: een goede afloop die "
        "ook bij de voltooide telt.",
        "Of the ended participations that began, the share that stopped earlier because there was a job or training: a "
        "good outcome that is "
        "counted with the completed ones too.",
    ),
    numerator=("Gestopt voor een job of opleiding", "Stopped for a job or training"),
    denominator=("Beëindigde deelnames die begonnen", "Ended participations that began"),
    base=Base.EVENT,
    part_of="IND-143",
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1", "Q3"),
    sources=("S28", "S31"),
)
def stopped_for_better(facts: Factbook) -> pl.LazyFrame:
    better = pl.col("outcome").is_in(["dropped_job", "dropped_training"])
    return units(ended_participations(facts), day="ended_on", top=better, keep=_PART)


@indicator(
    "IND-244",
    theme=Theme.EDITIONS,
    title=("Tijd tot een perspectief in zicht is", "Time until a perspective is in sight"),
    definition=(
        "Dagen van de voltooiing van een sectortraject tot een job, stage of opleiding in zicht is; wie nog niets heeft, telt mee tot de "
        "peildatum.",
        "Days from the completion of a sector trajectory until a job, internship or training is in sight; who has nothing yet counts up to "
        "the as-of date.",
    ),
    numerator=("Perspectief job, stage of opleiding", "Perspective job, internship or training"),
    denominator=("Voltooide deelnames", "Completed participations"),
    base=Base.EVENT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts", "participation"),
    dimensions=("theme", "area", "province", "region"),
    decisions=("Q1", "Q3"),
    sources=("S31",),
)
def time_to_perspective(facts: Factbook) -> pl.LazyFrame:
    seen = pl.when(pl.col("perspective").is_in(["job", "internship", "training"])).then(pl.max_horizontal("persp_on", "ended_on"))
    gone = pl.when((pl.col("end_kind") == "left_scope") & (pl.col("end_on") >= pl.col("ended_on"))).then(pl.col("end_on"))
    return times(
        sector_participations(facts).filter((pl.col("outcome") == "completed") & pl.col("ended_on").is_not_null()),
        start=pl.col("ended_on"),
        stop=seen,
        other=gone,
        censored=pl.lit(facts.as_of),
        day="ended_on",
        keep=("theme", "area", "province", "region"),
    )


@indicator(
    "IND-246",
    theme=Theme.EDITIONS,
    title=("Minuten Nederlandse vaktermen", "Minutes of Dutch technical terms"),
    definition=(
        "Gemiddelde minuten Nederlandse vaktermen per voltooide deelname aan een sectortraject.",
        "Mean minutes of Dutch technical terms per completed participation in a sector trajectory.",
    ),
    numerator=("Minuten Nederlandse vaktermen", "Minutes of Dutch terms"),
    denominator=("Voltooide deelnames waarvan de minuten gekend zijn", "Completed participations whose minutes are known"),
    base=Base.EVENT,
    method=Method.RATIO,
    unit=Unit.MINUTES,
    needs=("facts", "participation"),
    dimensions=("theme", "area", "province", "region", "oral"),
    decisions=("Q1",),
    sources=("S32",),
)
def minutes_of_terms(facts: Factbook) -> pl.LazyFrame:
    told = sector_participations(facts).filter((pl.col("outcome") == "completed") & pl.col("terms_min").is_not_null())
    return units(told, day="ended_on", top=pl.col("terms_min"), keep=("theme", "area", "province", "region", "oral"))


@indicator(
    "IND-251",
    theme=Theme.EDITIONS,
    title=("Vervolg in dezelfde sector", "Next step in the same sector"),
    definition=(
        "Van de beëindigde deelnames die begonnen, het aandeel dat binnen 180 dagen een job, opleiding of studie in een "
        "sector van de editie "
        "start.",
        "Of the ended participations that began, the share that starts a job, training or study within 180 days in a "
        "sector of the edition.",
    ),
    numerator=("Zo'n vervolg in een sector van de editie", "Such a next step in a sector of the edition"),
    denominator=("Beëindigde deelnames van minstens 180 dagen geleden", "Participations ended at least 180 days ago"),
    base=Base.EVENT,
    horizon=180,
    part_of="IND-151",
    needs=("facts", "participation"),
    dimensions=_PART,
    decisions=("Q1", "Q3"),
    sources=("S31", "S34"),
)
def same_sector(facts: Factbook) -> pl.LazyFrame:
    return units(
        ended_participations(facts),
        day="ended_on",
        top=pl.col("next180").is_not_null() & pl.col("next180_sector").fill_null(False),
        immature=not_over(facts, "ended_on", 180),
        left=left_before("ended_on", 180),
        keep=_PART,
    )
