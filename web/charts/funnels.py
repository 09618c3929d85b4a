"""A funnel plot: units by their size and share, with how far they may lie apart by chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from ledger.funnel import Funnel, Verdict
from web.charts.axes import Frame, across, grouped, mark, percent_ticks, percent_top, upright
from web.charts.lines import round_ticks
from web.charts.svg import figure, tag

_FRAME = Frame(760, 380, 54, 20, 14, 48)
_STEPS = 60


class Dot(NamedTuple):
    """One unit."""

    n: int
    share: float
    said: str
    verdict: Verdict


def funnel_plot(dots: Sequence[Dot], found: Funnel, *, title: str, name: str, size: str) -> Markup:
    """The drawing; empty without units."""
    if not dots:
        return Markup("")
    most = round_ticks(max(dot.n for dot in dots))[-1] or 1
    least = max(1, min(10, min(dot.n for dot in dots)))
    frame = _FRAME
    # The axis ends where the units and what is expected of a middling one do: limits of the smallest would squeeze all others.
    middling = sorted(dot.n for dot in dots)[len(dots) // 2]
    top = percent_top(min(1.0, max(found.target, found.limits(middling).high, *(dot.share for dot in dots))))
    parts = upright(frame, percent_ticks(top)) + across(frame, [(n / most, grouped(n)) for n in round_ticks(max(dot.n for dot in dots))])
    parts.append(tag("text", size, x=frame.x(1), y=frame.height - 6, text_anchor="end", class_="axis"))
    sizes = sorted({max(least, round(least + (most - least) * (step / _STEPS) ** 2)) for step in range(_STEPS + 1)})
    limits = [(n, found.limits(n)) for n in sizes]
    for low, high, tone in (("lowest", "highest", "outer"), ("low", "high", "inner")):
        upper = [(frame.x(n / most), frame.y(min(getattr(one, high), top) / top)) for n, one in limits]
        lower = [(frame.x(n / most), frame.y(min(getattr(one, low), top) / top)) for n, one in limits]
        parts.append(tag("path", d=f"{_trail(upper)} L{_trail(list(reversed(lower)))[1:]} Z", class_=f"funnel {tone}"))
    y = frame.y(found.target / top)
    parts.append(tag("line", x1=frame.x(0), x2=frame.x(1), y1=y, y2=y, class_="target"))
    for dot in dots:
        x, y = frame.x(dot.n / most), frame.y(dot.share / top)
        parts.append(_shape(dot, x, y))
    return figure(frame.width, frame.height, title, parts, name=name)


def _shape(dot: Dot, x: float, y: float) -> Markup:
    """A circle within what is expected, a square to look at, a diamond apart: the shape says it too, not the colour alone."""
    if dot.verdict is Verdict.WITHIN:
        return mark("circle", dot.said, cx=x, cy=y, r=5, class_="unit within")
    if dot.verdict is Verdict.NOTE:
        return mark("rect", dot.said, x=x - 5, y=y - 5, width=10, height=10, class_="unit look")
    return mark("path", dot.said, d=f"M{x:.1f} {y - 7:.1f} l7 7 l-7 7 l-7 -7 Z", class_="unit apart")


def _trail(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places)
