"""Referral, and the exchange with VDAB and Actiris."""

from __future__ import annotations

import polars as pl

from ledger.factbook import PERSONAL, Factbook
from ledger.indicator import Base, Method, Theme, indicator
from ledger.units import ASKED, HEARD, WHO, clock_units, days, left_before, not_over, units, within


@indicator(
    "IND-08",
    theme=Theme.REFERRAL,
    title=("Opgenomen doorverwijzingen", "Referrals taken up"),
    definition=(
        "Het aandeel doorverwijzingen waarvan de dienst binnen 30 dagen meldt dat zij opgenomen is.",
        "The share of referrals that the service reports as taken up within 30 days.",
    ),
    numerator=("Antwoord 'opgenomen' binnen 30 dagen", "Answered 'taken up' within 30 days"),
    denominator=("Doorverwijzingen van minstens 30 dagen oud", "Referrals at least 30 days old"),
    base=Base.EVENT,
    horizon=30,
    needs=("facts", "referrals"),
    dimensions=("target", *PERSONAL),
    decisions=("Q2",),
    sources=("S07", "S18"),
)
def taken_up(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.of_people(facts.lazy("referrals")),
        day="made_on",
        top=within("taken_up_on", "made_on", 30),
        immature=not_over(facts, "made_on", 30),
        left=left_before("made_on", 30),
        keep=("target", *PERSONAL),
    )


@indicator(
    "IND-09",
    theme=Theme.REFERRAL,
    title=("Weigering wegens taal", "Refused for language"),
    definition=(
        "Van de beantwoorde doorverwijzingen, het aandeel dat geweigerd is omdat het taalniveau te laag is.",
        "Of the answered referrals, the share refused because the level of Dutch is too low.",
    ),
    numerator=("Laatste antwoord: geweigerd wegens taalniveau", "Last answer: refused for language"),
    denominator=("Beantwoorde doorverwijzingen", "Answered referrals"),
    base=Base.EVENT,
    needs=("facts", "referrals"),
    dimensions=("target", *PERSONAL),
    decisions=("Q2",),
    sources=("S18", "S41"),
)
def refused_for_language(facts: Factbook) -> pl.LazyFrame:
    answered = facts.lazy("referrals").filter(pl.col("answered_on").is_not_null())
    return units(facts.of_people(answered), day="answered_on", top=pl.col("refusal") == "language_too_low", keep=("target", *PERSONAL))


@indicator(
    "IND-10",
    theme=Theme.EXCHANGE,
    title=("Tijdige ontvangstbevestiging arbeidsperspectief", "Work perspective acknowledged in time"),
    definition=(
        "Het aandeel gedeelde arbeidsperspectieven waarvan de ontvanger binnen 7 dagen de ontvangst bevestigt.",
        "The share of shared work perspectives that the recipient acknowledges within 7 days.",
    ),
    numerator=("Termijn C09 gehaald", "Clock C09 met"),
    denominator=("C09 gestart, uiterste dag voorbij op de peildatum", "C09 started, its deadline passed on the as-of date"),
    base=Base.EVENT,
    needs=("facts", "clocks"),
    dimensions=("against", *PERSONAL),
    decisions=("Q2",),
    sources=("S43", "S44"),
)
def acknowledged_in_time(facts: Factbook) -> pl.LazyFrame:
    return clock_units(facts, facts.of_people(facts.clock("C09")), keep=("against", *PERSONAL))


@indicator(
    "IND-11",
    theme=Theme.EXCHANGE,
    title=("Bruikbaarheid gedeeld arbeidsperspectief", "Usable work perspective"),
    definition=(
        "Van de bevestigde gedeelde arbeidsperspectieven, het aandeel dat de ontvanger bruikbaar vindt.",
        "Of the acknowledged work perspectives, the share that the recipient finds usable.",
    ),
    numerator=("Laatste bevestiging: bruikbaar", "Last acknowledgement: usable"),
    denominator=("Bevestigde gedeelde arbeidsperspectieven", "Acknowledged shares"),
    base=Base.EVENT,
    needs=("facts", "shares"),
    dimensions=("recipient", *PERSONAL),
    decisions=("Q2",),
    sources=("S43", "S44"),
    coverage=True,
)
def usable(facts: Factbook) -> pl.LazyFrame:
    shares = facts.of_people(facts.lazy("shares"))
    heard = pl.col("ack_on").is_not_null()
    known = units(shares.filter(heard), day="shared_on", top=pl.col("usable"), asked=pl.lit(True), heard=pl.lit(True), keep=_SHARED)
    silent = units(shares.filter(~heard), day="shared_on", top=pl.lit(False), unclear=pl.lit(True), keep=_SHARED)
    return pl.concat([known, silent.with_columns(pl.lit(True).alias(ASKED), pl.lit(False).alias(HEARD))])


