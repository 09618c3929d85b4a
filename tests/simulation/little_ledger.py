"""A ledger of a few lines: examines and decides in order of arrival, remembers in a dict. An oracle for the simulator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from ledger.admission import Examined, Prior, decide
from ledger.authority import SANDBOX_CREDENTIAL, Registry
from ledger.catalogue import catalogue
from ledger.entry import OpenEntry
from ledger.events.identity import ErasureExecuted
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.examination import Examiner
from ledger.factbook import Factbook, frame_of
from ledger.history import history
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from ledger.merge import Links
from ledger.parameters import PARAMETERS
from ledger.projection import SqlValue, projections, projections_of
from ledger.reference import KINDS, Reference
from ledger.stream import kind_of
from ledger.subject import Subject
from ledger.verdict import Position, StreamId, Violation

FOREVER = date(2100, 1, 1)


class LittleLedger:
    """Takes lines; counts verdicts; answers with histories."""

    def __init__(self) -> None:
        self._examiner = Examiner(catalogue=catalogue(), pseudonym_key=SANDBOX_PSEUDONYM_KEY, digest_key=b"k" * 32, sandbox=True)
        self._registry = Registry()
        self._erased: set[StreamId] = set()
        self._priors: dict[tuple[str, str], Prior] = {}
        self.streams: dict[StreamId, list[OpenEntry]] = {}
        self.entries: list[OpenEntry] = []
        self.good = 0
        self.duplicate = 0
        self.refused: Counter[str] = Counter()
        self.refusals: dict[str, list[Violation]] = {}
        """By event id."""

    def take(self, lines: Iterable[bytes]) -> None:
        """Answer every line."""
        for line in lines:
            self._answer(line)

    def _answer(self, line: bytes) -> None:
        examined = self._examiner.examine(line, SANDBOX_CREDENTIAL)
        admitted_at = examined.admitted_at
        if admitted_at is None:
            admitted_at = datetime.fromisoformat(msgspec.json.decode(line)["admittedat"])
        key = (examined.source or "", examined.id or "")
        verdict = decide(
            examined,
            registry=self._registry,
            is_erased=self._erased.__contains__,
            admitted_at=admitted_at,
            prior=self._priors.get(key),
        )
        if isinstance(verdict, Prior):
            self.duplicate += 1
        elif isinstance(verdict, Violation):
            self.refused[verdict.reason.value] += 1
            self.refusals.setdefault(examined.id or "", []).append(verdict)
        else:
            self._admit(examined, admitted_at, key)

    def _admit(self, examined: Examined, admitted_at: datetime, key: tuple[str, str]) -> None:
        candidate = examined.candidate
        assert candidate is not None
        self.good += 1
        position = Position(self.good)
        self._priors[key] = Prior(position, examined.digest)
        stream = self.streams.setdefault(candidate.stream, [])
        entry = OpenEntry(
            position=position,
            stream=candidate.stream,
            version=len(stream) + 1,
            type=candidate.declared.name,
            id=key[1],
            source=key[0],
            role=candidate.role,
            time=candidate.time,
            time_precision=candidate.time_precision,
            recorded_at=candidate.recorded_at,
            admitted_at=admitted_at,
            sequence=candidate.sequence,
            payload=candidate.payload,
        )
        stream.append(entry)
        self.entries.append(entry)
        if isinstance(candidate.payload, ErasureExecuted):
            self._erased.add(candidate.stream)
        if isinstance(candidate.payload, PublisherAuthorityChanged):
            self._registry.apply(candidate.payload, position)

    def erased(self, stream: StreamId) -> bool:
        """Whether nothing of a stream can be read any more."""
        return stream in self._erased

    def links(self) -> Links:
        """All links between persons."""
        return Links().extended(self.entries)

    def facts(self, key: StreamId, links: Links | None = None) -> dict[tuple[str, str], tuple[str, str, bytes]]:
        """What counts for a stream: (source, id) → type, local date, canonical data."""
        members = links.members_of(key) if links is not None else (key,)
        entries = [entry for member in members for entry in self.streams.get(member, [])]
        told = history(entries, key=key, as_of=FOREVER, links=links)
        encode = msgspec.json.Encoder(order="sorted").encode
        return {(f.entry.source, f.entry.id): (f.entry.type, f.date.isoformat(), encode(f.payload)) for f in told.facts}


def book(ledger: LittleLedger, on: date, known_at: int | None = None) -> Factbook:
    """What indicators compute on, as of a date and as known at a position. Who is erased is gone at every position."""
    links, nobody = ledger.links(), Links()
    shared = [stream for stream in ledger.streams if kind_of(stream) in KINDS]
    told = [history(ledger.streams[stream], key=stream, as_of=on, known_at=known_at, links=nobody) for stream in shared]
    reference = Reference(told, as_of=on, known_at=known_at)
    records: dict[str, list[tuple[SqlValue, ...]]] = {}
    for key in sorted(ledger.streams):
        if key.startswith("persoon/") and links.root_of(key, known_at) != key:
            continue
        members = [one for one in (links.members_of(key) if key.startswith("persoon/") else (key,)) if not ledger.erased(one)]
        entries = [entry for member in members for entry in ledger.streams.get(member, [])]
        if not entries:
            continue
        subject = Subject(history(entries, key=key, as_of=on, known_at=known_at, links=links), reference, PARAMETERS)
        for projection in projections_of(kind_of(key)):
            records.setdefault(projection.name, []).extend(projection.records(subject))
    frames = {name: frame_of(projections()[name], rows) for name, rows in records.items()}
    return Factbook(frames, as_of=on, position=known_at or ledger.good)
