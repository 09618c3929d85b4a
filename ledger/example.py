"""An example of every event type, made from its declaration: for the schemas and the AsyncAPI document.

An example is whole and free of contradiction, and the same on every run. Nothing in it is about anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

import msgspec
from msgspec import inspect

from ledger.catalogue import EventType, Payload, StreamKind, canonical, catalogue
from ledger.codes.roles import Role
from ledger.diagnosis import Json

DAY = date(2025, 3, 10)
"""The local date on which the examples happen."""

MOMENT = datetime(2025, 3, 10, 9, 30, tzinfo=UTC)
ORGANISATION = "1999010048"
LATER = date(2025, 6, 27)

_ALSO: Mapping[str, tuple[str, ...]] = {
    "person.registered": ("obligation_from",),
    "profile.updated": ("benefit_status",),
    "initiative.informed": ("nis",),
    "recognition.decided": ("granted_level",),
    "perspective.recorded": ("sector",),
}
"""Optional fields without which the example of a type would contradict itself."""

_TEXTS: Mapping[str, str] = {
    "kbo": ORGANISATION,
    "nis": "12025",
    "ym": "2025-02",
    "period": "P60D",
    "source": f"urn:kbo:{ORGANISATION}:kbi",
    "type": "contract.signed",
    "token": "IND-01",
}
_NUMBERS: Mapping[str, int] = {"year": 2025, "min": 60, "bp": 8000, "cents": 250_000}
_NAMED: Mapping[str, Json] = {
    "birth_year": 1991,
    "granted_level": "bachelor",
    "claimed_level": "bachelor",
    "deficits": [],
    "parties": [ORGANISATION, "1999015095"],
}
"""What a field of this name holds, where the first value of its kind would read oddly."""

_LATER_FIELDS = frozenset({"planned_end", "until", "valid_to"})


def example_payload(declared: EventType) -> Payload:
    """A payload of this type and version."""
    return declared.decode(msgspec.json.encode(_object(inspect.type_info(declared.payload), _ALSO.get(declared.name, ()))))


def example_event(declared: EventType) -> bytes:
    """A whole event of this type in structured mode: JSON with the envelope and ``data``."""
    payload = example_payload(declared)
    role = _role(declared)
    event: dict[str, Json | msgspec.Raw] = {
        "specversion": "1.0",
        "id": _uuid(declared.full_name),
        "source": f"urn:kbo:{ORGANISATION}:kbi",
        "type": declared.full_name,
        "subject": _subject(declared, payload),
        "time": "2025-03-10T10:30:00+01:00",
        "recordedat": "2025-03-10T10:31:12+01:00",
        "publisherrole": role.value,
        "sequence": 48211,
        "datacontenttype": "application/json",
        "data": msgspec.Raw(canonical(payload)),
    }
    if declared.stream in {StreamKind.PERSON, StreamKind.ANY}:
        event["grondslag"] = "public_task"
    return msgspec.json.encode(event)


def _role(declared: EventType) -> Role:
    """The role in whose name the example is published: first of the list that may, VDAB before the others.

    A correction is an agency's, because what it puts in place is a certificate.
    """
    if declared.stream is StreamKind.ANY:
        return Role.AGENCY
    return Role.VDAB if Role.VDAB in declared.publishers else next(role for role in Role if role in declared.publishers)


def _subject(declared: EventType, payload: Payload) -> str:
    key = payload.stream_key()
    stream = StreamKind.PERSON if declared.stream is StreamKind.ANY else declared.stream
    kind = f"{declared.policy_kind}/" if declared.policy_kind else ""
    by_number = stream in {StreamKind.EMPLOYER, StreamKind.PUBLISHER}
    return f"{stream.value}/{kind}{key or (ORGANISATION if by_number else _uuid(stream.value))}"


def _uuid(name: str) -> str:
    digest = hashlib.blake2b(name.encode(), digest_size=10).hexdigest()
    return f"01957f6e-{digest[:4]}-7{digest[4:7]}-9{digest[7:10]}-{digest[8:20]}"


def _object(shape: inspect.Type, also: tuple[str, ...] = ()) -> dict[str, Json]:
    assert isinstance(shape, inspect.StructType)
    wanted = [field for field in shape.fields if field.required or field.encode_name in also] or list(shape.fields[:1])
    return {name: _NAMED[name] if name in _NAMED else _value(field.type, name) for field in wanted for name in (field.encode_name,)}


def _value(shape: inspect.Type, name: str, kind: str = "") -> Json:
    match shape:
        case inspect.Metadata():
            return _value(shape.type, name, str((shape.extra or {}).get("kind", "")))
        case inspect.UnionType():
            return _value(next(option for option in shape.types if not isinstance(option, inspect.NoneType)), name)
        case inspect.StructType():
            return _object(shape)
        case inspect.EnumType():
            return str(next(iter(shape.cls)).value)
        case inspect.VarTupleType():
            return [_value(shape.item_type, name)]
        case inspect.DictType():
            return {str(_value(shape.key_type, name)): _value(shape.value_type, name)}
        case inspect.IntType():
            return _NUMBERS.get(kind, 1)
        case inspect.BoolType():
            return True
        case inspect.DateType():
            return (LATER if name in _LATER_FIELDS else DAY).isoformat()
        case inspect.DateTimeType():
            return "2025-03-10T10:30:00+01:00"
        case inspect.RawType():
            return _object(inspect.type_info(catalogue().newest["certificate.issued"].payload))
    return _TEXTS.get(kind, _uuid(name))


@lru_cache(maxsize=512)
def example_document(declared: EventType) -> bytes:
    """The canonical bytes of :func:`example_payload`."""
    return canonical(example_payload(declared))
