"""A decision sheet as the page shows it."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from ledger.caveat import caveat, sentence
from ledger.criterion import Criterion, State
from ledger.indicator import indicators
from ledger.parameters import PARAMETERS
from ledger.sheet import Sheet
from ledger.sheet_parts import ShownEstimate, ShownPart
from web import wording
from web.charts.forest import Effect, forest
from web.evaluation.names import part_name
from web.evaluation.series import month_rows, series_drawing, series_rows
from web.evaluation.tables import (
    Rows,
    balance_drawing,
    balance_sentence,
    equity_rows,
    event_drawing,
    level_rows,
    money_rows,
    process_rows,
    sensitivity_rows,
    since_rows,
    staggered_sentence,
)
from web.evaluation.wording import between, cell, euro, percent, points, region, secret
from web.language import Language

TONES = {State.PASSED: "met", State.FAILED: "breached", State.OPEN: "warn", State.NONE: ""}


class CriterionView(msgspec.Struct, frozen=True):
    """A criterion as it is written."""

    id: str
    label: str
    state: str
    tone: str
    why: str
    needed: str
    """What it takes to pass it; empty when it is passed."""


class SheetView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the sheet."""

    sheet: Sheet
    theme: str
    terms: list[tuple[str, str]]
    tiles: list[tuple[str, str]]
    sentence: str
    caveat: str
    effects: Markup
    effect_rows: Rows
    criteria: list[CriterionView]
    proposal: str
    proposal_why: str
    missing: str
    otherwise: str
    """What the proposal would be if only the data were in order."""
    concluded: str
    process: Rows
    equity: Rows
    balance: Markup
    balance_sentence: str
    balance_rows: Rows
    staggered: Markup
    staggered_sentence: str
    staggered_rows: Rows
    series: Markup
    series_rows: Rows
    month_rows: Rows
    sensitivity: Rows
    money: Rows
    regions: Rows
    conclusions: list[tuple[str, str]]
    """Codes and labels, for the form."""


def sheet_view(one: Sheet, language: Language, conclusions: list[tuple[str, str]]) -> SheetView:
    """The sheet in a language."""
    say = language.say
    pilot, cost = one.pilot, one.cost
    told = one.estimate
    warning = caveat(one)
    per_result = euro(cost.per_result, language) if cost.per_result is not None else say("niet vast te stellen", "cannot be established")
    effects = _effects(one, language)
    return SheetView(
        sheet=one,
        theme=pilot.theme.label(language.value),
        terms=_terms(one, language),
        tiles=[
            (say("Plaats aangeboden", "Offered a place"), cell(one.offered, language)),
            (say("Plaats aanvaard", "Accepted a place"), cell(one.accepted, language)),
            (say("Van het streefcijfer", "Of the target"), percent(one.reach, language)),
            (say("Besteed", "Spent"), euro(cost.spent, language)),
            (say("Per deelnemer", "Per participant"), euro(cost.per_participant, language)),
            (say("Per bijkomend resultaat", "Per additional result"), per_result),
        ],
        sentence=language.of(sentence(one)),
        caveat=language.of(warning) if warning is not None else "",
        effects=forest(
            effects,
            title=say("Verschillen in procentpunt met 95 %-interval", "Differences in percentage points with 95% interval"),
            name="effect",
        ),
        effect_rows=_estimates(one, language),
        criteria=[_criterion(one, criterion, language) for criterion in one.criteria],
        proposal=one.proposal.conclusion.label(language.value),
        proposal_why=language.of(one.proposal.why),
        missing=", ".join(one.proposal.missing),
        otherwise=_otherwise(one, language),
        concluded=_concluded(one, language),
        process=process_rows(one, language),
        equity=equity_rows(one, language),
        balance=balance_drawing(one, language),
        balance_sentence=balance_sentence(one, language) if told is not None else "",
        balance_rows=level_rows(one, language),
        staggered=event_drawing(one, language),
        staggered_sentence=staggered_sentence(one, language),
        staggered_rows=since_rows(one, language),
        series=series_drawing(one, language),
        series_rows=series_rows(one, language),
        month_rows=month_rows(one, language),
        sensitivity=sensitivity_rows(one, language),
        money=money_rows(one, language),
        regions=Rows(
            [say("Regio", "Region"), say("Aanvaard", "Accepted")],
            [[region(code, language), cell(n, language)] for code, n in one.by_region.items()] if one.accepted.n != 0 else [],
        ),
        conclusions=conclusions,
    )


def _criterion(one: Sheet, told: Criterion, language: Language) -> CriterionView:
    needed = one.remedies.get(told.id)
    return CriterionView(
        id=told.id,
        label=language.of(told.label),
        state=language.of(told.state.label),
        tone=TONES[told.state],
        why=language.of(told.why),
        needed=language.of(needed) if needed is not None else "",
    )


def _otherwise(one: Sheet, language: Language) -> str:
    told = one.proposal.otherwise
    if told is None:
        return ""
    conclusion, why = told.conclusion.label(language.value), language.of(told.why)
    missing = f" ({', '.join(told.missing)})" if told.missing else ""
    return language.say(
        f"Waren alleen de gegevens in orde, dan was het voorstel: {conclusion}, {why}{missing}.",
        f"If only the data were in order, the proposal would be: {conclusion}, {why}{missing}.",
    )


