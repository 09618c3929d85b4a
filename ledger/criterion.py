"""A criterion of a decision sheet: its state, and the words that criteria are written in."""

from __future__ import annotations

from enum import Enum

import msgspec

from ledger.verdict import Message

WHOLE = 10_000


class State(Enum):
    """How a criterion stands."""

    PASSED = ("gehaald", "passed")
    FAILED = ("niet gehaald", "not passed")
    OPEN = ("niet te beoordelen", "not assessable")
    NONE = ("niet van toepassing", "does not apply")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)

    @property
    def code(self) -> str:
        """``passed``."""
        return self.name.lower()


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One criterion. ``why`` tells what its state stands on; it holds no small number."""

    id: str
    label: Message
    state: State
    why: Message


class RuleNeeded(Enum):
    """Whether it takes a rule to anchor the pilot: a person answers that."""

    YES = ("ja", "yes")
    NO = ("nee", "no")
    UNKNOWN = ("nog niet beantwoord", "not answered yet")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


Said = tuple[State, tuple[str, str]]
"""A state and why, in Dutch and in English."""


def decimal(value: float) -> tuple[str, str]:
    """A number with one digit, in Dutch and in English."""
    text = f"{value:.1f}".replace("-", "−")
    return text.replace(".", ","), text


def percent(value: float) -> tuple[str, str]:
    """A share."""
    nl, en = decimal(value * 100)
    return f"{nl} %", f"{en}%"


def points(value: float) -> tuple[str, str]:
    """A difference of shares."""
    nl, en = decimal(value * 100)
    return f"{nl} procentpunt", f"{en} percentage points"
