"""C01, C02 and C03: what a contract starts."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.codes.clock_state import ClockState, Party, Side
from ledger.codes.contract import EndingReason, TrajectoryPart
from ledger.codes.person import WorkStatus
from ledger.codes.vdab import ActivationStep, StepState
from ledger.entry import OpenEntry
from ledger.events.contract import ContractResumed, ContractSigned, ContractSuspended, ExemptionGranted, TrajectoryEnded
from ledger.events.course import MoCourseStarted
from ledger.events.identity import PersonRegistered, ProfileUpdated
from ledger.events.policy import NormSet
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered
from tests.given import ACTIRIS, AGENCY, IDENTITY, POLICY, VDAB, Story, a, ref

CONTRACT = ref("contract")
FLANDERS, BRUSSELS = "12025", "21004"


def person(nis: str = FLANDERS) -> Story:
    story = Story()
    story.given(a(PersonRegistered, residence_nis=nis), on="2024-12-01")
    return story


def signed(story: Story, on: str = "2025-01-10", /, **changes: object) -> OpenEntry:
    return story.given(a(ContractSigned, **{"contract_id": CONTRACT, **changes}), on=on)


def registered(story: Story, on: str) -> OpenEntry:
    return story.given(a(JobseekerRegistered), on=on, by=VDAB)


def suspended(story: Story, on: str, until: str | None = None) -> OpenEntry:
    return story.given(a(ContractSuspended, contract_id=CONTRACT, until=until), on=on)


def resumed(story: Story, on: str) -> OpenEntry:
    return story.given(a(ContractResumed, contract_id=CONTRACT), on=on)


class TestRegistrationAfterTheContract:
    """C01: sixty days, by whoever lives outside Brussels."""

    def test_it_runs_until_and_on_the_deadline(self) -> None:
        story = person()
        signed(story)
        clock = story.clock("C01", on="2025-03-11")
        assert (clock.state, clock.deadline, clock.next_change) == (ClockState.RUNNING, date(2025, 3, 11), date(2025, 3, 12))
        assert (clock.case, clock.position, clock.period) == (CONTRACT, 2, "P60D")
        assert (clock.against, clock.side, clock.org) == (Party.INBURGERAAR, Side.PERSON, AGENCY.org)
        assert (clock.elapsed, clock.elapsed_on(date(2025, 3, 11))) == (None, 60)

    def test_it_is_breached_the_day_after(self) -> None:
        story = person()
        signed(story)
        clock = story.clock("C01", on="2025-03-12")
        assert (clock.state, clock.next_change, clock.breached_since) == (ClockState.BREACHED_OPEN, None, date(2025, 3, 12))

    def test_it_is_met_on_the_deadline(self) -> None:
        story = person()
        signed(story)
        registered(story, "2025-03-11")
        clock = story.clock("C01")
        assert (clock.state, clock.stop, clock.elapsed, clock.gross) == (ClockState.MET, date(2025, 3, 11), 60, 60)

    def test_registering_a_day_later_is_late(self) -> None:
        story = person()
        signed(story)
        registered(story, "2025-03-12")
        clock = story.clock("C01")
        assert (clock.state, clock.stop, clock.elapsed) == (ClockState.BREACHED_CLOSED, date(2025, 3, 12), 61)

    def test_registering_on_the_day_of_signing_meets_it(self) -> None:
        story = person()
        signed(story)
        registered(story, "2025-01-10")
        assert (story.clock("C01").state, story.clock("C01").elapsed) == (ClockState.MET, 0)

    def test_actiris_meets_it_too(self) -> None:
        story = person()
        signed(story)
        story.given(a(JobseekerRegistered), on="2025-02-01", by=ACTIRIS)
        assert story.clock("C01").state == ClockState.MET

    def test_before_signing_there_is_none(self) -> None:
        story = person()
        signed(story)
        assert story.clocks("C01", on="2025-01-09") == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"parts": (TrajectoryPart.MO,)},
            {"work_allowed": False},
            {"work_status": WorkStatus.EMPLOYED},
            {"work_status": WorkStatus.SELF_EMPLOYED},
            {"work_status": WorkStatus.STUDYING},
            {"contract_kind": "amended"},
        ],
    )
    def test_contracts_that_start_none(self, changes: dict[str, object]) -> None:
        story = person()
        signed(story, **changes)
        assert story.clocks("C01") == story.clocks("C02") == ()

    def test_a_standing_registration_meets_it_before_the_start(self) -> None:
        story = person()
        registered(story, "2024-12-20")
        signed(story)
        clock = story.clock("C01")
        assert (clock.state, clock.stop, clock.elapsed, clock.gross) == (ClockState.MET_BEFORE_START, date(2024, 12, 20), 0, None)

    @pytest.mark.parametrize(("left", "state"), [("2025-01-10", "running"), ("2025-01-11", "met_before_start")])
    def test_it_must_stand_on_the_day_of_signing(self, left: str, state: str) -> None:
        story = person()
        registered(story, "2024-12-20")
        signed(story)
        story.given(a(ActivationStepReported, step=ActivationStep.DEREGISTERED, state=StepState.DONE), on=left, by=VDAB)
        assert story.clock("C01", on="2025-01-20").state == state

    def test_a_move_after_signing_changes_nothing(self) -> None:
        story = person()
        signed(story)
        story.given(ProfileUpdated(residence_nis=BRUSSELS, valid_from=date(2025, 1, 11)), on="2025-01-11", by=IDENTITY)
        assert story.clock("C01", on="2025-01-20").state == ClockState.RUNNING
        assert story.clocks("C02") == ()

    def test_without_a_known_residence_neither_can_be_judged(self) -> None:
        story = Story()
        signed(story)
        for clock in ("C01", "C02"):
            unknown = story.clock(clock)
            assert (unknown.state, unknown.start, unknown.deadline) == (ClockState.UNKNOWN, date(2025, 1, 10), None)

    def test_an_amendment_does_not_restart_it_and_a_renewal_starts_its_own(self) -> None:
        story = person()
        signed(story)
        signed(story, "2025-02-10", contract_kind="amended")
        signed(story, "2025-06-10", contract_kind="renewed", contract_id=ref("second"))
        assert [(clock.case, clock.start) for clock in story.clocks("C01")] == [
            (CONTRACT, date(2025, 1, 10)),
            (ref("second"), date(2025, 6, 10)),
        ]


class TestNeutralEnds:
    def test_an_exemption_in_time_ends_it_neutrally(self) -> None:
        story = person()
        signed(story)
        story.given(a(ExemptionGranted, contract_id=CONTRACT, part="pillar3"), on="2025-03-11")
        clock = story.clock("C01")
        assert (clock.state, clock.end, clock.stop, clock.elapsed) == (ClockState.NEUTRAL_END, date(2025, 3, 11), None, 60)

    def test_after_the_deadline_it_stays_a_breach(self) -> None:
        story = person()
        signed(story)
        story.given(a(ExemptionGranted, contract_id=CONTRACT, part="pillar3"), on="2025-03-12")
        clock = story.clock("C01")
        assert (clock.state, clock.end, clock.stop) == (ClockState.BREACHED_CLOSED, date(2025, 3, 12), None)

    @pytest.mark.parametrize("changes", [{"part": "mo"}, {"contract_id": ref("another")}])
    def test_an_exemption_of_something_else_does_not(self, changes: dict[str, object]) -> None:
        story = person()
        signed(story)
        story.given(a(ExemptionGranted, **{"contract_id": CONTRACT, "part": "pillar3", **changes}), on="2025-02-01")
        assert story.clock("C01", on="2025-02-01").state == ClockState.RUNNING

    def test_the_end_of_the_trajectory_ends_it(self) -> None:
        story = person()
        signed(story)
        story.given(a(TrajectoryEnded, contract_id=CONTRACT, reason=EndingReason.WITHDREW), on="2025-02-01")
        assert story.clock("C01").state == story.clock("C03").state == ClockState.NEUTRAL_END

    def test_a_stop_on_the_same_day_wins(self) -> None:
        story = person()
        signed(story)
        story.given(a(TrajectoryEnded, contract_id=CONTRACT), on="2025-02-01")
        registered(story, "2025-02-01")
        assert story.clock("C01").state == ClockState.MET

    def test_a_stop_after_it_no_longer_counts(self) -> None:
        story = person()
        signed(story)
        story.given(a(TrajectoryEnded, contract_id=CONTRACT), on="2025-02-01")
        registered(story, "2025-02-02")
        assert (story.clock("C01").state, story.clock("C01").stop) == (ClockState.NEUTRAL_END, None)

    @pytest.mark.parametrize("reason", [EndingReason.DECEASED, EndingReason.MOVED_ABROAD])
    def test_death_and_departure_end_every_clock_whatever_the_contract(self, reason: EndingReason) -> None:
        story = person()
        signed(story)
        story.given(a(TrajectoryEnded, contract_id=ref("another"), reason=reason), on="2025-02-01")
        assert story.clock("C01").state == ClockState.NEUTRAL_END


class TestMayClock:
    """C02: the same sixty days for a residence in Brussels, as a possibility."""

    def test_it_is_unused_when_it_runs_out_and_never_a_breach(self) -> None:
        story = person(BRUSSELS)
        signed(story)
        assert story.clock("C02", on="2025-03-11").state == ClockState.RUNNING
        clock = story.clock("C02", on="2025-03-12")
        assert (clock.state, clock.against, clock.side, clock.breached) == (ClockState.UNUSED, Party.NOBODY, Side.NOBODY, False)
        assert story.clocks("C01") == ()

    def test_a_registration_afterwards_is_shown_beside_it(self) -> None:
        story = person(BRUSSELS)
        signed(story)
        registered(story, "2025-04-01")
        clock = story.clock("C02")
        assert (clock.state, clock.stop) == (ClockState.UNUSED, date(2025, 4, 1))

    def test_it_is_met_in_time(self) -> None:
        story = person(BRUSSELS)
        signed(story)
        registered(story, "2025-03-11")
        assert story.clock("C02").state == ClockState.MET

    @pytest.mark.parametrize(("nis", "clock"), [("21001", "C02"), ("21019", "C02"), ("23088", "C01")])
    def test_brussels_is_its_nineteen_municipalities(self, nis: str, clock: str) -> None:
        story = person(nis)
        signed(story)
        assert len(story.clocks(clock)) == 1
        assert len(story.subject().clocks_of(*(one.clock for one in story.subject().clocks if one.clock in ("C01", "C02")))) == 1


class TestStartOfTheCourse:
    """C03, and the day count of a norm in months."""

    def test_worked_example_two(self) -> None:
        story = person()
        signed(story, "2025-08-31")
        suspended(story, "2025-10-06")
        paused = story.clock("C03", on="2025-10-12")
        assert (paused.state, paused.deadline, paused.paused) == (ClockState.PAUSED, date(2025, 12, 6), 6)
        assert paused.next_change == date(2025, 10, 13)
        resumed(story, "2025-10-27")
        story.given(a(MoCourseStarted), on="2025-12-22")
        running = story.clock("C03", on="2025-12-21")
        assert (running.state, running.deadline, running.paused) == (ClockState.RUNNING, date(2025, 12, 21), 21)
        late = story.clock("C03", on="2025-12-22")
        assert (late.state, late.elapsed, late.gross) == (ClockState.BREACHED_CLOSED, 92, 113)

    def test_months_are_clipped_to_their_end(self) -> None:
        story = person()
        signed(story, "2024-11-30")
        assert story.clock("C03").deadline == date(2025, 2, 28)

    def test_an_exemption_from_civic_orientation_ends_it(self) -> None:
        story = person()
        signed(story)
        story.given(a(ExemptionGranted, contract_id=CONTRACT, part="mo"), on="2025-02-01")
        assert story.clock("C03").state == ClockState.NEUTRAL_END
        assert story.clock("C01", on="2025-02-01").state == ClockState.RUNNING

    def test_it_runs_against_the_agency(self) -> None:
        story = person()
        signed(story)
        clock = story.clock("C03")
        assert (clock.against, clock.side, clock.org) == (Party.AGENCY, Side.SYSTEM, AGENCY.org)

    def test_without_mo_in_the_contract_there_is_none(self) -> None:
        story = person()
        signed(story, parts=("nt2", "pillar3"))
        assert story.clocks("C03") == ()


class TestPauses:
    def test_the_day_of_the_pause_is_paused_and_that_of_resuming_is_not(self) -> None:
        story = person()
        signed(story)
        suspended(story, "2025-02-01")
        resumed(story, "2025-02-11")
        assert story.clock("C01", on="2025-01-31").state == ClockState.RUNNING
        first = story.clock("C01", on="2025-02-01")
        assert (first.state, first.paused, first.deadline) == (ClockState.PAUSED, 0, date(2025, 3, 11))
        last = story.clock("C01", on="2025-02-10")
        assert (last.state, last.paused, last.deadline) == (ClockState.PAUSED, 9, date(2025, 3, 20))
        after = story.clock("C01", on="2025-02-11")
        assert (after.state, after.paused, after.deadline) == (ClockState.RUNNING, 10, date(2025, 3, 21))

    def test_pausing_and_resuming_on_one_day_is_nothing(self) -> None:
        story = person()
        signed(story)
        suspended(story, "2025-02-01")
        resumed(story, "2025-02-01")
        clock = story.clock("C01", on="2025-02-01")
        assert (clock.state, clock.paused) == (ClockState.RUNNING, 0)

    def test_the_planned_end_is_a_plan(self) -> None:
        story = person()
        signed(story)
        suspended(story, "2025-02-01", until="2025-02-10")
        assert story.clock("C01", on="2025-02-20").state == ClockState.PAUSED

    def test_a_second_pause_while_paused_and_a_resume_without_pause_change_nothing(self) -> None:
        story = person()
        signed(story)
        resumed(story, "2025-01-20")
        suspended(story, "2025-02-01")
        suspended(story, "2025-02-05")
        resumed(story, "2025-02-11")
        resumed(story, "2025-02-15")
        assert story.clock("C01").paused == 10

    def test_a_pause_from_before_the_start_counts_from_the_start(self) -> None:
        story = person()
        suspended(story, "2025-01-01")
        signed(story)
        resumed(story, "2025-01-15")
        assert story.clock("C01").paused == 5

    def test_a_pause_on_the_deadline_counts_and_one_after_it_cures_nothing(self) -> None:
        story = person()
        signed(story)
        suspended(story, "2025-03-11")
        assert story.clock("C01", on="2025-03-20").state == ClockState.PAUSED
        story = person()
        signed(story)
        suspended(story, "2025-03-12")
        clock = story.clock("C01", on="2025-03-20")
        assert (clock.state, clock.paused, clock.deadline) == (ClockState.BREACHED_OPEN, 0, date(2025, 3, 11))

    def test_a_late_pause_is_not_taken_off_what_was_used(self) -> None:
        story = person()
        signed(story)
        suspended(story, "2025-03-15")
        resumed(story, "2025-03-25")
        registered(story, "2025-03-26")
        assert (story.clock("C01").state, story.clock("C01").elapsed) == (ClockState.BREACHED_CLOSED, 75)

    def test_stopping_while_paused_closes_the_pause_that_day(self) -> None:
        story = person()
        signed(story)
        suspended(story, "2025-02-01")
        registered(story, "2025-02-11")
        clock = story.clock("C01")
        assert (clock.state, clock.paused, clock.elapsed, clock.gross) == (ClockState.MET, 10, 22, 32)

    def test_a_pause_of_another_contract_is_another_matter(self) -> None:
        story = person()
        signed(story)
        story.given(a(ContractSuspended, contract_id=ref("another"), until=None), on="2025-02-01")
        assert story.clock("C01", on="2025-02-10").state == ClockState.RUNNING


class TestKnowledge:
    def test_the_state_is_that_of_a_date_and_a_position(self) -> None:
        story = person()
        signed(story)
        arrival = registered(story, "2025-03-01")
        assert story.clock("C01", on="2025-03-12", known_at=arrival.position - 1).state == ClockState.BREACHED_OPEN
        assert story.clock("C01", on="2025-03-12", known_at=arrival.position).state == ClockState.MET
        assert story.clock("C01", on="2025-02-28").state == ClockState.RUNNING

    def test_correcting_the_start_moves_the_deadline(self) -> None:
        story = person()
        story.corrected(signed(story), on="2025-01-20")
        assert (story.clock("C01").start, story.clock("C01").deadline) == (date(2025, 1, 20), date(2025, 3, 21))

    def test_retracting_the_start_takes_the_clock_away(self) -> None:
        story = person()
        story.retracted(signed(story))
        assert story.clocks("C01") == ()

    def test_retracting_the_stop_opens_it_again(self) -> None:
        story = person()
        signed(story)
        story.retracted(registered(story, "2025-02-01"))
        assert story.clock("C01", on="2025-03-12").state == ClockState.BREACHED_OPEN

    def test_retracting_a_pause_takes_its_days_back(self) -> None:
        story = person()
        signed(story)
        pause = suspended(story, "2025-02-01")
        resumed(story, "2025-02-11")
        story.retracted(pause)
        assert story.clock("C01").paused == 0


class TestNorms:
    def norm(self, story: Story, on: str, **changes: object) -> OpenEntry:
        changes = {"clock": "C01", "kind": "duty", "source": "decree", "framework_id": None, **changes}
        return story.given(a(NormSet, **changes), on=on, by=POLICY, stream="beleid/norm/C01")

    def test_the_one_valid_on_the_start_date_applies_for_life(self) -> None:
        story = person()
        self.norm(story, "2024-01-01", valid_from="2024-01-01", period="P90D")
        self.norm(story, "2025-01-11", valid_from="2025-01-11", period="P30D")
        signed(story)
        clock = story.clock("C01")
        assert (clock.deadline, clock.period) == (date(2025, 4, 10), "P90D")

    def test_one_set_for_the_past_moves_old_deadlines_once_it_is_known(self) -> None:
        story = person()
        signed(story)
        late = self.norm(story, "2025-02-01", valid_from="2025-01-01", period="P30D")
        assert story.clock("C01", known_at=late.position - 1).deadline == date(2025, 3, 11)
        assert story.clock("C01", known_at=late.position).deadline == date(2025, 2, 9)

    def test_before_the_first_norm_the_parameter_table_applies(self) -> None:
        story = person()
        self.norm(story, "2025-02-01", valid_from="2025-02-01", period="P30D")
        signed(story)
        assert story.clock("C01").period == "P60D"

    def test_a_retracted_norm_is_none(self) -> None:
        story = person()
        story.retracted(self.norm(story, "2024-01-01", valid_from="2024-01-01", period="P90D"))
        signed(story)
        assert story.clock("C01").period == "P60D"

    def test_a_norm_can_make_a_possibility_of_a_duty(self) -> None:
        story = person()
        self.norm(story, "2024-01-01", valid_from="2024-01-01", period="P60D", kind="may")
        signed(story)
        assert story.clock("C01").state == ClockState.UNUSED

    def test_a_norm_in_hours_is_rounded_up_to_days(self) -> None:
        story = person()
        self.norm(story, "2024-01-01", valid_from="2024-01-01", period="PT36H")
        signed(story)
        assert story.clock("C01").deadline == date(2025, 1, 12)

    def test_two_norms_for_one_day_the_last_recorded_holds(self) -> None:
        story = person()
        self.norm(story, "2024-01-02", valid_from="2024-01-01", period="P90D")
        self.norm(story, "2024-01-01", valid_from="2024-01-01", period="P30D")
        signed(story)
        assert story.clock("C01").period == "P90D"
