"""Masking numbers that name a person, wherever a kept original is shown to somebody."""

from __future__ import annotations

import re

_ELEVEN = re.compile(rb"(?<![0-9A-Za-z-])([0-9]{2}[.\- ]?[0-9]{2}[.\- ]?[0-9]{2}[.\- ]?[0-9]{3}[.\- ]?[0-9]{2})(?![0-9A-Za-z])")
_SUBJECT = re.compile(rb'insz(?:/|\\/|\\u002[fF])[^"\\]{0,40}', re.IGNORECASE)
MASK = b"\xe2\x80\xa6"


def masked(raw: bytes) -> bytes:
    """The bytes with everything that looks like an INSZ, and whatever stands after ``insz/``, replaced by an ellipsis."""
    return _ELEVEN.sub(MASK, _SUBJECT.sub(b"insz/" + MASK, raw))
