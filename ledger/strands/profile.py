"""Who a person is and how they stand on a day: residence, benefit, work status, education.

Statements about one field come from several events. The one with the latest ``valid_from`` on or before the day holds;
of equals, the authentic source wins (domain.md 0.5), then what was recorded last, then the highest id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ledger.codes.person import BenefitStatus
from ledger.codes.roles import Role
from ledger.events.contract import ContractSigned
from ledger.events.identity import PersonRegistered, ProfileUpdated
from ledger.events.intake import CompetenceScreeningCompleted
from ledger.history import Fact, P
from ledger.subject import Subject

AUTHENTIC: Mapping[str, frozenset[Role]] = {
    "residence_nis": frozenset({Role.IDENTITY_SERVICE}),
    "benefit_status": frozenset({Role.VDAB, Role.ACTIRIS, Role.OCMW}),
    "work_status": frozenset({Role.VDAB, Role.ACTIRIS}),
    "education": frozenset({Role.AGENCY}),
    "education_origin": frozenset({Role.AGENCY}),
    "dependent_children": frozenset({Role.AGENCY}),
}
"""The roles whose word goes first for each field of a profile (0.5; for benefits the service that pays or registers it [A])."""


def weight(field: str, role: Role, value: object) -> int:
    """How much a role's word on a field of a profile weighs: 2, 1 or 0. On leefloon the OCMW goes before everybody (0.5)."""
    if field == "benefit_status" and value == BenefitStatus.LEEFLOON:
        return 2 if role is Role.OCMW else 0
    return 1 if role in AUTHENTIC[field] else 0


class Statement(NamedTuple):
    """One source says that a field has a value from a day on."""

    valid_from: date
    weight: int
    """Of the role that says so."""
    recorded: float
    id: str
    value: str | int
    position: int
    publisher: str


def statements_of(subject: Subject) -> dict[str, tuple[Statement, ...]]:
    """The statements per field, the one that holds last among those of one day."""
    found: dict[str, list[Statement]] = {}
    for field, statement in _stated(subject):
        found.setdefault(field, []).append(statement)
    return {field: tuple(sorted(held)) if len(held) > 1 else tuple(held) for field, held in found.items()}


def _stated(subject: Subject) -> Iterator[tuple[str, Statement]]:
    history = subject.history
    for registered in history.of(PersonRegistered):
        yield "residence_nis", _statement("residence_nis", registered, registered.date, registered.payload.residence_nis)
    for updated in history.of(ProfileUpdated):
        profile = updated.payload
        for field in AUTHENTIC:
            value = getattr(profile, field)
            if value is not None:
                yield field, _statement(field, updated, profile.valid_from, value)
    for signed in history.of(ContractSigned):
        yield "work_status", _statement("work_status", signed, signed.date, signed.payload.work_status)
    for screened in history.of(CompetenceScreeningCompleted):
        if screened.payload.diploma_level is not None:
            yield "screened_level", _statement("education", screened, screened.date, screened.payload.diploma_level)


def _statement(field: str, fact: Fact[P], valid_from: date, value: str | int) -> Statement:
    entry = fact.entry
    return Statement(
        valid_from, weight(field, entry.role, value), entry.recorded_at.timestamp(), entry.id, value, entry.position, fact.publisher
    )


def statement_on(subject: Subject, field: str, day: date) -> Statement | None:
    """The statement that holds for a field on a day; None when nothing was said about that day."""
    for statement in reversed(subject.memo(statements_of).get(field, ())):
        if statement.valid_from <= day:
            return statement
    return None


def value_on(subject: Subject, field: str, day: date) -> str | None:
    """The text value of a field on a day (a code or a NIS code)."""
    statement = statement_on(subject, field, day)
    return str(statement.value) if statement is not None else None


def residence_on(subject: Subject, day: date) -> str | None:
    """The NIS code of the municipality in which the person lived on a day, as stated; None when not known."""
    return value_on(subject, "residence_nis", day)
