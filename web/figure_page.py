"""Pages of figures: a list of parts, shown at one position with the filters of the address (evaluation.md 6.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from ledger.cohort import Unanswerable, read_cohort
from ledger.dimension import UNKNOWN
from streams.board import Board
from streams.figures import declared
from web.block import Block, Part
from web.blocks.several import Several
from web.blocks.telling import anchor, unanswerable
from web.labels import code_label
from web.page import Shown, Visit
from web.parameters import read_known_at
from web.problem import ProblemError
from web.scene import Scene, values

TEMPLATE = "figures.html"
_FIRST_YEAR = 2022


class Choice(msgspec.Struct, frozen=True):
    """One value of a filter."""

    value: str
    label: str


class Filter(msgspec.Struct, frozen=True):
    """A filter of the page: a select in the form."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: str


class Section(msgspec.Struct, frozen=True):
    """Parts under one heading."""

    title: tuple[str, str]
    parts: tuple[Part, ...]
    lead: tuple[str, str] = ("", "")


class ShownSection(msgspec.Struct, frozen=True):
    """A section as it is shown."""

    name: str
    title: str
    lead: str
    blocks: tuple[Block, ...]


class Stamp(msgspec.Struct, frozen=True):
    """The checkpoint that covers the position of a page, or the newest while none does."""

    origin: str
    size: int
    root: str
    covers: bool


