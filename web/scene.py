"""A scene: a board of figures as one visit asks for it, with its filters, its period and its language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from ledger.cohort import Cohort, Unanswerable
from ledger.definition import definition_mark, parameters_mark
from ledger.dimension import DIMENSIONS, MOST, QUARTER, UNKNOWN, YEAR
from ledger.figure import Figure, Row
from ledger.indicator import Base, Indicator, Method
from ledger.verdict import Message
from streams.board import Board
from streams.figures import declared
from web import wording
from web.labels import source_label
from web.language import Language


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure stands on, and how to make it again (evaluation.md 6.1.5)."""

    id: str
    title: str
    version: int
    definition: str
    """Mark of the definition."""
    parameters: str
    """Mark of the assumptions and norms."""
    position: int
    as_of: date
    cohort: str
    n: int | None
    immature: int | None
    left_scope: int | None
    neutral: int | None
    unknown: int | None
    coverage: float | None
    coverage_state: str | None
    hidden: int
    erased: int
    by: tuple[str, ...]
    query: Mapping[str, str]
    """The question for the API."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with the filters of a page applied: the rows that are left, without the filtered dimensions."""

    indicator: Indicator
    figure: Figure
    rows: tuple[Row, ...]
    total: Row
    label: Label
    unfiltered: tuple[str, ...]
    """Filters that this figure cannot be cut by."""


class Scene:
    """Makes everything that a page shows. Not shared between visits."""

    def __init__(
        self,
        board: Board,
        language: Language,
        *,
        filters: Mapping[str, str],
        cohort: Cohort | None,
        cohort_text: str,
        split: str,
        roles: Mapping[str, str] | None = None,
    ) -> None:
        self.board = board
        self.language = language
        self.filters = filters
        self.cohort = cohort
        self.cohort_text = cohort_text
        self.split = split
        self.roles = roles or {}
        """What sources and organisations are, in words, for people who do not know their numbers."""
        """The dimension that a visitor compares by; empty for what a block has of its own."""

    def say(self, nl: str, en: str) -> str:
        """One of two texts."""
        return self.language.say(nl, en)

    def compared(self, id: str) -> str:
        """The dimension that the visitor compares by, when this indicator can be split by it."""
        return self.split if self.split in declared(id).splits and self.split not in self.filters and self.fits(id, [self.split]) else ""

    def split_by(self, id: str, own: str) -> str:
        """What a block is split by: what the visitor compares by, else its own; nothing when that is too fine."""
        by = self.compared(id) or own
        return by if by and by not in self.filters and self.fits(id, [by]) else ""

    def fits(self, id: str, by: Sequence[str]) -> bool:
        """Whether a split with the filters and the period is coarse enough for anything of it to be shown."""
        found = declared(id)
        names = {*by, *(name for name in self.filters if name in found.splits), *((found.mix,) if found.mix else ())}
        sizes = [max(len(values(name)), _UNLISTED) for name in names if name not in (YEAR, QUARTER)]
        timed = bool(names & {YEAR, QUARTER}) or (self.cohort is not None and found.base is not Base.STOCK)
        if timed:
            sizes.append(_YEARS if QUARTER not in names and (self.cohort is None or self.cohort.whole_years) else _QUARTERS)
        return len(sizes) < MOST or math.prod(sizes) <= _CELLS

    def name(self, dimension: str, value: str) -> str:
        """A value of a dimension in words."""
        if dimension == "source":
            written = source_label(value, self.language)
            return f"{self.roles[value]} · {written}" if value in self.roles else written
        return DIMENSIONS[dimension].label(value, self.language.value)

    def head(self, dimension: str) -> str:
        """The name of a dimension."""
        return self.say(DIMENSIONS[dimension].nl, DIMENSIONS[dimension].en)

    def seen(self, id: str, *, by: Sequence[str] = ()) -> Seen:
        """A figure with the filters that it can be cut by, and the period.

        :raises Unanswerable: it cannot be split like this under these filters.
        """
        found = declared(id)
        own = [name for name in by if name not in self.filters]
        if not self.fits(id, own):
            raise Unanswerable("by", TOO_FINE)
        cut = {name: value for name, value in self.filters.items() if name in found.splits}
        cohort = self.cohort if found.base is not Base.STOCK else None
        made = self.board.figure(found, by=(*cut, *own), cohort=cohort)
        rows = tuple(_bare(row, cut) for row in made.rows if all(row.strata.get(name) == value for name, value in cut.items()))
        total = made.total
        if cut and found.mix is not None:
            # A mix is split by its categories in any case; what they are a part of stands below the line of each.
            n = next((row.denominator for row in rows if row.denominator is not None), None if rows else 0)
            total = msgspec.structs.replace(_EMPTY, numerator=n, denominator=n, hidden=n is None)
        elif cut:
            whole = self.board.figure(found, by=tuple(cut), cohort=cohort)
            total = next((row for row in whole.rows if all(row.strata.get(name) == value for name, value in cut.items())), _EMPTY)
        if not own and found.method is not Method.MIX:
            rows = (_bare(total, cut),)
        rows = tuple(sorted(rows, key=lambda row: tuple(place(name, value) for name, value in row.strata.items())))
        unfiltered = tuple(name for name in self.filters if name not in cut)
        return Seen(
            indicator=found, figure=made, rows=rows, total=total, label=self._label(found, made, total, cohort), unfiltered=unfiltered
        )

    def _label(self, found: Indicator, made: Figure, total: Row, cohort: Cohort | None) -> Label:
        query = {"by": ",".join(made.by), "cohort": self.cohort_text if cohort is not None else ""}
        return Label(
            id=found.id,
            title=self.language.of(found.title),
            version=found.version,
            definition=definition_mark(found),
            parameters=parameters_mark(),
            position=made.position,
            as_of=made.as_of,
            cohort=made.cohort or self.say("alles", "everything"),
            n=total.denominator,
            immature=total.immature,
            left_scope=total.left_scope,
            neutral=total.neutral,
            unknown=total.unknown,
            coverage=total.coverage,
            coverage_state=total.coverage_state,
            hidden=made.hidden,
            erased=made.erased,
            by=made.by,
            query={name: value for name, value in query.items() if value},
        )

    def fault(self, error: Unanswerable) -> str:
        """Why a figure cannot be had like this."""
        return self.language.of(error.message)

    def share(self, row: Row) -> str:
        """A share in words; a dash without a denominator."""
        if row.numerator is None or not row.denominator:
            return wording.NOTHING
        return wording.share(row.numerator, row.denominator, self.language)

    def percent(self, share: float) -> str:
        """A share that is no count of something: one decimal."""
        return wording.share(round(share * 1000), 1000, self.language)

    def between(self, low: float, high: float) -> str:
        """The limits of a share: ``17,6–19,0 %``."""
        first = self.percent(low)
        return f"{first[: -2 if first.endswith(' %') else -1]}–{self.percent(high)}"

    def number(self, n: int | None) -> str:
        """A count; ``afgeschermd`` for one that may not be shown."""
        return self.say("afgeschermd", "hidden") if n is None else wording.number(n, self.language)


