"""One fact said twice, or said differently by two organisations (F03, F06)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import msgspec

from ledger.catalogue import EventType, Payload, type_of
from ledger.codes.roles import Role
from ledger.events.course import LanguageLevelAttained
from ledger.events.identity import ProfileUpdated
from ledger.events.referral import ReferralAnswered
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingEnded, TrainingStarted
from ledger.finding import EVERY_KIND, Hit, Severity, finding
from ledger.history import Fact
from ledger.natural_key import natural_keys
from ledger.strands.job import start_rank
from ledger.strands.profile import weight
from ledger.subject import Subject


@finding(
    "F03",
    Severity.WARN,
    nl="Zelfde feit dubbel doorgegeven",
    en="Duplicate fact",
    mend_nl="Het feit telt één keer; laat de bron de tweede melding intrekken.",
    mend_en="The fact counts once; have the source retract the second event.",
    kinds=EVERY_KIND,
)
def duplicate_fact(subject: Subject) -> Iterable[Hit]:
    for duplicate in subject.history.duplicates:
        yield Hit(since=duplicate.loser.date, position=duplicate.loser.entry.position)


_ID_SUFFIX = "_id"
_NOT_COMPARED = frozenset({"evidence", "guided_by_agency", "counsellor_ref"})
"""Fields in which two honest sources may differ: each says how it knows, or what it did itself."""
_DATED = frozenset({EmploymentStarted, EmploymentEnded, TrainingStarted, TrainingEnded})
"""Types whose own date is part of what is stated: two dates for one job are a conflict."""
_ANSWERED_IN_TURN = frozenset({ReferralAnswered})
"""Types that several organisations may add to one after the other; the last does not contradict the first."""
_UNSAID = frozenset({"unknown"})

_FIRST_WORD: dict[type[Payload], frozenset[Role]] = {
    EmploymentStarted: frozenset({Role.VDAB, Role.ACTIRIS}),
    EmploymentEnded: frozenset({Role.VDAB, Role.ACTIRIS}),
    LanguageLevelAttained: frozenset({Role.NT2_PROVIDER}),
    TrainingStarted: frozenset({Role.VDAB, Role.ACTIRIS}),
    TrainingEnded: frozenset({Role.VDAB, Role.ACTIRIS}),
}
"""Whose word goes first where 0.5 names an authentic source; elsewhere what was recorded last."""


class _Said(NamedTuple):
    """One fact as a statement about one natural key."""

    fact: Fact[Payload]
    values: tuple[tuple[str, object], ...]


@cache
def _keyed(payload: type[Payload]) -> EventType | None:
    """The declaration of a type whose natural key names a thing; None for one that only names a day."""
    declared = type_of(payload)
    if payload in _ANSWERED_IN_TURN:
        return None
    names_a_thing = any(part.endswith(_ID_SUFFIX) for part in declared.natural_key)
    return declared if names_a_thing or payload in (ProfileUpdated, LanguageLevelAttained) else None


@finding(
    "F06",
    Severity.WARN,
    nl="Bronnen spreken elkaar tegen",
    en="Conflicting sources",
    mend_nl="De authentieke bron telt; laat de andere bron haar gegeven nakijken.",
    mend_en="The authentic source counts; have the other source check what it stated.",
    kinds=EVERY_KIND,
)
def conflicting_sources(subject: Subject) -> Iterable[Hit]:
    said: dict[tuple[str, ...], list[_Said]] = {}
    for payload in subject.history.payload_types:
        declared = _keyed(payload)
        facts = subject.history.of(payload)
        if declared is None or len(facts) < 2 or len({fact.entry.source[8:18] for fact in facts}) < 2:
            continue
        for fact in facts:
            for key, statement in _statements(fact, declared):
                said.setdefault(key, []).append(statement)
    hits: set[Hit] = set()
    for statements in said.values():
        if len(statements) > 1:
            hits.update(_conflicts(statements))
    yield from sorted(hits, key=lambda hit: (hit.since, hit.position or 0, hit.case or ""))


def _statements(fact: Fact[Payload], declared: EventType) -> Iterator[tuple[tuple[str, ...], _Said]]:
    for key in natural_keys(declared, fact.payload, local_date=fact.date, role=fact.entry.role, org=fact.publisher):
        if isinstance(fact.payload, ProfileUpdated):
            yield (declared.name, *key), _Said(fact, ((key[-1], getattr(fact.payload, key[-1])),))
        else:
            yield (declared.name, *key), _Said(fact, _values(fact, declared))


def _values(fact: Fact[Payload], declared: EventType) -> tuple[tuple[str, object], ...]:
    values: list[tuple[str, object]] = []
    for name in type(fact.payload).__struct_fields__:
        if name not in declared.natural_key and name not in _NOT_COMPARED:
            value = getattr(fact.payload, name)
            if isinstance(value, msgspec.Struct):
                values += [(f"{name}.{part}", getattr(value, part)) for part in value.__struct_fields__]
            else:
                values.append((name, value))
    if type(fact.payload) in _DATED:
        values.append(("@date", fact.date))
    return tuple(values)


def _conflicts(statements: list[_Said]) -> Iterator[Hit]:
    best = min(statements, key=_precedence)
    for other in statements:
        if other.fact.publisher != best.fact.publisher and _incompatible(best.values, other.values):
            # The conflict exists from the day on which both have spoken.
            yield Hit(since=max(best.fact.date, other.fact.date), position=other.fact.entry.position)


def _incompatible(a: tuple[tuple[str, object], ...], b: tuple[tuple[str, object], ...]) -> bool:
    said = dict(b)
    return any(_speaks(mine) and _speaks(said.get(name)) and mine != said[name] for name, mine in a)


def _speaks(value: object) -> bool:
    return value is not None and value not in _UNSAID


def _precedence(said: _Said) -> tuple[int, int, float, str]:
    fact = said.fact
    payload = fact.payload
    evidence = 0
    if isinstance(payload, EmploymentStarted):
        evidence = start_rank(payload, fact.entry.role)
    if isinstance(payload, ProfileUpdated):
        weighs = weight(said.values[0][0], fact.entry.role, said.values[0][1])
    else:
        weighs = int(fact.entry.role in _FIRST_WORD.get(type(payload), frozenset()))
    return (evidence, -weighs, -fact.entry.recorded_at.timestamp(), fact.entry.id)
