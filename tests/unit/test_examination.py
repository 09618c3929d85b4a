"""Examination: all that an event proves by itself (domain.md 0.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.authority import Credential
from ledger.catalogue import catalogue
from ledger.codes.roles import Role
from ledger.examination import Examiner
from ledger.identity import pseudonym
from ledger.verdict import first
from tests.unit.wire import EXAMINER, INSZ, event, examine, reasons

NAMES = sorted(catalogue().newest)


@pytest.mark.parametrize("name", NAMES)
def test_a_valid_event_of_every_type_passes(name: str) -> None:
    examined = examine(event(name))
    assert examined.violations == ()
    assert examined.candidate is not None
    assert examined.candidate.declared.name == name


@pytest.mark.parametrize("name", NAMES)
def test_every_type_by_every_role_passes_or_is_denied_with_a_code(name: str) -> None:
    declared = catalogue().newest[name]
    for role in Role:
        found = reasons(event(name, publisherrole=role.value))
        if role in declared.publishers:
            assert "R03" not in found
        else:
            assert "R03" in found


def test_an_insz_becomes_the_pseudonym_and_stays_out_of_sight() -> None:
    examined = examine(event("contract.signed", subject=f"insz/{INSZ}"))
    assert examined.stream == f"persoon/{pseudonym(INSZ, b'key')}"
    assert examined.insz == INSZ
    assert INSZ not in repr(examined)
    assert INSZ not in repr(examined.candidate)


@pytest.mark.parametrize(
    ("changes", "wanted", "pointer"),
    [
        ({"specversion": "0.3"}, "R01", "/specversion"),
        ({"id": "not-a-uuid"}, "R01", "/id"),
        ({"id": None}, "R01", "/id"),
        ({"time": None}, "R01", "/time"),
        ({"time": "2025-03-03T09:30:00"}, "R01", "/time"),
        ({"time": 5}, "R01", "/time"),
        ({"sequence": 0}, "R01", "/sequence"),
        ({"sequence": 1.5}, "R01", "/sequence"),
        ({"sequence": True}, "R01", "/sequence"),
        ({"timeprecision": "hour"}, "R01", "/timeprecision"),
        ({"surprise": "x"}, "R01", "/surprise"),
        ({"grondslag": None}, "R01", "/grondslag"),
        ({"grondslag": "because"}, "R08", "/grondslag"),
        ({"source": "urn:kbo:199901004:test"}, "R01", "/source"),
        ({"source": "urn:kbo:1999010049:test"}, "R07", "/source"),
        ({"type": "be.inburgering.contract.burned.v1"}, "R02", "/type"),
        ({"type": "be.inburgering.contract.signed.v9"}, "R02", "/type"),
        ({"type": 7}, "R01", "/type"),
        ({"subject": "insz/85073003329"}, "R06", "/subject"),
        ({"subject": "insz/8507300332"}, "R06", "/subject"),
        ({"subject": "insz/85133003328"}, "R06", "/subject"),
        ({"subject": "werkgever/1999010048"}, "R11", "/subject"),
        ({"subject": "persoon/me"}, "R11", "/subject"),
        ({"subject": ""}, "R01", "/subject"),
        ({"data": None}, "R01", "/data"),
        ({"data": []}, "R01", "/data"),
        ({"data": "text"}, "R01", "/data"),
        ({"admittedat": "2025-03-03T09:31:00+01:00"}, "R01", "/admittedat"),
        ({"publisherrole": "king"}, "R08", "/publisherrole"),
        ({"datacontenttype": "text/plain"}, "R01", "/datacontenttype"),
    ],
)
def test_a_fault_in_the_envelope_is_named(changes: dict[str, Any], wanted: str, pointer: str) -> None:
    made = event("contract.signed") | changes
    made = {key: value for key, value in made.items() if value is not None}
    reported = first(list(examine(made).violations))
    assert (reported.reason, reported.pointer) == (wanted, pointer)
    assert reported.message.nl
    assert reported.message.en


@pytest.mark.parametrize(
    ("changes", "wanted", "pointer"),
    [
        ({"contract_id": "x"}, "R01", "/data/contract_id"),
        ({"contract_id": "01900000-0000-7000-8000-000000000001\n"}, "R01", "/data/contract_id"),
        ({"work_allowed": "yes"}, "R01", "/data/work_allowed"),
        ({"parts": "mo"}, "R01", "/data/parts"),
        ({"parts": ["mo", "knitting"]}, "R08", "/data/parts/1"),
        ({"parts": []}, "R15", "/data/parts"),
        ({"parts": ["mo", "mo"]}, "R15", "/data/parts"),
        ({"remark": "hello"}, "R01", "/data/remark"),
        ({"a/b~c": 1}, "R01", "/data/a~1b~0c"),
        ({"work_status": "asleep"}, "R08", "/data/work_status"),
    ],
)
def test_a_fault_in_the_data_is_named(changes: dict[str, Any], wanted: str, pointer: str) -> None:
    reported = first(list(examine(event("contract.signed", data=changes)).violations))
    assert (reported.reason, reported.pointer) == (wanted, pointer)


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[1]", b'"text"', b"\xff\xfe", b'{"a":1}', b"[" * 5000, b"{}" * 2, b"NaN"])
def test_what_is_no_event_is_refused_with_a_reason(raw: bytes) -> None:
    examined = examine(raw)
    assert examined.candidate is None
    assert first(list(examined.violations)).reason == "R01"


def test_an_event_over_64_kib_is_refused() -> None:
    assert reasons(b'{"x":"' + b"a" * 65536 + b'"}') == ["R01"]


@pytest.mark.parametrize(
    ("name", "data", "pointer"),
    [
        ("referral.made", {"target_org": "1999015096"}, "/data/target_org"),
        ("referral.made", {"target_org": "19990150"}, "/data/target_org"),
        ("initiative.informed", {"organiser": "2999015095"}, "/data/organiser"),
        ("framework.adopted", {"parties": ["1999015095", "1999015096"]}, "/data/parties/1"),
    ],
)
def test_a_wrong_kbo_number_is_refused_r07(name: str, data: dict[str, Any], pointer: str) -> None:
    reported = first(list(examine(event(name, data=data)).violations))
    assert (reported.reason, reported.pointer) == ("R07", pointer)


def test_an_unknown_municipality_is_refused_r08() -> None:
    reported = first(list(examine(event("person.registered", data={"residence_nis": "99999"})).violations))
    assert (reported.reason, reported.pointer) == ("R08", "/data/residence_nis")


def test_the_subject_must_name_what_the_data_names() -> None:
    made = event("edition.started", subject="editie/01900000-0000-7000-8000-00000000ffff")
    assert reasons(made) == ["R11"]


def test_reasons_are_reported_in_the_order_of_the_domain() -> None:
    made = event("contract.signed", subject="insz/1", data={"parts": ["knitting"], "extra": 1}, publisherrole="vdab")
    credential = Credential(name="x", org="1999012028", role=Role.AGENCY)
    found = examine(made, credential).violations
    assert first(list(found)).reason == "R04"
    assert {v.reason.value for v in found} >= {"R04", "R01", "R06", "R08"}
    assert first([v for v in found if v.reason != "R04"]).reason == "R01"


def test_a_token_speaks_for_its_own_organisation_and_role_only() -> None:
    own = Credential(name="kbi", org="1999010048", role=Role.AGENCY)
    assert reasons(event("contract.signed"), own) == []
    assert reasons(event("contract.signed"), Credential(name="x", org="1999012028", role=Role.AGENCY)) == ["R04"]
    assert reasons(event("contract.signed"), Credential(name="x", org="1999010048", role=Role.EMPLOYER_SUPPORT)) == ["R04"]
    assert reasons(event("contract.signed", publisherrole="king"), own)[-1] == "R04"


def test_admittedat_is_for_a_sandbox_and_does_not_change_the_content() -> None:
    sandbox = Examiner(catalogue=catalogue(), pseudonym_key=b"key", digest_key=b"digest", sandbox=True)
    early = examine(event("contract.signed", admittedat="2025-03-03T10:00:00+01:00"), examiner=sandbox)
    late = examine(event("contract.signed", admittedat="2025-04-03T10:00:00+02:00"), examiner=sandbox)
    assert early.violations == ()
    assert early.admitted_at != late.admitted_at
    assert early.digest == late.digest


def test_the_digest_sees_content_and_not_spelling() -> None:
    made = event("contract.signed")
    plain = EXAMINER.examine(json.dumps(made).encode(), Credential(name="x"))
    spaced = EXAMINER.examine(json.dumps(made, indent=3, sort_keys=True).encode(), Credential(name="x"))
    escaped = EXAMINER.examine(json.dumps(made).replace("jobless", "\\u006aobless").encode(), Credential(name="x"))
    other_zone = EXAMINER.examine(json.dumps(made | {"time": "2025-03-03T08:30:00Z"}).encode(), Credential(name="x"))
    text_sequence = EXAMINER.examine(json.dumps(made | {"sequence": "1"}).encode(), Credential(name="x"))
    assert {e.digest for e in (plain, spaced, escaped, other_zone, text_sequence)} == {plain.digest}
    changed = EXAMINER.examine(json.dumps(event("contract.signed", data={"work_status": "employed"})).encode(), Credential(name="x"))
    assert changed.digest != plain.digest
