"""Local days and seconds in Brussels, and their text on the wire.

The simulator counts in whole days (proleptic ordinals, as ``date.toordinal``) and seconds of the local day; a
moment on the wire is seconds since 1970 in UTC. Nothing here asks for the time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

EPOCH_DAY = date(1970, 1, 1).toordinal()
DAY = 86_400
HOUR = 3_600
MINUTE = 60

_MINUTES = [f"{m // 60:02d}:{m % 60:02d}:" for m in range(1440)]
_SECONDS = [f"{s:02d}" for s in range(60)]


def day_of(text: str) -> int:
    """The ordinal of an ISO date."""
    return date.fromisoformat(text).toordinal()


@lru_cache(maxsize=32_768)
def as_date(day: int) -> date:
    """The date of an ordinal."""
    return date.fromordinal(day)


@lru_cache(maxsize=32_768)
def day_text(day: int) -> str:
    """``YYYY-MM-DD``."""
    return date.fromordinal(day).isoformat()


def weekday(day: int) -> int:
    """Monday 0 … Sunday 6."""
    return (day - 1) % 7


def working_day(day: int) -> int:
    """The day itself, or the Monday after a weekend."""
    w = (day - 1) % 7
    return day if w < 5 else day + 7 - w


def next_monday(day: int) -> int:
    """The first Monday on or after a day."""
    return day + (1 - day) % 7


def first_of_month(year: int, month: int) -> int:
    """The ordinal of the first day of a month; ``month`` may run past 12."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1).toordinal()


@lru_cache(maxsize=32_768)
def _offsets(day: int) -> tuple[int, int]:
    """UTC offset in seconds at local midnight and after 03:00. Summer time runs between the last Sundays of March and October."""
    d = date.fromordinal(day)
    march = date(d.year, 3, 31).toordinal()
    october = date(d.year, 10, 31).toordinal()
    begins, ends = march - march % 7, october - october % 7
    return (7200 if begins < day <= ends else 3600), (7200 if begins <= day < ends else 3600)


def instant(day: int, second: int) -> int:
    """Seconds since 1970 (UTC) at a local day and second. The hours of a clock change (00:00–03:00) count by midnight's offset."""
    midnight, later = _offsets(day)
    return (day - EPOCH_DAY) * DAY + second - (midnight if second < 3 * HOUR else later)


def local_text(day: int, second: int) -> str:
    """RFC 3339 with the Brussels offset."""
    midnight, later = _offsets(day)
    offset = midnight if second < 3 * HOUR else later
    return f"{day_text(day)}T{_MINUTES[second // 60]}{_SECONDS[second % 60]}+0{offset // 3600}:00"


def utc_text(moment: int) -> str:
    """RFC 3339 in UTC."""
    day, second = divmod(moment, DAY)
    return f"{day_text(day + EPOCH_DAY)}T{_MINUTES[second // 60]}{_SECONDS[second % 60]}Z"


def as_moment(day: int, second: int) -> datetime:
    """A local day and second as a datetime in UTC."""
    return datetime.fromtimestamp(instant(day, second), UTC)


def local_day(moment: int) -> int:
    """The local day of a moment."""
    return local_day_second(moment)[0]


def local_day_second(moment: int) -> tuple[int, int]:
    """The local day and second of a moment."""
    day, second = divmod(moment, DAY)
    day += EPOCH_DAY
    midnight, later = _offsets(day)
    changed = second >= HOUR
    day_after, local = divmod(second + (later if changed else midnight), DAY)
    return day + day_after, local
