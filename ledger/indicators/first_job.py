"""The first job and the first training: whether they last, fit and are completed, and why trajectories end (evaluation.md 6.3, G)."""

from __future__ import annotations

import polars as pl

from ledger.codes.recognition import STRICTLY_POSITIVE_OUTCOMES
from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, indicator
from ledger.units import days, left_before, not_over, units, within

_JOB = ("sector", *PERSONAL)
_HIGHER = ["hbo5", "bachelor", "master", "doctorate"]
_LEVEL_DAYS = 730
_ASKED, _HEARD = pl.col("reg_on").is_not_null(), pl.col("fb_state") == "received"


def _with_job(facts: Factbook) -> pl.LazyFrame:
    people = facts.people().filter(pl.col("job1_on").is_not_null())
    return people.with_columns(pl.col("job1_sector").fill_null("unknown").alias("sector"))


def _kept(facts: Factbook, column: str, length: int) -> pl.LazyFrame:
    """Whether somebody was at work on so large a part of the days from the start of the first job."""
    return units(
        _with_job(facts),
        day="job1_on",
        top=pl.col(column) * 10_000 >= facts.parameters.kept_bp * length,
        immature=not_over(facts, "job1_on", length),
        left=left_before("job1_on", length),
        asked=_ASKED,
        heard=_HEARD,
        keep=_JOB,
    )


@indicator(
    "IND-156",
    theme=Theme.WORK,
    title=("Behoud van werk na 6 maanden", "Job retention after 6 months"),
    definition=(
        "Van wie een eerste betaalde job begon, het aandeel dat in de 182 dagen daarna minstens 80 % van de dagen "
        "werkte, in welke job ook.",
        "Of those who started a first paid job, the share at work on at least 80 % of the 182 days from then, in whatever job.",
    ),
    numerator=("Minstens 146 van de 182 dagen aan het werk", "At work on at least 146 of the 182 days"),
    denominator=("Personen met een eerste betaalde job, 182 dagen daarna", "Persons with a first paid job, 182 days after it"),
    base=Base.EVENT,
    horizon=182,
    needs=("facts",),
    dimensions=_JOB,
    decisions=("Q1", "Q3"),
    sources=("S03",),
    coverage=True,
)
def kept_half_a_year(facts: Factbook) -> pl.LazyFrame:
    return _kept(facts, "keep_182", 182)


@indicator(
    "IND-256",
    theme=Theme.WORK,
    title=("Behoud van werk na 12 maanden", "Job retention after 12 months"),
    definition=(
        "Van wie een eerste betaalde job begon, het aandeel dat in de 365 dagen daarna minstens 80 % van de dagen "
        "werkte, in welke job ook.",
        "Of those who started a first paid job, the share at work on at least 80 % of the 365 days from then, in whatever job.",
    ),
    numerator=("Minstens 292 van de 365 dagen aan het werk", "At work on at least 292 of the 365 days"),
    denominator=("Personen met een eerste betaalde job, 365 dagen daarna", "Persons with a first paid job, 365 days after it"),
    base=Base.EVENT,
    horizon=365,
    needs=("facts",),
    dimensions=_JOB,
    decisions=("Q1", "Q3"),
    sources=("S03",),
    coverage=True,
)
def kept_a_year(facts: Factbook) -> pl.LazyFrame:
    return _kept(facts, "keep_365", 365)


