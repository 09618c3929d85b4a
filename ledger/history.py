"""Histories: the entries of one stream, or of the merged streams of one person, as they count.

:func:`history` applies corrections and retractions, unites merged identities, lets duplicates of a fact count once (F03)
and cuts at an as-of date D and a known-at position N. The result depends on the *set* of entries alone, never on the order
in which they arrived:

- corrections, retractions and links count when their position is at most N, whatever their date;
- a fact counts when its position is at most N and its effective local date at most D;
- facts stand in timeline order: local time, recorded_at, id (domain.md 0.3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from ledger.catalogue import Payload, StreamKind
from ledger.duplicates import Duplicate, duplicates
from ledger.effect import SHAPERS, Effects
from ledger.entry import OpenEntry
from ledger.events.identity import ErasureExecuted, IdentityLinked
from ledger.fact import Fact, Line, Problem, ProblemKind, State, as_sent
from ledger.merge import IgnoredLink, Links
from ledger.stream import kind_of
from ledger.verdict import Position, StreamId

__all__ = ["Duplicate", "Fact", "History", "IgnoredLink", "Line", "P", "Problem", "ProblemKind", "State", "history"]

P = TypeVar("P", bound=Payload)

_Ordered = tuple[datetime, datetime, str, str, Fact[Payload]]


class History:
    """What one stream group tells, cut at (D, N). Made by :func:`history`; not to be changed."""

    __slots__ = (
        "_by_type",
        "_effects",
        "as_of",
        "duplicates",
        "erased",
        "facts",
        "ignored_links",
        "key",
        "kind",
        "known_at",
        "members",
        "next_date",
        "position",
    )

    key: StreamId
    """The stream it is kept under: the root survivor of a merged person."""
    kind: StreamKind
    as_of: date
    known_at: int | None
    """N; None means everything known."""
    members: tuple[StreamId, ...]
    """The streams that it unites, the root first."""
    facts: tuple[Fact[Payload], ...]
    """What counts, in timeline order: live, deduplicated, effective date ≤ D. Corrections and retractions are no facts."""
    duplicates: tuple[Duplicate, ...]
    """Facts that another entry already states (F03)."""
    ignored_links: tuple[IgnoredLink, ...]
    """Identity links without effect (F28)."""
    position: int
    """The highest position among the entries known; 0 when there are none."""
    next_date: date | None
    """The first date after D on which an entry that is known already comes to be shown, and a fact to count."""
    erased: bool
    """Whether an erasure of the person is known at N, whatever its date: the person has left every clock and figure."""

    def of(self, payload: type[P]) -> Sequence[Fact[P]]:
        """The facts whose payload is of exactly this class, in timeline order."""
        found: tuple[Fact[P], ...] = self._by_type.get(payload, ())
        return found

    def first(self, payload: type[P]) -> Fact[P] | None:
        """The earliest fact of a class, or None."""
        facts = self.of(payload)
        return facts[0] if facts else None

    def of_any(self, *payloads: type[Payload]) -> Iterator[Fact[Payload]]:
        """The facts of several classes together, in timeline order."""
        return (fact for fact in self.facts if type(fact.payload) in payloads)

    def has_any(self, payloads: Iterable[type[Payload]]) -> bool:
        """Whether at least one fact of these classes counts."""
        return not self._by_type.keys().isdisjoint(payloads)

    @property
    def payload_types(self) -> Collection[type[Payload]]:
        """The classes that at least one fact has."""
        return self._by_type.keys()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Live corrections and retractions without effect, by position; those whose target is not known (yet) too (F02)."""
        return self._effects.problems if self._effects else ()

    def shown(self) -> Sequence[OpenEntry]:
        """The entries of :attr:`entries`, cheaply: in no particular order and without their state."""
        shown = [fact.entry for fact in self.facts]
        if self.duplicates:
            shown += [pair.loser.entry for pair in self.duplicates]
        if self._effects:
            shown += [fact.entry for fact, _ in self._effects.hidden if fact.date <= self.as_of]
            shown += [entry for entry, _, _ in self._effects.shapers]
        return shown

    @property
    def entries(self) -> tuple[Line, ...]:
        """Every known entry with its state, dead ones too, in timeline order (effective local time, recorded_at, id).

        Entries whose effective date lies after D are left out; corrections and retractions are shown whatever their date.
        """
        lines = [_line(f, State.LIVE if f.corrected_by is None else State.CORRECTED, f.corrected_by, f) for f in self.facts]
        lines += [_line(pair.loser, State.SUPERSEDED, pair.winner.entry.position, None) for pair in self.duplicates]
        if self._effects:
            lines += [_line(fact, State.RETRACTED, by, None) for fact, by in self._effects.hidden if fact.date <= self.as_of]
            lines += [_line(as_sent(entry), state, by, None) for entry, state, by in self._effects.shapers]
        elif not self.duplicates:
            return tuple(line for _, line in lines)
        return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))

    # filled by _count
    _by_type: dict[type[Payload], Any]
    _effects: Effects | None


