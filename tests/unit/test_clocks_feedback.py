"""C10 and C11: what the services report on a registered jobseeker."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.codes.clock_state import ClockState, Party, Side
from ledger.codes.contract import EndingReason
from ledger.codes.roles import Role
from ledger.entry import OpenEntry
from ledger.events.contract import TrajectoryEnded
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered
from ledger.events.work import EmploymentEnded, EmploymentStarted
from tests.given import ACTIRIS, AGENCY, OCMW, VDAB, Publisher, Story, a, ref


def registered(story: Story, on: str, by: Publisher = VDAB) -> OpenEntry:
    return story.given(a(JobseekerRegistered), on=on, by=by)


def step(story: Story, on: str, state: str = "done", step: str = "intake_interview", by: Publisher = VDAB) -> OpenEntry:
    return story.given(a(ActivationStepReported, step=step, state=state), on=on, by=by)


def deregistered(story: Story, on: str, by: Publisher = VDAB) -> OpenEntry:
    return step(story, on, step="deregistered", by=by)


def works(story: Story, first: str, last: str | None = None, job: str = "job", by: Publisher = VDAB) -> None:
    evidence = "self_report" if by.role is Role.AGENCY else "dimona"
    story.given(a(EmploymentStarted, job_id=ref(job), evidence=evidence), on=first, by=by)
    if last:
        story.given(a(EmploymentEnded, job_id=ref(job)), on=last, by=by)


class TestFirstStep:
    def test_it_runs_three_weeks_against_the_service(self) -> None:
        story = Story()
        registration = registered(story, "2025-01-10")
        clock = story.clock("C10", on="2025-01-31")
        assert (clock.state, clock.deadline, clock.case) == (ClockState.RUNNING, date(2025, 1, 31), registration.id)
        assert (clock.against, clock.org, clock.side) == (Party.VDAB, VDAB.org, Side.SYSTEM)
        assert story.clock("C10", on="2025-02-01").state == ClockState.BREACHED_OPEN

    @pytest.mark.parametrize("state", ["started", "done"])
    def test_a_step_that_happened_meets_it(self, state: str) -> None:
        story = Story()
        registered(story, "2025-01-10")
        step(story, "2025-01-31", state)
        assert story.clock("C10").state == ClockState.MET

    @pytest.mark.parametrize("state", ["planned", "not_shown", "refused", "stopped"])
    def test_a_step_that_did_not_does_not(self, state: str) -> None:
        story = Story()
        registered(story, "2025-01-10")
        step(story, "2025-01-31", state)
        assert story.clock("C10", on="2025-01-31").state == ClockState.RUNNING

    def test_nor_does_one_of_another_service_or_from_before(self) -> None:
        story = Story()
        step(story, "2025-01-09")
        registered(story, "2025-01-10")
        step(story, "2025-01-20", by=OCMW)
        step(story, "2025-01-20", by=ACTIRIS)
        assert story.clock("C10", on="2025-01-31").state == ClockState.RUNNING

    def test_a_job_ends_it_neutrally(self) -> None:
        story = Story()
        registered(story, "2025-01-10")
        works(story, "2025-01-31")
        assert story.clock("C10").state == ClockState.NEUTRAL_END

    def test_so_does_deregistration_which_is_no_first_step(self) -> None:
        story = Story()
        registered(story, "2025-01-10")
        deregistered(story, "2025-01-31")
        assert (story.clock("C10").state, story.clock("C10").end) == (ClockState.NEUTRAL_END, date(2025, 1, 31))

    def test_each_registration_has_its_own(self) -> None:
        story = Story()
        registered(story, "2025-01-10")
        registered(story, "2025-01-12", by=ACTIRIS)
        step(story, "2025-01-20", by=ACTIRIS)
        assert [(clock.against, clock.state) for clock in story.clocks("C10", on="2025-01-25")] == [
            (Party.VDAB, ClockState.RUNNING),
            (Party.ACTIRIS, ClockState.MET),
        ]


class TestOngoingFeedback:
    def test_each_step_closes_one_link_and_opens_the_next(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        step(story, "2025-04-01")  # day 90
        step(story, "2025-07-01", "refused")  # day 91
        links = story.clocks("C11", on="2025-07-02")
        assert [(link.case, link.state, link.elapsed) for link in links] == [
            ("vdab/2025-01-01", ClockState.MET, 90),
            ("vdab/2025-04-01", ClockState.BREACHED_CLOSED, 91),
            ("vdab/2025-07-01", ClockState.RUNNING, None),
        ]
        assert links[-1].next_change == date(2025, 9, 30)
        assert story.clocks("C11", on="2025-09-30")[-1].state == ClockState.BREACHED_OPEN

    def test_a_step_on_the_day_of_registration_closes_the_first_link(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        step(story, "2025-01-01")
        assert [(link.start, link.state) for link in story.clocks("C11", on="2025-01-02")] == [
            (date(2025, 1, 1), ClockState.MET),
            (date(2025, 1, 1), ClockState.RUNNING),
        ]

    def test_two_steps_on_one_day_are_one(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        step(story, "2025-02-01")
        step(story, "2025-02-01", step="orientation")
        assert len(story.clocks("C11", on="2025-02-02")) == 2

    def test_the_steps_of_others_are_no_feedback(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        step(story, "2025-02-01", by=OCMW)
        assert len(story.clocks("C11", on="2025-02-02")) == 1

    def test_a_job_ends_the_link_and_the_next_starts_on_the_last_employed_day(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        works(story, "2025-02-01")
        (link,) = story.clocks("C11", on="2025-12-31")
        assert (link.state, link.end) == (ClockState.NEUTRAL_END, date(2025, 2, 1))
        works(story, "2025-03-01", "2025-08-31", job="second")
        assert len(story.clocks("C11", on="2025-12-31")) == 1  # the first job still goes on
        story.given(a(EmploymentEnded, job_id=ref("job")), on="2025-06-30", by=VDAB)
        assert [link.start for link in story.clocks("C11", on="2025-08-31")] == [date(2025, 1, 1), date(2025, 8, 31)]

    def test_jobs_that_follow_each_other_leave_no_link_between(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        works(story, "2025-02-01", "2025-02-28", job="first")
        works(story, "2025-03-01", job="second")
        assert len(story.clocks("C11")) == 1

    def test_a_step_while_employed_starts_nothing(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        works(story, "2025-02-01", "2025-06-30")
        step(story, "2025-04-01")
        assert [link.start for link in story.clocks("C11", on="2025-07-01")] == [date(2025, 1, 1), date(2025, 6, 30)]

    def test_registering_while_employed_starts_it_after_the_job(self) -> None:
        story = Story()
        works(story, "2024-12-01", "2025-06-30")
        registered(story, "2025-01-01")
        assert story.clocks("C11", on="2025-06-29") == ()
        assert story.clock("C11", on="2025-06-30").start == date(2025, 6, 30)

    def test_deregistration_ends_it_and_a_new_registration_starts_anew(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        deregistered(story, "2025-02-01")
        registered(story, "2025-06-01")
        assert [(link.start, link.state) for link in story.clocks("C11", on="2025-06-02")] == [
            (date(2025, 1, 1), ClockState.NEUTRAL_END),
            (date(2025, 6, 1), ClockState.RUNNING),
        ]

    def test_registering_again_while_registered_changes_nothing(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        registered(story, "2025-02-01")
        assert [link.start for link in story.clocks("C11")] == [date(2025, 1, 1)]

    def test_the_end_of_the_trajectory_does_not_end_it_but_death_does(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        story.given(a(TrajectoryEnded, reason=EndingReason.ATTEST), on="2025-02-01")
        assert story.clock("C11", on="2025-02-02").state == ClockState.RUNNING
        story.given(a(TrajectoryEnded, reason=EndingReason.DECEASED), on="2025-02-10")
        step(story, "2025-03-01")
        assert story.clock("C11").state == ClockState.NEUTRAL_END

    def test_the_services_have_chains_of_their_own(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        registered(story, "2025-01-01", by=ACTIRIS)
        assert [(link.case, link.against) for link in story.clocks("C11")] == [
            ("actiris/2025-01-01", Party.ACTIRIS),
            ("vdab/2025-01-01", Party.VDAB),
        ]

    def test_a_job_confirmed_by_the_service_counts_with_its_dates(self) -> None:
        story = Story()
        registered(story, "2025-01-01")
        works(story, "2025-02-10", job="one", by=AGENCY)
        works(story, "2025-02-01", job="one", by=VDAB)
        assert story.clock("C11").end == date(2025, 2, 1)
