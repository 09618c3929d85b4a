"""Work, the preferred sector, advanced trajectories and drop-out."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.units import days, left_before, not_over, times, units, within

_BY_PILOT = (
    "Naar proeftuin gesplitst is dit een beschrijving, geen effect: wie deelneemt, verschilt van wie niet "
    "deelneemt, en wie later instapt, was tot dan zonder.",
    "Split by pilot this describes, it shows no effect: participants differ from others, and who joins later had no pilot until then.",
)
_ASKED, _HEARD = pl.col("reg_on").is_not_null(), pl.col("fb_state") == "received"


@indicator(
    "IND-26",
    theme=Theme.WORK,
    title=("Voorkeurssector bereikt", "Preferred sector reached"),
    definition=(
        "Van wie na screening een voorkeur heeft en binnen een jaar na het contract een job of opleiding start, het "
        "aandeel dat dat in een voorkeurssector doet.",
        "Of those with a preference from screening who start a job or training within a year, the share that does so "
        "in a preferred sector.",
    ),
    numerator=(
        "Eerste job of opleiding in een voorkeurssector van de laatste screening daarvoor",
        "First job or training in a preferred sector of the last screening before it",
    ),
    denominator=(
        "Personen met voorkeur en zo'n job of opleiding, 365 dagen na het contract",
        "Persons with a preference and such a job or training, 365 days after the contract",
    ),
    base=Base.CONTRACT,
    horizon=365,
    needs=("facts", "screenings"),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S36", "S44"),
)
def preferred_sector(facts: Factbook) -> pl.LazyFrame:
    people = facts.people()
    job_first = pl.col("train1_on").is_null() | (pl.col("job1_on") <= pl.col("train1_on"))
    start = pl.min_horizontal("job1_on", "train1_on").alias("start_on")
    sector = pl.when(job_first.fill_null(False)).then(pl.col("job1_sector")).otherwise(pl.col("train1_sector")).alias("start_sector")
    begun = people.select("key", "contract_on", "end_on", "end_kind", *PERSONAL, start, sector).filter(
        within("start_on", "contract_on", 365)
    )
    screened = facts.lazy("screenings").join(begun.select("key", "start_on"), on="key").filter(pl.col("screened_on") <= pl.col("start_on"))
    last = screened.sort("screened_on", "number").unique("key", keep="last", maintain_order=True).filter(pl.col("preferred").list.len() > 0)
    return units(
        begun.join(last.select("key", "preferred"), on="key"),
        day="contract_on",
        top=pl.col("preferred").list.contains(pl.col("start_sector")),
        immature=not_over(facts, "contract_on", 365),
        left=left_before("contract_on", 365),
        keep=PERSONAL,
    )


@indicator(
    "IND-28",
    theme=Theme.WORK,
    title=("Duurzaam werk op 12 maanden", "Lasting work at 12 months"),
    definition=(
        "Van wie bij het contract geen werk had, het aandeel dat een jaar later betaald werk heeft en in dat jaar "
        "minstens 180 dagen werkte. "
        "Art. 60, TWE, student en flexi tellen niet.",
        "Of those without work at the contract, the share in paid work a year later that worked at least 180 days in that year. "
        "Art. 60, TWE, student and flexi jobs do not count.",
    ),
    numerator=("Aan het werk op dag 365 en minstens 180 gewerkte dagen", "At work on day 365 and at least 180 days worked"),
    denominator=(
        "Personen van het cohort zonder werk bij het contract, met 365 dagen achter de rug",
        "Persons of the cohort without work at the contract, with 365 days behind them",
    ),
    base=Base.CONTRACT,
    horizon=365,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1", "Q3"),
    sources=("S03",),
    coverage=True,
    caveat=_BY_PILOT,
)
def lasting_work(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.people().filter(pl.col("work0") == "jobless"),
        day="contract_on",
        top=pl.col("emp_d365") & (pl.col("emp_365") >= 180),
        immature=not_over(facts, "contract_on", 365),
        left=left_before("contract_on", 365),
        keep=PERSONAL,
        asked=_ASKED,
        heard=_HEARD,
    )


@indicator(
    "IND-29",
    theme=Theme.WORK,
    title=("Tijd tot eerste job", "Time to first job"),
    definition=(
        "Dagen van het contract tot de eerste betaalde job: de dag waarop de helft werk heeft gehad. Wie overlijdt of "
        "vertrekt, telt als ander einde; "
        "wie nog zoekt, telt mee tot de peildatum.",
        "Days from contract to first paid job: the day by which half have had work. Death and departure are other ends; "
        "whoever is still looking counts up to the as-of date.",
    ),
    numerator=("Eerste betaalde jobs", "First paid jobs"),
    denominator=("Personen van het cohort zonder werk bij het contract", "Persons of the cohort without work at the contract"),
    base=Base.CONTRACT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1", "Q3"),
    sources=("S03",),
    coverage=True,
    caveat=_BY_PILOT,
)
def time_to_job(facts: Factbook) -> pl.LazyFrame:
    jobless = facts.people().filter(pl.col("work0") == "jobless")
    gone = pl.when((pl.col("end_kind") == "left_scope") & (pl.col("end_on") >= pl.col("contract_on"))).then(pl.col("end_on"))
    return times(
        jobless,
        start=pl.col("contract_on"),
        stop=pl.col("job1_on"),
        other=gone,
        censored=pl.lit(facts.as_of),
        day="contract_on",
        keep=PERSONAL,
        asked=_ASKED,
        heard=_HEARD,
    )


@indicator(
    "IND-32",
    theme=Theme.WORK,
    title=("Uitkomst vervolg- en upgradetrajecten", "Outcome of advanced trajectories"),
    definition=(
        "Het aandeel beëindigde vervolg- en upgradetrajecten dat uitmondt in een job op niveau, studie, een gestarte "
        "erkenning of opleiding.",
        "The share of ended advanced trajectories that lead to a job at level, study, a started recognition or training.",
    ),
    numerator=("Job op niveau, studie, erkenning gestart of opleiding", "Job at level, study, recognition started or training"),
    denominator=("Beëindigde vervolg- en upgradetrajecten", "Ended advanced trajectories"),
    base=Base.EVENT,
    needs=("facts", "advanced_trajectories"),
    dimensions=("kind", *PERSONAL),
    decisions=("Q1", "Q3"),
    sources=("S38",),
)
def advanced_outcome(facts: Factbook) -> pl.LazyFrame:
    ended = facts.lazy("advanced_trajectories").filter(pl.col("ended_on").is_not_null())
    good = pl.col("outcome").is_in(["job_at_level", "study", "recognition_started", "training"])
    return units(facts.of_people(ended), day="ended_on", top=good, keep=("kind", *PERSONAL))


@indicator(
    "IND-39",
    theme=Theme.WORK,
    title=("Uitval inburgeringstraject", "Drop-out from the trajectory"),
    definition=(
        "Het aandeel van wie het traject binnen een jaar na het contract stopt zonder attest of verklaring en zonder neutrale reden.",
        "The share whose trajectory stops within a year after the contract, without certificate or declaration and for no neutral reason.",
    ),
    numerator=("Traject gestopt door uitval binnen 365 dagen", "Trajectory stopped by drop-out within 365 days"),
    denominator=("Personen van het cohort met 365 dagen achter de rug", "Persons of the cohort with 365 days behind them"),
    base=Base.CONTRACT,
    horizon=365,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S15",),
)
def dropped_out(facts: Factbook) -> pl.LazyFrame:
    early = (pl.col("end_on") <= pl.col("contract_on") + days(365)) & (pl.col("end_kind") == "dropout")
    return units(
        facts.people(),
        day="contract_on",
        top=early,
        immature=not_over(facts, "contract_on", 365),
        left=left_before("contract_on", 365),
        keep=PERSONAL,
    )
