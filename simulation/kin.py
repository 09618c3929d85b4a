"""The numbers under which a person's events are sent."""

from __future__ import annotations

import msgspec

from ledger.identity import SANDBOX_PSEUDONYM_KEY, pseudonym
from simulation.fact import Fact
from simulation.life import Life


class Kin(msgspec.Struct, frozen=True):
    """The numbers under which a person's events are sent, and when the person was erased."""

    numbers: tuple[str, ...]
    """The surviving number last."""
    erased: int | None
    first_number: str | None = None
    """A BIS number from before the BIS number, and the day until which it was used."""
    first_until: int = 0

    def subject(self, fact: Fact) -> str:
        """The subject under which a fact is sent."""
        return f"insz/{self.first_number}" if self.first_number is not None and fact.day < self.first_until else fact.subject

    @property
    def refs(self) -> tuple[str, ...]:
        """The sandbox pseudonyms of the numbers."""
        return tuple(pseudonym(number, SANDBOX_PSEUDONYM_KEY) for number in self.numbers)


def used_numbers(life: Life) -> tuple[str, ...]:
    """The numbers that appear in a life's facts, the surviving one last."""
    used = {fact.subject for fact in life.facts}
    return tuple(n for n in (life.person.bis, life.person.insz) if n is not None and f"insz/{n}" in used)
