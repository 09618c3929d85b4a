"""What OpenAPI cannot learn from a signature: request bodies in several content modes, with an example."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.openapi.spec import Example, OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from web.content import BATCH, JSON, NDJSON, STRUCTURED

EXAMPLE: dict[str, object] = {
    "specversion": "1.0",
    "id": "0190f0c5-3b1e-7c52-9c56-0a4b2f7f1d10",
    "source": "urn:kbo:0400000058:kbi",
    "type": "be.inburgering.contract.signed.v1",
    "subject": "persoon/3f0e6d9a-52a5-8c11-9b5e-1f2a3b4c5d6e",
    "time": "2025-03-03T00:00:00+01:00",
    "timeprecision": "day",
    "recordedat": "2025-03-03T09:30:00+01:00",
    "publisherrole": "agency",
    "sequence": 1,
    "grondslag": "public_task",
    "data": {},
}
"""The envelope of an event; its data is replaced by a valid one when the schema is made."""

_ENVELOPE = Schema(
    title="CloudEvent",
    description="A CloudEvents 1.0 event; its `data` follows the schema of its `type` at /schemas/{type}.json.",
    type=OpenAPIType.OBJECT,
    required=["specversion", "id", "source", "type", "subject", "time", "recordedat", "publisherrole", "sequence", "data"],
    properties={
        "specversion": Schema(type=OpenAPIType.STRING, const="1.0"),
        "id": Schema(
            type=OpenAPIType.STRING, description="UUID of the event, made by the publisher; with `source` it makes publishing idempotent"
        ),
        "source": Schema(type=OpenAPIType.STRING, description="urn:kbo:<10 digits>:<system>"),
        "type": Schema(type=OpenAPIType.STRING, description="be.inburgering.<subject>.<participle>.v<n>"),
        "subject": Schema(type=OpenAPIType.STRING, description="The stream; insz/<11 digits> becomes the person's pseudonym"),
        "time": Schema(type=OpenAPIType.STRING, description="When it happened: RFC 3339 with an offset"),
        "timeprecision": Schema(type=OpenAPIType.STRING, enum=["second", "day"]),
        "recordedat": Schema(type=OpenAPIType.STRING, description="When the source recorded it: RFC 3339 with an offset"),
        "publisherrole": Schema(type=OpenAPIType.STRING, description="Code list Role"),
        "sequence": Schema(description="Gapless number of the event in its source, from 1; an integer or digits"),
        "grondslag": Schema(type=OpenAPIType.STRING, description="Code list LegalBasis; required on persons"),
        "data": Schema(type=OpenAPIType.OBJECT, description="The payload of the type"),
    },
)


def _media(schema: Schema, example: object) -> OpenAPIMediaType:
    return OpenAPIMediaType(schema=schema, examples={"one": Example(value=example)})


@dataclass
class PublishOperation(Operation):
    """POST /api/events in its four content modes."""

    def __post_init__(self) -> None:
        """Tell the request body."""
        self.request_body = RequestBody(
            required=True,
            description="One CloudEvent, a list of them, one a line, or the data alone with its attributes in `ce-` headers.",
            content={
                STRUCTURED: _media(_ENVELOPE, EXAMPLE),
                BATCH: _media(Schema(type=OpenAPIType.ARRAY, items=_ENVELOPE, max_items=1000), [EXAMPLE]),
                NDJSON: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, description="One event a line")),
                JSON: OpenAPIMediaType(
                    schema=Schema(type=OpenAPIType.OBJECT, description="Binary mode: the data; ce-id, ce-source … are headers")
                ),
            },
        )


@dataclass
class ResubmitOperation(Operation):
    """A resubmission: the mended event, or nothing for the original again."""

    def __post_init__(self) -> None:
        """Tell the request body."""
        self.request_body = RequestBody(
            required=False,
            description="The mended event in structured mode; without a body the original is submitted again.",
            content={STRUCTURED: _media(_ENVELOPE, EXAMPLE)},
        )


@dataclass
class PseudonymOperation(Operation):
    """A list of numbers."""

    def __post_init__(self) -> None:
        """Tell the request body."""
        self.request_body = RequestBody(
            required=True,
            description="At most 1 000 numbers of 11 digits. They are not stored and not logged.",
            content={
                JSON: _media(
                    Schema(
                        type=OpenAPIType.OBJECT,
                        required=["insz"],
                        properties={"insz": Schema(type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.STRING), max_items=1000)},
                        additional_properties=False,
                    ),
                    {"insz": ["85073003328"]},
                )
            },
        )
