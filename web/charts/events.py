"""Effects by distance from an opening: a point with its interval per quarter, before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import Frame, mark, upright
from web.charts.svg import figure, tag


class At(NamedTuple):
    """The effect at so many quarters from the opening."""

    quarters: int
    value: float
    low: float | None
    high: float | None
    written: str


def events(rows: Sequence[At], *, title: str, name: str, under: str) -> Markup:
    """The drawing, in percentage points; empty with fewer than two points."""
    if len(rows) < 2:
        return Markup("")
    frame = Frame(700, 260, 56, 16, 12, 44)
    reach = max(max(abs(value) for row in rows for value in (row.value, row.low, row.high) if value is not None), 0.01)
    step = next((one for one in (0.01, 0.02, 0.05, 0.1, 0.2) if reach / one <= 3.001), 0.5)
    top = step * -(-reach // step)
    first, last = min(row.quarters for row in rows), max(row.quarters for row in rows)
    width = max(1, last - first + 1)

    def x(quarters: float) -> float:
        return frame.x((quarters - first + 0.5) / width)

    def y(value: float) -> float:
        return frame.y((min(max(value, -top), top) + top) / (2 * top))

    count = round(top / step)
    ticks = [((at * step + top) / (2 * top), f"{at * step * 100:+g}" if at else "0") for at in range(-count, count + 1)]
    parts = upright(frame, ticks)
    parts.append(tag("line", x1=frame.x(0), x2=frame.x(1), y1=y(0.0), y2=y(0.0), class_="zero"))
    opening = x(-0.5)
    parts.append(tag("line", x1=opening, x2=opening, y1=frame.y(0), y2=frame.y(1), class_="today"))
    for row in rows:
        place = x(row.quarters)
        if row.low is not None and row.high is not None:
            low, high = y(row.low), y(row.high)
            ends = "".join(f" M{place - 4:.1f} {end:.1f} H{place + 4:.1f}" for end in (low, high))
            path = f"M{place:.1f} {low:.1f} V{high:.1f}{ends}"
            parts.append(tag("path", d=path, class_="whisker"))
        parts.append(mark("circle", row.written, cx=place, cy=y(row.value), r=4, class_="dot" if row.quarters >= 0 else "hollow"))
        parts.append(tag("text", str(row.quarters), x=place, y=frame.height - 26, text_anchor="middle", class_="axis"))
    parts.append(tag("text", under, x=frame.x(0.5), y=frame.height - 8, text_anchor="middle", class_="axis"))
    return figure(frame.width, frame.height, title, parts, name=name)
