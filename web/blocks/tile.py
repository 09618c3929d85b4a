"""A figure at a glance: its value, what it is of, and a line by quarter. It leads to the page that tells all of it."""

from __future__ import annotations

from ledger.dimension import QUARTER
from ledger.indicator import Base, Method
from web.block import Tile
from web.blocks.telling import anchor, told, warnings
from web.blocks.trend import moments
from web.charts.trend import trend
from web.scene import Scene


def tile(scene: Scene, id: str, link: str, *, note: tuple[str, str] = ("", "")) -> Tile:
    """The tile of one indicator."""
    seen = scene.seen(id)
    one, title = told(scene, seen, seen.total), scene.language.of(seen.indicator.title)
    chart = None
    if seen.indicator.base in (Base.CONTRACT, Base.EVENT, Base.MONTH):
        by_quarter = scene.seen(id, by=[QUARTER])
        percent = seen.indicator.method in (Method.SHARE, Method.RATIO)
        said = scene.say("per kwartaal", "by quarter")
        chart = trend(moments(scene, by_quarter), title=f"{title}, {said}", name=anchor(f"tegel {id}"), percent=percent, small=True)
    parts = scene.say(f"{one.numerator} van {one.denominator}", f"{one.numerator} of {one.denominator}")
    if seen.total.denominator == 0:
        parts = scene.say("nog niets te tellen", "nothing to count yet")
    elif seen.indicator.method is Method.RATE:
        parts = scene.say(f"per 10.000: {parts}", f"per 10,000: {parts}")
    return Tile(
        id=id,
        title=title,
        value=one.value if not one.hidden else one.numerator,
        under=" ".join(part for part in (parts if not one.hidden else "", scene.say(*note)) if part),
        chart=chart,
        link=link,
        warning=" ".join(warnings(scene, seen)),
        label=seen.label,
    )
