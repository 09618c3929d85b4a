"""Every intra-event rule (R15, column Hard of domain.md section 2): broken, and just not broken."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ledger.catalogue import catalogue
from ledger.codes.recognition import PROCEDURE_AUTHORITIES, RecognitionAuthority
from ledger.codes.roles import Role
from ledger.verdict import Reason
from tests.unit.samples import check, context, document, payload

AGENCY, HNB, VDAB, ACTIRIS, OCMW, NARIC = Role.AGENCY, Role.HNB, Role.VDAB, Role.ACTIRIS, Role.OCMW, Role.NARIC
POLICY, ORGANISER, OPERATOR = Role.POLICY_OWNER, Role.EDITION_ORGANISER, Role.LEDGER_OPERATOR
OUT: Any = ...
"""A field left out."""

# The samples happen on 10 March 2025. Each line: type, role, what breaks the rule, where, what mends it.
RULES: list[tuple[str, Role, dict[str, Any], str, dict[str, Any]]] = [
    ("person.registered", AGENCY, {"birth_year": 1899}, "birth_year", {"birth_year": 1900}),
    ("person.registered", AGENCY, {"birth_year": 2011}, "birth_year", {"birth_year": 2010}),
    ("person.registered", AGENCY, {"obligation_from": OUT}, "obligation_from", {"obligation_from": OUT, "obligation": "entitled"}),
    (
        "profile.updated",
        AGENCY,
        dict.fromkeys(("residence_nis", "benefit_status", "work_status", "education", "education_origin", "dependent_children"), OUT),
        "",
        dict.fromkeys(("residence_nis", "benefit_status", "work_status", "education", "education_origin"), OUT) | {"dependent_children": 0},
    ),
    (
        "profile.updated",
        OCMW,
        dict.fromkeys(("work_status", "education", "education_origin", "dependent_children"), OUT),
        "residence_nis",
        dict.fromkeys(("residence_nis", "work_status", "education", "education_origin", "dependent_children"), OUT),
    ),
    (
        "profile.updated",
        Role.IDENTITY_SERVICE,
        dict.fromkeys(("work_status", "education", "education_origin", "dependent_children"), OUT),
        "benefit_status",
        dict.fromkeys(("benefit_status", "work_status", "education", "education_origin", "dependent_children"), OUT),
    ),
    ("profile.updated", VDAB, {"valid_from": "2025-03-11"}, "valid_from", {"valid_from": "2025-03-10"}),
    (
        "identity.linked",
        Role.IDENTITY_SERVICE,
        {"absorbed_ref": "01900001-7c3a-7b1e-9d42-000000001eef"},
        "absorbed_ref",
        {},
    ),
    ("sharing-basis.recorded", AGENCY, {"valid_to": "2023-01-31"}, "valid_to", {"valid_to": "2023-02-01"}),
    ("sharing-basis.recorded", AGENCY, {"grondslag": "consent"}, "grondslag", {"grondslag": "consent", "recipient_role": "partner"}),
    ("erasure.executed", OPERATOR, {"requested_on": "2025-03-11"}, "requested_on", {"requested_on": "2025-03-10"}),
    ("erasure.executed", OPERATOR, {"keys_destroyed": 0}, "keys_destroyed", {"keys_destroyed": 1}),
    ("contract.signed", AGENCY, {"parts": []}, "parts", {"parts": ["mo"]}),
    ("contract.signed", AGENCY, {"parts": ["mo", "nt2", "mo"]}, "parts", {"parts": ["mo", "nt2"]}),
    ("contract.suspended", AGENCY, {"until": "2025-03-10"}, "until", {"until": "2025-03-11"}),
    ("contract.suspended", AGENCY, {"until": "2025-03-10"}, "until", {"until": OUT}),
    ("intake.completed", AGENCY, {"duration": 4}, "duration", {"duration": 5}),
    ("intake.completed", AGENCY, {"duration": 481}, "duration", {"duration": 480}),
    ("intake.completed", HNB, {"nt2_only": False}, "nt2_only", {"nt2_only": True}),
    ("career-orientation.held", AGENCY, {"topics": []}, "topics", {"topics": ["evc_route"]}),
    (
        "competence-screening.completed",
        AGENCY,
        {"preferred_sectors": ["care", "it", "food", "retail"]},
        "preferred_sectors",
        {"preferred_sectors": ["care", "it", "food"]},
    ),
    (
        "competence-screening.completed",
        AGENCY,
        {"preferred_sectors": ["care", "care"]},
        "preferred_sectors",
        {"preferred_sectors": []},
    ),
    ("mo-course.started", AGENCY, {"planned_end": "2025-03-10"}, "planned_end", {"planned_end": "2025-03-11"}),
    ("language-level.attained", HNB, {"levels": {}}, "levels", {"levels": {"reading": "pre_a1"}}),
    ("participation.recorded", AGENCY, {"min_total": OUT}, "min_total", {"min_total": OUT, "state": "started"}),
    ("participation.recorded", AGENCY, {"min_total": 0}, "min_total", {"min_total": 1}),
    ("referral.made", AGENCY, {"target": "naric"}, "target", {"target": "naric", "kind": "standard"}),
    ("referral.made", AGENCY, {"target": "group_offer"}, "target", {"target": "ocmw"}),
    ("referral.answered", VDAB, {"first_action_on": OUT}, "first_action_on", {"first_action_on": OUT, "answer": "accepted"}),
    ("referral.answered", VDAB, {"answer": "refused"}, "refusal", {"answer": "refused", "refusal": "no_places"}),
    ("initiative.informed", AGENCY, {"nis": OUT}, "nis", {"nis": OUT, "scope": "regional"}),
    (
        "work-perspective.shared",
        AGENCY,
        {"elements": [], "preferred_sectors": []},
        "elements",
        {"elements": ["ambition"], "preferred_sectors": []},
    ),
    ("work-perspective.shared", AGENCY, {"preferred_sectors": []}, "preferred_sectors", {"preferred_sectors": ["it"]}),
    (
        "work-perspective.shared",
        AGENCY,
        {"elements": ["ambition"]},
        "preferred_sectors",
        {"elements": ["ambition"], "preferred_sectors": []},
    ),
    ("work-perspective.shared", AGENCY, {"screening_on": "2025-03-11"}, "screening_on", {"screening_on": "2025-03-10"}),
    ("work-perspective.acknowledged", VDAB, {"missing": OUT}, "missing", {"missing": OUT, "usable": True}),
    ("work-perspective.acknowledged", VDAB, {"missing": []}, "missing", {"missing": ["ambition"]}),
    ("follow-up-plan.recorded", VDAB, {"plan_kind": "gpmi"}, "plan_kind", {"plan_kind": "afsprakenblad"}),
    ("follow-up-plan.recorded", ACTIRIS, {"plan_kind": "afsprakenblad"}, "plan_kind", {"plan_kind": "actieplan_actiris"}),
    ("follow-up-plan.recorded", OCMW, {"plan_kind": "actieplan_actiris"}, "plan_kind", {"plan_kind": "gpmi"}),
    ("training.started", VDAB, {"planned_end": "2025-03-09"}, "planned_end", {"planned_end": "2025-03-10"}),
    ("training.started", VDAB, {"planned_end": "2025-03-09"}, "planned_end", {"planned_end": OUT}),
    ("employment.started", OCMW, {"contract_kind": "fixed"}, "contract_kind", {"contract_kind": "twe"}),
    ("employment.started", OCMW, {"contract_kind": "maatwerk"}, "contract_kind", {"contract_kind": "art60"}),
    ("employment.started", VDAB, {"fte_bp": 0}, "fte_bp", {"fte_bp": 1}),
    ("employment.started", VDAB, {"fte_bp": 10001}, "fte_bp", {"fte_bp": 10000}),
    ("recognition-procedure.explained", AGENCY, {"authorities": []}, "authorities", {"authorities": ["biv"]}),
    ("recognition-procedure.explained", AGENCY, {"procedures": []}, "procedures", {"procedures": ["visum"]}),
    (
        "diploma-dossier.submitted",
        NARIC,
        {"authority": "departement_zorg", "procedure": "title_specialist"},
        "authority",
        {"authority": "naric", "procedure": "doctorate"},
    ),
    ("diploma-dossier.submitted", AGENCY, {"guided_by_agency": False}, "guided_by_agency", {"guided_by_agency": True}),
    ("diploma-dossier.submitted", AGENCY, {"authority": "biv"}, "authority", {"authority": "biv", "procedure": "professional_general"}),
    (
        "diploma-dossier.submitted",
        Role.RECOGNITION_AUTHORITY,
        {"authority": "departement_zorg", "procedure": "visum"},
        "authority",
        {"authority": "fod_volksgezondheid", "procedure": "visum"},
    ),
    ("recognition.decided", NARIC, {"outcome": "granted_lower", "granted_level": OUT}, "granted_level", {"outcome": "granted_lower"}),
    (
        "recognition.decided",
        NARIC,
        {"outcome": "granted_other", "granted_level": OUT, "deficits": []},
        "granted_level",
        {"outcome": "refused", "granted_level": OUT, "deficits": []},
    ),
    ("recognition.decided", NARIC, {"deficits": []}, "deficits", {"deficits": [], "outcome": "granted_as_requested"}),
    ("evc-phase.completed", Role.EVC_PROVIDER, {"outcome": OUT}, "outcome", {"outcome": "failed"}),
    ("evc-phase.completed", AGENCY, {"phase": "identification"}, "outcome", {"phase": "identification", "outcome": OUT}),
    ("edition.planned", ORGANISER, {"planned_end": "2025-04-13"}, "planned_end", {"planned_end": "2025-04-14"}),
    ("edition.planned", ORGANISER, {"capacity": 0}, "capacity", {"capacity": 1}),
    ("edition.planned", ORGANISER, {"capacity": 501}, "capacity", {"capacity": 500}),
    ("edition.planned", ORGANISER, {"sectors": []}, "sectors", {"sectors": [], "edition_kind": "group_offer"}),
    ("edition.planned", ORGANISER, {"audience": [], "edition_kind": "group_offer"}, "audience", {"audience": []}),
    (
        "edition-participation.ended",
        ORGANISER,
        {"outcome": "never_started"},
        "attended_min",
        {"outcome": "never_started", "attended_min": 0},
    ),
    ("perspective.recorded", ORGANISER, {"sector": OUT}, "sector", {"sector": OUT, "perspective": "study"}),
    ("perspective.recorded", ORGANISER, {"sector": OUT, "perspective": "job"}, "sector", {"perspective": "job"}),
    ("perspective.recorded", ORGANISER, {"sector": OUT, "perspective": "training"}, "sector", {"sector": OUT, "perspective": "none_yet"}),
    ("insight.recorded", POLICY, {"integrated_part": OUT}, "integrated_part", {"integrated_part": OUT, "state": "proposed"}),
    ("pilot.opened", POLICY, {"valid_to": "2024-04-01"}, "valid_to", {"valid_to": "2024-04-02"}),
    ("offer.published", VDAB, {"valid_to": "2025-01-31"}, "valid_to", {"valid_to": "2025-02-01"}),
    ("framework.adopted", POLICY, {"version": 0}, "version", {"version": 1}),
    (
        "framework.adopted",
        POLICY,
        {"clauses": [{"clause_id": "01900001-7c3a-7b1e-9d42-000000000001", "topic": topic} for topic in ("feedback", "employer")]},
        "clauses",
        {"clauses": [{"clause_id": f"01900001-7c3a-7b1e-9d42-00000000000{n}", "topic": "feedback"} for n in (1, 2)]},
    ),
    ("resource.recorded", POLICY, {"amount": -1}, "amount", {"amount": 0}),
    ("evaluation.concluded", Role.EVALUATOR, {"indicator_ids": []}, "indicator_ids", {"indicator_ids": ["IND-01"]}),
    ("publisher-authority.changed", OPERATOR, {"authority": OUT, "state": "suspended"}, "authority", {"state": "suspended"}),
    ("publisher-authority.changed", OPERATOR, {"authority": OUT}, "authority", {"authority": OUT, "role": "vdab"}),
    ("employer-need.stated", VDAB, {"needs": []}, "needs", {"needs": ["onboarding"]}),
    ("employer-support.agreed", Role.EMPLOYER_SUPPORT, {"partner_org": OUT}, "partner_org", {"partner_org": OUT, "route": "agency_offer"}),
    ("employer-support.agreed", Role.EMPLOYER_SUPPORT, {"route": "none"}, "support_kinds", {"route": "none", "support_kinds": []}),
    ("discrimination.signalled", Role.EQUALITY_BODY, {"grounds": []}, "grounds", {"grounds": ["age"]}),
]


@pytest.mark.parametrize(("name", "role", "broken", "field", "mended"), RULES, ids=[f"{r[0]}-{r[3]}-{i}" for i, r in enumerate(RULES)])
def test_a_contradiction_is_named_where_it_is_and_gone_when_mended(
    name: str, role: Role, broken: dict[str, Any], field: str, mended: dict[str, Any]
) -> None:
    found = check(name, role, **broken)
    assert [(v.reason, v.pointer) for v in found] == [(Reason.R15, f"/data/{field}" if field else "/data")]
    assert check(name, role, **mended) == []


@pytest.mark.parametrize(("name", "role", "broken"), [r[:3] for r in RULES], ids=[f"{r[0]}-{i}" for i, r in enumerate(RULES)])
def test_a_contradiction_is_told_in_two_different_sentences(name: str, role: Role, broken: dict[str, Any]) -> None:
    for violation in check(name, role, **broken):
        assert len(violation.message.nl) > 15
        assert len(violation.message.en) > 15
        assert violation.message.nl != violation.message.en


def test_every_rule_that_the_catalogue_has_is_tried() -> None:
    with_rules = {name for name, t in catalogue().newest.items() if "check" in vars(t.payload)}
    assert with_rules == {rule[0] for rule in RULES} | {"event.corrected"}


@pytest.mark.parametrize("authority", RecognitionAuthority)
@pytest.mark.parametrize("procedure", PROCEDURE_AUTHORITIES)
def test_a_procedure_runs_only_with_its_authorities(procedure: str, authority: RecognitionAuthority) -> None:
    found = check("diploma-dossier.submitted", AGENCY, procedure=procedure, authority=authority.value)
    academic = procedure in {"level_he", "level_se", "specific_he", "specific_se", "doctorate"}
    allowed = {"visum": {"fod_volksgezondheid"}, "title_specialist": {"departement_zorg"}}.get(
        procedure, {"naric"} if academic else set(RecognitionAuthority) - {"naric"}
    )
    assert bool(found) == (authority not in allowed)


def test_days_are_those_of_brussels() -> None:
    late = payload("profile.updated", valid_from="2025-07-02")
    assert list(late.check(context(AGENCY, time=datetime(2025, 7, 1, 22, 30, tzinfo=UTC)))) == []
    assert list(late.check(context(AGENCY, time=datetime(2025, 7, 1, 21, 30, tzinfo=UTC)))) != []


KEYS = {
    "identity.linked": "survivor_ref",
    "edition.planned": "edition_id",
    "edition.aligned": "edition_id",
    "edition.started": "edition_id",
    "edition.ended": "edition_id",
    "insight.recorded": "insight_id",
    "pilot.opened": "pilot_id",
    "offer.published": "offer_id",
    "offer.withdrawn": "offer_id",
    "framework.adopted": "framework_id",
    "norm.set": "clock",
    "publisher-authority.changed": "org",
    "discrimination.signalled": "signal_id",
    "discrimination-signal.handled": "signal_id",
}


@pytest.mark.parametrize("name", list(catalogue().newest))
def test_the_payload_names_its_stream_where_it_can(name: str) -> None:
    expected = document(name)[KEYS[name]] if name in KEYS else None
    assert payload(name).stream_key() == expected


@pytest.mark.parametrize(
    ("levels", "oral"),
    [
        ({"listening": "b1", "speaking": "a2"}, "a2"),
        ({"listening": "pre_a1", "speaking": "a1"}, "pre_a1"),
        ({"listening": "b2"}, "b2"),
        ({"speaking": "c1", "reading": "a1"}, "c1"),
        ({"reading": "b1"}, None),
    ],
)
def test_oral_is_the_lower_of_listening_and_speaking(levels: dict[str, str], oral: str | None) -> None:
    attained = payload("language-level.attained", levels=levels)
    assert attained.levels.oral == oral  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("employer-need.stated", {"stated_by": "agency"}),
        ("evc-guidance.started", {"pilot_id": OUT}),
        ("discrimination.signalled", {"person_ref": "01900001-7c3a-7b1e-9d42-000000000001"}),
        ("discrimination.signalled", {"accused": "1999500095"}),
        ("mo-course.started", {"language": "zz"}),
        ("norm.set", {"clock": "C25"}),
        ("publisher-authority.changed", {"valid_from": "2024-01-01T00:00:00"}),
        ("resource.recorded", {"amount": 1.5}),
        ("edition.planned", {"capacity": -1}),
        ("evc-guidance.started", {"qualification": "een zin met spaties"}),
    ],
)
def test_what_the_schema_itself_keeps_out_does_not_even_decode(name: str, change: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        payload(name, **change)
