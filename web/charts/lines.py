"""A line over time with its surface filled, for one or a few series of monthly figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.svg import figure, tag

_WIDTH = 640
_HEIGHT = 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 12, 30


class Point(NamedTuple):
    """A figure at a place on the axis; None leaves a gap."""

    label: str
    value: int | None


def line(points: Sequence[Point], *, title: str, name: str, ticks: Sequence[tuple[int, str]]) -> Markup:
    """The drawing; empty with fewer than two points. ``ticks`` are the values on the upright axis with how they are written."""
    if len(points) < 2:
        return Markup("")
    top = max([value for value, _ in ticks] + [point.value or 0 for point in points]) or 1
    across = (_WIDTH - _LEFT - _RIGHT) / (len(points) - 1)
    up = (_HEIGHT - _TOP - _BOTTOM) / top

    def spot(place: int, value: int) -> tuple[float, float]:
        return _LEFT + place * across, _HEIGHT - _BOTTOM - value * up

    parts: list[Markup] = []
    for value, written in ticks:
        _, y = spot(0, value)
        parts.append(tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid"))
        parts.append(tag("text", written, x=_LEFT - 8, y=y + 4, text_anchor="end", class_="axis"))
    for run in _runs(points):
        spots = [spot(place, value) for place, value in run]
        trail = " L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
        floor = _HEIGHT - _BOTTOM
        parts.append(tag("path", d=f"M{spots[0][0]:.1f} {floor} L{trail} L{spots[-1][0]:.1f} {floor} Z", class_="area"))
        parts.append(tag("path", d=f"M{trail}", class_="line"))
        if len(spots) == 1:
            parts.append(tag("circle", cx=spots[0][0], cy=spots[0][1], r=3, class_="dot"))
    every = max(1, -(-len(points) // 7))
    for place in range(0, len(points), every):
        x, _ = spot(place, 0)
        anchor = "end" if x > _WIDTH - 40 else "middle"
        parts.append(tag("text", points[place].label, x=x, y=_HEIGHT - 10, text_anchor=anchor, class_="axis"))
    return figure(_WIDTH, _HEIGHT, title, parts, name=name)


def _runs(points: Sequence[Point]) -> list[list[tuple[int, int]]]:
    runs: list[list[tuple[int, int]]] = [[]]
    for place, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((place, point.value))
    return [run for run in runs if run]


def round_ticks(highest: int, count: int = 4) -> list[int]:
    """Round values from zero to just above the highest, about ``count`` of them."""
    if highest <= 0:
        return [0]
    step = 1
    while highest / step > count:
        digits = len(str(step)) - 1
        lead = step // 10**digits
        step = {1: 2, 2: 5, 5: 10}[lead] * 10**digits
    return list(range(0, highest + step, step))
