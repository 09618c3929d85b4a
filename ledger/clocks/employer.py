"""The clock of an employer's need (C19)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ledger.catalogue import StreamKind
from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.deadline import keyed, on_or_after, repeated, settle
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed
from ledger.history import Fact
from ledger.subject import Subject


@clock(
    ClockId.C19,
    kinds=(StreamKind.EMPLOYER,),
    starts=(EmployerNeedStated,),
    against=Party.EMPLOYER_SUPPORT,
    side=Side.SYSTEM,
)
def need_answered(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From a stated need to an agreement, whichever route it takes."""
    for need_id, needs in keyed(subject.history.of(EmployerNeedStated), lambda payload: payload.need_id).items():
        yield from repeated(needs, need_id, partial(_agreed, subject, declared))


def _agreed(subject: Subject, declared: ClockType, stated: Fact[EmployerNeedStated], case: str) -> Clock:
    need_id = stated.payload.need_id
    agreed = (fact for fact in subject.history.of(EmployerSupportAgreed) if fact.payload.need_id == need_id)
    stop = on_or_after(stated.date, agreed)
    return settle(declared, subject, start=stated.date, case=case, position=stated.entry.position, stop=stop)
