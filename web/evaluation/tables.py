"""The tables and drawings of a decision sheet."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from ledger.indicator import indicators
from ledger.sheet import Sheet
from web import wording
from web.charts.events import At, events
from web.charts.love import Apart, love
from web.evaluation.names import covariate, part_name
from web.evaluation.wording import between, cell, euro, percent, points, region, secret
from web.language import Language

_MOST_LEVELS = 24
"""Levels in the drawing of the balance: those that lay furthest apart before."""


class Rows(msgspec.Struct, frozen=True):
    """A table: its heads and rows, the first cell of each row being its name."""

    heads: list[str]
    rows: list[list[str]]


def process_rows(one: Sheet, language: Language) -> Rows:
    """The process indicators."""
    say = language.say
    verdicts = {
        "within": say("binnen de verwachte spreiding", "within what is expected"),
        "note": say("let op", "take note"),
        "apart": say("wijkt af, na te gaan", "apart, to be looked into"),
    }
    rows = []
    for told in one.process:
        declared = indicators()[told.indicator]
        share = percent(told.value, language) if declared.unit.name == "SHARE" else euro(told.value, language)
        rows.append(
            [
                f"{told.indicator} {language.of(declared.title)}",
                secret(language) if told.hidden else share,
                percent(told.everybody, language),
                wording.NOTHING if told.hidden or told.verdict is None else verdicts[told.verdict],
            ]
        )
    heads = [say("Uitvoering", "Process"), say("Deelnemers", "Participants"), say("Iedereen", "Everybody"), say("Trechter", "Funnel")]
    return Rows(heads, rows)


def equity_rows(one: Sheet, language: Language) -> Rows:
    """The vulnerable groups."""
    say = language.say
    rows = [[part_name(told.name, language), percent(told.participants, language), percent(told.cohort, language)] for told in one.equity]
    heads = [
        say("Groep", "Group"),
        say("Bij deelnemers", "Of participants"),
        say("In het cohort", "Of the cohort"),
    ]
    return Rows(heads, rows if one.accepted.n != 0 else [])


def balance_drawing(one: Sheet, language: Language) -> Markup:
    """The love plot."""
    if one.balance is None:
        return Markup("")
    widest = sorted(one.balance.levels, key=lambda level: -abs(level.smd_before))[:_MOST_LEVELS]
    rows = [Apart(covariate(level.name, level.level, language), level.smd_before, level.smd_after) for level in widest]
    return love(
        rows,
        limit=0.1,
        most=0.25,
        title=language.say("Gestandaardiseerde verschillen voor en na de match", "Standardised differences before and after matching"),
        name="balans",
        before=language.say("voor de match", "before matching"),
        after=language.say("na de match", "after matching"),
    )


def balance_sentence(one: Sheet, language: Language) -> str:
    """What the balance comes to."""
    balance = one.balance
    if balance is None:
        return ""
    worst = f"{balance.worst:.2f}" if language is Language.EN else f"{balance.worst:.2f}".replace(".", ",")
    unmatched = percent(balance.unmatched_share, language)
    state = language.say("slaagt", "passes") if balance.passes else language.say("slaagt niet", "does not pass")
    return language.say(
        f"De balans {state}: het grootste verschil na de match is {worst} (grens 0,10) en {unmatched} heeft geen match (grens 20 %).",
        f"The balance {state}: the largest difference after matching is {worst} (limit 0.10) and {unmatched} have no match (limit 20%).",
    )


def level_rows(one: Sheet, language: Language) -> Rows:
    """The balance level by level."""
    say = language.say
    heads = [
        say("Kenmerk", "Covariate"),
        say("Aangeboden, voor", "Offered, before"),
        say("Anderen, voor", "Others, before"),
        say("Aangeboden, na", "Offered, after"),
        say("Vergelijking, na", "Comparison, after"),
        say("SMD voor", "SMD before"),
        say("SMD na", "SMD after"),
    ]
    rows = []
    for level in one.balance.levels if one.balance is not None else ():
        shown = level.before >= 0
        four = (level.before, level.others, level.after, level.matched)
        shares = [percent(value, language) if shown else secret(language) for value in four]
        apart = [_signed(value, language) for value in (level.smd_before, level.smd_after)]
        rows.append([covariate(level.name, level.level, language), *shares, *apart])
    return Rows(heads, rows)


def event_drawing(one: Sheet, language: Language) -> Markup:
    """The event study."""
    if one.staggered is None:
        return Markup("")
    rows = []
    for told in one.staggered.events:
        low, high = told.interval if told.interval is not None else (None, None)
        written = f"{told.quarters:+d}: {points(told.effect, language)} [{between(told.interval, language)}]"
        rows.append(At(told.quarters, told.effect, low, high, written))
    return events(
        rows,
        title=language.say(
            "Effect per kwartaal voor en na de start, in procentpunt", "Effect per quarter before and after the start, in points"
        ),
        name="voorna",
        under=language.say("kwartalen sinds de start in de regio", "quarters since the start in the region"),
    )


def staggered_sentence(one: Sheet, language: Language) -> str:
    """What it shows."""
    told = one.staggered
    if told is None or told.effect is None:
        return ""
    weak = language.say(" Zwak: minder dan acht gestarte regio's.", " Weak: fewer than eight regions started.") if told.weak else ""
    flat = language.say("vlak", "flat") if told.flat else language.say("niet vlak of niet te beoordelen", "not flat, or not assessable")
    change = f"{points(told.effect, language)} {language.say('procentpunt', 'points')} [{between(told.interval, language)}]"
    return language.say(
        f"Na de start veranderde het aandeel {change} meer dan in {told.other_regions} regio's zonder of nog zonder proeftuin; "
        f"de aanloop ervoor is {flat}.{weak}",
        f"After the start the share changed by {change} more than in {told.other_regions} regions without or not yet with the pilot; "
        f"the run-up before it is {flat}.{weak}",
    )


def since_rows(one: Sheet, language: Language) -> Rows:
    """The same as a table."""
    say = language.say
    heads = [
        say("Kwartalen sinds de start", "Quarters since the start"),
        say("Personen", "Persons"),
        say("Effect (pp)", "Effect (pp)"),
        say("95 %-interval", "95% interval"),
    ]
    rows = [
        [f"{told.quarters:+d}", wording.number(told.n, language), points(told.effect, language), between(told.interval, language)]
        for told in (one.staggered.events if one.staggered is not None else ())
    ]
    return Rows(heads, rows)


def sensitivity_rows(one: Sheet, language: Language) -> Rows:
    """What stands against the difference."""
    say = language.say
    heads = [say("Toets", "Check"), say("Uitkomst", "Result"), say("95 %-interval", "95% interval")]
    rows: list[list[str]] = []
    if one.estimate is None:
        return Rows(heads, rows)

    def plain(value: float | None) -> str:
        return wording.NOTHING if value is None else f"{value:.2f}" if language is Language.EN else f"{value:.2f}".replace(".", ",")

    both = f"{plain(one.e_value)}; {plain(one.e_value_limit)}"
    rows.append([say("E-waarde van de schatting; van de grens", "E-value of the estimate; of the limit"), both, ""])
    if one.visible is not None:
        rows.append([say("Kleinst zichtbare verschil", "Smallest visible difference"), f"{points(one.visible, language)} pp", ""])
    if one.coverage is not None:
        mine, theirs = percent(one.coverage[0], language), percent(one.coverage[1], language)
        rows.append(
            [say("Terugkoppeling gekend, aangeboden; vergelijking", "Feedback known, offered; comparison"), f"{mine}; {theirs}", ""]
        )
    if one.bounds is not None:
        low, high = points(one.bounds[0], language), points(one.bounds[1], language)
        rows.append(
            [say("Grenzen als wie onbekend is alles of niets had", "Bounds if the unknown had all or nothing"), f"{low} … {high} pp", ""]
        )
    for label, parts in (
        (say("Placebo", "Placebo"), one.placebos),
        (say("Zonder regio", "Without region"), one.without),
        (say("Als behandeld, landmark dag", "As treated, landmark day"), one.landmarks),
    ):
        for part in parts:
            name = region(part.name, language) if parts is one.without else part_name(part.name, language)
            value = secret(language) if part.value is None else f"{points(part.value, language)} pp"
            rows.append([f"{label}: {name}", value, between(part.interval, language)])
    return Rows(heads, rows)


def money_rows(one: Sheet, language: Language) -> Rows:
    """The years of money."""
    say = language.say
    heads = [
        say("Jaar", "Year"),
        say("Toegekend, recurrent", "Allocated, recurrent"),
        say("Eenmalig", "Once"),
        say("Besteed", "Spent"),
        say("Aanvaard", "Accepted"),
        say("Per deelnemer", "Per participant"),
    ]
    rows = [
        [
            str(year.year),
            euro(year.recurrent, language),
            euro(year.once, language),
            euro(year.spent, language) if year.spent else wording.NOTHING,
            cell(year.accepted, language),
            euro(year.per_participant, language),
        ]
        for year in one.money
    ]
    return Rows(heads, rows)


def _signed(value: float, language: Language) -> str:
    text = f"{value:+.2f}"
    return text if language is Language.EN else text.replace(".", ",")
