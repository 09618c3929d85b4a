"""The way of a diploma: the right route, deficits that somebody works on, and the second procedure (evaluation.md I36 to I38)."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.indicators.durations import left_after, recognition_cases
from ledger.indicators.follow_up import care_cases
from ledger.units import left_before, not_over, times, units, within


@indicator(
    "IND-138",
    theme=Theme.RECOGNITION,
    title=("Juiste weg voor een gereglementeerd beroep", "Right route to a regulated profession"),
    definition=(
        "Van de dossiers voor een gereglementeerd beroep, het aandeel dat bij de instantie en met de procedure is ingediend die voor dat "
        "beroep gelden (geen F38).",
        "Of the files for a regulated profession, the share submitted to the authority and by the procedure that hold for that profession "
        "(no F38).",
    ),
    numerator=("Dossiers zonder F38", "Files without F38"),
    denominator=("Dossiers voor een gereglementeerd beroep", "Files for a regulated profession"),
    base=Base.EVENT,
    needs=("facts", "cases"),
    dimensions=("profession", *PERSONAL),
    decisions=("Q1",),
    sources=("S25",),
)
def right_route(facts: Factbook) -> pl.LazyFrame:
    files = recognition_cases(facts).filter(pl.col("regulated").is_not_null() & pl.col("submitted_on").is_not_null())
    files = files.with_columns(pl.col("regulated").alias("profession"))
    return units(files, day="submitted_on", top=pl.col("route_ok"), keep=("profession", *PERSONAL))


@indicator(
    "IND-236",
    theme=Theme.RECOGNITION,
    title=("Tekorten waaraan gewerkt wordt", "Deficits that are worked on"),
    definition=(
        "Het aandeel tekorten na een erkenning waarvoor binnen een jaar een opleiding begonnen is.",
        "The share of deficits after a recognition for which a training was begun within a year.",
    ),
    numerator=("Opleiding begonnen binnen 365 dagen na de beslissing", "Training begun within 365 days after the decision"),
    denominator=("Tekorten van minstens 365 dagen oud", "Deficits at least 365 days old"),
    base=Base.EVENT,
    horizon=365,
    needs=("facts", "deficits"),
    dimensions=("deficit", *PERSONAL),
    decisions=("Q1", "Q3"),
    sources=("S25",),
)
def worked_on(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.of_people(facts.lazy("deficits").with_columns(pl.col("kind").alias("deficit"))),
        day="decided_on",
        top=within("remedy_on", "decided_on", 365),
        immature=not_over(facts, "decided_on", 365),
        left=left_before("decided_on", 365),
        keep=("deficit", *PERSONAL),
    )


@indicator(
    "IND-237",
    theme=Theme.RECOGNITION,
    title=("Zorgdiploma: hele weg in dagen", "Care diploma: the whole way in days"),
    definition=(
        "Van de zorgdiploma's van buiten de EER met een tweede procedure: dagen van de indiening bij NARIC tot de beslissing van de tweede "
        "instantie. Wie nog wacht, telt mee tot de peildatum.",
        "Of the care diplomas from outside the EEA with a second procedure: days from the submission to NARIC to the "
        "decision of the second "
        "authority. Who still waits counts up to the as-of date.",
    ),
    numerator=("Beslissing van de tweede instantie", "Decision of the second authority"),
    denominator=("Zorgdiploma's met een tweede procedure", "Care diplomas with a second procedure"),
    base=Base.EVENT,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts", "cases"),
    dimensions=("area", "province", "region"),
    decisions=("Q1",),
    sources=("S25",),
)
def whole_way(facts: Factbook) -> pl.LazyFrame:
    onward = facts.lazy("cases").filter((pl.col("authority") != "naric") & pl.col("submitted_on").is_not_null())
    onward = onward.select("key", pl.col("previous_case").alias("case_id"), pl.col("decided_on").alias("onward_on"), "submitted_on")
    second = onward.drop_nulls("case_id").sort("submitted_on").unique(["key", "case_id"], keep="first", maintain_order=True)
    both = care_cases(facts).join(second.drop("submitted_on"), on=["key", "case_id"]).filter(pl.col("submitted_on").is_not_null())
    return times(
        both,
        start=pl.col("submitted_on"),
        stop=pl.col("onward_on"),
        other=left_after("submitted_on"),
        censored=pl.lit(facts.as_of),
        day="submitted_on",
        keep=("area", "province", "region"),
    )
