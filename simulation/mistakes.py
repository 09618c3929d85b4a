"""Mistakes in an event: another code, another number, another day; a broken INSZ, KBO number or code.

A mistaken payload is still a valid one: that is why somebody must correct it. A broken one is refused.
"""

from __future__ import annotations

from functools import cache

import msgspec

from ledger.catalogue import Payload, canonical
from ledger.code import Code
from ledger.diagnosis import fields_of_kind
from ledger.events.contract import ContractSuspended, ExemptionGranted
from ledger.events.course import MoCourseEnded, MoCourseStarted, ParticipationRecorded
from ledger.events.diploma import PostDecisionOrientationGiven, RecognitionProcedureExplained
from ledger.events.edition import EditionParticipationEnded
from ledger.events.employer import EmployerNeedStated, EmployerSupportDelivered
from ledger.events.identity import ErasureExecuted, IdentityLinked, PersonRegistered, ProfileUpdated, SharingBasisRecorded
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted, IntakeCompleted, SupportProfileAssessed
from ledger.events.pilot import AdvancedTrajectoryEnded, PilotLeft
from ledger.events.referral import InitiativeAttended, InitiativeInformed, ReferralMade
from ledger.events.signal import DiscriminationSignalled
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered, WorkPerspectiveShared
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingEnded, TrainingStarted
from ledger.identity import Insz, check_insz, kbo_is_valid
from simulation.draw import Draws

_CODE_FIELD: dict[type[Payload], str] = {
    PersonRegistered: "nationality_group",
    IntakeCompleted: "channel",
    CareerOrientationHeld: "mode",
    CompetenceScreeningCompleted: "ambition",
    SupportProfileAssessed: "perspective",
    MoCourseStarted: "mode",
    MoCourseEnded: "outcome",
    ParticipationRecorded: "form",
    ContractSuspended: "reason",
    ExemptionGranted: "ground",
    ReferralMade: "motive",
    InitiativeInformed: "initiative",
    InitiativeAttended: "initiative",
    JobseekerRegistered: "category",
    ActivationStepReported: "state",
    TrainingStarted: "sector",
    TrainingEnded: "outcome",
    EmploymentStarted: "sector",
    EmploymentEnded: "reason",
    RecognitionProcedureExplained: "mode",
    PostDecisionOrientationGiven: "next_step",
    EmployerNeedStated: "size_class",
    DiscriminationSignalled: "context",
    PilotLeft: "reason",
    AdvancedTrajectoryEnded: "outcome",
}
"""A field whose every code keeps the event valid."""

_NUMBER_FIELD: dict[type[Payload], str] = {
    PersonRegistered: "birth_year",
    IntakeCompleted: "duration",
    CareerOrientationHeld: "duration",
    ParticipationRecorded: "min_total",
    InitiativeAttended: "min_total",
    EditionParticipationEnded: "dutch_terms_min",
    EmployerNeedStated: "investment_min",
    EmployerSupportDelivered: "delivered_min",
}
_FIXED_DATE: frozenset[type[Payload]] = frozenset(
    {ProfileUpdated, SharingBasisRecorded, WorkPerspectiveShared, ErasureExecuted, IdentityLinked}
)
"""Types whose payload says something about their date, so that an earlier one would be a contradiction."""


def date_may_shift(payload: Payload) -> bool:
    """Whether the event stays valid on an earlier day."""
    return type(payload) not in _FIXED_DATE


def other_code(payload: Payload, draws: Draws) -> Payload | None:
    """The payload with another code, or None where none may change."""
    field = _CODE_FIELD.get(type(payload))
    if field is None:
        return None
    value: Code = getattr(payload, field)
    others = [code for code in type(value) if code is not value]
    return msgspec.structs.replace(payload, **{field: others[draws.below(len(others), "other-code")]})


def other_number(payload: Payload, draws: Draws) -> Payload | None:
    """The payload with a number mistyped, or None where there is none."""
    field = _NUMBER_FIELD.get(type(payload))
    value: int | None = getattr(payload, field) if field is not None else None
    if field is None or value is None:
        return None
    if field == "birth_year":
        other = value - 10 if value > 1920 else value + 10
    else:
        other = value + (15 if draws.chance(0.5, "other-number") or value < 30 else -15)
    return msgspec.structs.replace(payload, **{field: other})


@cache
def _code_fields(kind: type[Payload]) -> tuple[str, ...]:
    """The names of fields that hold one code each."""
    shape = msgspec.inspect.type_info(kind)
    assert isinstance(shape, msgspec.inspect.StructType)
    names = []
    for field in shape.fields:
        options = field.type.types if isinstance(field.type, msgspec.inspect.UnionType) else (field.type,)
        if any(isinstance(option, msgspec.inspect.EnumType) and issubclass(option.cls, Code) for option in options):
            names.append(field.encode_name)
    return tuple(names)


def unknown_code(payload: Payload, draws: Draws) -> bytes | None:
    """The payload's JSON with one code that no list has, or None where it holds no code."""
    names = [name for name in _code_fields(type(payload)) if getattr(payload, name) is not None]
    if not names:
        return None
    name = names[draws.below(len(names), "unknown-code")]
    value: str = getattr(payload, name).value
    return canonical(payload).replace(f'"{name}":"{value}"'.encode(), f'"{name}":"{value}_2027"'.encode())


def wrong_kbo(payload: Payload, draws: Draws) -> bytes | None:
    """The payload's JSON with one KBO number mistyped, or None where it holds none."""
    numbers: list[str] = []
    for name in fields_of_kind(type(payload), "kbo"):
        value = getattr(payload, name)
        numbers.extend([value] if isinstance(value, str) else value or ())
    if not numbers:
        return None
    number = numbers[draws.below(len(numbers), "wrong-kbo")]
    for n in range(20):
        wrong = _flipped(number, draws.between(1, 9, "wrong-kbo.place", n), draws.between(1, 9, "wrong-kbo.digit", n))
        if not kbo_is_valid(wrong):
            return canonical(payload).replace(f'"{number}"'.encode(), f'"{wrong}"'.encode(), 1)
    return None


def has_kbo(payload: Payload) -> bool:
    """Whether the type may hold a KBO number."""
    return bool(fields_of_kind(type(payload), "kbo"))


def wrong_insz(number: str, draws: Draws) -> str:
    """The number with a digit wrong (70 %), two digits swapped (25 %) or a BIS month read as another (5 %); never valid."""
    for n in range(40):
        u = draws.uniform("wrong-insz", n)
        if u < 0.70:
            wrong = _flipped(number, draws.below(11, "wrong-insz.place", n), draws.between(1, 9, "wrong-insz.digit", n))
        elif u < 0.95:
            place = draws.below(10, "wrong-insz.place", n)
            wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        else:
            month = int(number[2:4])
            wrong = f"{number[:2]}{month % 20:02d}{number[4:]}"
        if not isinstance(check_insz(wrong), Insz):
            return wrong
    return _flipped(number, 10, 1)


def _flipped(number: str, place: int, by: int) -> str:
    return number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]


def broken_schema(payload: Payload) -> bytes:
    """The payload's JSON as a newer version of a source's software would send it: with a property nobody agreed on."""
    return b'{"_export":2,' + canonical(payload)[1:]
