"""The offer that is made known, recommendations, and employers."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook, served
from ledger.indicator import Base, Method, Theme, indicator
from ledger.indicators.reach_of_offer import open_offers
from ledger.units import WHO, clock_units, units


@indicator(
    "IND-20",
    theme=Theme.OFFER,
    title=("Ontsloten aanbod toegankelijk bij beperkt Nederlands", "Offers accessible with limited Dutch"),
    definition=(
        "Van het aanbod dat op de peildatum openstaat, het aandeel dat hoogstens A2 mondeling Nederlands vraagt.",
        "Of the offers open on the as-of date, the share that asks at most oral Dutch A2.",
    ),
    numerator=("Open aanbod dat hoogstens A2 vraagt", "Open offers that ask at most A2"),
    denominator=("Open aanbod op de peildatum", "Offers open on the as-of date"),
    base=Base.STOCK,
    needs=("offers",),
    dimensions=("served", "sector", "offer_kind"),
    decisions=("Q2",),
    sources=("S41",),
)
def accessible(facts: Factbook) -> pl.LazyFrame:
    live = open_offers(facts)
    live = live.with_columns(pl.col("sector").fill_null("unknown"), pl.col("kind").alias("offer_kind"), served("regions"))
    return units(
        live, day=pl.lit(facts.as_of), top=pl.col("min_oral").is_in(["pre_a1", "a1", "a2"]), keep=("served", "sector", "offer_kind")
    )


@indicator(
    "IND-21",
    theme=Theme.OFFER,
    title=("Passendheid aanbevelingen", "Fitting recommendations"),
    definition=(
        "Het aandeel aanbevelingen van aanbod dat openstond en niet meer mondeling Nederlands vroeg dan de persoon had aangetoond.",
        "The share of recommendations of an offer that was open and asked no more oral Dutch than the person had shown.",
    ),
    numerator=("Aanbevelingen zonder F17 en F18", "Recommendations without F17 and F18"),
    denominator=("Aanbevelingen", "Recommendations"),
    base=Base.EVENT,
    needs=("facts", "recommendations"),
    dimensions=("offer_kind", "provider", *PERSONAL),
    decisions=("Q2",),
    sources=("S18", "S39", "S42"),
)
def fitting(facts: Factbook) -> pl.LazyFrame:
    keep = ("offer_kind", "provider", *PERSONAL)
    return units(
        facts.of_people(facts.lazy("recommendations")), day="recommended_on", top=~pl.col("too_hard") & ~pl.col("not_live"), keep=keep
    )


@indicator(
    "IND-35",
    theme=Theme.OFFER,
    title=("Werkgevers: afspraak binnen 30 dagen", "Employers: agreement within 30 days"),
    definition=(
        "Het aandeel noden van werkgevers waarover binnen 30 dagen een afspraak is, met welk aanbod ook.",
        "The share of employers' needs on which there is an agreement within 30 days, whatever the route.",
    ),
    numerator=("Termijn C19 gehaald", "Clock C19 met"),
    denominator=("C19 gestart, uiterste dag voorbij op de peildatum", "C19 started, its deadline passed on the as-of date"),
    base=Base.EVENT,
    needs=("clocks", "needs"),
    dimensions=("sector", "size", "region"),
    decisions=("Q1",),
    sources=("S46", "S49", "S50", "S51"),
)
def agreed_in_time(facts: Factbook) -> pl.LazyFrame:
    needs = _needs(facts).select("key", pl.col("need_id").alias("case_id"), "sector", "size", "region")
    joined = facts.clock("C19").join(needs, on=["key", "case_id"], how="left")
    return clock_units(
        facts, joined.with_columns(pl.col("sector", "size", "region").fill_null("unknown")), keep=("sector", "size", "region")
    )


@indicator(
    "IND-36",
    theme=Theme.OFFER,
    title=("Werkgevers: eigen aanbod of partner", "Employers: own offer or partner"),
    definition=(
        "Van de afspraken met ondersteuning, het aandeel dat een andere partner dan het agentschap geeft.",
        "Of the agreements with support, the share given by another partner than the agency.",
    ),
    numerator=("Afspraken met een andere partner", "Agreements with another partner"),
    denominator=("Afspraken met ondersteuning", "Agreements with support"),
    base=Base.EVENT,
    needs=("supports", "needs"),
    dimensions=("sector", "size", "region"),
    decisions=("Q3",),
    sources=("S51",),
)
def other_partner(facts: Factbook) -> pl.LazyFrame:
    needs = _needs(facts).select("key", "need_id", "sector", "size", "region")
    agreed = facts.lazy("supports").filter(pl.col("route") != "none").join(needs, on=["key", "need_id"], how="left")
    agreed = agreed.with_columns(pl.col("sector", "size", "region").fill_null("unknown"))
    return units(agreed, day="agreed_on", top=pl.col("route") == "other_partner", keep=("sector", "size", "region"))


@indicator(
    "IND-37",
    theme=Theme.OFFER,
    title=("Werkgevers: geleverd t.o.v. investering", "Employers: delivered against invested"),
    definition=(
        "Geleverde minuten ondersteuning gedeeld door de minuten die de werkgevers investeren, over noden met minstens één levering.",
        "Minutes of support delivered, divided by the minutes that employers invest, over needs with at least one delivery.",
    ),
    numerator=("Geleverde minuten", "Minutes delivered"),
    denominator=("Minuten investering van noden met een levering", "Minutes invested in needs with a delivery"),
    base=Base.EVENT,
    method=Method.RATIO,
    needs=("needs",),
    dimensions=("sector", "size", "region"),
    decisions=("Q3",),
    sources=("S50",),
)
def delivered(facts: Factbook) -> pl.LazyFrame:
    served = _needs(facts).filter(pl.col("delivered_n") > 0)
    return units(
        served,
        day="stated_on",
        top=pl.col("delivered_min"),
        bottom=pl.col("invest_min"),
        keep=("sector", "size", "region"),
        more=(pl.col("key").alias(WHO),),
    )


def _needs(facts: Factbook) -> pl.LazyFrame:
    return facts.lazy("needs").with_columns(pl.col("region").fill_null("unknown"))
