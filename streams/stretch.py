"""Stretches: submissions that come from a log of their own (a Kafka partition), and what the ledger keeps of having read them.

That a stretch was read is written in the transaction that writes what became of it. So a stretch that is read again after a
crash is recognised before anything is decided: it begins where the ledger no longer stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ledger.errors import LedgerError
from ledger.verdict import Verdict

Partition = tuple[str, int]
"""Topic and number."""


class Redelivered(LedgerError):
    """The ledger stands elsewhere in this partition than where the stretch begins: read on from where it stands."""


class Stretch(msgspec.Struct, frozen=True):
    """Consecutive records of one partition, one for each submission of a call."""

    partition: Partition
    start: int | None
    """Where the ledger stood when they were read; None when it never read this partition."""
    ends: Sequence[int]
    """For each record the offset after it. Offsets may leap: not every offset holds a record."""

    def part(self, first: int, count: int) -> Stretch:
        """The records ``first`` … ``first + count - 1``."""
        return Stretch(self.partition, self.ends[first - 1] if first else self.start, self.ends[first : first + count])


class Delivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A verdict with the offset of the record that it is about."""

    offset: int
    verdict: Verdict


class Consumed(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch that was decided."""

    stretch: Stretch
    verdicts: Sequence[Verdict]
    contents: Mapping[int, bytes]
    """Which of the verdicts are refusals, with the content under which each is kept."""

    def deliveries(self, numbers: Mapping[bytes, int]) -> bytes:
        """What is to be told, as it is kept until it was: JSON of a list of :class:`Delivery`. ``numbers`` are those of the refusals."""
        told = []
        for place, (end, verdict) in enumerate(zip(self.stretch.ends, self.verdicts, strict=True)):
            content = self.contents.get(place)
            if content is not None:
                verdict = msgspec.structs.replace(verdict, refusal=numbers.get(content))
            told.append(Delivery(offset=end - 1, verdict=verdict))
        return _encode(told)


_encode = msgspec.json.Encoder().encode
