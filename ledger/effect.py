"""The effect of corrections and retractions on the entries they point at (rules under domain.md 2.1).

The latest live correction of a target, by position, is its effective content; a retracted correction gives way to the one
before it. A retraction hides its target and all the target's corrections for as long as it lives. A target may arrive later
than what points at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import NamedTuple

import msgspec

from ledger.admission import EARLIEST, FUTURE_TOLERANCE
from ledger.boundary import Act, boundary_violations
from ledger.catalogue import Context, Payload, catalogue
from ledger.entry import OpenEntry
from ledger.events.correction import NOT_CORRECTABLE, NOT_RETRACTABLE, EventCorrected, EventRetracted
from ledger.fact import Fact, Problem, ProblemKind, State, as_sent
from ledger.retraction import Retractions, Target
from ledger.time import local_date, local_hour
from ledger.verdict import Position

SHAPERS: frozenset[type[Payload]] = frozenset({EventCorrected, EventRetracted})
"""Types that shape others and state no fact themselves."""


class Shaper(NamedTuple):
    """A correction or retraction, with what became of it."""

    entry: OpenEntry
    state: State
    by: Position | None


class Effects:
    """What corrections and retractions make of the entries of one history, at one position."""

    __slots__ = ("_corrections", "_known", "_retractions", "facts", "hidden", "problems", "shapers")

    def __init__(self, plain: Iterable[OpenEntry], shapers: Iterable[OpenEntry]) -> None:
        plain, shapers = list(plain), sorted(shapers, key=lambda entry: entry.position)
        self._known: dict[Target, OpenEntry] = {(entry.source, entry.id): entry for entry in (*plain, *shapers)}
        self._corrections: dict[Target, list[OpenEntry]] = {}
        self.facts: list[Fact[Payload]] = []
        """What counts, with its effective content; in no particular order."""
        self.hidden: list[tuple[Fact[Payload], Position]] = []
        """The retracted facts as they were sent, each with the position of the retraction."""
        problems: dict[Position, Problem] = {}
        retractions: list[OpenEntry] = []
        for entry in shapers:
            kind = self._misaimed(entry)
            if kind is not None:
                problems[entry.position] = Problem(entry, kind)
            if isinstance(entry.payload, EventCorrected):
                if kind is None:
                    self._corrections.setdefault(target(entry), []).append(entry)
            elif kind is not ProblemKind.NOT_ALLOWED:
                retractions.append(entry)
        self._retractions = Retractions(retractions)
        fate: dict[Position, tuple[State, Position | None]] = {}
        for entry in plain:
            self._resolve(entry, fate, problems)
        self.shapers: tuple[Shaper, ...] = tuple(self._shaper(entry, fate) for entry in shapers)
        """Every correction and retraction, by position."""
        for entry in retractions:
            if (entry.source, entry.id) in self._retractions.void:
                problems[entry.position] = Problem(entry, ProblemKind.CIRCLE)
        live = {shaper.entry.position for shaper in self.shapers if shaper.state is State.LIVE}
        self.problems: tuple[Problem, ...] = tuple(problems[position] for position in sorted(problems.keys() & live))
        """The live ones without effect, by position."""

    def _misaimed(self, entry: OpenEntry) -> ProblemKind | None:
        aim = self._known.get(target(entry))
        if aim is None:
            return ProblemKind.PENDING
        refused = NOT_CORRECTABLE if isinstance(entry.payload, EventCorrected) else NOT_RETRACTABLE
        return ProblemKind.NOT_ALLOWED if aim.type in refused else None

    def _resolve(self, entry: OpenEntry, fate: dict[Position, tuple[State, Position | None]], problems: dict[Position, Problem]) -> None:
        own = (entry.source, entry.id)
        corrections = self._corrections.get(own, ())
        hiding = self._retractions.hidden_by(own)
        if hiding is not None:
            self.hidden.append((as_sent(entry), hiding.position))
            for correction in corrections:
                fate[correction.position] = (State.RETRACTED, hiding.position)
            return
        last = max((shaper.position for shaper in self._touching(own, corrections)), default=entry.position)
        fact: Fact[Payload] | None = None
        for correction in reversed(corrections):
            if self._retractions.hidden_by((correction.source, correction.id)) is not None:
                continue
            if fact is not None:
                fate[correction.position] = (State.SUPERSEDED, fact.corrected_by)
                continue
            fact = corrected(entry, correction, max(last, entry.position))
            if fact is None:
                problems[correction.position] = Problem(correction, ProblemKind.UNDIGESTIBLE)
        if fact is None:
            fact = as_sent(entry)
            if last > entry.position:
                fact = msgspec.structs.replace(fact, last_position=last)
        self.facts.append(fact)

    def _touching(self, own: Target, corrections: Iterable[OpenEntry]) -> Iterable[OpenEntry]:
        yield from self._retractions.touching(own)
        for correction in corrections:
            yield correction
            yield from self._retractions.touching((correction.source, correction.id))

    def _shaper(self, entry: OpenEntry, fate: dict[Position, tuple[State, Position | None]]) -> Shaper:
        hiding = self._retractions.hidden_by((entry.source, entry.id))
        if hiding is not None:
            return Shaper(entry, State.RETRACTED, hiding.position)
        return Shaper(entry, *fate.get(entry.position, (State.LIVE, None)))


def target(entry: OpenEntry) -> Target:
    """The entry that a correction or retraction points at; it is always of the same source (R12)."""
    payload = entry.payload
    assert isinstance(payload, EventCorrected | EventRetracted)
    return (entry.source, payload.target_id)


def corrected(entry: OpenEntry, correction: OpenEntry, last_position: Position) -> Fact[Payload] | None:
    """The entry with the content of a correction; None when admission would have refused that content for its type."""
    assert isinstance(correction.payload, EventCorrected)
    replacement = correction.payload.replacement
    time = replacement.time.astimezone(UTC)
    payload = _read(entry.type, replacement.data)
    if payload is None or not EARLIEST <= time <= correction.admitted_at + FUTURE_TOLERANCE:
        return None
    key = payload.stream_key()
    if key is not None and not entry.stream.endswith(f"/{key}"):
        return None
    subject, source, role = entry.stream, entry.source, entry.role
    context = Context(role=role, source=source, publisher=entry.publisher, subject=subject, time=time, local_date=local_date(time))
    act = Act(role=role, name=entry.type, payload=payload, subject=subject, source=source)
    if any(True for _ in payload.check(context)) or any(True for _ in boundary_violations(act)):
        return None
    offset, day = local_hour(int(time.timestamp() // 3600))
    return Fact(entry, time, time + offset, day, payload, correction.position, last_position)


def _read(name: str, data: msgspec.Raw) -> Payload | None:
    """Replacement data as the newest version of a type, written in whichever version it fits, the newest first."""
    types = catalogue()
    newest = types.newest.get(name)
    if newest is None:
        return None
    for version in range(newest.version, 0, -1):
        full_name = f"{newest.full_name.rpartition('.v')[0]}.v{version}"
        if full_name in types.types:
            try:
                return types.read(full_name, bytes(data))
            except (msgspec.MsgspecError, ValueError):
                continue
    return None
