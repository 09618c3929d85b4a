"""Blocks: what a page of figures is made of. A block is one figure as a chart, a table and a sentence, with what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from markupsafe import Markup

from web.scene import Label, Scene


class Head(msgspec.Struct, frozen=True):
    """The head of a column."""

    text: str
    number: bool = False


class Line(msgspec.Struct, frozen=True):
    """A row of a table: what it is of, then its cells."""

    labels: tuple[str, ...]
    cells: tuple[str, ...]
    hidden: bool = False
    strong: bool = False
    """The row of everything together."""


class Table(msgspec.Struct, frozen=True):
    """The same figures as the chart, as a table."""

    caption: str
    heads: tuple[Head, ...]
    """Of the labels first, then of the cells."""
    lines: tuple[Line, ...]


class Key(msgspec.Struct, frozen=True):
    """A line of a legend: a class of the style sheet, and what it stands for."""

    mark: str
    text: str


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One figure as it is shown."""

    name: str
    """Unique on the page: the anchor."""
    kind: str
    """How it is shown: ``shares``, ``mix``, ``curve`` …"""
    title: str
    sentence: str
    """What the chart shows, in one sentence made of its figures."""
    chart: Markup
    keys: tuple[Key, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    labels: tuple[Label, ...]
    open: bool = True
    """Whether the table stands open; else it is one press away."""


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """A figure at a glance."""

    id: str
    title: str
    value: str
    under: str
    chart: Markup | None
    link: str
    warning: str
    label: Label


class Part(Protocol):
    """Something that makes a block of a scene."""

    @property
    def ids(self) -> Sequence[str]:
        """The indicators that it shows."""
        ...

    def block(self, scene: Scene) -> Block:
        """The block. It computes: call it in a thread."""
        ...
