"""The third pillar: registration with VDAB or Actiris, and from information to taking part."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Theme, indicator
from ledger.units import left_before, not_over, units


def _first_contract_clock(facts: Factbook, state: str) -> pl.LazyFrame:
    """Units of the clock of the first contract, whose state and deadline stand with the person."""
    people, said = facts.people().filter(pl.col(state).is_not_null() & (pl.col(state) != "not_started")), pl.col(state)
    return units(
        people,
        day="contract_on",
        top=said.is_in(["met", "met_before_start"]),
        unclear=said == "unknown",
        neutral=said == "neutral_end",
        immature=pl.col("p3_due") > pl.lit(facts.as_of),
        keep=PERSONAL,
    )


@indicator(
    "IND-01",
    theme=Theme.PILLAR,
    title=("Aandeel tijdig ingeschreven bij VDAB (derde pijler)", "Registered in time with VDAB (third pillar)"),
    definition=(
        "Van wie zich in Vlaanderen binnen 60 dagen na het contract als werkzoekende moet inschrijven, het aandeel dat dat tijdig deed "
        "of al ingeschreven was. Schorsing stopt de termijn.",
        "Of those in Flanders who must register as a jobseeker within 60 days after the contract, the share that did so in time "
        "or was registered already. Suspension stops the clock.",
    ),
    numerator=("Termijn C01 gehaald, of gehaald vóór de start", "Clock C01 met, or met before its start"),
    denominator=(
        "C01 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C01 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.CONTRACT,
    needs=("facts", "feeds"),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S21", "S22"),
    coverage=True,
    control=("vdab", "actiris"),
)
def registered_in_time(facts: Factbook) -> pl.LazyFrame:
    return _first_contract_clock(facts, "c01_state")


@indicator(
    "IND-02",
    theme=Theme.PILLAR,
    title=("Benutting inschrijving Actiris (Brussel)", "Actiris registration taken up (Brussels)"),
    definition=(
        "Van wie zich in Brussel binnen 60 dagen na het contract bij Actiris kan inschrijven, het aandeel dat dat deed. "
        "Het is een mogelijkheid, geen verplichting: niet benutten is neutraal, en dit cijfer wordt nooit bij dat van Vlaanderen geteld.",
        "Of those in Brussels who may register with Actiris within 60 days after the contract, the share that did. "
        "It is an option, no duty: not using it is neutral, and this figure is never added to that of Flanders.",
    ),
    numerator=("Termijn C02 gehaald, of gehaald vóór de start", "Clock C02 met, or met before its start"),
    denominator=(
        "C02 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C02 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.CONTRACT,
    needs=("facts", "feeds"),
    dimensions=PERSONAL,
    decisions=("Q1", "Q2"),
    sources=("S54",),
    coverage=True,
    control=("actiris",),
)
def actiris_taken_up(facts: Factbook) -> pl.LazyFrame:
    return _first_contract_clock(facts, "c02_state")


@indicator(
    "IND-07",
    theme=Theme.PILLAR,
    title=("Doorstroom informatie → deelname", "From information to attendance"),
    definition=(
        "Van wie over een initiatief geïnformeerd is, het aandeel dat binnen 180 dagen daarna aan een initiatief van die soort deelnam.",
        "Of those informed on an initiative, the share that took part in one of that kind within 180 days.",
    ),
    numerator=(
        "Deelname aan dezelfde soort initiatief binnen 180 dagen na de informatie",
        "Part taken in the same kind of initiative within 180 days after the information",
    ),
    denominator=(
        "Geïnformeerde personen, 180 dagen na hun eerste informatie",
        "Informed persons, 180 days after their first information",
    ),
    base=Base.EVENT,
    horizon=180,
    needs=("facts", "initiatives"),
    dimensions=PERSONAL,
    decisions=("Q1", "Q3"),
    sources=("S13", "S22", "S40"),
)
def informed_then_attended(facts: Factbook) -> pl.LazyFrame:
    # Not split by kind: a person informed on several kinds counts once, and may have taken part in another than the first.
    soon = (pl.col("attended_on") - pl.col("informed_on")).dt.total_days() <= 180
    persons = facts.lazy("initiatives").group_by("key").agg(pl.col("informed_on").min(), soon.fill_null(False).any().alias("attended"))
    return units(
        facts.of_people(persons),
        day="informed_on",
        top=pl.col("attended"),
        immature=not_over(facts, "informed_on", 180),
        left=left_before("informed_on", 180),
        keep=PERSONAL,
    )