@indicator(
    "IND-157",
    theme=Theme.WORK,
    title=("Eerste job op niveau", "First job at level"),
    definition=(
        "Van wie minstens een diploma van het niveau HBO5 heeft en binnen twee jaar na het contract een eerste betaalde job vindt, het "
        "aandeel van wie die job bij dat niveau past. Waar dat niet gekend is, telt de persoon niet mee.",
        "Of those with at least a diploma at the level of an associate degree who find a first paid job within two years after the "
        "contract, the share whose job fits that level. Where that is not known, the person does not count.",
    ),
    numerator=("Eerste job op niveau", "First job at level"),
    denominator=("Eerste jobs van hooggeschoolden waarvan het niveau gekend is", "First jobs of the higher educated whose level is known"),
    base=Base.CONTRACT,
    needs=("facts",),
    dimensions=("recognised", *_JOB),
    decisions=("Q1",),
    sources=("S24", "S36", "S38"),
)
def at_level(facts: Factbook) -> pl.LazyFrame:
    granted = pl.col("rec_best").is_in([one.value for one in STRICTLY_POSITIVE_OUTCOMES]).fill_null(False)
    found = _with_job(facts).filter(pl.col("edu0").is_in(_HIGHER) & within("job1_on", "contract_on", _LEVEL_DAYS))
    found = found.with_columns(pl.when(granted).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("recognised"))
    match = pl.col("job1_match")
    return units(found, day="contract_on", top=match == "match", unclear=match.is_null() | (match == "unknown"), keep=("recognised", *_JOB))


@indicator(
    "IND-159",
    theme=Theme.WORK,
    title=("Opleiding gestart binnen een jaar", "Training started within a year"),
    definition=(
        "Het aandeel dat binnen een jaar na het contract een opleiding start.",
        "The share that starts a training within a year after the contract.",
    ),
    numerator=("Opleiding gestart binnen 365 dagen", "Training started within 365 days"),
    denominator=("Personen van het cohort met 365 dagen achter de rug", "Persons of the cohort with 365 days behind them"),
    base=Base.CONTRACT,
    horizon=365,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S31", "S39", "S40"),
)
def training_started(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.people(),
        day="contract_on",
        top=within("train1_on", "contract_on", 365),
        immature=not_over(facts, "contract_on", 365),
        left=left_before("contract_on", 365),
        keep=PERSONAL,
    )


@indicator(
    "IND-259",
    theme=Theme.WORK,
    title=("Opleiding voltooid", "Training completed"),
    definition=(
        "Van de beëindigde opleidingen, het aandeel dat voltooid is. Wie stopte voor een job, staat niet bij de voltooide.",
        "Of the ended trainings, the share completed. Who stopped for a job does not stand with the completed.",
    ),
    numerator=("Voltooide opleidingen", "Completed trainings"),
    denominator=("Beëindigde opleidingen", "Ended trainings"),
    base=Base.EVENT,
    needs=("facts", "trainings"),
    dimensions=_JOB,
    decisions=("Q1",),
    sources=("S31", "S39"),
)
def training_completed(facts: Factbook) -> pl.LazyFrame:
    ended = facts.lazy("trainings").filter(pl.col("outcome").is_not_null() & pl.col("ended_on").is_not_null())
    ended = ended.with_columns(pl.col("sector").fill_null("unknown"))
    return units(facts.of_people(ended), day="ended_on", top=pl.col("outcome") == "completed", keep=_JOB)


@indicator(
    "IND-163",
    theme=Theme.WORK,
    title=("Waarom trajecten eindigen", "Why trajectories end"),
    definition=(
        "Trajecten die binnen een jaar na het contract eindigen zonder attest of verklaring, volgens de reden. Werk staat apart: het is "
        "een reden om te stoppen die geen verlies hoeft te zijn.",
        "Trajectories that end within a year after the contract without certificate or declaration, by the reason. Work stands apart: it "
        "is a reason to stop that need be no loss.",
    ),
    numerator=("Trajecten met deze reden", "Trajectories with this reason"),
    denominator=("Zo geëindigde trajecten", "Trajectories that ended so"),
    base=Base.CONTRACT,
    method=Method.MIX,
    mix="ending",
    needs=("facts",),
    dimensions=("ending", *PERSONAL),
    decisions=("Q1",),
    sources=("S15",),
)
def endings(facts: Factbook) -> pl.LazyFrame:
    early = pl.col("end_on") <= pl.col("contract_on") + days(365)
    ended = facts.people().filter(early & ~pl.col("end_reason").is_in(["attest", "declaration_effort"]))
    return units(ended.with_columns(pl.col("end_reason").alias("ending")), day="contract_on", top=pl.lit(1), keep=("ending", *PERSONAL))
