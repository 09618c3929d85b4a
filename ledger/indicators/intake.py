"""Intake, orientation and screening."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Theme, indicator
from ledger.units import left_before, not_over, units, within

_IN_COHORT = ("Personen van het cohort met {} dagen achter de rug", "Persons of the cohort with {} days behind them")


@indicator(
    "IND-03",
    theme=Theme.INTAKE,
    title=("Screening vóór toeleiding", "Screening before referral"),
    definition=(
        "Van wie naar VDAB of Actiris is doorverwezen, het aandeel dat uiterlijk op de dag van de eerste doorverwijzing gescreend was.",
        "Of those referred to VDAB or Actiris, the share screened on or before the day of the first referral.",
    ),
    numerator=("Screening op of vóór de eerste doorverwijzing naar VDAB of Actiris", "Screening on or before the first referral"),
    denominator=("Personen van het cohort met zo'n doorverwijzing", "Persons of the cohort with such a referral"),
    base=Base.CONTRACT,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S21",),
)
def screened_before_referral(facts: Factbook) -> pl.LazyFrame:
    people = facts.people().filter(pl.col("ref3_on").is_not_null())
    return units(people, day="contract_on", top=pl.col("ref3_screened"), keep=PERSONAL)


@indicator(
    "IND-04",
    theme=Theme.INTAKE,
    title=("Loopbaanoriëntatie binnen 90 dagen", "Career orientation within 90 days"),
    definition=(
        "Het aandeel met minstens één loopbaanoriëntatie binnen 90 dagen na het contract.",
        "The share with at least one career orientation within 90 days after the contract.",
    ),
    numerator=("Minstens één loopbaanoriëntatie binnen 90 dagen", "At least one career orientation within 90 days"),
    denominator=(_IN_COHORT[0].format(90), _IN_COHORT[1].format(90)),
    base=Base.CONTRACT,
    horizon=90,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S07", "S15", "S16", "S20"),
)
def oriented_within_90_days(facts: Factbook) -> pl.LazyFrame:
    return _within_contract(facts, facts.people(), "orient_on", 90)


@indicator(
    "IND-05",
    theme=Theme.INTAKE,
    title=("Dekking begeleidingsprofiel", "Support profile within 60 days"),
    definition=(
        "Het aandeel van wie het begeleidingsprofiel binnen 60 dagen na het contract bepaald is.",
        "The share whose support profile was assessed within 60 days after the contract.",
    ),
    numerator=("Begeleidingsprofiel binnen 60 dagen", "Support profile within 60 days"),
    denominator=(_IN_COHORT[0].format(60), _IN_COHORT[1].format(60)),
    base=Base.CONTRACT,
    horizon=60,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S17",),
)
def profiled_within_60_days(facts: Factbook) -> pl.LazyFrame:
    return _within_contract(facts, facts.people(), "profile_on", 60)


@indicator(
    "IND-06",
    theme=Theme.PILLAR,
    title=("Geïnformeerd over lokaal of regionaal initiatief", "Informed on local or regional initiatives"),
    definition=(
        "Van wie de derde pijler in het traject heeft, het aandeel dat binnen 180 dagen na het contract geïnformeerd is.",
        "Of those with the third pillar in their trajectory, the share informed on an initiative within 180 days after the contract.",
    ),
    numerator=("Minstens één keer geïnformeerd binnen 180 dagen", "Informed at least once within 180 days"),
    denominator=(
        "Personen van het cohort met de derde pijler en 180 dagen achter de rug",
        "Persons of the cohort with the third pillar and 180 days behind them",
    ),
    base=Base.CONTRACT,
    horizon=180,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S22",),
)
def informed_within_180_days(facts: Factbook) -> pl.LazyFrame:
    return _within_contract(facts, facts.people().filter(pl.col("pillar3")), "inf_on", 180)


def _within_contract(facts: Factbook, people: pl.LazyFrame, fact: str, horizon: int) -> pl.LazyFrame:
    return units(
        people,
        day="contract_on",
        top=within(fact, "contract_on", horizon),
        immature=not_over(facts, "contract_on", horizon),
        left=left_before("contract_on", horizon),
        keep=PERSONAL,
    )


def _about(facts: Factbook, topic: str) -> pl.LazyFrame:
    """Whether a topic was spoken of, among those with a career orientation."""
    return units(
        facts.people().filter(pl.col("orient_on").is_not_null()),
        day="contract_on",
        top=pl.col("orient_topics").list.contains(topic),
        immature=not_over(facts, "contract_on", 90),
        left=left_before("contract_on", 90),
        keep=PERSONAL,
    )


_ORIENTED = (
    "Personen van het cohort met een loopbaanoriëntatie en 90 dagen achter de rug",
    "Persons of the cohort with a career orientation and 90 days behind them",
)


@indicator(
    "IND-103",
    theme=Theme.INTAKE,
    title=("Arbeidsmarktinzicht besproken", "Labour market insight discussed"),
    definition=(
        "Van wie loopbaanoriëntatie kreeg, het aandeel met wie arbeidsmarktinzicht besproken is.",
        "Of those with career orientation, the share with whom insight in the labour market was discussed.",
    ),
    numerator=("Arbeidsmarktinzicht besproken", "Labour market insight discussed"),
    denominator=_ORIENTED,
    base=Base.CONTRACT,
    horizon=90,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S16", "S32"),
)
def spoke_of_labour_market(facts: Factbook) -> pl.LazyFrame:
    return _about(facts, "labour_market_insight")


@indicator(
    "IND-203",
    theme=Theme.INTAKE,
    title=("Belang van Nederlands besproken", "Importance of Dutch discussed"),
    definition=(
        "Van wie loopbaanoriëntatie kreeg, het aandeel met wie het belang van Nederlands voor werk besproken is.",
        "Of those with career orientation, the share with whom the importance of Dutch for work was discussed.",
    ),
    numerator=("Belang van Nederlands besproken", "Importance of Dutch discussed"),
    denominator=_ORIENTED,
    base=Base.CONTRACT,
    horizon=90,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S32",),
)
def spoke_of_dutch(facts: Factbook) -> pl.LazyFrame:
    return _about(facts, "dutch_importance")


@indicator(
    "IND-105",
    theme=Theme.INTAKE,
    title=("Sectorervaring of -ambitie bekend", "Sector experience or ambition known"),
    definition=(
        "Van wie gescreend is, het aandeel van wie de laatste screening een sector van ervaring of voorkeur noemt.",
        "Of those screened, the share whose last screening names a sector of experience or preference.",
    ),
    numerator=("Minstens één sector genoemd", "At least one sector named"),
    denominator=("Gescreende personen van het cohort", "Screened persons of the cohort"),
    base=Base.CONTRACT,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1", "Q3"),
    sources=("S36",),
)
def sector_known(facts: Factbook) -> pl.LazyFrame:
    named = (pl.col("pref_sectors").list.len() > 0) | (pl.col("exp_sectors").list.len() > 0)
    return units(facts.people().filter(pl.col("screen_on").is_not_null()), day="contract_on", top=named, keep=PERSONAL)
