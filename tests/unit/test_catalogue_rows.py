"""Every event type against an independent transcription of its row in domain.md section 2."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ledger.catalogue import EventType, Payload, StreamKind, catalogue, event, type_of
from ledger.codes.roles import Role
from ledger.natural_key import TOKENS

LINES = [line for line in (Path(__file__).parent / "catalogue_rows.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]

STREAMS = {
    "person": (StreamKind.PERSON, None),
    "edition": (StreamKind.EDITION, None),
    "offer": (StreamKind.OFFER, None),
    "publisher": (StreamKind.PUBLISHER, None),
    "employer": (StreamKind.EMPLOYER, None),
    "signal": (StreamKind.SIGNAL, None),
    "any": (StreamKind.ANY, None),
    **{f"policy/{kind}": (StreamKind.POLICY, kind) for kind in ("pilot", "framework", "norm", "budget", "evaluation", "insight")},
}


class Row(msgspec.Struct, frozen=True):
    number: int
    name: str
    class_name: str
    stream: tuple[StreamKind, str | None]
    mark: str
    publishers: frozenset[Role]
    key: tuple[str, ...]
    fields: dict[str, bool]
    """Field to whether it is required."""


def read(line: str) -> Row:
    head, where, publishers, key, fields = (part.strip() for part in line.split("|"))
    number, name, class_name = head.split()
    stream, mark = where.split()
    roles = frozenset(Role) if publishers == "*" else frozenset(Role(role) for role in publishers.split())
    return Row(
        int(number),
        name,
        class_name,
        STREAMS[stream],
        mark,
        roles,
        () if key == "-" else tuple(key.split()),
        {field.rstrip("?"): not field.endswith("?") for field in fields.split()},
    )


ROWS = [read(line) for line in LINES]


def declared(row: Row) -> EventType:
    return catalogue().newest[row.name]


def test_the_catalogue_is_exactly_the_68_rows() -> None:
    assert [(t.number, t.name) for t in catalogue().newest.values()] == [(row.number, row.name) for row in ROWS]
    assert len(ROWS) == 68


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_type_is_as_its_row_says(row: Row) -> None:
    found = declared(row)
    fields = {field.encode_name: field.required for field in msgspec.structs.fields(found.payload)}
    assert (
        found.number,
        found.payload.__name__,
        (found.stream, found.policy_kind),
        found.needs_contract,
        found.after_life,
        found.publishers,
        found.natural_key,
        fields,
    ) == (row.number, row.class_name, row.stream, row.mark == "contract", row.mark == "after_life", row.publishers, row.key, row.fields)
    assert found.full_name == f"be.inburgering.{row.name}.v1"
    assert type_of(found.payload) is found


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_natural_key_names_fields_that_exist(row: Row) -> None:
    fields = set(declared(row).payload.__struct_fields__)
    assert set(declared(row).natural_key) <= fields | TOKENS


def test_only_the_signals_are_restricted() -> None:
    assert {name for name, found in catalogue().newest.items() if found.restricted} == {
        "discrimination.signalled",
        "discrimination-signal.handled",
    }


def structs(shape: msgspec.inspect.Type) -> list[type[msgspec.Struct]]:
    """Every struct inside a declared type."""
    if isinstance(shape, msgspec.inspect.StructType):
        return [shape.cls, *(inner for field in shape.fields for inner in structs(field.type))]
    if isinstance(shape, msgspec.inspect.Metadata):
        return structs(shape.type)
    if isinstance(shape, msgspec.inspect.UnionType):
        return [inner for option in shape.types for inner in structs(option)]
    if isinstance(shape, msgspec.inspect.VarTupleType):
        return structs(shape.item_type)
    return []


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_payloads_and_what_is_in_them_are_frozen_and_refuse_unknown_fields(row: Row) -> None:
    for struct in structs(msgspec.inspect.type_info(declared(row).payload)):
        config = struct.__struct_config__
        assert config.frozen, struct
        assert config.forbid_unknown_fields, struct
        assert config.omit_defaults or not any(not f.required for f in msgspec.structs.fields(struct)), struct


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_nothing_in_a_payload_is_a_float_or_free_text(row: Row) -> None:
    def leaves(shape: msgspec.inspect.Type) -> list[msgspec.inspect.Type]:
        if isinstance(shape, msgspec.inspect.Metadata):
            return leaves(shape.type)
        if isinstance(shape, msgspec.inspect.StructType):
            return [leaf for field in shape.fields for leaf in leaves(field.type)]
        if isinstance(shape, msgspec.inspect.UnionType):
            return [leaf for option in shape.types for leaf in leaves(option)]
        if isinstance(shape, msgspec.inspect.VarTupleType):
            return leaves(shape.item_type)
        if isinstance(shape, msgspec.inspect.DictType):
            return leaves(shape.key_type) + leaves(shape.value_type)
        return [shape]

    for leaf in leaves(msgspec.inspect.type_info(declared(row).payload)):
        assert not isinstance(leaf, msgspec.inspect.FloatType | msgspec.inspect.AnyType)
        assert not isinstance(leaf, msgspec.inspect.StrType) or leaf.pattern is not None
        assert not isinstance(leaf, msgspec.inspect.DateTimeType) or leaf.tz is True


def test_declaring_a_type_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"contract\.resumed\.v1 is declared twice"):
        event("contract.resumed", 10, stream=StreamKind.PERSON, publishers=[], nl="x", en="x")(Payload)
