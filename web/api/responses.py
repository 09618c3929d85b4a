"""The error answers of routes, as OpenAPI tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar.openapi.datastructures import ResponseSpec

from web.problem import MEDIA_TYPE, Problem

Responses = Mapping[int, ResponseSpec]

_SAID = {
    400: "The request cannot be read as it is: `detail` says where.",
    401: "A token is needed, or the one given is not valid.",
    403: "The token may not do this, or the request comes from another site.",
    404: "There is no such thing here.",
    409: "It conflicts with what exists.",
    413: "Too large: 5 MiB or 1 000 events a request, 64 KiB an event.",
    415: "The content type, charset or encoding is not read.",
    422: "The content is readable, but not usable.",
    429: "The queue is full; nothing was taken in. Try again after `Retry-After` seconds.",
    503: "The database is away; nothing acknowledged is lost. Try again after `Retry-After` seconds.",
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Problem details for these statuses, beside the ones that every route may answer (400, 503)."""
    return {status: problem(status) for status in sorted({400, 503, *statuses})}


def problem(status: int, container: Any = Problem) -> ResponseSpec:
    """One error answer."""
    return ResponseSpec(
        data_container=container,
        generate_examples=False,
        description=_SAID[status],
        media_type=MEDIA_TYPE,
    )


READERS = (401, 403)
"""What routes that need a token may answer besides."""
