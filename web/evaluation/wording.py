"""Numbers, shares, points and money as these pages write them."""

from __future__ import annotations

from ledger.codes.clock_state import Party
from ledger.codes.region import Region
from ledger.disclosure import Cell
from ledger.interval import Interval
from web import wording
from web.language import Language


def decimal(value: float, language: Language, digits: int = 1) -> str:
    """A number with digits after the comma."""
    text = f"{value:,.{digits}f}"
    return text if language is Language.EN else text.replace(",", "_").replace(".", ",").replace("_", ".")


def percent(value: float | None, language: Language) -> str:
    """A share."""
    if value is None:
        return wording.NOTHING
    return f"{decimal(value * 100, language)}{'%' if language is Language.EN else ' %'}"


def points(value: float | None, language: Language) -> str:
    """A difference of shares, with its sign."""
    if value is None:
        return secret(language)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{decimal(abs(value) * 100, language)}"


def between(interval: Interval | None, language: Language) -> str:
    """An interval of a difference."""
    if interval is None:
        return wording.NOTHING
    return f"{points(interval.low, language)} {language.say('tot', 'to')} {points(interval.high, language)}"


def euro(cents: float | None, language: Language) -> str:
    """Money in whole euro."""
    return wording.NOTHING if cents is None else f"€ {wording.number(int((cents + 50) // 100), language)}"


def cell(one: Cell, language: Language) -> str:
    """A count that may be hidden."""
    return "<5" if one.n is None else wording.number(one.n, language)


def share_between(low: float, high: float, language: Language) -> str:
    """The limits of a share: ``17,6–19,0 %``."""
    return f"{percent(low, language).removesuffix('%').rstrip()}–{percent(high, language)}"


def secret(language: Language) -> str:
    """What stands for a hidden figure."""
    return language.say("afgeschermd", "hidden")


_UNITS = {
    "D": (("dag", "day"), ("dagen", "days")),
    "W": (("week", "week"), ("weken", "weeks")),
    "M": (("maand", "month"), ("maanden", "months")),
    "Y": (("jaar", "year"), ("jaar", "years")),
}


def period(text: str | None, language: Language) -> str:
    """A norm in words: ``60 dagen``."""
    if text is None:
        return wording.NOTHING
    count = int("".join(letter for letter in text if letter.isdigit()))
    if "T" in text:
        return wording.counted(count, ("uur", "hour"), ("uur", "hours"), language)
    return wording.counted(count, *_UNITS[text[-1]], language)


def region(code: str, language: Language) -> str:
    """A region in words."""
    if code == "elsewhere":
        return language.say("van elders", "from elsewhere")
    try:
        return Region(code).label(language.value).removeprefix("Referentieregio ").removeprefix("Reference region ")
    except ValueError:
        return language.say("onbekend", "unknown")


def party(code: str, language: Language) -> str:
    """A responsible party in words."""
    return Party(code).label(language.value)
