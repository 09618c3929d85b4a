"""Histories: what counts, after corrections, retractions and duplicates, on a date and at a position."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from ledger.codes.identity import CorrectionReason
from ledger.codes.person import BenefitStatus
from ledger.entry import OpenEntry
from ledger.events.contract import ContractSigned
from ledger.events.correction import EventCorrected, EventRetracted, Replacement
from ledger.events.course import MoCourseStarted
from ledger.events.identity import ErasureExecuted, ProfileUpdated
from ledger.events.intake import CareerOrientationHeld, IntakeCompleted
from ledger.events.vdab import JobseekerRegistered
from ledger.history import History, ProblemKind, State
from tests.given import AGENCY, OPERATOR, OTHER_AGENCY, VDAB, Story, a, moment, ref


def states(history: History) -> list[str]:
    """The state of each entry by position, ``-`` for one that is not shown."""
    shown = {int(line.entry.position): line.state.value for line in history.entries}
    last = max(shown, default=0)
    return [shown.get(position, "-") for position in range(1, last + 1)]


def dates(history: History) -> list[str]:
    return [fact.date.isoformat() for fact in history.facts]


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def intake(story: Story) -> OpenEntry:
    return story.given(a(IntakeCompleted, duration=60), on="2025-01-10", id=ref("intake"))


class TestCuts:
    def test_a_fact_counts_from_its_date_on(self, story: Story, intake: OpenEntry) -> None:
        assert not story.history(on="2025-01-09").facts
        assert dates(story.history(on="2025-01-10")) == ["2025-01-10"]

    def test_a_fact_counts_from_its_position_on(self, story: Story, intake: OpenEntry) -> None:
        assert not story.history(known_at=0).facts
        assert story.history(known_at=1).facts

    def test_the_local_date_is_that_of_brussels(self, story: Story) -> None:
        story.given(a(IntakeCompleted), on="2025-07-01", at="23:59")
        story.given(a(MoCourseStarted), on="2025-07-02", at="00:00")
        assert dates(story.history()) == ["2025-07-01", "2025-07-02"]
        assert [fact.time for fact in story.history().facts] == [
            datetime(2025, 7, 1, 21, 59, tzinfo=UTC),
            datetime(2025, 7, 1, 22, 0, tzinfo=UTC),
        ]

    def test_the_next_date_is_that_of_the_first_fact_to_come(self, story: Story, intake: OpenEntry) -> None:
        story.given(a(MoCourseStarted), on="2025-03-01")
        assert story.history(on="2025-01-01").next_date == date(2025, 1, 10)
        assert story.history(on="2025-01-10").next_date == date(2025, 3, 1)
        assert story.history(on="2025-03-01").next_date is None

    def test_timeline_order_is_local_time_then_recorded_at_then_id(self, story: Story) -> None:
        late = story.given(a(IntakeCompleted), on="2025-01-10", at="10:00", recorded=moment("2025-01-12"))
        high = story.given(a(MoCourseStarted), on="2025-01-10", at="10:00", id=ref("b"), recorded=moment("2025-01-11"))
        low = story.given(a(JobseekerRegistered), on="2025-01-10", at="10:00", id=ref("a"), recorded=moment("2025-01-11"), by=VDAB)
        early = story.given(a(ContractSigned), on="2025-01-10", at="09:00", recorded=moment("2025-01-20"))
        by_id = sorted([high, low], key=lambda entry: entry.id)
        assert [fact.entry for fact in story.history().facts] == [early, *by_id, late]

    def test_in_the_repeated_hour_of_autumn_the_wall_clock_orders(self, story: Story) -> None:
        summer = story.given(a(IntakeCompleted), on="2025-10-26", at="02:30")  # 02:30 summer time
        winter = story.given(a(MoCourseStarted), on="2025-10-26", at="03:10")  # 02:10 winter time, forty minutes later
        assert winter.time - summer.time == timedelta(minutes=40)
        assert [fact.entry for fact in story.history().facts] == [winter, summer]


class TestCorrections:
    def test_the_content_of_a_correction_counts(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, a(IntakeCompleted, duration=90), on="2025-01-12")
        (fact,) = story.history().of(IntakeCompleted)
        assert (fact.payload.duration, fact.date, fact.corrected_by, fact.last_position) == (90, date(2025, 1, 12), 2, 2)
        assert fact.entry == intake
        assert states(story.history()) == ["corrected", "live"]

    def test_before_it_is_known_the_entry_counts_as_sent(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12")
        assert dates(story.history(known_at=1)) == ["2025-01-10"]
        assert dates(story.history(known_at=2)) == ["2025-01-12"]

    def test_its_own_date_does_not_matter(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-08")
        assert dates(story.history(on="2025-01-09")) == ["2025-01-08"]

    def test_the_latest_by_position_wins(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12")
        story.corrected(intake, on="2025-01-11")
        assert dates(story.history()) == ["2025-01-11"]
        assert states(story.history()) == ["corrected", "superseded", "live"]

    def test_retracting_a_correction_revives_the_version_before_it(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12")
        second = story.corrected(intake, on="2025-01-11")
        story.retracted(second)
        assert dates(story.history()) == ["2025-01-12"]
        assert states(story.history()) == ["corrected", "live", "retracted", "live"]
        assert story.history().facts[0].last_position == 4

    def test_retracting_the_only_correction_revives_the_entry(self, story: Story, intake: OpenEntry) -> None:
        story.retracted(story.corrected(intake, on="2025-01-12"))
        assert dates(story.history()) == ["2025-01-10"]
        assert states(story.history()) == ["live", "retracted", "live"]
        assert story.history().facts[0].last_position == 3

    def test_the_correction_may_come_first(self, intake: OpenEntry) -> None:
        story = Story()
        story.corrected(intake, on="2025-01-12")
        assert [problem.kind for problem in story.history().problems] == [ProblemKind.PENDING]
        late = story.given(intake.payload, on="2025-01-10", id=intake.id)
        assert late.source == intake.source
        assert dates(story.history()) == ["2025-01-12"]
        assert not story.history().problems

    def test_a_correction_of_another_source_is_none(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12", by=OTHER_AGENCY)
        assert dates(story.history()) == ["2025-01-10"]
        assert [problem.kind for problem in story.history().problems] == [ProblemKind.PENDING]

    @pytest.mark.parametrize(
        ("data", "on"),
        [
            (b'{"channel":"office","duration":"an hour","interpreter":false,"nt2_only":false}', "2025-01-12"),
            (b'{"category":"free","channel":"online"}', "2025-01-12"),
            (b'{"channel":"office","duration":600,"interpreter":false,"nt2_only":false}', "2025-01-12"),
            (b'{"channel":"office","duration":60,"interpreter":false,"nt2_only":false}', "2009-12-31"),
            (b'{"channel":"office","duration":60,"interpreter":false,"nt2_only":false}', "2099-01-01"),
        ],
        ids=["no such type", "of another type", "contradicts itself", "before 2010", "in the future"],
    )
    def test_what_admission_would_refuse_is_ignored_and_reported(self, story: Story, intake: OpenEntry, data: bytes, on: str) -> None:
        story.corrected(intake, a(IntakeCompleted, duration=70))
        replacement = Replacement(time=moment(on), data=msgspec.Raw(data))
        reason = CorrectionReason.TYPING_ERROR
        bad = EventCorrected(target_source=intake.source, target_id=intake.id, reason=reason, replacement=replacement)
        story.given(bad, on="2025-12-01")
        (fact,) = story.history().of(IntakeCompleted)
        assert fact.payload.duration == 70
        assert [(problem.entry.position, problem.kind) for problem in story.history().problems] == [(3, ProblemKind.UNDIGESTIBLE)]

    def test_a_correction_does_not_carry_an_event_over_a_role_boundary(self, story: Story) -> None:
        held = story.given(a(CareerOrientationHeld, topics=("life_career",)), on="2025-01-10")
        story.corrected(held, a(CareerOrientationHeld, topics=("vacancy_matching",)))
        assert story.history().of(CareerOrientationHeld)[0].payload.topics == ("life_career",)
        assert [problem.kind for problem in story.history().problems] == [ProblemKind.UNDIGESTIBLE]

    def test_what_may_not_be_corrected_is_not(self, story: Story, intake: OpenEntry) -> None:
        retraction = story.retracted(intake)
        story.corrected(retraction, a(IntakeCompleted))
        assert not story.history().facts
        assert [(problem.entry.position, problem.kind) for problem in story.history().problems] == [(3, ProblemKind.NOT_ALLOWED)]


class TestRetractions:
    def test_a_retracted_entry_does_not_count(self, story: Story, intake: OpenEntry) -> None:
        story.retracted(intake)
        assert not story.history().facts
        assert states(story.history()) == ["retracted", "live"]
        assert story.history(known_at=1).facts

    def test_a_retraction_hides_the_corrections_too(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12")
        story.retracted(intake)
        story.corrected(intake, on="2025-01-13")
        assert not story.history().facts
        assert states(story.history()) == ["retracted", "retracted", "live", "retracted"]

    def test_retracting_the_retraction_restores_the_latest_correction(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12")
        retraction = story.retracted(intake)
        story.corrected(intake, on="2025-01-13")
        story.retracted(retraction)
        assert dates(story.history()) == ["2025-01-13"]
        assert states(story.history()) == ["corrected", "superseded", "retracted", "live", "live"]
        assert story.history().facts[0].last_position == 5

    def test_it_goes_on_for_ever(self, story: Story, intake: OpenEntry) -> None:
        latest = intake
        for depth in range(1, 8):
            latest = story.retracted(latest)
            assert bool(story.history().facts) is (depth % 2 == 0)

    def test_two_retractions_must_both_go(self, story: Story, intake: OpenEntry) -> None:
        first, second = story.retracted(intake), story.retracted(intake)
        story.retracted(first)
        assert not story.history().facts
        story.retracted(second)
        assert story.history().facts

    def test_the_retraction_may_come_first(self, intake: OpenEntry) -> None:
        story = Story()
        story.retracted(intake)
        assert [problem.kind for problem in story.history().problems] == [ProblemKind.PENDING]
        story.given(intake.payload, on="2025-01-10", id=intake.id)
        assert not story.history().facts
        assert not story.history().problems

    def test_a_retracted_retraction_is_no_problem(self, intake: OpenEntry) -> None:
        story = Story()
        story.retracted(story.retracted(intake))
        assert not story.history().problems

    def test_retractions_that_retract_each_other_end_at_the_one_that_closes_the_circle(self, story: Story, intake: OpenEntry) -> None:
        def retraction(of: str, id: str) -> None:
            payload = EventRetracted(target_source=AGENCY.source, target_id=of, reason=CorrectionReason.DUPLICATE)
            story.given(payload, on="2025-02-01", id=id)

        retraction(ref("b"), ref("a"))
        retraction(ref("c"), ref("b"))
        retraction(ref("a"), ref("c"))
        assert states(story.history()) == ["live", "live", "retracted", "live"]
        assert [(problem.entry.position, problem.kind) for problem in story.history().problems] == [(4, ProblemKind.CIRCLE)]

    def test_a_retraction_of_itself_has_no_effect(self, story: Story) -> None:
        payload = EventRetracted(target_source=AGENCY.source, target_id=ref("self"), reason=CorrectionReason.DUPLICATE)
        story.given(payload, on="2025-02-01", id=ref("self"))
        assert states(story.history()) == ["live"]
        assert [problem.kind for problem in story.history().problems] == [ProblemKind.CIRCLE]

    def test_an_erasure_cannot_be_retracted(self, story: Story) -> None:
        erased = story.given(a(ErasureExecuted), on="2025-02-01", by=OPERATOR)
        story.retracted(erased)
        assert story.history().erased
        assert [problem.kind for problem in story.history().problems] == [ProblemKind.NOT_ALLOWED]


class TestDuplicates:
    def test_a_fact_told_twice_counts_once_and_the_lowest_id_wins(self, story: Story) -> None:
        high, low = sorted([ref("one"), ref("two")], reverse=True)
        story.given(a(ContractSigned), on="2025-01-10", id=high)
        story.given(a(ContractSigned), on="2025-01-10", id=low)
        (duplicate,) = story.history().duplicates
        assert (duplicate.winner.entry.id, duplicate.loser.entry.id) == (low, high)
        assert [fact.entry.id for fact in story.history().facts] == [low]
        assert [fact.entry.id for fact in story.history().of(ContractSigned)] == [low]
        assert states(story.history()) == ["superseded", "live"]

    def test_the_loser_counts_again_when_the_winner_is_retracted(self, story: Story) -> None:
        first = story.given(a(ContractSigned), on="2025-01-10", id=min(ref("one"), ref("two")))
        story.given(a(ContractSigned), on="2025-01-10", id=max(ref("one"), ref("two")))
        story.retracted(first)
        assert [fact.entry.position for fact in story.history().facts] == [2]

    def test_another_day_another_publisher_or_another_key_is_another_fact(self, story: Story) -> None:
        story.given(a(ContractSigned), on="2025-01-10")
        story.given(a(ContractSigned), on="2025-01-11")
        story.given(a(ContractSigned), on="2025-01-10", by=OTHER_AGENCY)
        story.given(a(ContractSigned, contract_id=ref("other")), on="2025-01-10")
        assert not story.history().duplicates
        assert len(story.history().facts) == 4

    def test_two_systems_of_one_organisation_are_one_publisher(self, story: Story) -> None:
        story.given(a(ContractSigned), on="2025-01-10")
        story.given(a(ContractSigned), on="2025-01-10", by=AGENCY._replace(system="other"))
        assert len(story.history().duplicates) == 1

    def test_a_correction_can_make_a_duplicate_or_undo_one(self, story: Story) -> None:
        story.given(a(ContractSigned), on="2025-01-10")
        second = story.given(a(ContractSigned), on="2025-01-11")
        correction = story.corrected(second, on="2025-01-10")
        assert len(story.history().duplicates) == 1
        story.retracted(correction)
        assert not story.history().duplicates

    def test_a_profile_that_states_other_fields_is_another_fact(self, story: Story) -> None:
        story.given(ProfileUpdated(benefit_status=BenefitStatus.NONE, valid_from=date(2025, 1, 1)), on="2025-01-10")
        story.given(ProfileUpdated(residence_nis="11002", valid_from=date(2025, 1, 1)), on="2025-01-10")
        assert not story.history().duplicates

    def test_corrections_of_one_day_are_no_duplicates(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12")
        story.corrected(intake, on="2025-01-11")
        assert not story.history().duplicates


class TestTimeline:
    def test_entries_after_the_date_are_left_out_but_for_what_shapes_others(self, story: Story, intake: OpenEntry) -> None:
        story.given(a(MoCourseStarted), on="2025-03-01")
        story.retracted(intake)
        lines = story.history(on="2025-01-31").entries
        assert [(line.entry.position, line.state) for line in lines] == [(1, State.RETRACTED), (3, State.LIVE)]

    def test_a_line_says_which_entry_is_behind_its_state(self, story: Story, intake: OpenEntry) -> None:
        story.corrected(intake, on="2025-01-12")
        assert [(line.by, line.date.isoformat()) for line in story.history().entries] == [(2, "2025-01-12"), (None, "2025-12-01")]

    def test_one_more_position_shows_one_more_entry(self, story: Story, intake: OpenEntry) -> None:
        correction = story.corrected(intake, on="2025-01-12")
        story.retracted(correction)
        story.given(a(MoCourseStarted), on="2025-03-01")
        for known_at in range(4):
            before, after = story.history(known_at=known_at), story.history(known_at=known_at + 1)
            assert {line.entry.position for line in after.entries} - {line.entry.position for line in before.entries} == {known_at + 1}

    def test_of_gives_one_type_in_order(self, story: Story, intake: OpenEntry) -> None:
        story.given(a(MoCourseStarted, mo_id=ref("second")), on="2025-03-02")
        story.given(a(MoCourseStarted, mo_id=ref("first")), on="2025-03-01")
        history = story.history()
        assert [fact.payload.mo_id for fact in history.of(MoCourseStarted)] == [ref("first"), ref("second")]
        assert [fact.date.day for fact in history.of_any(MoCourseStarted, IntakeCompleted)] == [10, 1, 2]
        assert history.payload_types == {MoCourseStarted, IntakeCompleted}
        assert history.first(ContractSigned) is None
