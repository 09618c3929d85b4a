"""The trajectory as an aggregate: what a stock eventsourcing application folds a person's stream into."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import date
from uuid import UUID

import pytest
from eventsourcing.application import project_aggregate
from eventsourcing.domain import OriginatorIDError, OriginatorVersionError

from ledger.events.contract import ContractSigned
from ledger.events.edition import EditionPlanned
from ledger.events.intake import IntakeCompleted
from ledger.events.vdab import JobseekerRegistered
from ledger.trajectory import Trajectory, person_of, trajectory
from tests.given import ORGANISER, PERSON, VDAB, Story, a, ref


@pytest.fixture
def story() -> Story:
    story = Story()
    story.given(a(IntakeCompleted), on="2025-01-05")
    signed = story.given(a(ContractSigned), on="2025-01-10")
    story.given(a(JobseekerRegistered), on="2025-02-01", by=VDAB)
    story.corrected(signed, on="2025-01-11")
    return story


def folded(story: Story) -> Trajectory:
    whole: Trajectory | None = project_aggregate(None, [Trajectory.Recorded.of(entry) for entry in story.entries])
    assert whole is not None
    return whole


def test_any_first_entry_begins_it(story: Story) -> None:
    person = folded(story)
    assert isinstance(person, Trajectory)
    assert (person.id, person.version, person.position) == (person_of(PERSON), 4, 4)
    assert (person.created_on, person.modified_on) == (story.entries[0].admitted_at, story.entries[-1].admitted_at)
    assert person.entries == story.entries
    assert not person.pending_events


def test_it_tells_contracts_and_registrations_after_corrections(story: Story) -> None:
    person = folded(story)
    assert [fact.date for fact in person.contracts()] == [date(2025, 1, 11)]
    assert [fact.date for fact in person.registrations()] == [date(2025, 2, 1)]
    assert person.registrations(date(2025, 1, 31)) == ()
    assert person.history(known_at=3).of(ContractSigned)[0].date == date(2025, 1, 10)


def test_the_next_entry_folds_forward(story: Story) -> None:
    events = [Trajectory.Recorded.of(entry) for entry in story.entries]
    person: Trajectory | None = project_aggregate(None, events[:2])
    again = deepcopy(person)
    assert project_aggregate(person, events[2:]) == folded(story)
    assert again is not None
    assert again.version == 2


def test_entries_in_any_order_fold_to_the_same(story: Story) -> None:
    shuffled = story.entries.copy()
    random.Random(7).shuffle(shuffled)
    assert trajectory(shuffled) == folded(story)
    assert trajectory([]) is None


def test_a_gap_is_refused(story: Story) -> None:
    events = [Trajectory.Recorded.of(entry) for entry in story.entries]
    with pytest.raises(OriginatorVersionError):
        project_aggregate(None, events[1:])
    with pytest.raises(OriginatorVersionError):
        project_aggregate(None, [events[0], events[2]])


def test_the_entry_of_another_person_is_refused(story: Story) -> None:
    other = Story(f"persoon/{ref('another')}")
    entry = other.given(a(IntakeCompleted), on="2025-01-05")
    begun = Trajectory.Recorded.of(story.entries[0])
    stray = Trajectory.Recorded(originator_id=UUID(PERSON[8:]), originator_version=2, timestamp=entry.admitted_at, entry=entry)
    with pytest.raises(OriginatorIDError):
        project_aggregate(None, [begun, stray])


def test_only_persons_have_one() -> None:
    story = Story(f"editie/{ref('edition')}")
    entry = story.given(a(EditionPlanned, edition_id=ref("edition")), on="2025-01-05", by=ORGANISER)
    with pytest.raises(ValueError, match="no person stream"):
        Trajectory.Recorded.of(entry)


def test_its_name_says_nothing_of_what_is_in_it(story: Story) -> None:
    assert repr(folded(story)) == f"Trajectory({PERSON[8:]}, version=4, position=4)"
