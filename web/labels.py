"""Names for people of the things that pages show: event types, roles, regions, sources, streams, payload fields and values."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

import msgspec

from ledger.catalogue import Payload, StreamKind, catalogue
from ledger.code import Code
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState, Party
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.geography import municipality
from ledger.labels import field_label
from web import wording
from web.language import Language

_CODES: dict[str, type[Code]] = {"role": Role, "region": Region, "clock": ClockId, "state": ClockState, "party": Party}
_STREAMS = {
    StreamKind.PERSON: ("persoon", "person"),
    StreamKind.EMPLOYER: ("werkgever", "employer"),
    StreamKind.EDITION: ("editie", "edition"),
    StreamKind.OFFER: ("aanbod", "offer"),
    StreamKind.POLICY: ("beleid", "policy"),
    StreamKind.PUBLISHER: ("bron", "publisher"),
    StreamKind.SIGNAL: ("signaal", "signal"),
}


def type_label(name: str, language: Language) -> str:
    """The label of an event type, by short name; the name itself when the catalogue does not have it."""
    declared = catalogue().newest.get(name)
    return name if declared is None else language.say(declared.nl, declared.en)


def code_label(kind: str, value: str | None, language: Language) -> str:
    """The label of a role, region, clock, clock state or party; the value itself when its list does not have it."""
    if value is None:
        return wording.NOTHING
    if kind == "region" and value == "unknown":
        return language.say("Onbekend of niet over een persoon", "Unknown, or not about a person")
    try:
        return _CODES[kind](value).label(language.value)
    except ValueError:
        return value


def region_label(value: str, language: Language) -> str:
    """The label of a region without the words that all of them share."""
    return code_label("region", value, language).removeprefix("Referentieregio ").removeprefix("Reference region ")


def stream_label(stream: str, language: Language) -> str:
    """A stream key with its kind written out."""
    head, _, key = stream.partition("/")
    try:
        nl, en = _STREAMS[StreamKind(head)]
    except (ValueError, KeyError):
        return stream
    return f"{language.say(nl, en)} {key}"


def source_label(source: str, language: Language = Language.NL) -> str:
    """``1999010048 · kbi`` of ``urn:kbo:1999010048:kbi``; a token that sent what names no source of its own, by its name."""
    _, _, rest = source.partition("urn:kbo:")
    if source.startswith("token:"):
        return f"{language.say('zonder geldige bron, met token', 'without a valid source, with token')} {source[6:]}"
    return rest.replace(":", " · ") if rest else source


Told = tuple[str, str]
"""A field and its value, both written out."""


def told(payload: Payload, language: Language) -> list[Told]:
    """The fields of a payload that say something, written out for people."""
    return list(_fields(payload, language, ""))


def _fields(struct: msgspec.Struct, language: Language, above: str) -> Iterator[Told]:
    kinds = _kinds(type(struct))
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if value is None or value == ():
            continue
        label = f"{above}{field_label(name, language.value)}"
        if isinstance(value, msgspec.Struct):
            yield from _fields(value, language, f"{label}: ")
        else:
            yield label, _written(value, kinds.get(name, ""), language)


def _written(value: object, kind: str, language: Language) -> str:
    if isinstance(value, Code):
        return value.label(language.value)
    if isinstance(value, bool):
        return language.say("ja", "yes") if value else language.say("nee", "no")
    if isinstance(value, datetime):
        return wording.moment(value, language)
    if isinstance(value, date):
        return wording.short_day(value, language)
    if isinstance(value, tuple | list):
        return ", ".join(_written(item, kind, language) for item in value) or wording.NOTHING
    if isinstance(value, dict):
        return ", ".join(f"{type_label(str(key), language)}: {item}" for key, item in value.items())
    if isinstance(value, int):
        return _amount(value, kind, language)
    if isinstance(value, bytes | msgspec.Raw):
        return bytes(value).decode(errors="replace")
    if isinstance(value, msgspec.Struct):
        return "; ".join(f"{label}: {text}" for label, text in _fields(value, language, ""))
    text = str(value)
    if kind == "ym":
        return wording.month(text, language)
    if kind == "nis" and (place := municipality(text)) is not None:
        return f"{place.name} ({text})"
    return text


def _amount(value: int, kind: str, language: Language) -> str:
    if kind == "cents":
        return f"€ {wording.number((abs(value) + 50) // 100 * (1 if value >= 0 else -1), language)}"
    if kind == "bp":
        return wording.share(value, 10_000, language)
    if kind == "min":
        return f"{wording.number(value, language)} min"
    if kind == "year":
        return str(value)
    return wording.number(value, language)


@cache
def _kinds(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The kind (``nis``, ``cents`` …) of each field that declares one."""
    hints = typing.get_type_hints(struct, include_extras=True)
    return {name: kind for name, hint in hints.items() if (kind := _kind(hint))}


def _kind(hint: object) -> str:
    if typing.get_origin(hint) is typing.Annotated:
        inner, *extras = typing.get_args(hint)
        for extra in extras:
            if isinstance(extra, msgspec.Meta) and extra.extra and "kind" in extra.extra:
                return str(extra.extra["kind"])
        return _kind(inner)
    if typing.get_origin(hint) in (typing.Union, types.UnionType, tuple):
        return next((kind for arm in typing.get_args(hint) if (kind := _kind(arm))), "")
    return ""
