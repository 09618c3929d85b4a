"""The published figures as tables: cells of every indicator, their definitions, the words for their values, and the flows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Annotated

import msgspec

from ledger.cohort import Unanswerable
from ledger.factbook import Factbook
from ledger.figure import figure
from ledger.indicator import indicators
from ledger.projection import doc, projections
from ledger.publication import Cell, Definition, Value, cells, definition, published, questions, values
from streams.export.table import Table, table_of, table_of_view
from streams.figures import Figures
from streams.subjects import Watch

Moved = Callable[[int, int], None]
"""Told how many indicators are done, of how many."""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """All figures that may be published, at one (D, N)."""

    position: int
    as_of: date
    erased: int
    cells: tuple[Cell, ...]


async def publication(
    figures: Figures,
    *,
    as_of: date | None = None,
    known_at: int | None = None,
    protected: bool = True,
    watch: Watch | None = None,
    moved: Moved | None = None,
) -> Publication:
    """Every published cell at one cut; the views' own by default. Unprotected ones are for deciding, not for showing.

    :raises StoreUnavailable: the database is away.
    """
    chosen = published()
    facts = await figures.factbook_of_all(as_of=as_of, known_at=known_at, watch=watch)
    found: list[Cell] = []
    for at, declared in enumerate(chosen):
        if moved is not None:
            moved(at, len(chosen))
        found += await asyncio.to_thread(_cells, facts, declared.id, protected)
    return Publication(position=facts.position, as_of=facts.as_of, erased=facts.erased, cells=tuple(found))


def _cells(facts: Factbook, id: str, protected: bool) -> list[Cell]:
    declared = indicators()[id]
    found: list[Cell] = []
    for by in questions(declared):
        try:
            found += cells(declared, figure(declared, facts, by=by, protected=protected))
        except Unanswerable:
            # A year beside what lies inside a year: such a question is not published.
            continue
    return found


class _Cut(msgspec.Struct, frozen=True, kw_only=True):
    position: Annotated[int, doc("N: the last position of the ledger that counts")]
    as_of: Annotated[date, doc("D: the last day that counts")]
    erased: Annotated[int, doc("Persons erased from the ledger: in no figure")]


def public_tables(made: Publication) -> list[Table]:
    """The tables that anybody may have."""
    return [
        table_of("figures", "Every indicator, split by each dimension; small numbers hidden", Cell, made.cells),
        table_of("definitions", "What each indicator means", Definition, [definition(one) for one in published()]),
        table_of("values", "The values of the dimensions in words", Value, values(made.cells)),
        table_of("cut", "The position and the day that the figures stand at", _Cut, [_cut(made)]),
    ]


def _cut(made: Publication) -> _Cut:
    return _Cut(position=made.position, as_of=made.as_of, erased=made.erased)


def exact_tables(facts: Factbook) -> list[Table]:
    """The fact tables that the figures are computed from: rows of persons, for whoever may see them."""
    return [table_of_view(projections()[name], frame) for name, frame in sorted(facts.frames.items()) if name in projections()]
