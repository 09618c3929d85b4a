"""Recognition of diplomas, and validation of skills."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.units import clock_units, left_before, not_over, times, units, within

_CASE = ("procedure", "guided", *PERSONAL)


def _cases(facts: Factbook) -> pl.LazyFrame:
    """Cases with the dimensions of their person; who has no contract is unknown there."""
    guided = pl.when(pl.col("guided").fill_null(False)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    cases = facts.lazy("cases").with_columns(guided.alias("guided"), pl.col("procedure").fill_null("unknown"))
    return facts.of_people(cases)


@indicator(
    "IND-14",
    theme=Theme.RECOGNITION,
    title=("Dossiers diploma met begeleiding", "Guided diploma dossiers"),
    definition=(
        "Het aandeel ingediende erkenningsdossiers dat door een agentschap begeleid is.",
        "The share of submitted recognition dossiers that an agency guided.",
    ),
    numerator=("Begeleide dossiers", "Guided dossiers"),
    denominator=("Ingediende dossiers van personen van het cohort", "Dossiers submitted by persons of the cohort"),
    base=Base.CONTRACT,
    needs=("facts", "cases"),
    dimensions=("procedure", *PERSONAL),
    decisions=("Q1", "Q3"),
    sources=("S24",),
)
def guided_dossiers(facts: Factbook) -> pl.LazyFrame:
    submitted = _cases(facts).filter(pl.col("submitted_on").is_not_null() & pl.col("contract_on").is_not_null())
    return units(submitted, day="contract_on", top=pl.col("guided") == "yes", keep=("procedure", *PERSONAL))


@indicator(
    "IND-15",
    theme=Theme.RECOGNITION,
    title=("Van toelichting naar indiening", "From explanation to filing"),
    definition=(
        "Van wie de erkenningsprocedure is toegelicht, het aandeel dat binnen 180 dagen een dossier indient.",
        "Of those to whom the procedure was explained, the share that files a dossier within 180 days.",
    ),
    numerator=("Dossier ingediend binnen 180 dagen na de eerste toelichting", "Dossier filed within 180 days after the first explanation"),
    denominator=("Personen met een toelichting van minstens 180 dagen oud", "Persons with an explanation at least 180 days old"),
    base=Base.EVENT,
    horizon=180,
    needs=("facts", "cases"),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S24",),
)
def explained_then_filed(facts: Factbook) -> pl.LazyFrame:
    explained = facts.people().filter(pl.col("expl_on").is_not_null())
    filed = facts.lazy("cases").select("key", "submitted_on").join(explained.select("key", "expl_on"), on="key")
    soon = filed.filter(within("submitted_on", "expl_on", 180)).select("key").unique().with_columns(pl.lit(True).alias("filed"))
    return units(
        explained.join(soon, on="key", how="left"),
        day="expl_on",
        top=pl.col("filed"),
        immature=not_over(facts, "expl_on", 180),
        left=left_before("expl_on", 180),
        keep=PERSONAL,
    )


@indicator(
    "IND-16",
    theme=Theme.RECOGNITION,
    title=("NARIC-beslissing binnen termijn (netto)", "NARIC decision within its term (net)"),
    definition=(
        "Het aandeel volledige dossiers waarover NARIC binnen de termijn beslist; de dagen waarop op de aanvrager "
        "gewacht wordt, tellen niet.",
        "The share of complete files on which NARIC decides within its term; days of waiting for the applicant do not count.",
    ),
    numerator=("Termijn C04 of C05 gehaald", "Clock C04 or C05 met"),
    denominator=(
        "C04 of C05 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C04 or C05 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.EVENT,
    needs=("facts", "clocks", "cases"),
    dimensions=_CASE,
    decisions=("Q1",),
    sources=("S26",),
)
def decided_in_time(facts: Factbook) -> pl.LazyFrame:
    cases = _cases(facts).select("key", "case_id", *_CASE)
    return clock_units(facts, facts.clock("C04", "C05").join(cases, on=["key", "case_id"]), keep=_CASE)


@indicator(
    "IND-17",
    theme=Theme.RECOGNITION,
    title=("Doorlooptijd erkenning (bruto)", "Duration of recognition (gross)"),
    definition=(
        "Dagen van de indiening tot de eerste beslissing, wachttijd inbegrepen: de dag waarop de helft beslist is. "
        "Lopende dossiers tellen mee tot de peildatum, ingetrokken of gesloten dossiers tot die dag.",
        "Days from submission to the first decision, waiting included: the day by which half are decided. "
        "Running files count up to the as-of date, withdrawn or closed ones up to that day.",
    ),
    numerator=("Eerste beslissingen", "First decisions"),
    denominator=("Ingediende dossiers", "Submitted files"),
    base=Base.EVENT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts", "cases"),
    dimensions=_CASE,
    decisions=("Q1",),
    sources=("S24", "S26"),
)
def gross_duration(facts: Factbook) -> pl.LazyFrame:
    submitted = _cases(facts).filter(pl.col("submitted_on").is_not_null())
    gone = pl.when((pl.col("end_kind") == "left_scope") & (pl.col("end_on") >= pl.col("submitted_on"))).then(pl.col("end_on"))
    return times(
        submitted.filter(pl.col("decided_on").is_null() | (pl.col("decided_on") >= pl.col("submitted_on"))),
        start=pl.col("submitted_on"),
        stop=pl.col("decided_on"),
        other=gone,
        censored=pl.max_horizontal(pl.col("closed_on").fill_null(facts.as_of), pl.col("submitted_on")),
        day="submitted_on",
        keep=_CASE,
    )


@indicator(
    "IND-18",
    theme=Theme.RECOGNITION,
    title=("Strikt positieve beslissingen", "Strictly positive decisions"),
    definition=(
        "Het aandeel besliste dossiers waarin erkend is wat gevraagd was, of een lager of ander niveau; de herziening "
        "gaat voor op de eerste beslissing.",
        "The share of decided files that grant what was asked, or a lower or other level; a review goes before the first decision.",
    ),
    numerator=("Uitkomst 'erkend' in de beslissing die geldt", "Granted in the decision that holds"),
    denominator=("Besliste dossiers", "Decided files"),
    base=Base.EVENT,
    needs=("facts", "cases"),
    dimensions=_CASE,
    decisions=("Q1",),
    sources=("S24",),
)
def strictly_positive(facts: Factbook) -> pl.LazyFrame:
    decided = _cases(facts).filter(pl.col("outcome").is_not_null())
    day = pl.coalesce("decided_on", "submitted_on")
    return units(decided, day=day, top=pl.col("outcome").str.starts_with("granted_"), keep=_CASE)


@indicator(
    "IND-19",
    theme=Theme.RECOGNITION,
    title=("Vervolg na beslissing", "Follow-through after the decision"),
    definition=(
        "Het aandeel beslissingen waarop binnen een jaar een opleiding volgt die een tekort wegwerkt, een dossier bij "
        "een andere instantie, "
        "of werk of opleiding in de sector van het diploma.",
        "The share of decisions followed within a year by training that remedies a deficit, a file with another authority, "
        "or work or training in the sector of the diploma.",
    ),
    numerator=("Vervolg binnen 365 dagen", "Follow-through within 365 days"),
    denominator=("Beslissingen (mogelijk geacht) van minstens 365 dagen oud", "Decisions (found possible) at least 365 days old"),
    base=Base.EVENT,
    horizon=365,
    needs=("facts", "cases", "deficits", "jobs", "trainings"),
    dimensions=("outcome", *_CASE),
    decisions=("Q1", "Q3"),
    sources=("S25",),
)
def followed_through(facts: Factbook) -> pl.LazyFrame:
    decided = _cases(facts).filter(pl.col("decided_on").is_not_null() & pl.col("outcome").is_not_null())
    decided = decided.filter(pl.col("outcome") != "no_decision_possible")
    base = decided.select("key", "case_id", "decided_on", "field", "authority")
    deficits, cases = facts.lazy("deficits"), facts.lazy("cases")
    remedies = deficits.join(
        facts.lazy("trainings").select("key", pl.col("remedies_deficit").alias("deficit_id"), "started_on"), on=["key", "deficit_id"]
    )
    onward = cases.select("key", pl.col("previous_case").alias("case_id"), pl.col("authority").alias("next_authority"), "submitted_on")
    begun = pl.concat(
        [
            facts.lazy("jobs").select("key", "sector", pl.col("begins").alias("follow_on")),
            facts.lazy("trainings").select("key", "sector", pl.col("started_on").alias("follow_on")),
        ]
    )
    followed = pl.concat(
        [
            base.join(remedies.select("key", "case_id", pl.col("started_on").alias("follow_on")), on=["key", "case_id"]).select(_FOLLOW),
            base.join(onward, on=["key", "case_id"])
            .filter(pl.col("next_authority") != pl.col("authority"))
            .select(*_FOLLOW[:3], pl.col("submitted_on").alias("follow_on")),
            base.join(begun, on="key").filter(pl.col("sector") == pl.col("field")).select(_FOLLOW),
        ]
    )
    soon = (
        followed.filter(within("follow_on", "decided_on", 365))
        .select("key", "case_id")
        .unique()
        .with_columns(pl.lit(True).alias("followed"))
    )
    return units(
        decided.join(soon, on=["key", "case_id"], how="left"),
        day="decided_on",
        top=pl.col("followed"),
        immature=not_over(facts, "decided_on", 365),
        left=left_before("decided_on", 365),
        keep=("outcome", *_CASE),
    )


_FOLLOW = ["key", "case_id", "decided_on", "follow_on"]


@indicator(
    "IND-42",
    theme=Theme.RECOGNITION,
    title=("EVC-stap na begeleiding", "EVC step after guidance"),
    definition=(
        "Van wie EVC-begeleiding startte, het aandeel dat binnen een jaar de beoordeling aflegde.",
        "Of those who started EVC guidance, the share that took the assessment within a year.",
    ),
    numerator=("EVC-beoordeling binnen 365 dagen", "EVC assessment within 365 days"),
    denominator=("EVC-begeleidingen van minstens 365 dagen oud", "EVC guidance started at least 365 days ago"),
    base=Base.EVENT,
    horizon=365,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S27",),
)
def assessed_after_guidance(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.people().filter(pl.col("evc_on").is_not_null()),
        day="evc_on",
        top=within("evc_assess_on", "evc_on", 365),
        immature=not_over(facts, "evc_on", 365),
        left=left_before("evc_on", 365),
        keep=PERSONAL,
    )
