"""Registrations as a jobseeker: spells per service, from registration to deregistration."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.codes.roles import Role
from ledger.codes.vdab import ActivationStep, StepState
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered
from ledger.history import Fact
from ledger.strands.contract import first_contract_of
from ledger.subject import Subject

HAPPENED = frozenset({StepState.STARTED, StepState.DONE})
"""States in which a step really took place."""


class Registration(msgspec.Struct, frozen=True, gc=False):
    """A spell of registration with one service: [registered, deregistered)."""

    service: Role
    registered: Fact[JobseekerRegistered]
    deregistered: Fact[ActivationStepReported] | None

    @property
    def begins(self) -> date:
        return self.registered.date

    @property
    def ends(self) -> date | None:
        return None if self.deregistered is None else self.deregistered.date

    def holds(self, day: date) -> bool:
        return self.registered.date <= day and (self.deregistered is None or day < self.deregistered.date)


def deregisters(step: ActivationStepReported) -> bool:
    """Whether a step ends a registration: it was reported as happened."""
    return step.step is ActivationStep.DEREGISTERED and step.state in HAPPENED


def registrations_of(subject: Subject) -> tuple[Registration, ...]:
    """The spells in order of registration; a second registration with the same service while one stands adds nothing."""
    history = subject.history
    registrations = history.of(JobseekerRegistered)
    if not registrations:
        return ()
    leavings = [step for step in history.of(ActivationStepReported) if deregisters(step.payload)]
    spells: list[Registration] = []
    open_until: dict[Role, date | None] = {}
    for fact in registrations:
        service = fact.entry.role
        if service in open_until:
            until = open_until[service]
            if until is None or fact.date < until:
                continue
        left = next((step for step in leavings if step.entry.role is service and step.date >= fact.date), None)
        spells.append(Registration(service, fact, left))
        open_until[service] = None if left is None else left.date
    return tuple(spells)


def main_registration(subject: Subject) -> Registration | None:
    """The first registration that stood at the first contract or came after it; without one, the first. Use ``subject.memo``."""
    contract = subject.memo(first_contract_of)
    return next(
        (spell for spell in subject.memo(registrations_of) if contract is None or spell.ends is None or spell.ends >= contract.signed_on),
        None,
    )


def registered_on(subject: Subject, day: date) -> bool:
    """Whether the person is registered with any service on a day."""
    return any(spell.holds(day) for spell in subject.memo(registrations_of))
