"""One row per instance of a clock (domain.md section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.clock import clocks as declared_clocks
from ledger.finding import EVERY_KIND
from ledger.projection import doc, projection
from ledger.subject import Subject


class ClockRow(msgspec.Struct, frozen=True, gc=False):
    """One instance. ``elapsed`` is empty while it runs: count it to the date that is asked for."""

    clock: Annotated[str, doc("Clock C01 to C24")]
    case_key: Annotated[str, doc("What it is measured on: a contract, a case, a referral")]
    state: Annotated[str, doc("State on the as-of date")]
    kind: Annotated[str, doc("duty, may or target")]
    start: Annotated[date | None, doc("Day it started, which is not counted; empty when not known")]
    deadline: Annotated[date | None, doc("Last day in time, moved by the pauses so far")]
    stop: Annotated[date | None, doc("Day of the fact that met it, in time or late")]
    ended: Annotated[date | None, doc("Day of the neutral end that closed it")]
    elapsed: Annotated[int | None, doc("Net days (C24: seconds) until it closed; empty while it runs")]
    paused: Annotated[int, doc("Days paused so far")]
    gross: Annotated[int | None, doc("Days from its origin to the stop, pauses included")]
    against: Annotated[str, doc("Who is responsible for meeting it")]
    org: Annotated[str | None, doc("KBO number of the responsible organisation, where known")]
    side: Annotated[str, doc("person, system or nobody: whose shortcoming a breach would be")]
    position: Annotated[int | None, doc("Position of the entry that started it")]
    period: Annotated[str | None, doc("Norm that applied, an ISO 8601 period")]
    finding: Annotated[str | None, doc("Code of the finding that a breach raises")]
    pauses: Annotated[tuple[str, ...], doc("Pauses as first day/day of resumption, the latter empty while it lasts")]
    restricted: Annotated[bool, doc("Of a restricted stream (discrimination signals): never shown with the rest")]


@projection(
    "clocks",
    version=3,
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
            tuple(f"{start}/{until or ''}" for start, until in one.pauses),
            restricted,
        )
