"""The log as an OCEL 2.0 file in JSON, written stream by stream: its memory grows with the number of things, not of events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO

import msgspec

from ledger.catalogue import catalogue
from ledger.milestone import facts_of
from ledger.ocel import PERSON, Object, Timed, event_of, event_types, object_types, owner, start_of
from ledger.subject import Subject
from streams.durable import appearing
from streams.postgres.store import Store
from streams.subjects import Surroundings, Watch, all_keys, load

FILE = "ledger.ocel.json"
_encode = msgspec.json.Encoder().encode


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """What an object-centric log holds."""

    position: int
    as_of: date
    events: int
    objects: int
    unreadable: int
    """Streams that cannot be opened, and are not in it."""


async def write_ocel(store: Store, file: Path, *, as_of: date, known_at: int, watch: Watch | None = None) -> Logged:
    """Write the effective events of every stream but signals, as of a date and as known at a position.

    :raises LedgerError: the file cannot be written.
    :raises StoreUnavailable: the database is away.
    """
    with appearing(file, private=True) as part, part.open("wb") as out:
        return await _write(store, out, as_of, known_at, watch)


async def _write(store: Store, out: IO[bytes], as_of: date, known_at: int, watch: Watch | None) -> Logged:
    position = min(known_at, (await store.head()).position)
    surroundings = Surroundings(store)
    await surroundings.extend(position)
    reference = surroundings.reference_at(as_of, position)
    things: dict[str, Object] = {}
    events = people = unreadable = 0
    out.write(b'{"eventTypes":' + _encode(event_types(catalogue())) + b',"objectTypes":' + _encode(object_types()) + b',"events":[')
    async for keys in all_keys(store, surroundings, position, watch):
        loaded = await load(
            store, surroundings, [key for key in keys if not key.startswith("signaal/")], reference=reference, known_at=position
        )
        unreadable += len(loaded.broken)
        for subject in loaded.subjects:
            people += subject.key.startswith("persoon/")
            for line, tied in _events(subject, people):
                out.write(b",\n" if events else b"\n")
                out.write(line)
                events += 1
                for thing in tied:
                    things.setdefault(thing.id, thing)
                    if thing.attributes:
                        things[thing.id] = thing
    out.write(b'\n],"objects":[')
    for at, thing in enumerate(things.values()):
        out.write(b",\n" if at else b"\n")
        out.write(_encode(thing))
    out.write(b"\n]}\n")
    return Logged(position=position, as_of=as_of, events=events, objects=len(things), unreadable=unreadable)


def _events(subject: Subject, number: int) -> Iterator[tuple[bytes, list[Object]]]:
    about = owner(subject.key, number)
    if about.type == PERSON:
        about = Object(id=about.id, type=about.type, attributes=_person(subject))
    for fact in subject.history.facts:
        event, tied = event_of(fact, about)
        yield _encode(event), [about, *tied]


def _person(subject: Subject) -> list[Timed]:
    """What a person can be grouped by, from the day of the first contract."""
    facts = subject.memo(facts_of)
    signed = getattr(facts, "contract_on", None)
    if signed is None:
        return []
    told = (("region", "region0"), ("gender", "gender"), ("contract_quarter", "contract_q"))
    values = [(name, getattr(facts, column, None)) for name, column in told]
    return [Timed(name, str(value), start_of(signed)) for name, value in values if value is not None]
