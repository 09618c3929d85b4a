"""JSON Schemas (2020-12) of the events, generated from their declarations.

The schema of a type describes the whole CloudEvent in structured mode, envelope and data, exactly as the decoder takes
it. What only makes sense together (R15), check digits (R07) and the existence of a NIS code (R08) are beyond a schema.
Labels stand in ``title`` (Dutch) and ``x-title``/``x-labels`` (both languages).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec
from msgspec import inspect

from ledger.catalogue import EventType, Payload, StreamKind, type_of
from ledger.code import Code, code_lists
from ledger.diagnosis import Json
from ledger.example import example_event
from ledger.fields import UUID_PATTERN
from ledger.labels import FIELD_LABELS
from ledger.stream import POLICY_KINDS
from ledger.submission import Submission

DIALECT = "https://json-schema.org/draft/2020-12/schema"

JsonObject = dict[str, Json]

_UUID = UUID_PATTERN.removeprefix("^").removesuffix("$")
_DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_MOMENT = f"^{_DATE}[Tt ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}([.][0-9]+)?([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})$"
"""RFC 3339 with an offset. Stated as a pattern too, since most validators take ``format`` for a remark."""
_SUBJECTS: dict[StreamKind, str] = {
    StreamKind.PERSON: f"(persoon/{_UUID}|insz/[0-9]{{11}})",
    StreamKind.EDITION: f"editie/{_UUID}",
    StreamKind.OFFER: f"aanbod/{_UUID}",
    StreamKind.SIGNAL: f"signaal/{_UUID}",
    StreamKind.EMPLOYER: "werkgever/[0-9]{10}",
    StreamKind.PUBLISHER: "bron/[0-9]{10}",
    StreamKind.POLICY: f"beleid/({'|'.join(POLICY_KINDS)})/[A-Za-z0-9][A-Za-z0-9._:-]{{0,63}}",
}


@lru_cache(maxsize=512)
def json_schema(declared: EventType) -> bytes:
    """The JSON Schema of one version of an event type, as served at ``/schemas/<full name>.json``."""
    return msgspec.json.format(msgspec.json.encode(event_schema(declared)), indent=2)


def event_schema(declared: EventType) -> JsonObject:
    """The same as a JSON object."""
    definitions = Definitions("#/$defs/")
    envelope = definitions.struct(Submission)
    data = definitions.reference(inspect.type_info(declared.payload))
    properties, required = envelope["properties"], envelope["required"]
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    properties["type"] = {"const": declared.full_name}
    properties["subject"] = {"type": "string", "pattern": subject_pattern(declared), "description": "The stream key"}
    properties["publisherrole"] = {"type": "string", "enum": [role.value for role in sorted(declared.publishers)]}
    properties["data"] = data
    if declared.stream is StreamKind.PERSON:
        required.append("grondslag")
        properties["grondslag"] = _without_null(properties["grondslag"])
    return {
        "$schema": DIALECT,
        "$id": f"/schemas/{declared.full_name}.json",
        "title": declared.nl,
        "x-title": {"nl": declared.nl, "en": declared.en},
        "description": _first_line(declared.payload),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        "examples": [msgspec.json.decode(example_event(declared))],
        "$defs": {name: definitions.found[name] for name in sorted(definitions.reachable(properties))},
    }


def subject_pattern(declared: EventType) -> str:
    """The pattern of the stream keys that a type may stand in."""
    if declared.stream is StreamKind.ANY:
        return f"^({'|'.join(_SUBJECTS.values())})$"
    pattern = _SUBJECTS[declared.stream]
    if declared.policy_kind:
        pattern = pattern.replace(f"({'|'.join(POLICY_KINDS)})", declared.policy_kind)
    return f"^{pattern}$"


class Definitions:
    """Collects the named schemas (structs and code lists) that others refer to, under a prefix."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.found: dict[str, JsonObject] = {}

    def reference(self, shape: inspect.Type) -> JsonObject:
        """The schema of any declared type; structs and code lists by reference."""
        match shape:
            case inspect.Metadata():
                return {**self.reference(shape.type), **(shape.extra_json_schema or {})}
            case inspect.UnionType():
                return {"anyOf": [self.reference(option) for option in shape.types]}
            case inspect.StructType():
                name = shape.cls.__name__
                if name not in self.found:
                    self.found[name] = {}
                    self.found[name] = self.struct(shape.cls)
                return {"$ref": self._prefix + name}
            case inspect.EnumType():
                name = shape.cls.__name__
                self.found.setdefault(name, _enum(shape))
                return {"$ref": self._prefix + name}
            case inspect.VarTupleType() | inspect.ListType():
                return {"type": "array", "items": self.reference(shape.item_type)}
            case inspect.DictType():
                return {
                    "type": "object",
                    "propertyNames": self.reference(shape.key_type),
                    "additionalProperties": self.reference(shape.value_type),
                }
        return _scalar(shape)

    def struct(self, cls: type[msgspec.Struct]) -> JsonObject:
        """The schema of a struct, in full."""
        shape = inspect.type_info(cls)
        assert isinstance(shape, inspect.StructType)
        schema: JsonObject = {"type": "object", "description": _first_line(cls)}
        if issubclass(cls, Payload):
            declared = type_of(cls)
            schema |= {"title": declared.nl, "x-title": {"nl": declared.nl, "en": declared.en}}
        return schema | {
            "properties": {field.encode_name: self._property(field) for field in shape.fields},
            "required": [field.encode_name for field in shape.fields if field.required],
            "additionalProperties": not shape.forbid_unknown_fields,
        }

    def _property(self, field: inspect.Field) -> JsonObject:
        label = FIELD_LABELS.get(field.encode_name)
        title: JsonObject = {"title": label.nl, "x-title": {"nl": label.nl, "en": label.en}} if label else {}
        return self.reference(field.type) | title

    def reachable(self, schema: Json) -> set[str]:
        """The names of the collected schemas that a schema refers to, near or far."""
        names: set[str] = set()
        waiting = list(self._referred(schema))
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting.extend(self._referred(self.found[name]))
        return names

    def _referred(self, schema: Json) -> Iterator[str]:
        if isinstance(schema, dict):
            target = schema.get("$ref")
            if isinstance(target, str):
                yield target.removeprefix(self._prefix)
            for inner in schema.values():
                yield from self._referred(inner)
        elif isinstance(schema, list):
            for inner in schema:
                yield from self._referred(inner)


