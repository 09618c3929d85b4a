"""What became of the published events: counts, and every refusal, in bounded memory."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import IO

import msgspec

from ledger.verdict import Message, Outcome, Reason

_IN_MEMORY = 8 * 1024 * 1024
"""Bytes of refusals that are kept in memory; beyond it they lie in a temporary file that no other user can read."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict as it comes over HTTP: :class:`ledger.verdict.Verdict`, with codes still as text."""

    outcome: Outcome
    id: str | None = None
    source: str | None = None
    position: int | None = None
    code: str | None = None
    rule: str | None = None
    pointer: str | None = None
    message: Message | None = None
    refusal: int | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """One refusal in the answer of ``ledger publish --json``."""

    id: str | None
    source: str | None
    code: str
    rule: str | None
    pointer: str | None
    message: Message | None
    file: str
    line: int
    refusal: int | None
    """The number under which the ledger keeps it; None in a dry run."""


def named(refused: Refused) -> str:
    """The code with the boundary behind it: ``R08``, ``R14 B19``."""
    return f"{refused.code} {refused.rule}" if refused.rule else refused.code


class Tally:
    """Counts and refusals of one run, as a context: the refusals are gone when it is left."""

    def __init__(self) -> None:
        self.admitted = 0
        self.duplicate = 0
        self.refused = 0
        self.by_code: Counter[str] = Counter()
        self._refusals: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long as the tally

    def __enter__(self) -> Tally:
        return self

    def __exit__(self, *_: object) -> None:
        self._refusals.close()

    @property
    def acknowledged(self) -> int:
        """Events that the ledger answered for, whatever it said."""
        return self.admitted + self.duplicate + self.refused

    def count(self, outcome: Outcome) -> None:
        """One event that was admitted, or is a duplicate."""
        if outcome is Outcome.ADMITTED:
            self.admitted += 1
        else:
            self.duplicate += 1

    def refuse(self, refused: Refused) -> None:
        """One event that was refused."""
        self.refused += 1
        self.by_code[named(refused)] += 1
        self._refusals.write(msgspec.json.encode(refused) + b"\n")

    def refusals(self, limit: int | None = None) -> Iterator[Refused]:
        """The refusals in the order in which they were answered."""
        decoder = msgspec.json.Decoder(Refused)
        for number, line in enumerate(self._lines()):
            if number == limit:
                return
            yield decoder.decode(line)

    def document(self) -> Iterator[bytes]:
        """The answer of ``ledger publish --json``, in pieces."""
        yield b'{"admitted":%d,"duplicate":%d,"refused":%d,"refusals":[' % (self.admitted, self.duplicate, self.refused)
        for number, line in enumerate(self._lines()):
            yield b"," + line[:-1] if number else line[:-1]
        yield b"]}\n"

    def _lines(self) -> Iterator[bytes]:
        self._refusals.seek(0)
        for line in self._refusals:  # noqa: UP028 - "yield from" would close the file with the generator
            yield line
        self._refusals.seek(0, 2)

    def __str__(self) -> str:
        return f"{self.admitted} admitted, {self.duplicate} duplicate, {self.refused} refused"


LOCAL = Reason.R01
"""The code of what cannot even be sent."""
