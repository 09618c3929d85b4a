"""The milestones of a person: one worked life, and the rules of evaluation.md 6.2.1 that have an edge."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from ledger.dependencies import next_change, references
from ledger.events.contract import CertificateIssued, ContractResumed, ContractSigned, ContractSuspended, ExemptionGranted, TrajectoryEnded
from ledger.events.course import LanguageLevelAttained
from ledger.events.diploma import RecognitionDecided
from ledger.events.evc import EvcGuidanceStarted, EvcPhaseCompleted
from ledger.events.identity import ErasureExecuted, ProfileUpdated
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted, IntakeCompleted, SupportProfileAssessed
from ledger.events.pilot import AdvancedTrajectoryEnded, AdvancedTrajectoryStarted, PilotEnrolled, PilotLeft
from ledger.events.referral import InitiativeAttended, InitiativeInformed
from ledger.events.vdab import FollowUpPlanRecorded, JobseekerRegistered, WorkPerspectiveAcknowledged, WorkPerspectiveShared
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingEnded, TrainingStarted
from ledger.milestone import facts_answer, facts_of, row_type
from ledger.projection import projections
from ledger.strands.feedback import feedback_on, silences_of
from tests.given import ACTIRIS, AGENCY, HNB, NARIC, OCMW, OPERATOR, OTHER_AGENCY, PERSON, TRAINER, VDAB, Story, a, ref
from tests.unit.finding_stories import (
    SECOND,
    completed,
    contract,
    decided,
    dossier,
    edition_planned,
    edition_started,
    enrolled,
    job,
    jobseeker,
    mo_course,
    offer_published,
    recommended,
    referred,
    registered,
    screened,
    step,
)


def facts(story: Story, *, on: str = "2027-01-01", known_at: int | None = None) -> dict[str, object]:
    row = story.subject(on=on, known_at=known_at).memo(facts_of)
    return dict(zip(row.__struct_fields__, msgspec.structs.astuple(row), strict=True))


def day(text: str) -> date:
    return date.fromisoformat(text)


def worked_life() -> Story:
    story = Story()
    registered(story, "2024-12-01", residence_nis="12025", birth_year=1990, gender="f")
    story.given(a(IntakeCompleted, nt2_only=True), on="2024-12-05", by=HNB)
    story.given(a(IntakeCompleted, nt2_only=False, interpreter=True), on="2024-12-20")
    contract(story, "2025-01-10", parts=("mo", "nt2", "pillar3", "pnt"))
    story.given(a(ProfileUpdated, valid_from="2025-01-20", benefit_status="none", residence_nis=None, education="master"), on="2025-01-20")
    story.given(a(SupportProfileAssessed, self_reliance="high"), on="2025-01-25")
    story.given(a(CareerOrientationHeld, duration=60, topics=["sector_info"], edition_id=None), on="2025-01-28")
    story.given(a(CareerOrientationHeld, duration=90, topics=["life_career"], edition_id=None), on="2025-02-28")
    screened(story, "2025-02-01")
    story.given(a(CompetenceScreeningCompleted, preferred_sectors=["it"], experience_sectors=["food"], ambition="study"), on="2025-03-01")
    referred(story, "2025-02-03")
    story.given(a(WorkPerspectiveShared, share_id=ref("share")), on="2025-02-20")
    story.given(a(WorkPerspectiveAcknowledged, share_id=ref("share"), usable=False), on="2025-02-24", by=VDAB)
    jobseeker(story, "2025-02-10")
    step(story, "2025-02-20")
    step(story, "2025-03-20", "orientation", state="planned")
    step(story, "2025-04-01", "estimation", state="started")
    story.given(a(FollowUpPlanRecorded, plan_id=ref("plan")), on="2025-04-02", by=VDAB)
    mo_course(story, "2025-02-15", "2025-05-15")
    story.given(a(ExemptionGranted, contract_id=ref("contract"), part="pnt"), on="2025-03-01")
    story.given(a(LanguageLevelAttained, levels={"listening": "b1", "speaking": "a2"}), on="2025-06-01")
    story.given(a(EmploymentStarted, job_id=ref("job"), evidence="self_report", contract_kind="fixed", sector="food"), on="2025-07-01")
    story.given(a(EmploymentStarted, job_id=ref("job"), evidence="dimona", contract_kind="fixed", sector="food"), on="2025-07-01", by=VDAB)
    story.given(a(EmploymentEnded, job_id=ref("job")), on="2025-12-31", by=VDAB)
    story.given(a(CertificateIssued, contract_id=ref("contract")), on="2026-02-01")
    story.given(a(TrajectoryEnded, contract_id=ref("contract"), reason="attest"), on="2026-02-10")
    return story


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("contract_on", day("2025-01-10")),
        ("contract_q", "2025-Q1"),
        ("agency0", AGENCY.org),
        ("agency_d", None),
        ("parts", ("mo", "nt2", "pillar3")),
        ("exempt_parts", ("pnt",)),
        ("scope3", "fl_duty"),
        ("nis0", "12025"),
        ("region0", "rivierenland"),
        ("brussel0", False),
        ("gender", "f"),
        ("birth_year", 1990),
        ("age0", 35),
        ("edu0", "bachelor"),
        ("work0", "jobless"),
        ("benefit0", "none"),
        ("self_rel", "high"),
        ("intake_on", day("2024-12-20")),
        ("orient_on", day("2025-01-28")),
        ("orient_min", 150),
        ("orient_topics", ("life_career", "sector_info")),
        ("screen_on", day("2025-02-01")),
        ("screen_n", 2),
        ("pref_sectors", ("it",)),
        ("ambition", "study"),
        ("ref3_on", day("2025-02-03")),
        ("ref3_screened", True),
        ("ref_n", 1),
        ("reg_on", day("2025-02-10")),
        ("reg_service", "vdab"),
        ("reg_net", 31),
        ("c01_state", "met"),
        ("c02_state", None),
        ("p3_due", day("2025-03-11")),
        ("step1_on", day("2025-02-20")),
        ("steps_n", 2),
        ("steps_kinds", ("first_contact", "estimation")),
        ("fb_state", "received"),
        ("plan_on", day("2025-04-02")),
        ("plan_open", True),
        ("share_on", day("2025-02-20")),
        ("share_to", "vdab"),
        ("ack_on", day("2025-02-24")),
        ("ack_usable", False),
        ("mo_on", day("2025-02-15")),
        ("mo_end_on", day("2025-05-15")),
        ("mo_out", "goals_met"),
        ("mo_periods", b'[["2025-02-15","2025-05-15"]]'),
        ("oral0", "pre_a1"),
        ("oral_d", "a2"),
        ("a2_on", day("2025-06-01")),
        ("b1_on", None),
        ("cert_on", day("2026-02-01")),
        ("end_on", day("2026-02-10")),
        ("end_kind", "goal"),
        ("job1_on", day("2025-07-01")),
        ("job1_sector", "food"),
        ("job1_ev", "dimona"),
        ("emp_365", 184),
        ("emp_d182", True),
        ("emp_d365", False),
        ("keep_182", 182),
        ("keep_365", 184),
        ("job_d", False),
        ("jobs", b'[["2025-07-01","2025-12-31",true]]'),
        ("last_fact_on", day("2026-02-10")),
        ("sources", (AGENCY.org, HNB.org, VDAB.org)),
    ],
)
def test_a_worked_life(column: str, expected: object) -> None:
    assert facts(worked_life())[column] == expected


def test_as_of_a_day_only_what_happened_by_then_counts() -> None:
    early = facts(worked_life(), on="2025-02-05")
    assert early["ref3_on"] == day("2025-02-03")
    assert early["reg_on"] is None
    assert early["c01_state"] == "running"
    assert early["agency_d"] == AGENCY.org
    assert early["benefit0"] == "none"


def test_as_known_at_a_position_only_what_was_told_by_then_counts() -> None:
    assert facts(worked_life(), known_at=4)["contract_on"] == day("2025-01-10")
    assert facts(worked_life(), known_at=3)["contract_on"] is None


def test_horizons_are_empty_until_they_have_come_and_say_when() -> None:
    story = worked_life()
    assert facts(story, on="2026-01-09")["emp_d365"] is None
    assert next_change(story.subject(on="2026-01-09")) == day("2026-01-10")
    assert facts(story, on="2026-01-10")["emp_d365"] is False
    assert facts(story, on="2025-12-29")["keep_182"] == 182
    assert facts(story, on="2025-12-28")["keep_182"] is None


def test_the_answer_is_json_with_nested_data_in_it() -> None:
    answer = msgspec.json.decode(msgspec.json.encode(facts_answer(worked_life().subject())))
    assert answer["mo_periods"] == [["2025-02-15", "2025-05-15"]]
    assert answer["contract_on"] == "2025-01-10"
    assert set(answer) == set(row_type().__struct_fields__)


def test_who_has_no_contract_has_a_row_and_who_has_nothing_has_none() -> None:
    story = Story()
    assert projections()["facts"].records(story.subject()) == []
    registered(story)
    (row,) = projections()["facts"].records(story.subject())
    assert row[0] == PERSON
    assert row[1] is None


def test_an_erased_person_has_left_every_row_but_the_timeline() -> None:
    story = worked_life()
    story.given(a(ErasureExecuted, requested_on="2026-03-01"), on="2026-03-02", by=OPERATOR)
    subject = story.subject()
    counts = {name: len(found.records(subject)) for name, found in projections().items() if subject.kind in found.kinds}
    assert {name for name, n in counts.items() if n} <= {"timeline", "clocks", "findings"}
    assert {row[1] for row in projections()["findings"].records(subject)} <= {"F41"}


def test_the_rows_of_a_merged_person_stand_under_the_survivor() -> None:
    story = Story()
    contract(story, "2025-01-10")
    story.given(a(JobseekerRegistered), on="2025-02-01", by=VDAB, stream=SECOND)
    assert facts(story)["reg_on"] is None
    story.linked(SECOND, PERSON)
    assert facts(story)["reg_on"] == day("2025-02-01")
    assert {row[0] for row in projections()["timeline"].records(story.subject(key=SECOND))} == {PERSON}


# --- contract and person --------------------------------------------------------------------------------------------


def test_the_first_contract_is_the_one_of_kind_first() -> None:
    story = Story()
    contract(story, "2025-01-10", "renewed", parts=("nt2",))
    renewed = story.entries.pop()
    story.given(a(ContractSigned, contract_id=ref("renewed"), contract_kind="renewed", parts=("nt2",)), on="2025-01-05")
    contract(story, "2025-01-10", parts=("mo",))
    story.given(a(ContractSigned, contract_id=ref("contract"), contract_kind="amended", parts=("mo", "pnt")), on="2025-03-10")
    found = facts(story)
    assert renewed not in story.entries
    assert found["contract_on"] == day("2025-01-10")
    assert found["parts"] == ("mo", "pnt")


def test_suspended_days_and_the_one_that_lasts() -> None:
    story = Story()
    contract(story)
    story.given(a(ContractSuspended, contract_id=ref("contract"), until=None), on="2025-02-01")
    story.given(a(ContractResumed, contract_id=ref("contract")), on="2025-02-11")
    story.given(a(ContractSuspended, contract_id=ref("contract"), until=None), on="2025-05-01")
    found = facts(story)
    assert (found["susp_days"], found["susp_since"]) == (10, day("2025-05-01"))


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("attest", "goal"),
        ("declaration_effort", "goal"),
        ("deceased", "left_scope"),
        ("moved_abroad", "left_scope"),
        ("moved_wallonia", "left_scope"),
        ("moved_other_agency", "neutral"),
        ("duplicate", "neutral"),
        ("moved_brussels", "dropout"),
        ("withdrew", "dropout"),
    ],
)
def test_kinds_of_end(reason: str, kind: str) -> None:
    story = Story()
    contract(story)
    story.given(a(TrajectoryEnded, contract_id=ref("contract"), reason=reason), on="2025-06-01")
    assert facts(story)["end_kind"] == kind


def test_an_end_that_a_new_contract_follows_is_no_end() -> None:
    story = Story()
    contract(story)
    story.given(a(TrajectoryEnded, contract_id=ref("contract"), reason="moved_other_agency"), on="2025-06-01")
    renewal = a(ContractSigned, contract_id=ref("new"), contract_kind="renewed")
    story.given(renewal, on="2025-06-15", by=OTHER_AGENCY)
    found = facts(story)
    assert (found["end_kind"], found["end_on"], found["agency0"], found["agency_d"]) == ("open", None, AGENCY.org, OTHER_AGENCY.org)


@pytest.mark.parametrize(("valid_from", "benefit"), [("2024-06-01", "leefloon"), ("2025-02-09", "leefloon"), ("2025-02-10", "unknown")])
def test_a_benefit_stated_within_thirty_days_stands_for_the_contract(valid_from: str, benefit: str) -> None:
    story = Story()
    contract(story)
    story.given(a(ProfileUpdated, valid_from=valid_from, benefit_status="leefloon"), on="2025-03-01", by=OCMW)
    assert facts(story)["benefit0"] == benefit


def test_residence_is_that_of_the_contract_date_by_the_best_source() -> None:
    story = Story()
    registered(story, "2024-12-01", residence_nis="11002")
    contract(story)
    for nis, valid_from in (("44021", "2025-01-01"), ("21004", "2025-02-01")):
        story.given(a(ProfileUpdated, valid_from=valid_from, residence_nis=nis), on="2025-03-01")
    assert (facts(story)["nis0"], facts(story)["region0"], facts(story)["scope3"]) == ("44021", "gent", "fl_duty")


def test_brussels_may_register() -> None:
    story = Story()
    registered(story, residence_nis="21004")
    contract(story)
    assert (facts(story)["scope3"], facts(story)["brussel0"], facts(story)["region0"]) == ("bru_may", True, "brussel")


# --- activation -----------------------------------------------------------------------------------------------------


def test_a_registration_that_ended_before_the_contract_does_not_count() -> None:
    story = Story()
    jobseeker(story, "2024-06-01")
    step(story, "2024-09-01", "deregistered")
    contract(story)
    assert facts(story)["reg_on"] is None
    story.given(a(JobseekerRegistered), on="2025-03-01", by=ACTIRIS)
    assert (facts(story)["reg_on"], facts(story)["reg_service"]) == (day("2025-03-01"), "actiris")


def test_a_standing_registration_may_precede_the_contract() -> None:
    story = Story()
    jobseeker(story, "2024-12-31")
    contract(story)
    assert (facts(story)["reg_on"], facts(story)["reg_net"]) == (day("2024-12-31"), -10)


def test_feedback_is_received_asked_or_not_asked() -> None:
    story = Story()
    contract(story)
    assert facts(story)["fb_state"] == "not_asked"
    referred(story)
    assert facts(story)["fb_state"] == "asked_no_answer"
    jobseeker(story)
    assert facts(story)["fb_state"] == "asked_no_answer"
    step(story, "2025-03-01")
    assert facts(story)["fb_state"] == "received"


def test_silences_are_cut_by_words_and_work() -> None:
    story = Story()
    jobseeker(story, "2025-01-01")
    step(story, "2025-02-01")
    job(story, "2025-03-01", evidence="dimona", by=VDAB)
    story.given(a(EmploymentEnded, job_id=ref("job")), on="2025-04-30", by=VDAB)
    subject = story.subject(on="2025-09-01")
    silences = subject.memo(silences_of)
    assert [(one.word.isoformat(), one.first.isoformat(), one.last and one.last.isoformat()) for one in silences] == [
        ("2025-01-01", "2025-01-01", "2025-01-31"),
        ("2025-02-01", "2025-02-01", "2025-02-28"),
        ("2025-04-30", "2025-05-01", None),
    ]
    counted = feedback_on(silences, day("2025-09-01"), 90)
    assert counted == (31 + 28 + 124, 31 + 28 + 90, 124)


def test_silence_ends_with_the_registration() -> None:
    story = Story()
    jobseeker(story, "2025-01-01")
    step(story, "2025-01-11", "deregistered")
    (silence,) = story.subject().memo(silences_of)
    assert silence == (day("2025-01-01"), day("2025-01-01"), day("2025-01-10"))
    assert feedback_on([silence], day("2025-06-01"), 90) == (10, 10, 10)


def test_attending_counts_for_the_kind_one_was_informed_on() -> None:
    story = Story()
    contract(story)
    story.given(a(InitiativeInformed, initiative="mentoring"), on="2025-03-01")
    story.given(a(InitiativeAttended, initiative="mentoring", state="started"), on="2025-02-01", by=VDAB)
    story.given(a(InitiativeAttended, initiative="job_event", state="started"), on="2025-03-02", by=VDAB)
    story.given(a(InitiativeAttended, initiative="mentoring", state="stopped"), on="2025-03-03", by=VDAB)
    assert facts(story)["att_on"] is None
    story.given(a(InitiativeAttended, initiative="mentoring", state="completed"), on="2025-03-04", by=VDAB)
    assert (facts(story)["att_on"], facts(story)["inf_kinds"]) == (day("2025-03-04"), ("mentoring",))


def test_an_unserved_jobseeker_on_the_day() -> None:
    story = Story()
    registered(story)
    contract(story)
    story.given(a(ProfileUpdated, valid_from="2025-01-10", benefit_status="none", work_status="jobless"), on="2025-01-10")
    jobseeker(story)
    assert (facts(story)["nug_d"], facts(story)["nug_on"]) == (True, day("2025-02-01"))
    story.given(a(FollowUpPlanRecorded, plan_id=ref("plan")), on="2025-03-01", by=VDAB)
    assert facts(story)["nug_d"] is False
    assert facts(story)["c16_state"] == "met"


# --- pathways, work -------------------------------------------------------------------------------------------------


def test_paid_work_starts_after_the_contract_and_leaves_out_student_and_supported_jobs() -> None:
    story = Story()
    contract(story)
    for name, kind, on in (
        ("same day", "fixed", "2025-01-10"),
        ("art", "art60", "2025-02-01"),
        ("student", "student", "2025-03-01"),
        ("paid", "maatwerk", "2025-04-01"),
    ):
        story.given(a(EmploymentStarted, job_id=ref(name), contract_kind=kind), on=on, by=VDAB)
    found = facts(story)
    assert (found["job1_on"], found["supp1_on"], found["job_d"]) == (day("2025-04-01"), day("2025-02-01"), True)


def test_overlapping_jobs_count_each_day_once() -> None:
    story = Story()
    contract(story)
    for name, start, end in (("a", "2025-02-01", "2025-02-10"), ("b", "2025-02-05", "2025-02-14"), ("c", "2025-03-01", "2025-03-01")):
        story.given(a(EmploymentStarted, job_id=ref(name)), on=start, by=VDAB)
        story.given(a(EmploymentEnded, job_id=ref(name)), on=end, by=VDAB)
    assert facts(story)["emp_365"] == 15


def test_the_last_day_of_a_job_is_a_day_of_work_and_the_next_is_announced() -> None:
    story = Story()
    contract(story)
    job(story, "2025-02-01", by=VDAB, evidence="dimona")
    story.given(a(EmploymentEnded, job_id=ref("job")), on="2025-02-10", by=VDAB)
    assert facts(story, on="2025-02-10")["job_d"] is True
    assert next_change(story.subject(on="2025-02-10")) == day("2025-02-11")
    assert facts(story, on="2025-02-11")["job_d"] is False


def test_trainings_editions_pilots_and_advanced_trajectories() -> None:
    story = Story()
    edition_planned(story)
    edition_started(story)
    contract(story)
    enrolled(story)
    completed(story)
    story.given(a(TrainingStarted, training_id=ref("t"), offer_id=None, remedies_deficit=None), on="2025-07-01", by=TRAINER)
    story.given(a(TrainingEnded, training_id=ref("t")), on="2025-08-01", by=TRAINER)
    story.given(a(PilotEnrolled, pilot_id=ref("pilot"), enrol_kind="offered"), on="2025-02-01")
    story.given(a(PilotEnrolled, pilot_id=ref("pilot"), enrol_kind="accepted"), on="2025-02-10")
    story.given(a(PilotLeft, pilot_id=ref("pilot")), on="2025-09-01")
    story.given(a(AdvancedTrajectoryStarted, adv_id=ref("adv"), pilot_id=None), on="2025-09-01")
    story.given(a(AdvancedTrajectoryEnded, adv_id=ref("adv")), on="2025-12-01")
    found = facts(story)
    assert (found["sec_on"], found["sec_out"], found["sec_n"], found["grp_on"]) == (day("2025-04-01"), "completed", 1, None)
    assert (found["train1_on"], found["train_done"]) == (day("2025-07-01"), 1)
    assert (found["adv_kind"], found["adv_out"]) == ("vervolgtraject", "job_at_level")
    assert msgspec.json.decode(found["pilots"]) == {  # type: ignore[arg-type]
        ref("pilot"): {"offered_on": "2025-02-01", "accepted_on": "2025-02-10", "left_on": "2025-09-01"}
    }
    assert references(story.subject()) >= {f"editie/{ref('edition')}", f"beleid/pilot/{ref('pilot')}"}


def test_recognition_and_evc() -> None:
    story = Story()
    dossier(story)
    decided(story)
    review = {"case_id": ref("case"), "decision_kind": "review", "outcome": "granted_lower", "granted_level": "hbo5", "deficits": []}
    story.given(a(RecognitionDecided, **review), on="2025-09-01", by=NARIC)
    story.given(a(EvcGuidanceStarted, evc_id=ref("evc")), on="2025-02-01")
    story.given(a(EvcPhaseCompleted, evc_id=ref("evc"), phase="assessment", outcome="failed"), on="2025-05-01")
    found = facts(story)
    assert (found["case_n"], found["case1_on"], found["rec_best"]) == (1, day("2025-01-15"), "granted_lower")
    assert (found["evc_on"], found["evc_assess_on"], found["evc_out"]) == (day("2025-02-01"), day("2025-05-01"), "failed")


def test_recommendations_that_do_not_fit() -> None:
    story = Story()
    offer_published(story)
    recommended(story)
    recommended(story, "2026-06-01")
    assert (facts(story)["rec_offer_n"], facts(story)["rec_offer_bad"]) == (2, 2)
    story.given(a(LanguageLevelAttained, levels={"speaking": "a2"}), on="2025-02-01")
    assert facts(story)["rec_offer_bad"] == 1
