"""Silences of the services, and what they are told: feedback gaps, shared perspectives, sharing without a basis (evaluation.md 6.3, D)."""

from __future__ import annotations

import polars as pl

from ledger.codes.clock_state import ClockState
from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.units import COUNTED, days, left_before, not_over, spans, units

_SERVICE = ("service", *PERSONAL)
_SHARED_DAYS = 7
"""[A] I25: how long after the first referral a work perspective may be shared."""
_SPELL = pl.List(pl.List(pl.String))


def _silent(facts: Factbook) -> pl.LazyFrame:
    """Who is registered and not at work on the as-of date, with the longest silence of the service so far."""
    now = pl.lit(facts.as_of)
    people = facts.people().filter(pl.col("reg_on").is_not_null() & (pl.col("fb_spells") != "[]"))
    cut = people.select("key", pl.col("fb_spells").str.json_decode(_SPELL).alias("spell")).explode("spell")
    word, first, last = (pl.col("spell").list.get(at, null_on_oob=True).str.to_date("%Y-%m-%d") for at in range(3))
    told = cut.select("key", word.alias("word"), first.alias("first"), last.alias("last")).filter(pl.col("first") <= now)
    running = pl.col("last").is_null() | (pl.col("last") >= now)
    # A silence that is over ends the day before something happened; one that lasts is cut at the date itself.
    length = pl.when(running).then((now - pl.col("word")).dt.total_days()).otherwise((pl.col("last") - pl.col("word")).dt.total_days() + 1)
    longest = told.group_by("key").agg(length.max().alias("gap"), running.any().alias("running"))
    still = people.join(longest.filter(pl.col("running")), on="key")
    return still.with_columns(pl.col("reg_service").alias("service"), now.alias("on"))


@indicator(
    "IND-124",
    theme=Theme.EXCHANGE,
    title=("Stiltes in de terugkoppeling", "Silences in the feedback"),
    definition=(
        "Van wie op de peildatum ingeschreven is en niet werkt, het aandeel van wie de dienst langer dan afgesproken niets meldde: een "
        "overschreden termijn C11. Het is een termijn van de dienst, nooit van de persoon.",
        "Of those registered and not at work on the as-of date, the share on whom the service has reported nothing for longer than agreed: "
        "a breached clock C11. It is a term of the service, never of the person.",
    ),
    numerator=("Personen met een overschreden termijn C11", "Persons with a breached clock C11"),
    denominator=("Personen ingeschreven en niet aan het werk op de peildatum", "Persons registered and not at work on the as-of date"),
    base=Base.STOCK,
    needs=("facts", "clocks"),
    dimensions=_SERVICE,
    decisions=("Q2",),
    sources=("S45",),
)
def silent(facts: Factbook) -> pl.LazyFrame:
    late = facts.clock("C11").filter(pl.col("state") == ClockState.BREACHED_OPEN.value).select("key", pl.lit(True).alias("late")).unique()
    return units(_silent(facts).join(late, on="key", how="left"), day="on", top=pl.col("late").fill_null(False), keep=_SERVICE)


@indicator(
    "IND-224",
    theme=Theme.EXCHANGE,
    title=("Langste stilte in de terugkoppeling", "Longest silence in the feedback"),
    definition=(
        "Van wie op de peildatum ingeschreven is en niet werkt: de langste tijd zonder woord van de dienst (inschrijving, stap, laatste "
        "werkdag), in dagen; een stilte die duurt, telt tot de peildatum. Lees de helft (P50) en negen op tien (P90).",
        "Of those registered and not at work on the as-of date: the longest time without a word of the service (registration, step, last "
        "day of work), in days; a silence that lasts counts up to the as-of date. Read the half (P50) and nine of ten (P90).",
    ),
    numerator=("Personen met een langste stilte", "Persons with a longest silence"),
    denominator=("Personen ingeschreven en niet aan het werk op de peildatum", "Persons registered and not at work on the as-of date"),
    base=Base.STOCK,
    method=Method.TIME,
    unit=Unit.DAYS,
    needs=("facts",),
    dimensions=("service", "area", "province", "region"),
    decisions=("Q2",),
    sources=("S45",),
)
def longest_silence(facts: Factbook) -> pl.LazyFrame:
    never = pl.lit(None, dtype=pl.Int64)
    keep = ("service", "area", "province", "region")
    return spans(_silent(facts), stop=pl.col("gap"), other=never, censored=never, day="on", keep=keep)


