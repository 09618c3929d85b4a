"""C12 and C13: after a sector trajectory. C16: the jobseeker without benefit whom nobody follows up."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.codes.clock_state import ClockState, Party, Side
from ledger.codes.contract import EndingReason
from ledger.codes.person import BenefitStatus, WorkStatus
from ledger.entry import OpenEntry
from ledger.events.contract import ContractSigned, TrajectoryEnded
from ledger.events.edition import EditionParticipantEnrolled, EditionParticipationEnded, EditionPlanned, PerspectiveRecorded
from ledger.events.identity import ProfileUpdated
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.vdab import ActivationStepReported, FollowUpPlanRecorded, JobseekerRegistered
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingStarted
from tests.given import AGENCY, ORGANISER, TRAINER, VDAB, Story, a, ref

EDITION, ENROLMENT, REFERRAL = ref("edition"), ref("enrolment"), ref("referral")


def planned(story: Story, kind: str = "sector_trajectory") -> OpenEntry:
    payload = a(EditionPlanned, edition_id=EDITION, edition_kind=kind, sectors=("care",), audience=("nug",))
    return story.given(payload, on="2024-11-01", by=ORGANISER, stream=f"editie/{EDITION}")


def completed(story: Story, on: str = "2025-01-10", outcome: str = "completed") -> OpenEntry:
    payload = a(EditionParticipationEnded, enrolment_id=ENROLMENT, edition_id=EDITION, outcome=outcome)
    return story.given(payload, on=on, by=ORGANISER)


def handed_over(story: Story, on: str, edition: str | None = EDITION, kind: str = "warm_handover", name: str = "referral") -> OpenEntry:
    payload = a(ReferralMade, referral_id=ref(name), target="vdab", target_org=VDAB.org, kind=kind, edition_id=edition)
    return story.given(payload, on=on)


def taken_up(story: Story, on: str, first_action: str, name: str = "referral") -> OpenEntry:
    payload = a(ReferralAnswered, referral_id=ref(name), answer="taken_up", first_action_on=first_action, refusal=None)
    return story.given(payload, on=on, by=VDAB)


@pytest.fixture
def story() -> Story:
    story = Story()
    planned(story)
    completed(story)
    return story


class TestWarmHandover:
    def test_without_a_handover_it_runs_two_weeks_against_the_agency(self, story: Story) -> None:
        clock = story.clock("C12", on="2025-01-24")
        assert (clock.state, clock.against, clock.side, clock.case) == (ClockState.RUNNING, Party.AGENCY, Side.SYSTEM, ENROLMENT)
        assert story.clock("C12", on="2025-01-25").state == ClockState.BREACHED_OPEN

    def test_with_one_it_runs_against_the_activation_partner(self, story: Story) -> None:
        handed_over(story, "2025-01-12")
        assert (story.clock("C12").against, story.clock("C12").org) == (Party.VDAB, VDAB.org)

    def test_the_first_action_of_a_taken_up_handover_meets_it(self, story: Story) -> None:
        handed_over(story, "2025-01-08")
        taken_up(story, "2025-01-30", "2025-01-24")
        clock = story.clock("C12")
        assert (clock.state, clock.stop) == (ClockState.MET, date(2025, 1, 24))

    def test_an_action_that_is_still_to_come_counts_from_its_day_on(self, story: Story) -> None:
        handed_over(story, "2025-01-08")
        taken_up(story, "2025-01-15", "2025-01-20")
        clock = story.clock("C12", on="2025-01-16")
        assert (clock.state, clock.stop, clock.next_change) == (ClockState.RUNNING, None, date(2025, 1, 20))
        assert story.clock("C12", on="2025-01-20").state == ClockState.MET

    def test_a_standard_referral_is_no_handover(self, story: Story) -> None:
        handed_over(story, "2025-01-12", kind="standard")
        taken_up(story, "2025-01-15", "2025-01-15")
        assert (story.clock("C12", on="2025-01-16").state, story.clock("C12").against) == (ClockState.RUNNING, Party.AGENCY)

    def test_nor_is_the_handover_of_another_edition(self, story: Story) -> None:
        handed_over(story, "2025-01-12", edition=ref("another"))
        taken_up(story, "2025-01-15", "2025-01-15")
        assert story.clock("C12", on="2025-01-16").state == ClockState.RUNNING

    def test_one_that_names_no_edition_counts_after_the_end(self, story: Story) -> None:
        handed_over(story, "2025-01-09", edition=None, name="before")
        taken_up(story, "2025-01-15", "2025-01-15", name="before")
        assert story.clock("C12", on="2025-01-16").state == ClockState.RUNNING
        handed_over(story, "2025-01-12", edition=None)
        taken_up(story, "2025-01-16", "2025-01-16")
        assert story.clock("C12").stop == date(2025, 1, 16)

    @pytest.mark.parametrize(("state", "expected"), [("started", "met"), ("done", "met"), ("planned", "running")])
    def test_a_step_of_an_activation_partner_meets_it(self, story: Story, state: str, expected: str) -> None:
        story.given(a(ActivationStepReported, step="intake_interview", state=state), on="2025-01-24", by=VDAB)
        assert story.clock("C12", on="2025-01-24").state == expected

    def test_leaving_the_service_is_no_guidance(self, story: Story) -> None:
        story.given(a(ActivationStepReported, step="deregistered", state="done"), on="2025-01-20", by=VDAB)
        assert story.clock("C12", on="2025-01-24").state == ClockState.RUNNING

    def test_work_meets_it(self, story: Story) -> None:
        story.given(a(EmploymentStarted), on="2025-01-24", by=VDAB)
        assert story.clock("C12").state == ClockState.MET

    def test_training_meets_it(self, story: Story) -> None:
        story.given(a(TrainingStarted), on="2025-01-24", by=TRAINER)
        assert story.clock("C12").state == ClockState.MET

    def test_late_is_late(self, story: Story) -> None:
        story.given(a(TrainingStarted), on="2025-01-25", by=TRAINER)
        assert (story.clock("C12").state, story.clock("C12").elapsed) == (ClockState.BREACHED_CLOSED, 15)


class TestWhatStartsThem:
    @pytest.mark.parametrize("outcome", ["dropped_job", "dropped_training", "dropped_other", "never_started"])
    def test_only_completion(self, outcome: str) -> None:
        story = Story()
        planned(story)
        payload = a(EditionParticipationEnded, enrolment_id=ENROLMENT, edition_id=EDITION, outcome=outcome, attended_min=0)
        story.given(payload, on="2025-01-10", by=ORGANISER)
        assert story.clocks("C12") == story.clocks("C13") == ()

    def test_only_sector_trajectories(self) -> None:
        story = Story()
        planned(story, "group_offer")
        completed(story)
        assert story.clocks("C12") == story.clocks("C13") == ()

    def test_while_the_edition_is_not_known_they_cannot_be_judged(self) -> None:
        story = Story()
        completed(story)
        assert (story.clock("C12").state, story.clock("C13").state) == (ClockState.UNKNOWN, ClockState.UNKNOWN)
        planned(story)
        assert story.clock("C12", on="2025-01-11").state == ClockState.RUNNING

    def test_as_known_before_the_edition_was(self) -> None:
        late = Story()
        completed(late)
        arrival = planned(late)
        assert late.clock("C13", known_at=arrival.position - 1).state == ClockState.UNKNOWN


class TestPerspective:
    def test_thirty_days_for_the_organiser(self, story: Story) -> None:
        clock = story.clock("C13", on="2025-02-09")
        assert (clock.state, clock.against, clock.org) == (ClockState.RUNNING, Party.ORGANISER, ORGANISER.org)
        assert story.clock("C13", on="2025-02-10").state == ClockState.BREACHED_OPEN

    def test_a_perspective_for_the_same_enrolment_meets_it(self, story: Story) -> None:
        story.given(a(PerspectiveRecorded, enrolment_id=ref("another")), on="2025-01-20", by=ORGANISER)
        assert story.clock("C13", on="2025-01-20").state == ClockState.RUNNING
        story.given(a(PerspectiveRecorded, enrolment_id=ENROLMENT), on="2025-02-09", by=ORGANISER)
        assert story.clock("C13").state == ClockState.MET


def profile(story: Story, valid_from: str, **changes: object) -> OpenEntry:
    payload = ProfileUpdated(valid_from=date.fromisoformat(valid_from), **changes)  # type: ignore[arg-type]
    return story.given(payload, on=valid_from)


def plan(story: Story, on: str, state: str = "opened") -> OpenEntry:
    return story.given(a(FollowUpPlanRecorded, plan_id=ref("plan"), plan_kind="afsprakenblad", state=state), on=on, by=VDAB)


class TestUnfollowedJobseekers:
    @pytest.fixture
    def story(self) -> Story:
        """NUG from 5 January, under contract from the 10th, registered from the 20th."""
        story = Story()
        profile(story, "2025-01-05", benefit_status=BenefitStatus.NONE, work_status=WorkStatus.JOBLESS)
        story.given(a(ContractSigned, contract_id=ref("contract"), work_status="jobless"), on="2025-01-10")
        story.given(a(JobseekerRegistered), on="2025-01-20", by=VDAB)
        return story

    def test_it_starts_on_the_first_day_that_all_conditions_hold(self, story: Story) -> None:
        clock = story.clock("C16", on="2025-04-20")
        assert (clock.state, clock.start, clock.deadline, clock.case) == (
            ClockState.RUNNING,
            date(2025, 1, 20),
            date(2025, 4, 20),
            "2025-01-20",
        )
        assert (clock.against, clock.org) == (Party.AGENCY_AND_PARTNER, AGENCY.org)
        assert story.clock("C16", on="2025-04-21").state == ClockState.BREACHED_OPEN
        assert story.clocks("C16", on="2025-01-19") == ()

    @pytest.mark.parametrize("missing", range(3))
    def test_each_condition_is_needed(self, story: Story, missing: int) -> None:
        story.retracted(story.entries[missing])
        assert story.clocks("C16") == ()

    def test_someone_with_a_benefit_is_no_nug(self, story: Story) -> None:
        profile(story, "2025-01-15", benefit_status=BenefitStatus.LEEFLOON)
        assert story.clocks("C16") == ()

    def test_a_plan_meets_it(self, story: Story) -> None:
        plan(story, "2025-04-20")
        assert story.clock("C16").state == ClockState.MET

    def test_an_open_plan_keeps_it_from_starting(self, story: Story) -> None:
        plan(story, "2025-01-12")
        assert story.clocks("C16") == ()

    def test_a_place_in_a_group_offer_meets_it_and_one_in_a_sector_trajectory_does_not(self, story: Story) -> None:
        edition = planned(story, "group_offer")
        story.given(a(EditionParticipantEnrolled, edition_id=EDITION), on="2025-03-01", by=ORGANISER)
        assert story.clock("C16").state == ClockState.MET
        story.retracted(edition)
        planned(story, "sector_trajectory")
        assert story.clock("C16", on="2025-03-01").state == ClockState.RUNNING

    def test_work_ends_it_neutrally(self, story: Story) -> None:
        story.given(a(EmploymentStarted, job_id=ref("job")), on="2025-03-01", by=VDAB)
        assert story.clock("C16").state == ClockState.NEUTRAL_END

    def test_so_does_training(self, story: Story) -> None:
        story.given(a(TrainingStarted), on="2025-03-01", by=TRAINER)
        assert [clock.state for clock in story.clocks("C16")] == [ClockState.NEUTRAL_END]

    def test_so_does_a_benefit_from_the_day_it_holds(self, story: Story) -> None:
        payload = ProfileUpdated(benefit_status=BenefitStatus.UNEMPLOYMENT, valid_from=date(2025, 3, 1))
        story.given(payload, on="2025-05-01")
        assert (story.clock("C16").state, story.clock("C16").end) == (ClockState.NEUTRAL_END, date(2025, 3, 1))

    def test_so_does_the_end_of_the_trajectory(self, story: Story) -> None:
        story.given(a(TrajectoryEnded, contract_id=ref("contract"), reason=EndingReason.WITHDREW), on="2025-03-01")
        assert story.clock("C16").state == ClockState.NEUTRAL_END

    def test_deregistering_does_not_end_a_spell(self, story: Story) -> None:
        story.given(a(ActivationStepReported, step="deregistered", state="done"), on="2025-03-01", by=VDAB)
        story.given(a(JobseekerRegistered), on="2025-03-10", by=VDAB)
        assert [clock.start for clock in story.clocks("C16", on="2025-03-20")] == [date(2025, 1, 20)]

    def test_a_closed_plan_opens_a_new_spell(self, story: Story) -> None:
        plan(story, "2025-02-01")
        plan(story, "2025-06-01", "closed")
        assert [(clock.start, clock.state) for clock in story.clocks("C16", on="2025-06-10")] == [
            (date(2025, 1, 20), ClockState.MET),
            (date(2025, 6, 1), ClockState.RUNNING),
        ]

    def test_the_loss_of_a_job_opens_one_on_the_day_after_the_last_employed_day(self, story: Story) -> None:
        story.given(a(EmploymentStarted, job_id=ref("job")), on="2025-02-01", by=VDAB)
        story.given(a(EmploymentEnded, job_id=ref("job")), on="2025-05-31", by=VDAB)
        first, coming = story.clocks("C16", on="2025-05-31")
        assert first.state == ClockState.NEUTRAL_END
        assert (coming.state, coming.start, coming.next_change) == (ClockState.NOT_STARTED, date(2025, 6, 1), date(2025, 6, 1))
        assert story.clocks("C16", on="2025-06-01")[1].state == ClockState.RUNNING
