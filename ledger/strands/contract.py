"""Integration contracts, and the suspensions, plans and pilots that run beside them."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.codes.contract import ContractKind
from ledger.codes.pilot import EnrolKind
from ledger.codes.vdab import PlanKind, PlanState
from ledger.events.contract import ContractResumed, ContractSigned, ContractSuspended, TrajectoryEnded
from ledger.events.pilot import PilotEnrolled, PilotLeft
from ledger.events.vdab import FollowUpPlanRecorded
from ledger.history import Fact
from ledger.subject import Subject


class Contract(msgspec.Struct, frozen=True, gc=False):
    """One contract_id. Open on a day when it was signed on or before it and not ended on or before it."""

    contract_id: str
    signed: Fact[ContractSigned]
    """Its first signing."""
    latest: Fact[ContractSigned]
    """Its last signing: what it says after amendments."""
    ended: Fact[TrajectoryEnded] | None

    @property
    def signed_on(self) -> date:
        return self.signed.date

    @property
    def ended_on(self) -> date | None:
        return None if self.ended is None else self.ended.date

    @property
    def agency(self) -> str:
        """KBO number of the agency that signed it."""
        return self.signed.publisher

    def open_on(self, day: date) -> bool:
        return self.signed.date <= day and (self.ended is None or self.ended.date > day)


def contracts_of(subject: Subject) -> tuple[Contract, ...]:
    """The contracts in order of signing."""
    signings: dict[str, list[Fact[ContractSigned]]] = {}
    for signed in subject.history.of(ContractSigned):
        signings.setdefault(signed.payload.contract_id, []).append(signed)
    ends: dict[str, Fact[TrajectoryEnded]] = {}
    for ended in subject.history.of(TrajectoryEnded):
        held = signings.get(ended.payload.contract_id)
        if held and held[0].date <= ended.date:
            ends.setdefault(ended.payload.contract_id, ended)
    return tuple(Contract(contract_id, held[0], held[-1], ends.get(contract_id)) for contract_id, held in signings.items())


def first_contract_of(subject: Subject) -> Contract | None:
    """The first live contract of kind ``first``: the one that cohorts are made of. Use ``subject.memo``."""
    for contract in subject.memo(contracts_of):
        if contract.signed.payload.contract_kind is ContractKind.FIRST:
            return contract
    return None


def contract_on(subject: Subject, day: date) -> Contract | None:
    """The contract open on a day (the last signed of several)."""
    found = None
    for contract in subject.memo(contracts_of):
        if contract.open_on(day):
            found = contract
    return found


def suspensions_of(subject: Subject) -> tuple[tuple[date, date | None], ...]:
    """The spells in which at least one contract is suspended: [suspended, resumed), united; None while it lasts."""
    spells: list[tuple[date, date | None]] = []
    since: dict[str, date] = {}
    for fact in subject.history.facts:
        payload = fact.payload
        if isinstance(payload, ContractSuspended):
            since.setdefault(payload.contract_id, fact.date)
        elif isinstance(payload, ContractResumed) and payload.contract_id in since:
            spells.append((since.pop(payload.contract_id), fact.date))
    spells += [(day, None) for day in since.values()]
    return _united(spells)


def _united(spells: list[tuple[date, date | None]]) -> tuple[tuple[date, date | None], ...]:
    united: list[tuple[date, date | None]] = []
    for start, stop in sorted(spells, key=lambda spell: (spell[0], spell[1] or date.max)):
        if united and (united[-1][1] is None or start <= united[-1][1]):
            last_start, last_stop = united[-1]
            united[-1] = (last_start, None if last_stop is None or stop is None else max(last_stop, stop))
        else:
            united.append((start, stop))
    return tuple(united)


class Plan(msgspec.Struct, frozen=True, gc=False):
    """One follow-up plan. Open on a day from its opening until the day it is closed."""

    plan_id: str
    kind: PlanKind
    opened: Fact[FollowUpPlanRecorded]
    """Its first record that is no closing."""
    closed: Fact[FollowUpPlanRecorded] | None

    def open_on(self, day: date) -> bool:
        return self.opened.date <= day and (self.closed is None or self.closed.date > day)


def plans_of(subject: Subject) -> tuple[Plan, ...]:
    """The follow-up plans in order of opening."""
    opened: dict[str, Fact[FollowUpPlanRecorded]] = {}
    closed: dict[str, Fact[FollowUpPlanRecorded]] = {}
    for fact in subject.history.of(FollowUpPlanRecorded):
        plan_id = fact.payload.plan_id
        if fact.payload.state is not PlanState.CLOSED:
            opened.setdefault(plan_id, fact)
        elif plan_id in opened:
            closed.setdefault(plan_id, fact)
    return tuple(Plan(plan_id, fact.payload.plan_kind, fact, closed.get(plan_id)) for plan_id, fact in opened.items())


class PilotStay(msgspec.Struct, frozen=True, gc=False):
    """What a person has to do with one pilot."""

    pilot_id: str
    offered: Fact[PilotEnrolled] | None
    accepted: Fact[PilotEnrolled] | None
    left: Fact[PilotLeft] | None


def pilots_of(subject: Subject) -> tuple[PilotStay, ...]:
    """The pilots that were offered or accepted, in order of the first of these; leaving counts from acceptance on."""
    enrolled: dict[str, dict[EnrolKind, Fact[PilotEnrolled]]] = {}
    for fact in subject.history.of(PilotEnrolled):
        enrolled.setdefault(fact.payload.pilot_id, {}).setdefault(fact.payload.enrol_kind, fact)
    left: dict[str, Fact[PilotLeft]] = {}
    for gone in subject.history.of(PilotLeft):
        accepted = enrolled.get(gone.payload.pilot_id, {}).get(EnrolKind.ACCEPTED)
        if accepted is not None and accepted.date <= gone.date:
            left.setdefault(gone.payload.pilot_id, gone)
    return tuple(
        PilotStay(pilot_id, kinds.get(EnrolKind.OFFERED), kinds.get(EnrolKind.ACCEPTED), left.get(pilot_id))
        for pilot_id, kinds in enrolled.items()
    )
