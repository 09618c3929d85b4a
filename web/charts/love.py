"""A love plot: how far each level of a covariate lies apart before (open) and after (full) matching, with the limits that count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import Frame, mark
from web.charts.svg import figure, tag

_ROW = 15
_LABEL = 330


class Apart(NamedTuple):
    """A level with its standardised differences, before and after."""

    label: str
    before: float
    after: float


def love(rows: Sequence[Apart], *, limit: float, most: float, title: str, name: str, before: str, after: str) -> Markup:
    """The drawing, widest differences first; empty without rows."""
    if not rows:
        return Markup("")
    frame = Frame(760, 24 + len(rows) * _ROW + 28, _LABEL, 16, 22, 28)
    top = max(0.5, min(2.0, max(abs(value) for row in rows for value in (row.before, row.after))))

    def x(value: float) -> float:
        return frame.x(min(abs(value), top) / top)

    parts: list[Markup] = [
        tag("circle", cx=_LABEL + 4, cy=10, r=3.6, class_="hollow"),
        tag("text", before, x=_LABEL + 12, y=14, class_="axis"),
        tag("circle", cx=_LABEL + 134, cy=10, r=3.6, class_="dot"),
        tag("text", after, x=_LABEL + 142, y=14, class_="axis"),
    ]
    for value, kind in ((0.0, "zero"), (limit, "limit"), (most, "limit"), (top, "grid")):
        place = x(value)
        parts.append(tag("line", x1=place, x2=place, y1=frame.y(0), y2=frame.y(1), class_=kind))
        anchor = "end" if value == top else "middle"
        parts.append(tag("text", f"{value:.2f}".rstrip("0").rstrip("."), x=place, y=frame.height - 10, text_anchor=anchor, class_="axis"))
    for at, row in enumerate(rows):
        y = frame.top + 4 + at * _ROW + 6
        parts.append(tag("text", row.label[:52], x=_LABEL - 10, y=y + 4, text_anchor="end", class_="label small"))
        parts.append(tag("line", x1=x(0.0), x2=x(max(abs(row.before), abs(row.after))), y1=y, y2=y, class_="lane"))
        parts.append(mark("circle", f"{row.label}: {abs(row.before):.2f}", cx=x(row.before), cy=y, r=3.6, class_="hollow"))
        parts.append(mark("circle", f"{row.label}: {abs(row.after):.2f}", cx=x(row.after), cy=y, r=3.6, class_="dot"))
    return figure(frame.width, frame.height, title, parts, name=name)
