"""Codes and municipalities that were not valid on the day (F05)."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

import msgspec

from ledger import geography
from ledger.catalogue import Catalogue, Payload, catalogue
from ledger.code import Code
from ledger.finding import EVERY_KIND, Hit, Severity, finding
from ledger.subject import Subject

_NIS_KIND = "nis"


class _Fields(msgspec.Struct, frozen=True):
    """Which fields of a payload class can carry something that is out of date."""

    codes: tuple[str, ...]
    nis: tuple[str, ...]


def _fields(payload: type[Payload]) -> _Fields:
    codes, nis = [], []
    for name, hint in typing.get_type_hints(payload, include_extras=True).items():
        if any(_can_expire(code) for code in _codes(hint)):
            codes.append(name)
        if any(meta.extra.get("kind") == _NIS_KIND for meta in _metas(hint) if meta.extra):
            nis.append(name)
    return _Fields(tuple(codes), tuple(nis))


@lru_cache(maxsize=2)
def _perishable(types: Catalogue) -> tuple[tuple[type[Payload], _Fields], ...]:
    """The payload classes with a field that can be out of date."""
    found = ((declared.payload, _fields(declared.payload)) for declared in types.newest.values())
    return tuple((payload, fields) for payload, fields in found if fields.codes or fields.nis)


def _codes(hint: object) -> Iterator[type[Code]]:
    if isinstance(hint, type) and issubclass(hint, Code):
        yield hint
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for nested in typing.get_type_hints(hint).values():
            yield from _codes(nested)
    for arm in typing.get_args(hint):
        yield from _codes(arm)


def _metas(hint: object) -> Iterator[msgspec.Meta]:
    if isinstance(hint, msgspec.Meta):
        yield hint
    for arm in typing.get_args(hint):
        yield from _metas(arm)


def _can_expire(codes: type[Code]) -> bool:
    return any(code.valid_from is not None or code.valid_to is not None for code in codes)


@finding(
    "F05",
    Severity.INFO,
    nl="Code niet geldig op die dag",
    en="Retired code",
    mend_nl="De opvolger wordt gebruikt; laat de bron haar codelijst bijwerken.",
    mend_en="The successor is used; have the source update its code list.",
    kinds=EVERY_KIND,
)
def retired_code(subject: Subject) -> Iterable[Hit]:
    history = subject.history
    for payload, fields in _perishable(catalogue()):
        for fact in history.of(payload):
            day = fact.date
            stale = any(not code.valid_on(day) for name in fields.codes for code in _values(getattr(fact.payload, name)))
            if stale or any(_is_retired(getattr(fact.payload, name), day) for name in fields.nis):
                yield Hit(since=day, position=fact.entry.position)


def _is_retired(nis: str | None, day: date) -> bool:
    municipality = None if nis is None else geography.municipality(nis)
    return municipality is not None and not municipality.valid_on(day)


def _values(value: object) -> Iterator[Code]:
    if isinstance(value, Code):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _values(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _values(getattr(value, name))
