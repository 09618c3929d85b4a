"""A time to an event: the curve with its band, the numbers at risk, and quantiles beside the naive median, marked as biased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.curve_grid import Point
from ledger.duration import TimeTo
from ledger.figure import Row
from web import wording
from web.block import Block, Head, Key, Line, Table
from web.blocks.telling import anchor, title_of, told, warnings
from web.charts.incidence import Course, Spot, incidence
from web.indicator_words import of_what
from web.scene import Scene, Seen

_LINES = 12
_BESIDE = 2
"""So many groups have their columns beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One indicator of times, as a whole or by a dimension."""

    id: str
    by: str = ""
    title: tuple[str, str] = ("", "")
    note: tuple[str, str] = ("", "")
    marks: tuple[int, ...] = ()
    """Days that matter: a norm, and what lies around it."""
    until: int | None = None
    """The last day that is drawn."""

    @property
    def ids(self) -> Sequence[str]:
        """What it shows."""
        return (self.id,)

    def block(self, scene: Scene) -> Block:
        """The curve of each group that may be shown."""
        by = scene.split_by(self.id, self.by)
        seen = scene.seen(self.id, by=[by] if by else [])
        groups = (
            [(told(scene, seen, row).labels[0], row) for row in seen.rows] if by else [(scene.say("Iedereen", "Everybody"), seen.total)]
        )
        title = title_of(scene, seen, scene.say(*self.title), by)
        sentence = self._sentence(scene, seen)
        courses = [Course(label, [self._spot(scene, label if by else "", point) for point in self._points(row)]) for label, row in groups]
        name = anchor(f"{self.id} {by}")
        days = [(day, scene.say(f"dag {day}", f"day {day}")) for day in self.marks]
        chart = incidence(courses, title=f"{title}. {sentence}", name=name, days=scene.say("dagen", "days"), marks=days)
        notes = [scene.say(*self.note)] if self.note[0] else []
        if chart:
            without = [label for (label, row), course in zip(groups, courses, strict=True) if not course.spots and not row.hidden]
            if without:
                names = ", ".join(without)
                notes.append(
                    scene.say(
                        f"Zonder kromme, omdat er te weinig zijn om niemand te herkennen: {names}.",
                        f"Without a curve, because there are too few for nobody to be recognised: {names}.",
                    )
                )
            notes.append(
                scene.say(
                    "De kromme springt op dagen die ver genoeg uit elkaar liggen om niemand te kunnen volgen, en stopt waar minder "
                    "dan tien personen nog gevolgd worden.",
                    "The curve steps on days far enough apart that nobody can be followed, and ends where fewer than ten persons are still "
                    "followed.",
                )
            )
        elif scene.cohort is not None and not scene.cohort.whole_years:
            notes.append(
                scene.say(
                    "Van één kwartaal is er geen kromme: kies een jaar, of alles.",
                    "There is no curve of one quarter: choose a year, or all.",
                )
            )
        elif not seen.total.hidden and seen.total.denominator:
            notes.append(
                scene.say("Te weinig voor een kromme zonder iemand te herkennen.", "Too few for a curve without recognising somebody.")
            )
        return Block(
            kind="curve",
            name=name,
            title=title,
            sentence=sentence,
            chart=chart,
            keys=tuple(Key(f"s{at}", f"{scene.head(by)}: {course.label}") for at, course in enumerate(courses) if course.spots)
            if by
            else (),
            tables=tuple(table for table in (*self._followed(scene, groups), self._quantiles(scene, seen, groups)) if table.lines),
            notes=tuple(notes),
            warnings=warnings(scene, seen),
            labels=(seen.label,),
        )

    def _points(self, row: Row) -> list[Point]:
        return [] if row.hidden else [point for point in row.curve if self.until is None or point.time <= self.until]

    def _spot(self, scene: Scene, label: str, point: Point) -> Spot:
        share, band = scene.percent(point.incidence), scene.between(point.low, point.high)
        n = scene.number(point.at_risk)
        said = scene.say(f"dag {point.time}: {share} ({band}), nog gevolgd {n}", f"day {point.time}: {share} ({band}), still followed {n}")
        return Spot(point.time, point.incidence, point.low, point.high, f"{label}, {said}" if label else said)

    def _sentence(self, scene: Scene, seen: Seen) -> str:
        total = seen.total
        if total.hidden:
            return scene.say("Te weinig om te tonen zonder iemand te herkennen.", "Too few to show without recognising somebody.")
        if not total.denominator:
            return scene.say("Er is nog niets te tellen.", "There is nothing to count yet.")
        n = of_what(seen.indicator, total.denominator, scene.language)
        points = self._points(total) or list(total.curve)
        parts = []
        for day in self.marks or (90, 365):
            at = next((point for point in reversed(points) if point.time <= day), None)
            if at is not None and points[-1].time >= day - 7:
                parts.append(
                    scene.say(f"tegen dag {at.time}: {scene.percent(at.incidence)}", f"by day {at.time}: {scene.percent(at.incidence)}")
                )
        middle = next((one.days for one in total.quantiles if one.share == 0.5), None)
        half = (
            scene.say(f"de helft na {wording.days(middle, scene.language)}", f"half after {wording.days(middle, scene.language)}")
            if middle is not None
            else scene.say("de helft is niet bereikt", "half is not reached")
        )
        return scene.say(f"Van {n}: {'; '.join([*parts, half])}.", f"Of {n}: {'; '.join([*parts, half])}.")

    def _followed(self, scene: Scene, groups: Sequence[tuple[str, Row]]) -> list[Table]:
        """One table, or one per group when they would not fit beside each other."""
        if sum(bool(self._points(row)) for _, row in groups) <= _BESIDE:
            return [self._at_risk(scene, groups)]
        told_tables = []
        for label, row in groups:
            table = self._at_risk(scene, [(label, row)])
            told_tables.append(Table(f"{label}: {table.caption[:1].lower()}{table.caption[1:]}", table.heads, table.lines))
        return told_tables

    def _at_risk(self, scene: Scene, groups: Sequence[tuple[str, Row]]) -> Table:
        shown = [(label, {point.time: point for point in self._points(row)}) for label, row in groups]
        shown = [(label, points) for label, points in shown if points]
        times = sorted({time for _, points in shown for time in points})
        every = max(1, -(-len(times) // _LINES))
        chosen = sorted({*times[::every], *times[-1:], *(_near(times, day) for day in self.marks if times)})
        single = len(groups) == 1
        heads = [Head(scene.say("Dag", "Day"), True)]
        for label, _ in shown:
            prefix = "" if single else f"{label}: "
            heads += [
                Head(prefix + (scene.say("aandeel", "share") if prefix else scene.say("Aandeel", "Share")), True),
                Head(prefix + scene.say("95 %-interval", "95% interval"), True),
                Head(prefix + (scene.say("nog gevolgd", "still followed") if prefix else scene.say("Nog gevolgd", "Still followed")), True),
            ]
        lines = []
        for time in chosen:
            cells: list[str] = []
            for _, points in shown:
                point = points.get(time)
                cells += (
                    [wording.NOTHING] * 3
                    if point is None
                    else [
                        scene.percent(point.incidence),
                        scene.between(point.low, point.high),
                        scene.number(point.at_risk),
                    ]
                )
            lines.append(Line((str(time),), tuple(cells)))
        return Table(scene.say("Aandeel en aantal dat nog gevolgd wordt", "Share and number still followed"), tuple(heads), tuple(lines))

    def _quantiles(self, scene: Scene, seen: Seen, groups: Sequence[tuple[str, Row]]) -> Table:
        heads = (
            Head(scene.say("Groep", "Group")),
            Head(scene.say("Gebeurd", "Happened"), True),
            Head(scene.say("Van", "Of"), True),
            Head(scene.say("Een kwart na", "A quarter after"), True),
            Head(scene.say("De helft na", "Half after"), True),
            Head(scene.say("Driekwart na", "Three quarters after"), True),
            Head(scene.say("Negen op tien na", "Nine in ten after"), True),
            Head(scene.say("Vertekend (enkel afgesloten): mediaan", "Biased (closed cases only): median"), True),
        )
        lines = []
        for label, row in groups:
            one = told(scene, seen, row)
            quantiles = [_days(scene, quantile) for quantile in row.quantiles] or [wording.NOTHING] * 4
            lines.append(Line((label,), (one.numerator, one.denominator, *quantiles, one.naive or wording.NOTHING), one.hidden))
        return Table(scene.say("Dagen, met 95 %-interval", "Days, with 95% interval"), heads, tuple(lines))


def _near(times: Sequence[int], day: int) -> int:
    return min(times, key=lambda time: (abs(time - day), time))


def _days(scene: Scene, one: TimeTo) -> str:
    never = scene.say("niet bereikt", "not reached")
    if one.days is None:
        return never
    low, high = (wording.number(limit, scene.language) if limit is not None else never for limit in (one.low, one.high))
    return f"{wording.number(one.days, scene.language)} ({low} – {high})"
