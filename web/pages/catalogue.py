"""Catalogus: the event types with fields, publishers and an example, and the code lists."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from ledger.catalogue import EventType, catalogue
from ledger.code import CodeList, code_lists
from ledger.codes.roles import Role
from ledger.diagnosis import described
from ledger.example import example_event
from ledger.labels import field_label
from web.api.catalogue import stream_of
from web.labels import code_label
from web.language import Language
from web.page import Answer, Group, Shown, Visit, page
from web.problem import missing

PATH = "/catalogus"


class TypeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event type in the list."""

    declared: EventType
    label: str
    publishers: str


class StreamGroup(msgspec.Struct, frozen=True):
    """The event types of one kind of stream."""

    stream: str
    label: str
    rows: list[TypeRow]


class FieldRow(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a payload."""

    name: str
    label: str
    kind: str
    lists: tuple[str, ...]
    """Code lists that it takes its values from."""
    required: bool


class CatalogueView(msgspec.Struct, frozen=True):
    """What the list shows."""

    groups: list[StreamGroup]
    lists: list[tuple[CodeList, str]]


class TypeView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of one type shows."""

    declared: EventType
    label: str
    stream: str
    publishers: list[tuple[str, str]]
    natural_key: str
    fields: list[FieldRow]
    example: str


class ListView(msgspec.Struct, frozen=True):
    """What the page of one code list shows."""

    listed: CodeList
    label: str
    used_by: list[tuple[str, str]]


_GROUPS = {
    "persoon": ("Over een persoon", "About a person"),
    "editie": ("Over een editie", "About an edition"),
    "aanbod": ("Over het aanbod", "About the offer"),
    "beleid": ("Over het beleid", "About policy"),
    "bron": ("Over een bron", "About a publisher"),
    "werkgever": ("Over een werkgever", "About an employer"),
    "signaal": ("Over een signaal van discriminatie (beperkt)", "About a discrimination signal (restricted)"),
    "*": ("Over een eerdere gebeurtenis", "About an earlier event"),
}


@page(PATH, nl="Catalogus", en="Catalogue", template="catalogue.html", group=Group.REFERENCE, order=10)
async def types(visit: Visit) -> Answer:
    """Every event type by kind of stream, and every code list."""
    grouped: dict[str, list[TypeRow]] = {}
    for declared in catalogue().types.values():
        grouped.setdefault(declared.stream.value, []).append(_type_row(declared, visit.language))
    groups = [StreamGroup(stream, visit.say(*_GROUPS[stream]), rows) for stream, rows in grouped.items()]
    lists = [(listed, visit.say(listed.nl, listed.en)) for listed in code_lists().values()]
    return Shown(view=CatalogueView(groups, sorted(lists, key=lambda pair: pair[1].casefold())))


@page(f"{PATH}/{{name}}", nl="Eventtype", en="Event type", template="type.html")
async def one_type(visit: Visit) -> Answer:
    """One event type; a short name means its newest version."""
    name = visit.path["name"]
    declared = catalogue().get(name) or catalogue().newest.get(name)
    if declared is None:
        raise missing("dat eventtype bestaat niet: zie de catalogus", "there is no such event type: see the catalogue")
    view = TypeView(
        declared=declared,
        label=visit.say(declared.nl, declared.en),
        stream=stream_of(declared),
        publishers=[(role.value, role.label(visit.language.value)) for role in sorted(declared.publishers)],
        natural_key=", ".join(declared.natural_key),
        fields=list(_fields(declared, visit.language)),
        example=msgspec.json.format(example_event(declared), indent=2).decode(),
    )
    return Shown(view=view, title=view.label)


@page(f"{PATH}/lijst/{{name}}", nl="Codelijst", en="Code list", template="list.html")
async def one_list(visit: Visit) -> Answer:
    """One code list, with the types that use it."""
    listed = code_lists().get(visit.path["name"])
    if listed is None:
        raise missing("die codelijst bestaat niet: zie de catalogus", "there is no such code list: see the catalogue")
    used = [
        (declared.name, visit.say(declared.nl, declared.en))
        for declared in catalogue().newest.values()
        if listed.values in {cls for field in described(declared.payload).fields for cls in _codes(field.type)}
    ]
    view = ListView(listed, visit.say(listed.nl, listed.en), sorted(used, key=lambda pair: pair[1]))
    return Shown(view=view, title=view.label)


def _type_row(declared: EventType, language: Language) -> TypeRow:
    roles = sorted(code_label("role", role.value, language) for role in declared.publishers)
    everybody = len(declared.publishers) == len(Role)
    return TypeRow(
        declared=declared,
        label=language.say(declared.nl, declared.en),
        publishers=language.say("elke bron", "every source") if everybody else ", ".join(roles),
    )


def _fields(declared: EventType, language: Language) -> Iterator[FieldRow]:
    for field in described(declared.payload).fields:
        codes = list(_codes(field.type))
        yield FieldRow(
            name=field.encode_name,
            label=field_label(field.encode_name, language.value),
            kind=_kind(field.type, language),
            lists=tuple(cls.__name__ for cls in codes if cls.__name__ in code_lists()),
            required=field.required,
        )


def _codes(shape: inspect.Type) -> Iterator[type]:
    """The code enums in a declared type."""
    match shape:
        case inspect.EnumType():
            yield shape.cls
        case inspect.Metadata():
            yield from _codes(shape.type)
        case inspect.UnionType():
            for option in shape.types:
                yield from _codes(option)
        case inspect.VarTupleType() | inspect.ListType():
            yield from _codes(shape.item_type)
        case inspect.DictType():
            yield from _codes(shape.key_type)
            yield from _codes(shape.value_type)
        case inspect.StructType():
            for field in shape.fields:
                yield from _codes(field.type)


_KINDS = {
    "uuid": ("UUID", "UUID"),
    "ym": ("jaar en maand", "year and month"),
    "year": ("jaar", "year"),
    "min": ("minuten", "minutes"),
    "cents": ("eurocent", "euro cents"),
    "bp": ("basispunten", "basis points"),
    "nis": ("NIS-code", "NIS code"),
    "kbo": ("KBO-nummer", "KBO number"),
    "language": ("taalcode", "language code"),
    "period": ("periode (ISO 8601)", "period (ISO 8601)"),
    "position": ("positie", "position"),
    "type": ("eventtype", "event type"),
    "source": ("bron", "source"),
    "token": ("kenmerk zonder spaties", "identifier without spaces"),
}


def _kind(shape: inspect.Type, language: Language) -> str:
    match shape:
        case inspect.Metadata():
            kind = str((shape.extra or {}).get("kind", ""))
            return language.say(*_KINDS[kind]) if kind in _KINDS else _kind(shape.type, language)
        case inspect.UnionType():
            return " / ".join(dict.fromkeys(_kind(option, language) for option in shape.types if not isinstance(option, inspect.NoneType)))
        case inspect.VarTupleType() | inspect.ListType():
            return language.say("lijst van ", "list of ") + _kind(shape.item_type, language)
        case inspect.EnumType():
            return language.say("code", "code")
        case inspect.BoolType():
            return language.say("ja of nee", "yes or no")
        case inspect.IntType():
            return language.say("geheel getal", "whole number")
        case inspect.DateType():
            return language.say("datum", "date")
        case inspect.DateTimeType():
            return language.say("datum en tijd", "date and time")
        case inspect.LiteralType():
            return " / ".join(str(value) for value in shape.values)
        case inspect.StructType() | inspect.RawType() | inspect.DictType():
            return language.say("object", "object")
    return language.say("tekst", "text")
