"""Given–when–then for the reading side: a story told entry by entry, then asked as of a date, as known at a position.

story = Story()
story.given(a(ContractSigned, parts=("mo",)), on="2025-01-10", by=AGENCY)
assert story.clock("C03", on="2025-04-10").state == "running"
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

import msgspec

from ledger.catalogue import Payload, canonical, type_of
from ledger.clock import Clock
from ledger.codes.clock import ClockId
from ledger.codes.identity import CorrectionReason, LinkCause
from ledger.codes.roles import Role
from ledger.entry import OpenEntry
from ledger.events.correction import EventCorrected, EventRetracted, Replacement
from ledger.events.identity import IdentityLinked
from ledger.history import History, history
from ledger.merge import Links
from ledger.parameters import PARAMETERS, Parameters
from ledger.reference import KINDS, Reference
from ledger.stream import kind_of
from ledger.subject import Subject
from ledger.time import local_midnight
from ledger.verdict import Position, StreamId
from tests.unit.samples import payload as golden

P = TypeVar("P", bound=Payload)

LATER = date(2031, 1, 1)
"""A day after everything that tests tell."""


class Publisher(NamedTuple):
    """Who speaks."""

    role: Role
    org: str
    system: str = "kbi"

    @property
    def source(self) -> str:
        return f"urn:kbo:{self.org}:{self.system}"


AGENCY = Publisher(Role.AGENCY, "1999010048")
OTHER_AGENCY = Publisher(Role.AGENCY, "1999012028")
HNB = Publisher(Role.HNB, "1999014008")
ORGANISER = Publisher(Role.EDITION_ORGANISER, "1999039049")
VDAB = Publisher(Role.VDAB, "1999015095")
ACTIRIS = Publisher(Role.ACTIRIS, "1999016085")
OCMW = Publisher(Role.OCMW, "1999017075")
NARIC = Publisher(Role.NARIC, "1999019055")
CARE_DEPARTMENT = Publisher(Role.RECOGNITION_AUTHORITY, "1999020045")
EMPLOYER_SUPPORT = Publisher(Role.EMPLOYER_SUPPORT, "1999010048", "bedrijven")
POLICY = Publisher(Role.POLICY_OWNER, "1999035089")
EVALUATOR = Publisher(Role.EVALUATOR, "1999036079")
IDENTITY = Publisher(Role.IDENTITY_SERVICE, "1999037069")
OPERATOR = Publisher(Role.LEDGER_OPERATOR, "1999038059")
EQUALITY = Publisher(Role.EQUALITY_BODY, "1999033012")
TRAINER = Publisher(Role.TRAINING_PROVIDER, "1999024005")


def ref(name: str) -> str:
    """A UUID for a name, always the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


PERSON = StreamId(f"persoon/{ref('person')}")


def a(payload: type[P], /, **changes: object) -> P:
    """The golden payload of a type with some fields set."""
    sample = golden(type_of(payload).name)
    assert isinstance(sample, payload)
    return msgspec.convert({**msgspec.to_builtins(sample, builtin_types=(date, datetime)), **changes}, payload)


def moment(on: str, at: str = "12:00") -> datetime:
    """A local date and time as a UTC moment. Noon of a day stands far enough from every change of date."""
    hours, minutes = (int(part) for part in at.split(":"))
    return local_midnight(date.fromisoformat(on)) + timedelta(hours=hours, minutes=minutes)