def history(
    entries: Iterable[OpenEntry], *, key: StreamId, as_of: date, known_at: int | None = None, links: Links | None = None
) -> History:
    """The history of ``key``'s person (or other stream) as of a date, as known at a position.

    ``entries`` may come in any order and may hold more than is asked for: those of streams that are not (at N) part of the
    person, and those beyond N, are passed over. Without ``links`` the merges are read from the entries themselves.
    """
    made = History()
    made.as_of = as_of
    made.known_at = known_at
    made.kind = kind_of(key)
    known = list(entries) if known_at is None else [entry for entry in entries if entry.position <= known_at]
    if links is None and any(type(entry.payload) is IdentityLinked for entry in known):
        links = Links().extended(known)
    if links is None:
        made.key, made.members, made.ignored_links = key, (key,), ()
    else:
        made.members = links.members_of(key, known_at)
        made.key, made.ignored_links = made.members[0], links.ignored(key, known_at)
    _count(made, known)
    return made


def _count(made: History, known: list[OpenEntry]) -> None:
    """Work out what counts, of the entries that belong to the members."""
    members = made.members
    plain: list[OpenEntry] = []
    shapers: list[OpenEntry] = []
    position = 0
    erased = False
    for entry in known:
        if entry.stream not in members:
            continue
        if entry.position > position:
            position = entry.position
        payload_type = type(entry.payload)
        if payload_type in SHAPERS:
            shapers.append(entry)
        else:
            plain.append(entry)
            if payload_type is ErasureExecuted:
                erased = True
    made.position = position
    made.erased = erased
    made._effects = effects = Effects(plain, shapers) if shapers else None
    ordered, made.next_date = _cut(map(as_sent, plain) if effects is None else effects.facts, made.as_of)
    if effects is not None:
        coming = [fact.date for fact, _ in effects.hidden if fact.date > made.as_of]
        made.next_date = min([*coming, made.next_date] if made.next_date else coming, default=None)
    _sort_out(made, ordered)


def _cut(facts: Iterable[Fact[Payload]], as_of: date) -> tuple[list[_Ordered], date | None]:
    """The facts up to a date in timeline order, and the first date after it."""
    ordered: list[_Ordered] = []
    next_date: date | None = None
    for fact in facts:
        day = fact.date
        if day <= as_of:
            entry = fact.entry
            ordered.append((fact.local, entry.recorded_at, entry.id, entry.source, fact))
        elif next_date is None or day < next_date:
            next_date = day
    ordered.sort()
    return ordered, next_date


def _sort_out(made: History, ordered: list[_Ordered]) -> None:
    """Group by type and leave out duplicates: only facts of one type on one date can state the same."""
    by_type: dict[type[Payload], list[Fact[Payload]]] = {}
    suspect: set[tuple[type[Payload], date]] = set()
    for item in ordered:
        fact = item[4]
        payload_type = type(fact.payload)
        group = by_type.get(payload_type)
        if group is None:
            by_type[payload_type] = [fact]
        else:
            if group[-1].date == fact.date:
                suspect.add((payload_type, fact.date))
            group.append(fact)
    found: list[Duplicate] = []
    for payload_type, day in suspect:
        found += duplicates(fact for fact in by_type[payload_type] if fact.date == day)
    facts = [item[4] for item in ordered]
    if found:
        lost: set[Position] = {pair.loser.entry.position for pair in found}
        facts = [fact for fact in facts if fact.entry.position not in lost]
        for payload_type in {type(pair.loser.payload) for pair in found}:
            by_type[payload_type] = [fact for fact in by_type[payload_type] if fact.entry.position not in lost]
        found.sort(key=lambda pair: pair.loser.entry.position)
    made.facts = tuple(facts)
    made.duplicates = tuple(found)
    made._by_type = {payload_type: tuple(group) for payload_type, group in by_type.items()}


_Place = tuple[datetime, datetime, str, str]


def _line(fact: Fact[Payload], state: State, by: Position | None, counts: Fact[Payload] | None) -> tuple[_Place, Line]:
    entry = fact.entry
    return (fact.local, entry.recorded_at, entry.id, entry.source), Line(entry, state, fact.time, fact.date, by, counts)
