"""Marks of what a figure stands on: same marks and same position, same figure to the last byte (evaluation.md 6.1.5)."""

from __future__ import annotations

import hashlib
from functools import cache

import msgspec

from ledger.indicator import Indicator
from ledger.parameters import DEFAULT_NORMS, PARAMETERS

_DIGITS = 12


def definition_mark(declared: Indicator) -> str:
    """The first digits of a hash over everything that a definition says."""
    said = (
        declared.id,
        declared.version,
        *(f"{text.nl}|{text.en}" for text in (declared.title, declared.definition, declared.numerator, declared.denominator)),
        declared.method.value,
        declared.unit.name,
        declared.base.name,
        declared.horizon,
        declared.dimensions,
        declared.control,
        declared.restricted,
        declared.mix,
        declared.between,
    )
    return _mark(msgspec.json.encode(said))


@cache
def parameters_mark() -> str:
    """The first digits of a hash over every assumption and default norm."""
    norms = {clock.value: (norm.period, norm.kind.value, norm.source.value) for clock, norm in sorted(DEFAULT_NORMS.items())}
    return _mark(msgspec.json.encode((PARAMETERS, norms)))


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]
