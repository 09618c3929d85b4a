"""Differences with their intervals around no difference: one line per comparison, zero upright through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import Frame, mark
from web.charts.svg import figure, tag

_ROW = 28
_LABEL = 330
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)


class Effect(NamedTuple):
    """One line, in shares of one; None when it may not be shown."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    written: str
    strong: bool = False
    """The comparison that the conclusion rests on."""


def forest(rows: Sequence[Effect], *, title: str, name: str) -> Markup:
    """The drawing, in percentage points; empty without rows."""
    if not rows:
        return Markup("")
    frame = Frame(800, 16 + len(rows) * _ROW + 30, _LABEL, 150, 8, 30)
    ends = [abs(value) for row in rows for value in (row.low, row.high, row.value) if value is not None]
    reach = max([*ends, 0.01])
    step = next((one for one in _STEPS if reach / one <= 4), 0.25)
    top = step * max(1, -(-reach // step))

    def x(value: float) -> float:
        return frame.x((min(max(value, -top), top) + top) / (2 * top))

    parts: list[Markup] = []
    count = round(top / step)
    for at in range(-count, count + 1):
        place = x(at * step)
        parts.append(tag("line", x1=place, x2=place, y1=frame.y(0), y2=frame.y(1), class_="zero" if at == 0 else "grid"))
        if count <= 4 or at % 2 == 0:
            parts.append(
                tag("text", f"{at * step * 100:+g}" if at else "0", x=place, y=frame.height - 12, text_anchor="middle", class_="axis")
            )
    for at, row in enumerate(rows):
        y = frame.top + 6 + at * _ROW + 10
        kind = "label strong" if row.strong else "label"
        parts.append(tag("text", row.label[:50], x=_LABEL - 12, y=y + 4, text_anchor="end", class_=kind))
        if row.low is not None and row.high is not None:
            low, high = x(row.low), x(row.high)
            path = f"M{low:.1f} {y} H{high:.1f} M{low:.1f} {y - 4} V{y + 4} M{high:.1f} {y - 4} V{y + 4}"
            parts.append(tag("path", d=path, class_="whisker"))
        if row.value is not None:
            parts.append(mark("circle", f"{row.label}: {row.written}", cx=x(row.value), cy=y, r=5 if row.strong else 3.6, class_="dot"))
        parts.append(tag("text", row.written, x=frame.width - 4, y=y + 4, text_anchor="end", class_=kind))
    return figure(frame.width, frame.height, title, parts, name=name)
