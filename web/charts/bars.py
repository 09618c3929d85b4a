"""A bar in a table's cell: the table is the chart, so a reader of the page and a reader of the screen see the same."""

from __future__ import annotations

from markupsafe import Markup

from web.charts.svg import tag


def bar(value: int | None, longest: int) -> Markup:
    """A bar as long as ``value`` is of ``longest``; nothing for a hidden or absent figure, which has no size."""
    if not value or longest <= 0:
        return Markup("")
    width = max(100 * value / longest, 0.6)
    return tag(
        "svg",
        tag("rect", x=0, y=0, width=width, height=10),
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        class_="bar",
        aria_hidden="true",
    )
