"""The slow path of admission: name every fault in a submission, each with a JSON pointer and how to mend it.

Only a submission that the fast decoder refused comes here. The walk follows the same declarations that the
decoder and the JSON Schemas are made from, so the three cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

import msgspec
from msgspec import inspect

from ledger.code import Code
from ledger.verdict import Reason, Violation, violation

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SHOWN = 12
"""How many of a list's values a message names before it stops."""


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")[:80]


@cache
def described(struct: type[msgspec.Struct]) -> inspect.StructType:
    """The declared shape of a struct."""
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    return info


def diagnose(struct: type[msgspec.Struct], value: Json, pointer: str = "") -> list[Violation]:
    """Every way in which a JSON value does not fit a struct: R01 for shape, R07 for KBO form, R08 for unknown codes."""
    return list(_struct(described(struct), value, pointer))


def _struct(shape: inspect.StructType, value: Json, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, dict):
        yield violation(
            Reason.R01, pointer, f"verwacht een object, kreeg {_kind(value, 'nl')}", f"expected an object, got {_kind(value, 'en')}"
        )
        return
    known = {field.encode_name: field for field in shape.fields}
    for name in value:
        if name not in known:
            names = ", ".join(known)
            yield violation(
                Reason.R01,
                f"{pointer}/{_escape(name)}",
                f"onbekende eigenschap; toegelaten zijn: {names}",
                f"unknown property; allowed are: {names}",
            )
    for name, field in known.items():
        if name not in value:
            if field.required:
                yield violation(Reason.R01, f"{pointer}/{name}", "verplichte eigenschap ontbreekt", "a required property is missing")
        else:
            yield from _value(field.type, value[name], f"{pointer}/{name}")


def _value(shape: inspect.Type, value: Json, pointer: str) -> Iterator[Violation]:
    kind = ""
    while isinstance(shape, inspect.Metadata):
        kind = str((shape.extra or {}).get("kind", ""))
        shape = shape.type
    if isinstance(shape, inspect.UnionType):
        yield from _union(shape, value, pointer)
    elif isinstance(shape, inspect.StructType):
        yield from _struct(shape, value, pointer)
    elif isinstance(shape, inspect.EnumType):
        yield from _enum(shape, value, pointer)
    elif isinstance(shape, inspect.LiteralType):
        if value not in shape.values:
            wanted = " / ".join(str(v) for v in shape.values)
            yield violation(Reason.R01, pointer, f"moet {wanted} zijn", f"must be {wanted}")
    elif isinstance(shape, inspect.VarTupleType | inspect.ListType):
        if not isinstance(value, list):
            yield violation(
                Reason.R01, pointer, f"verwacht een lijst, kreeg {_kind(value, 'nl')}", f"expected a list, got {_kind(value, 'en')}"
            )
        else:
            for index, item in enumerate(value):
                yield from _value(shape.item_type, item, f"{pointer}/{index}")
    elif isinstance(shape, inspect.DictType):
        if not isinstance(value, dict):
            yield violation(
                Reason.R01, pointer, f"verwacht een object, kreeg {_kind(value, 'nl')}", f"expected an object, got {_kind(value, 'en')}"
            )
        else:
            for name, item in value.items():
                yield from _value(shape.key_type, name, f"{pointer}/{_escape(name)}")
                yield from _value(shape.value_type, item, f"{pointer}/{_escape(name)}")
    elif isinstance(shape, inspect.IntType):
        yield from _int(shape, value, pointer)
    elif isinstance(shape, inspect.BoolType):
        if not isinstance(value, bool):
            yield violation(Reason.R01, pointer, "moet true of false zijn", "must be true or false")
    elif isinstance(shape, inspect.StrType):
        yield from _str(shape, kind, value, pointer)
    elif isinstance(shape, inspect.DateType):
        if not _is_date(value):
            yield violation(Reason.R01, pointer, "moet een bestaande datum JJJJ-MM-DD zijn", "must be an existing date YYYY-MM-DD")
    elif isinstance(shape, inspect.DateTimeType) and not _is_moment(value):
        yield violation(
            Reason.R01,
            pointer,
            "moet datum en tijd met tijdzone zijn (RFC 3339), bv. 2025-03-01T09:30:00+01:00",
            "must be a date and time with an offset (RFC 3339), e.g. 2025-03-01T09:30:00+01:00",
        )


def _union(shape: inspect.UnionType, value: Json, pointer: str) -> Iterator[Violation]:
    options = [option for option in shape.types if not isinstance(option, inspect.NoneType)]
    if value is None and len(options) < len(shape.types):
        return
    attempts = [list(_value(option, value, pointer)) for option in options]
    if all(attempts):
        yield from attempts[0]


def _enum(shape: inspect.EnumType, value: Json, pointer: str) -> Iterator[Violation]:
    values = [str(member.value) for member in shape.cls]
    if isinstance(value, str) and value in values:
        return
    listed = ", ".join(values[:_SHOWN]) + (f" … ({len(values)})" if len(values) > _SHOWN else "")
    name = shape.cls.__name__
    if isinstance(value, str) and issubclass(shape.cls, Code):
        yield violation(
            Reason.R08,
            pointer,
            f"code staat niet in lijst {name}; toegelaten: {listed}",
            f"the code is not in list {name}; allowed: {listed}",
        )
    else:
        yield violation(Reason.R01, pointer, f"moet één van deze waarden zijn: {listed}", f"must be one of: {listed}")


