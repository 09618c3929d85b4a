"""The overview: what is in the ledger, what comes in, flows by type, region and month, and how far the views are."""

from __future__ import annotations

import asyncio

import msgspec
from markupsafe import Markup

from ledger.disclosure import Cell, protect_persons
from streams.board import Board
from streams.standing import Heading, Standing, ViewStanding
from web import wording
from web.block import Tile
from web.blocks.tile import tile
from web.charts.lines import Point, line, round_ticks
from web.figure_page import Stamp, stamp_of
from web.figures import Flows, flows_of
from web.labels import code_label, region_label, type_label
from web.language import Language
from web.page import Group, Shown, Visit, page
from web.scene import Scene

KEY_FIGURES: tuple[tuple[str, str, tuple[str, str]], ...] = (
    ("IND-03", "/stromen", ("", "")),
    ("IND-01", "/tijd-tot", ("plicht in Vlaanderen", "duty in Flanders")),
    ("IND-02", "/brussel", ("mogelijkheid in Brussel, nooit opgeteld bij Vlaanderen", "option in Brussels, never added to Flanders")),
    ("IND-08", "/stromen", ("", "")),
    ("IND-12", "/terugkoppeling", ("", "")),
    ("IND-23", "/sectortrajecten", ("", "")),
    ("IND-27", "/groepsaanbod", ("", "")),
    ("IND-28", "/tijd-tot?van=contract&tot=job", ("", "")),
    ("IND-39", "/indicatoren/IND-39", ("", "")),
    ("IND-30", "/rolgrenzen", ("", "")),
)
"""The figures at a glance (evaluation.md 6.5), with the page that tells all of each."""

TYPES_SHOWN = 12
MONTHS_SHOWN = 36


class Row(msgspec.Struct, frozen=True):
    """A figure with what it is of."""

    label: str
    cell: Cell
    code: str


class Arrival(msgspec.Struct, frozen=True):
    """An entry that just came in."""

    heading: Heading
    label: str
    role: str


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    standing: Standing
    persons: Cell
    sources: int
    arrivals: list[Arrival]
    flows: Flows
    months: list[Row]
    chart: Markup
    types: list[Row]
    more_types: list[Row]
    longest_type: int
    types_said: str
    regions: list[Row]
    longest_region: int
    regions_said: str
    months_said: str
    views: list[ViewStanding]
    behind: int
    """The largest lag of any view."""
    stalled: int
    tiles: tuple[Tile, ...]
    board: Board
    stamp: Stamp | None
    head: int
    labels: str
    """Type and role labels as JSON, for the script that shows what comes in."""


@page("/", nl="Overzicht", en="Overview", template="overview.html", group=Group.EVALUATION, order=1)
async def overview(visit: Visit) -> Shown:
    """The first page."""
    parts, language = visit.parts, visit.language
    standing = await parts.reader.standing()
    flows = flows_of(await parts.reader.flows())
    views = await parts.reader.views()
    types = _ordered([Row(type_label(code, language), cell, code) for code, cell in flows.by("type").items()])
    regions = _ordered([Row(region_label(code, language), cell, code) for code, cell in flows.by("region").items()])
    months = [Row(wording.month(code, language), cell, code) for code, cell in sorted(flows.by("month").items())]
    recent = months[-MONTHS_SHOWN:]
    arrivals = await parts.reader.recent() if visit.visitor.reads else []
    board = await parts.figures.board()
    scene = Scene(board, language, filters={}, cohort=None, cohort_text="", split="")
    view = Overview(
        tiles=await asyncio.to_thread(lambda: tuple(tile(scene, id, link, note=note) for id, link, note in KEY_FIGURES)),
        board=board,
        stamp=await stamp_of(visit, board.position),
        head=standing.position,
        standing=standing,
        persons=Cell(standing.persons) if visit.visitor.reads else protect_persons(standing.persons),
        sources=len(await parts.reader.sources()),
        arrivals=[Arrival(heading, type_label(heading.type, language), code_label("role", heading.role, language)) for heading in arrivals],
        flows=flows,
        months=list(reversed(months)),
        chart=_chart(recent, language),
        types=types[:TYPES_SHOWN],
        more_types=types[TYPES_SHOWN:],
        longest_type=max((row.cell.n or 0 for row in types), default=0),
        types_said=_said(types, language, "Het vaakst", "Most often"),
        regions=regions,
        longest_region=max((row.cell.n or 0 for row in regions), default=0),
        regions_said=_said([row for row in regions if row.code != "unknown"], language, "Het meest in", "Mostly in"),
        months_said=_months_said(recent, language),
        views=views,
        behind=max((one.lag for one in views), default=0),
        stalled=sum(one.stalled for one in views),
        labels=labels_json(language),
    )
    return Shown(view=view)


def labels_json(language: Language) -> str:
    """The labels of types and roles, for the script."""
    from ledger.catalogue import catalogue
    from ledger.codes.roles import Role

    return msgspec.json.encode(
        {
            "types": {name: type_label(name, language) for name in catalogue().newest},
            "roles": {role.value: role.label(language.value) for role in Role},
        }
    ).decode()


def _ordered(rows: list[Row]) -> list[Row]:
    """Largest first; hidden ones last, by name, because their size decides nothing."""
    shown = sorted((row for row in rows if row.cell.n), key=lambda row: (-(row.cell.n or 0), row.label))
    hidden = sorted((row for row in rows if row.cell.hidden), key=lambda row: row.label)
    return shown + hidden


def _said(rows: list[Row], language: Language, nl: str, en: str) -> str:
    told = [f"{row.label} ({wording.number(row.cell.n, language)})" for row in rows[:3] if row.cell.n]
    if not told and rows:
        return language.say("Elk aantal is nog te klein om te tonen.", "Every count is still too small to show.")
    if not told:
        return language.say("Er is nog niets te tellen.", "There is nothing to count yet.")
    return f"{language.say(nl, en)}: {', '.join(told)}."


def _months_said(months: list[Row], language: Language) -> str:
    shown = [row for row in months if row.cell.n]
    if len(shown) < 2:
        return language.say("Er zijn nog geen twee maanden om te vergelijken.", "There are no two months to compare yet.")
    busiest = max(shown, key=lambda row: row.cell.n or 0)
    n = wording.number(busiest.cell.n, language)
    return language.say(
        f"De drukste maand was {busiest.label}, met {n} gebeurtenissen; de laatste maand loopt mogelijk nog.",
        f"The busiest month was {busiest.label}, with {n} events; the last month may still be running.",
    )


def _chart(months: list[Row], language: Language) -> Markup:
    highest = max((row.cell.n or 0 for row in months), default=0)
    ticks = [(value, wording.number(value, language)) for value in round_ticks(highest)]
    points = [Point(row.label, row.cell.n) for row in months]
    title = language.say("Gebeurtenissen per maand", "Events per month")
    return line(points, title=f"{title}. {_months_said(months, language)}", name="months", ticks=ticks)
