"""The way from contract to work: a Sankey drawing, a process map, and a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ledger.dimension import DIMENSIONS
from ledger.figure import Row
from ledger.indicators.mixes import STAGES
from web.block import Block, Head, Key, Line, Table
from web.blocks.telling import warnings
from web.charts.process import Station, process
from web.charts.river import Node, Ribbon, river
from web.scene import Scene, Seen, values

WAY = "IND-100"
Flows = Mapping[tuple[str, str], Row]
"""Persons by their states at two stations."""
_REACHED = {"screened": "yes", "referred": "yes", "replied": "taken_up", "registered": "yes", "stepped": "yes", "worked": "yes"}
"""The state of each station that means it was reached."""
_HEADS = {
    "screened": ("Screening", "Screening"),
    "referred": ("Doorverwijzing", "Referral"),
    "replied": ("Antwoord", "Answer"),
    "registered": ("Inschrijving", "Registration"),
    "stepped": ("Eerste stap", "First step"),
    "worked": ("Werk", "Work"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class River:
    """Persons by the states of two stations that follow each other; the drawing is made of those tables alone."""

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (WAY,)

    def block(self, scene: Scene) -> Block:
        """The drawing; what is hidden has no width."""
        whole = scene.seen(WAY)
        margins = [scene.seen(WAY, by=[stage]) for stage in STAGES]
        crossed = [_between(scene, start, end) for start, end in pairwise(STAGES)]
        total = whole.total.denominator
        columns = [self._column(scene, seen, stage) for seen, stage in zip(margins, STAGES, strict=True)]
        ribbons = [self._ribbons(scene, found, start, end) for (_, found), (start, end) in zip(crossed, pairwise(STAGES), strict=True)]
        title = scene.say("Van contract naar werk", "From contract to work")
        sentence = self._sentence(scene, whole, margins)
        heads = [scene.say(*_HEADS[stage]) for stage in STAGES]
        drawing = river(heads, columns, ribbons, total=total or 0, title=f"{title}. {sentence}", name="stroom")
        return Block(
            kind="river",
            name="stroom",
            title=title,
            sentence=sentence,
            chart=drawing,
            keys=(
                Key("go", scene.say("station bereikt", "station reached")),
                Key("stay", scene.say("nog niet, of niet", "not yet, or not")),
            ),
            tables=(self._table(scene, [found for _, found in crossed]),),
            notes=(
                scene.say(
                    "Dit is een stand op de peildatum: wie pas begon, kon nog niet verder zijn. Stromen die afgeschermd zijn, "
                    "staan niet in het beeld.",
                    "This is a stand on the as-of date: who just began cannot be further yet. Hidden flows are not in the picture.",
                ),
            ),
            warnings=warnings(scene, whole),
            labels=(whole.label, *(seen.label for seen, _ in crossed)),
            open=False,
        )

    def _column(self, scene: Scene, seen: Seen, stage: str) -> list[Node]:
        found = {row.strata[stage]: row for row in seen.rows}
        nodes = []
        for code in values(stage):
            row = found.get(code)
            n = 0 if row is None else row.numerator
            label = scene.name(stage, code)
            share = f" ({scene.share(row)})" if row is not None and not row.hidden else ""
            tone = "go" if code == _REACHED[stage] else "stay"
            nodes.append(Node(code, f"{label} {scene.number(n)}", n, f"{label}: {scene.number(n)}{share}", tone))
        return nodes

    def _ribbons(self, scene: Scene, found: Flows, start: str, end: str) -> list[Ribbon]:
        return [
            Ribbon(a, b, row.numerator, f"{scene.name(start, a)} → {scene.name(end, b)}: {scene.number(row.numerator)}")
            for a in values(start)
            for b in values(end)
            if (row := found.get((a, b))) is not None and not row.hidden and row.numerator
        ]

    def _sentence(self, scene: Scene, whole: Seen, margins: Sequence[Seen]) -> str:
        if whole.total.hidden or whole.total.denominator is None:
            return scene.say("Te weinig om te tonen zonder iemand te herkennen.", "Too few to show without recognising somebody.")
        if not whole.total.denominator:
            return scene.say("Er is nog niets te tellen.", "There is nothing to count yet.")
        parts = []
        for seen, stage in zip(margins, STAGES, strict=True):
            row = reached(seen, stage)
            if row is not None and not row.hidden:
                parts.append(f"{scene.name(stage, _REACHED[stage]).lower()} {scene.share(row)}")
        n = scene.number(whole.total.denominator)
        return scene.say(f"Van {n} personen met een contract: {'; '.join(parts)}.", f"Of {n} persons with a contract: {'; '.join(parts)}.")

    def _table(self, scene: Scene, crossed: Sequence[Flows]) -> Table:
        lines = []
        for found, (start, end) in zip(crossed, pairwise(STAGES), strict=True):
            for a in values(start):
                for b in values(end):
                    row = found.get((a, b))
                    if row is None:
                        continue
                    n = scene.number(row.numerator) if not row.hidden else scene.number(None)
                    labels = (f"{scene.head(start)} → {scene.head(end)}", scene.name(start, a), scene.name(end, b))
                    lines.append(Line(labels, (n, scene.share(row)), row.hidden))
        heads = (
            Head(scene.say("Stap", "Step")),
            Head(scene.say("Van", "From")),
            Head(scene.say("Naar", "To")),
            Head(scene.say("Personen", "Persons"), True),
            Head(scene.say("Van iedereen", "Of everybody"), True),
        )
        return Table(
            scene.say("Stromen tussen opeenvolgende stations", "Flows between stations that follow each other"), heads, tuple(lines)
        )


def _between(scene: Scene, start: str, end: str) -> tuple[Seen, Flows]:
    """Persons by the states of two stations. Where the second says which the first was, its own states are the flows."""
    outer = DIMENSIONS[end].parent if DIMENSIONS[end].inside == start else None
    seen = scene.seen(WAY, by=[end] if outer is not None else [start, end])
    return seen, {(outer(row.strata[end]) if outer is not None else row.strata[start], row.strata[end]): row for row in seen.rows}


def reached(seen: Seen, stage: str) -> Row | None:
    """The row of those who reached a station."""
    return next((row for row in seen.rows if row.strata[stage] == _REACHED[stage]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """The process map: the stations in their order, how many reached each, and of those who reached one, how many the next."""

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (WAY,)

    def block(self, scene: Scene) -> Block:
        """The map; a step that is hidden has a dash."""
        whole = scene.seen(WAY)
        margins = [reached(scene.seen(WAY, by=[stage]), stage) for stage in STAGES]
        steps = [self._step(scene, start, end) for start, end in pairwise(STAGES)]
        stations = [Station(scene.say("Contract", "Contract"), scene.number(whole.total.denominator), "")]
        lines = [Line((stations[0].label,), (stations[0].n, "100 %" if whole.total.denominator else "–", ""))]
        for at, (stage, row) in enumerate(zip(STAGES, margins, strict=True)):
            label = scene.name(stage, _REACHED[stage])
            n = "0" if row is None else scene.number(row.numerator)
            share = scene.share(row) if row is not None else "–"
            before = share if at == 0 else steps[at - 1]
            stations.append(Station(label, n, before))
            lines.append(Line((label,), (n, share, before), row is not None and row.hidden))
        title = scene.say("Proceskaart", "Process map")
        sentence = scene.say(
            "Elk vak is een station met het aantal personen dat er geweest is; op de pijl staat welk deel van wie in het vorige "
            "station was, ook hier geraakte.",
            "Each box is a station with the number of persons who were there; the arrow says which part of those at the station "
            "before also got here.",
        )
        heads = (
            Head(scene.say("Station", "Station")),
            Head(scene.say("Personen", "Persons"), True),
            Head(scene.say("Van iedereen", "Of everybody"), True),
            Head(scene.say("Van wie in het vorige station was", "Of those at the station before"), True),
        )
        return Block(
            kind="process",
            name="proceskaart",
            title=title,
            sentence=sentence,
            chart=process(stations, title=f"{title}. {sentence}", name="proceskaart"),
            keys=(),
            tables=(Table(title, heads, tuple(lines)),),
            notes=(),
            warnings=(),
            labels=(whole.label,),
        )

    def _step(self, scene: Scene, start: str, end: str) -> str:
        _, found = _between(scene, start, end)
        of = [row for (state, _), row in found.items() if state == _REACHED[start]]
        if not of or any(row.hidden or row.numerator is None for row in of):
            return "–"
        whole = sum(row.numerator or 0 for row in of)
        there = sum(row.numerator or 0 for row in of if row.strata[end] == _REACHED[end])
        return scene.percent(there / whole) if whole else "–"
