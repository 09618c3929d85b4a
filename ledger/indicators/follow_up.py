"""What follows on a referral, a decision, an edition or a training: further shares of evaluation.md 6.3."""

from __future__ import annotations

import polars as pl

from ledger.codes.recognition import HEALTH_PROFESSIONS, STRICTLY_POSITIVE_OUTCOMES
from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Theme, indicator
from ledger.indicators.durations import recognition_cases
from ledger.units import clock_units, left_before, not_over, units, within

_CASE = ("procedure", "authority", "guided", *PERSONAL)


def care_cases(facts: Factbook) -> pl.LazyFrame:
    """Care diplomas from outside the EEA that NARIC recognised: academic recognition alone gives no access to the profession."""
    granted = [outcome.value for outcome in STRICTLY_POSITIVE_OUTCOMES]
    care = (pl.col("field") == "care") | pl.col("regulated").is_in([one.value for one in HEALTH_PROFESSIONS])
    return recognition_cases(facts).filter(
        care.fill_null(False)
        & (pl.col("authority") == "naric")
        & (pl.col("origin") == "non_eea")
        & pl.col("outcome").is_in(granted)
        & pl.col("decided_on").is_not_null()
    )


@indicator(
    "IND-114",
    theme=Theme.REFERRAL,
    title=("Doorverwijzing beantwoord binnen 14 dagen", "Referral answered within 14 days"),
    definition=(
        "Het aandeel doorverwijzingen waarop de dienst binnen 14 dagen antwoordt, wat het antwoord ook is.",
        "The share of referrals that the service answers within 14 days, whatever the answer.",
    ),
    numerator=("Termijn C17 gehaald", "Clock C17 met"),
    denominator=(
        "C17 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C17 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.EVENT,
    needs=("facts", "clocks", "referrals"),
    dimensions=("target", *PERSONAL),
    decisions=("Q2",),
    sources=("S18", "S45"),
)
def answered_in_time(facts: Factbook) -> pl.LazyFrame:
    targets = facts.lazy("referrals").select("key", pl.col("referral_id").alias("case_id"), "target").unique(["key", "case_id"])
    clocks = facts.clock("C17").join(targets, on=["key", "case_id"], how="left").with_columns(pl.col("target").fill_null("unknown"))
    return clock_units(facts, facts.of_people(clocks), keep=("target", *PERSONAL))


@indicator(
    "IND-131",
    theme=Theme.RECOGNITION,
    title=("Beslissing binnen de termijn, elke instantie", "Decision within the term, every authority"),
    definition=(
        "Het aandeel volledige dossiers waarover de instantie binnen haar termijn beslist (C04, C05, C08); wachten op de aanvrager telt "
        "niet mee. Het is een termijn van de instantie, nooit van de persoon.",
        "The share of complete files on which the authority decides within its term (C04, C05, C08); waiting for the applicant does not "
        "count. It is a term of the authority, never of the person.",
    ),
    numerator=("Termijn C04, C05 of C08 gehaald", "Clock C04, C05 or C08 met"),
    denominator=(
        "C04, C05 of C08 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C04, C05 or C08 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.EVENT,
    needs=("facts", "clocks", "cases"),
    dimensions=("against", *_CASE),
    decisions=("Q1",),
    sources=("S26",),
)
def decided_by_authority(facts: Factbook) -> pl.LazyFrame:
    cases = recognition_cases(facts).select("key", "case_id", *_CASE)
    return clock_units(facts, facts.clock("C04", "C05", "C08").join(cases, on=["key", "case_id"]), keep=("against", *_CASE))


@indicator(
    "IND-135",
    theme=Theme.RECOGNITION,
    title=("Oriëntering binnen 30 dagen na de beslissing", "Orientation within 30 days after the decision"),
    definition=(
        "Het aandeel beslissingen waarna het agentschap binnen de termijn een volgende stap bespreekt.",
        "The share of decisions after which the agency discusses a next step within its term.",
    ),
    numerator=("Termijn C15 gehaald", "Clock C15 met"),
    denominator=(
        "C15 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C15 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.EVENT,
    needs=("facts", "clocks"),
    dimensions=("against", *PERSONAL),
    decisions=("Q1",),
    sources=("S24",),
)
def oriented_after_decision(facts: Factbook) -> pl.LazyFrame:
    return clock_units(facts, facts.of_people(facts.clock("C15")), keep=("against", *PERSONAL))


@indicator(
    "IND-136",
    theme=Theme.RECOGNITION,
    title=("Opleidingstekorten weggewerkt", "Deficits remedied"),
    definition=(
        "Het aandeel tekorten na een erkenning waarvoor binnen een jaar een opleiding voltooid is.",
        "The share of deficits after a recognition for which a training is completed within a year.",
    ),
    numerator=("Opleiding voltooid binnen 365 dagen na de beslissing", "Training completed within 365 days after the decision"),
    denominator=("Tekorten van minstens 365 dagen oud", "Deficits at least 365 days old"),
    base=Base.EVENT,
    horizon=365,
    part_of="IND-236",
    needs=("facts", "deficits"),
    dimensions=("deficit", *PERSONAL),
    decisions=("Q1", "Q3"),
    sources=("S25",),
)
def remedied(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.of_people(facts.lazy("deficits").with_columns(pl.col("kind").alias("deficit"))),
        day="decided_on",
        top=within("remedy_done_on", "decided_on", 365),
        immature=not_over(facts, "decided_on", 365),
        left=left_before("decided_on", 365),
        keep=("deficit", *PERSONAL),
    )


@indicator(
    "IND-137",
    theme=Theme.RECOGNITION,
    title=("Zorgdiploma: tweede procedure binnen 90 dagen", "Care diploma: second procedure within 90 days"),
    definition=(
        "Van de zorgdiploma's van buiten de EER die NARIC erkende, het aandeel waarvoor binnen 90 dagen een dossier bij een andere "
        "instantie volgt: de academische erkenning alleen geeft nog geen toegang tot het beroep.",
        "Of the care diplomas from outside the EEA that NARIC recognised, the share followed within 90 days by a file with another "
        "authority: academic recognition alone gives no access to the profession.",
    ),
    numerator=("Dossier bij een andere instantie binnen 90 dagen", "File with another authority within 90 days"),
    denominator=("Erkende zorgdiploma's, 90 dagen na de beslissing", "Recognised care diplomas, 90 days after the decision"),
    base=Base.EVENT,
    horizon=90,
    needs=("facts", "cases"),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S25",),
)
def second_procedure(facts: Factbook) -> pl.LazyFrame:
    onward = facts.lazy("cases").filter(pl.col("authority") != "naric")
    onward = onward.select("key", pl.col("previous_case").alias("case_id"), pl.col("submitted_on").alias("onward_on"))
    earliest = onward.drop_nulls().group_by("key", "case_id").agg(pl.col("onward_on").min())
    return units(
        care_cases(facts).join(earliest, on=["key", "case_id"], how="left"),
        day="decided_on",
        top=within("onward_on", "decided_on", 90),
        immature=not_over(facts, "decided_on", 90),
        left=left_before("decided_on", 90),
        keep=PERSONAL,
    )


@indicator(
    "IND-162",
    theme=Theme.WORK,
    title=("B1 binnen 24 maanden na het attest", "B1 within 24 months after the certificate"),
    definition=(
        "Van wie het attest of de verklaring heeft, het aandeel dat binnen 24 maanden mondeling B1 behaalt.",
        "Of those with the certificate or declaration, the share that reaches oral B1 within 24 months.",
    ),
    numerator=("Termijn C14 gehaald", "Clock C14 met"),
    denominator=(
        "C14 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C14 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.EVENT,
    needs=("facts", "clocks"),
    dimensions=PERSONAL,
    decisions=("Q1",),
    sources=("S32",),
)
def b1_after_certificate(facts: Factbook) -> pl.LazyFrame:
    return clock_units(facts, facts.of_people(facts.clock("C14")), keep=PERSONAL)


@indicator(
    "IND-160",
    theme=Theme.WORK,
    title=("Opleiding gestopt om taal", "Training stopped because of language"),
    definition=(
        "Van de beëindigde opleidingen, het aandeel dat stopte omdat het Nederlands te moeilijk was.",
        "Of the ended trainings, the share that stopped because the Dutch was too hard.",
    ),
    numerator=("Gestopt om taal", "Stopped because of language"),
    denominator=("Beëindigde opleidingen", "Ended trainings"),
    base=Base.EVENT,
    needs=("facts", "trainings"),
    dimensions=("sector", *PERSONAL),
    decisions=("Q2",),
    sources=("S41",),
)
def stopped_for_language(facts: Factbook) -> pl.LazyFrame:
    ended = facts.lazy("trainings").filter(pl.col("outcome").is_not_null() & pl.col("ended_on").is_not_null())
    ended = ended.with_columns(pl.col("sector").fill_null("unknown"))
    return units(facts.of_people(ended), day="ended_on", top=pl.col("outcome") == "stopped_language", keep=("sector", *PERSONAL))
