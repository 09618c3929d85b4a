"""The ledger's calendar: every clock and figure works on local dates in Europe/Brussels (domain.md 0.3)."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

_LAST_ORDINAL = date.max.toordinal()
_PERIOD = re.compile(r"P(?:(\d+)([DWMY])|T(\d+)H)\Z")


_FIRST_HOUR = int(datetime(2, 1, 1, tzinfo=UTC).timestamp() // 3600)
_LAST_HOUR = int(datetime(9998, 12, 31, tzinfo=UTC).timestamp() // 3600)


@lru_cache(maxsize=1 << 18)
def local_hour(hour: int) -> tuple[timedelta, date]:
    """Offset from UTC, and local date, of the ``hour``-th hour since 1970: offsets change on whole UTC hours only.

    Hours at the ends of the calendar are moved a year inwards, so that no moment that a publisher may send overflows.
    """
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=min(max(hour, _FIRST_HOUR), _LAST_HOUR))
    local = moment.astimezone(BRUSSELS)
    return local.utcoffset() or timedelta(0), local.date()


def local_datetime(moment: datetime) -> datetime:
    """The wall-clock time in Brussels, without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) + local_hour(int(moment.timestamp() // 3600))[0]


def local_date(moment: datetime) -> date:
    """The calendar date in Brussels at ``moment`` (a datetime with an offset)."""
    return local_hour(int(moment.timestamp() // 3600))[1]


def local_midnight(day: date) -> datetime:
    """The moment, in UTC, at which a local date begins."""
    return datetime(day.year, day.month, day.day, tzinfo=BRUSSELS).astimezone(UTC)


def day_after(day: date) -> date:
    """The next calendar date; the last date there is has none and stays."""
    return days_after(day, 1)


def days_after(day: date, days: int) -> date:
    """``day`` + ``days``, kept inside the calendar: a date like 9999-12-31 means *never* in many feeds and must not overflow."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), _LAST_ORDINAL))


def add_months(day: date, months: int) -> date:
    """Add whole months and clip to the month's end: 2024-11-30 + 3 months = 2025-02-28."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=256)
def _parsed(period: str) -> tuple[int, str]:
    match = _PERIOD.match(period)
    if match is None or match[1] is None:
        raise ValueError(f"{period!r} is no period in days, weeks, months or years")
    return int(match[1]), match[2]


def add_period(day: date, period: str) -> date:
    """``day`` + an ISO 8601 period in days, weeks, months or years. Hours have no date: ``ValueError``."""
    count, unit = _parsed(period)
    if unit == "D":
        return days_after(day, count)
    if unit == "W":
        return days_after(day, 7 * count)
    return add_months(day, count * (12 if unit == "Y" else 1))


def joined(period: str, extra: str) -> str | None:
    """The sum of two periods of one unit (``P3M`` and ``P1M``: ``P4M``); None when their units differ."""
    one, other = _PERIOD.match(period), _PERIOD.match(extra)
    if one is None or other is None or one[1] is None or one[2] != other[2]:
        return None
    return f"P{int(one[1]) + int(other[1])}{one[2]}"


def period_hours(period: str) -> int:
    """The hours of a period such as ``PT48H``."""
    match = _PERIOD.match(period)
    if match is None or match[3] is None:
        raise ValueError(f"{period!r} is no period in hours")
    return int(match[3])
