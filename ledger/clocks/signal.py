"""The clock of a discrimination signal (C18), on its own restricted stream."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ledger.catalogue import StreamKind
from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.deadline import keyed, on_or_after, repeated, settle
from ledger.events.signal import DiscriminationSignalHandled, DiscriminationSignalled
from ledger.history import Fact
from ledger.subject import Subject


@clock(
    ClockId.C18,
    kinds=(StreamKind.SIGNAL,),
    starts=(DiscriminationSignalled,),
    against=Party.RECEIVING_ORGANISATION,
    side=Side.SYSTEM,
    finding="F36",
)
def signal_handled(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From a signal to what was done with it."""
    for signal_id, signals in keyed(subject.history.of(DiscriminationSignalled), lambda payload: payload.signal_id).items():
        yield from repeated(signals, signal_id, partial(_handled, subject, declared))


def _handled(subject: Subject, declared: ClockType, signalled: Fact[DiscriminationSignalled], case: str) -> Clock:
    signal_id = signalled.payload.signal_id
    handled = (fact for fact in subject.history.of(DiscriminationSignalHandled) if fact.payload.signal_id == signal_id)
    return settle(
        declared,
        subject,
        start=signalled.date,
        case=case,
        position=signalled.entry.position,
        stop=on_or_after(signalled.date, handled),
        org=signalled.publisher,
    )