class Story:
    """A ledger of one test: entries in the order in which they were told, which is their order of arrival."""

    def __init__(self, stream: str = PERSON, entries: Iterable[OpenEntry] = ()) -> None:
        self.stream = StreamId(stream)
        self.entries = list(entries)

    def given(
        self,
        payload: Payload,
        *,
        on: str,
        by: Publisher = AGENCY,
        at: str = "12:00",
        stream: str | None = None,
        recorded: datetime | None = None,
        admitted: datetime | None = None,
        id: str | None = None,
    ) -> OpenEntry:
        """One admitted event. Unless told otherwise it is recorded when it happens and admitted an hour later."""
        time = moment(on, at)
        position = len(self.entries) + 1
        where = StreamId(stream or self.stream)
        recorded = recorded or time
        entry = OpenEntry(
            position=Position(position),
            stream=where,
            version=sum(1 for told in self.entries if told.stream == where) + 1,
            type=type_of(type(payload)).name,
            id=id or ref(f"event {position}"),
            source=by.source,
            role=by.role,
            time=time,
            time_precision="second",
            recorded_at=recorded,
            admitted_at=admitted or recorded + timedelta(hours=1),
            sequence=position,
            payload=payload,
        )
        self.entries.append(entry)
        return entry

    def corrected(
        self, target: OpenEntry, payload: Payload | None = None, *, on: str | None = None, by: Publisher | None = None
    ) -> OpenEntry:
        """The publisher of ``target`` replaces its payload, its date, or both."""
        time = moment(on) if on else target.time
        data = msgspec.Raw(canonical(payload if payload is not None else target.payload))
        correction = EventCorrected(
            target_source=target.source,
            target_id=target.id,
            reason=CorrectionReason.WRONG_DATE,
            replacement=Replacement(time=time, data=data),
        )
        return self._shaped(target, correction, by)

    def retracted(self, target: OpenEntry, *, by: Publisher | None = None) -> OpenEntry:
        """The publisher of ``target`` retracts it."""
        reason = CorrectionReason.NEVER_HAPPENED
        return self._shaped(target, EventRetracted(target_source=target.source, target_id=target.id, reason=reason), by)

    def linked(self, absorbed: str, survivor: str, *, on: str = "2025-06-01") -> OpenEntry:
        """The identity service says that two streams are one person."""
        link = IdentityLinked(survivor_ref=survivor[8:], absorbed_ref=absorbed[8:], cause=LinkCause.DUPLICATE_FILE)
        return self.given(link, on=on, by=IDENTITY, stream=survivor)

    def _shaped(self, target: OpenEntry, payload: Payload, by: Publisher | None) -> OpenEntry:
        speaker = by or Publisher(target.role, target.source[8:18], target.source[19:])
        day = max(target.local_date, date(2025, 12, 1))
        return self.given(payload, on=day.isoformat(), by=speaker, stream=target.stream, admitted=moment("2030-06-01"))

    def history(
        self, *, on: date | str = LATER, known_at: int | None = None, key: str | None = None, links: Links | None = None
    ) -> History:
        """When it is asked: the history of a stream."""
        day = date.fromisoformat(on) if isinstance(on, str) else on
        return history(self.entries, key=StreamId(key or self.stream), as_of=day, known_at=known_at, links=links)

    def subject(
        self, *, on: date | str = LATER, known_at: int | None = None, key: str | None = None, parameters: Parameters = PARAMETERS
    ) -> Subject:
        """When it is asked: a stream's subject, with a reference made of the shared streams of the story."""
        own = self.history(on=on, known_at=known_at, key=key)
        shared = sorted({entry.stream for entry in self.entries if kind_of(entry.stream) in KINDS})
        histories = (self.history(on=on, known_at=known_at, key=stream) for stream in shared)
        return Subject(own, Reference(histories, as_of=own.as_of, known_at=known_at), parameters)

    def clocks(self, clock: str, *, on: date | str = LATER, known_at: int | None = None, key: str | None = None) -> tuple[Clock, ...]:
        """The instances of a clock."""
        return self.subject(on=on, known_at=known_at, key=key).clocks_of(ClockId(clock))

    def clock(self, clock: str, *, on: date | str = LATER, known_at: int | None = None, key: str | None = None) -> Clock:
        """The only instance of a clock."""
        (only,) = self.clocks(clock, on=on, known_at=known_at, key=key)
        return only
