"""Groups of editions beside what chance gives: half-years of a region, taken together until there are thirty (evaluation.md 6.1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ledger.cohort import Unanswerable
from ledger.dimension import QUARTER, YEAR
from ledger.edition_groups import Cells, Group, groups_of
from ledger.figure import Row
from ledger.funnel import FEWEST, LEAST, Funnel, Unit, funnel
from ledger.interval import wilson
from web import wording
from web.block import Block, Head, Line, Table
from web.blocks.funnels import by_chance, compared, keys, spread, words
from web.blocks.telling import anchor, warnings
from web.charts.funnels import Dot, funnel_plot
from web.scene import Scene, Seen, place

_REGION = "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """One share of participations, by groups of editions. A single edition is for its organiser, the agency and the auditor."""

    id: str
    title: tuple[str, str] = ("", "")
    note: tuple[str, str] = ("", "")

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (self.id,)

    def block(self, scene: Scene) -> Block:
        """A dot per group that is large enough, around the pooled share."""
        seen = scene.seen(self.id, by=(_REGION, QUARTER))
        groups = _groups(scene, seen, self.id)
        large = [(region, one, one.unit) for region, one in groups if one.unit is not None and one.unit.bottom >= LEAST]
        units = [unit for _, _, unit in large]
        found = funnel(units) if len(units) >= FEWEST else None
        verdicts = [found.verdict(unit) for unit in units] if found is not None else []
        title = scene.say(*self.title) or scene.language.of(seen.indicator.title)
        sentence = compared(scene, found, verdicts)
        dots = [
            Dot(unit.bottom, unit.share, f"{_label(scene, region, one)}: {_said(scene, unit)}. {words(scene, verdict)}", verdict)
            for (region, one, unit), verdict in zip(large, verdicts, strict=False)
        ]
        name = anchor(f"{self.id} edities")
        size = scene.say("noemer", "denominator")
        chart = funnel_plot(dots, found, title=f"{title}. {sentence}", name=name, size=size) if found is not None else Markup("")
        return Block(
            kind="editions",
            name=name,
            title=title,
            sentence=sentence,
            chart=chart,
            keys=keys(scene) if chart else (),
            tables=(_table(scene, seen, groups, found),),
            notes=tuple(note for note in (scene.say(*self.note), by_chance(scene, len(units)), spread(scene, found)) if note),
            warnings=warnings(scene, seen),
            labels=(seen.label,),
            open=len(groups) <= 12,
        )


def _groups(scene: Scene, seen: Seen, id: str) -> list[tuple[str, Group]]:
    """The groups of every region, in the order of the list of regions and of time."""
    quarters, years = _by_region(scene, seen.rows, QUARTER), _by_region(scene, _yearly(scene, id), YEAR)
    ordered = sorted(quarters, key=lambda region: place(_REGION, region))
    return [(region, one) for region in ordered for one in groups_of(quarters[region], years.get(region, {}), LEAST)]


def _yearly(scene: Scene, id: str) -> Sequence[Row]:
    """The same by year; nothing under a cohort of quarters, which has no years."""
    try:
        return scene.seen(id, by=(_REGION, YEAR)).rows
    except Unanswerable:
        return ()


def _by_region(scene: Scene, rows: Sequence[Row], time: str) -> Mapping[str, Cells]:
    """What may be shown, per region and stretch of time. Without feedback on half of them there is nothing to compare either."""
    found: dict[str, dict[str, Unit | None]] = {}
    for row in rows:
        shown = not row.hidden and row.numerator is not None and row.denominator is not None
        if shown and not row.denominator:
            continue
        unit = Unit(row.numerator or 0, row.denominator or 0) if shown else None
        found.setdefault(row.strata.get(_REGION, scene.filters.get(_REGION, "")), {})[row.strata[time]] = unit
    return found


def _table(scene: Scene, seen: Seen, groups: Sequence[tuple[str, Group]], found: Funnel | None) -> Table:
    heads = (
        Head(scene.head(_REGION)),
        Head(scene.say("Edities van", "Editions of")),
        Head(scene.say("Teller", "Numerator"), True),
        Head(scene.say("Noemer", "Denominator"), True),
        Head(scene.say("Cijfer", "Figure"), True),
        Head(scene.say("95 %-interval", "95% interval"), True),
        Head(scene.say("Ligging", "Place")),
    )
    lines = []
    for region, one in groups:
        labels = scene.name(_REGION, region), _period(scene, one)
        if one.unit is None:
            secret = scene.number(None)
            lines.append(Line(labels, (secret, secret, wording.NOTHING, wording.NOTHING, ""), hidden=True))
            continue
        limits = wilson(one.unit.top, one.unit.bottom)
        around = f"{scene.percent(limits.low)} – {scene.percent(limits.high)}" if limits is not None else wording.NOTHING
        cells = (
            scene.number(one.unit.top),
            scene.number(one.unit.bottom),
            wording.share(one.unit.top, one.unit.bottom, scene.language),
            around,
            words(scene, found.verdict(one.unit)) if found is not None and one.unit.bottom >= LEAST else _small(scene),
        )
        lines.append(Line(labels, cells))
    return Table(scene.language.of(seen.indicator.title), heads, tuple(lines))


def _small(scene: Scene) -> str:
    return scene.say("te klein om te vergelijken", "too small to compare")


def _label(scene: Scene, region: str, one: Group) -> str:
    return f"{scene.name(_REGION, region)}, {_period(scene, one)}"


def _period(scene: Scene, one: Group) -> str:
    """``2024, eerste helft``, ``2023`` or ``2023 tot 2024, eerste helft``."""
    first_year, last_year = one.first[:4], one.last[:4]
    begins, ends = one.first.endswith("H1"), one.last.endswith("H2")
    if first_year == last_year:
        return first_year if begins and ends else _half(scene, one.first)
    first = first_year if begins else _half(scene, one.first)
    last = last_year if ends else _half(scene, one.last)
    return f"{first} {scene.say('tot', 'to')} {last}"


def _half(scene: Scene, half: str) -> str:
    which = scene.say("eerste helft", "first half") if half.endswith("H1") else scene.say("tweede helft", "second half")
    return f"{half[:4]}, {which}"


def _said(scene: Scene, unit: Unit) -> str:
    share = wording.share(unit.top, unit.bottom, scene.language)
    return f"{share}, {unit.top} {scene.say('van', 'of')} {unit.bottom}"
