"""The content modes of ``POST /api/events``: one request body taken apart into structured-mode events, each still raw.

Structured, batched and binary mode follow the CloudEvents 1.0 HTTP binding; NDJSON is one event a line.
An event is not decoded here: admission does that, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from ledger.submission import MAX_EVENT_BYTES
from web.binary import structured_from_binary
from web.problem import ProblemError, ProblemKind

MAX_EVENTS = 1_000
"""Events in one request (design.md section 6)."""

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"
JSON = "application/json"

_one: msgspec.json.Decoder[msgspec.Raw] = msgspec.json.Decoder(msgspec.Raw)
_many: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])
_BOM = b"\xef\xbb\xbf"


class Intake(NamedTuple):
    """The events of one request, in order."""

    events: list[bytes]
    alone: bool
    """Whether the request is one event by its content mode: then its refusal is the answer."""


def content_type(header: str) -> tuple[str, dict[str, str]]:
    """A Content-Type header as media type and parameters, both in lower case."""
    media, *parameters = header.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return media.strip().lower(), {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}


def take_apart(header: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Intake:
    """The events in a request. ``header`` is its Content-Type, ``headers`` are all of them, as ASGI carries them.

    :raises ProblemError: 415 for another content type or charset, 400 where the request as a whole cannot be read (with the
        place), 413 for too many events or a lone event that is too large.
    """
    media, parameters = content_type(header)
    if parameters.get("charset", "utf-8") not in {"utf-8", "utf8", "us-ascii"}:
        raise ProblemError(ProblemKind.MEDIA, "alleen UTF-8 wordt gelezen", "only UTF-8 is read", pointer="Content-Type")
    if media.startswith("application/cloudevents") or media == NDJSON:
        body = body.removeprefix(_BOM)
        if media == STRUCTURED:
            return Intake([_fitting(_lone(body))], True)
        if media == BATCH:
            return Intake(_counted(_batch(body)), False)
        if media == NDJSON:
            return Intake(_counted([line for raw in body.split(b"\n") if (line := raw.strip())]), False)
    elif media == JSON:
        attributes = [(name[3:], value) for name, value in headers if name.startswith(b"ce-")]
        if attributes:
            data = _lone(body.removeprefix(_BOM)) if body else b""
            return Intake([_fitting(structured_from_binary(attributes, data))], True)
    raise ProblemError(
        ProblemKind.MEDIA,
        f"stuur {STRUCTURED} (één event), {BATCH} (een lijst), {NDJSON} (één event per regel), of {JSON} met ce-hoofdingen (binary mode)",
        f"send {STRUCTURED} (one event), {BATCH} (a list), {NDJSON} (one event a line), or {JSON} with ce- headers (binary mode)",
        pointer="Content-Type",
        headers={"Accept-Post": f"{STRUCTURED}, {BATCH}, {NDJSON}, {JSON}"},
    )


def _lone(body: bytes) -> bytes:
    """One JSON value, checked to be exactly one."""
    try:
        _one.decode(body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise bad_json(body, error) from error
    return body


def _batch(body: bytes) -> list[bytes]:
    try:
        return [bytes(raw) for raw in _many.decode(body)]
    except msgspec.ValidationError as error:
        raise ProblemError(
            ProblemKind.BAD_JSON,
            "een batch is een JSON-lijst van events: zet [ en ] rond de events",
            "a batch is a JSON array of events: put [ and ] around the events",
        ) from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise bad_json(body, error) from error


def _counted(events: list[bytes]) -> list[bytes]:
    if len(events) > MAX_EVENTS:
        raise ProblemError(
            ProblemKind.TOO_LARGE,
            f"het verzoek bevat {len(events)} events; hoogstens {MAX_EVENTS} zijn toegelaten: splits het op",
            f"the request holds {len(events)} events; at most {MAX_EVENTS} are allowed: split it",
        )
    return events


def _fitting(event: bytes) -> bytes:
    if len(event) > MAX_EVENT_BYTES:
        raise ProblemError(
            ProblemKind.TOO_LARGE,
            f"het event is {len(event)} bytes; hoogstens {MAX_EVENT_BYTES} is toegelaten",
            f"the event is {len(event)} bytes; at most {MAX_EVENT_BYTES} is allowed",
        )
    return event


def bad_json(body: bytes, error: Exception) -> ProblemError:
    """The 400 for bytes that are no JSON, with line and column where the decoder names the place."""
    said = str(error)
    place = said.rpartition("(byte ")[2].rstrip(")")
    if isinstance(error, RecursionError):
        nl, en = "de JSON is te diep genest", "the JSON is nested too deep"
    elif place.isdigit():
        before = body[: int(place)]
        line, column = before.count(b"\n") + 1, int(place) - (before.rfind(b"\n") + 1) + 1
        nl = f"dit is geen geldige JSON: lees na bij regel {line}, teken {column}"
        en = f"this is not valid JSON: look at line {line}, character {column}"
    else:
        nl, en = f"de JSON houdt te vroeg op, na {len(body)} bytes", f"the JSON ends too soon, after {len(body)} bytes"
    return ProblemError(ProblemKind.BAD_JSON, nl, en)
