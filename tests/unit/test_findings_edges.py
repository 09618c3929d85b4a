"""Where the findings stop: the cases next to each rule that do not break it."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.events.contract import ContractSigned, ExemptionGranted, TrajectoryEnded
from ledger.events.course import LanguageLevelAttained, MoCourseStarted
from ledger.events.diploma import DiplomaDossierSubmitted, RecognitionDecided
from ledger.events.edition import EditionAligned, EditionParticipantEnrolled
from ledger.events.employer import EmployerSupportDelivered
from ledger.events.identity import PersonRegistered, ProfileUpdated, SharingBasisRecorded
from ledger.events.offer import OfferWithdrawn
from ledger.events.pilot import PilotEnrolled, PilotLeft
from ledger.events.referral import OfferRecommended, ReferralAnswered, ReferralMade
from ledger.events.vdab import FollowUpPlanRecorded, JobseekerRegistered
from ledger.events.work import EmploymentEnded, EmploymentStarted
from ledger.finding import Finding, Severity, evaluate
from ledger.history import State
from tests.given import ACTIRIS, AGENCY, EMPLOYER_SUPPORT, HNB, NARIC, OCMW, OTHER_AGENCY, PERSON, VDAB, Story, a, ref
from tests.unit.finding_stories import (
    EDITION,
    EMPLOYER,
    OFFER,
    SECOND,
    basis,
    contract,
    decided,
    dossier,
    edition_planned,
    edition_started,
    enrolled,
    job,
    jobseeker,
    mo_course,
    need,
    offer_published,
    pilot_opened,
    recommended,
    referred,
    registered,
    screened,
    step,
)

ASKED = date(2027, 1, 1)


def findings(story: Story, code: str, *, on: date = ASKED, key: str | None = None, rule: str | None = None) -> list[Finding]:
    live = story.subject(on=on, key=key).memo(evaluate).live
    return [one for one in live if one.code == code and one.rule == rule]


# --- contract -------------------------------------------------------------------------------------------------------


def test_what_may_follow_a_trajectory_may_follow_it() -> None:
    story = Story()
    contract(story)
    story.given(a(TrajectoryEnded, contract_id=ref("contract")), on="2025-06-01")
    story.given(a(JobseekerRegistered), on="2025-07-01", by=VDAB)
    assert not findings(story, "F07")


def test_the_last_day_of_a_trajectory_still_belongs_to_it() -> None:
    story = Story()
    contract(story)
    story.given(a(TrajectoryEnded, contract_id=ref("contract")), on="2025-06-01")
    story.given(a(MoCourseStarted, mo_id=ref("mo"), edition_id=None, planned_end="2026-01-01"), on="2025-06-01")
    assert not findings(story, "F07")


def test_a_renewed_contract_reopens_the_trajectory_and_an_amendment_does_not() -> None:
    story = Story()
    contract(story)
    story.given(a(TrajectoryEnded, contract_id=ref("contract")), on="2025-06-01")
    amended = story.given(a(ContractSigned, contract_id=ref("contract"), contract_kind="amended"), on="2025-07-01")
    assert [one.position for one in findings(story, "F07")] == [amended.position]
    story.given(a(ContractSigned, contract_id=ref("new"), contract_kind="renewed"), on="2025-08-01")
    story.given(a(MoCourseStarted, mo_id=ref("mo"), edition_id=None, planned_end="2026-01-01"), on="2025-09-01")
    assert [one.position for one in findings(story, "F07")] == [amended.position]


def test_a_contract_of_the_same_day_is_a_contract() -> None:
    story = Story()
    screened(story, "2025-01-10")
    contract(story, "2025-01-10")
    assert not findings(story, "F08")


def test_without_a_contract_every_event_that_needs_one_is_flagged() -> None:
    story = Story()
    screened(story, "2025-01-10")
    screened(story, "2025-01-12")
    contract(story, "2025-01-12")
    assert [one.position for one in findings(story, "F08")] == [1]


def test_an_amended_contract_is_the_same_contract() -> None:
    story = Story()
    contract(story)
    story.given(a(ContractSigned, contract_id=ref("contract"), contract_kind="amended"), on="2025-02-01")
    assert not findings(story, "F20")


def test_plans_of_two_kinds_stand_side_by_side() -> None:
    story = Story()
    story.given(a(FollowUpPlanRecorded, plan_id=ref("a")), on="2025-01-10", by=VDAB)
    story.given(a(FollowUpPlanRecorded, plan_id=ref("b"), plan_kind="gpmi"), on="2025-01-10", by=OCMW)
    assert not findings(story, "F20")


def test_two_contracts_of_merged_persons_overlap() -> None:
    story = Story()
    contract(story)
    story.given(a(ContractSigned, contract_id=ref("other"), contract_kind="first"), on="2025-02-01", stream=SECOND)
    assert not findings(story, "F20")
    story.linked(SECOND, PERSON)
    assert [one.case for one in findings(story, "F20")] == [ref("other")]


@pytest.mark.parametrize(("part", "flagged"), [("mo", True), ("nt2", False), ("pnt", False)])
def test_an_exemption_is_for_its_own_part(part: str, flagged: bool) -> None:
    story = Story()
    contract(story)
    story.given(a(ExemptionGranted, contract_id=ref("contract"), part=part), on="2025-02-01")
    story.given(a(MoCourseStarted, mo_id=ref("mo"), edition_id=None), on="2025-03-01")
    assert bool(findings(story, "F34")) is flagged


@pytest.mark.parametrize(("born", "flagged"), [(2008, True), (2007, False), (1961, False), (1960, True)])
def test_ages_eighteen_to_sixty_four_are_in_scope(born: int, flagged: bool) -> None:
    story = Story()
    registered(story, birth_year=born)
    contract(story)
    assert bool(findings(story, "F35")) is flagged


def test_age_does_not_matter_where_the_third_pillar_is_no_duty() -> None:
    story = Story()
    registered(story, birth_year=1950, residence_nis="21004")
    contract(story)
    assert not findings(story, "F35")


# --- sources --------------------------------------------------------------------------------------------------------


def test_one_organisation_that_repeats_itself_later_is_no_conflict_of_sources() -> None:
    story = Story()
    job(story, "2025-03-01")
    job(story, "2025-03-05")
    assert not findings(story, "F06")


def test_dimona_wins_and_the_finding_stands_on_the_other() -> None:
    for first, second in (("self", "dimona"), ("dimona", "self")):
        story = Story()
        for which in (first, second):
            if which == "self":
                said = story.given(a(EmploymentStarted, job_id=ref("job"), evidence="self_report"), on="2025-03-01")
            else:
                story.given(a(EmploymentStarted, job_id=ref("job"), evidence="dimona"), on="2025-03-04", by=VDAB)
        assert [one.position for one in findings(story, "F06")] == [said.position]


def test_sources_that_agree_or_do_not_know_are_no_conflict() -> None:
    story = Story()
    job(story, "2025-03-01", level_match="unknown", employer_ref=None)
    job(story, "2025-03-01", by=VDAB, evidence="dimona")
    assert not findings(story, "F06")


def test_a_duplicate_counts_once_and_by_its_lowest_id() -> None:
    story = Story()
    low, high = sorted((ref("a"), ref("b")))
    loser = story.given(a(JobseekerRegistered), on="2025-01-10", by=VDAB, id=high)
    story.given(a(JobseekerRegistered), on="2025-01-10", by=VDAB, id=low)
    assert [one.position for one in findings(story, "F03")] == [loser.position]
    states = {line.entry.id: line.state for line in story.history().entries}
    assert states == {high: State.SUPERSEDED, low: State.LIVE}


def test_an_unknown_gender_contradicts_nobody() -> None:
    story = Story()
    registered(story, gender="f")
    story.given(a(PersonRegistered, gender="unknown"), on="2024-11-01", stream=SECOND)
    story.linked(SECOND, PERSON)
    assert not findings(story, "F28")


# --- mediation ------------------------------------------------------------------------------------------------------


def test_flemish_resident_at_actiris_is_the_wrong_region_and_an_unknown_residence_is_not() -> None:
    story = Story()
    story.given(a(JobseekerRegistered), on="2025-02-01", by=ACTIRIS)
    assert not findings(story, "F09")
    registered(story)
    assert len(findings(story, "F09")) == 1


def test_a_referral_elsewhere_needs_no_screening() -> None:
    story = Story()
    referred(story, target="mentoring")
    assert not findings(story, "F10")


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"recipient": "actiris"}, False),
        ({"purpose": "feedback"}, False),
        ({"valid_from": "2025-02-02"}, False),
        ({"valid_to": "2025-01-31"}, False),
        ({"valid_to": "2025-02-01"}, True),
    ],
)
def test_a_basis_covers_its_own_purpose_recipient_and_time(changes: dict[str, str], covered: bool) -> None:
    story = Story()
    basis(story, **changes)  # type: ignore[arg-type]
    referred(story)
    assert bool(findings(story, "F24")) is not covered


def test_an_ended_basis_covers_nothing_from_its_end() -> None:
    story = Story()
    basis(story)
    referred(story, "2025-02-01")
    ended = {"basis_id": ref("basis referral"), "purpose": "referral", "state": "ended"}
    story.given(a(SharingBasisRecorded, valid_from="2025-02-10", **ended), on="2025-02-10")
    referred(story, "2025-02-10", name="later")
    assert [one.since for one in findings(story, "F24")] == [date(2025, 2, 10)]


def test_a_referral_within_the_house_or_to_an_offer_shares_nothing() -> None:
    story = Story()
    story.given(a(ReferralMade, referral_id=ref("a"), target="vdab", kind="standard", edition_id=None), on="2025-02-01", by=VDAB)
    referred(story, target="job_event", name="b")
    assert not findings(story, "F24")


def test_steps_of_another_service_do_not_precede_a_registration() -> None:
    story = Story()
    step(story, "2025-01-15", by=OCMW)
    jobseeker(story)
    assert not findings(story, "F21")


def test_a_job_that_only_the_employer_confirms_is_not_self_reported() -> None:
    story = Story()
    story.given(a(EmploymentStarted, job_id=ref("job"), evidence="employer"), on="2025-03-01", by=VDAB)
    assert not findings(story, "F26")


# --- language, offers, editions -------------------------------------------------------------------------------------


def test_skills_and_languages_do_not_compare_with_each_other() -> None:
    story = Story()
    story.given(a(LanguageLevelAttained, levels={"speaking": "b1"}), on="2025-01-01")
    story.given(a(LanguageLevelAttained, levels={"writing": "a1"}), on="2025-02-01")
    story.given(a(LanguageLevelAttained, language="fr", levels={"speaking": "a1"}), on="2025-03-01")
    assert not findings(story, "F11")


def test_a_screening_never_makes_an_offer_fit() -> None:
    story = Story()
    offer_published(story)
    story.given(a(LanguageLevelAttained, evidence="screening", levels={"speaking": "b1"}), on="2025-01-05")
    recommended(story)
    assert findings(story, "F17")


@pytest.mark.parametrize(("on", "live"), [("2024-12-31", False), ("2025-01-01", True), ("2025-02-28", True), ("2025-03-01", False)])
def test_an_offer_is_live_from_its_first_day_until_it_is_withdrawn(on: str, live: bool) -> None:
    story = Story()
    offer_published(story)
    story.given(a(OfferWithdrawn, offer_id=ref("offer")), on="2025-03-01", by=VDAB, stream=OFFER)
    recommended(story, on)
    assert bool(findings(story, "F18")) is not live
    assert not findings(story, "F02")


def test_a_trajectory_that_touches_the_course_on_one_day_is_concurrent() -> None:
    story = Story()
    edition_planned(story)
    edition_started(story, "2025-04-14")
    mo_course(story, "2025-01-05", "2025-04-14")
    enrolled(story)
    assert not findings(story, "F12")


def test_group_offers_and_trajectories_that_have_not_begun_need_no_course() -> None:
    story = Story()
    edition_planned(story, edition_kind="group_offer")
    edition_started(story)
    enrolled(story)
    assert not findings(story, "F12")
    waiting = Story()
    edition_planned(waiting)
    enrolled(waiting)
    assert not findings(waiting, "F12")


@pytest.mark.parametrize(
    ("outcome", "aligned_on", "flagged"),
    [("complementary", "2025-04-14", False), ("adjust", "2025-04-01", True), ("complementary", "2025-04-15", True)],
)
def test_only_an_earlier_complementary_alignment_counts(outcome: str, aligned_on: str, flagged: bool) -> None:
    story = Story(EDITION)
    edition_planned(story)
    story.given(a(EditionAligned, edition_id=ref("edition"), outcome=outcome, compared_offers=[]), on=aligned_on, by=VDAB)
    edition_started(story)
    assert bool(findings(story, "F14")) is flagged


# --- recognition ----------------------------------------------------------------------------------------------------


def test_a_review_that_grants_closes_the_deficits() -> None:
    story = Story()
    dossier(story)
    decided(story)
    granted = {
        "case_id": ref("case"),
        "decision_kind": "review",
        "outcome": "granted_as_requested",
        "granted_level": "bachelor",
        "deficits": [],
    }
    story.given(a(RecognitionDecided, **granted), on="2025-09-01", by=NARIC)
    assert not findings(story, "F23")


@pytest.mark.parametrize(
    ("origin", "profession", "authority", "procedure", "fits"),
    [
        ("eea_ch", "nurse", "departement_zorg", "professional_automatic", True),
        ("eea_ch", "nurse", "naric", "specific_he", False),
        ("non_eea", "nurse", "naric", "specific_he", True),
        ("non_eea", "nurse", "naric", "level_he", False),
        ("non_eea", "nurse", "fod_volksgezondheid", "visum", False),
        ("non_eea", "nurse", "departement_zorg", "professional_general", False),
        ("non_eea", "physician", "departement_zorg", "title_specialist", True),
        ("eea_ch", "teacher", "onderwijs_agodi", "professional_general", True),
        ("non_eea", "teacher", "naric", "level_he", True),
        ("non_eea", "teacher", "onderwijs_agodi", "professional_general", False),
        ("eea_ch", "architect", "orde_architecten", "professional_automatic", True),
        ("eea_ch", "architect", "biv", "professional_automatic", False),
        ("non_eea", "estate_agent", "naric", "specific_he", True),
        ("non_eea", None, "naric", "level_he", True),
        ("non_eea", None, "other_directive", "professional_general", False),
        ("be", "nurse", "naric", "level_he", True),
        ("unknown", "nurse", "naric", "level_he", True),
        ("non_eea", "nurse", "fwb_equivalence", "professional_general", True),
    ],
)
def test_the_routing_table(origin: str, profession: str | None, authority: str, procedure: str, fits: bool) -> None:
    story = Story()
    dossier(story, diploma_origin=origin, regulated_profession=profession, authority=authority, procedure=procedure)
    assert bool(findings(story, "F38")) is not fits


def test_a_visum_after_a_specific_recognition_follows_the_route() -> None:
    story = Story()
    dossier(story, "2025-01-15", authority="fod_volksgezondheid", procedure="visum", name="visum")
    assert findings(story, "F38")
    dossier(story, "2024-01-15")
    assert not findings(story, "F38")


def test_an_eea_national_may_go_to_the_department_of_care() -> None:
    story = Story()
    dossier(story, authority="departement_zorg", procedure="professional_general")
    assert findings(story, "F38")
    registered(story, nationality_group="eu")
    assert not findings(story, "F38")


# --- pilots, employers, patterns ------------------------------------------------------------------------------------


def test_a_pilot_by_province_and_without_regions() -> None:
    for regions, fits in ((["prov_antwerpen"], True), ([], True), (["brussel"], False)):
        story = Story()
        pilot_opened(story, regions=regions)
        registered(story, residence_nis="12025")
        story.given(a(PilotEnrolled, pilot_id=ref("pilot"), enrol_kind="offered"), on="2025-03-01")
        assert bool(findings(story, "F29")) is not fits


def test_pilots_after_each_other_or_only_offered_are_not_double() -> None:
    story = Story()
    story.given(a(PilotEnrolled, pilot_id=ref("a"), enrol_kind="accepted"), on="2025-01-01")
    story.given(a(PilotEnrolled, pilot_id=ref("b"), enrol_kind="offered"), on="2025-02-01")
    story.given(a(PilotLeft, pilot_id=ref("a")), on="2025-03-01")
    story.given(a(PilotEnrolled, pilot_id=ref("c"), enrol_kind="accepted"), on="2025-03-01")
    assert not findings(story, "F30")


def test_support_delivered_without_an_agreement_needs_some_need() -> None:
    story = Story(EMPLOYER)
    story.given(a(EmployerSupportDelivered, support_id=ref("support")), on="2025-03-01", by=EMPLOYER_SUPPORT)
    assert findings(story, "F32")
    need(story)
    assert not findings(story, "F32")


@pytest.mark.parametrize(
    ("days", "role", "flagged"),
    [(("02", "04", "06", "08"), AGENCY, True), (("02", "04", "06", "09"), AGENCY, False), (("02", "04", "06", "08"), HNB, False)],
)
def test_piling_up_takes_four_offers_of_one_agency_in_seven_days(days: tuple[str, ...], role: object, flagged: bool) -> None:
    story = Story()
    jobseeker(story, "2025-02-01")
    for day in days:
        story.given(a(OfferRecommended, offer_id=ref(day)), on=f"2025-02-{day}", by=role)  # type: ignore[arg-type]
    assert bool(findings(story, "F27", rule="P1")) is flagged


def test_offers_of_two_agencies_or_before_registration_do_not_pile_up() -> None:
    story = Story()
    jobseeker(story, "2025-02-03")
    for day, agency in (("02", AGENCY), ("04", AGENCY), ("05", AGENCY), ("06", AGENCY), ("07", OTHER_AGENCY)):
        story.given(a(OfferRecommended, offer_id=ref(day)), on=f"2025-02-{day}", by=agency)
    assert not findings(story, "F27", rule="P1")


def test_a_second_pile_is_a_second_finding() -> None:
    story = Story()
    jobseeker(story, "2025-02-01")
    for day in ("02-02", "02-03", "02-04", "02-05", "02-06", "05-01", "05-02", "05-03", "05-04"):
        story.given(a(OfferRecommended, offer_id=ref(day)), on=f"2025-{day}")
    assert [one.since for one in findings(story, "F27", rule="P1")] == [date(2025, 2, 5), date(2025, 5, 4)]


def test_training_for_who_is_not_registered_is_no_detour() -> None:
    story = Story()
    referred(story, "2025-01-15", target="vocational_training")
    jobseeker(story)
    assert not findings(story, "F27", rule="P3")


def test_training_with_a_step_of_vdab_too_far_away_is_a_detour() -> None:
    story = Story()
    jobseeker(story)
    step(story, "2025-04-01", "training_referral")
    referred(story, "2025-03-01", target="vocational_training")
    assert findings(story, "F27", rule="P3")


# --- clocks ---------------------------------------------------------------------------------------------------------


def test_an_unserved_jobseeker_without_benefit_is_found_with_its_clock() -> None:
    story = Story()
    registered(story)
    contract(story)
    story.given(a(ProfileUpdated, valid_from="2025-01-10", benefit_status="none", work_status="jobless"), on="2025-01-10")
    jobseeker(story)
    (found,) = findings(story, "F25")
    assert (found.clock, found.since, found.severity) == ("C16", date(2025, 5, 3), Severity.WARN)
    story.given(a(FollowUpPlanRecorded, plan_id=ref("plan")), on="2025-03-01", by=VDAB)
    assert not findings(story, "F25")


def test_answers_stop_the_clock_but_a_late_answer_leaves_the_breach() -> None:
    story = Story()
    referred(story, "2025-02-01")
    story.given(a(ReferralAnswered, referral_id=ref("referral"), answer="accepted"), on="2025-02-16", by=VDAB)
    assert [one.clock for one in findings(story, "F41")] == ["C17"]


def test_may_clocks_never_breach() -> None:
    story = Story()
    registered(story, residence_nis="21004")
    contract(story, parts=("pillar3",))
    assert not findings(story, "F41")


def test_references_to_things_of_other_streams_clear_when_these_come() -> None:
    story = Story()
    edition_planned(story)
    story.given(
        a(EditionParticipantEnrolled, enrolment_id=ref("enrolment"), edition_id=ref("edition"), mo_id=ref("mo")), on="2025-04-01", by=AGENCY
    )
    assert [one.case for one in findings(story, "F02")] == [ref("mo")]


def test_a_job_end_or_previous_case_without_its_thing_is_pending() -> None:
    story = Story()
    story.given(a(EmploymentEnded, job_id=ref("job")), on="2025-05-01", by=VDAB)
    story.given(a(DiplomaDossierSubmitted, case_id=ref("case"), previous_case=ref("earlier")), on="2025-05-02")
    assert [one.case for one in findings(story, "F02")] == [ref("job"), ref("earlier")]
