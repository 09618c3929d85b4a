"""How referrals are taken up: by profile, by warm handover, and again after they failed (evaluation.md 6.3, B and C)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ledger.before_deadline import STOPPED, where_it_stopped
from ledger.codes.clock_state import ClockState
from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Compute, Method, Theme, Unit, indicator
from ledger.units import days, left_before, not_over, units, within

_BREACHED = [ClockState.BREACHED_OPEN.value, ClockState.BREACHED_CLOSED.value]
_WARM_DAYS, _AGAIN_DAYS, _SILENT_DAYS = 14, 90, 30
"""[A] I18, I19; a referral without an answer has failed after the last."""
_WHERE = ("agency", "area", "province", "region")
_TARGET = ("target", *PERSONAL)


def _first_referrals(facts: Factbook) -> pl.LazyFrame:
    """The first referral of everybody, so that each person counts once."""
    return facts.lazy("referrals").sort("made_on", "referral_id").unique("key", keep="first", maintain_order=True)


def _gap(dimension: str, column: str) -> Compute:
    def compute(facts: Factbook) -> pl.LazyFrame:
        profiled = facts.people().filter(pl.col(column).is_not_null()).select("key")
        return units(
            facts.of_people(_first_referrals(facts)).join(profiled, on="key", how="semi"),
            day="made_on",
            top=within("taken_up_on", "made_on", 30),
            immature=not_over(facts, "made_on", 30),
            left=left_before("made_on", 30),
            keep=(*_WHERE, dimension),
        )

    return compute


def _declare(id: str, between: tuple[str, str, str], column: str, nl: tuple[str, str, str], en: tuple[str, str, str]) -> None:
    decorate: Callable[[Compute], Compute] = indicator(
        id,
        theme=Theme.REFERRAL,
        title=(f"Profielkloof in opname: {nl[0]}", f"Profile gap in uptake: {en[0]}"),
        definition=(
            f"Het aandeel eerste doorverwijzingen dat binnen 30 dagen opgenomen is bij personen met {nl[1]}, min dat bij personen met "
            f"{nl[2]}. Onder nul worden de eersten minder opgenomen.",
            f"The share of first referrals taken up within 30 days of persons with {en[1]}, less that of persons with {en[2]}. "
            "Below zero the former are taken up less.",
        ),
        numerator=("Eerste doorverwijzing binnen 30 dagen opgenomen", "First referral taken up within 30 days"),
        denominator=(
            "Personen met een begeleidingsprofiel en een doorverwijzing van minstens 30 dagen oud",
            "Persons with a support profile and a referral at least 30 days old",
        ),
        base=Base.EVENT,
        method=Method.GAP,
        unit=Unit.POINTS,
        between=between,
        horizon=30,
        needs=("facts", "referrals"),
        dimensions=(*_WHERE, between[0]),
        decisions=("Q1", "Q2"),
        sources=("S17", "S18"),
    )
    decorate(_gap(between[0], column))


_declare(
    "IND-106",
    ("self_reliance", "low", "high"),
    "self_rel",
    ("zelfredzaamheid", "lage zelfredzaamheid", "hoge zelfredzaamheid"),
    ("self-reliance", "low self-reliance", "high self-reliance"),
)
_declare(
    "IND-206",
    ("learning", "low", "high"),
    "learn_ab",
    ("leervermogen", "laag leervermogen", "hoog leervermogen"),
    ("learning ability", "low learning ability", "high learning ability"),
)
_declare(
    "IND-306",
    ("outlook", "unclear", "professional"),
    "outlook",
    ("toekomstperspectief", "een onduidelijk perspectief", "een professioneel perspectief"),
    ("outlook", "an unclear outlook", "a professional outlook"),
)


@indicator(
    "IND-109",
    theme=Theme.PILLAR,
    title=("Wie deed wat vóór de 60 dagen", "Who did what before the 60 days"),
    definition=(
        "Van wie zich niet binnen de termijn inschreef: was er tegen de uiterste dag geen doorverwijzing (agentschap), een doorverwijzing "
        "zonder antwoord (bemiddelingsdienst), of een antwoord zonder inschrijving (persoon)?",
        "Of those who did not register within the term: was there by its last day no referral (agency), a referral without an answer "
        "(employment service), or an answer without a registration (person)?",
    ),
    numerator=("Personen bij wie het hier stopte", "Persons with whom it stopped here"),
    denominator=("Personen met een overschreden termijn C01", "Persons whose clock C01 is breached"),
    base=Base.CONTRACT,
    method=Method.MIX,
    mix=STOPPED,
    needs=("facts", "referrals"),
    dimensions=(STOPPED, *PERSONAL),
    decisions=("Q2",),
    sources=("S14", "S19"),
)
def acts_before_deadline(facts: Factbook) -> pl.LazyFrame:
    late = facts.people().filter(pl.col("c01_state").is_in(_BREACHED))
    late = late.with_columns(pl.col("contract_id").alias("case_key"), pl.col("p3_due").alias("deadline"))
    stopped = where_it_stopped(late, facts.lazy("referrals"))
    return units(late.join(stopped, on=["key", "case_key"]), day="contract_on", top=pl.lit(1), keep=(STOPPED, *PERSONAL))


def _to_services(facts: Factbook) -> pl.LazyFrame:
    return facts.of_people(facts.lazy("referrals").filter(pl.col("target").is_in(["vdab", "actiris", "ocmw"])))


@indicator(
    "IND-118",
    theme=Theme.REFERRAL,
    title=("Warme overdracht", "Warm handover"),
    definition=(
        "Het aandeel doorverwijzingen naar VDAB, Actiris of een OCMW waarbij het agentschap de persoon zelf overdraagt.",
        "The share of referrals to VDAB, Actiris or a public centre for social welfare handed over in person.",
    ),
    numerator=("Warme overdrachten", "Warm handovers"),
    denominator=("Doorverwijzingen naar VDAB, Actiris of OCMW", "Referrals to VDAB, Actiris or OCMW"),
    base=Base.EVENT,
    needs=("facts", "referrals"),
    dimensions=_TARGET,
    decisions=("Q1", "Q2"),
    sources=("S18", "S31"),
)
def warm(facts: Factbook) -> pl.LazyFrame:
    return units(_to_services(facts), day="made_on", top=pl.col("kind") == "warm_handover", keep=_TARGET)


@indicator(
    "IND-218",
    theme=Theme.REFERRAL,
    title=("Warme overdracht binnen 14 dagen opgenomen", "Warm handover taken up within 14 days"),
    definition=(
        "Van de warme overdrachten naar VDAB, Actiris of een OCMW, het aandeel dat de dienst binnen 14 dagen opneemt.",
        "Of the warm handovers to VDAB, Actiris or a public centre for social welfare, the share taken up within 14 days.",
    ),
    numerator=("Binnen 14 dagen opgenomen", "Taken up within 14 days"),
    denominator=("Warme overdrachten van minstens 14 dagen oud", "Warm handovers at least 14 days old"),
    base=Base.EVENT,
    horizon=_WARM_DAYS,
    needs=("facts", "referrals"),
    dimensions=_TARGET,
    decisions=("Q1", "Q2"),
    sources=("S18", "S31"),
)
def warm_taken_up(facts: Factbook) -> pl.LazyFrame:
    return units(
        _to_services(facts).filter(pl.col("kind") == "warm_handover"),
        day="made_on",
        top=within("taken_up_on", "made_on", _WARM_DAYS),
        immature=not_over(facts, "made_on", _WARM_DAYS),
        left=left_before("made_on", _WARM_DAYS),
        keep=_TARGET,
    )


@indicator(
    "IND-119",
    theme=Theme.REFERRAL,
    title=("Herhaalde doorverwijzing", "Repeated referral"),
    definition=(
        "Van de doorverwijzingen die op niets uitliepen (geweigerd, verder doorverwezen, niet komen opdagen, of 30 dagen geen antwoord), "
        "het aandeel waarop binnen 90 dagen een nieuwe naar dezelfde soort dienst volgt.",
        "Of the referrals that came to nothing (refused, redirected, no show, or 30 days without an answer), the share followed within "
        "90 days by another to the same kind of service.",
    ),
    numerator=(
        "Nieuwe doorverwijzing naar dezelfde soort dienst binnen 90 dagen",
        "Another referral to that kind of service in 90 days",
    ),
    denominator=("Doorverwijzingen die 90 dagen eerder op niets uitliepen", "Referrals that came to nothing at least 90 days ago"),
    base=Base.EVENT,
    horizon=_AGAIN_DAYS,
    needs=("facts", "referrals"),
    dimensions=_TARGET,
    decisions=("Q2",),
    sources=("S18",),
)
def repeated(facts: Factbook) -> pl.LazyFrame:
    silent = pl.col("answer").is_null() & not_over(facts, "made_on", _SILENT_DAYS).not_()
    failed = pl.col("answer").is_in(["refused", "redirected", "no_show"]).fill_null(False)
    failed_on = pl.when(failed).then(pl.col("answered_on")).otherwise(pl.col("made_on") + days(_SILENT_DAYS))
    ended = facts.lazy("referrals").filter(failed | silent).with_columns(failed_on.alias("failed_on"))
    other = facts.lazy("referrals").select("key", "target", pl.col("referral_id").alias("next_id"), pl.col("made_on").alias("next_on"))
    since = pl.coalesce("answered_on", "made_on")
    after = (pl.col("next_on") >= since) & (pl.col("next_on") <= pl.col("failed_on") + days(_AGAIN_DAYS))
    again = ended.join(other, on=["key", "target"]).filter(after & (pl.col("next_id") != pl.col("referral_id")))
    marked = again.select("key", "referral_id", pl.lit(True).alias("again")).unique()
    return units(
        facts.of_people(ended.join(marked, on=["key", "referral_id"], how="left")),
        day="failed_on",
        top=pl.col("again").fill_null(False),
        immature=not_over(facts, "failed_on", _AGAIN_DAYS),
        left=left_before("failed_on", _AGAIN_DAYS),
        keep=_TARGET,
    )
