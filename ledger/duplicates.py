"""Duplicate facts (F03): one publisher states one fact twice, under different ids. It counts once; the lowest id wins."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.catalogue import Payload, type_of
from ledger.events.publisher import FeedReconciled
from ledger.fact import Fact
from ledger.natural_key import natural_key


class Duplicate(msgspec.Struct, frozen=True, gc=False):
    """Two entries that state one fact: the one with the lowest id counts."""

    loser: Fact[Payload]
    winner: Fact[Payload]


def duplicates(facts: Iterable[Fact[Payload]]) -> list[Duplicate]:
    """The duplicates among facts of one type and one local date: same publishing organisation, same natural key."""
    by_key: dict[tuple[str, ...], list[Fact[Payload]]] = {}
    for fact in facts:
        org = fact.publisher
        key = natural_key(type_of(type(fact.payload)), fact.payload, local_date=fact.date, role=fact.entry.role, org=org)
        by_key.setdefault((_speaker(fact), *key), []).append(fact)
    found: list[Duplicate] = []
    for same in by_key.values():
        if len(same) > 1:
            winner = min(same, key=_identity)
            found.extend(Duplicate(fact, winner) for fact in sorted(same, key=_identity) if fact is not winner)
    return found


def _speaker(fact: Fact[Payload]) -> str:
    """Who states the fact: the organisation, but for a control total, which tells of one system's own feed, that system."""
    return fact.entry.source if type(fact.payload) is FeedReconciled else fact.publisher


def _identity(fact: Fact[Payload]) -> tuple[str, str]:
    return (fact.entry.id, fact.entry.source)
