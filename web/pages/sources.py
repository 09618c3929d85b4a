"""Bronnen: the quality of every source, and one source by month with its gaps."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import msgspec

from ledger.disclosure import Cell, protect_each, protect_list
from ledger.quality import SourceMonth, percentile_hours
from streams.standing import SourceStanding
from web import wording
from web.labels import code_label, source_label, type_label
from web.language import Language
from web.page import Answer, Group, Shown, Visit, page
from web.pages.refusals import REASONS
from web.problem import missing

PATH = "/bronnen"
TYPES_SHOWN = 15
_MONTHLY = ("admitted", "late", "slow", "corrections", "retractions")


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Counts as they may be shown to who looks."""

    admitted: Cell
    duplicate: Cell
    refused: Cell
    late: Cell
    slow: Cell
    skew: Cell
    corrections: Cell
    retractions: Cell


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A source, written out."""

    source: SourceStanding
    label: str
    role: str
    href: str
    counts: Counts
    late_share: str
    reasons: list[tuple[str, str, Cell]]


class MonthRow(msgspec.Struct, frozen=True, kw_only=True):
    """A month of a source."""

    label: str
    admitted: Cell
    late: Cell
    slow: Cell
    corrections: Cell
    retractions: Cell
    median: int | None
    """Hours within which half came."""
    ninetieth: int | None


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of one source shows."""

    row: SourceRow
    months: list[MonthRow]
    types: list[tuple[str, Cell]]


@page(PATH, nl="Bronnen", en="Sources", template="sources.html", group=Group.EXCHANGE, order=10)
async def sources(visit: Visit) -> Answer:
    """All sources."""
    rows = [_row(source, visit) for source in await visit.parts.reader.sources()]
    return Shown(view=sorted(rows, key=lambda row: (row.role, row.source.source)))


@page(f"{PATH}/{{source}}", nl="Bron", en="Source", template="source.html")
async def source(visit: Visit) -> Answer:
    """One source by month."""
    wanted = visit.path["source"]
    for standing in await visit.parts.reader.sources():
        if standing.source == wanted:
            break
    else:
        raise missing("die bron is hier niet gekend: zie de lijst", "there is no such source: see the list")
    months = standing.state.months if standing.state is not None else ()
    by_type: dict[str, int] = {}
    for month in months:
        for name, n in month.by_type:
            by_type[name] = by_type.get(name, 0) + n
    types = _parts(by_type, visit)
    # What is hidden has no place in an order of sizes.
    ordered = sorted(types.items(), key=lambda item: (item[1].hidden, -(item[1].n or 0), item[0]))[:TYPES_SHOWN]
    counted = {name: _parts({month.month: getattr(month, name) for month in months}, visit) for name in _MONTHLY}
    view = SourceView(
        row=_row(standing, visit),
        months=[_month(month, {name: counted[name][month.month] for name in _MONTHLY}, visit.language) for month in reversed(months)],
        types=[(type_label(name, visit.language), cell) for name, cell in ordered],
    )
    return Shown(view=view, title=f"{visit.say('Bron', 'Source')} {source_label(standing.source, visit.language)}")


def _shown(n: int, visit: Visit) -> Cell:
    """Readers of entries see the exact count anyway."""
    return Cell(n) if visit.visitor.reads else protect_each([n])[0]


def _row(one: SourceStanding, visit: Visit) -> SourceRow:
    late = _shown(one.late, visit)
    return SourceRow(
        source=one,
        label=source_label(one.source, visit.language),
        role=code_label("role", one.role, visit.language),
        href=f"{PATH}/{quote(one.source, safe='')}",
        counts=Counts(
            admitted=_shown(one.admitted, visit),
            duplicate=_shown(one.duplicate, visit),
            refused=_shown(one.refused, visit),
            late=late,
            slow=_shown(one.slow, visit),
            skew=_shown(one.skew, visit),
            corrections=_shown(one.corrections, visit),
            retractions=_shown(one.retractions, visit),
        ),
        late_share=wording.share(one.late, one.admitted, visit.language) if late.n is not None else "",
        reasons=[
            (code, visit.say(*REASONS[code]), n)
            for code, n in _parts({reason.code: reason.n for reason in sorted(one.reasons, key=lambda reason: reason.code)}, visit).items()
        ],
    )


def _parts(counts: Mapping[str, int], visit: Visit) -> Mapping[str, Cell]:
    """Counts whose total stands on the same page."""
    return {name: Cell(n) for name, n in counts.items()} if visit.visitor.reads else protect_list(counts).cells


def _month(one: SourceMonth, cells: Mapping[str, Cell], language: Language) -> MonthRow:
    return MonthRow(
        label=wording.month(one.month, language),
        **cells,
        median=percentile_hours(one, 5_000),
        ninetieth=percentile_hours(one, 9_000),
    )
