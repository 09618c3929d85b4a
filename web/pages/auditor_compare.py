"""Two moments of knowledge side by side: which figures and rows changed, and through which entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from ledger.indicator import indicators
from ledger.projection import SqlValue
from streams.differences import Compared, RowChange, Through
from web import wording
from web.comparing import compared
from web.indicator_words import Shown as Told
from web.indicator_words import tell
from web.labels import type_label
from web.page import Access, Answer, Shown, Visit, page, read_query
from web.pages.auditor import PATH
from web.problem import ProblemError

ROWS = 30
NAMED = 5


class CompareQuery(msgspec.Struct, frozen=True):
    """What is asked; moments are positions, dates or RFC 3339."""

    van: str = ""
    tot: str = ""
    peildatum: date | None = None
    indicator: str = ""


class CellRow(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that changed, all in all."""

    id: str
    title: str
    before: Told | None
    after: Told | None
    through: Sequence[Through]
    types: Sequence[tuple[str, int]]


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a view that changed."""

    change: RowChange
    before: str
    after: str
    person: str | None


class CompareView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    query: CompareQuery
    fault: str
    found: Compared | None
    types: Sequence[tuple[str, int]]
    cells: Sequence[CellRow]
    changes: Sequence[ChangeRow]
    indicators: Sequence[tuple[str, str]]


@page(f"{PATH}/vergelijken", nl="Vergelijken", en="Compare", template="auditor_compare.html", access=Access.READERS)
async def comparing(visit: Visit) -> Answer:
    """The comparison that was asked for, or the form alone."""
    query = read_query(visit.query, CompareQuery)
    found, fault, status = None, "", 200
    if query.van:
        try:
            found = await _compare(visit, query)
        except ProblemError as error:
            fault, status = wording.sentence(visit.language.of(error.message)), error.kind.status
    view = CompareView(
        query=query,
        fault=fault,
        found=found,
        types=[(type_label(name, visit.language), n) for name, n in found.entries.items()] if found is not None else [],
        cells=_cells(visit, found) if found is not None else [],
        changes=[_change(one) for one in found.changes] if found is not None else [],
        indicators=[(one.id, visit.language.of(one.title)) for one in indicators().values()],
    )
    return Shown(view=view, status=status)


async def _compare(visit: Visit, query: CompareQuery) -> Compared:
    chosen = [one for one in indicators().values() if not query.indicator or one.id == query.indicator]
    return await compared(visit.parts, first=query.van, last=query.tot, as_of=query.peildatum, chosen=chosen, rows=ROWS)


def _cells(visit: Visit, found: Compared) -> list[CellRow]:
    rows = []
    for one in found.figures:
        declared = indicators()[one.id]
        old, new = one.cells[0]
        rows.append(
            CellRow(
                id=one.id,
                title=visit.language.of(declared.title),
                before=tell(declared, old, visit.language) if old is not None else None,
                after=tell(declared, new, visit.language) if new is not None else None,
                through=one.through[-NAMED:],
                types=[(type_label(name, visit.language), n) for name, n in list(one.types.items())[:NAMED]],
            )
        )
    return rows


def _change(one: RowChange) -> ChangeRow:
    head, _, key = one.key.partition("/")
    person = key if head == "persoon" else None
    if one.before is None and one.after is None:
        return ChangeRow(change=one, before="", after=", ".join(name for name in one.columns if name != "key"), person=person)
    return ChangeRow(change=one, before=_said(one.before), after=_said(one.after), person=person)


def _said(values: Mapping[str, SqlValue] | None) -> str:
    if values is None:
        return "–"
    return ", ".join(f"{name} {value}" for name, value in values.items() if name != "key" and value is not None)[:400] or "–"
