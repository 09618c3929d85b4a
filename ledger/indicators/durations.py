"""Times between two facts, with competing ends and cases that still run (evaluation.md 6.1.2, 6.3)."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.units import spans, times

_LEFT = pl.col("end_kind") == "left_scope"


def left_after(start: str) -> pl.Expr:
    """The day that the person died or left, when that is on or after a day."""
    return pl.when(_LEFT & (pl.col("end_on") >= pl.col(start))).then(pl.col("end_on"))


def _since(start: str, end: pl.Expr | str) -> pl.Expr:
    return ((pl.col(end) if isinstance(end, str) else end) - pl.col(start)).dt.total_days()


def _to_registration(facts: Factbook, scope: str) -> pl.LazyFrame:
    """From contract to registration in net days: the clock stands still while the contract is suspended."""
    people = facts.people().filter(pl.col("scope3") == scope)
    now = pl.lit(facts.as_of)
    paused = pl.col("susp_days") + (now - pl.col("susp_since")).dt.total_days().fill_null(0)
    job = _since("contract_on", pl.when(pl.col("job1_on") >= pl.col("contract_on")).then(pl.col("job1_on")))
    left = _since("contract_on", left_after("contract_on"))
    return spans(
        people,
        stop=pl.col("reg_net").clip(lower_bound=0),
        other=pl.min_horizontal(job, left),
        censored=(_since("contract_on", now) - paused).clip(lower_bound=0),
        day="contract_on",
        keep=PERSONAL,
    )


@indicator(
    "IND-108",
    theme=Theme.PILLAR,
    title=("Tijd van contract tot inschrijving bij VDAB", "Time from contract to registration with VDAB"),
    definition=(
        "Netto dagen van het contract tot de inschrijving van wie zich in Vlaanderen moet inschrijven. Schorsing telt niet mee; wie al "
        "ingeschreven was, staat op dag 0; werk, overlijden en vertrek zijn andere eindes.",
        "Net days from contract to registration of those who must register in Flanders. Suspension does not count; who was registered "
        "already stands on day 0; work, death and departure are other ends.",
    ),
    numerator=("Ingeschreven", "Registered"),
    denominator=("Personen met de plicht van de derde pijler", "Persons with the duty of the third pillar"),
    base=Base.CONTRACT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1", "Q2"),
    sources=("S21",),
)
def time_to_registration(facts: Factbook) -> pl.LazyFrame:
    return _to_registration(facts, "fl_duty")


@indicator(
    "IND-211",
    theme=Theme.PILLAR,
    title=("Tijd van contract tot inschrijving bij Actiris", "Time from contract to registration with Actiris"),
    definition=(
        "Netto dagen van het contract tot de inschrijving van wie zich in Brussel kan inschrijven. Het is een mogelijkheid, geen "
        "verplichting: wie haar niet benut, doet niets verkeerd.",
        "Net days from contract to registration of those in Brussels who may register. It is an option, no duty: who does not use it "
        "does nothing wrong.",
    ),
    numerator=("Ingeschreven", "Registered"),
    denominator=("Personen met de mogelijkheid", "Persons with the option"),
    base=Base.CONTRACT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1", "Q2"),
    sources=("S54",),
)
def time_to_actiris(facts: Factbook) -> pl.LazyFrame:
    return _to_registration(facts, "bru_may")


@indicator(
    "IND-122",
    theme=Theme.EXCHANGE,
    title=("Tijd van inschrijving tot eerste stap", "Time from registration to first step"),
    definition=(
        "Dagen van de inschrijving tot de eerste stap die de dienst meldt. Werk, uitschrijving, overlijden en vertrek zijn andere eindes.",
        "Days from registration to the first step that the service reports. Work, deregistration, death and departure are other ends.",
    ),
    numerator=("Eerste stap gemeld", "First step reported"),
    denominator=("Ingeschreven personen", "Registered persons"),
    base=Base.EVENT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts",),
    dimensions=("service", *PERSONAL),
    decisions=("Q2",),
    sources=("S12", "S45"),
    coverage=True,
)
def time_to_step(facts: Factbook) -> pl.LazyFrame:
    registered = facts.people().filter(pl.col("reg_on").is_not_null()).with_columns(pl.col("reg_service").alias("service"))
    job = pl.when(pl.col("job1_on") >= pl.col("reg_on")).then(pl.col("job1_on"))
    return times(
        registered,
        start=pl.col("reg_on"),
        stop=pl.col("step1_on"),
        other=pl.min_horizontal(job, "reg_end_on", left_after("reg_on")),
        censored=pl.lit(facts.as_of),
        day="reg_on",
        keep=("service", *PERSONAL),
        asked=pl.lit(True),
        heard=pl.col("fb_state") == "received",
    )


@indicator(
    "IND-132",
    theme=Theme.RECOGNITION,
    title=("Afhandelingstermijn erkenning (netto)", "Handling time of recognition (net)"),
    definition=(
        "Dagen van een volledig dossier tot de eerste beslissing, zonder de dagen waarop de instantie op de aanvrager wacht. Ingetrokken "
        "en gesloten dossiers zijn een ander einde.",
        "Days from a complete file to the first decision, without the days on which the authority waits for the applicant. Withdrawn and "
        "closed files are another end.",
    ),
    numerator=("Eerste beslissing", "First decision"),
    denominator=("Volledige dossiers", "Complete files"),
    base=Base.EVENT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts", "cases"),
    dimensions=("procedure", "authority", "guided", *PERSONAL),
    decisions=("Q1",),
    sources=("S26",),
)
def net_duration(facts: Factbook) -> pl.LazyFrame:
    complete = recognition_cases(facts).filter(pl.col("complete_on").is_not_null())
    paused = pl.col("paused_days").fill_null(0)
    return spans(
        complete.filter(pl.col("net_days").is_null() | (pl.col("net_days") >= 0)),
        stop=pl.col("net_days"),
        other=(_since("complete_on", "closed_on") - paused).clip(lower_bound=0),
        censored=(_since("complete_on", pl.lit(facts.as_of)) - paused).clip(lower_bound=0),
        day="complete_on",
        keep=("procedure", "authority", "guided", *PERSONAL),
    )


def recognition_cases(facts: Factbook) -> pl.LazyFrame:
    """Files with the dimensions of their person."""
    guided = pl.when(pl.col("guided").fill_null(False)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    named = [pl.col(name).fill_null("unknown") for name in ("procedure", "authority")]
    return facts.of_people(facts.lazy("cases").with_columns(guided.alias("guided"), *named))


@indicator(
    "IND-240",
    theme=Theme.RECOGNITION,
    title=("Tijd van EVC-begeleiding tot beoordeling", "Time from EVC guidance to assessment"),
    definition=(
        "Dagen van de eerste EVC-begeleiding tot de eerste beoordeling in een erkend testcentrum.",
        "Days from the first EVC guidance to the first assessment in a recognised centre.",
    ),
    numerator=("Beoordeling afgelegd", "Assessment taken"),
    denominator=("Personen met EVC-begeleiding", "Persons with EVC guidance"),
    base=Base.EVENT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S27",),
)
def time_to_assessment(facts: Factbook) -> pl.LazyFrame:
    return times(
        facts.people().filter(pl.col("evc_on").is_not_null()),
        start=pl.col("evc_on"),
        stop=pl.col("evc_assess_on"),
        other=left_after("evc_on"),
        censored=pl.lit(facts.as_of),
        day="evc_on",
        keep=PERSONAL,
    )


@indicator(
    "IND-161",
    theme=Theme.WORK,
    title=("Tijd tot mondeling A2 Nederlands", "Time to oral Dutch at A2"),
    definition=(
        "Dagen van het contract tot mondeling A2, van wie dat niveau bij het contract nog niet had. Een screening bewijst geen niveau.",
        "Days from contract to oral A2 of those who did not have that level at the contract. A screening proves no level.",
    ),
    numerator=("Mondeling A2 behaald", "Oral A2 reached"),
    denominator=("Personen van het cohort onder A2", "Persons of the cohort below A2"),
    base=Base.CONTRACT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S32", "S53"),
)
def time_to_a2(facts: Factbook) -> pl.LazyFrame:
    return times(
        facts.people().filter(pl.col("oral0").is_in(["pre_a1", "a1"])),
        start=pl.col("contract_on"),
        stop=pl.col("a2_on"),
        other=left_after("contract_on"),
        censored=pl.lit(facts.as_of),
        day="contract_on",
        keep=PERSONAL,
    )
