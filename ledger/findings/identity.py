"""Merged identities that do not fit together (F28)."""

from __future__ import annotations

from collections.abc import Iterable, Set

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
    for link in links:
        survivor, absorbed = (said.get(stream, []) for stream in ends(link.payload))
        if _differ(_years(survivor), _years(absorbed)) or _differ(_genders(survivor), _genders(absorbed)):
            yield Hit(since=link.date, position=link.entry.position)


def _years(registered: Iterable[PersonRegistered]) -> set[int]:
    return {one.birth_year for one in registered}


def _genders(registered: Iterable[PersonRegistered]) -> set[Gender]:
    return {one.gender for one in registered} - {Gender.UNKNOWN}


def _differ(one: Set[object], other: Set[object]) -> bool:
    """Whether both sides speak and have nothing in common; who is silent contradicts nobody."""
    return bool(one) and bool(other) and one.isdisjoint(other)
