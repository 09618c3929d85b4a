"""Natural keys: parts from the payload and from the envelope."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.catalogue import catalogue
from ledger.codes.roles import Role
from ledger.natural_key import natural_key, natural_keys
from tests.unit.samples import Json, document, payload

DAY = date(2025, 3, 10)


def key(name: str, role: Role = Role.VDAB, **changes: Json) -> tuple[str, ...]:
    return natural_key(catalogue().newest[name], payload(name, **changes), local_date=DAY, role=role, org="1999015095")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("person.registered", ()),
        ("intake.completed", ("2025-03-10",)),
        ("jobseeker.registered", ("2025-03-10", "vdab")),
        ("initiative.attended", ("2025-03-10", "mentoring", "1999015095")),
        ("initiative.informed", ("2025-03-10", "mentoring", "1999028062")),
        ("participation.recorded", ("completed", "buddy", "2025-03-10")),
        ("norm.set", ("C01", "2022-03-01")),
        ("publisher-authority.changed", ("1999020045", "recognition_authority")),
        ("feed.reconciled", ("2025-02",)),
    ],
)
def test_a_key_is_made_of_fields_and_envelope(name: str, expected: tuple[str, ...]) -> None:
    assert key(name) == expected


def test_an_absent_part_is_empty_and_a_number_is_its_digits() -> None:
    pilot = str(document("resource.recorded")["pilot_id"])
    assert key("resource.recorded", executor=...) == (pilot, "2025", "allocated_recurrent", "")


def test_each_fact_of_a_profile_is_a_key_of_its_own() -> None:
    declared = catalogue().newest["profile.updated"]
    stated = payload("profile.updated", residence_nis=None, education=None, education_origin=None, dependent_children=0)
    keys = natural_keys(declared, stated, local_date=DAY, role=Role.AGENCY, org="1999010048")
    assert keys == (("2023-05-02", "benefit_status"), ("2023-05-02", "work_status"), ("2023-05-02", "dependent_children"))
    whole = natural_key(declared, stated, local_date=DAY, role=Role.AGENCY, org="1999010048")
    assert whole == ("2023-05-02", "benefit_status+work_status+dependent_children")


@pytest.mark.parametrize("name", list(catalogue().newest))
def test_every_type_has_its_keys(name: str) -> None:
    declared = catalogue().newest[name]
    one = natural_key(declared, payload(name), local_date=DAY, role=Role.AGENCY, org="1999010048")
    every = natural_keys(declared, payload(name), local_date=DAY, role=Role.AGENCY, org="1999010048")
    assert len(one) == len(declared.natural_key)
    assert every == ((one,) if one and name != "profile.updated" else every)
    assert (len(every) == 0) == (not declared.natural_key)
