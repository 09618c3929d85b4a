"""The entries of a history with what became of them, worked out once."""

from __future__ import annotations

from ledger.history import Line
from ledger.subject import Subject


def lines_of(subject: Subject) -> tuple[Line, ...]:
    """Every known entry with its state, in timeline order."""
    return subject.history.entries