@indicator(
    "IND-125",
    theme=Theme.EXCHANGE,
    title=("Arbeidsperspectief gedeeld", "Work perspective shared"),
    definition=(
        "Van wie na een screening naar VDAB of Actiris is doorverwezen, het aandeel van wie het arbeidsperspectief ten laatste 7 dagen na "
        "de eerste doorverwijzing met de dienst gedeeld is.",
        "Of those referred to VDAB or Actiris after a screening, the share whose work perspective was shared with the "
        "service at the latest "
        "7 days after the first referral.",
    ),
    numerator=("Gedeeld vóór of binnen 7 dagen na de doorverwijzing", "Shared before or within 7 days after the referral"),
    denominator=(
        "Personen met een screening vóór hun eerste doorverwijzing, 7 dagen daarna",
        "Persons with a screening before their first referral, 7 days after it",
    ),
    base=Base.CONTRACT,
    horizon=_SHARED_DAYS,
    needs=("facts",),
    dimensions=PERSONAL,
    decisions=("Q1", "Q2"),
    sources=("S43", "S44"),
)
def shared(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.people().filter(pl.col("ref3_on").is_not_null() & pl.col("ref3_screened")),
        day="contract_on",
        top=pl.col("share_on") <= pl.col("ref3_on") + days(_SHARED_DAYS),
        immature=not_over(facts, "ref3_on", _SHARED_DAYS),
        left=left_before("ref3_on", _SHARED_DAYS),
        keep=PERSONAL,
    )


@indicator(
    "IND-227",
    theme=Theme.EXCHANGE,
    title=("Wat aan het arbeidsperspectief ontbreekt", "What the work perspective lacks"),
    definition=(
        "De elementen die de dienst in haar laatste bevestiging mist; één arbeidsperspectief kan er meer missen.",
        "The elements that the service misses in its last acknowledgement; one work perspective can lack several.",
    ),
    numerator=("Keren dat dit element ontbreekt", "Times that this element is lacking"),
    denominator=("Ontbrekende elementen samen", "Lacking elements together"),
    base=Base.EVENT,
    method=Method.MIX,
    mix="element",
    needs=("facts", "shares"),
    dimensions=("element", "recipient", "area", "province", "region", "agency"),
    decisions=("Q2",),
    sources=("S43", "S44"),
)
def lacking(facts: Factbook) -> pl.LazyFrame:
    each = facts.lazy("shares").explode("missing").drop_nulls("missing").with_columns(pl.col("missing").alias("element"))
    keep = ("element", "recipient", "area", "province", "region", "agency")
    return units(facts.of_people(each), day="shared_on", top=pl.lit(1), keep=keep)


@indicator(
    "IND-128",
    theme=Theme.EXCHANGE,
    title=("Gedeeld zonder grondslag", "Shared without a basis"),
    definition=(
        "Doorverwijzingen en gedeelde arbeidsperspectieven zonder vastgelegde grondslag voor dat doel en die ontvanger (F24), per 10 000.",
        "Referrals and shared work perspectives without a recorded basis for that purpose and recipient (F24), per 10 000.",
    ),
    numerator=("Levende bevindingen F24", "Live findings F24"),
    denominator=("Doorverwijzingen en gedeelde arbeidsperspectieven", "Referrals and shared work perspectives"),
    base=Base.EVENT,
    method=Method.RATE,
    unit=Unit.PER_10000,
    needs=("facts", "referrals", "shares", "findings"),
    dimensions=("area", "province", "region", "agency"),
    decisions=("Q1", "Q2"),
    sources=("S43",),
)
def without_basis(facts: Factbook) -> pl.LazyFrame:
    keep = ("area", "province", "region", "agency")
    made = facts.lazy("referrals").select("key", pl.col("made_on").alias("on"))
    given = facts.lazy("shares").select("key", pl.col("shared_on").alias("on"))
    every = units(facts.of_people(pl.concat([made, given])), day="on", top=pl.lit(0), keep=keep)
    found = facts.lazy("findings").filter(pl.col("code") == "F24").select("key", pl.col("since").alias("on"))
    bare = units(facts.of_people(found), day="on", top=pl.lit(1), bottom=pl.lit(0), keep=keep)
    return pl.concat([every, bare.with_columns(pl.lit(False).alias(COUNTED))])
