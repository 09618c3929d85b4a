"""domain.md 0.4, word for word: the reason that is reported is the first in the check order, whatever else is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.authority import SANDBOX_CREDENTIAL, Credential
from ledger.codes.roles import Role
from tests.unit.ledger_of_lines import LedgerOfLines
from tests.unit.wire import EXAMINER, ORGS, PERSON, event

UNKNOWN_CODE = {"work_status": "asleep"}
WRONG_INSZ = {"subject": "insz/85073003329"}
WRONG_KBO = {"source": "urn:kbo:1999010049:test"}
ANOTHER = Credential(name="vdab", org=ORGS[Role.VDAB], role=Role.VDAB)
NO_SUCH_TYPE = "be.inburgering.contract.burned.v1"


def signed(data: dict[str, Any] | None = None, **envelope: Any) -> dict[str, Any]:
    return event("contract.signed", data=data, **envelope)


@pytest.mark.parametrize(
    ("made", "credential", "reason"),
    [
        (signed(type=NO_SUCH_TYPE), ANOTHER, "R04"),
        (signed({"remark": "hello"}, type=NO_SUCH_TYPE, grondslag=None), SANDBOX_CREDENTIAL, "R02"),
        (signed({"remark": "hello"}, **WRONG_INSZ), SANDBOX_CREDENTIAL, "R01"),
        (signed(UNKNOWN_CODE, grondslag=None), SANDBOX_CREDENTIAL, "R01"),
        (signed(UNKNOWN_CODE, admittedat="2025-03-03T09:31:00+01:00"), SANDBOX_CREDENTIAL, "R01"),
        (signed(UNKNOWN_CODE, **WRONG_INSZ, **WRONG_KBO), SANDBOX_CREDENTIAL, "R06"),
        (signed(UNKNOWN_CODE, **WRONG_KBO), SANDBOX_CREDENTIAL, "R07"),
        (event("initiative.informed", data={"organiser": "1999010049", "scope": "galactic"}), SANDBOX_CREDENTIAL, "R07"),
        (event("erasure.executed", data={"controllers": ["1999010048", "1999010049"], "ground": "whim"}), SANDBOX_CREDENTIAL, "R07"),
        (event("employer-need.stated", subject="werkgever/199901004", data={"size_class": "huge"}), SANDBOX_CREDENTIAL, "R07"),
        (event("career-orientation.held", data={"topics": ["vacancy_matching", "gossip"]}), SANDBOX_CREDENTIAL, "R08"),
        (event("jobseeker.registered", role=Role.AGENCY), SANDBOX_CREDENTIAL, "R14/B03"),
        (event("training.started", role=Role.PARTNER, subject="editie/" + PERSON[8:]), SANDBOX_CREDENTIAL, "R14/B20"),
        (event("contract.signed", role=Role.NARIC, subject="editie/" + PERSON[8:]), SANDBOX_CREDENTIAL, "R03"),
        (signed({"parts": []}, subject="editie/" + PERSON[8:]), SANDBOX_CREDENTIAL, "R11"),
        (signed({"parts": []}, time="2026-03-03T09:30:00+01:00"), SANDBOX_CREDENTIAL, "R15"),
        (signed(time="2026-03-03T09:30:00+01:00"), SANDBOX_CREDENTIAL, "R09"),
        (signed(time="2009-12-31T23:59:59+01:00"), SANDBOX_CREDENTIAL, "R10"),
    ],
)
def test_the_first_reason_in_the_check_order_is_reported(made: dict[str, Any], credential: Credential, reason: str) -> None:
    assert LedgerOfLines(EXAMINER).refuse(made, credential=credential) == reason


@pytest.mark.parametrize("subject", ["werkgever/199901004", "werkgever/19990100480", "bron/KBI", "werkgever/1999010049", "bron/9999010048"])
def test_a_kbo_number_that_fails_structure_or_check_digits_is_r07_in_the_subject_too(subject: str) -> None:
    name = "feed.reconciled" if subject.startswith("bron") else "employer-need.stated"
    assert LedgerOfLines(EXAMINER).refuse(event(name, subject=subject)) == "R07"


def test_an_erased_person_comes_before_the_time_and_after_the_content() -> None:
    ledger = LedgerOfLines(EXAMINER)
    ledger.tell("erasure.executed", "2025-03-03", requested_on="2025-03-01")
    assert ledger.refuse(signed({"parts": []})) == "R15"
    assert ledger.refuse(signed(time="2030-03-03T09:30:00+01:00")) == "R13"


def test_the_same_content_is_acknowledged_before_any_check_and_other_content_is_refused_last() -> None:
    ledger = LedgerOfLines(EXAMINER)
    first = ledger.admit(signed())
    assert ledger.take(signed()) == first
    assert ledger.take(signed(), credential=ANOTHER) == first
    ledger.tell("erasure.executed", "2025-03-03", requested_on="2025-03-01")
    assert ledger.take(signed()) == first
    assert ledger.refuse(signed({"work_allowed": False})) == "R13"


@pytest.mark.parametrize("state", ["authorised", "suspended", "revoked"])
def test_who_is_a_recognition_authority_is_always_named_x2(state: str) -> None:
    changed = event("publisher-authority.changed", data={"role": "recognition_authority", "state": state, "authority": None})
    assert LedgerOfLines(EXAMINER).refuse(changed) == "R15"
