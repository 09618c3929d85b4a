"""How a whole divides: one bar per group, a stretch per category; a hidden category has no stretch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from web.charts.axes import Frame, across, mark, percent_ticks
from web.charts.svg import figure, tag

_ROW, _LOW, _FEW = 40, 26, 8
"""Height of a bar with its room: for a few, and for many."""
_ROOM = 0.8
"""Up to here there is room to write that something is hidden."""
_LABEL = 200


class Stretch(NamedTuple):
    """A category of one group; share None when it is hidden."""

    place: int
    """Which category: its colour."""
    share: float | None
    said: str


class Stack(NamedTuple):
    """One group."""

    label: str
    stretches: Sequence[Stretch]
    hidden: str
    """What stands where hidden categories would be."""


def stacked(stacks: Sequence[Stack], *, title: str, name: str, grey: frozenset[int] = frozenset()) -> Markup:
    """The drawing; empty when nothing can be drawn. Categories in ``grey`` are neutral."""
    if not any(stretch.share for stack in stacks for stretch in stack.stretches):
        return Markup("")
    left = _LABEL if any(stack.label for stack in stacks) else 12
    row = _ROW if len(stacks) <= _FEW else _LOW
    high = row - 8
    frame = Frame(760, 12 + len(stacks) * row + 30, left, 20, 8, 30)
    parts = across(frame, percent_ticks(1.0), lines=True)
    for at, stack in enumerate(stacks):
        y = frame.top + 4 + at * row
        if stack.label:
            parts.append(tag("text", stack.label, x=left - 12, y=y + high / 2 + 5, text_anchor="end", class_="label"))
        reached = 0.0
        for stretch in stack.stretches:
            if not stretch.share:
                continue
            x, end = frame.x(reached), frame.x(reached + stretch.share)
            tone = "grey" if stretch.place in grey else f"s{stretch.place}"
            parts.append(mark("rect", stretch.said, x=x, y=y, width=max(end - x - 1.5, 1), height=high, class_=f"stretch {tone}"))
            if stretch.share >= 0.07:
                written = f"{stretch.share * 100:.0f} %"
                parts.append(tag("text", written, x=(x + end) / 2, y=y + high / 2 + 5, text_anchor="middle", class_=f"inside {tone}"))
            reached += stretch.share
        if stack.hidden and reached < _ROOM:
            parts.append(tag("text", stack.hidden, x=frame.x(reached) + 6, y=y + high / 2 + 5, class_="axis"))
    return figure(frame.width, frame.height, title, parts, name=name)
