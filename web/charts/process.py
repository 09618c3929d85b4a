"""A process map: stations in their order with how many were there, and arrows with which part went on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import mark
from web.charts.svg import figure, tag

_BOX, _GAP, _HIGH, _EACH = 210, 74, 64, 4


class Station(NamedTuple):
    """One box."""

    label: str
    n: str
    """How many, as it is written."""
    before: str
    """Which part of those at the station before came here; empty for the first."""


def process(stations: Sequence[Station], *, title: str, name: str) -> Markup:
    """The drawing: four stations to a row."""
    if not stations:
        return Markup("")
    rows = -(-len(stations) // _EACH)
    width, height = _EACH * (_BOX + _GAP) - _GAP + 12, rows * (_HIGH + 56)
    parts: list[Markup] = []
    for at, station in enumerate(stations):
        x, y = 6 + (at % _EACH) * (_BOX + _GAP), 10 + (at // _EACH) * (_HIGH + 56)
        parts.append(mark("rect", f"{station.label}: {station.n}", x=x, y=y, width=_BOX, height=_HIGH, rx=5, class_="station"))
        parts.append(tag("text", station.label, x=x + _BOX / 2, y=y + 25, text_anchor="middle", class_="label"))
        parts.append(tag("text", station.n, x=x + _BOX / 2, y=y + 48, text_anchor="middle", class_="strong big"))
        if at == 0:
            continue
        if at % _EACH:
            start, middle = x - _GAP, y + _HIGH / 2
            parts.append(tag("path", d=f"M{start + 4} {middle} H{x - 12} l-6 -5 M{x - 12} {middle} l-6 5", class_="arrow"))
            parts.append(tag("text", station.before, x=start + _GAP / 2 - 4, y=middle - 9, text_anchor="middle", class_="axis"))
        else:
            last = 6 + (_EACH - 1) * (_BOX + _GAP) + _BOX / 2
            up, down = y - 56, y - 8
            first = x + _BOX / 2
            parts.append(tag("path", d=f"M{last} {up + 4} V{up + 26} H{first} V{down} l-5 -6 M{first} {down} l5 -6", class_="arrow"))
            parts.append(tag("text", station.before, x=(last + first) / 2, y=up + 20, text_anchor="middle", class_="axis"))
    return figure(width, height, title, parts, name=name)
