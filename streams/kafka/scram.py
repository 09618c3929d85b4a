"""Users of a cluster with SCRAM: made, given another password, taken away. aiokafka does not know this request of the protocol.

The password never leaves this machine: the cluster is told the salted hash of it alone (RFC 5802), as it would keep it.
"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import CompactArray, CompactBytes, CompactString, Int8, Int16, Int32, Schema, TaggedFields

SHA_512 = 2
"""SCRAM-SHA-512, in the numbers of the protocol."""
ITERATIONS = 8_192
"""The cluster takes 4 096 to 16 384."""
SALT_BYTES = 32
MISSING = 91
"""Error code: there is no such user."""
_API_KEY = 51


class _Answer(Response):  # type: ignore[misc]
    API_KEY = _API_KEY
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Asked(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = _API_KEY
    API_VERSION = 0
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        ("deletions", CompactArray(("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields))),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class AlterUser(Request[_Asked]):  # type: ignore[misc]
    """Make a user or give it another password; without a password, take it away."""

    API_KEY: ClassVar[int] = _API_KEY

    def __init__(self, name: str, password: str | None, salt: bytes) -> None:
        self._name = name
        self._salted = None if password is None else salted(password, salt)
        self._salt = salt

    def build(self, request_struct_class: type[_Asked]) -> Any:
        """The request as it is sent."""
        if self._salted is None:
            return request_struct_class([(self._name, SHA_512, {})], [], {})
        return request_struct_class([], [(self._name, SHA_512, ITERATIONS, self._salt, self._salted, {})], {})


def salted(password: str, salt: bytes) -> bytes:
    """What the cluster keeps of a password."""
    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
