"""The clock of a request to be erased (C20): the one clock an erased person still has."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.deadline import settle
from ledger.events.identity import ErasureExecuted
from ledger.subject import Subject


@clock(ClockId.C20, starts=(ErasureExecuted,), against=Party.CONTROLLER, side=Side.SYSTEM, survives_erasure=True)
def erasure(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From the request to the erasure itself; both are told by the one event, so it is always closed."""
    for executed in subject.history.of(ErasureExecuted):
        yield settle(
            declared,
            subject,
            start=executed.payload.requested_on,
            case=executed.entry.id,
            position=executed.entry.position,
            stop=executed.date,
            org=executed.payload.controllers[0] if executed.payload.controllers else None,
        )
