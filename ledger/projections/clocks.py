"""One row per instance of a clock (domain.md section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from ledger.catalogue import StreamKind
from ledger.clock import clocks as declared_clocks
from ledger.finding import EVERY_KIND
from ledger.projection import projection
from ledger.subject import Subject


class ClockRow(msgspec.Struct, frozen=True):
    """One instance. ``elapsed`` is empty while it runs: count it to the date that is asked for."""

    clock: str
    case_key: str
    state: str
    kind: str
    start: date | None
    deadline: date | None
    stop: date | None
    ended: date | None
    elapsed: int | None
    paused: int
    gross: int | None
    against: str
    org: str | None
    side: str
    position: int | None
    period: str | None
    finding: str | None
    """The code that a breach raises."""
    restricted: bool
    """Of a restricted stream (discrimination signals): never shown with the rest."""


@projection(
    "clocks",
    kinds=EVERY_KIND,
    row=ClockRow,
    nl="Termijnen",
    en="Clocks",
    index=[("clock", "state")],
)
def clocks(subject: Subject) -> Iterable[ClockRow]:
    restricted = subject.kind is StreamKind.SIGNAL
    declared = declared_clocks()
    for one in subject.clocks:
        yield ClockRow(
            one.clock,
            one.case,
            one.state,
            one.kind,
            one.start,
            one.deadline,
            one.stop,
            one.end,
            one.elapsed,
            one.paused,
            one.gross,
            one.against,
            one.org,
            one.side,
            one.position,
            one.period,
            declared[one.clock].finding,
            restricted,
        )