_SHARED = ("recipient", *PERSONAL)


@indicator(
    "IND-12",
    theme=Theme.EXCHANGE,
    title=("Eerste terugkoppeling binnen 21 dagen", "First feedback within 21 days"),
    definition=(
        "Het aandeel inschrijvingen waarna de dienst binnen 21 dagen een eerste stap terugkoppelt. Wie aan het werk gaat, telt niet mee.",
        "The share of registrations after which the service reports a first step within 21 days. Whoever starts to work does not count.",
    ),
    numerator=("Termijn C10 gehaald", "Clock C10 met"),
    denominator=(
        "C10 gestart, niet neutraal beëindigd, uiterste dag voorbij op de peildatum",
        "C10 started, not ended neutrally, its deadline passed on the as-of date",
    ),
    base=Base.EVENT,
    needs=("facts", "clocks"),
    dimensions=("against", *PERSONAL),
    decisions=("Q2",),
    sources=("S12", "S45"),
    coverage=True,
)
def first_feedback(facts: Factbook) -> pl.LazyFrame:
    registered = facts.of_people(facts.clock("C10"))
    heard = pl.col("fb_state") == "received"
    return clock_units(facts, registered, asked=pl.lit(True), heard=heard, keep=("against", *PERSONAL))


@indicator(
    "IND-13",
    theme=Theme.EXCHANGE,
    title=("Terugkoppelingsdekking", "Feedback coverage"),
    definition=(
        "Van de dagen waarop personen ingeschreven zijn en niet werken, het aandeel waarop het laatste woord van de dienst "
        "(inschrijving, stap, laatste werkdag) hoogstens 90 dagen oud is.",
        "Of the days on which persons are registered and do not work, the share on which the last word of the service "
        "(registration, step, last day of work) is at most 90 days old.",
    ),
    numerator=("Persoonsdagen met een woord van hoogstens 90 dagen oud", "Person-days with a word at most 90 days old"),
    denominator=("Persoonsdagen ingeschreven en niet aan het werk in de periode", "Person-days registered and not employed in the period"),
    base=Base.EVENT,
    method=Method.RATIO,
    needs=("facts",),
    dimensions=("service", *PERSONAL),
    decisions=("Q2",),
    sources=("S12", "S45"),
    coverage=True,
)
def covered_days(facts: Factbook) -> pl.LazyFrame:
    return silences(facts, "1q")


def silences(facts: Factbook, every: str) -> pl.LazyFrame:
    """The units of IND-13 per person and stretch of time: a quarter (``1q``) or a month (``1mo``)."""
    return units(
        facts.keep(f"silences by {every}", lambda: _silent(facts, every)),
        day="begins",
        top=pl.col("days_ok"),
        bottom=pl.col("days"),
        asked=pl.lit(True),
        heard=pl.col("fb_state") == "received",
        keep=("service", *PERSONAL),
        more=(pl.col("key").alias(WHO),),
    )


def _silent(facts: Factbook, every: str) -> pl.DataFrame:
    """Days registered and not employed per person and stretch, with those on which the last word was recent."""
    spells = pl.col("fb_spells").str.json_decode(pl.List(pl.List(pl.String)))
    people = facts.people().filter(pl.col("reg_on").is_not_null() & (pl.col("fb_spells") != "[]"))
    cut = people.select("key", spells.alias("spell")).explode("spell")
    word, first, last = (pl.col("spell").list.get(at, null_on_oob=True).str.to_date("%Y-%m-%d") for at in range(3))
    told = cut.select(
        "key", word.alias("word"), first.alias("first"), last.fill_null(facts.as_of).clip(upper_bound=facts.as_of).alias("last")
    )
    told = told.filter(pl.col("first").is_not_null() & (pl.col("first") <= pl.col("last")))
    spread = pl.date_ranges(pl.col("first").dt.truncate(every), pl.col("last"), every).alias("begins")
    begin = pl.max_horizontal("first", "begins")
    end = pl.min_horizontal(pl.col("last"), pl.col("begins").dt.offset_by(every) - days(1))
    recent = pl.min_horizontal(end, pl.col("word") + days(facts.parameters.feedback_days))
    counted = (
        told.with_columns(spread)
        .explode("begins")
        .select(
            "key",
            "begins",
            ((recent - begin).dt.total_days() + 1).clip(lower_bound=0).alias("days_ok"),
            ((end - begin).dt.total_days() + 1).alias("days"),
        )
        .group_by("key", "begins")
        .agg(pl.col("days_ok").sum(), pl.col("days").sum())
    )
    dimensions = people.select("key", "fb_state", pl.col("reg_service").alias("service"), *PERSONAL)
    return counted.join(dimensions, on="key").collect()
