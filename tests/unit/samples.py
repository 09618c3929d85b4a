"""Sample payloads for tests: the golden document of a type, changed here and there, and a context to check it in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ledger.catalogue import Context, Payload, catalogue
from ledger.codes.roles import Role
from ledger.time import local_date
from ledger.verdict import Violation

GOLDEN = Path(__file__).parents[1] / "golden"

Json = Any
"""Anything that JSON can say; Ellipsis stands for a field left out."""

NOW = datetime(2025, 3, 10, 9, 30, tzinfo=UTC)


def document(name: str, /, **changes: Json) -> dict[str, Json]:
    """The golden data of a type as a JSON object; a change to ``...`` (Ellipsis) leaves the field out."""
    data: dict[str, Json] = msgspec.json.decode((GOLDEN / name / "v1.json").read_bytes())
    data.update(changes)
    return {field: value for field, value in data.items() if value is not ...}


def payload(name: str, /, **changes: Json) -> Payload:
    """The golden data of a type, changed, as a payload."""
    return catalogue().newest[name].decode(msgspec.json.encode(document(name, **changes)))


def context(role: Role, *, time: datetime = NOW, subject: str = "persoon/01900001-7c3a-7b1e-9d42-000000001eef") -> Context:
    """An envelope by an organisation in a role."""
    return Context(
        role=role, source="urn:kbo:1999010048:kbi", publisher="1999010048", subject=subject, time=time, local_date=local_date(time)
    )


def check(name: str, role: Role, /, **changes: Json) -> list[Violation]:
    """What is contradictory in the golden data of a type, changed, published in a role."""
    return list(payload(name, **changes).check(context(role)))
