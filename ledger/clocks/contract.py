"""Clocks that a contract starts: registration as a jobseeker (C01, C02) and the start of civic orientation (C03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.contract import ContractKind, TrajectoryPart
from ledger.codes.person import WorkStatus
from ledger.deadline import keyed, on_or_after, repeated, settle, soonest, unknown
from ledger.events.contract import ContractSigned, ExemptionGranted, TrajectoryEnded
from ledger.events.course import MoCourseStarted
from ledger.events.vdab import JobseekerRegistered
from ledger.geography import is_brussels
from ledger.history import Fact
from ledger.strands.pause import contract_pauses_of
from ledger.strands.profile import residence_on
from ledger.strands.registration import registrations_of
from ledger.subject import Subject

BUSY: frozenset[WorkStatus] = frozenset({WorkStatus.EMPLOYED, WorkStatus.SELF_EMPLOYED, WorkStatus.STUDYING})
"""Work statuses of those who need not register (row 8)."""


def contracts_by_id(subject: Subject) -> dict[str, list[Fact[ContractSigned]]]:
    """The signings per contract_id that can start a clock: an amendment never does (5.4)."""
    signed = subject.history.of(ContractSigned)
    return keyed((fact for fact in signed if fact.payload.contract_kind is not ContractKind.AMENDED), lambda payload: payload.contract_id)


def must_register(signed: ContractSigned) -> bool:
    """Whether a contract asks to register as a jobseeker (row 8)."""
    return TrajectoryPart.PILLAR3 in signed.parts and signed.work_allowed and signed.work_status not in BUSY


@clock(ClockId.C01, starts=(ContractSigned,), against=Party.INBURGERAAR, side=Side.PERSON)
def registration(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """Residence outside Brussels on the day of signing. ``org`` is the agency, accountable for the referral."""
    return _registration(subject, declared, brussels=False)


@clock(ClockId.C02, starts=(ContractSigned,), against=Party.NOBODY, side=Side.NOBODY, finding=None)
def possible_registration(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """Residence in Brussels on the day of signing: a possibility, never a breach."""
    return _registration(subject, declared, brussels=True)


def _registration(subject: Subject, declared: ClockType, *, brussels: bool) -> Iterator[Clock]:
    def instance(signed: Fact[ContractSigned], case: str) -> Clock:
        start = signed.date
        if residence_on(subject, start) is None:
            return unknown(declared, start=start, case=case, position=signed.entry.position)
        return settle(
            declared,
            subject,
            start=start,
            case=case,
            position=signed.entry.position,
            stop=on_or_after(start, subject.history.of(JobseekerRegistered)),
            neutral=_released(subject, signed, TrajectoryPart.PILLAR3),
            before=_standing(subject, start),
            pauses=subject.memo(contract_pauses_of).get(signed.payload.contract_id, ()),
            org=signed.publisher,
        )

    for contract_id, signings in subject.memo(contracts_by_id).items():
        starting = []
        for signed in signings:
            if must_register(signed.payload):
                nis = residence_on(subject, signed.date)
                if nis is None or is_brussels(nis) is brussels:
                    starting.append(signed)
        yield from repeated(starting, contract_id, instance)


def _standing(subject: Subject, start: date) -> date | None:
    """The day of a registration before the start that still stands on it: no deregistration up to that day."""
    for spell in subject.memo(registrations_of):
        if spell.begins < start and (spell.ends is None or spell.ends > start):
            return spell.begins
    return None


def _released(subject: Subject, signed: Fact[ContractSigned], part: TrajectoryPart) -> date | None:
    """The first day from the signing on that the part was exempted, or the trajectory ended, under the same contract."""
    start, contract_id = signed.date, signed.payload.contract_id
    exempted = on_or_after(
        start,
        (e for e in subject.history.of(ExemptionGranted) if e.payload.contract_id == contract_id and e.payload.part is part),
    )
    return soonest(exempted, on_or_after(start, (e for e in subject.history.of(TrajectoryEnded) if e.payload.contract_id == contract_id)))


@clock(ClockId.C03, starts=(ContractSigned,), against=Party.AGENCY, side=Side.SYSTEM)
def orientation_course(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From signing a contract with ``mo`` to the start of the first course after it."""

    def instance(signed: Fact[ContractSigned], case: str) -> Clock:
        return settle(
            declared,
            subject,
            start=signed.date,
            case=case,
            position=signed.entry.position,
            stop=on_or_after(signed.date, subject.history.of(MoCourseStarted)),
            neutral=_released(subject, signed, TrajectoryPart.MO),
            pauses=subject.memo(contract_pauses_of).get(signed.payload.contract_id, ()),
            org=signed.publisher,
        )

    for contract_id, signings in subject.memo(contracts_by_id).items():
        yield from repeated((signed for signed in signings if TrajectoryPart.MO in signed.payload.parts), contract_id, instance)
