"""Code lists: closed vocabularies whose values carry Dutch and English labels and validity in time.

A value is never deleted. Retiring one sets ``valid_to`` (its last valid local date) and, where there is
one, the ``successor`` that a projection uses instead; an event that still carries a retired value is
admitted and flagged F05. A value outside its list is refused R08 (domain.md 0.4 and section 3).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Self, TypeVar


class Code(StrEnum):
    """One value of a code list: ``NAME = "wire value", "Nederlands label", "English label"``."""

    nl: str
    en: str
    valid_from: date | None
    valid_to: date | None
    successor: str | None

    def __new__(
        cls,
        value: str,
        nl: str = "",  # defaults only so that a look-up by value, Sector("it"), type-checks; a test demands labels
        en: str = "",
        valid_from: date | None = None,
        valid_to: date | None = None,
        successor: str | None = None,
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.nl = nl
        member.en = en
        member.valid_from = valid_from
        member.valid_to = valid_to
        member.successor = successor
        return member

    def label(self, lang: str) -> str:
        """The label in ``lang`` (``nl`` or ``en``)."""
        return self.en if lang == "en" else self.nl

    def valid_on(self, day: date) -> bool:
        """Whether the value is valid on a local date; both bounds are inclusive."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


C = TypeVar("C", bound=type[Code])


@dataclass(frozen=True, slots=True)
class CodeList:
    """A registered list: its number in domain.md section 3 (``inline`` for one named in a payload row)."""

    name: str
    number: str
    nl: str
    en: str
    values: type[Code]


_registry: dict[str, CodeList] = {}


def code_list(number: str, nl: str, en: str) -> Callable[[C], C]:
    """Register a :class:`Code` subclass as a code list, under its class name."""

    def register(values: C) -> C:
        name = values.__name__
        if name in _registry:
            raise ValueError(f"code list {name} is declared twice: in {_registry[name].values.__module__} and {values.__module__}")
        _registry[name] = CodeList(name, number, nl, en, values)
        return values

    return register


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every code list by class name; the modules of ``ledger.codes`` are found by themselves."""
    import ledger.codes

    for module in pkgutil.iter_modules(ledger.codes.__path__):
        importlib.import_module(f"ledger.codes.{module.name}")
    return dict(sorted(_registry.items()))
