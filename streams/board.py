"""A board: every figure at one position and date. Each is computed once, however many pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from ledger.cohort import Cohort
from ledger.factbook import Factbook
from ledger.figure import Figure, figure
from ledger.indicator import Indicator

Question = tuple[str, tuple[str, ...], Cohort | None]
Kept = dict[Question, Figure]
KEPT = 2_000
"""Figures that are kept of one factbook."""


class Board:
    """Protected figures of one factbook. Whatever stands on one page comes from one board, so it stands at one position."""

    def __init__(self, facts: Factbook, kept: Kept) -> None:
        self._facts = facts
        self._kept = kept

    @property
    def position(self) -> int:
        """N: what is known up to here counts."""
        return self._facts.position

    @property
    def as_of(self) -> date:
        """D: what happened up to here counts."""
        return self._facts.as_of

    @property
    def erased(self) -> int:
        """Persons who are in no figure because they were erased."""
        return self._facts.erased

    def figure(self, declared: Indicator, *, by: Sequence[str] = (), cohort: Cohort | None = None) -> Figure:
        """A figure, protected. It computes: call it in a thread.

        :raises Unanswerable: it cannot be split or cut as asked.
        """
        question = (declared.id, tuple(by), cohort)
        found = self._kept.get(question)
        if found is None:
            try:
                found = figure(declared, self._facts, by=by, cohort=cohort)
            except pl.exceptions.PanicException as error:
                # It is no Exception, and would end more than this one question.
                raise RuntimeError(f"{declared.id} by {', '.join(by) or 'nothing'} could not be computed: polars gave up") from error
            if len(self._kept) < KEPT:
                self._kept[question] = found
        return found
