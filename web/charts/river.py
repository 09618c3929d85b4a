"""Flows between stations as a Sankey drawing: nodes in columns, a ribbon from each to the next; what is hidden is not drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import mark
from web.charts.svg import figure, tag

_WIDTH, _TOP, _FIELD, _GAP, _NODE = 1080, 34, 320, 20, 12
_SIDE = 6


class Node(NamedTuple):
    """A state at a station; n None when it may not be shown."""

    code: str
    label: str
    n: int | None
    said: str
    tone: str


class Ribbon(NamedTuple):
    """So many go from one state to one of the next station; only flows that may be shown."""

    start: str
    end: str
    n: int
    said: str


def river(
    heads: Sequence[str], columns: Sequence[Sequence[Node]], ribbons: Sequence[Sequence[Ribbon]], *, total: int, title: str, name: str
) -> Markup:
    """The drawing: ``ribbons[i]`` go from ``columns[i]`` to ``columns[i + 1]``. Empty when there is nothing to draw."""
    if total <= 0 or not columns:
        return Markup("")
    most = max(len(column) for column in columns)
    scale = (_FIELD - _GAP * (most - 1)) / total
    step = (_WIDTH - 2 * _SIDE - 165) / max(len(columns) - 1, 1)
    parts: list[Markup] = []
    tops: list[dict[str, float]] = []
    for at, column in enumerate(columns):
        y = float(_TOP)
        tops.append({})
        for node in column:
            tops[at][node.code] = y
            if node.n:
                y += node.n * scale + _GAP
    for at, flows in enumerate(ribbons):
        out, into = dict(tops[at]), dict(tops[at + 1])
        tones: Mapping[str, str] = {node.code: node.tone for node in columns[at + 1]}
        from_here, to_there = ({node.code for node in columns[place] if node.n} for place in (at, at + 1))
        for flow in flows:
            if flow.start not in from_here or flow.end not in to_there:
                continue
            x0, x1 = _SIDE + at * step + _NODE, _SIDE + (at + 1) * step
            middle, high = (x0 + x1) / 2, max(flow.n * scale, 0.8)
            a, b = out[flow.start], into[flow.end]
            out[flow.start], into[flow.end] = a + flow.n * scale, b + flow.n * scale
            d = (
                f"M{x0:.1f} {a:.1f} C{middle:.1f} {a:.1f} {middle:.1f} {b:.1f} {x1:.1f} {b:.1f} "
                f"L{x1:.1f} {b + high:.1f} C{middle:.1f} {b + high:.1f} {middle:.1f} {a + high:.1f} {x0:.1f} {a + high:.1f} Z"
            )
            parts.append(mark("path", flow.said, d=d, class_=f"ribbon {tones[flow.end]}"))
    for at, column in enumerate(columns):
        x = _SIDE + at * step
        parts.append(tag("text", heads[at], x=x, y=16, class_="axis"))
        for node in column:
            if not node.n:
                continue
            y, high = tops[at][node.code], max(node.n * scale, 1.5)
            parts.append(mark("rect", node.said, x=x, y=y, width=_NODE, height=high, class_=f"node {node.tone}"))
            parts.append(tag("text", node.label, x=x + _NODE + 5, y=y + min(high / 2, 12) + 4, class_="label small"))
    return figure(_WIDTH, _TOP + _FIELD + 12, title, parts, name=name)
