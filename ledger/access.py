"""Reading is an event too: who opened whose data, for what, and the chain of hashes that a record of it is part of.

A record is never changed or deleted. Each carries the hash of itself and the one before it, so that one that was
changed, taken out or put in between shows. The chain is SHA-256 over the canonical bytes of the records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from ledger.code import Code
from ledger.codes.identity import Purpose
from ledger.verdict import Message


class ReadKind(StrEnum):
    """What was opened."""

    TRAJECTORY = "trajectory"
    """One person's timeline, clocks, findings and facts."""
    DOSSIER = "dossier"
    """The dossier that a person has a right to (GDPR article 15)."""
    BUNDLE = "bundle"
    """Entries with their data and proofs, to be checked elsewhere."""
    ENTRIES = "entries"
    """A page of the log with its data opened."""
    REFUSAL = "refusal"
    """The original of a refused event."""
    EXACT_FIGURES = "exact_figures"
    """Figures without the protection of small numbers."""
    EXPORT = "export"
    """Rows of persons, written to files."""


class ReadPurpose(Code):
    """Why data of a person is opened: the purposes of domain.md 3.21, and those of keeping the register itself [A]."""

    REFERRAL = Purpose.REFERRAL.value, Purpose.REFERRAL.nl, Purpose.REFERRAL.en
    WORK_PERSPECTIVE = Purpose.WORK_PERSPECTIVE.value, Purpose.WORK_PERSPECTIVE.nl, Purpose.WORK_PERSPECTIVE.en
    FEEDBACK = Purpose.FEEDBACK.value, Purpose.FEEDBACK.nl, Purpose.FEEDBACK.en
    RECOGNITION = Purpose.RECOGNITION.value, Purpose.RECOGNITION.nl, Purpose.RECOGNITION.en
    EVALUATION = Purpose.EVALUATION.value, Purpose.EVALUATION.nl, Purpose.EVALUATION.en
    MENTORING = Purpose.MENTORING.value, Purpose.MENTORING.nl, Purpose.MENTORING.en
    ACCESS_REQUEST = "access_request", "Vraag van de persoon zelf", "Request of the person"
    AUDIT = "audit", "Toezicht", "Oversight"
    MENDING = "mending", "Een fout in het register herstellen", "Mending a fault in the register"


SANDBOX_PURPOSE = ReadPurpose.EVALUATION
"""What reading is for in a sandbox, unless said otherwise: nobody in it is real, and looking around must not be a hurdle."""


class Channel(StrEnum):
    """The way it was asked."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"


class ReadOutcome(StrEnum):
    """Whether it was shown."""

    GRANTED = "granted"
    REFUSED = "refused"


class WhyRefused(StrEnum):
    """Why it was not shown."""

    ANONYMOUS = "no_token"
    NO_RIGHT = "no_right"
    NO_PURPOSE = "no_purpose"


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody opens, or tries to open, data of a person."""

    kind: ReadKind
    channel: Channel
    reader: str
    """The name of the credential; ``operator`` for the token of the data folder, ``visitor`` without one, ``user:…`` for a command."""
    right: str | None
    """What the credential may do; None without one."""
    purpose: ReadPurpose | None
    """None only when it was refused for want of one."""
    stream: str | None
    """The person's stream; None when it is not about one person."""
    asked: str = ""
    """The question: as-of date, positions, figure. It never holds what names a person."""
    outcome: ReadOutcome = ReadOutcome.GRANTED
    why: WhyRefused | None = None


class ReadRecord(Read, frozen=True, kw_only=True):
    """A read as it stands in the log."""

    number: int
    """1, 2, 3 … without a gap."""
    read_at: datetime
    """By the system's clock, never decreasing."""
    position: int
    """Where the ledger stood."""
    times: int
    """How many reads it stands for: refused ones without a token that come fast are counted together."""
    hash: bytes
    """Of this record and the one before it."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GENESIS = bytes(32)
"""What the first record is chained to."""


def chained(previous: bytes, record: ReadRecord) -> bytes:
    """The hash of a record after ``previous``, whatever ``record.hash`` says."""
    said = [
        record.number,
        (record.read_at - _EPOCH) // timedelta(microseconds=1),
        record.position,
        record.kind.value,
        record.channel.value,
        record.reader,
        record.right,
        record.purpose.value if record.purpose else None,
        record.stream,
        record.asked,
        record.outcome.value,
        record.why.value if record.why else None,
        record.times,
    ]
    return hashlib.sha256(previous + msgspec.json.encode(said)).digest()


class ChainFault(msgspec.Struct, frozen=True):
    """The first record that is not what the chain says."""

    number: int
    message: Message


class ChainCheck:
    """Checks records in order, page by page."""

    def __init__(self) -> None:
        self.number = 0
        self.hash = GENESIS

    def take(self, records: Iterable[ReadRecord]) -> ChainFault | None:
        """The first fault among these, or None."""
        for record in records:
            if record.number != self.number + 1:
                return ChainFault(
                    self.number + 1,
                    Message(
                        f"leesregistratie {self.number + 1} ontbreekt: er volgt {record.number}",
                        f"read {self.number + 1} is missing: {record.number} follows",
                    ),
                )
            if chained(self.hash, record) != record.hash:
                return ChainFault(
                    record.number,
                    Message(
                        f"leesregistratie {record.number} is niet wat er geschreven werd, of die ervoor niet",
                        f"read {record.number} is not what was written, or the one before it is not",
                    ),
                )
            self.number, self.hash = record.number, record.hash
        return None
