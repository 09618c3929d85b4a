"""What admission answers: admitted, duplicate or refused, and why (design.md section 1, domain.md 0.4)."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

import msgspec

Position = NewType("Position", int)
"""The place of an entry in the ledger: 1, 2, 3 … without a gap."""

StreamId = NewType("StreamId", str)
"""The key of a stream, e.g. ``persoon/<uuid>`` (domain.md 0.2)."""

PublisherId = NewType("PublisherId", str)
"""The ``source`` of a publisher's system: ``urn:kbo:<10 digits>:<system>``."""


class Reason(StrEnum):
    """The hard rules. An event is refused only for what it proves wrong by itself."""

    R01 = "R01"
    R02 = "R02"
    R03 = "R03"
    R04 = "R04"
    R05 = "R05"
    R06 = "R06"
    R07 = "R07"
    R08 = "R08"
    R09 = "R09"
    R10 = "R10"
    R11 = "R11"
    R12 = "R12"
    R13 = "R13"
    R14 = "R14"
    R15 = "R15"


CHECK_ORDER: tuple[Reason, ...] = tuple(
    Reason(code) for code in ("R04", "R02", "R01", "R06", "R07", "R08", "R14", "R03", "R11", "R15", "R12", "R13", "R09", "R10", "R05")
)
"""The order in which reasons are reported: the first that hits wins (domain.md 0.4)."""

REASON_RANK: dict[Reason, int] = {reason: rank for rank, reason in enumerate(CHECK_ORDER)}


class Message(msgspec.Struct, frozen=True):
    """One sentence in Dutch and in English: what is wrong, where, and how to mend it."""

    nl: str
    en: str


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that a submission breaks, at a JSON pointer (RFC 6901) into the structured event: the empty one is the whole event."""

    reason: Reason
    pointer: str
    message: Message
    rule: str | None = None
    """The boundary rule (B01…B23) behind an R14, else None."""


def violation(reason: Reason, pointer: str, nl: str, en: str) -> Violation:
    """A violation with its sentence in both languages."""
    return Violation(reason=reason, pointer=pointer, message=Message(nl=nl, en=en))


def first(violations: list[Violation]) -> Violation:
    """The violation to report: lowest in check order, then lowest rule id, then first found."""
    return min(violations, key=lambda v: (REASON_RANK[v.reason], v.rule or ""))


class Outcome(StrEnum):
    ADMITTED = "admitted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Verdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one submission."""

    outcome: Outcome
    id: str | None
    source: str | None
    position: Position | None = None
    """Where it stands (admitted) or first stood (duplicate)."""
    code: Reason | None = None
    rule: str | None = None
    pointer: str | None = None
    message: Message | None = None
    refusal: int | None = None
    """The number under which a refused submission is kept."""
