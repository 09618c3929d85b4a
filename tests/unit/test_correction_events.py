"""Corrections: what their replacement must be, and its canonical form."""

from __future__ import annotations

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.catalogue import canonical, catalogue
from ledger.codes.roles import Role
from ledger.events.correction import NOT_CORRECTABLE, NOT_RETRACTABLE, EventCorrected, Replacement
from ledger.verdict import Reason, Violation
from tests.unit.samples import Json, context, document, payload

NOW = "2025-03-10T09:30:00+00:00"
STREAMS = {
    "persoon": "persoon/01900001-7c3a-7b1e-9d42-000000001eef",
    "werkgever": "werkgever/1999500095",
    "editie": "editie/01900008-7c3a-7b1e-9d42-00000000f778",
    "bron": "bron/1999020045",
}


def stream_of(name: str) -> str:
    """A subject that fits the golden data of a type."""
    declared = catalogue().newest[name]
    kind = f"{declared.policy_kind}/" if declared.policy_kind else ""
    key = declared.decode(msgspec.json.encode(document(name))).stream_key()
    return f"{declared.stream.value}/{kind}{key or STREAMS.get(declared.stream.value, '').partition('/')[2]}"


def corrected(data: Json, time: str = NOW) -> EventCorrected:
    content = document("event.corrected", replacement={"time": time, "data": data})
    return msgspec.json.decode(msgspec.json.encode(content), type=EventCorrected)


def check(data: Json, subject: str, role: Role = Role.AGENCY, time: str = NOW) -> list[Violation]:
    return list(corrected(data, time).check(context(role, subject=subject)))


CORRECTABLE = [name for name in catalogue().newest if name not in NOT_CORRECTABLE]


@pytest.mark.parametrize("name", CORRECTABLE)
def test_the_data_of_every_correctable_type_is_a_replacement(name: str) -> None:
    role = next(r for r in sorted(catalogue().newest[name].publishers) if not list(payload(name).check(context(r))))
    assert check(document(name), stream_of(name), role) == []


def test_what_may_not_be_corrected_or_retracted() -> None:
    assert {"event.corrected", "event.retracted", "erasure.executed", "identity.linked"} == NOT_CORRECTABLE
    assert {"erasure.executed"} == NOT_RETRACTABLE


@pytest.mark.parametrize("name", sorted(NOT_CORRECTABLE))
def test_the_data_of_what_may_not_be_corrected_is_no_replacement(name: str) -> None:
    found = check(document(name), STREAMS["persoon"])
    assert [(v.reason, v.pointer) for v in found] == [(Reason.R15, "/data/replacement/data")]


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        "tekst",
        None,
        7,
        {"contract_id": "01900005-7c3a-7b1e-9d42-000000009aab", "kind": "attest", "remark": "vrije tekst"},
        {"contract_id": "niet-een-id", "kind": "attest"},
        {"kind": "attest"},
        {"contract_id": "01900005-7c3a-7b1e-9d42-000000009aab", "kind": 1.5},
        {"n": 10**400},
    ],
)
def test_a_replacement_that_fits_no_type_is_refused(data: Json) -> None:
    found = check(data, STREAMS["persoon"])
    assert [(v.reason, v.pointer) for v in found] == [(Reason.R15, "/data/replacement/data")]


def test_a_replacement_fits_the_kind_of_its_stream() -> None:
    assert check(document("edition.ended"), STREAMS["editie"], Role.EDITION_ORGANISER) == []
    assert check(document("edition.ended"), STREAMS["persoon"]) != []


def test_a_replacement_may_not_move_to_another_stream() -> None:
    other = document("edition.ended", edition_id="01900009-7c3a-7b1e-9d42-000000011667")
    found = check(other, STREAMS["editie"], Role.EDITION_ORGANISER)
    assert [v.pointer for v in found] == ["/data/replacement/data"]


def test_a_replacement_obeys_the_rules_of_the_only_type_that_it_fits() -> None:
    found = check(document("contract.signed", parts=[]), STREAMS["persoon"])
    assert [(v.reason, v.pointer) for v in found] == [(Reason.R15, "/data/replacement/data/parts")]


def test_the_rules_of_a_replacement_look_at_its_own_time() -> None:
    until = document("contract.suspended", until="2025-03-11")
    assert check(until, STREAMS["persoon"]) == []
    found = check(until, STREAMS["persoon"], time="2025-03-12T10:00:00+01:00")
    assert [v.pointer for v in found] == ["/data/replacement/data/until"]


@pytest.mark.parametrize(
    ("name", "change", "reason", "pointer"),
    [
        ("initiative.informed", {"nis": "62063"}, Reason.R08, "nis"),
        ("initiative.informed", {"organiser": "1999028063"}, Reason.R07, "organiser"),
        ("pilot.opened", {"executors": ["1999010048", "2999010048"]}, Reason.R07, "executors/1"),
    ],
)
def test_numbers_in_a_replacement_are_checked_too(name: str, change: dict[str, Json], reason: Reason, pointer: str) -> None:
    found = check(document(name, **change), stream_of(name), Role.POLICY_OWNER if name == "pilot.opened" else Role.AGENCY)
    assert [(v.reason, v.pointer) for v in found] == [(reason, f"/data/replacement/data/{pointer}")]


def test_the_types_that_a_replacement_may_be_are_told() -> None:
    found = list(corrected(document("contract.resumed")).candidates(STREAMS["persoon"]))
    assert [(declared.name, content) for declared, content in found] == [("contract.resumed", payload("contract.resumed"))]
    assert list(corrected([]).candidates(STREAMS["persoon"])) == []


def test_a_replacement_without_an_offset_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        corrected(document("contract.resumed"), "2025-03-10T09:30:00")


def test_the_order_of_names_and_the_blanks_do_not_matter() -> None:
    head = b'{"target_source":"urn:kbo:1999010048:kbi","target_id":"01900004-7c3a-7b1e-9d42-000000007bbc","reason":"wrong_date",'
    time = b'"time":"2025-03-10T10:30:00+01:00"'
    first = msgspec.json.decode(
        head + b'"replacement":{"data":{"b":[1, {"y":2,"x":"\\u00e9"}],"a":true},' + time + b"}}", type=EventCorrected
    )
    second = msgspec.json.decode(
        head + b'"replacement":{' + time + ',"data" : {"a":true,"b":[1,{"x":"é","y":2}]}}}'.encode(), type=EventCorrected
    )
    assert first == second
    assert canonical(first) == canonical(second)
    assert bytes(first.replacement.data) == '{"a":true,"b":[1,{"x":"é","y":2}]}'.encode()


def test_canonical_bytes_decode_to_the_same_correction() -> None:
    before = corrected(document("recognition.decided"))
    assert msgspec.json.decode(canonical(before), type=EventCorrected) == before


scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), inner)
)


@given(st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), values))
def test_replacement_data_is_canonical_json(data: dict[str, Json]) -> None:
    raw = msgspec.json.encode({"time": NOW, "data": data})
    assert bytes(msgspec.json.decode(raw, type=Replacement).data) == rfc8785.dumps(data)


@given(st.binary(max_size=60))
def test_whatever_stands_there_is_never_an_error(data: bytes) -> None:
    replacement = Replacement(time=msgspec.json.decode(f'"{NOW}"', type=context(Role.AGENCY).time.__class__), data=msgspec.Raw(data))
    event = msgspec.structs.replace(corrected(document("contract.resumed")), replacement=replacement)
    assert all(v.reason is Reason.R15 for v in event.check(context(Role.AGENCY)))