def _enum(shape: inspect.EnumType) -> JsonObject:
    values = list(shape.cls)
    schema: JsonObject = {"type": "string", "enum": [str(value.value) for value in values]}
    listed = code_lists().get(shape.cls.__name__)
    if listed is None:
        return schema
    schema |= {
        "title": listed.nl,
        "x-title": {"nl": listed.nl, "en": listed.en},
        "x-labels": {value.value: {"nl": value.nl, "en": value.en} for value in listed.values},
    }
    retired: JsonObject = {value.value: _validity(value) for value in listed.values if value.valid_from or value.valid_to}
    return schema | {"x-validity": retired} if retired else schema


def _validity(value: Code) -> JsonObject:
    return {
        "from": value.valid_from.isoformat() if value.valid_from else None,
        "to": value.valid_to.isoformat() if value.valid_to else None,
        "successor": value.successor,
    }


def _scalar(shape: inspect.Type) -> JsonObject:
    match shape:
        case inspect.IntType():
            return {"type": "integer"} | _stated(minimum=shape.ge, maximum=shape.le)
        case inspect.StrType():
            return {"type": "string"} | _stated(pattern=shape.pattern, minLength=shape.min_length, maxLength=shape.max_length)
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.NoneType():
            return {"type": "null"}
        case inspect.DateType():
            return {"type": "string", "format": "date", "pattern": f"^{_DATE}$"}
        case inspect.DateTimeType():
            return {"type": "string", "format": "date-time", "pattern": _MOMENT}
        case inspect.LiteralType():
            return {"const": shape.values[0]} if len(shape.values) == 1 else {"enum": list(shape.values)}
        case inspect.RawType():
            return {"type": "object"}
    raise TypeError(f"a payload has a field of a kind that no schema is made for: {shape!r}; use the types of ledger.fields")


def _stated(**constraints: int | str | None) -> JsonObject:
    return {name: value for name, value in constraints.items() if value is not None}


def _without_null(schema: Json) -> Json:
    """The schema of an optional field, for where it is required."""
    assert isinstance(schema, dict)
    options = schema["anyOf"]
    assert isinstance(options, list)
    (only,) = (option for option in options if option != {"type": "null"})
    return only


def _first_line(cls: type) -> str:
    return (cls.__doc__ or "").strip().splitlines()[0] if cls.__doc__ else ""
