"""Milestones: the facts of one person in columns, and how a group of them is declared (evaluation.md 6.2.1).

A group is a frozen Struct with a function that makes it from a subject, declared with :func:`milestones` in a module of
``ledger.milestones``, found by itself. All groups together are one flat row per person: the view ``facts``, and the
``facts`` object of a timeline. Every column is a function of (history, reference, D, N); a column that would change from
day to day is kept as dates or spells instead, so that a row stays as it is until something happens. A column that ripens
on a known day (work twelve months after the contract) is empty until then, and its group names that day (``due``).
"""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

import msgspec

from ledger.catalogue import Payload
from ledger.history import Fact
from ledger.subject import Subject

G = TypeVar("G", bound=msgspec.Struct)
P = TypeVar("P", bound=Payload)


Due = Callable[[Subject], Iterable[date]]


@dataclass(frozen=True, slots=True)
class _Group:
    order: int
    columns: type[msgspec.Struct]
    make: Callable[[Subject], msgspec.Struct]
    due: Due | None


_groups: list[_Group] = []


def milestones(columns: type[G], *, order: int, due: Due | None = None) -> Callable[[Callable[[Subject], G]], Callable[[Subject], G]]:
    """Declare a group of columns; ``order`` places it in the row, ``due`` names the days on which it ripens."""

    def register(make: Callable[[Subject], G]) -> Callable[[Subject], G]:
        _groups.append(_Group(order, columns, make, due))
        _all.cache_clear()
        row_type.cache_clear()
        return make

    return register


@cache
def _all() -> tuple[_Group, ...]:
    import ledger.milestones

    for module in pkgutil.iter_modules(ledger.milestones.__path__):
        importlib.import_module(f"ledger.milestones.{module.name}")
    return tuple(sorted(_groups, key=lambda group: (group.order, group.columns.__name__)))


@cache
def row_type() -> type[msgspec.Struct]:
    """The flat row of all groups. ``ValueError`` when two groups name one column."""
    fields: dict[str, object] = {}
    for group in _all():
        for name, hint in typing.get_type_hints(group.columns, include_extras=True).items():
            if name in fields:
                raise ValueError(f"milestone {name} is declared twice, the second time in {group.columns.__name__}")
            fields[name] = hint
    return msgspec.defstruct("Facts", list(fields.items()), frozen=True, gc=False, module=__name__)


def facts_of(subject: Subject) -> msgspec.Struct:
    """All milestones of a person as one flat row, of :func:`row_type`."""
    values: list[object] = []
    for group in _all():
        values += msgspec.structs.astuple(subject.memo(group.make))
    return row_type()(*values)


def facts_answer(subject: Subject) -> dict[str, object]:
    """The same as a JSON-able object, with nested data as raw JSON: the ``facts`` of a timeline."""
    row = subject.memo(facts_of)
    return {
        name: msgspec.Raw(value) if isinstance(value, bytes) else value
        for name, value in zip(row.__struct_fields__, msgspec.structs.astuple(row), strict=True)
    }


def due_days(subject: Subject) -> list[date]:
    """The days on which columns ripen, past ones too."""
    return [day for group in _all() if group.due is not None for day in group.due(subject)]


def earliest(facts: Sequence[Fact[P]]) -> Fact[P] | None:
    """The first of facts in timeline order: earliest local date, of those the lowest id (evaluation.md 6.2)."""
    if not facts:
        return None
    day = facts[0].date
    return min((fact for fact in facts if fact.date == day), key=lambda fact: fact.entry.id)


def as_json(value: object) -> bytes:
    """Nested data of a column as JSON bytes."""
    return msgspec.json.encode(value)
