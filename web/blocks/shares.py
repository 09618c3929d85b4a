"""Shares of groups: bars with their interval beside a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from ledger.indicator import Method, Unit
from web.block import Block
from web.blocks.telling import anchor, said, standard_table, title_of, told, warnings
from web.charts.ranges import Range, ranges
from web.indicator_words import sentence_of
from web.scene import Scene, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """One indicator, by a dimension or as a whole."""

    id: str
    by: str = ""
    title: tuple[str, str] = ("", "")
    note: tuple[str, str] = ("", "")
    tone: str = ""

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (self.id,)

    def block(self, scene: Scene) -> Block:
        """Bars in the order of the list, whatever their length."""
        by = scene.split_by(self.id, self.by)
        seen = scene.seen(self.id, by=[by] if by else [])
        heads = (scene.head(by),) if by and by not in scene.filters else ()
        shown = [(told(scene, seen, row).labels[0] if heads else scene.say("Alles samen", "All together"), row) for row in seen.rows]
        if heads:
            shown.append((scene.say("Alles samen", "All together"), seen.total))
        bars = []
        for label, row in shown:
            low, high = row.interval if row.interval is not None and not row.hidden else (None, None)
            one = told(scene, seen, row)
            value = None if row.hidden or row.value is None else row.value
            bars.append(
                Range(label, value, low, high, one.numerator if row.hidden else one.value, said(scene, seen, label, row), self.tone)
            )
        title = title_of(scene, seen, scene.say(*self.title), by if heads else "")
        whole = msgspec.structs.replace(seen.figure, total=seen.total)
        sentence = f"{sentence_of(seen.indicator, whole, scene.language)} {_spread(scene, seen) if heads else ''}".strip()
        name = anchor(f"{self.id} {by}")
        percent = seen.indicator.unit is Unit.SHARE
        return Block(
            kind="shares",
            name=name,
            title=title,
            sentence=sentence,
            chart=ranges(bars, title=f"{title}. {sentence}", name=name, percent=percent),
            keys=(),
            tables=(standard_table(scene, seen, heads),),
            notes=tuple(note for note in (scene.say(*self.note), _counts(scene, seen)) if note),
            warnings=warnings(scene, seen),
            labels=(seen.label,),
            open=len(seen.rows) <= 8,
        )


def _counts(scene: Scene, seen: Seen) -> str:
    """What stands above and below the line, where it is no count of persons or events."""
    if seen.indicator.method not in (Method.RATIO, Method.RATE):
        return ""
    above, below = scene.language.of(seen.indicator.numerator), scene.language.of(seen.indicator.denominator)
    told_unit = scene.say(" Het cijfer is per 10.000.", " The figure is per 10,000.") if seen.indicator.method is Method.RATE else ""
    return scene.say(f"Teller: {above}. Noemer: {below}.", f"Numerator: {above}. Denominator: {below}.") + told_unit


def _spread(scene: Scene, seen: Seen) -> str:
    """From the lowest to the highest of the groups that may be shown."""
    shown = [(row.value, told(scene, seen, row)) for row in seen.rows if not row.hidden and row.value is not None]
    if len(shown) < 2:
        return ""
    low, high = min(shown, key=lambda one: one[0]), max(shown, key=lambda one: one[0])
    if low[0] == high[0]:
        return ""
    return scene.say(
        f"De getoonde groepen lopen van {low[1].value} ({low[1].labels[0]}) tot {high[1].value} ({high[1].labels[0]}).",
        f"The groups shown run from {low[1].value} ({low[1].labels[0]}) to {high[1].value} ({high[1].labels[0]}).",
    )
