"""Binary mode of the CloudEvents HTTP binding: attributes in ``ce-`` headers, data in the body.

A header's value is unquoted (RFC 9110 quoted-string) and then percent-decoded once (RFC 3986), as section 3.1.3.2 of
the binding says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from web.problem import ProblemError, ProblemKind

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_QUOTED_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_TAKEN = frozenset({"data", "data_base64", "datacontenttype"})


def attribute(value: bytes) -> str:
    """The value of a ``ce-`` header. ``UnicodeDecodeError`` when its bytes are not UTF-8."""
    if len(value) >= 2 and value.startswith(b'"') and value.endswith(b'"'):
        value = _QUOTED_PAIR.sub(rb"\1", value[1:-1])
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), value).decode()


def structured_from_binary(attributes: Iterable[tuple[bytes, bytes]], data: bytes) -> bytes:
    """The same event in structured mode.

    ``attributes`` are header names without ``ce-`` with their raw values; ``data`` is one JSON value, or empty.

    :raises ProblemError: 400 for a header that is not UTF-8, that stands there twice, or that the body already tells.
    """
    told: dict[str, str] = {}
    for name, value in attributes:
        key = name.decode("latin-1").lower()
        try:
            text = attribute(value)
        except UnicodeDecodeError as error:
            raise _wrong(key, "is geen UTF-8", "is not UTF-8") from error
        if key in told:
            raise _wrong(key, "staat er tweemaal", "stands there twice")
        if key in _TAKEN:
            raise _wrong(
                key,
                "hoort er niet: de inhoud en haar type zijn die van het verzoek zelf",
                "does not belong: the request's own body and type tell it",
            )
        told[key] = text
    told["datacontenttype"] = "application/json"
    head = msgspec.json.encode(told)
    return head[:-1] + b',"data":' + data + b"}" if data else head


def _wrong(name: str, nl: str, en: str) -> ProblemError:
    shown = f"ce-{name}"[:60]
    return ProblemError(ProblemKind.BAD_REQUEST, f"de hoofding {shown} {nl}", f"the header {shown} {en}", pointer=shown)
