"""What a comparison of two positions tells (:mod:`streams.comparing`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from ledger.figure import Row
from ledger.projection import SqlValue
from ledger.verdict import StreamId


class Through(msgspec.Struct, frozen=True, kw_only=True):
    """An entry between the two positions."""

    position: int
    type: str
    """Short type."""
    stream: StreamId


class RowChange(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is there at one position only, or that says something else. Values are those of the columns that differ.

    What stands on a person or a signal is told by its columns alone, unless the comparison was made with the right to open it.
    """

    view: str
    key: StreamId
    kind: str
    """``added``, ``removed`` or ``changed``."""
    columns: Sequence[str]
    """Those that differ."""
    before: Mapping[str, SqlValue] | None
    after: Mapping[str, SqlValue] | None
    through: Sequence[Through]


class FigureChange(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator that says something else: the cells that differ, each before and after."""

    id: str
    cells: Sequence[tuple[Row | None, Row | None]]
    types: Mapping[str, int]
    """Types of the entries that changed rows which it reads, with how many of each."""
    through: Sequence[Through]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a view differ."""

    added: int = 0
    removed: int = 0
    changed: int = 0


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Two positions side by side. ``changes`` are the first of the rows that differ, ``views`` counts them all."""

    first: int
    last: int
    as_of: date
    entries: Mapping[str, int]
    """Entries in between by short type."""
    views: Mapping[str, Tally]
    changes: Sequence[RowChange]
    figures: Sequence[FigureChange]
    unreadable: Sequence[StreamId]
