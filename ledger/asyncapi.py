"""The AsyncAPI 3.0 document: every channel, operation and message of the ledger, generated from the catalogue.

Publishers send CloudEvents in binary mode to a topic of their own (one message per event type, attributes as headers)
or over HTTP in structured mode, alone or in a batch. What comes back is a verdict per event. Entries leave the ledger on
two topics, with the data of persons and of signals sealed.
"""

from __future__ import annotations

from functools import lru_cache

import yaml

from ledger.asyncapi_messages import REF, event_message, general_messages, general_schemas
from ledger.catalogue import Catalogue, EventType, StreamKind, catalogue
from ledger.schema import Definitions, JsonObject

VERSION = "1.0.0"
"""Version of the document's shape. It grows with the catalogue without a new version: every type carries its own."""

_TOPIC_PARTITIONS = 12


def asyncapi_document() -> bytes:
    """The document in YAML, as served at ``/asyncapi.yaml``."""
    return _document(catalogue())


@lru_cache(maxsize=2)
def _document(types: Catalogue) -> bytes:
    return yaml.dump(document(types), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=140, encoding="utf-8")


class _Dumper(yaml.CSafeDumper):
    """Writes what stands in two places twice: anchors help no reader."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def document(types: Catalogue) -> JsonObject:
    """The document as a JSON object."""
    definitions = Definitions(REF)
    declared = list(types.types.values())
    messages: JsonObject = {d.full_name: event_message(d, definitions) for d in declared}
    messages |= general_messages(definitions)
    schemas = general_schemas(definitions, declared) | definitions.found
    return {
        "asyncapi": "3.0.0",
        "id": "urn:be:inburgering:trajectory-ledger",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": _channels(declared),
        "operations": _operations(),
        "components": {"messages": messages, "schemas": schemas, "securitySchemes": _security()},
    }


def _info() -> JsonObject:
    return {
        "title": "Trajectory ledger",
        "version": VERSION,
        "description": "The event-sourced register of how newcomers in Flanders and Brussels find their way to work. "
        "Publishers send CloudEvents 1.0; each is admitted with a position, recognised as a duplicate, or refused with a code.",
        "license": {"name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12"},
        "tags": [{"name": kind.name.lower(), "description": f"Stream {kind.value}/…"} for kind in StreamKind if kind is not StreamKind.ANY],
    }


def _servers() -> JsonObject:
    return {
        "http": {
            "host": "{host}:{port}",
            "protocol": "http",
            "description": "The HTTP API of a ledger",
            "variables": {"host": {"default": "localhost"}, "port": {"default": "8400"}},
            "security": [{"$ref": "#/components/securitySchemes/token"}],
        },
        "kafka": {
            "host": "{host}:{port}",
            "protocol": "kafka-secure",
            "description": "The Kafka cluster of a distributed ledger; an embedded ledger has none",
            "variables": {"host": {"default": "localhost"}, "port": {"default": "9093"}},
            "security": [{"$ref": "#/components/securitySchemes/scram"}],
        },
    }


def _security() -> JsonObject:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "The publisher's token: bound to one organisation and one role"},
        "scram": {"type": "scramSha512", "description": "The publisher's user; it may write to its own topic only"},
    }


def _channels(declared: list[EventType]) -> JsonObject:
    publisher: JsonObject = {"publisher": {"description": "The publisher's name at the ledger, e.g. vdab", "examples": ["vdab", "agii"]}}
    entries: JsonObject = {
        "kafka": {"partitions": _TOPIC_PARTITIONS, "topicConfiguration": {"retention.ms": -1}, "bindingVersion": "0.5.0"}
    }
    restricted: JsonObject = {"kafka": {"partitions": 1, "topicConfiguration": {"retention.ms": -1}, "bindingVersion": "0.5.0"}}
    return {
        "submissions": {
            "address": "trajectory.submissions.{publisher}",
            "title": "Submissions of one publisher",
            "description": "Only that publisher may write here: the topic is its identity. CloudEvents in binary or structured mode.",
            "parameters": publisher,
            "servers": [{"$ref": "#/servers/kafka"}],
            "messages": {d.full_name: {"$ref": f"#/components/messages/{d.full_name}"} for d in declared},
        },
        "verdicts": {
            "address": "trajectory.verdicts.{publisher}",
            "title": "Verdicts for one publisher",
            "description": "One verdict for each submission, in their order; the header submission_offset says which.",
            "parameters": publisher,
            "servers": [{"$ref": "#/servers/kafka"}],
            "messages": {"verdict": {"$ref": "#/components/messages/verdict"}},
        },
        "entries": {
            "address": "trajectory.entries",
            "title": "Entries of the ledger",
            "description": "Every entry but the restricted ones, for ever, keyed by stream.",
            "servers": [{"$ref": "#/servers/kafka"}],
            "messages": {"entry": {"$ref": "#/components/messages/entry"}},
            "bindings": entries,
        },
        "restrictedEntries": {
            "address": "trajectory.entries.restricted",
            "title": "Restricted entries of the ledger",
            "description": "Signals of discrimination: "
            + ", ".join(d.name for d in declared if d.restricted)
            + ". Readable by the role that handles them, and by nobody else.",
            "servers": [{"$ref": "#/servers/kafka"}],
            "messages": {"entry": {"$ref": "#/components/messages/entry"}},
            "bindings": restricted,
        },
        "events": {
            "address": "/api/events",
            "title": "Publishing over HTTP",
            "servers": [{"$ref": "#/servers/http"}],
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in ("event", "eventBatch")},
        },
        "answers": {
            "address": None,
            "title": "The answer to a publication over HTTP",
            "servers": [{"$ref": "#/servers/http"}],
            "messages": {"publishAnswer": {"$ref": "#/components/messages/publishAnswer"}},
        },
    }


def _operations() -> JsonObject:
    dry_run: JsonObject = {
        "type": "object",
        "properties": {"dry_run": {"type": "boolean", "description": "Decide and answer, and write nothing"}},
        "additionalProperties": False,
    }
    return {
        "takeSubmission": {
            "action": "receive",
            "title": "Take a submission",
            "channel": {"$ref": "#/channels/submissions"},
            "reply": {"channel": {"$ref": "#/channels/verdicts"}},
        },
        "giveVerdict": {"action": "send", "title": "Give a verdict", "channel": {"$ref": "#/channels/verdicts"}},
        "relayEntry": {"action": "send", "title": "Relay an entry", "channel": {"$ref": "#/channels/entries"}},
        "relayRestrictedEntry": {
            "action": "send",
            "title": "Relay a restricted entry",
            "channel": {"$ref": "#/channels/restrictedEntries"},
        },
        "publishEvents": {
            "action": "receive",
            "title": "Publish one event or a batch",
            "channel": {"$ref": "#/channels/events"},
            "bindings": {"http": {"method": "POST", "query": dry_run, "bindingVersion": "0.3.0"}},
            "reply": {"channel": {"$ref": "#/channels/answers"}},
        },
    }
