"""JSON Schemas: valid, and of one mind with the decoder."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from ledger.catalogue import EventType, StreamKind, catalogue
from ledger.code import code_lists
from ledger.codes.roles import Role
from ledger.example import example_document, example_event, example_payload
from ledger.labels import FIELD_LABELS, field_label
from ledger.schema import json_schema
from tests.unit.samples import GOLDEN, context

TYPES = list(catalogue().types.values())
each_type = pytest.mark.parametrize("declared", TYPES, ids=[t.full_name for t in TYPES])


@cache
def schema(declared: EventType) -> dict[str, Any]:
    return msgspec.json.decode(json_schema(declared), type=dict[str, Any])


@cache
def validator(declared: EventType) -> Draft202012Validator:
    return Draft202012Validator(schema(declared), format_checker=Draft202012Validator.FORMAT_CHECKER)


def event(declared: EventType, **attributes: Any) -> dict[str, Any]:
    return msgspec.json.decode(example_event(declared), type=dict[str, Any]) | attributes


def golden(declared: EventType) -> dict[str, Any]:
    return msgspec.json.decode((GOLDEN / declared.name / f"v{declared.version}.json").read_bytes(), type=dict[str, Any])


@each_type
def test_a_schema_is_valid_json_schema_and_names_itself(declared: EventType) -> None:
    Draft202012Validator.check_schema(schema(declared))
    assert schema(declared)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(declared)["$id"] == f"/schemas/{declared.full_name}.json"
    assert schema(declared)["x-title"] == {"nl": declared.nl, "en": declared.en}


@each_type
def test_the_golden_document_fits_its_schema(declared: EventType) -> None:
    assert [e.message for e in validator(declared).iter_errors(event(declared, data=golden(declared)))] == []


@each_type
def test_the_example_fits_its_schema_and_contradicts_itself_nowhere(declared: EventType) -> None:
    assert schema(declared)["examples"] == [event(declared)]
    assert [e.message for e in validator(declared).iter_errors(event(declared))] == []
    payload = example_payload(declared)
    role = Role(event(declared)["publisherrole"])
    assert role in declared.publishers
    assert list(payload.check(context(role, subject=event(declared)["subject"]))) == []
    assert declared.decode(example_document(declared)) == payload


@each_type
def test_what_the_envelope_lacks_or_has_too_much_of_does_not_fit(declared: EventType) -> None:
    whole = event(declared)
    for name in schema(declared)["required"]:
        assert not validator(declared).is_valid({k: v for k, v in whole.items() if k != name}), name
    assert not validator(declared).is_valid(whole | {"remark": "vrije tekst"})
    assert not validator(declared).is_valid(whole | {"type": "be.inburgering.unknown.thing.v1"})
    assert not validator(declared).is_valid(whole | {"subject": "ergens/anders"})
    assert ("grondslag" in schema(declared)["required"]) == (declared.stream is StreamKind.PERSON)


@each_type
def test_only_the_roles_of_the_row_fit(declared: EventType) -> None:
    fitting = {role for role in Role if validator(declared).is_valid(event(declared, publisherrole=role.value))}
    assert fitting == declared.publishers


ODD: list[Any] = [
    None, True, False, 0, 1, -1, 7, 2025, 10**17, 1.5, "", "x", "care", "nl", "b1", "P60D", "12025", "1999010048", "2025-02", "2025-03-10",
    "2025-02-30", "2025-03-10T09:30:00+01:00", "01957f6e-c839-7d14-9022-22672975b717", "een zin", [], ["x"], ["care"], {}, {"x": 1},
]  # fmt: skip


def fits(declared: EventType, data: Any) -> bool:
    try:
        declared.decode(msgspec.json.encode(data))
    except msgspec.ValidationError:
        return False
    return True


@each_type
def test_schema_and_decoder_agree_on_every_field(declared: EventType) -> None:
    whole = golden(declared)
    data = Draft202012Validator(
        schema(declared)["properties"]["data"] | {"$defs": schema(declared)["$defs"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    for name in (*msgspec.structs.fields(declared.payload), None):
        field = name.encode_name if name else "remark"
        for odd in ODD:
            changed = whole | {field: odd}
            assert data.is_valid(changed) == fits(declared, changed), (field, odd)
        without = {k: v for k, v in whole.items() if k != field}
        assert data.is_valid(without) == fits(declared, without), field


def test_a_code_list_in_a_schema_carries_its_labels() -> None:
    sector = schema(catalogue().newest["perspective.recorded"])["$defs"]["Sector"]
    assert sector["title"] == code_lists()["Sector"].nl
    assert sector["x-labels"]["care"] == {"nl": "Zorg en welzijn", "en": "Care and welfare"}
    assert sector["enum"] == list(sector["x-labels"])


def test_every_field_of_every_type_has_a_label_in_both_languages() -> None:
    for declared in TYPES:
        for definition in schema(declared)["$defs"].values():
            for name, field in definition.get("properties", {}).items():
                assert field["x-title"] == {"nl": field_label(name, "nl"), "en": field_label(name, "en")}, (declared.name, name)
    assert field_label("travel_time", "nl") == "travel time"


def test_no_label_is_left_over() -> None:
    used = {name for declared in TYPES for d in schema(declared)["$defs"].values() for name in d.get("properties", {})}
    assert set(FIELD_LABELS) == used
