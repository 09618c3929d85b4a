"""Groups beside what is expected of their size: a funnel plot beside a table, in the order of the lists and never ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ledger.figure import Row
from ledger.funnel import FEWEST, LEAST, Funnel, Unit, Verdict, funnel
from web.block import Block, Head, Key, Line, Table
from web.blocks.telling import anchor, said, told, warnings
from web.charts.funnels import Dot, funnel_plot
from web.scene import Scene, Seen

MANY = 20
"""With more compared groups it is said how many lie outside by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnels:
    """One share, by dimensions that together make the groups."""

    id: str
    by: tuple[str, ...]
    title: tuple[str, str] = ("", "")
    note: tuple[str, str] = ("", "")

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (self.id,)

    def block(self, scene: Scene) -> Block:
        """Each group that may be shown and is large enough, around the pooled share."""
        by = tuple(name for name in self.by if name not in scene.filters)
        while len(by) > 1 and not scene.fits(self.id, by):
            by = by[:-1]
        seen = scene.seen(self.id, by=by)
        large = [row for row in seen.rows if _large(row)]
        units = [Unit(row.numerator or 0, row.denominator or 0) for row in large]
        found = funnel(units) if len(units) >= FEWEST else None
        title = scene.say(*self.title) or scene.language.of(seen.indicator.title)
        verdicts = [found.verdict(unit) for unit in units] if found is not None else []
        sentence = compared(scene, found, verdicts)
        dots = [
            Dot(unit.bottom, unit.share, f"{said(scene, seen, _label(scene, seen, row), row)}. {words(scene, verdict)}", verdict)
            for unit, row, verdict in zip(units, large, verdicts, strict=False)
        ]
        name = anchor(f"{self.id} {' '.join(by)} trechter")
        chart = (
            funnel_plot(dots, found, title=f"{title}. {sentence}", name=name, size=scene.say("noemer", "denominator")) if found else None
        )
        return Block(
            kind="funnels",
            name=name,
            title=title,
            sentence=sentence,
            chart=chart or Markup(""),
            keys=keys(scene) if chart else (),
            tables=(self._table(scene, seen, by, found),),
            notes=tuple(note for note in (scene.say(*self.note), by_chance(scene, len(units)), spread(scene, found)) if note),
            warnings=warnings(scene, seen),
            labels=(seen.label,),
            open=len(seen.rows) <= 12,
        )

    def _table(self, scene: Scene, seen: Seen, by: Sequence[str], found: Funnel | None) -> Table:
        heads = (
            *(Head(scene.head(name)) for name in by),
            Head(scene.say("Teller", "Numerator"), True),
            Head(scene.say("Noemer", "Denominator"), True),
            Head(scene.say("Cijfer", "Figure"), True),
            Head(scene.say("95 %-interval", "95% interval"), True),
            Head(scene.say("Ligging", "Place")),
        )
        lines = []
        for row in seen.rows:
            one = told(scene, seen, row)
            if found is not None and _large(row):
                where = words(scene, found.verdict(Unit(row.numerator or 0, row.denominator or 0)))
            else:
                where = "" if row.hidden else scene.say("te klein om te vergelijken", "too small to compare")
            lines.append(Line(one.labels, (one.numerator, one.denominator, one.value, one.interval, where), row.hidden))
        return Table(scene.language.of(seen.indicator.title), heads, tuple(lines))


def compared(scene: Scene, found: Funnel | None, verdicts: Sequence[Verdict]) -> str:
    """How the groups lie, in one sentence."""
    if found is None:
        return scene.say(
            f"Er zijn geen {FEWEST} groepen met een noemer van minstens {LEAST}: er valt niets te vergelijken.",
            f"There are no {FEWEST} groups with a denominator of at least {LEAST}: there is nothing to compare.",
        )
    n = len(verdicts)
    within, note, apart = (verdicts.count(one) for one in (Verdict.WITHIN, Verdict.NOTE, Verdict.APART))
    target = scene.percent(found.target)
    return scene.say(
        f"Van {n} vergeleken groepen liggen er {within} binnen de verwachte spreiding rond {target}, {note} daarbuiten (let op) en "
        f"{apart} ver daarbuiten (na te gaan).",
        f"Of {n} compared groups {within} lie within the expected spread around {target}, {note} outside it (note) and {apart} far "
        "outside (to be looked into).",
    )


def by_chance(scene: Scene, n: int) -> str:
    """How many of many groups lie outside 95 % by chance alone; nothing of few."""
    if n <= MANY:
        return ""
    expected = round(n * 0.05)
    return scene.say(
        f"Bij {n} groepen liggen er door toeval alleen al ongeveer {expected} buiten de 95 %.",
        f"Of {n} groups about {expected} lie outside the 95% by chance alone.",
    )


def spread(scene: Scene, found: Funnel | None) -> str:
    """Whether the groups spread more than chance gives."""
    if found is None or found.phi is None:
        return ""
    phi = f"{found.phi:.1f}".replace(".", scene.say(",", "."))
    return scene.say(
        f"De groepen lopen meer uiteen dan toeval geeft (φ = {phi}); de grenzen zijn daarvoor verbreed.",
        f"The groups spread more than chance gives (φ = {phi}); the limits are widened for it.",
    )


def keys(scene: Scene) -> tuple[Key, ...]:
    """The legend of a funnel."""
    return (
        Key("inner", scene.say("95 % van wat toeval geeft", "95% of what chance gives")),
        Key("outer", scene.say("99,8 %", "99.8%")),
        Key("within", words(scene, Verdict.WITHIN)),
        Key("look", words(scene, Verdict.NOTE)),
        Key("apart", words(scene, Verdict.APART)),
    )


def words(scene: Scene, verdict: Verdict) -> str:
    """A place in the words of 6.1.3: never good or bad."""
    return {
        Verdict.WITHIN: scene.say("binnen de verwachte spreiding", "within the expected spread"),
        Verdict.NOTE: scene.say("let op", "note"),
        Verdict.APART: scene.say("wijkt af, na te gaan", "apart, to be looked into"),
    }[verdict]


def _large(row: Row) -> bool:
    return not row.hidden and row.numerator is not None and (row.denominator or 0) >= LEAST


def _label(scene: Scene, seen: Seen, row: Row) -> str:
    return " · ".join(scene.name(name, value) for name, value in row.strata.items())
