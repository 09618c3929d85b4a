"""/docs: the operations of the API on a page of our own, without anybody's network, and the kinds of problems it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from web.page import Answer, Group, Shown, Visit, page
from web.problem import PLACE, ProblemKind

_METHODS = ("get", "post", "put", "patch", "delete")
_ORDER = ("Publishing", "Trajectories", "Figures", "Quality", "Audit", "Contracts", "Operations")


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation, as OpenAPI tells it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: Sequence[Mapping[str, Any]]
    body: Mapping[str, Any] | None
    answers: Mapping[str, Mapping[str, Any]]


class OperationGroup(msgspec.Struct, frozen=True):
    """The operations of one tag."""

    name: str
    description: str
    operations: list[Operation]


@page("/docs", nl="API-documentatie", en="API documentation", template="docs.html", group=Group.REFERENCE, order=20)
async def docs(visit: Visit) -> Answer:
    """Every operation by its tag."""
    document = visit.openapi()
    grouped: dict[str, list[Operation]] = {name: [] for name in _ORDER}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                told = item[method]
                grouped.setdefault((told.get("tags") or ["Other"])[0], []).append(_operation(path, method, told))
    said = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    return Shown(view=[OperationGroup(name, said.get(name, ""), operations) for name, operations in grouped.items() if operations])


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Operation:
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        parameters=told.get("parameters", ()),
        body=told.get("requestBody"),
        answers=told["responses"],
    )


@page(PLACE, nl="Soorten fouten", en="Kinds of problems", template="problems.html")
async def problems(_: Visit) -> Answer:
    """The list that the ``type`` of a problem points to."""
    return Shown(view=sorted(ProblemKind, key=lambda kind: kind.status))
