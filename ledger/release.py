"""Releases: the figures of a closed quarter, fixed for good, and when a later version of them may appear (evaluation.md 6.1.4, 6.1.5).

A quarter closes some days after its end. What is then known of it is release ``2025-Q4.r0``, which stays readable for ever.
Later entries change what is known; a next release ``r1`` tells old and new. Whoever subtracts the one from the other must not
find a single person, so an indicator is only released anew when each of its cells stands still or moves by ``k`` or more. What
moves by less waits, at the longest until the yearly closing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from ledger.publication import Cell

_NAME = re.compile(r"([12][0-9]{3})-Q([1-4])")


class Quarter(NamedTuple):
    """A calendar quarter."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        """Its last day: D of its releases."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The one after it."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def closes_on(self, days: int) -> date:
        """The day from whose first moment on it is closed, ``days`` after its end."""
        return self.last + timedelta(days=days + 1)


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(text: str) -> Quarter | None:
    """``2025-Q4``, or None when it is no quarter."""
    found = _NAME.fullmatch(text.strip().upper())
    return None if found is None else Quarter(int(found[1]), int(found[2]))


def closed_quarters(since: date, today: date, days: int) -> Iterator[Quarter]:
    """The quarters from the one that ``since`` lies in that are closed today, oldest first."""
    quarter = quarter_of(since)
    while quarter.closes_on(days) <= today:
        yield quarter
        quarter = quarter.next


class Why(StrEnum):
    """Why a release was made."""

    CLOSING = "closing"
    """The quarter closed."""
    REVISION = "revision"
    """Later entries moved its figures, by enough to tell."""
    YEARLY = "yearly"
    """The yearly closing: everything that waited."""


Place = tuple[str, str | None, str | None, str | None, str | None]
"""An indicator and its dimensions with their values."""


def place(cell: Cell) -> Place:
    """Where a cell stands."""
    return (cell.indicator, cell.dimension_1, cell.value_1, cell.dimension_2, cell.value_2)


_BESIDE = ("immature", "left_scope", "neutral", "unknown")
"""Counts that are released beside a figure."""


class Moved(msgspec.Struct, frozen=True):
    """How far a cell moved between two cuts, exactly: for deciding, never for showing."""

    place: Place
    numerator: int
    denominator: int
    rest: int = 0
    """Of a share: those below the line who are not above it."""
    beside: tuple[int, ...] = ()
    """What does not count: not mature, left, ended neutrally, unknown."""

    def telling(self, k: int) -> bool:
        """Whether the difference of the two versions would be a small number."""
        return any(0 < abs(moved) < k for moved in (self.numerator, self.denominator, self.rest, *self.beside))


def moved(old: Sequence[Cell], new: Sequence[Cell]) -> list[Moved]:
    """The cells whose exact numbers differ between two cuts; a cell that is missing counts as nothing."""
    before, after = ({place(cell): cell for cell in cells} for cells in (old, new))
    found = []
    for where in sorted(before.keys() | after.keys(), key=str):
        first, second = _numbers(before.get(where)), _numbers(after.get(where))
        if first != second:
            top, bottom, rest, *beside = (b - a for a, b in zip(first, second, strict=True))
            found.append(Moved(where, top, bottom, rest, tuple(beside)))
    return found


def _numbers(cell: Cell | None) -> tuple[int, ...]:
    """Above and below the line, of a share those below it only, and what stands beside it."""
    if cell is None:
        return (0,) * (3 + len(_BESIDE))
    top, bottom = cell.numerator or 0, cell.denominator or 0
    return (top, bottom, bottom - top if cell.unit == "share" else 0, *(getattr(cell, name) or 0 for name in _BESIDE))


def releasable(found: Sequence[Moved], k: int, *, yearly: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The indicators that may be released anew, and those that must wait. At the yearly closing none waits."""
    changed = frozenset(one.place[0] for one in found)
    waiting = frozenset() if yearly else frozenset(one.place[0] for one in found if one.telling(k))
    return changed - waiting, waiting


def merged(old: Sequence[Cell], new: Sequence[Cell], anew: frozenset[str]) -> list[Cell]:
    """The cells of a next release: those of ``anew`` from the new cut, all others as they were released before."""
    return [cell for cell in old if cell.indicator not in anew] + [cell for cell in new if cell.indicator in anew]


def revised(old: Sequence[Cell], new: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
    """The published cells that changed, old and new, where both versions have one."""
    before: Mapping[Place, Cell] = {place(cell): cell for cell in old}
    told = [(before[place(cell)], cell) for cell in new if place(cell) in before]
    return [(one, other) for one, other in told if (one.value, *_numbers(one)) != (other.value, *_numbers(other))]
