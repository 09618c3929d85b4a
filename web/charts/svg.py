"""Writing SVG safely: every text is escaped, every style is a class of the style sheet."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Attribute = str | int | float | None


def tag(name: str, *children: Markup | str, **attributes: Attribute) -> Markup:
    """An element. ``class_`` is class, other underscores are hyphens; None is left out; text is escaped."""
    told = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _text(value)) for key, value in attributes.items() if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, told, inner)


def _text(value: Attribute) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def figure(width: int, height: int, title: str, parts: Iterable[Markup], *, name: str) -> Markup:
    """A whole drawing that scales with its place. ``title`` says in words what it shows, ``name`` is unique on the page."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        *parts,
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"{name}-title",
        class_="chart",
        xmlns="http://www.w3.org/2000/svg",
    )
