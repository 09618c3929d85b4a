"""Identity numbers: structure, check digits and pseudonyms (domain.md 1.3).

The INSZ never enters the log. Intake turns it into a pseudonym, a UUID made from a keyed HMAC of the number,
before anything is stored or logged.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from enum import StrEnum
from functools import lru_cache

import msgspec

from ledger.verdict import Message

SANDBOX_PSEUDONYM_KEY = b"sandbox-pseudonym-key-known-to-everyone"
"""The pseudonym key of every sandbox. It protects nothing, and need not: nobody in a sandbox is real."""

_INSZ = re.compile(r"[0-9]{11}\Z")
_KBO = re.compile(r"[01][0-9]{9}\Z")


class InszKind(StrEnum):
    """Which register the number comes from, told by its month."""

    RRN = "rrn"
    BIS_SEX_KNOWN = "bis_sex_known"
    BIS_SEX_UNKNOWN = "bis_sex_unknown"


class Insz(msgspec.Struct, frozen=True):
    """A valid INSZ. ``born_2000`` tells the century that its check digits prove."""

    digits: str
    kind: InszKind
    born_2000: bool

    def __repr__(self) -> str:
        return f"Insz({self.kind})"

    __str__ = __repr__


def check_insz(text: str) -> Insz | Message:
    """The number, or what is wrong with it. The message never repeats the number."""
    if not _INSZ.match(text):
        return Message(
            "een INSZ bestaat uit precies 11 cijfers, zonder punten of streepjes", "an INSZ is exactly 11 digits, without dots or dashes"
        )
    month, day = int(text[2:4]), int(text[4:6])
    if month <= 12:
        kind = InszKind.RRN
    elif 20 <= month <= 32:
        kind = InszKind.BIS_SEX_UNKNOWN
    elif 40 <= month <= 52:
        kind = InszKind.BIS_SEX_KNOWN
    else:
        return Message(
            "de maand van een INSZ ligt in 00–12, 20–32 of 40–52; controleer cijfers 3 en 4",
            "the month of an INSZ is 00–12, 20–32 or 40–52; check digits 3 and 4",
        )
    if day > 31:
        return Message(
            "de dag van een INSZ is hoogstens 31; controleer cijfers 5 en 6", "the day of an INSZ is at most 31; check digits 5 and 6"
        )
    base, check = int(text[:9]), int(text[9:])
    if check == 97 - base % 97:
        return Insz(text, kind, False)
    if check == 97 - (2_000_000_000 + base) % 97:
        return Insz(text, kind, True)
    return Message(
        "de controlecijfers van het INSZ kloppen niet (mod 97); lees het nummer opnieuw af",
        "the check digits of the INSZ are wrong (mod 97); read the number again",
    )


def insz_check_digits(base: str, *, born_2000: bool) -> str:
    """The two check digits of nine base digits."""
    return f"{97 - (int(base) + (2_000_000_000 if born_2000 else 0)) % 97:02d}"


@lru_cache(maxsize=16_384)
def kbo_is_valid(text: str) -> bool:
    """Whether a KBO number has its structure (10 digits, the first 0 or 1) and its check digits (mod 97)."""
    return _KBO.match(text) is not None and int(text[8:]) == 97 - int(text[:8]) % 97


def pseudonym(insz: str, key: bytes) -> str:
    """The person's pseudonym: a UUIDv8 from HMAC-SHA256 of the number. Same number and key, same pseudonym."""
    digest = bytearray(hmac.digest(key, insz.encode(), hashlib.sha256)[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))
