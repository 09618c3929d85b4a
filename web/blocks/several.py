"""Several shares under one heading: one bar and one line each, so that they can be read beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.block import Block, Head, Line, Table
from web.blocks.shares import Shares
from web.blocks.telling import anchor, said, told, warnings
from web.charts.ranges import Range, ranges
from web.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Shares that are no parts of one whole."""

    shown: tuple[str, ...]
    title: tuple[str, str]
    note: tuple[str, str] = ("", "")

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return self.shown

    def apart(self, scene: Scene) -> Sequence[Shares]:
        """Each on its own, when the visitor compares groups; none otherwise."""
        return [Shares(id=id) for id in self.shown] if any(scene.compared(id) for id in self.shown) else []

    def block(self, scene: Scene) -> Block:
        """A bar per indicator, in the order that is given."""
        seen = [scene.seen(id) for id in self.shown]
        bars, lines = [], []
        for one in seen:
            label, row, words = scene.language.of(one.indicator.title), one.total, told(scene, one, one.total)
            low, high = row.interval if row.interval is not None and not row.hidden else (None, None)
            value = None if row.hidden else row.value
            bars.append(Range(label, value, low, high, words.numerator if row.hidden else words.value, said(scene, one, label, row)))
            lines.append(
                Line((label,), (words.numerator, words.denominator, words.value, words.interval, words.coverage, words.beside), row.hidden)
            )
        parts = [
            f"{scene.language.of(one.indicator.title)} {told(scene, one, one.total).value}"
            for one in seen
            if not one.total.hidden and one.total.value is not None
        ]
        sentence = f"{'; '.join(parts)}." if parts else scene.say("Er is nog niets te tonen.", "There is nothing to show yet.")
        title = scene.say(*self.title)
        name = anchor(self.title[0])
        heads = (
            Head(scene.say("Cijfer", "Figure")),
            Head(scene.say("Teller", "Numerator"), True),
            Head(scene.say("Noemer", "Denominator"), True),
            Head(scene.say("Aandeel", "Share"), True),
            Head(scene.say("95 %-interval", "95% interval"), True),
            Head(scene.say("Terugkoppeling gekend", "Feedback known")),
            Head(scene.say("Niet meegeteld", "Not counted")),
        )
        unsaid = [warning for one in seen for warning in warnings(scene, one)]
        return Block(
            kind="several",
            name=name,
            title=title,
            sentence=sentence,
            chart=ranges(bars, title=f"{title}. {sentence}", name=name),
            keys=(),
            tables=(Table(title, heads, tuple(lines)),),
            notes=tuple(note for note in (scene.say(*self.note),) if note),
            warnings=tuple(dict.fromkeys(unsaid)),
            labels=tuple(one.label for one in seen),
        )
