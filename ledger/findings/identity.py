"""Merged identities that do not fit together (F28)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from ledger.codes.person import Gender
from ledger.events.identity import IdentityLinked, PersonRegistered
from ledger.finding import Hit, Severity, finding
from ledger.merge import ends
from ledger.subject import Subject


@finding(
    "F28",
    Severity.HIGH,
    nl="Gekoppelde personen passen niet bij elkaar",
    en="Merge conflict",
    mend_nl="Laat de identiteitsdienst de koppeling nagaan en zo nodig intrekken.",
    mend_en="Have the identity service check the link and retract it if need be.",
)
def merge_conflict(subject: Subject) -> Iterable[Hit]:
    history = subject.history
    for ignored in history.ignored_links:
        yield Hit(since=ignored.entry.local_date, position=ignored.entry.position, known=True)
    links = history.of(IdentityLinked)
    if not links:
        return
    said: dict[str, list[PersonRegistered]] = {}
    for fact in history.of(PersonRegistered):
        said.setdefault(fact.entry.stream, []).append(fact.payload)
    ignored_at = {ignored.entry.position for ignored in history.ignored_links}
    survivors: dict[str, str] = {}
    for link in links:
        if link.entry.position not in ignored_at:
            into, gone = ends(link.payload)
            survivors.setdefault(gone, into)
    for link in links:
        into, gone = ends(link.payload)
        behind = {stream for stream in history.members if gone in _chain(stream, survivors)}
        beside = {stream for stream in history.members if into in _chain(stream, survivors)} - behind
        absorbed = [one for stream in behind | {gone} for one in said.get(stream, ())]
        survivor = [one for stream in beside | {into} for one in said.get(stream, ())]
        if _differ(_years(survivor), _years(absorbed)) or _differ(_genders(survivor), _genders(absorbed)):
            yield Hit(since=link.date, position=link.entry.position)


def _chain(stream: str, survivors: Mapping[str, str]) -> Iterator[str]:
    """A stream and those that it is absorbed into, up to the root."""
    yield stream
    while stream in survivors:
        stream = survivors[stream]
        yield stream


def _years(registered: Iterable[PersonRegistered]) -> set[int]:
    return {one.birth_year for one in registered}


def _genders(registered: Iterable[PersonRegistered]) -> set[Gender]:
    return {one.gender for one in registered} - {Gender.UNKNOWN}


def _differ(one: Set[object], other: Set[object]) -> bool:
    """Whether both sides speak and have nothing in common; who is silent contradicts nobody."""
    return bool(one) and bool(other) and one.isdisjoint(other)
