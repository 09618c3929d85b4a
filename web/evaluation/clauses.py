"""The agreements as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ledger.agreements import Changed, ClauseView, ClockView
from ledger.codes.clock import ClockId
from ledger.codes.policy import NormKind
from ledger.funnel import Verdict
from ledger.indicator import indicators
from ledger.tally import PartyTally, Spread, Tally
from web import wording
from web.evaluation.wording import cell, party, percent, period, secret, share_between
from web.language import Language


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A tally as it is written."""

    label: str
    met: str
    decided: str
    share: str
    interval: str
    bar: int | None
    """Thousandths; None for what has no size."""
    place: str = ""
    """Where a party lies in the funnel of all that answer for the clock."""


class ClockBlock(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a clause."""

    id: str
    title: str
    norm: str
    days: int | None
    may: bool
    sentence: str
    promised: str
    parties: list[Line]
    spread: str
    """What the parties are compared with."""
    quarters: list[Line]
    lies_with: list[tuple[str, str]]
    changed: str
    changed_lines: list[Line]


class ClauseBlock(msgspec.Struct, frozen=True, kw_only=True):
    """One clause."""

    code: str
    title: str
    parties: str
    norm: str
    since: str
    measured: str
    indicators: list[tuple[str, str]]
    clocks: list[ClockBlock]
    concluded: str


def clause_block(view: ClauseView, language: Language) -> ClauseBlock:
    """A clause in a language."""
    clause, say = view.clause, language.say
    done = view.concluded
    return ClauseBlock(
        code=clause.code,
        title=clause.topic.label(language.value),
        parties=", ".join(clause.parties),
        norm=period(clause.norm, language) if clause.norm else say("geen termijn", "no term"),
        since=f"{say('Versie', 'Version')} {clause.version}, {say('sinds', 'since')} {wording.short_day(clause.valid_from, language)}",
        measured=say("gemeten", "measured") if clause.measured else say("niet gemeten", "not measured"),
        indicators=[(id, language.of(indicators()[id].title)) for id in clause.indicators],
        clocks=[_clock(one, language) for one in view.clocks],
        concluded="" if done is None else f"{done.conclusion.label(language.value)} ({wording.short_day(done.on, language)})",
    )


def line(label: str, one: Tally, language: Language) -> Line:
    """A tally with its name."""
    hidden = one.hidden
    interval = wording.NOTHING
    if one.interval is not None and not hidden:
        interval = share_between(one.interval.low, one.interval.high, language)
    return Line(
        label=label,
        met=secret(language) if hidden else wording.number(one.met, language),
        decided=secret(language) if hidden else wording.number(one.decided, language),
        share=wording.NOTHING if hidden else percent(one.share, language),
        interval=interval,
        bar=None if hidden or one.share is None else round(1000 * one.share),
    )


def _clock(one: ClockView, language: Language) -> ClockBlock:
    say, may = language.say, one.kind == NormKind.MAY.value
    named = ClockId(one.clock)
    total = one.total
    done = say("benut", "used") if may else say("op tijd", "in time")
    if total.hidden:
        sentence = say("Te weinig om te tonen zonder iemand te herkennen.", "Too few to show without recognising somebody.")
    elif not total.decided:
        sentence = say("Er is nog niets beslist.", "Nothing is decided yet.")
    else:
        sentence = (
            f"{wording.number(total.met, language)} {say('van', 'of')} {wording.number(total.decided, language)} {done}: "
            f"{percent(total.share, language)}. {say('Lopend', 'Running')}: {cell(one.running, language)}; "
            f"{say('neutraal beëindigd', 'ended neutrally')}: {cell(one.neutral, language)}."
        )
        if may:
            sentence += say(
                " Een mogelijkheid, geen verplichting: niet benut is geen tekort.", " A possibility, no duty: unused is no shortcoming."
            )
    where = {
        "no_referral": say("niet doorverwezen binnen de termijn (agentschap)", "no referral before the deadline (agency)"),
        "no_answer": say("doorverwezen, geen antwoord (bemiddelingsdienst)", "referred, no answer (employment service)"),
        "answered": say("beantwoord, niet ingeschreven (persoon)", "answered, not registered (person)"),
    }
    days = one.norm[1:-1] if one.norm.endswith("D") else ""
    return ClockBlock(
        id=one.clock,
        title=f"{one.clock} {named.label(language.value)}",
        norm=period(one.norm, language),
        days=int(days) if days else None,
        may=may,
        sentence=sentence,
        promised=period(one.promised, language) if one.promised else "",
        parties=[_party(part, one.parties, one.spread, language) for part in one.parties],
        spread=_spread(one.spread, language),
        quarters=[line(name, told, language) for name, told in one.quarters],
        lies_with=[(where[name], cell(n, language)) for name, n in one.lies_with.items()],
        changed=_changed(one.changed, language, may=may) if one.changed is not None else "",
        changed_lines=[line(_who(part, one.changed.parties, language), part.tally, language) for part in one.changed.parties]
        if one.changed
        else [],
    )


def _party(one: PartyTally, beside: Sequence[PartyTally], spread: Spread | None, language: Language) -> Line:
    """A party with its place: never good or bad, only expected or to be looked into."""
    told = line(_who(one, beside, language), one.tally, language)
    if spread is None:
        return told
    if one.place is None:
        where = "" if one.tally.hidden else language.say("niet te vergelijken", "cannot be compared")
    else:
        where = {
            Verdict.WITHIN: language.say("binnen de verwachte spreiding", "within the expected spread"),
            Verdict.NOTE: language.say("let op", "note"),
            Verdict.APART: language.say("wijkt af, na te gaan", "apart, to be looked into"),
        }[one.place]
    return msgspec.structs.replace(told, place=where)


def _spread(one: Spread | None, language: Language) -> str:
    if one is None:
        return language.say(
            "Er zijn geen drie organisaties met minstens 30 besliste gevallen: er valt niets te vergelijken.",
            "There are no three organisations with at least 30 decided cases: there is nothing to compare.",
        )
    told = language.say(
        f"Ligging: in een trechter van {one.compared} organisaties rond {percent(one.target, language)}, geen rangorde.",
        f"Place: in a funnel of {one.compared} organisations around {percent(one.target, language)}, no ranking.",
    )
    if one.phi is None:
        return told
    phi = f"{one.phi:.1f}".replace(".", language.say(",", "."))
    return f"{told} " + language.say(
        f"Zij lopen meer uiteen dan toeval geeft (φ = {phi}); de grenzen zijn daarvoor verbreed.",
        f"They spread more than chance gives (φ = {phi}); the limits are widened for it.",
    )


def _who(one: PartyTally, beside: Sequence[PartyTally], language: Language) -> str:
    """A party by its role and organisation. Where others are known by theirs, it says that this one's was not told."""
    unnamed = language.say("organisatie niet vermeld", "organisation not told")
    org = one.org or (unnamed if any(other.org for other in beside) else "")
    return f"{party(one.party, language)}{f' ({org})' if org else ''}"


def _changed(one: Changed, language: Language, *, may: bool) -> str:
    say = language.say
    asked, used = period(one.asked, language), period(one.used, language)
    near = say(
        f" (gevraagd: {asked}; dit is de dichtste norm die getoond mag worden)",
        f" (asked: {asked}; this is the nearest norm that may be told)",
    )
    told = say(f"Met een norm van {used}", f"With a norm of {used}") + (near if one.used != one.asked else "")
    if one.tally.hidden or one.more_late is None:
        return f"{told}: {say('te weinig gevallen om te tonen', 'too few cases to show')}."
    late = wording.number(abs(one.more_late), language)
    more = say("meer", "more") if one.more_late > 0 else say("minder", "fewer")
    what = say("niet benut", "unused") if may else say("te laat", "late")
    return f"{told}: {percent(one.tally.share, language)} {say('in tijd', 'in time')}; {late} {more} {what}."
