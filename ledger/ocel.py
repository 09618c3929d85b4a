"""Histories as an object-centric event log: OCEL 2.0 (Berti et al., *OCEL Specification 2.0*, 2023), for process-mining tools.

What happened to one person runs through several things at once: a trajectory, a diploma file, a referral, an edition. In OCEL
an event belongs to all of them. Here each effective event (corrected, retracted and doubled ones as they count) is an event;
its objects are the person or thing of its stream, the organisation that published it, and every thing that its payload names.

Persons are numbered anew in every log; their pseudonym is not in it. Signals of discrimination are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache

import msgspec

from ledger.business_id import FIELDS, STREAMS, Thing
from ledger.catalogue import Catalogue, Payload, type_of
from ledger.fact import Fact
from ledger.time import local_date

PERSON, ORGANISATION, EMPLOYER, POLICY = "person", "organisation", "employer", "policy"
_OWNERS = {**{prefix: thing.value for thing, prefix in STREAMS.items()}, "werkgever/": EMPLOYER}


class Attribute(msgspec.Struct, frozen=True):
    """An attribute that a type declares; ``type`` is one of OCEL's: string, time, integer, float, boolean."""

    name: str
    type: str


class Type(msgspec.Struct, frozen=True):
    """An event type or an object type."""

    name: str
    attributes: Sequence[Attribute]


class Valued(msgspec.Struct, frozen=True):
    """An attribute of an event."""

    name: str
    value: str | int | bool


class Timed(msgspec.Struct, frozen=True):
    """An attribute of an object, from a moment on."""

    name: str
    value: str | int | bool
    time: str


class Relationship(msgspec.Struct, frozen=True, rename={"object": "objectId"}):
    """An event's or object's tie to an object."""

    object: str
    qualifier: str


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One effective event."""

    id: str
    type: str
    time: str
    attributes: Sequence[Valued]
    relationships: Sequence[Relationship]


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """One thing, person or organisation."""

    id: str
    type: str
    attributes: Sequence[Timed] = ()
    relationships: Sequence[Relationship] = ()


def event_types(types: Catalogue) -> list[Type]:
    """The event types of a log: every type of the catalogue that may be in it."""
    return [Type(one.name, _declared(one.payload)) for one in types.newest.values() if not one.restricted]


def object_types() -> list[Type]:
    """The object types of a log."""
    person = [Attribute("region", "string"), Attribute("gender", "string"), Attribute("contract_quarter", "string")]
    return [Type(PERSON, person), *(Type(name, ()) for name in (ORGANISATION, EMPLOYER, POLICY, *(thing.value for thing in Thing)))]


def moment(time: datetime) -> str:
    """A time as OCEL writes it: ISO 8601, UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def start_of(day: date) -> str:
    """The first moment of a day."""
    return f"{day.isoformat()}T00:00:00.000Z"


def owner(key: str, number: int) -> Object:
    """The object that a stream is about; persons get a number instead of their key."""
    if key.startswith("persoon/"):
        return Object(id=f"person:{number:07d}", type=PERSON)
    if key.startswith("bron/"):
        return Object(id=f"kbo:{key.removeprefix('bron/')}", type=ORGANISATION)
    for prefix, name in _OWNERS.items():
        if key.startswith(prefix):
            return Object(id=f"{name}:{key.removeprefix(prefix)}", type=name)
    return Object(id=key, type=POLICY)


def event_of(fact: Fact[Payload], about: Object) -> tuple[Event, Iterator[Object]]:
    """An effective event, and the objects besides its owner that it is tied to."""
    payload, entry = fact.payload, fact.entry
    ties = [(about.id, about.type), (f"kbo:{entry.publisher}", "published_by")]
    things = [(ORGANISATION, f"kbo:{entry.publisher}")]
    declared = {one.name for one in _declared(type(payload))}
    attributes = [
        Valued("role", entry.role.value),
        Valued("position", entry.position),
        Valued("days_until_known", max(0, (local_date(entry.admitted_at) - fact.date).days)),
    ]
    for name in payload.__struct_fields__:
        value = getattr(payload, name)
        if value is None:
            continue
        if name in FIELDS:
            for one in value if isinstance(value, tuple) else (value,):
                identity = f"{FIELDS[name].value}:{one}"
                ties.append((identity, name))
                things.append((FIELDS[name].value, identity))
        elif name in declared:
            attributes.append(Valued(name, _told(value)))
    found = Event(
        id=f"e{entry.position}",
        type=_name(type(payload)),
        time=moment(fact.time),
        attributes=attributes,
        relationships=[Relationship(*tie) for tie in dict.fromkeys(ties)],
    )
    return found, (Object(id=identity, type=kind) for kind, identity in things)


def _name(payload: type[Payload]) -> str:
    return type_of(payload).name


def _told(value: object) -> str | int | bool:
    """A value for an attribute; lists as ``a|b``."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return start_of(value)
    return "|".join(map(str, value)) if isinstance(value, tuple) else str(value)


@cache
def _declared(payload: type[Payload]) -> tuple[Attribute, ...]:
    found = [Attribute("role", "string"), Attribute("position", "integer"), Attribute("days_until_known", "integer")]
    described = msgspec.inspect.type_info(payload)
    assert isinstance(described, msgspec.inspect.StructType)
    for field in described.fields:
        if field.name not in FIELDS and (kind := _kind(field.type)) is not None:
            found.append(Attribute(field.name, kind))
    return tuple(found)


def _kind(kind: msgspec.inspect.Type) -> str | None:
    if isinstance(kind, msgspec.inspect.UnionType):
        found = {_kind(one) for one in kind.types if not isinstance(one, msgspec.inspect.NoneType)}
        return found.pop() if len(found) == 1 else None
    if isinstance(kind, msgspec.inspect.BoolType):
        return "boolean"
    if isinstance(kind, msgspec.inspect.IntType):
        return "integer"
    if isinstance(kind, msgspec.inspect.StrType | msgspec.inspect.EnumType):
        return "string"
    if isinstance(kind, msgspec.inspect.DateType | msgspec.inspect.DateTimeType):
        return "time"
    if isinstance(kind, msgspec.inspect.VarTupleType):
        return "string" if _kind(kind.item_type) == "string" else None
    return None
