"""How much the figure of Brussels hangs on the limit of 60 days (evaluation.md I11)."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, indicator
from ledger.units import left_before, not_over, units

_COUNTED = pl.lit(1)


@indicator(
    "IND-111",
    theme=Theme.PILLAR,
    title=("Wanneer men zich bij Actiris inschrijft (55, 60, 65 dagen)", "When people register with Actiris (55, 60, 65 days)"),
    definition=(
        "Van wie zich in Brussel kan inschrijven en 65 dagen achter de rug heeft: wanneer dat gebeurde, in netto dagen. Het toont hoeveel "
        "het cijfer van de grens van 60 dagen afhangt. Niet benutten is neutraal.",
        "Of those in Brussels who may register and are 65 days on: when they did, in net days. It shows how much the figure hangs on the "
        "limit of 60 days. Not using it is neutral.",
    ),
    numerator=("Personen in dit tijdvak", "Persons in this stretch"),
    denominator=("Personen met de mogelijkheid, 65 dagen na het contract", "Persons with the option, 65 days after the contract"),
    base=Base.CONTRACT,
    horizon=65,
    method=Method.MIX,
    mix="window",
    needs=("facts",),
    dimensions=("window", *PERSONAL),
    decisions=("Q1",),
    sources=("S54",),
)
def actiris_windows(facts: Factbook) -> pl.LazyFrame:
    return _windows(facts, pl.col("reg_net"))


@indicator(
    "IND-311",
    theme=Theme.PILLAR,
    title=("Wanneer men zich bij Actiris inschrijft, in kalenderdagen", "When people register with Actiris, in calendar days"),
    definition=(
        "Zoals IND-111, maar een schorsing van het contract stopt de telling niet: zo is te zien wat de keuze tussen "
        "netto en kalenderdagen "
        "uitmaakt.",
        "As IND-111, but a suspension of the contract does not stop the count: so one sees what the choice between net and calendar days "
        "makes.",
    ),
    numerator=("Personen in dit tijdvak", "Persons in this stretch"),
    denominator=("Personen met de mogelijkheid, 65 dagen na het contract", "Persons with the option, 65 days after the contract"),
    base=Base.CONTRACT,
    horizon=65,
    method=Method.MIX,
    mix="window",
    needs=("facts",),
    dimensions=("window", *PERSONAL),
    decisions=("Q1",),
    sources=("S54",),
)
def actiris_windows_gross(facts: Factbook) -> pl.LazyFrame:
    return _windows(facts, (pl.col("reg_on") - pl.col("contract_on")).dt.total_days())


def _windows(facts: Factbook, net: pl.Expr) -> pl.LazyFrame:
    window = (
        pl.when(net.is_null())
        .then(pl.lit("unused"))
        .when(net < 0)
        .then(pl.lit("before"))
        .when(net <= 55)
        .then(pl.lit("day55"))
        .when(net <= 60)
        .then(pl.lit("day60"))
        .when(net <= 65)
        .then(pl.lit("day65"))
        .otherwise(pl.lit("later"))
    )
    people = facts.people().filter(pl.col("scope3") == "bru_may").with_columns(window.alias("window"))
    return units(
        people,
        day="contract_on",
        top=_COUNTED,
        neutral=pl.col("c02_state") == "neutral_end",
        immature=not_over(facts, "contract_on", 65),
        left=left_before("contract_on", 65),
        keep=("window", *PERSONAL),
    )
