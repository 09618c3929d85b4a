"""Every finding F01…F41 of a history: there when its rule is broken, gone when the missing event arrives, as of and as known at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.catalogue import StreamKind
from ledger.finding import Finding, evaluate, finding_types, pattern_rules
from tests.given import LATER, Story
from tests.unit.finding_stories import BROKEN, Broken

ASKED = date(2027, 1, 1)
AGGREGATED = {"F13", "F39"}
ELSEWHERE = {"F25"}


def found(story: Story, broken: Broken, *, on: date = ASKED, known_at: int | None = None) -> list[Finding]:
    live = story.subject(on=on, known_at=known_at, key=broken.key).memo(evaluate).live
    return [
        one
        for one in live
        if one.code == broken.code
        and (broken.rule is None or one.rule == broken.rule)
        and (broken.clock is None or one.clock == broken.clock)
    ]


def told(broken: Broken) -> Story:
    story = Story(broken.key)
    for tell in broken.tell:
        tell(story)
    return story


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_broken_rule_is_found(broken: Broken) -> None:
    findings = found(told(broken), broken)
    assert [one.since.isoformat() for one in findings] == [broken.since]
    assert findings[0].severity is finding_types()[broken.code].severity


@pytest.mark.parametrize("broken", [one for one in BROKEN if one.dated], ids=str)
def test_it_is_not_found_before_it_holds(broken: Broken) -> None:
    story = told(broken)
    since = date.fromisoformat(broken.since)
    assert found(story, broken, on=since)
    assert not found(story, broken, on=since - timedelta(days=1))


@pytest.mark.parametrize("broken", [one for one in BROKEN if one.mend], ids=str)
def test_it_clears_by_itself_when_the_missing_event_arrives(broken: Broken) -> None:
    story = told(broken)
    known_before = len(story.entries)
    assert broken.mend is not None
    broken.mend(story)
    assert not found(story, broken)
    assert found(story, broken, known_at=known_before)


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_without_its_last_event_nothing_is_broken(broken: Broken) -> None:
    story = told(broken)
    assert not found(story, broken, known_at=0)


@pytest.mark.parametrize("broken", [one for one in BROKEN if one.dated], ids=str)
def test_the_day_on_which_it_begins_is_announced(broken: Broken) -> None:
    """What time alone brings about is known beforehand: the day to look again."""
    story = told(broken)
    since = date.fromisoformat(broken.since)
    day_before = story.subject(on=since - timedelta(days=1), key=broken.key)
    announced = [day_before.memo(evaluate).next_change, day_before.history.next_date, *(clock.next_change for clock in day_before.clocks)]
    shared = [entry.local_date for entry in story.entries if entry.stream != broken.key]
    assert since in announced or since in shared


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_findings_on_an_entry_name_its_position(broken: Broken) -> None:
    story = told(broken)
    positions = {entry.position for entry in story.entries}
    for one in found(story, broken):
        assert one.position in positions


def test_every_code_is_declared_and_has_a_story() -> None:
    codes = {f"F{number:02}" for number in range(1, 42)}
    assert set(finding_types()) == codes
    assert {broken.code for broken in BROKEN} == codes - AGGREGATED - ELSEWHERE


def test_every_pattern_rule_is_named() -> None:
    assert list(pattern_rules()) == [f"P{number}" for number in range(1, 11)]


@pytest.mark.parametrize("code", sorted(finding_types()))
def test_every_code_says_in_two_languages_what_it_is_and_what_to_do(code: str) -> None:
    declared = finding_types()[code]
    assert all((declared.label.nl, declared.label.en, declared.mend.nl, declared.mend.en))


def test_an_empty_history_breaks_nothing() -> None:
    for kind in ("persoon/00000000-0000-4000-8000-000000000000", "werkgever/1999500095"):
        subject = Story(kind).subject(on=LATER)
        assert subject.kind in StreamKind
        assert subject.memo(evaluate) == ((), None)
