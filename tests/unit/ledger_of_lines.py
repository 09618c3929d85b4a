"""A ledger of a few lines, for tests that go the whole way: CloudEvents in, examined, decided, told as histories.

Answers to a whole ledger's questions: what a stream's subject is as of a date, as known at a position.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from ledger.admission import Examined, Prior, decide
from ledger.authority import SANDBOX_CREDENTIAL, Credential, Registry
from ledger.catalogue import catalogue
from ledger.codes.roles import Role
from ledger.entry import OpenEntry
from ledger.events.identity import ErasureExecuted
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.examination import Examiner
from ledger.finding import Finding, evaluate
from ledger.history import history
from ledger.merge import Links
from ledger.parameters import PARAMETERS
from ledger.reference import KINDS, Reference
from ledger.stream import kind_of
from ledger.subject import Subject
from ledger.timeline import timeline
from ledger.verdict import Position, StreamId, Violation
from tests.given import ref
from tests.unit.wire import event

EXAMINER = Examiner(catalogue=catalogue(), pseudonym_key=b"key", digest_key=b"digest", sandbox=True)
LONG_AFTER = date(2031, 1, 1)


class LedgerOfLines:
    """Takes structured-mode events one by one; what is refused is answered and left out."""

    def __init__(self, examiner: Examiner = EXAMINER) -> None:
        self._examiner = examiner
        self._registry = Registry()
        self._erased: set[str] = set()
        self._priors: dict[tuple[str, str], Prior] = {}
        self._references: dict[tuple[date, int | None], Reference] = {}
        self._links: Links | None = None
        self._at = datetime.fromisoformat("2010-01-01T00:00:00+00:00")
        self._told = 0
        self.entries: list[OpenEntry] = []

    def take(self, made: dict[str, Any] | bytes, *, credential: Credential = SANDBOX_CREDENTIAL) -> Position | Violation:
        """The position of an event (its first, for a redelivery), or why it is refused."""
        examined = self._examiner.examine(made if isinstance(made, bytes) else json.dumps(made).encode(), credential)
        at = examined.admitted_at or (examined.candidate.recorded_at + timedelta(hours=1) if examined.candidate else self._at)
        at = max(at, self._at)
        key = (examined.source or "", examined.id or "")
        answer = decide(examined, registry=self._registry, is_erased=self._erased.__contains__, admitted_at=at, prior=self._priors.get(key))
        if isinstance(answer, Prior):
            return answer.position
        if isinstance(answer, Violation):
            return answer
        return self._admit(examined, at, key)

    def admit(self, made: dict[str, Any]) -> Position:
        """The same for an event that must be admitted."""
        answer = self.take(made)
        assert not isinstance(answer, Violation), f"{made['type']}: {answer}"
        return answer

    def refuse(self, made: dict[str, Any], *, credential: Credential = SANDBOX_CREDENTIAL) -> str:
        """The reason an event is refused for, ``R14/B02`` with the boundary behind it."""
        answer = self.take(made, credential=credential)
        assert isinstance(answer, Violation), f"{made['type']} is admitted at {answer}"
        return answer.reason.value + (f"/{answer.rule}" if answer.rule else "")

    def tell(
        self, name: str, on: str, *, by: Role | None = None, at: str = "12:00:00+01:00", subject: str | None = None, **data: Any
    ) -> Position:
        """An event of a type that happened on a day, by a role, with its golden content changed; admitted an hour later."""
        return self.admit(self.told(name, on, by=by, at=at, subject=subject, **data))

    def told(
        self, name: str, on: str, *, by: Role | None = None, at: str = "12:00:00+01:00", subject: str | None = None, **data: Any
    ) -> dict[str, Any]:
        """The same, to be bent before it is sent."""
        self._told += 1
        made = event(name, role=by, data=data)
        if subject is not None:
            made["subject"] = subject
        moment = f"{on}T{at}"
        return made | {"id": ref(f"told {self._told}"), "time": moment, "recordedat": moment, "sequence": self._told}

    def _admit(self, examined: Examined, at: datetime, key: tuple[str, str]) -> Position:
        candidate = examined.candidate
        assert candidate is not None
        self._at = at
        self._references, self._links = {}, None
        position = Position(len(self.entries) + 1)
        self._priors[key] = Prior(position, examined.digest)
        entry = OpenEntry(
            position=position,
            stream=candidate.stream,
            version=sum(1 for one in self.entries if one.stream == candidate.stream) + 1,
            type=candidate.declared.name,
            id=key[1],
            source=key[0],
            role=candidate.role,
            time=candidate.time,
            time_precision=candidate.time_precision,
            recorded_at=candidate.recorded_at,
            admitted_at=at,
            sequence=candidate.sequence,
            payload=candidate.payload,
        )
        self.entries.append(entry)
        if isinstance(candidate.payload, ErasureExecuted):
            self._erased.add(candidate.stream)
        if isinstance(candidate.payload, PublisherAuthorityChanged):
            self._registry.apply(candidate.payload, position)
        return position

    def streams(self) -> list[StreamId]:
        """Every stream with an entry."""
        return sorted({entry.stream for entry in self.entries})

    def reference(self, on: date, known_at: int | None = None) -> Reference:
        """The shared streams, cut at (D, N)."""
        if (on, known_at) not in self._references:
            shared = [stream for stream in self.streams() if kind_of(stream) in KINDS]
            histories = [history(self.entries, key=stream, as_of=on, known_at=known_at, links=Links()) for stream in shared]
            self._references[on, known_at] = Reference(histories, as_of=on, known_at=known_at)
        return self._references[on, known_at]

    def subject(self, key: str, on: date | str = LONG_AFTER, known_at: int | None = None) -> Subject:
        """One stream group as of a date, as known at a position."""
        day = date.fromisoformat(on) if isinstance(on, str) else on
        if self._links is None:
            self._links = Links().extended(self.entries)
        own = history(self.entries, key=StreamId(key), as_of=day, known_at=known_at, links=self._links)
        return Subject(own, self.reference(day, known_at), PARAMETERS)

    def answer(self, key: str, on: date | str = LONG_AFTER, known_at: int | None = None) -> dict[str, Any]:
        """The timeline as JSON says it."""
        told = timeline(self.subject(key, on, known_at), position=known_at or len(self.entries))
        document: dict[str, Any] = json.loads(msgspec.json.encode(told))
        return document

    def clocks(self, key: str, clock: str, on: date | str = LONG_AFTER, known_at: int | None = None) -> list[dict[str, Any]]:
        """The instances of a clock in the JSON answer."""
        return [one for one in self.answer(key, on, known_at)["clocks"] if one["clock"] == clock]

    def clock(self, key: str, clock: str, on: date | str = LONG_AFTER, known_at: int | None = None) -> dict[str, Any]:
        """The only instance."""
        (only,) = self.clocks(key, clock, on, known_at)
        return only

    def findings(self, key: str, code: str, on: date | str = LONG_AFTER, known_at: int | None = None) -> list[Finding]:
        """The live findings of a code (``F27/P9`` for one pattern)."""
        wanted, _, rule = code.partition("/")
        live = self.subject(key, on, known_at).memo(evaluate).live
        return [one for one in live if one.code == wanted and (not rule or one.rule == rule)]
