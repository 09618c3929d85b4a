"""C04 to C08b and C15: the terms of a recognition file."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.codes.clock_state import ClockState, Party, Side
from ledger.codes.contract import EndingReason
from ledger.entry import OpenEntry
from ledger.events.contract import TrajectoryEnded
from ledger.events.diploma import DiplomaDossierSubmitted, PostDecisionOrientationGiven, RecognitionDecided, RecognitionFileStatusChanged
from ledger.events.policy import NormSet
from tests.given import AGENCY, CARE_DEPARTMENT, NARIC, POLICY, Publisher, Story, a, ref

CASE = ref("case")


def submitted(story: Story, on: str, procedure: str = "specific_he", *, by: Publisher = AGENCY, guided: bool = True) -> OpenEntry:
    authority = "naric" if procedure in ("level_he", "level_se", "specific_he", "specific_se", "doctorate") else "departement_zorg"
    if procedure == "visum":
        authority = "fod_volksgezondheid"
    changes = {"case_id": CASE, "procedure": procedure, "authority": authority, "guided_by_agency": guided, "previous_case": None}
    return story.given(a(DiplomaDossierSubmitted, **changes), on=on, by=by)


def status(story: Story, on: str, status: str, *, by: Publisher = NARIC) -> OpenEntry:
    return story.given(a(RecognitionFileStatusChanged, case_id=CASE, status=status), on=on, by=by)


def decided(story: Story, on: str, kind: str = "initial", outcome: str = "partial", *, by: Publisher = NARIC) -> OpenEntry:
    authority, procedure = ("naric", "specific_he") if by is NARIC else ("departement_zorg", "professional_general")
    changes = {"decision_kind": kind, "outcome": outcome, "authority": authority, "procedure": procedure}
    return story.given(a(RecognitionDecided, case_id=CASE, **changes), on=on, by=by)


def oriented(story: Story, on: str) -> OpenEntry:
    return story.given(a(PostDecisionOrientationGiven, case_id=CASE), on=on)


class TestNaricsTerm:
    @pytest.fixture
    def story(self) -> Story:
        """Worked example 1."""
        story = Story()
        submitted(story, "2025-04-18")
        status(story, "2025-05-12", "complete")
        status(story, "2025-06-02", "awaiting_payment")
        status(story, "2025-06-10", "resumed")
        status(story, "2025-07-01", "awaiting_original")
        status(story, "2025-07-08", "authenticity_check")
        status(story, "2025-07-22", "resumed")
        return story

    def test_worked_example_one_while_it_is_paused(self, story: Story) -> None:
        clock = story.clock("C05", on="2025-07-10")
        assert (clock.state, clock.deadline, clock.paused, clock.next_change) == (
            ClockState.PAUSED,
            date(2025, 9, 26),
            17,
            date(2025, 7, 11),
        )

    def test_worked_example_one_decided_on_the_deadline(self, story: Story) -> None:
        decided(story, "2025-10-08")
        clock = story.clock("C05")
        assert (clock.state, clock.deadline, clock.paused) == (ClockState.MET, date(2025, 10, 8), 29)
        assert (clock.elapsed, clock.gross) == (120, 173)

    def test_worked_example_one_decided_a_day_later(self, story: Story) -> None:
        decided(story, "2025-10-09")
        clock = story.clock("C05")
        assert (clock.state, clock.elapsed) == (ClockState.BREACHED_CLOSED, 121)

    def test_it_runs_against_naric_and_never_against_the_person(self, story: Story) -> None:
        clock = story.clock("C05")
        assert (clock.against, clock.org, clock.side, clock.case) == (Party.NARIC, NARIC.org, Side.SYSTEM, CASE)

    @pytest.mark.parametrize(
        ("procedure", "clock", "period"),
        [
            ("level_he", "C04", "P60D"),
            ("level_se", "C05", "P120D"),
            ("specific_he", "C05", "P120D"),
            ("specific_se", "C05", "P120D"),
            ("doctorate", "C05", "P120D"),
        ],
    )
    def test_the_procedure_says_which_term(self, procedure: str, clock: str, period: str) -> None:
        story = Story()
        submitted(story, "2025-01-01", procedure)
        status(story, "2025-02-01", "complete")
        (only,) = (one for one in story.subject().clocks if one.clock in ("C04", "C05", "C08"))
        assert (only.clock, only.period) == (clock, period)

    def test_submission_and_receipt_start_nothing(self) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-01-03", "received")
        assert story.clocks("C05") == ()

    def test_asking_for_advice_does_not_pause(self) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-02-01", "complete")
        status(story, "2025-03-01", "advice_requested")
        assert story.clock("C05", on="2025-03-10").state == ClockState.RUNNING

    @pytest.mark.parametrize("pausing", ["incomplete", "awaiting_payment", "awaiting_applicant", "awaiting_original", "authenticity_check"])
    def test_what_pauses(self, pausing: str) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-02-01", "complete")
        status(story, "2025-03-01", pausing)
        assert story.clock("C05", on="2025-03-10").state == ClockState.PAUSED
        status(story, "2025-03-11", "complete")
        assert (story.clock("C05", on="2025-03-11").state, story.clock("C05").paused) == (ClockState.RUNNING, 10)

    @pytest.mark.parametrize("ending", ["withdrawn", "closed_no_documents"])
    def test_a_file_given_up_ends_it_neutrally(self, ending: str) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-02-01", "complete")
        status(story, "2025-03-01", ending)
        assert story.clock("C05").state == ClockState.NEUTRAL_END

    def test_a_file_taken_up_again_starts_anew(self) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-02-01", "complete")
        status(story, "2025-03-01", "withdrawn")
        status(story, "2025-06-01", "complete")
        assert [(clock.case, clock.start) for clock in story.clocks("C05")] == [
            (CASE, date(2025, 2, 1)),
            (f"{CASE}#2", date(2025, 6, 1)),
        ]

    def test_only_the_initial_decision_stops_it(self) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-02-01", "complete")
        decided(story, "2025-03-01", "lower_level")
        assert story.clock("C05", on="2025-03-01").state == ClockState.RUNNING

    def test_a_review_is_no_new_request(self) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-02-01", "complete")
        decided(story, "2025-03-01")
        status(story, "2025-04-01", "review_requested")
        status(story, "2025-04-10", "complete")
        assert [clock.state for clock in story.clocks("C05")] == [ClockState.MET]

    def test_without_a_submission_or_decision_the_procedure_is_unknown(self) -> None:
        story = Story()
        status(story, "2025-02-01", "complete")
        assert (story.clock("C04").state, story.clock("C05").state) == (ClockState.UNKNOWN, ClockState.UNKNOWN)
        assert story.clocks("C08") == ()

    def test_the_decision_tells_the_procedure_too(self) -> None:
        story = Story()
        status(story, "2025-02-01", "complete")
        decided(story, "2025-03-01")
        assert (story.clock("C05").state, story.clock("C05").gross) == (ClockState.MET, 28)
        assert story.clocks("C04") == ()

    def test_the_authority_knows_its_procedure_better_than_the_agency(self) -> None:
        story = Story()
        submitted(story, "2025-01-01", "level_he")
        submitted(story, "2025-01-02", "specific_he", by=NARIC)
        status(story, "2025-02-01", "complete")
        assert story.clocks("C04") == ()
        assert len(story.clocks("C05")) == 1


class TestOtherAuthorities:
    @pytest.mark.parametrize(
        ("procedure", "period"),
        [("professional_automatic", "P3M"), ("professional_general", "P4M"), ("title_specialist", "P4M")],
    )
    def test_the_general_system_has_a_month_more(self, procedure: str, period: str) -> None:
        story = Story()
        submitted(story, "2024-10-01", procedure)
        status(story, "2024-11-30", "complete", by=CARE_DEPARTMENT)
        clock = story.clock("C08", on="2024-12-01")
        deadline = {"P3M": date(2025, 2, 28), "P4M": date(2025, 3, 30)}[period]
        assert (clock.period, clock.deadline) == (period, deadline)
        assert (clock.against, clock.org) == (Party.RECOGNITION_AUTHORITY, CARE_DEPARTMENT.org)

    def test_a_visum_has_no_term(self) -> None:
        story = Story()
        submitted(story, "2025-01-01", "visum")
        status(story, "2025-02-01", "complete", by=CARE_DEPARTMENT)
        assert story.clocks("C08") == ()

    def test_a_norm_in_another_unit_gets_the_extra_month_added_on(self) -> None:
        story = Story()
        changes = {"clock": "C08", "period": "P60D", "kind": "duty", "source": "framework", "valid_from": "2024-01-01"}
        story.given(a(NormSet, **changes), on="2024-01-01", by=POLICY, stream="beleid/norm/C08")
        submitted(story, "2025-01-01", "professional_general")
        status(story, "2025-02-01", "complete", by=CARE_DEPARTMENT)
        assert story.clock("C08").deadline == date(2025, 5, 2)

    def test_any_decision_stops_it(self) -> None:
        story = Story()
        submitted(story, "2025-01-01", "professional_general")
        status(story, "2025-02-01", "complete", by=CARE_DEPARTMENT)
        decided(story, "2025-06-01", "lower_level", by=CARE_DEPARTMENT)
        assert story.clock("C08").state == ClockState.MET

    def test_unknown_until_somebody_tells_the_procedure(self) -> None:
        story = Story()
        status(story, "2025-02-01", "complete", by=CARE_DEPARTMENT)
        assert story.clock("C08").state == ClockState.UNKNOWN
        assert story.clocks("C04") == story.clocks("C05") == ()

    @pytest.mark.parametrize("word", ["received", "incomplete", "complete"])
    def test_receipt_is_to_be_acknowledged_in_a_month(self, word: str) -> None:
        story = Story()
        submitted(story, "2025-01-31", "professional_automatic")
        assert story.clock("C08b", on="2025-02-28").state == ClockState.RUNNING
        assert story.clock("C08b", on="2025-03-01").state == ClockState.BREACHED_OPEN
        status(story, "2025-02-28", word, by=CARE_DEPARTMENT)
        assert story.clock("C08b").state == ClockState.MET

    @pytest.mark.parametrize("procedure", ["specific_he", "visum", "title_specialist"])
    def test_only_under_the_directive(self, procedure: str) -> None:
        story = Story()
        submitted(story, "2025-01-31", procedure)
        assert story.clocks("C08b") == ()


class TestMissingDocuments:
    def test_six_months_from_each_incomplete(self) -> None:
        story = Story()
        submitted(story, "2025-01-01")
        status(story, "2025-01-31", "incomplete")
        status(story, "2025-03-01", "complete")
        status(story, "2025-04-01", "incomplete")
        first, second = story.clocks("C06", on="2025-04-02")
        assert (first.state, first.elapsed, first.case) == (ClockState.MET, 29, f"{CASE}/2025-01-31")
        assert (second.state, second.deadline, second.side) == (ClockState.RUNNING, date(2025, 10, 1), Side.PERSON)

    def test_a_breach(self) -> None:
        story = Story()
        status(story, "2025-01-31", "incomplete")
        assert story.clock("C06", on="2025-07-31").state == ClockState.RUNNING
        assert story.clock("C06", on="2025-08-01").state == ClockState.BREACHED_OPEN

    def test_closing_the_file_is_neutral(self) -> None:
        story = Story()
        status(story, "2025-01-31", "incomplete")
        status(story, "2025-07-31", "closed_no_documents")
        assert story.clock("C06").state == ClockState.NEUTRAL_END


class TestReview:
    def test_a_review_may_be_asked_for_six_months(self) -> None:
        story = Story()
        decided(story, "2025-01-31")
        clock = story.clock("C07", on="2025-07-31")
        assert (clock.state, clock.case) == (ClockState.RUNNING, f"{CASE}/initial")
        assert story.clock("C07", on="2025-08-01").state == ClockState.UNUSED

    def test_asking_meets_it(self) -> None:
        story = Story()
        decided(story, "2025-01-31")
        status(story, "2025-03-01", "review_requested")
        assert story.clock("C07").state == ClockState.MET

    def test_what_was_granted_as_requested_leaves_nothing_to_review(self) -> None:
        story = Story()
        decided(story, "2025-01-31", outcome="granted_as_requested")
        assert story.clocks("C07") == ()

    def test_each_kind_of_decision_has_its_own(self) -> None:
        story = Story()
        decided(story, "2025-01-31")
        decided(story, "2025-06-01", "review", "refused")
        assert [clock.case for clock in story.clocks("C07")] == [f"{CASE}/initial", f"{CASE}/review"]


class TestOrientationAfterTheDecision:
    def test_the_guiding_agency_has_thirty_days(self) -> None:
        story = Story()
        submitted(story, "2024-10-01")
        decided(story, "2025-01-01")
        clock = story.clock("C15", on="2025-01-31")
        assert (clock.state, clock.org, clock.against) == (ClockState.RUNNING, AGENCY.org, Party.AGENCY)
        assert story.clock("C15", on="2025-02-01").state == ClockState.BREACHED_OPEN
        oriented(story, "2025-01-31")
        assert story.clock("C15").state == ClockState.MET

    def test_and_again_after_a_review_but_not_after_a_lower_level(self) -> None:
        story = Story()
        submitted(story, "2024-10-01")
        decided(story, "2025-01-01")
        decided(story, "2025-03-01", "lower_level")
        decided(story, "2025-06-01", "review")
        oriented(story, "2025-06-10")
        assert [(clock.case, clock.state) for clock in story.clocks("C15")] == [
            (f"{CASE}/initial", ClockState.BREACHED_CLOSED),
            (f"{CASE}/review", ClockState.MET),
        ]

    def test_not_for_a_case_that_nobody_guides(self) -> None:
        story = Story()
        submitted(story, "2024-10-01", by=NARIC, guided=False)
        decided(story, "2025-01-01")
        assert story.clocks("C15") == ()

    def test_the_agencys_word_that_it_guides_is_enough(self) -> None:
        story = Story()
        submitted(story, "2024-10-01", by=NARIC, guided=False)
        submitted(story, "2024-10-02")
        decided(story, "2025-01-01")
        assert len(story.clocks("C15")) == 1

    def test_without_a_submission_it_is_unknown(self) -> None:
        story = Story()
        decided(story, "2025-01-01")
        assert story.clock("C15").state == ClockState.UNKNOWN

    @pytest.mark.parametrize("reason", [EndingReason.DECEASED, EndingReason.MOVED_ABROAD])
    def test_death_and_departure_are_neutral(self, reason: EndingReason) -> None:
        story = Story()
        submitted(story, "2024-10-01")
        decided(story, "2025-01-01")
        story.given(a(TrajectoryEnded, reason=reason), on="2025-01-20")
        assert story.clock("C15").state == ClockState.NEUTRAL_END

    def test_another_end_of_the_trajectory_is_not(self) -> None:
        story = Story()
        submitted(story, "2024-10-01")
        decided(story, "2025-01-01")
        story.given(a(TrajectoryEnded, reason=EndingReason.ATTEST), on="2025-01-20")
        assert story.clock("C15", on="2025-01-20").state == ClockState.RUNNING
