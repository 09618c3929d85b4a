"""How a whole divides over a few states: a stacked bar beside a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from ledger.cohort import Unanswerable
from ledger.figure import Row
from streams.figures import declared
from web import wording
from web.block import Block, Head, Key, Line, Table
from web.blocks.telling import anchor, title_of, told, unanswerable, warnings
from web.charts.stacked import Stack, Stretch, stacked
from web.indicator_words import of_what
from web.scene import TOO_FINE, Scene, Seen, values

_SAID = 4
"""So many categories stand in the sentence, the largest ones, in the order of the list."""


def _lower(name: str) -> str:
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """One mix, as a whole or by a dimension. Every category of its list is shown, also the empty ones."""

    id: str
    by: str = ""
    title: tuple[str, str] = ("", "")
    note: tuple[str, str] = ("", "")
    grey: tuple[str, ...] = ()
    """Categories that are neutral."""

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (self.id,)

    def block(self, scene: Scene) -> Block:
        """A bar per group, a stretch per category."""
        by = scene.split_by(self.id, self.by)
        if not scene.fits(self.id, [by] if by else []):
            return self._unanswered(scene)
        seen = scene.seen(self.id, by=[by] if by else [])
        mix = seen.indicator.mix
        assert mix is not None
        codes = [*values(mix)]
        codes += sorted({row.strata[mix] for row in seen.rows} - set(codes))
        groups: dict[str, dict[str, Row]] = {}
        for row in seen.rows:
            groups.setdefault(row.strata[by] if by else "", {})[row.strata[mix]] = row
        if not by:
            groups = {"": groups.get("", {})}
        title = title_of(scene, seen, scene.say(*self.title), by)
        stacks = [self._stack(scene, codes, mix, scene.name(by, group) if by else "", rows) for group, rows in groups.items()]
        sentence = self._sentence(scene, seen, codes, mix)
        name = anchor(f"{self.id} {by}")
        grey = frozenset(at for at, code in enumerate(codes) if code in self.grey)
        return Block(
            kind="mix",
            name=name,
            title=title,
            sentence=sentence,
            chart=stacked(stacks, title=f"{title}. {sentence}", name=name, grey=grey),
            keys=tuple(Key("grey" if at in grey else f"s{at}", scene.name(mix, code)) for at, code in enumerate(codes)),
            tables=(self._table(scene, seen, codes, mix, by, groups),),
            notes=tuple(note for note in (scene.say(*self.note),) if note),
            warnings=warnings(scene, seen),
            labels=(seen.label,),
            open=len(groups) <= 8,
        )

    def _unanswered(self, scene: Scene) -> Block:
        """Its categories without figures: what could be said stays in view, also when it cannot be said like this."""
        found = declared(self.id)
        assert found.mix is not None
        title, dash = scene.say(*self.title) or scene.language.of(found.title), wording.NOTHING
        heads = (Head(scene.head(found.mix)), Head(scene.say("Aantal", "Number"), True))
        lines = tuple(Line((scene.name(found.mix, code),), (dash,)) for code in values(found.mix))
        block = unanswerable(scene, anchor(f"{self.id}"), title, Unanswerable("by", TOO_FINE))
        return msgspec.structs.replace(block, tables=(Table(title, heads, lines),))

    def _stack(self, scene: Scene, codes: Sequence[str], mix: str, label: str, rows: dict[str, Row]) -> Stack:
        stretches = []
        for at, code in enumerate(codes):
            row = rows.get(code)
            shown = row is not None and not row.hidden and row.denominator
            share = row.numerator / row.denominator if row is not None and shown and row.numerator is not None and row.denominator else None
            n = scene.number(row.numerator) if row is not None else "0"
            stretches.append(
                Stretch(at, share, f"{f'{label}, ' if label else ''}{scene.name(mix, code)}: {n} ({scene.share(row) if row else ''})")
            )
        secret = scene.say("afgeschermd", "hidden") if any(row.hidden for row in rows.values()) else ""
        return Stack(label, stretches, secret)

    def _sentence(self, scene: Scene, seen: Seen, codes: Sequence[str], mix: str) -> str:
        if seen.total.hidden or seen.total.denominator is None:
            return scene.say("Te weinig om te tonen zonder iemand te herkennen.", "Too few to show without recognising somebody.")
        if not seen.total.denominator:
            return scene.say("Er is nog niets te tellen.", "There is nothing to count yet.")
        whole = scene.seen(self.id)
        by_code = {row.strata[mix]: row for row in whole.rows}
        shown = [(code, by_code[code]) for code in codes if code in by_code and not by_code[code].hidden and by_code[code].numerator]
        n = of_what(seen.indicator, seen.total.denominator, scene.language)
        largest = sorted(shown, key=lambda one: -(one[1].numerator or 0))[:_SAID]
        parts = "; ".join(f"{_lower(scene.name(mix, code))} {scene.share(row)}" for code, row in shown if (code, row) in largest)
        return (
            scene.say(f"Van {n}: {parts}.", f"Of {n}: {parts}.")
            if parts
            else scene.say("Elk deel is te klein.", "Every part is too small.")
        )

    def _table(self, scene: Scene, seen: Seen, codes: Sequence[str], mix: str, by: str, groups: dict[str, dict[str, Row]]) -> Table:
        """By itself a line per category; by a dimension a line per group, and a column per category."""
        title = scene.language.of(seen.indicator.title)
        if not by:
            rows = groups[""]
            heads: tuple[Head, ...] = (
                Head(scene.head(mix)),
                Head(scene.say("Aantal", "Number"), True),
                Head(scene.say("Van", "Of"), True),
                Head(scene.say("Aandeel", "Share"), True),
                Head(scene.say("95 %-interval", "95% interval"), True),
            )
            return Table(title, heads, tuple(self._line(scene, seen, code, mix, rows.get(code)) for code in codes))
        lines = []
        for group, rows in groups.items():
            whole = next((row.denominator for row in rows.values() if row.denominator is not None), None)
            cells = [scene.number(whole), *(self._cell(scene, rows.get(code)) for code in codes)]
            lines.append(Line((scene.name(by, group),), tuple(cells), all(row.hidden for row in rows.values())))
        heads = (Head(scene.head(by)), Head(scene.say("Samen", "Together"), True), *(Head(scene.name(mix, code), True) for code in codes))
        return Table(title, heads, tuple(lines))

    def _line(self, scene: Scene, seen: Seen, code: str, mix: str, row: Row | None) -> Line:
        if row is not None:
            one = told(scene, seen, row)
            return Line((scene.name(mix, code),), (one.numerator, one.denominator, one.value, one.interval), row.hidden)
        whole = seen.total.denominator
        return Line((scene.name(mix, code),), ("0", scene.number(whole), wording.share(0, whole or 0, scene.language), wording.NOTHING))

    def _cell(self, scene: Scene, row: Row | None) -> str:
        if row is None:
            return "0"
        return scene.number(None) if row.hidden else f"{scene.number(row.numerator)} ({scene.share(row)})"
