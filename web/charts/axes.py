"""Axes: places on a drawing, round ticks, and marks that a script can read out. Everything drawn is protected already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.svg import Attribute, tag


class Frame(NamedTuple):
    """The field of a chart: its outer size and the room around the field."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    def x(self, part: float) -> float:
        """A place from left (0) to right (1)."""
        return self.left + part * (self.width - self.left - self.right)

    def y(self, part: float) -> float:
        """A place from the floor (0) to the top (1)."""
        return self.height - self.bottom - part * (self.height - self.top - self.bottom)


def mark(name: str, said: str, **attributes: Attribute) -> Markup:
    """A shape that can be read out: ``said`` is what the script shows of it."""
    return tag(name, data_say=said, **attributes)


def upright(frame: Frame, ticks: Sequence[tuple[float, str]]) -> list[Markup]:
    """Horizontal lines of the grid with their values: places from 0 to 1."""
    parts: list[Markup] = []
    for part, written in ticks:
        y = frame.y(part)
        parts.append(tag("line", x1=frame.x(0), x2=frame.x(1), y1=y, y2=y, class_="grid"))
        parts.append(tag("text", written, x=frame.left - 8, y=y + 4, text_anchor="end", class_="axis"))
    return parts


def across(frame: Frame, ticks: Sequence[tuple[float, str]], *, lines: bool = False) -> list[Markup]:
    """Values under the floor: places from 0 to 1."""
    parts: list[Markup] = []
    for part, written in ticks:
        x = frame.x(part)
        if lines:
            parts.append(tag("line", x1=x, x2=x, y1=frame.y(0), y2=frame.y(1), class_="grid"))
        anchor = "end" if part > 0.96 else "middle"
        parts.append(tag("text", written, x=x, y=frame.height - frame.bottom + 18, text_anchor=anchor, class_="axis"))
    return parts


_TOPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 5.0, 10.0)


def percent_top(highest: float) -> float:
    """The end of an axis of shares: a round share just above the highest. Of a ratio it may be more than all."""
    return next((top for top in _TOPS if highest <= top), _TOPS[-1])


def percent_ticks(top: float) -> list[tuple[float, str]]:
    """Five ticks of an axis of shares that ends at ``top``."""
    steps = {0.2: 4, 0.3: 3, 0.4: 4, 0.6: 6, 0.8: 4, 1.2: 6, 1.6: 4, 2.0: 4, 3.0: 3, 4.0: 4}.get(top, 5)
    return [(step / steps, f"{top * step / steps * 100:g} %") for step in range(steps + 1)]


def plain_top(highest: float) -> float:
    """The end of an axis of plain numbers: a round one just above the highest."""
    step = 1.0
    while step * 5 < highest:
        step *= 2.5 if str(step)[0] == "2" else 2.0
    return step * 5


def plain_ticks(top: float) -> list[tuple[float, str]]:
    """Six ticks of an axis of plain numbers that ends at ``top``."""
    return [(step / 5, grouped(top * step / 5)) for step in range(6)]


def grouped(value: float) -> str:
    """A number on an axis, in either language: thousands stand apart by a narrow space."""
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 1_000 else f"{value:g}"