class FigurePage(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of figures shows."""

    lead: str
    sections: tuple[ShownSection, ...]
    filters: tuple[Filter, ...]
    position: int
    as_of: date
    head: int
    """The last position of the ledger: how far the figures are behind it."""
    stamp: Stamp | None
    past: bool
    """Whether another date or position than the newest is asked for: such a page does not move."""
    as_of_text: str
    known_at_text: str
    fault: str
    notes: tuple[str, ...]


async def figure_page(
    visit: Visit,
    *,
    lead: tuple[str, str],
    sections: Sequence[Section],
    filters: Sequence[str] = ("region",),
    splits: Sequence[str] = (),
    cohort: bool = True,
    notes: Sequence[tuple[str, str]] = (),
    more: Sequence[Filter] = (),
    sources: bool = False,
) -> Shown:
    """A page of parts. Filters, comparison, period and moment stand in the address; what does not fit falls back.

    ``sources`` when it names sources or organisations: then it says what each is.
    """
    board, fault, past = await board_of(visit)
    scene = _scene(visit, board, filters, splits, cohort, await roles_of(visit) if sources else {})
    shown = await asyncio.to_thread(made, scene, sections)
    head = (await visit.parts.store.head()).position
    page = FigurePage(
        lead=visit.say(*lead),
        sections=shown,
        filters=(*more, *_filters(scene, board, filters, splits, cohort)),
        position=board.position,
        as_of=board.as_of,
        head=head,
        stamp=await stamp_of(visit, board.position),
        past=past,
        as_of_text=visit.query.get("as_of", ""),
        known_at_text=visit.query.get("known_at", ""),
        fault=fault,
        notes=tuple(visit.say(*note) for note in notes),
    )
    return Shown(view=page, template=TEMPLATE)


async def roles_of(visit: Visit) -> dict[str, str]:
    """What every source is in words, and every organisation by the source that it reports most with."""
    found: dict[str, str] = {}
    for one in sorted(await visit.parts.reader.sources(), key=lambda one: -one.admitted):
        if one.role is not None:
            role = code_label("role", one.role, visit.language)
            found[one.source] = role
            found.setdefault(one.source.removeprefix("urn:kbo:").partition(":")[0], role)
    return found


async def stamp_of(visit: Visit, position: int) -> Stamp | None:
    """What proves that the ledger was as it is up to a position; None before the first checkpoint."""
    found = await visit.parts.checkpoints.covering(position) or await visit.parts.checkpoints.latest()
    if found is None:
        return None
    one = found.checkpoint
    return Stamp(one.origin, one.size, one.root.hex(), one.size >= position)


async def board_of(visit: Visit) -> tuple[Board, str, bool]:
    """The board of the moment that is asked for, why it is another one, and whether it lies in the past."""
    as_of_text, known_text = visit.query.get("as_of", ""), visit.query.get("known_at", "")
    if not (as_of_text or known_text):
        return await visit.parts.figures.board(), "", False
    if not visit.visitor.reads:
        fault = visit.say("Een ander moment is voor auditors: meld u aan.", "Another moment is for auditors: sign in.")
        return await visit.parts.figures.board(), fault, False
    try:
        as_of = date.fromisoformat(as_of_text) if as_of_text else None
        known_at = await read_known_at(known_text, visit.parts.store) if known_text else None
    except (ValueError, ProblemError):
        fault = visit.say("De peildatum of positie is niet te lezen.", "The as-of date or position cannot be read.")
        return await visit.parts.figures.board(), fault, False
    return await visit.parts.figures.board(as_of=as_of, known_at=known_at), "", True


def _scene(visit: Visit, board: Board, filters: Sequence[str], splits: Sequence[str], cohort: bool, roles: Mapping[str, str]) -> Scene:
    chosen = {name: visit.query[name] for name in filters if visit.query.get(name) and _known(name, visit.query[name])}
    text, period = (visit.query.get("cohort", "") if cohort else ""), None
    try:
        period = read_cohort(text) if text else None
    except Unanswerable:
        text = ""
    if period is not None and not period.whole:
        text, period = "", None
    split = visit.query.get("per", "")
    return Scene(
        board, visit.language, filters=chosen, cohort=period, cohort_text=text, split=split if split in splits else "", roles=roles
    )


def _known(dimension: str, value: str) -> bool:
    listed = values(dimension)
    return value == UNKNOWN or not listed or value in listed


def made(scene: Scene, sections: Sequence[Section]) -> tuple[ShownSection, ...]:
    """The sections as they are shown. It computes: call it in a thread."""
    return tuple(
        ShownSection(
            anchor(scene.say(*section.title)),
            scene.say(*section.title),
            scene.say(*section.lead),
            tuple(_block(scene, part, f"{anchor(section.title[0])}-{at}") for at, part in enumerate(_apart(scene, section.parts))),
        )
        for section in sections
    )


def _apart(scene: Scene, parts: Sequence[Part]) -> list[Part]:
    """The parts, with several shares each on its own when they are compared by group."""
    told: list[Part] = []
    for part in parts:
        apart = part.apart(scene) if isinstance(part, Several) else []
        told += apart or [part]
    return told


def _block(scene: Scene, part: Part, name: str) -> Block:
    try:
        block = part.block(scene)
        return msgspec.structs.replace(block, sentence=block.sentence.replace(" %", "\u00a0%"))
    except Unanswerable as error:
        return unanswerable(scene, name, scene.language.of(declared(part.ids[0]).title), error)


def _filters(scene: Scene, board: Board, filters: Sequence[str], splits: Sequence[str], cohort: bool) -> list[Filter]:
    everything = Choice("", scene.say("alle", "all"))
    shown = [
        Filter(
            name,
            scene.head(name),
            (everything, *(Choice(value, scene.name(name, value)) for value in values(name) if not value.startswith("prov_"))),
            scene.filters.get(name, ""),
        )
        for name in filters
    ]
    if splits:
        own = Choice("", scene.say("zoals het blok het toont", "as each block has it"))
        choices = (own, *(Choice(name, scene.head(name)) for name in splits))
        shown.append(Filter("per", scene.say("Vergelijk per", "Compare by"), choices, scene.split))
    if cohort:
        shown.append(Filter("cohort", scene.say("Cohort of periode", "Cohort or period"), _periods(scene, board), scene.cohort_text))
    return shown


def _periods(scene: Scene, board: Board) -> tuple[Choice, ...]:
    """Years, and the quarters of the last three: by the calendar, not by what there is."""
    last = max(board.as_of.year, _FIRST_YEAR)
    years = [Choice(str(year), str(year)) for year in range(last, _FIRST_YEAR - 1, -1)]
    quarters = [
        Choice(f"{year}-Q{quarter}", f"{year}-Q{quarter}")
        for year in range(last, max(last - 3, _FIRST_YEAR - 1), -1)
        for quarter in (4, 3, 2, 1)
        if date(year, quarter * 3 - 2, 1) <= board.as_of
    ]
    own = [Choice(scene.cohort_text, scene.cohort_text)] if scene.cohort_text else []
    told = (*years, *quarters)
    return (Choice("", scene.say("alles", "everything")), *(one for one in own if one not in told), *told)
