"""The code lists: complete, labelled, and the sets that stand beside them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from ledger.code import Code, CodeList, code_lists
from ledger.codes.clock import ClockId
from ledger.codes.contract import NEUTRAL_ENDINGS
from ledger.codes.course import GOAL_EVIDENCE, Cefr
from ledger.codes.intake import MEDIATION_TOPICS
from ledger.codes.recognition import (
    PAUSING_STATUSES,
    POSITIVE_OUTCOMES,
    PROCEDURE_AUTHORITIES,
    STRICTLY_POSITIVE_OUTCOMES,
    RecognitionProcedure,
)
from ledger.codes.region import PROVINCES, REFERENCE_REGIONS
from ledger.codes.vdab import MEDIATION_STEPS, STEP_REPORTERS, ActivationStep

LISTS = list(code_lists().values())

# The number of values of each list of domain.md section 3.
SIZES = {
    "3.1": 20, "3.2": 21, "3.3": 20, "3.4": 11, "3.5": 9, "3.6": 9, "3.7": 7, "3.8": 26, "3.9": 21, "3.10": 7,
    "3.11": 6, "3.12": 10, "3.13": 5, "3.14": 5, "3.15": 4, "3.16": 10, "3.17": 3, "3.18": 8, "3.19": 4, "3.20": 5,
    "3.21": 6, "3.22": 5, "3.23": 7, "3.24": 8, "3.25": 9, "3.26": 5, "3.27": 12, "3.28": 7, "3.29": 3, "3.30": 5,
    "3.31": 5, "3.32": 6, "3.33": 15, "3.34": 10, "3.35": 6, "3.36": 6, "3.37": 5, "3.38": 9, "3.39": 11, "3.40": 8,
    "3.41": 3, "3.42": 9, "3.43": 10, "3.44": 7, "3.45": 14, "3.46": 12, "3.47": 6, "3.48": 8, "3.49": 4, "3.50": 4,
    "3.51": 8, "3.52": 7, "3.53": 7, "3.54": 5, "3.55": 9, "3.56": 6, "3.57": 6, "3.58": 10, "3.59": 4, "3.60": 10,
    "3.61": 14, "3.62": 9, "3.63": 7, "3.64": 7,
}  # fmt: skip


def test_each_numbered_list_is_there_once_and_whole() -> None:
    assert {found.number: len(found.values) for found in LISTS if found.number.startswith("3.")} == SIZES
    assert sum(found.number.startswith("3.") for found in LISTS) == 64


@pytest.mark.parametrize("found", LISTS, ids=[found.name for found in LISTS])
def test_every_list_and_value_has_a_dutch_and_an_english_label(found: CodeList) -> None:
    assert found.nl.strip()
    assert found.en.strip()
    for value in found.values:
        assert value.nl.strip() == value.nl != ""
        assert value.en.strip() == value.en != ""


@pytest.mark.parametrize("found", LISTS, ids=[found.name for found in LISTS])
def test_no_two_values_of_a_list_are_labelled_alike(found: CodeList) -> None:
    assert len({value.nl for value in found.values}) == len(found.values)
    assert len({value.en for value in found.values}) == len(found.values)


@pytest.mark.parametrize("found", LISTS, ids=[found.name for found in LISTS])
def test_a_successor_is_a_value_of_the_same_list(found: CodeList) -> None:
    for value in found.values:
        assert value.successor is None or value.successor in set(found.values)


def test_a_retired_code_is_valid_up_to_and_on_its_last_day() -> None:
    class Old(Code):
        GONE = "gone", "weg", "gone", date(2020, 1, 1), date(2024, 12, 31), "next"
        NEXT = "next", "volgend", "next"

    assert [Old.GONE.valid_on(day) for day in (date(2019, 12, 31), date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert Old.GONE.successor == Old.NEXT
    assert (Old.GONE.label("nl"), Old.GONE.label("en")) == ("weg", "gone")


def test_cefr_levels_are_ordered_by_level_not_by_alphabet() -> None:
    levels = [Cefr(value) for value in ("pre_a1", "a1", "a2", "b1", "b2", "c1", "c2")]
    assert sorted(set(levels)) == levels
    for lower, higher in pairwise(levels):
        assert lower < higher
        assert lower <= higher
        assert higher > lower
        assert higher >= lower
        assert not higher < lower
    assert max(levels, default=None) is Cefr.C2
    assert min(levels) is Cefr.PRE_A1
    assert str(Cefr.B1) == "b1"


# V = vdab, A = actiris, O = ocmw, * = mediation (domain.md 3.8).
STEPS = (
    "first_contact VAO, estimation VA*, intake_interview VAO*, competence_profile VA, orientation VA*, agreement_sheet VA*, "
    "vacancy_referral VA*, application VA*, application_training VA*, job_coaching VAO*, sector_bath V*, training_referral VA*, "
    "training_screening V*, language_support VA, ibo V*, bis_internship VA*, work_experience VO*, wijkwerken V*, "
    "partner_guidance VA*, mentoring VA, health_route VAO, gpmi_step O*, art60 O*, category_change VA, deregistered VA, warning VA*"
)


def test_each_step_is_reported_by_those_whose_instrument_it_is() -> None:
    letters = {"vdab": "V", "actiris": "A", "ocmw": "O"}
    found = {
        step.value: "".join(sorted(letters[role] for role in STEP_REPORTERS[step])) + ("*" if step in MEDIATION_STEPS else "")
        for step in ActivationStep
    }
    wanted = {
        name: "".join(sorted(marks.rstrip("*"))) + marks[len(marks.rstrip("*")) :] for name, marks in (s.split() for s in STEPS.split(", "))
    }
    assert found == wanted


def test_the_sets_beside_the_lists() -> None:
    assert {"attest", "declaration_effort", "moved_other_agency", "deceased", "duplicate"} == NEUTRAL_ENDINGS
    assert {"vacancy_matching", "application_followup", "employer_negotiation"} == MEDIATION_TOPICS
    assert {"incomplete", "awaiting_payment", "awaiting_applicant", "awaiting_original", "authenticity_check"} == PAUSING_STATUSES
    assert {"granted_as_requested", "granted_lower", "granted_other"} == STRICTLY_POSITIVE_OUTCOMES
    assert STRICTLY_POSITIVE_OUTCOMES | {"partial"} == POSITIVE_OUTCOMES
    assert "screening" not in GOAL_EVIDENCE
    assert set(PROCEDURE_AUTHORITIES) == set(RecognitionProcedure)
    assert (len(PROVINCES), len(REFERENCE_REGIONS)) == (5, 15)


def test_the_clocks_are_c01_to_c24_and_c08b() -> None:
    assert sorted(ClockId) == sorted([f"C{n:02}" for n in range(1, 25)] + ["C08b"])
