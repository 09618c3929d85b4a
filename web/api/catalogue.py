"""GET /api/catalogue, /schemas/… and /asyncapi.yaml: what may be published, generated from the declarations."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.params import PathParameter

from ledger.asyncapi import asyncapi_document
from ledger.catalogue import EventType, StreamKind, catalogue
from ledger.code import CodeList, code_lists
from ledger.example import example_event
from ledger.schema import json_schema
from ledger.verdict import Message
from web.api.responses import problems
from web.problem import ProblemError, ProblemKind

DOCUMENT = "/docs/openapi.json"


class TypeItem(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an event type."""

    type: str
    name: str
    version: int
    newest: bool
    label: Message
    stream: str
    publishers: list[str]
    natural_key: list[str]
    needs_contract: bool
    after_life: bool
    restricted: bool
    schema: str
    example: msgspec.Raw


class CodeItem(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a code list."""

    value: str
    label: Message
    valid_from: str | None
    valid_to: str | None
    successor: str | None


class ListItem(msgspec.Struct, frozen=True, kw_only=True):
    """A code list."""

    name: str
    number: str
    label: Message
    values: list[CodeItem]


class CatalogueAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every event type and every code list."""

    types: list[TypeItem]
    lists: list[ListItem]


def stream_of(declared: EventType) -> str:
    """The streams that a type stands in, as a subject is written."""
    if declared.stream is StreamKind.ANY:
        return "*"
    return f"{declared.stream.value}/{f'{declared.policy_kind}/' if declared.policy_kind else ''}…"


def _type_item(declared: EventType) -> TypeItem:
    return TypeItem(
        type=declared.full_name,
        name=declared.name,
        version=declared.version,
        newest=catalogue().newest[declared.name] is declared,
        label=Message(declared.nl, declared.en),
        stream=stream_of(declared),
        publishers=sorted(role.value for role in declared.publishers),
        natural_key=list(declared.natural_key),
        needs_contract=declared.needs_contract,
        after_life=declared.after_life,
        restricted=declared.restricted,
        schema=f"/schemas/{declared.full_name}.json",
        example=msgspec.Raw(example_event(declared)),
    )


def _list_item(listed: CodeList) -> ListItem:
    return ListItem(
        name=listed.name,
        number=listed.number,
        label=Message(listed.nl, listed.en),
        values=[
            CodeItem(
                value=code.value,
                label=Message(code.nl, code.en),
                valid_from=code.valid_from.isoformat() if code.valid_from else None,
                valid_to=code.valid_to.isoformat() if code.valid_to else None,
                successor=code.successor,
            )
            for code in listed.values
        ],
    )


@get("/api/catalogue", summary="Event types and code lists", tags=["Contracts"], responses=problems())
async def show_catalogue() -> CatalogueAnswer:
    """What may be published: every event type with its publishers, an example and a link to its schema, and every code list."""
    return CatalogueAnswer(
        types=[_type_item(declared) for declared in catalogue().types.values()],
        lists=[_list_item(listed) for listed in code_lists().values()],
    )


@get(
    "/schemas/{name:str}",
    summary="JSON Schema of an event type",
    tags=["Contracts"],
    media_type="application/schema+json",
    responses=problems(404),
)
async def schema(name: Annotated[str, PathParameter(description="Full or short event type, then .json.")]) -> Response[dict[str, Any]]:
    """The JSON Schema (2020-12) of one event type: the whole event in structured mode. A short type means its newest version."""
    asked = name.removesuffix(".json")
    declared = catalogue().get(asked) or catalogue().newest.get(asked)
    if declared is None:
        raise ProblemError(
            ProblemKind.NOT_FOUND,
            "dit eventtype bestaat niet; de catalogus staat op /api/catalogue",
            "there is no such event type; the catalogue is at /api/catalogue",
        )
    return Response(json_schema(declared), media_type="application/schema+json")  # type: ignore[arg-type]


@get("/asyncapi.yaml", summary="AsyncAPI document", tags=["Contracts"], media_type="application/yaml")
async def asyncapi() -> Response[dict[str, Any]]:
    """The AsyncAPI 3 document: channels, messages and schemas, generated from the catalogue."""
    # Written already; the declared type is what OpenAPI tells.
    return Response(asyncapi_document(), media_type="application/yaml")  # type: ignore[arg-type]


@get(DOCUMENT, include_in_schema=False)
async def openapi_document(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The OpenAPI document of this application."""
    return request.app.openapi_schema.to_schema()


HANDLERS = [openapi_document, show_catalogue, schema, asyncapi]
