"""What it takes to pass a criterion that is not passed: a sheet says not only what is lacking (evaluation.md 6.4.6, proposal 6)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from ledger.comparison import Comparison
from ledger.criterion import WHOLE, Criterion, State
from ledger.data_state import SourceLack
from ledger.evidence import Evidence
from ledger.parameters import Parameters
from ledger.verdict import Message

FAR_YEARS = 10
"""A sample that would take longer is called out of reach."""
_SOURCES = 3
"""Sources that are named; the others are counted."""
_CHANCE = 3.0
"""Of some sixty levels the furthest lies about three standard errors away by chance alone."""


def remedies(
    known: Evidence, compared: Comparison, told: tuple[Criterion, ...], parameters: Parameters, as_of: date
) -> Mapping[str, Message]:
    """Per criterion that is failed or open, what it takes. A criterion about which nothing can be done is left out."""
    failed = {
        "E2": Message(
            "ga met de uitvoerder na waarom de genoemde stappen minder gebeuren dan elders", "ask the executor why these steps fall behind"
        ),
        "E5": Message("werf gericht bij de genoemde groepen", "recruit among the groups that are named"),
        "E7": _data(known, parameters),
        "E8": Message("laat de uitvoerder de bevinding oplossen of weerleggen", "have the executor mend or refute the finding"),
        "E9": Message(
            "bespreek de gemiste termijnen met de partner: zie Afspraken", "discuss the missed terms with the partner: see Agreements"
        ),
    }
    either = {
        "E1": _reach(known, parameters),
        "E3": _sample(known, compared, parameters, as_of),
        "E4": _robust(compared, parameters),
    }
    states = {one.id: one.state for one in told}
    made = {id: text for id, text in failed.items() if states[id] is State.FAILED}
    made |= {id: text for id, text in either.items() if states[id] in (State.FAILED, State.OPEN) and text is not None}
    return {id: made[id] for id in states if id in made}


def _reach(known: Evidence, parameters: Parameters) -> Message:
    target = known.pilot.target
    if target is None:
        return Message("stel een streefcijfer vast", "set a target")
    least = max(parameters.few, -(-target * parameters.reach_bp // WHOLE))
    return Message(f"minstens {least} deelnemers", f"at least {least} participants")


def sample_date(known: Evidence, compared: Comparison, parameters: Parameters, as_of: date) -> tuple[int, date | None] | None:
    """How many matched persons would show the smallest difference that matters, and when, at the pace so far; None without a comparison.

    The date is None when it lies more than ten years away, or when the pilot ends before.
    """
    if compared.chosen is None or compared.visible is None or compared.plan.primary is None or not compared.fitting:
        return None
    now = compared.chosen.estimate.found.n_first
    needed = math.ceil(now * (compared.visible / (parameters.effect_least_bp / WHOLE)) ** 2)
    ripe = compared.fitting - compared.immature
    days = max(1, (as_of - known.pilot.valid_from).days)
    share = now / ripe if ripe else 0.0
    pace = compared.fitting * share / days
    if needed <= now or pace <= 0:
        return needed, None
    missing = needed - now - compared.immature * share
    wait = max(0.0, missing / pace) + compared.plan.primary.days
    last = known.pilot.valid_to
    if wait > FAR_YEARS * 365 or (last is not None and as_of + timedelta(days=wait - compared.plan.primary.days) > last):
        return needed, None
    return needed, as_of + timedelta(days=round(wait))


def _sample(known: Evidence, compared: Comparison, parameters: Parameters, as_of: date) -> Message | None:
    told = sample_date(known, compared, parameters, as_of)
    if told is None:
        return Message(
            f"wacht tot van minstens {parameters.few} vergelijkbare personen de termijn om is",
            f"wait until the time of at least {parameters.few} comparable persons is over",
        )
    needed, on = told
    assert compared.chosen is not None
    now, least = compared.chosen.estimate.found.n_first, parameters.effect_least_bp // 100
    if needed <= now:
        return None
    nl = f"om {least} procentpunt te kunnen zien zijn ongeveer {needed} gematchte personen nodig, nu {now}: "
    en = f"to be able to see {least} percentage points about {needed} matched persons are needed, now {now}: "
    if on is None:
        return Message(nl + "aan dit tempo niet haalbaar", en + "out of reach at this pace")
    return Message(nl + f"aan dit tempo rond {on:%m-%Y}", en + f"at this pace around {on:%Y-%m}")


def _robust(compared: Comparison, parameters: Parameters) -> Message | None:
    if compared.chosen is None:
        return None
    balance, found = compared.chosen.balance, compared.chosen.estimate.found
    if balance.passes or not found.n_first or not found.n_second:
        return Message("een groter verschil, of meer personen (zie E3)", "a larger difference, or more persons (see E3)")
    chance = _CHANCE * math.sqrt(1 / found.n_first + 1 / found.n_second)
    if balance.unmatched_share * WHOLE >= parameters.unmatched_bp:
        return Message("meer vergelijkbare personen: te velen vinden geen gelijke", "more comparable persons: too many find no like")
    if balance.worst < chance:
        ratio = found.n_second / found.n_first
        needed = math.ceil((_CHANCE / parameters.smd_pass) ** 2 * (1 + 1 / ratio))
        return Message(
            f"zoveel verschillen ook gelijke groepen van deze omvang door toeval; vanaf ongeveer {needed} gematchte personen niet meer",
            f"groups of this size differ as much by chance alone; from about {needed} matched persons on they do not",
        )
    return Message("de groepen verschillen meer dan door toeval: zie Balans", "the groups differ by more than chance: see Balance")


def _data(known: Evidence, parameters: Parameters) -> Message:
    data = known.data
    if data.closed < known.pilot.valid_from:
        return Message("wacht op het eerste gesloten kwartaal", "wait for the first closed quarter")
    if not data.gaps and not data.months_wrong:
        return Message("laat VDAB en Actiris hun stappen terugkoppelen", "have VDAB and Actiris report their steps")
    enough = (data.months - data.months_wrong) * WHOLE >= data.months * parameters.reconciled_bp
    lacking = [msgspec.structs.replace(one, months=()) if enough else one for one in data.lacking if one.numbers or not enough]
    named = lacking[:_SOURCES]
    nl, en = "; ".join(_source(one)[0] for one in named), "; ".join(_source(one)[1] for one in named)
    more = len(lacking) - len(named)
    if more:
        nl, en = f"{nl}; en {more} andere bronnen", f"{en}; and {more} other sources"
    return Message(f"laat nasturen of verklaren: {nl} (zie Databronnen)", f"have sent or explained: {en} (see Data sources)")


def _source(one: SourceLack) -> tuple[str, str]:
    nl, en = [], []
    if one.numbers:
        nl.append(f"{one.numbers} {'nummer' if one.numbers == 1 else 'nummers'}")
        en.append(f"{one.numbers} {'number' if one.numbers == 1 else 'numbers'}")
    if one.months:
        nl.append(f"{len(one.months)} {'maand' if len(one.months) == 1 else 'maanden'}")
        en.append(f"{len(one.months)} {'month' if len(one.months) == 1 else 'months'}")
    return f"{one.name.nl} {' en '.join(nl)}", f"{one.name.en} {' and '.join(en)}"
