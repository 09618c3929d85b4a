"""How numbers, dates and moments are written for people, in Dutch and in English. Moments are shown in Brussels time."""

from __future__ import annotations

from datetime import date, datetime

from ledger.time import local_datetime
from web.language import Language

_MONTHS = {
    Language.NL: (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    Language.EN: ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}
_SHORT = {
    Language.NL: ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    Language.EN: ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
NOTHING = "–"


def number(value: int | None, language: Language) -> str:
    """A whole number with its thousands apart: 12.345 in Dutch, 12,345 in English."""
    if value is None:
        return NOTHING
    text = f"{value:,}"
    return text if language is Language.EN else text.replace(",", ".")


def day(value: date | None, language: Language) -> str:
    """``3 maart 2025``; a dash for none."""
    return NOTHING if value is None else f"{value.day} {_MONTHS[language][value.month - 1]} {value.year}"


def short_day(value: date | None, language: Language) -> str:
    """``3 mrt 2025``; a dash for none."""
    return NOTHING if value is None else f"{value.day} {_SHORT[language][value.month - 1]} {value.year}"


def month(value: str, language: Language) -> str:
    """``mrt 2025`` of ``2025-03``."""
    return f"{_SHORT[language][int(value[5:7]) - 1]} {value[:4]}"


def moment(value: datetime | None, language: Language) -> str:
    """``3 mrt 2025 09:30:05`` in Brussels; a dash for none."""
    if value is None:
        return NOTHING
    local = local_datetime(value)
    return f"{short_day(local.date(), language)} {local:%H:%M:%S}"


def sentence(text: str) -> str:
    """A message as a sentence of its own: a capital in front, a full stop behind, and names inside as they are."""
    told = text.strip()
    return f"{told[:1].upper()}{told[1:]}{'' if told.endswith(('.', '?', '!')) else '.'}"


def counted(n: int, one: tuple[str, str], more: tuple[str, str], language: Language) -> str:
    """A number with its noun: ``1 gebeurtenis``, ``2 gebeurtenissen``."""
    return f"{number(n, language)} {language.say(*(one if n == 1 else more))}"


def events(n: int, language: Language) -> str:
    """``1 gebeurtenis``, ``1.234 events``."""
    return counted(n, ("gebeurtenis", "event"), ("gebeurtenissen", "events"), language)


def days(n: int, language: Language) -> str:
    """``1 dag``, ``27 days``."""
    return counted(n, ("dag", "day"), ("dagen", "days"), language)


def share(part: int, whole: int, language: Language) -> str:
    """A percentage with one decimal, half up; a dash when there is nothing to divide by."""
    if whole <= 0:
        return NOTHING
    tenths = (part * 2000 + whole) // (2 * whole)
    text = f"{tenths // 10}.{tenths % 10}"
    return f"{text}%" if language is Language.EN else f"{text.replace('.', ',')} %"
