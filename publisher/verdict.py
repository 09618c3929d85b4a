"""The ledger's answer to one event."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """What became of an event."""

    ADMITTED = "admitted"
    """It is in the ledger, at ``position``."""
    DUPLICATE = "duplicate"
    """It was in the ledger already, at ``position``: an earlier attempt had arrived."""
    REFUSED = "refused"
    """It is not in the ledger; ``code``, ``pointer`` and ``message`` say why."""


class Message(msgspec.Struct, frozen=True):
    """One sentence in Dutch and in English."""

    nl: str
    en: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one event. Fields that a newer ledger adds are ignored."""

    outcome: Outcome
    id: str | None = None
    source: str | None = None
    position: int | None = None
    """Where the event stands in the ledger; None when it was refused."""
    code: str | None = None
    """Of a refusal: R01 … R15."""
    rule: str | None = None
    """Of a refusal R14: the role boundary, B01 … B23."""
    pointer: str | None = None
    """Of a refusal: where in the event, as a JSON pointer."""
    message: Message | None = None
    """Of a refusal: what is wrong and how to mend it."""
    refusal: int | None = None
    """Of a refusal: the number under which the ledger keeps the event until it is mended."""

    @property
    def stands(self) -> bool:
        """Whether the event is in the ledger, by this attempt or an earlier one."""
        return self.outcome is not Outcome.REFUSED

    def __str__(self) -> str:
        if self.stands:
            return f"event {self.id} {self.outcome.value} at position {self.position}"
        why = " ".join(part for part in (self.code, self.rule) if part)
        return f"event {self.id} refused, {why} at {self.pointer}: {self.message.en if self.message else 'no reason given'}"