def _executor(org: str, language: Language) -> str:
    """An agency by its name, any other organisation by its number."""
    agency = dict(PARAMETERS.agencies).get(org)
    return f"KBO {org}" if agency is None else agency.label(language.value)


def _terms(one: Sheet, language: Language) -> list[tuple[str, str]]:
    say, pilot, plan = language.say, one.pilot, one.plan
    until = wording.short_day(pilot.valid_to, language) if pilot.valid_to else say("lopend", "running")
    methods = ", ".join(design.label.nl if language is Language.NL else design.label.en for design in plan.designs)
    told = [
        (say("Looptijd", "Period"), f"{wording.short_day(pilot.valid_from, language)} – {until}"),
        (say("Uitvoerders", "Executors"), ", ".join(_executor(org, language) for org in pilot.executors)),
        (say("Regio's", "Regions"), ", ".join(region(code.value, language) for code in pilot.regions) or say("overal", "everywhere")),
        (say("Wie", "Who"), language.of(plan.who.label)),
        (say("Methode in het plan", "Method in the plan"), methods or say("beschrijvend", "descriptive")),
    ]
    if plan.primary is not None:
        told.append((say("Uitkomst die beslist", "Outcome that decides"), language.of(plan.primary.label)))
        alike = f"{say('het aanbod; vergeleken op', 'the offer; compared at')} {language.of(plan.origin.label)}"
        told.append((say("Geteld vanaf", "Counted from"), alike))
    if plan.series:
        decides = indicators()[plan.series[0]]
        told.append((say("Reeks die beslist", "Series that decides"), f"{decides.id} {language.of(decides.title)}"))
    told.append((say("Beslist op kwartalen gesloten tot", "Decides on quarters closed up to"), wording.short_day(one.closed, language)))
    if plan.norm is not None:
        told.append((say("Kan regel worden", "May become a rule"), language.of(plan.norm)))
    if one.due is not None:
        left = "" if one.due_days is None else f" ({_left(one.due_days, language)})"
        told.append((say("Te evalueren voor", "To be evaluated by"), f"{wording.short_day(one.due, language)}{left}"))
    return told


def _left(days: int, language: Language) -> str:
    if days < 0:
        return language.say(f"{-days} dagen te laat", f"{-days} days late")
    return language.say(f"nog {days} dagen", f"{days} days left")


def _concluded(one: Sheet, language: Language) -> str:
    done = one.concluded
    if done is None:
        return ""
    return language.say(
        f"{done.conclusion.nl}, op {wording.day(done.on, language)}, op positie {wording.number(done.position, language)}, "
        f"steunend op {', '.join(done.indicators)}",
        f"{done.conclusion.en}, on {wording.day(done.on, language)}, at position {wording.number(done.position, language)}, "
        f"resting on {', '.join(done.indicators)}",
    )


def _named(one: ShownEstimate, language: Language) -> str:
    return f"{one.design.name}: {language.of(one.outcome.label)}"


def _effects(one: Sheet, language: Language) -> list[Effect]:
    rows = []
    for told in (one.m1, one.m2):
        if told is not None:
            rows.append(_effect(_named(told, language), told, language, strong=told is one.estimate))
    rows += [_effect(_named(told, language), told, language, strong=False) for told in one.secondary]
    rows += [_part(part, language) for part in (*one.equity_effects, *one.placebos) if part.value is not None]
    return rows


def _effect(label: str, one: ShownEstimate, language: Language, *, strong: bool) -> Effect:
    low, high = one.interval if one.interval is not None else (None, None)
    written = secret(language) if one.value is None else f"{points(one.value, language)} [{between(one.interval, language)}]"
    return Effect(label, one.value, low, high, written, strong)


def _part(one: ShownPart, language: Language) -> Effect:
    low, high = one.interval if one.interval is not None else (None, None)
    return Effect(part_name(one.name, language), one.value, low, high, f"{points(one.value, language)} [{between(one.interval, language)}]")


def _estimates(one: Sheet, language: Language) -> Rows:
    say = language.say
    heads = [
        say("Vergelijking", "Comparison"),
        say("Aangeboden", "Offered"),
        say("Vergelijking (n)", "Comparison (n)"),
        say("Aandeel aangeboden", "Share offered"),
        say("Aandeel vergelijking", "Share comparison"),
        say("Verschil (pp)", "Difference (pp)"),
        say("95 %-interval", "95% interval"),
        say("Zonder match", "Unmatched"),
    ]
    rows = []
    for told in (one.m1, one.m2, *one.secondary):
        if told is not None:
            rows.append(
                [
                    _named(told, language) + (say(" (doorslaggevend)", " (decisive)") if told is one.estimate else ""),
                    wording.number(told.offered, language),
                    wording.number(told.others, language),
                    secret(language) if told.hidden else percent(told.first, language),
                    secret(language) if told.hidden else percent(told.second, language),
                    points(told.value, language),
                    between(told.interval, language),
                    percent(told.unmatched, language),
                ]
            )
    return Rows(heads, rows)
