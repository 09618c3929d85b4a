"""Cumulative incidence: how large a share had an event after so many days, as steps with their band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import Frame, across, mark, percent_ticks, percent_top, upright
from web.charts.svg import figure, tag

_FRAME = Frame(760, 340, 54, 20, 14, 48)
_WORDS = 50
"""Room that the words beside a line take."""


class Spot(NamedTuple):
    """The curve at the end of a day."""

    time: int
    value: float
    low: float
    high: float
    said: str


class Course(NamedTuple):
    """One curve."""

    label: str
    spots: Sequence[Spot]


def incidence(courses: Sequence[Course], *, title: str, name: str, days: str, marks: Sequence[tuple[int, str]] = ()) -> Markup:
    """The drawing; empty when no curve can be told. ``marks`` are upright lines at days that matter."""
    drawn = [course for course in courses if course.spots]
    if not drawn:
        return Markup("")
    last = max([spot.time for course in drawn for spot in course.spots] + [day for day, _ in marks]) or 1
    top = percent_top(max(spot.high for course in drawn for spot in course.spots))
    frame = _FRAME
    parts = upright(frame, percent_ticks(top)) + across(frame, [(day / last, str(day)) for day in day_ticks(last)])
    parts.append(tag("text", days, x=frame.x(1), y=frame.height - 6, text_anchor="end", class_="axis"))

    def steps(spots: Sequence[Spot], level: str) -> list[tuple[float, float]]:
        places: list[tuple[float, float]] = []
        height = frame.y(0)
        for spot in spots:
            x, y = frame.x(spot.time / last), frame.y(min(getattr(spot, level), top) / top)
            places += [(x, height), (x, y)]
            height = y
        return places

    for at, course in enumerate(courses):
        if not course.spots:
            continue
        upper, lower = steps(course.spots, "high"), steps(course.spots, "low")
        parts.append(tag("path", d=f"{_trail(upper)} L{_trail(list(reversed(lower)))[1:]} Z", class_=f"band s{at}"))
    for day, written in marks:
        x = frame.x(day / last)
        parts.append(tag("line", x1=x, x2=x, y1=frame.y(0), y2=frame.y(1), class_="today"))
        late = x > frame.x(1) - _WORDS
        at_line = {"x": x - 4, "text_anchor": "end"} if late else {"x": x + 4}
        parts.append(tag("text", written, y=frame.y(1) + 10 + 14 * [d for d, _ in marks].index(day), class_="axis strong", **at_line))
    for at, course in enumerate(courses):
        if not course.spots:
            continue
        parts.append(tag("path", d=_trail(steps(course.spots, "value")), class_=f"course s{at}"))
        for spot in course.spots:
            x, y = frame.x(spot.time / last), frame.y(min(spot.value, top) / top)
            parts.append(mark("circle", spot.said, cx=x, cy=y, r=3, class_=f"spot s{at}"))
    return figure(frame.width, frame.height, title, parts, name=name)


def day_ticks(last: int) -> list[int]:
    """Days under the axis: weeks, months or years, whatever gives at most nine."""
    step = next((step for step in (7, 14, 30, 60, 90, 180, 365, 730) if last / step <= 8), 1825)
    return list(range(0, last + 1, step))


def _trail(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places)
