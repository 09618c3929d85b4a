"""A gap between two groups: what each has, and the difference with its interval around no difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from ledger.figure import Figure, Row
from web import wording
from web.block import Block, Head, Line, Table
from web.blocks.telling import anchor, told, warnings
from web.charts.forest import Effect, forest
from web.indicator_words import sentence_of
from web.scene import Scene, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The gaps of some indicators, one line each."""

    shown: tuple[str, ...]
    title: tuple[str, str]
    note: tuple[str, str] = ("", "")

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return self.shown

    def block(self, scene: Scene) -> Block:
        """A line per gap, in the order that is given; zero stands upright through all of them."""
        seen = [scene.seen(id) for id in self.shown]
        effects, lines = [], []
        for one in seen:
            row, words, label = one.total, told(scene, one, one.total), scene.language.of(one.indicator.title)
            low, high = row.interval if row.interval is not None else (None, None)
            effects.append(Effect(label.rpartition(": ")[2], row.value, low, high, words.value))
            lines.append(Line((label,), (*_sides(scene, one, row), words.value, words.interval), row.hidden))
        sentence = " ".join(
            f"{scene.language.of(one.indicator.title)}. {sentence_of(one.indicator, _whole(one), scene.language)}" for one in seen
        )
        heads = (
            Head(scene.say("Kloof", "Gap")),
            Head(scene.say("Eerste groep", "First group"), True),
            Head(scene.say("Tweede groep", "Second group"), True),
            Head(scene.say("Verschil", "Difference"), True),
            Head(scene.say("95 %-interval", "95% interval"), True),
        )
        title, name = scene.say(*self.title), anchor(self.title[0])
        drawn = any(effect.value is not None for effect in effects)
        return Block(
            kind="gap",
            name=name,
            title=title,
            sentence=sentence,
            chart=forest(effects if drawn else [], title=f"{title}. {sentence}", name=name),
            keys=(),
            tables=(Table(title, heads, tuple(lines)),),
            notes=tuple(note for note in (scene.say(*self.note),) if note),
            warnings=tuple(dict.fromkeys(warning for one in seen for warning in warnings(scene, one))),
            labels=tuple(one.label for one in seen),
        )


def _whole(seen: Seen) -> Figure:
    return msgspec.structs.replace(seen.figure, total=seen.total)


def _sides(scene: Scene, seen: Seen, row: Row) -> tuple[str, str]:
    """What each of the two groups has; hidden when either may not be shown."""
    if not row.sides:
        dash = scene.say("afgeschermd", "hidden") if row.denominator else wording.NOTHING
        return dash, dash
    dimension = (seen.indicator.between or ("",))[0]
    first, second = (
        f"{scene.name(dimension, side.group)}: {wording.share(side.numerator, side.denominator, scene.language)}" for side in row.sides
    )
    return first, second
