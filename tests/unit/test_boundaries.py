"""Role boundaries B01–B23 (domain-rules.md 4.1) and what stays allowed (4.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ledger.admission import Prior, decide
from ledger.authority import SANDBOX_CREDENTIAL, Credential, Registry
from ledger.boundary import BOUNDARIES, Act
from ledger.catalogue import Payload
from ledger.codes.publisher import AuthorityState
from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.codes.vdab import STEP_REPORTERS, ActivationStep
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.verdict import Position, Violation, first
from tests.unit.wire import event, examine, reasons

NOW = datetime(2026, 1, 1, tzinfo=UTC)

DENIED: list[tuple[str, str, Role, dict[str, Any]]] = [
    ("B01", "career-orientation.held", Role.AGENCY, {"topics": ["life_career", "vacancy_matching"]}),
    ("B02", "offer.recommended", Role.AGENCY, {"offer_kind": "vacancy"}),
    ("B02", "offer.recommended", Role.HNB, {"offer_kind": "vacancy"}),
    ("B03", "jobseeker.registered", Role.AGENCY, {}),
    ("B03", "activation-step.reported", Role.EDITION_ORGANISER, {}),
    ("B03", "follow-up-plan.recorded", Role.EMPLOYER_SUPPORT, {}),
    ("B04", "training.started", Role.AGENCY, {}),
    ("B04", "offer.published", Role.HNB, {}),
    ("B06", "recognition.decided", Role.AGENCY, {}),
    ("B06", "recognition-file.changed", Role.VDAB, {}),
    ("B07", "recognition.decided", Role.NARIC, {"authority": "departement_zorg"}),
    ("B07", "recognition.decided", Role.RECOGNITION_AUTHORITY, {"authority": "naric"}),
    ("B09", "evc-phase.completed", Role.AGENCY, {"phase": "assessment", "outcome": "full"}),
    ("B11", "contract.signed", Role.VDAB, {}),
    ("B11", "mo-course.ended", Role.OCMW, {}),
    ("B12", "trajectory.ended", Role.HNB, {}),
    ("B13", "employment.started", Role.AGENCY, {"evidence": "dimona"}),
    ("B14", "activation-step.reported", Role.OCMW, {"step": "ibo"}),
    ("B14", "activation-step.reported", Role.ACTIRIS, {"step": "sector_bath"}),
    ("B14", "activation-step.reported", Role.VDAB, {"step": "gpmi_step"}),
    ("B18", "contract.signed", Role.POLICY_OWNER, {}),
    ("B19", "pilot.opened", Role.EVALUATOR, {}),
    ("B20", "employment.started", Role.PARTNER, {}),
    ("B22", "pilot.opened", Role.LEDGER_OPERATOR, {}),
    ("B23", "framework.adopted", Role.POLICY_OWNER, {"parties": ["1999010048", "1999010048"]}),
]


@pytest.mark.parametrize(("rule", "name", "role", "data"), DENIED)
def test_a_boundary_denies_with_r14_and_its_id(rule: str, name: str, role: Role, data: dict[str, Any]) -> None:
    found = list(examine(event(name, role=role, data=data)).violations)
    reported = first(found)
    assert (reported.reason, reported.rule) == ("R14", rule)


ALLOWED: list[tuple[str, Role, dict[str, Any]]] = [
    ("career-orientation.held", Role.AGENCY, {"topics": ["labour_market_insight", "sector_info", "rights_discrimination"]}),
    ("referral.made", Role.AGENCY, {}),
    ("initiative.informed", Role.AGENCY, {}),
    ("offer.recommended", Role.AGENCY, {"offer_kind": "sector_bath"}),
    ("offer.recommended", Role.AGENCY, {"offer_kind": "ibo"}),
    ("offer.recommended", Role.AGENCY, {"offer_kind": "job_event"}),
    ("work-perspective.shared", Role.AGENCY, {}),
    ("evc-phase.completed", Role.AGENCY, {"phase": "documentation", "outcome": None}),
    ("intake.completed", Role.HNB, {"nt2_only": True}),
    ("language-level.attained", Role.HNB, {}),
    ("recognition-procedure.explained", Role.HNB, {}),
    ("activation-step.reported", Role.OCMW, {"step": "gpmi_step"}),
    ("edition.planned", Role.EDITION_ORGANISER, {}),
    ("perspective.recorded", Role.EDITION_ORGANISER, {}),
    ("initiative.attended", Role.PARTNER, {}),
    ("initiative.attended", Role.LOCAL_GOVERNMENT, {}),
    ("referral.answered", Role.PARTNER, {}),
]


@pytest.mark.parametrize(("name", "role", "data"), ALLOWED)
def test_what_stays_allowed_is_admitted(name: str, role: Role, data: dict[str, Any]) -> None:
    assert reasons(event(name, role=role, data=data)) == []


def test_a_signal_that_names_a_person_or_an_employer_is_denied_b17() -> None:
    for subject in ("persoon/01900000-0000-8000-8000-00000000000a", "werkgever/1999010048", "insz/85073003328"):
        assert first(list(examine(event("discrimination.signalled", subject=subject)).violations)).rule == "B17"


def test_only_the_author_corrects_or_retracts_b21() -> None:
    for name in ("event.corrected", "event.retracted"):
        made = event(name)
        made["data"]["target_source"] = "urn:kbo:1999010048:other-system"
        assert first(list(examine(made).violations)).rule == "B21"


def test_each_step_is_reported_by_whom_the_list_names() -> None:
    for step in ActivationStep:
        for role in (Role.VDAB, Role.ACTIRIS, Role.OCMW):
            found = reasons(event("activation-step.reported", role=role, data={"step": step.value}))
            assert ("R14/B14" in found) == (role not in STEP_REPORTERS[step])


def _act(**fields: object) -> Act:
    payload = cast(Payload, SimpleNamespace(**fields))
    return Act(role=Role.AGENCY, name="x", payload=payload, subject="persoon/x", source="urn:kbo:1999010048:x")


def test_rules_that_the_schema_shadows_stand_below_admission() -> None:
    rules = {boundary.id: boundary for boundary in BOUNDARIES}
    assert rules["B16"].denies(_act(stated_by="agency"))
    assert not rules["B16"].denies(_act(stated_by="employer"))
    assert {"B10", "B15", "B16", "B17"} <= rules.keys()
    assert {f"B{n:02}" for n in range(1, 24)} - rules.keys() == {"B05", "B08"}


def _changed(org: str, role: Role, state: AuthorityState, authority: RecognitionAuthority | None = None) -> PublisherAuthorityChanged:
    return PublisherAuthorityChanged(
        org=org, role=role, state=state, valid_from=datetime(2020, 1, 1, tzinfo=UTC), authority=authority, regions=(Region.BRUSSEL,)
    )


def _decided(made: dict[str, Any], registry: Registry, credential: Credential = SANDBOX_CREDENTIAL) -> Prior | Violation | None:
    return decide(examine(made, credential), registry=registry, is_erased=lambda stream: False, admitted_at=NOW, prior=None)


def test_one_organisation_cannot_stand_on_both_sides_b05() -> None:
    registry = Registry()
    registry.apply(_changed("1999010048", Role.AGENCY, AuthorityState.AUTHORISED), Position(1))
    made = event(
        "publisher-authority.changed",
        data={"org": "1999010048", "role": "vdab", "state": "authorised", "authority": None},
        subject="bron/1999010048",
    )
    denied = _decided(made, registry)
    assert isinstance(denied, Violation)
    assert (denied.reason, denied.rule) == ("R14", "B05")
    registry.apply(_changed("1999010048", Role.AGENCY, AuthorityState.REVOKED), Position(2))
    assert _decided(made, registry) is None


def test_an_authority_decides_for_itself_only_b08() -> None:
    registry = Registry()
    made = event("recognition.decided", role=Role.RECOGNITION_AUTHORITY, data={"authority": "fod_volksgezondheid", "procedure": "visum"})
    org = made["source"][8:18]
    registry.apply(_changed(org, Role.RECOGNITION_AUTHORITY, AuthorityState.AUTHORISED, RecognitionAuthority.DEPARTEMENT_ZORG), Position(1))
    denied = _decided(made, registry)
    assert isinstance(denied, Violation)
    assert denied.rule == "B08"
    bound = Credential(name="fod", org=org, role=Role.RECOGNITION_AUTHORITY, authority=RecognitionAuthority.FOD_VOLKSGEZONDHEID)
    assert _decided(made, registry, bound) is None


def test_a_suspended_publisher_is_refused_r03() -> None:
    registry = Registry()
    registry.apply(_changed("1999010048", Role.AGENCY, AuthorityState.SUSPENDED), Position(1))
    denied = _decided(event("contract.signed"), registry)
    assert isinstance(denied, Violation)
    assert denied.reason == "R03"
    registry.apply(_changed("1999010048", Role.AGENCY, AuthorityState.AUTHORISED), Position(2))
    assert _decided(event("contract.signed"), registry) is None


@pytest.mark.parametrize(
    ("time", "wanted"),
    [
        ("2026-01-01T00:05:00Z", None),
        ("2026-01-01T00:05:01Z", "R09"),
        ("2010-01-01T00:00:00+01:00", None),
        ("2009-12-31T23:59:59+01:00", "R10"),
    ],
)
def test_the_time_must_be_plausible(time: str, wanted: str | None) -> None:
    answer = _decided(event("contract.signed", time=time), Registry())
    assert (answer.reason if isinstance(answer, Violation) else None) == wanted


def test_an_erased_person_is_admitted_no_more_r13() -> None:
    examined = examine(event("contract.signed"))
    answer = decide(examined, registry=Registry(), is_erased=lambda s: s == examined.stream, admitted_at=NOW, prior=None)
    assert isinstance(answer, Violation)
    assert answer.reason == "R13"


def test_the_same_content_is_a_duplicate_before_any_check_and_other_content_r05() -> None:
    examined = examine(event("contract.signed", time="2020-01-01T00:00:00Z"))
    prior = Prior(Position(7), examined.digest)
    erased = decide(examined, registry=Registry(), is_erased=lambda s: True, admitted_at=NOW, prior=prior)
    assert erased == prior
    other = examine(event("contract.signed", time="2020-01-02T00:00:00Z"))
    answer = decide(other, registry=Registry(), is_erased=lambda s: False, admitted_at=NOW, prior=prior)
    assert isinstance(answer, Violation)
    assert answer.reason == "R05"
    assert "7" in answer.message.en


def test_a_correction_does_not_get_past_a_boundary() -> None:
    corrected = event("event.corrected", role=Role.AGENCY)
    corrected["data"]["replacement"]["data"] = event("employment.started")["data"]
    assert reasons(corrected) == ["R14/B13"]
    corrected["data"]["replacement"]["data"]["evidence"] = "self_report"
    assert reasons(corrected) == []


def test_the_time_in_a_correction_must_be_plausible_too() -> None:
    made = event("event.corrected")
    for moment, wanted in (("2031-01-01T00:00:00Z", "R09"), ("9999-12-31T23:59:59-14:00", "R09"), ("0001-01-01T00:00:00+14:00", "R10")):
        made["data"]["replacement"]["time"] = moment
        answer = _decided(made, Registry())
        assert isinstance(answer, Violation)
        assert (answer.reason, answer.pointer) == (wanted, "/data/replacement/time")
