"""The one clock. Nothing in the ledger asks the system for the time but this (design.md section 4, 'The clock')."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol

from ledger.time import local_date


class Clock(Protocol):
    """What the ledger asks for the time."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock: that of an ordinary ledger."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


class SandboxClock:
    """The clock of a sandbox: it stands at the ``admitted_at`` of the last entry and moves with it, never back.

    Before the first entry it is the system's clock.
    """

    def __init__(self, moment: datetime | None) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """The ``admitted_at`` of the last entry."""
        return self._moment or datetime.now(UTC)

    def advance(self, moment: datetime) -> None:
        """Move to a later moment; an earlier one changes nothing."""
        self._moment = moment if self._moment is None else max(self._moment, moment)


def today(clock: Clock) -> date:
    """The calendar date in Brussels."""
    return local_date(clock.now())
