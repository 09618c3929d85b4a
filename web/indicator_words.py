"""Figures in words: each cell written out, and one sentence that says what a figure shows."""

from __future__ import annotations

import msgspec

from ledger.dimension import DIMENSIONS
from ledger.figure import Figure, Row, Side, split_labels
from ledger.indicator import Indicator, Method, Unit
from web import wording
from web.language import Language

_SHARES = (Method.SHARE, Method.MIX)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it is written."""

    labels: tuple[str, ...]
    numerator: str
    denominator: str
    value: str
    interval: str
    beside: str
    """Immature, left scope, neutral, unknown: what does not count, where there is any."""
    coverage: str
    flagged: bool
    hidden: bool
    bar: int | None
    """A share in thousandths, for its bar; None for what has no size."""
    quantiles: tuple[str, ...]
    naive: str


def tell(found: Indicator, row: Row, language: Language) -> Shown:
    """A row of a figure."""
    shown = not row.hidden and row.value is not None and found.method in _SHARES
    return Shown(
        labels=split_labels(row, language.value),
        numerator=_number(found, row.numerator, language, row.hidden),
        denominator=wording.number(row.denominator, language) if not row.hidden else _secret(language),
        value=_value(found, row.numerator, row.denominator, row.value, language),
        interval=_interval(found, row, language),
        beside=_beside(row, language),
        coverage=_coverage(row, language),
        flagged=row.coverage_state in {"flagged", "withheld"},
        hidden=row.hidden,
        bar=round(row.value * 1000) if shown and row.value is not None else None,
        quantiles=tuple(_days(one.days, language) for one in row.quantiles),
        naive="" if row.naive is None else _decimal(row.naive, language),
    )


def _secret(language: Language) -> str:
    return language.say("afgeschermd", "hidden")


def _number(found: Indicator, n: int | None, language: Language, hidden: bool) -> str:
    if hidden:
        return _secret(language)
    if n is not None and found.unit is Unit.CENTS:
        return _euro(n, language)
    return wording.number(n, language)


def _euro(cents: float, language: Language) -> str:
    return f"€ {wording.number(int((abs(cents) + 50) // 100) * (1 if cents >= 0 else -1), language)}"


def _decimal(value: float, language: Language) -> str:
    text = f"{value:,.1f}"
    return text if language is Language.EN else text.replace(",", "_").replace(".", ",").replace("_", ".")


def _percent(value: float, language: Language) -> str:
    text = _decimal(value * 100, language)
    return f"{text}%" if language is Language.EN else f"{text} %"


def _days(days: int | None, language: Language) -> str:
    return language.say("niet bereikt", "not reached") if days is None else wording.number(days, language)


def _value(found: Indicator, top: int | None, bottom: int | None, value: float | None, language: Language) -> str:
    if found.method in _SHARES and top is not None and bottom:
        return wording.share(top, bottom, language)
    if found.method is Method.TIME and bottom:
        return _days(None if value is None else int(value), language) if top is not None else wording.NOTHING
    return wording.NOTHING if value is None else _plain(found, value, language)


def _plain(found: Indicator, value: float, language: Language) -> str:
    if found.unit is Unit.CENTS:
        return _euro(value, language)
    if found.unit is Unit.POINTS:
        return f"{_signed(value, language)} {language.say('procentpunt', 'percentage points')}"
    return _percent(value, language) if found.unit is Unit.SHARE else _decimal(value, language)


def _signed(value: float, language: Language) -> str:
    """A difference of shares in points: ``+3,2`` or ``−12,0``."""
    points = round(value * 1000) / 10
    sign = "" if points == 0 else "+" if points > 0 else "\N{MINUS SIGN}"
    return f"{sign}{_decimal(abs(points), language)}"


def _interval(found: Indicator, row: Row, language: Language) -> str:
    if row.interval is None:
        return wording.NOTHING
    low, high = row.interval
    if found.method is Method.TIME:
        return f"{_days(_whole(low), language)} – {_days(_whole(high), language)}"
    if low is None or high is None:
        return wording.NOTHING
    if found.unit is Unit.POINTS:
        return f"{_signed(low, language)} {language.say('tot', 'to')} {_signed(high, language)}"
    if found.unit is Unit.SHARE:
        return f"{_decimal(low * 100, language)}–{_percent(high, language)}"
    return f"{_plain(found, low, language)} – {_plain(found, high, language)}"


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _beside(row: Row, language: Language) -> str:
    names = (
        (row.immature, "nog niet volgroeid", "not mature yet"),
        (row.left_scope, "uit bereik", "out of scope"),
        (row.neutral, "neutraal beëindigd", "ended neutrally"),
        (row.unknown, "onbekend", "unknown"),
    )
    secret = _secret(language)
    told = [f"{language.say(nl, en)}: {secret if n is None else wording.number(n, language)}" for n, nl, en in names if n is None or n]
    return "; ".join(told)


def _coverage(row: Row, language: Language) -> str:
    if row.coverage_state is None:
        return wording.NOTHING
    told = "" if row.coverage is None else _percent(row.coverage, language)
    state = {
        "ok": "",
        "flagged": language.say("(onder 80 %)", "(under 80%)"),
        "withheld": language.say("(onder 50 %: niet getoond)", "(under 50%: withheld)"),
    }
    return " ".join(part for part in (told, state[row.coverage_state]) if part) or language.say("voldoende", "sufficient")


def of_what(found: Indicator, n: int | None, language: Language) -> str:
    """A denominator with its noun: ``1.171 volledige dossiers``."""
    noun = language.of(found.denominator)
    noun = noun if noun[1:2].isupper() else noun[:1].lower() + noun[1:]
    return f"{wording.number(n, language)} {noun}"


def _side(found: Indicator, side: Side, language: Language) -> str:
    """One of the two groups of a gap: ``Laag 27,3 % (3 van 11)``."""
    dimension = (found.between or ("",))[0]
    share = wording.share(side.numerator, side.denominator, language)
    named = DIMENSIONS[dimension].label(side.group, language.value)
    return f"{named} {share} ({side.numerator} {language.say('van', 'of')} {side.denominator})"


def sentence_of(found: Indicator, figure: Figure, language: Language) -> str:
    """One sentence that says what the figure shows."""
    total = figure.total
    if total.hidden:
        return language.say("Te weinig om te tonen zonder iemand te herkennen.", "Too few to show without recognising somebody.")
    if total.coverage_state == "withheld":
        return language.say(
            "Van minder dan de helft kwam terugkoppeling: het cijfer wordt niet getoond.",
            "Feedback came on fewer than half: the figure is withheld.",
        )
    if not total.denominator:
        return language.say("Er is nog niets te tellen.", "There is nothing to count yet.")
    if found.method is Method.MIX:
        n = of_what(found, total.denominator, language)
        return language.say(f"Zo verdelen zich {n}.", f"This is how {n} divide.")
    value = _value(found, total.numerator, total.denominator, total.value, language)
    top, bottom = _number(found, total.numerator, language, False), wording.number(total.denominator, language)
    if found.method is Method.TIME:
        bottom = of_what(found, total.denominator, language)
        if total.value is None:
            return language.say(
                f"Van {bottom} bereikte minder dan de helft het einde: er is geen mediaan.",
                f"Of {bottom} fewer than half got there: there is no median.",
            )
        spent = wording.days(int(total.value), language)
        return language.say(f"De helft van {bottom} is er na {spent}.", f"Half of {bottom} get there after {spent}.")
    limits = _interval(found, total, language)
    around = f" ({language.say('95 %-interval', '95% interval')} {limits})" if total.interval is not None else ""
    if found.method in _SHARES:
        return language.say(f"{top} van {bottom}: {value}{around}.", f"{top} of {bottom}: {value}{around}.")
    if found.method is Method.GAP:
        if total.value is None:
            return language.say("Een van beide groepen is te klein om te tonen.", "One of the two groups is too small to show.")
        sides = ", ".join(_side(found, side, language) for side in total.sides)
        return language.say(f"{sides}. Het verschil is {value}{around}.", f"{sides}. The difference is {value}{around}.")
    if found.unit in (Unit.BASIS_POINTS, Unit.MINUTES):
        return f"{value} {language.of(found.unit.label)}{around}."
    if found.unit is Unit.CENTS:
        return language.say(f"{top} voor {bottom}: {value} per persoon.", f"{top} for {bottom}: {value} per person.")
    return f"{value}{around}{language.say(' per 10.000', ' per 10,000') if found.unit is Unit.PER_10000 else ''}."
