"""A figure by quarter: a line with its band beside a table. Quarters that may still change are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.dimension import QUARTER
from ledger.figure import Row
from ledger.indicator import Method, Unit
from ledger.parameters import PARAMETERS
from web.block import Block, Head, Key, Line, Table
from web.blocks.telling import anchor, said, standard_table, told, warnings
from web.charts.trend import Moment, trend
from web.scene import Scene, Seen

_YEAR = 4
"""Quarters back that the last one is compared with."""


def settled(scene: Scene, row: Row) -> bool:
    """Whether a quarter is closed and nobody in it is still too young to count."""
    quarter = row.strata[QUARTER]
    month = int(quarter[6]) * 3
    end = date(int(quarter[:4]) + (month == 12), month % 12 + 1, 1) - timedelta(days=1)
    return end + timedelta(days=PARAMETERS.quarter_closes_days) <= scene.board.as_of and row.immature == 0


def moments(scene: Scene, seen: Seen) -> list[Moment]:
    """The quarters in order."""
    made = []
    for row in seen.rows:
        value = None if row.hidden or row.value is None else row.value
        low, high = row.interval if row.interval is not None and value is not None else (None, None)
        made.append(Moment(row.strata[QUARTER], value, low, high, said(scene, seen, row.strata[QUARTER], row), settled(scene, row)))
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One indicator by quarter."""

    id: str
    title: tuple[str, str] = ("", "")
    note: tuple[str, str] = ("", "")

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (self.id,)

    def block(self, scene: Scene) -> Block:
        """The line; what is hidden leaves a gap."""
        seen = scene.seen(self.id, by=[QUARTER])
        made = moments(scene, seen)
        title = scene.say(*self.title) or f"{scene.language.of(seen.indicator.title)}, {scene.say('per kwartaal', 'by quarter')}"
        sentence = self._sentence(scene, seen)
        name = anchor(f"{self.id} kwartaal")
        percent = seen.indicator.method in (Method.SHARE, Method.RATIO)
        table = standard_table(scene, seen, (scene.head(QUARTER),))
        state = Head(scene.say("Stand", "State"))
        lines = [
            Line(line.labels, (*line.cells, self._state(scene, row)), line.hidden)
            for line, row in zip(table.lines, seen.rows, strict=False)
        ]
        lines.append(Line(table.lines[-1].labels, (*table.lines[-1].cells, ""), table.lines[-1].hidden, strong=True))
        return Block(
            kind="trend",
            name=name,
            title=title,
            sentence=sentence,
            chart=trend(made, title=f"{title}. {sentence}", name=name, percent=percent),
            keys=(
                Key("dot", scene.say("afgesloten kwartaal", "closed quarter")),
                Key(
                    "open",
                    scene.say("voorlopig: het kwartaal is open of nog niet volgroeid", "provisional: the quarter is open or not mature"),
                ),
            ),
            tables=(Table(table.caption, (*table.heads, state), tuple(lines)),),
            notes=tuple(note for note in (scene.say(*self.note),) if note),
            warnings=warnings(scene, seen),
            labels=(seen.label,),
            open=False,
        )

    def _state(self, scene: Scene, row: Row) -> str:
        return scene.say("afgesloten", "closed") if settled(scene, row) else scene.say("voorlopig", "provisional")

    def _sentence(self, scene: Scene, seen: Seen) -> str:
        told_rows = [row for row in seen.rows if not row.hidden and row.value is not None and settled(scene, row)]
        if len(told_rows) < 2:
            return scene.say(
                "Er zijn nog geen twee afgesloten kwartalen die getoond mogen worden.",
                "There are no two closed quarters yet that may be shown.",
            )
        first, last = told_rows[max(len(told_rows) - 1 - _YEAR, 0)], told_rows[-1]
        a, b = told(scene, seen, first).value, told(scene, seen, last).value
        if seen.indicator.unit is Unit.PER_10000:
            b = f"{b} {scene.say('per 10.000', 'per 10,000')}"
        return scene.say(
            f"Van {first.strata[QUARTER]} ({a}) naar {last.strata[QUARTER]}, het laatste afgesloten kwartaal: {b}.",
            f"From {first.strata[QUARTER]} ({a}) to {last.strata[QUARTER]}, the last closed quarter: {b}.",
        )