_UNLISTED, _YEARS, _QUARTERS = 3, 5, 20
"""How many values a dimension without a list, or time, is taken to have."""
_CELLS = 130
"""Three crossings with more cells than this would be hidden nearly whole, and take long to find that out."""
TOO_FINE = Message(
    "met deze filters en deze periode samen zou bijna alles afgeschermd zijn: kies er minder tegelijk",
    "with these filters and this period together nearly everything would be hidden: choose fewer at once",
)

_EMPTY = Row(
    strata={},
    numerator=0,
    denominator=0,
    value=None,
    interval=None,
    immature=0,
    left_scope=0,
    neutral=0,
    unknown=0,
    coverage=None,
    coverage_state=None,
    hidden=False,
)


def _bare(row: Row, cut: Mapping[str, str]) -> Row:
    return msgspec.structs.replace(row, strata={name: value for name, value in row.strata.items() if name not in cut})


def place(dimension: str, value: str) -> tuple[int, str]:
    """Where a value stands among those of its dimension: by its list, never by a size, which may be hidden."""
    if value == UNKNOWN:
        return 10_000, value
    if dimension in (YEAR, QUARTER):
        return 0, value
    order = list(values(dimension))
    return (order.index(value) if value in order else len(order)), value


def values(dimension: str) -> Sequence[str]:
    """The values that a dimension can have by its list; none when it has no list."""
    one = DIMENSIONS[dimension]
    return [code.value for code in one.values] if one.values is not None else list(one.named)
