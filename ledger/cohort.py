"""Cohorts and periods: a stretch of days, and the whole years and quarters that it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from ledger.errors import UsageError
from ledger.verdict import Message

_PART = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>[0-9]{2})-(?P<day>[0-9]{2})))?")
_FORM = Message(
    "een cohort is VAN:TOT met dagen (2024-01-01:2024-12-31), jaren (2024) of kwartalen (2024-Q1:2024-Q3); één kant mag leeg blijven",
    "a cohort is FROM:TO in days (2024-01-01:2024-12-31), years (2024) or quarters (2024-Q1:2024-Q3); one side may be left empty",
)


class Unanswerable(UsageError):
    """A question that cannot be answered as it is asked; ``pointer`` names the part of it."""

    def __init__(self, pointer: str, message: Message) -> None:
        super().__init__(f"{pointer}: {message.en}")
        self.pointer = pointer
        self.message = message


class Cohort(msgspec.Struct, frozen=True):
    """Both days included; None is open."""

    start: date | None
    end: date | None

    def __str__(self) -> str:
        return f"{self.start or ''}:{self.end or ''}"

    @property
    def whole(self) -> bool:
        """Whether it begins on the first day of a quarter and ends on the last of one."""
        first = self.start is None or (self.start.day == 1 and self.start.month % 3 == 1)
        after = self.end + timedelta(days=1) if self.end is not None and self.end < date.max else None
        return first and (self.end is None or (after is not None and after.day == 1 and after.month % 3 == 1))

    @property
    def whole_years(self) -> bool:
        """Whether it begins on the first day of a year and ends on the last of one."""
        first = self.start is None or (self.start.month, self.start.day) == (1, 1)
        return first and (self.end is None or (self.end.month, self.end.day) == (12, 31))

    def holds(self, quarter: str) -> bool:
        """Whether a quarter lies in it, for a whole one."""
        first = date(int(quarter[:4]), int(quarter[6]) * 3 - 2, 1)
        return (self.start is None or self.start <= first) and (self.end is None or first <= self.end)


def read_cohort(text: str) -> Cohort:
    """``FROM:TO`` in days, years or quarters, or one year or quarter. ``Unanswerable`` when it is none of these."""
    sides = text.strip().split(":")
    if len(sides) > 2 or not any(sides):
        raise Unanswerable("cohort", _FORM)
    start = _days(sides[0])[0] if sides[0] else None
    end = _days(sides[-1])[1] if sides[-1] else None
    if start is not None and end is not None and end < start:
        raise Unanswerable(
            "cohort", Message(f"het cohort eindigt ({end}) voor het begint ({start})", f"it ends ({end}) before it begins ({start})")
        )
    return Cohort(start, end)


def _days(text: str) -> tuple[date, date]:
    found = _PART.fullmatch(text.strip())
    if found is None:
        raise Unanswerable("cohort", _FORM)
    year = int(found["year"])
    if found["quarter"]:
        month = int(found["quarter"]) * 3
        after = date(year + (month == 12), month % 12 + 1, 1)
        return date(year, month - 2, 1), after - timedelta(days=1)
    if found["month"]:
        try:
            day = date(year, int(found["month"]), int(found["day"]))
        except ValueError:
            raise Unanswerable("cohort", _FORM) from None
        return day, day
    return date(year, 1, 1), date(year, 12, 31)


def periods(quarters: list[str], cohort: Cohort | None) -> Iterator[tuple[str, ...]]:
    """What a whole cohort is made of, as places on the time axis: everything, whole years, and the quarters that are left.

    ``quarters`` are all that hold something, in order. A year counts as whole when the cohort holds its four quarters.
    """
    if cohort is None or (cohort.start is None and cohort.end is None):
        yield ()
        return
    done: set[str] = set()
    for quarter in quarters:
        year = quarter[:4]
        if year in done or not cohort.holds(quarter):
            continue
        if all(cohort.holds(f"{year}-Q{number}") for number in (1, 2, 3, 4)):
            done.add(year)
            yield (year,)
        else:
            yield (year, quarter)
