"""Records of a submission topic as structured-mode events: what the examiner reads.

A record is a CloudEvent in structured mode (the value is the whole event), or in binary mode (attributes in ``ce_`` headers,
data in the value), as the Kafka binding of CloudEvents 1.0 says. Whatever it is, something comes out that the examiner can
judge: what cannot be a good event becomes one that it refuses as R01, with a pointer at what is wrong.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import msgspec

from streams.kafka.clients import Header

PREFIX = "ce_"
_json: msgspec.json.Decoder[msgspec.Raw] = msgspec.json.Decoder(msgspec.Raw)
_encode = msgspec.json.Encoder().encode

_TOLD_BY_VALUE = frozenset({"data", "data_base64", "datacontenttype"})
Told = str | list[str] | dict[str, str]


def structured(value: bytes | None, headers: Sequence[Header]) -> bytes:
    """The event in structured mode."""
    attributes = [(name[3:], content) for name, content in headers if name.startswith(PREFIX)]
    if not attributes:
        return value or b""
    told: dict[str, Told] = {}
    for attribute, content in attributes:
        # The value tells these; as attributes they are unknown ones, which the examiner points at.
        name = PREFIX + attribute if attribute in _TOLD_BY_VALUE else attribute
        text = _text(content)
        known = told.get(name)
        # An attribute that stands there twice, or that is no text, has no single value: the examiner points at it.
        told[name] = text if known is None else [*(known if isinstance(known, list) else [str(known)]), str(text)]
    told["datacontenttype"] = "application/json"
    if not value or not _is_one_value(value):
        if value:
            told["data_base64"] = base64.b64encode(value).decode()
        return _encode(told)
    return _encode(told)[:-1] + b',"data":' + value + b"}"


def _text(content: bytes | None) -> Told:
    try:
        return (content or b"").decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content or b"").decode()}


def _is_one_value(value: bytes) -> bool:
    try:
        _json.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True
