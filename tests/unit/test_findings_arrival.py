"""Late, skewed and backdated entries (F01, F04, F40): the edges, and what corrections and retractions do to them."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.events.course import LanguageLevelAttained
from ledger.finding import evaluate
from ledger.findings.arrival import closing_day
from tests.given import Story, a, moment


def codes_at(story: Story, position: int) -> set[str]:
    return {one.code for one in story.subject().memo(evaluate).live if one.position == position}


@pytest.mark.parametrize(("admitted", "late"), [("2025-01-24", False), ("2025-01-25", True)])
def test_fourteen_local_days_are_in_time(admitted: str, late: bool) -> None:
    story = Story()
    story.given(a(LanguageLevelAttained), on="2025-01-10", at="23:59", admitted=moment(admitted, "00:01"))
    assert ("F01" in codes_at(story, 1)) is late


def test_days_are_counted_on_the_brussels_calendar() -> None:
    """23:30 on the 10th in Brussels is 22:30 UTC: the UTC date would count a day less from the other side of midnight."""
    story = Story()
    story.given(a(LanguageLevelAttained), on="2025-01-10", at="00:30", admitted=moment("2025-01-24", "23:30"))
    assert "F01" not in codes_at(story, 1)


def test_a_clock_ahead_of_the_ledgers_is_skewed() -> None:
    story = Story()
    story.given(a(LanguageLevelAttained), on="2025-01-10", recorded=moment("2025-01-10", "12:10"), admitted=moment("2025-01-10", "11:58"))
    assert "F04" in codes_at(story, 1)


def test_a_retracted_entry_is_no_longer_late_or_backdated() -> None:
    story = Story()
    late = story.given(a(LanguageLevelAttained), on="2025-01-10", admitted=moment("2025-06-10"))
    assert codes_at(story, late.position) == {"F01", "F40", "F41"}
    story.retracted(late)
    assert not codes_at(story, late.position) & {"F01", "F40"}


@pytest.mark.parametrize(
    ("day", "closes"),
    [("2025-01-01", "2025-04-30"), ("2025-03-31", "2025-04-30"), ("2025-04-01", "2025-07-30"), ("2025-12-31", "2026-01-30")],
)
def test_a_quarter_closes_thirty_days_after_its_end(day: str, closes: str) -> None:
    assert closing_day(date.fromisoformat(day), 30) == date.fromisoformat(closes)


@pytest.mark.parametrize(("admitted", "closed"), [("2025-04-30", False), ("2025-05-01", True)])
def test_only_what_is_admitted_after_the_closing_day_changes_a_closed_quarter(admitted: str, closed: bool) -> None:
    story = Story()
    story.given(a(LanguageLevelAttained), on="2025-03-31", admitted=moment(admitted))
    assert ("F40" in codes_at(story, 1)) is closed


def test_correcting_or_retracting_a_fact_of_a_closed_quarter_is_flagged_on_the_change() -> None:
    story = Story()
    fact = story.given(a(LanguageLevelAttained), on="2025-03-10")
    correction = story.corrected(fact, on="2025-03-11")
    assert "F40" in codes_at(story, correction.position)
    assert "F40" not in codes_at(story, fact.position)
    retraction = story.retracted(fact)
    assert "F40" in codes_at(story, retraction.position)


def test_moving_a_fact_into_a_closed_quarter_is_flagged() -> None:
    story = Story()
    fact = story.given(a(LanguageLevelAttained), on="2030-05-10")
    correction = story.corrected(fact, on="2025-03-11")
    assert "F40" in codes_at(story, correction.position)


def test_retracting_a_retraction_is_flagged_by_the_fact_it_revives() -> None:
    story = Story()
    fact = story.given(a(LanguageLevelAttained), on="2025-03-10")
    retraction = story.retracted(fact)
    revival = story.retracted(retraction)
    assert "F40" in codes_at(story, revival.position)
    assert "F40" not in codes_at(story, retraction.position)


def test_a_correction_that_waits_for_its_target_is_pending_and_clears() -> None:
    ahead = Story()
    fact = ahead.given(a(LanguageLevelAttained), on="2025-03-10")
    correction = ahead.corrected(fact, on="2025-03-11")
    alone = Story(entries=[correction])
    assert "F02" in codes_at(alone, correction.position)
    assert "F02" not in codes_at(ahead, correction.position)
