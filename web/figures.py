"""Flows as they may be shown: one fixed crossing of type and region, protected once, from which page and API both answer.

Answers to different questions come from the same protected table, so that no two of them give away what each hides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from ledger.disclosure import Cell, ProtectedList, ProtectedTable, protect_list, protect_table
from streams.standing import FlowCount


class Flows(msgspec.Struct, frozen=True):
    """Live events by type and region, and by month."""

    crossed: ProtectedTable
    """Rows are types, columns are regions."""
    months: ProtectedList
    first: str | None
    """The first month with an event."""
    last: str | None

    def by(self, dimension: str, *, type: str | None = None, region: str | None = None) -> dict[str, Cell]:
        """Counts by ``type`` (of a region, or of all), ``region`` (of a type, or of all) or ``month`` (of all)."""
        crossed = self.crossed
        nothing = Cell(0)
        if dimension == "month":
            return dict(self.months.cells)
        if dimension == "type":
            if region is None:
                return dict(crossed.row_totals)
            return {row: crossed.cells.get((row, region), nothing) for row in crossed.rows}
        if type is None:
            return dict(crossed.column_totals)
        return {column: crossed.cells.get((type, column), nothing) for column in crossed.columns}

    def total(self, *, type: str | None = None, region: str | None = None) -> Cell:
        """The total of a type, of a region, or of everything."""
        if type is not None:
            return self.crossed.row_totals.get(type, Cell(0))
        if region is not None:
            return self.crossed.column_totals.get(region, Cell(0))
        return self.crossed.total


def flows_of(counts: Iterable[FlowCount]) -> Flows:
    """Protect the flows."""
    crossed: Counter[tuple[str, str]] = Counter()
    months: Counter[str] = Counter()
    for one in counts:
        crossed[one.type, one.region] += one.n
        months[one.month] += one.n
    ordered = sorted(months)
    return Flows(
        crossed=protect_table(crossed),
        months=protect_list(months),
        first=ordered[0] if ordered else None,
        last=ordered[-1] if ordered else None,
    )
