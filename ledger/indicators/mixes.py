"""Mixes: how all of something divides over a few states that together are everything (evaluation.md 6.3)."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, indicator
from ledger.indicators.durations import recognition_cases
from ledger.units import days, left_before, not_over, units

_COUNTED = pl.lit(1)
_SETTLED = 21
"""Days after a registration before its feedback is looked at."""
STAGES = ("screened", "referred", "replied", "registered", "stepped", "worked")
"""The stations from contract to work, in their order."""


def _yes(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition.fill_null(False)).then(pl.lit("yes")).otherwise(pl.lit("no"))


@indicator(
    "IND-100",
    version=2,
    theme=Theme.PILLAR,
    title=("Weg van contract naar werk", "Way from contract to work"),
    definition=(
        "Iedereen met een contract, volgens de stations die tot de peildatum bereikt zijn: screening, doorverwijzing naar VDAB of Actiris, "
        "antwoord, inschrijving, eerste stap, betaalde job. Het is een stand, geen oordeel: wie pas begon, kon nog niet verder zijn.",
        "Everybody with a contract, by the stations reached up to the as-of date: screening, referral to VDAB or Actiris, answer, "
        "registration, first step, paid job. It is a stand, no judgement: who just began cannot be further yet.",
    ),
    numerator=("Personen in deze stand", "Persons in this state"),
    denominator=("Personen met een eerste contract", "Persons with a first contract"),
    base=Base.CONTRACT,
    method=Method.MIX,
    needs=("facts", "referrals"),
    dimensions=(*STAGES, *PERSONAL),
    decisions=("Q1", "Q2"),
    sources=("S07", "S18", "S19", "S20"),
)
def way_to_work(facts: Factbook) -> pl.LazyFrame:
    answers = facts.lazy("referrals").select(pl.col("referral_id").alias("ref3_id"), "answer")
    people = facts.people().join(answers.unique("ref3_id"), on="ref3_id", how="left")
    referred = pl.col("ref3_on").is_not_null()
    replied = (
        pl.when(~referred)
        .then(pl.lit("not_referred"))
        .when(pl.col("answer").is_null())
        .then(pl.lit("none"))
        .when(pl.col("answer") == "taken_up")
        .then(pl.lit("taken_up"))
        .otherwise(pl.lit("other"))
    )
    return units(
        people.with_columns(
            _yes(pl.col("screen_on").is_not_null()).alias("screened"),
            _yes(referred).alias("referred"),
            replied.alias("replied"),
            _yes(pl.col("reg_on").is_not_null()).alias("registered"),
            pl.when(pl.col("reg_on").is_null())
            .then(pl.lit("not_registered"))
            .otherwise(_yes(pl.col("step1_on").is_not_null()))
            .alias("stepped"),
            _yes(pl.col("job1_on").is_not_null()).alias("worked"),
        ),
        day="contract_on",
        top=_COUNTED,
        keep=(*STAGES, *PERSONAL),
    )


@indicator(
    "IND-116",
    theme=Theme.REFERRAL,
    title=("Uitkomst van doorverwijzingen", "Outcome of referrals"),
    definition=(
        "Doorverwijzingen van minstens 30 dagen oud volgens hun laatste antwoord.",
        "Referrals at least 30 days old by their last answer.",
    ),
    numerator=("Doorverwijzingen met dit antwoord", "Referrals with this answer"),
    denominator=("Doorverwijzingen van minstens 30 dagen oud", "Referrals at least 30 days old"),
    base=Base.EVENT,
    horizon=30,
    method=Method.MIX,
    mix="answer",
    needs=("facts", "referrals"),
    dimensions=("answer", "target", *PERSONAL),
    decisions=("Q2",),
    sources=("S18",),
)
def referral_outcomes(facts: Factbook) -> pl.LazyFrame:
    referrals = facts.lazy("referrals").with_columns(pl.col("answer").fill_null("none"))
    return units(
        facts.of_people(referrals),
        day="made_on",
        top=_COUNTED,
        immature=not_over(facts, "made_on", 30),
        left=left_before("made_on", 30),
        keep=("answer", "target", *PERSONAL),
    )


@indicator(
    "IND-117",
    theme=Theme.REFERRAL,
    title=("Redenen van weigering", "Reasons of refusal"),
    definition=("Geweigerde doorverwijzingen volgens de reden.", "Refused referrals by their reason."),
    numerator=("Weigeringen om deze reden", "Refusals for this reason"),
    denominator=("Geweigerde doorverwijzingen", "Refused referrals"),
    base=Base.EVENT,
    method=Method.MIX,
    mix="refusal",
    needs=("facts", "referrals"),
    dimensions=("refusal", "target", *PERSONAL),
    decisions=("Q2",),
    sources=("S18", "S41"),
)
def refusal_reasons(facts: Factbook) -> pl.LazyFrame:
    refused = facts.lazy("referrals").filter(pl.col("answer") == "refused").with_columns(pl.col("refusal").fill_null("unknown"))
    return units(facts.of_people(refused), day="answered_on", top=_COUNTED, keep=("refusal", "target", *PERSONAL))


@indicator(
    "IND-120",
    theme=Theme.EXCHANGE,
    title=("Stand van de terugkoppeling", "State of feedback"),
    definition=(
        "Wie minstens 21 dagen ingeschreven is: meldde de dienst iets na de inschrijving, is er gevraagd zonder antwoord, of is er niets "
        "gevraagd? Gevraagd wil zeggen: er is doorverwezen of een arbeidsperspectief gedeeld.",
        "Of those registered at least 21 days ago: did the service report anything after the registration, was it asked without answer, "
        "or was nothing asked? Asked means: a referral was made or a work perspective shared.",
    ),
    numerator=("Personen in deze stand", "Persons in this state"),
    denominator=("Personen die minstens 21 dagen ingeschreven zijn", "Persons registered at least 21 days ago"),
    base=Base.EVENT,
    horizon=_SETTLED,
    method=Method.MIX,
    mix="feedback",
    needs=("facts",),
    dimensions=("feedback", "service", *PERSONAL),
    decisions=("Q2",),
    sources=("S43", "S45"),
)
def feedback_state(facts: Factbook) -> pl.LazyFrame:
    registered = facts.people().filter(pl.col("reg_on").is_not_null())
    return units(
        registered.with_columns(pl.col("fb_state").alias("feedback"), pl.col("reg_service").alias("service")),
        day="reg_on",
        top=_COUNTED,
        immature=pl.col("reg_on") + days(_SETTLED) > pl.lit(facts.as_of),
        keep=("feedback", "service", *PERSONAL),
    )


@indicator(
    "IND-134",
    theme=Theme.RECOGNITION,
    title=("Uitkomst van besliste dossiers", "Outcome of decided files"),
    definition=(
        "Besliste dossiers volgens de beslissing die geldt: de herziening gaat voor op de eerste.",
        "Decided files by the decision that holds: a review goes before the first.",
    ),
    numerator=("Dossiers met deze uitkomst", "Files with this outcome"),
    denominator=("Besliste dossiers", "Decided files"),
    base=Base.EVENT,
    method=Method.MIX,
    mix="outcome",
    needs=("facts", "cases"),
    dimensions=("outcome", "procedure", "authority", "guided", *PERSONAL),
    decisions=("Q1",),
    sources=("S24",),
)
def decision_outcomes(facts: Factbook) -> pl.LazyFrame:
    decided = recognition_cases(facts).filter(pl.col("outcome").is_not_null())
    decided = decided.with_columns(pl.coalesce("decided_on", "submitted_on").alias("settled_on"))
    return units(decided, day="settled_on", top=_COUNTED, keep=("outcome", "procedure", "authority", "guided", *PERSONAL))


@indicator(
    "IND-235",
    theme=Theme.RECOGNITION,
    title=("Volgende stap na een beslissing", "Next step after a decision"),
    definition=(
        "Oriënteringen na een beslissing volgens de stap die zij noemen.",
        "Orientations after a decision by the step that they name.",
    ),
    numerator=("Oriënteringen met deze stap", "Orientations with this step"),
    denominator=("Oriënteringen na een beslissing", "Orientations after a decision"),
    base=Base.EVENT,
    method=Method.MIX,
    mix="next_step",
    needs=("facts", "cases"),
    dimensions=("next_step", "outcome", *PERSONAL),
    decisions=("Q1",),
    sources=("S24",),
)
def next_steps(facts: Factbook) -> pl.LazyFrame:
    told = recognition_cases(facts).filter(pl.col("orient_on").is_not_null() & pl.col("next_step").is_not_null())
    told = told.with_columns(pl.col("outcome").fill_null("unknown"))
    return units(told, day="orient_on", top=_COUNTED, keep=("next_step", "outcome", *PERSONAL))


@indicator(
    "IND-140",
    theme=Theme.RECOGNITION,
    title=("Resultaat van EVC", "Outcome of validation (EVC)"),
    definition=(
        "Personen met EVC-begeleiding en een resultaat, volgens dat resultaat.",
        "Persons with EVC guidance and an outcome, by it.",
    ),
    numerator=("Personen met dit resultaat", "Persons with this outcome"),
    denominator=("Personen met een resultaat", "Persons with an outcome"),
    base=Base.EVENT,
    method=Method.MIX,
    mix="evc_outcome",
    needs=("facts",),
    dimensions=("evc_outcome", *PERSONAL),
    decisions=("Q1",),
    sources=("S27",),
)
def evc_outcomes(facts: Factbook) -> pl.LazyFrame:
    known = facts.people().filter(pl.col("evc_on").is_not_null() & pl.col("evc_out").is_not_null())
    return units(known.with_columns(pl.col("evc_out").alias("evc_outcome")), day="evc_on", top=_COUNTED, keep=("evc_outcome", *PERSONAL))


@indicator(
    "IND-184",
    theme=Theme.DATA,
    title=("Rolpatronen per regel", "Role patterns by rule"),
    definition=("Levende bevindingen F27 volgens de patroonregel.", "Live findings F27 by their pattern rule."),
    numerator=("Bevindingen van deze regel", "Findings of this rule"),
    denominator=("Levende bevindingen F27", "Live findings F27"),
    base=Base.EVENT,
    method=Method.MIX,
    mix="rule",
    needs=("role_patterns",),
    dimensions=("rule", "source"),
    decisions=("Q1", "Q2"),
    sources=("S14", "S16", "S39"),
)
def patterns_by_rule(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.lazy("role_patterns").with_columns(pl.col("org").alias("source")), day="since", top=_COUNTED, keep=("rule", "source")
    )
