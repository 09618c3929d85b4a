"""What the money allows, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ledger.dimension import DIMENSIONS
from ledger.profiles import BENEFIT, REGION, RELIANCE
from ledger.scenario import Lost, Rule, Scenario
from streams.evaluation import Budget
from web import wording
from web.evaluation.wording import decimal, euro, region
from web.language import Language

_STEP = 50_000
"""Euro from one place of the slider to the next."""


class Slider(msgspec.Struct, frozen=True, kw_only=True):
    """The slider, in whole euro."""

    low: int
    high: int
    step: int
    value: int


class PilotLine(msgspec.Struct, frozen=True, kw_only=True):
    """One pilot in a division."""

    name: str
    money: str
    people: str
    lost: str
    results: str
    fewer: str
    """Results lost."""
    mark: str
    """What must be said of it: it stops, or lies outside what was observed."""
    bar: int
    """People kept, in thousandths of those reached before."""


class Division(msgspec.Struct, frozen=True, kw_only=True):
    """One way to divide the money."""

    code: str
    label: str
    sentence: str
    lines: list[PilotLine]
    lost_by: list[tuple[str, list[tuple[str, str]]]]
    """Persons no longer reached: by what, and per code how many."""


class BudgetView(msgspec.Struct, frozen=True, kw_only=True):
    """The budget, its slider and its divisions."""

    slider: Slider
    chosen: str
    base: str
    base_year: int
    planned: str
    lean_year: int
    share: str
    cuts: list[tuple[str, int]]
    """Quick choices: a label and an amount in euro."""
    divisions: list[Division]
    envelopes: list[list[str]]


def budget_view(told: Budget, names: Mapping[str, str], language: Language) -> BudgetView:
    """The budget in a language; ``names`` are those of the pilots."""
    base = told.base // 100
    high = -(-base // _STEP) * _STEP
    cuts = [(f"−{100 - round(100 * one.budget / told.base)} %", one.budget // 100) for one in told.envelopes if told.base]
    return BudgetView(
        slider=Slider(low=0, high=high, step=_STEP, value=min(high, told.budget // 100)),
        chosen=euro(told.budget, language),
        base=euro(told.base, language),
        base_year=told.base_year,
        planned=euro(told.planned, language) if told.planned else language.say("nog niets", "nothing yet"),
        lean_year=told.lean_year,
        share=decimal(100 * told.budget / told.base, language, 0) if told.base else "–",
        cuts=cuts,
        divisions=[_division(one, names, language, told.scenarios[0]) for one in told.scenarios],
        envelopes=[
            [
                label,
                euro(one.budget, language),
                _n(one.people, language),
                _n(one.lost_people, language),
                _n(round(one.lost_results), language),
            ]
            for (label, _), one in zip(cuts, told.envelopes, strict=False)
        ],
    )


def _n(value: int | None, language: Language) -> str:
    return wording.number(value, language)


def _division(one: Scenario, names: Mapping[str, str], language: Language, alike: Scenario) -> Division:
    say = language.say
    lines = []
    for part in one.allotments:
        reached = None if part.people is None or part.lost_people is None else part.people + part.lost_people
        mark = say("stopt: dekt de vaste kost niet", "stops: does not cover the fixed cost") if not part.runs else ""
        if part.runs and part.outside:
            mark = say("buiten waargenomen bereik", "outside what was observed")
        lines.append(
            PilotLine(
                name=names.get(part.pilot_id, part.pilot_id[:8]),
                money=euro(part.cents, language),
                people=_n(part.people, language),
                lost=_n(part.lost_people, language),
                results=wording.NOTHING if part.results is None else decimal(part.results, language, 0),
                fewer=wording.NOTHING if part.lost_results is None else decimal(part.lost_results, language, 0),
                mark=mark,
                bar=round(1000 * (part.people or 0) / reached) if reached else 0,
            )
        )
    kept, gone, fewer = _n(one.people, language), _n(one.lost_people, language), _n(round(one.lost_results), language)
    sentence = say(
        f"{kept} personen bereikt, {gone} niet meer; ongeveer {fewer} deelnemers met de uitkomst minder.",
        f"{kept} persons reached, {gone} no longer; about {fewer} fewer participants with the outcome.",
    )
    if one.rule is Rule.CHEAPEST and [part.cents for part in one.allotments] == [part.cents for part in alike.allotments]:
        sentence += say(
            " Van geen proeftuin is die kost vast te stellen: gelijk verdeeld.", " That cost is established for no pilot: divided alike."
        )
    return Division(code=one.rule.code, label=language.of(one.rule.label), sentence=sentence, lines=lines, lost_by=_lost_by(one, language))


def _lost_by(one: Scenario, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Persons no longer reached, by region and by profile; nothing when none is."""
    say = language.say
    named = {
        REGION: say("Regio", "Region"),
        RELIANCE: say("Zelfredzaamheid", "Self-reliance"),
        BENEFIT: say("Werk en uitkering", "Work and benefit"),
    }
    told = []
    for dimension, title in named.items():
        lost = {code: part for code, part in one.lost_by(dimension).items() if part.n or part.hidden}
        if lost:
            told.append((title, [(_code(dimension, code, language), _how_many(part, language)) for code, part in lost.items()]))
    return told


def _how_many(part: Lost, language: Language) -> str:
    return f"{_n(part.n, language)}{' +' if part.hidden else ''}" if part.n else "+"


def _code(dimension: str, code: str, language: Language) -> str:
    if dimension == REGION:
        return region(code, language)
    if dimension == BENEFIT:
        return language.say("zonder werk en uitkering", "without work and benefit") if code == "yes" else language.say("anderen", "others")
    return DIMENSIONS["self_reliance"].label(code, language.value)
