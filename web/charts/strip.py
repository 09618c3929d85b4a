"""A trajectory as one picture: what happened, in lanes over time, and below it every deadline as a bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from web.charts.svg import figure, tag

WIDTH = 960
_LEFT, _RIGHT, _TOP = 262, 24, 30
_LANE, _BAR = 30, 20


class Mark(NamedTuple):
    """Something that happened."""

    day: date
    lane: int
    label: str
    state: str
    """A class of the style sheet: ``live``, ``corrected``, ``retracted``, ``superseded``."""
    late: bool


class Span(NamedTuple):
    """A deadline: from its start to where it stopped, or stands; ``due`` is marked on the way."""

    start: date
    end: date
    due: date | None
    label: str
    tone: str
    """A class of the style sheet: ``met``, ``late``, ``running``, ``neutral``."""
    title: str


def strip(
    lanes: Sequence[str], marks: Sequence[Mark], spans: Sequence[Span], *, today: date, today_label: str, title: str, name: str
) -> Markup:
    """The picture; empty when nothing happened."""
    days = [mark.day for mark in marks] + [span.start for span in spans]
    if not days:
        return Markup("")
    first, last = min(days), max([today, *days, *(span.end for span in spans)])
    length = max((last - first).days, 1)
    room = WIDTH - _LEFT - _RIGHT
    height = _TOP + len(lanes) * _LANE + (14 if spans else 0) + len(spans) * _BAR + 16

    def across(day: date) -> float:
        return _LEFT + min(max((day - first).days / length, 0), 1) * room

    parts: list[Markup] = []
    for year, x in _years(first, last, across):
        parts.append(tag("line", x1=x, x2=x, y1=_TOP - 8, y2=height - 10, class_="grid"))
        parts.append(tag("text", str(year), x=x + 4, y=14, class_="axis"))
    for place, lane in enumerate(lanes):
        y = _TOP + place * _LANE + _LANE / 2
        parts.append(tag("text", lane, x=_LEFT - 14, y=y + 4, text_anchor="end", class_="label"))
        parts.append(tag("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, class_="lane"))
    for mark in marks:
        y = _TOP + mark.lane * _LANE + _LANE / 2
        shape = tag(
            "circle", tag("title", mark.label), cx=across(mark.day), cy=y, r=5.5, class_=f"event {mark.state}{' late' if mark.late else ''}"
        )
        parts.append(shape)
    top = _TOP + len(lanes) * _LANE + 14
    for place, span in enumerate(spans):
        y = top + place * _BAR
        begin, end = across(span.start), across(span.end)
        parts.append(tag("text", span.label, x=_LEFT - 14, y=y + 11, text_anchor="end", class_="label small"))
        parts.append(
            tag("rect", tag("title", span.title), x=begin, y=y + 2, width=max(end - begin, 3), height=10, rx=2, class_=f"span {span.tone}")
        )
        if span.due is not None and first <= span.due <= last:
            x = across(span.due)
            parts.append(tag("line", x1=x, x2=x, y1=y - 1, y2=y + 15, class_="due"))
    x = across(today)
    parts.append(tag("line", x1=x, x2=x, y1=_TOP - 8, y2=height - 10, class_="today"))
    parts.append(tag("text", today_label, x=x - 5, y=height - 2, text_anchor="end", class_="axis strong"))
    return figure(WIDTH, int(height), title, parts, name=name)


def _years(first: date, last: date, across: Callable[[date], float]) -> list[tuple[int, float]]:
    return [(year, across(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1)]
