"""A share by quarter or month with the band of its interval; a quarter that is hidden or not complete yet leaves a gap or an open dot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import Frame, across, mark, percent_ticks, percent_top, plain_ticks, plain_top, upright
from web.charts.svg import figure, tag


class Moment(NamedTuple):
    """One quarter; value None leaves a gap."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    said: str
    settled: bool
    """False for a quarter that may still change."""


class Mark(NamedTuple):
    """Something that happened at the beginning of a stretch: a line upright, with a word."""

    place: int
    word: str


def trend(
    moments: Sequence[Moment], *, title: str, name: str, percent: bool = True, small: bool = False, marks: Sequence[Mark] = ()
) -> Markup:
    """The drawing; empty with fewer than two values. Of shares, or of plain numbers."""
    told = [moment for moment in moments if moment.value is not None]
    if len(told) < 2:
        return Markup("")
    frame = Frame(240, 56, 2, 6, 6, 6) if small else Frame(760, 250, 54, 16, 12, 34)
    highest = max(moment.value or 0 for moment in told)
    if percent and not small:
        highest = max(highest, max(moment.high or 0 for moment in told))
    top = percent_top(highest) if percent else plain_top(highest * 1.3)
    across_by = 1 / max(len(moments) - 1, 1)
    parts: list[Markup] = []
    if not small:
        every = max(1, -(-len(moments) // 8))
        parts += upright(frame, percent_ticks(top) if percent else plain_ticks(top))
        parts += across(frame, [(at * across_by, moments[at].label) for at in range(0, len(moments), every)])
    for happened in marks:
        at = frame.x((happened.place - 0.5) * across_by)
        parts.append(tag("line", x1=at, x2=at, y1=frame.y(0), y2=frame.y(1), class_="today"))
        parts.append(tag("text", happened.word, x=at + 4, y=frame.y(1) + 10, class_="axis"))
    for run in _runs(moments):
        if not small:
            upper = [(frame.x(at * across_by), frame.y(min(moment.high or 0, top) / top)) for at, moment in run if moment.high is not None]
            lower = [(frame.x(at * across_by), frame.y(min(moment.low or 0, top) / top)) for at, moment in run if moment.low is not None]
            if len(upper) > 1:
                parts.append(tag("path", d=f"{_trail(upper)} L{_trail(list(reversed(lower)))[1:]} Z", class_="band s0"))
        spots = [(frame.x(at * across_by), frame.y((moment.value or 0) / top)) for at, moment in run]
        parts.append(tag("path", d=_trail(spots), class_="course s0"))
        for (x, y), (_, moment) in zip(spots, run, strict=True):
            last = small and moment is not told[-1]
            if not last:
                parts.append(mark("circle", moment.said, cx=x, cy=y, r=3.5, class_="spot s0" if moment.settled else "spot open"))
    return figure(frame.width, frame.height, title, parts, name=name)


def _runs(moments: Sequence[Moment]) -> list[list[tuple[int, Moment]]]:
    runs: list[list[tuple[int, Moment]]] = [[]]
    for at, moment in enumerate(moments):
        if moment.value is None:
            runs.append([])
        else:
            runs[-1].append((at, moment))
    return [run for run in runs if run]


def _trail(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places)
