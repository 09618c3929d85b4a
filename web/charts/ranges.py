"""Shares of groups as bars with their interval; a group that is hidden has a name and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import Frame, across, mark, percent_ticks, percent_top, plain_ticks, plain_top
from web.charts.svg import figure, tag

_ROW = 30
_LABEL = 300
_ROOM = 1.3
_LETTERS = 38
"""Letters that fit beside the bars."""


class Range(NamedTuple):
    """One bar; None when it may not be shown or there is none."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    written: str
    said: str
    tone: str = ""
    """A class of the style sheet: ``neutral`` is grey."""


def ranges(rows: Sequence[Range], *, title: str, name: str, percent: bool = True) -> Markup:
    """The drawing, of shares or of plain numbers; empty when there is no value to draw."""
    if all(row.value is None for row in rows):
        return Markup("")
    frame = Frame(760, 22 + len(rows) * _ROW + 26, _LABEL, 70, 8, 30)
    values = [row.value or 0 for row in rows]
    # Of plain numbers a wide interval is cut, so that the values themselves can be told apart.
    highest = max((row.high or row.value or 0 for row in rows), default=0) if percent else max(values, default=0) * _ROOM
    top = percent_top(highest) if percent else plain_top(highest)
    parts = across(frame, percent_ticks(top) if percent else plain_ticks(top), lines=True)
    for at, row in enumerate(rows):
        y = frame.top + 6 + at * _ROW
        written = folded(row.label)
        for line, text in enumerate(written):
            below = y + 15 if len(written) == 1 else y + 9 + 13 * line
            parts.append(tag("text", text, x=_LABEL - 12, y=below, text_anchor="end", class_="label"))
        if row.value is None:
            parts.append(tag("text", row.written, x=_LABEL + 6, y=y + 15, class_="axis"))
            continue
        end = frame.x(row.value / top)
        width = max(end - _LABEL, 1.5)
        parts.append(mark("rect", row.said, x=_LABEL, y=y + 3, width=width, height=16, class_=f"range {row.tone}".strip()))
        if row.low is not None and row.high is not None:
            low, high = frame.x(min(row.low, top) / top), frame.x(min(row.high, top) / top)
            parts.append(
                tag(
                    "path",
                    d=f"M{low:.1f} {y + 11} H{high:.1f} M{low:.1f} {y + 7} V{y + 15} M{high:.1f} {y + 7} V{y + 15}",
                    class_="whisker",
                )
            )
        parts.append(tag("text", row.written, x=frame.width - 4, y=y + 15, text_anchor="end", class_="strong"))
    return figure(frame.width, frame.height, title, parts, name=name)


def folded(label: str, most: int = _LETTERS) -> list[str]:
    """A label on one line, or on two where it is long; only what does not fit on two is cut."""
    if len(label) <= most:
        return [label]
    words, first = label.split(" "), ""
    while len(words) > 1 and len(first) + len(words[0]) <= most:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    lines = [first, rest] if first else [rest]
    return [line if len(line) <= most else f"{line[: most - 1]}…" for line in lines]
