"""The messages of the AsyncAPI document and the schemas that they refer to (see :mod:`ledger.asyncapi`)."""

from __future__ import annotations

import msgspec

from ledger.catalogue import EventType, StreamKind, catalogue
from ledger.example import example_document, example_event
from ledger.fields import UUID_PATTERN
from ledger.schema import Definitions, JsonObject, subject_pattern
from ledger.submission import Submission
from ledger.verdict import Verdict

REF = "#/components/schemas/"
"""Where the document keeps its schemas."""


def event_message(declared: EventType, definitions: Definitions) -> JsonObject:
    event: JsonObject = msgspec.json.decode(example_event(declared))
    headers: JsonObject = {f"ce_{name}": str(value) for name, value in event.items() if name not in {"data", "datacontenttype"}}
    return {
        "name": declared.full_name,
        "title": declared.nl,
        "summary": declared.en,
        "description": (declared.payload.__doc__ or declared.en).strip().splitlines()[0],
        "contentType": "application/json",
        "tags": [{"name": kind.name.lower()} for kind in _kinds(declared)],
        "headers": {
            "allOf": [
                {"$ref": f"{REF}BinaryHeaders"},
                {
                    "type": "object",
                    "properties": {
                        "ce_type": {"const": declared.full_name},
                        "ce_subject": {"type": "string", "pattern": subject_pattern(declared)},
                        "ce_publisherrole": {"enum": [role.value for role in sorted(declared.publishers)]},
                    },
                },
            ]
        },
        "payload": definitions.reference(msgspec.inspect.type_info(declared.payload)),
        "examples": [{"name": declared.name, "headers": headers, "payload": msgspec.json.decode(example_document(declared))}],
        "x-schema": f"/schemas/{declared.full_name}.json",
        "x-natural-key": list(declared.natural_key),
        "x-restricted": declared.restricted,
    }


def _kinds(declared: EventType) -> list[StreamKind]:
    return [kind for kind in StreamKind if kind is not StreamKind.ANY and declared.stream in {kind, StreamKind.ANY}]


def general_messages(definitions: Definitions) -> JsonObject:
    verdict = definitions.reference(msgspec.inspect.type_info(Verdict))
    certificate: JsonObject = msgspec.json.decode(example_event(catalogue().newest["certificate.issued"]))
    return {
        "event": {
            "name": "event",
            "title": "One CloudEvent in structured mode",
            "contentType": "application/cloudevents+json",
            "payload": {"$ref": f"{REF}Event"},
            "examples": [{"name": "event", "payload": certificate}],
        },
        "eventBatch": {
            "name": "eventBatch",
            "title": "A batch of CloudEvents",
            "contentType": "application/cloudevents-batch+json",
            "payload": {"type": "array", "items": {"$ref": f"{REF}Event"}, "minItems": 1, "maxItems": 1000},
            "examples": [{"name": "batch", "payload": [certificate]}],
        },
        "verdict": {
            "name": "verdict",
            "title": "What became of a submission",
            "contentType": "application/json",
            "payload": verdict,
            "examples": [{"name": "admitted", "payload": _admitted(certificate)}],
        },
        "publishAnswer": {
            "name": "publishAnswer",
            "title": "How many were admitted, duplicate and refused, and why",
            "contentType": "application/json",
            "payload": {"$ref": f"{REF}PublishAnswer"},
            "examples": [{"name": "all admitted", "payload": {"admitted": 1, "duplicate": 0, "refused": 0, "refusals": []}}],
        },
        "entry": {
            "name": "entry",
            "title": "An entry of the ledger",
            "description": "A CloudEvent in binary mode. The data of persons and signals is sealed with the key of its stream "
            "(AES-256-GCM); other data is the canonical JSON of its type. The key of the record is the stream.",
            "contentType": "application/octet-stream",
            "headers": {"allOf": [{"$ref": f"{REF}BinaryHeaders"}, {"$ref": f"{REF}EntryHeaders"}]},
            "payload": {"type": "string", "format": "binary"},
        },
    }


def _admitted(event: JsonObject) -> JsonObject:
    return {"outcome": "admitted", "id": event["id"], "source": event["source"], "position": 412345}


def general_schemas(definitions: Definitions, declared: list[EventType]) -> JsonObject:
    envelope = definitions.struct(Submission)
    properties, required = envelope["properties"], envelope["required"]
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    properties["type"] = {"type": "string", "enum": [d.full_name for d in declared]}
    properties["data"] = {"type": "object", "description": "As the schema of its type says: /schemas/{type}.json"}
    return {
        "Event": envelope,
        "BinaryHeaders": {
            "type": "object",
            "description": "The attributes of a CloudEvent in the Kafka binding: the envelope's, each with the prefix ce_, as text.",
            "properties": {f"ce_{name}": {"type": "string"} for name in properties if name not in {"data", "datacontenttype"}},
            "required": [f"ce_{name}" for name in required if name != "data"],
        },
        "EntryHeaders": {
            "type": "object",
            "description": "What the ledger adds.",
            "properties": {
                "ce_position": {"type": "string", "pattern": "^[1-9][0-9]*$", "description": "The place of the entry in the ledger"},
                "ce_streamversion": {"type": "string", "pattern": "^[1-9][0-9]*$", "description": "Its place in its stream"},
                "ce_admittedat": {"type": "string", "format": "date-time", "description": "When the ledger knew"},
                "ce_commitment": {
                    "type": "string",
                    "pattern": "^[A-Za-z0-9_-]{43}$",
                    "description": "The entry's leaf in the Merkle tree: a salted hash of it, base64url",
                },
                "ce_digest": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$", "description": "Keyed hash of the content, base64url"},
                "ce_keyid": {
                    "type": "string",
                    "pattern": "^[1-9][0-9]*$",
                    "description": "The key that seals the data; absent when none does",
                },
            },
            "required": ["ce_position", "ce_streamversion", "ce_admittedat", "ce_digest"],
        },
        "PublishAnswer": {
            "type": "object",
            "properties": {
                **{name: {"type": "integer", "minimum": 0} for name in ("admitted", "duplicate", "refused")},
                "refusals": {"type": "array", "items": {"$ref": f"{REF}Refusal"}},
            },
            "required": ["admitted", "duplicate", "refused", "refusals"],
        },
        "Refusal": {
            "type": "object",
            "properties": {
                "id": {"type": ["string", "null"], "pattern": UUID_PATTERN},
                "source": {"type": ["string", "null"]},
                "code": {"type": "string", "pattern": "^R(0[1-9]|1[0-5])$"},
                "rule": {"type": ["string", "null"], "pattern": "^B(0[1-9]|1[0-9]|2[0-3])$"},
                "pointer": {"type": "string", "description": "RFC 6901 pointer into the structured event"},
                "message": {"type": "object", "properties": {"nl": {"type": "string"}, "en": {"type": "string"}}, "required": ["nl", "en"]},
            },
            "required": ["code", "pointer", "message"],
        },
    }