def _int(shape: inspect.IntType, value: Json, pointer: str) -> Iterator[Violation]:
    if isinstance(value, bool) or not isinstance(value, int):
        if isinstance(value, float):
            yield violation(
                Reason.R01,
                pointer,
                "moet een geheel getal zijn, zonder decimalen (bedragen in cent, duur in minuten, aandelen in basispunten)",
                "must be a whole number without decimals (amounts in cents, durations in minutes, shares in basis points)",
            )
        else:
            yield violation(
                Reason.R01,
                pointer,
                f"verwacht een geheel getal, kreeg {_kind(value, 'nl')}",
                f"expected a whole number, got {_kind(value, 'en')}",
            )
        return
    if (shape.ge is not None and value < shape.ge) or (shape.le is not None and value > shape.le):
        yield violation(Reason.R01, pointer, f"moet tussen {shape.ge} en {shape.le} liggen", f"must lie between {shape.ge} and {shape.le}")


def _str(shape: inspect.StrType, kind: str, value: Json, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, str):
        yield violation(Reason.R01, pointer, f"verwacht tekst, kreeg {_kind(value, 'nl')}", f"expected a string, got {_kind(value, 'en')}")
        return
    fits = shape.pattern is None or re.fullmatch(shape.pattern, value) is not None
    if kind == "kbo" and not (fits and "\n" not in value):
        yield violation(
            Reason.R07,
            pointer,
            "een KBO-nummer bestaat uit precies 10 cijfers, zonder punten",
            "a KBO number is exactly 10 digits, without dots",
        )
    elif not fits or _CONTROL.search(value):
        wanted = _WANTED.get(kind)
        nl, en = wanted if wanted else (f"past niet op het patroon {shape.pattern}", f"does not match the pattern {shape.pattern}")
        yield violation(Reason.R01, pointer, nl, en)
    elif shape.max_length is not None and len(value) > shape.max_length:
        yield violation(Reason.R01, pointer, f"is langer dan {shape.max_length} tekens", f"is longer than {shape.max_length} characters")
    elif shape.min_length is not None and len(value) < shape.min_length:
        yield violation(Reason.R01, pointer, "mag niet leeg zijn", "must not be empty")


_WANTED = {
    "uuid": ("moet een UUID in kleine letters zijn", "must be a UUID in lower case"),
    "ym": ("moet jaar en maand zijn: JJJJ-MM", "must be year and month: YYYY-MM"),
    "nis": ("een NIS-code bestaat uit precies 5 cijfers", "a NIS code is exactly 5 digits"),
    "language": ("moet een taalcode ISO 639-1 zijn (twee kleine letters)", "must be an ISO 639-1 language code (two lower-case letters)"),
    "source": (
        "moet urn:kbo:<10 cijfers>:<systeem> zijn, met een systeem van 2 tot 20 tekens a-z, 0-9 of -",
        "must be urn:kbo:<10 digits>:<system>, with a system of 2 to 20 characters a-z, 0-9 or -",
    ),
    "period": (
        "moet een ISO 8601-periode in één eenheid zijn, bv. P60D of P3M",
        "must be an ISO 8601 period in one unit, e.g. P60D or P3M",
    ),
    "token": (
        "vrije tekst is niet toegelaten: gebruik een code zonder spaties van hoogstens 64 tekens",
        "free text is not allowed: use a code without spaces of at most 64 characters",
    ),
}


def _is_date(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    try:
        msgspec.convert(value, date)
    except msgspec.ValidationError:
        return False
    return len(value) == 10


def _is_moment(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return msgspec.convert(value, datetime).tzinfo is not None
    except msgspec.ValidationError:
        return False


_KINDS = {
    str: ("tekst", "a string"),
    int: ("een getal", "a number"),
    float: ("een kommagetal", "a decimal number"),
    bool: ("true of false", "true or false"),
    type(None): ("null", "null"),
    list: ("een lijst", "a list"),
    dict: ("een object", "an object"),
}


def _kind(value: Json, lang: str) -> str:
    nl, en = _KINDS[type(value)]
    return nl if lang == "nl" else en


def tagged(shape: inspect.Type, kind: str) -> bool:
    """Whether a declared type is, or is a list or option of, a field of this kind (``kbo``, ``nis``)."""
    if isinstance(shape, inspect.Metadata):
        return (shape.extra or {}).get("kind") == kind or tagged(shape.type, kind)
    if isinstance(shape, inspect.UnionType):
        return any(tagged(option, kind) for option in shape.types)
    if isinstance(shape, inspect.VarTupleType):
        return tagged(shape.item_type, kind)
    return False


@cache
def fields_of_kind(struct: type[msgspec.Struct], kind: str) -> tuple[str, ...]:
    """The names of a struct's fields of a kind, scalars and lists alike."""
    return tuple(field.name for field in described(struct).fields if tagged(field.type, kind))
