"""The rows of every view depend on the set of admitted events alone: not on order, batches, or from whose side one asks."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.dependencies import next_change
from ledger.entry import OpenEntry
from ledger.projection import SqlValue, projections, projections_of
from ledger.stream import kind_of
from ledger.verdict import Position
from tests.given import PERSON, Story
from tests.unit.lives import EDITION, OFFER, PEOPLE, PILOT, lives

DAYS = st.sampled_from([date(2025, 3, 1), date(2025, 9, 1), date(2026, 3, 1), date(2027, 6, 1)])
KEYS = (*PEOPLE, EDITION, OFFER, PILOT)

Rows = dict[str, dict[str, list[tuple[SqlValue, ...]]]]


def all_rows(story: Story, on: date, *, known_at: int | None = None) -> Rows:
    """Every view of everything in the story, under the key at which it stands."""
    views: Rows = {}
    for asked in KEYS:
        subject = story.subject(on=on, key=asked, known_at=known_at)
        views[subject.key] = {found.name: found.records(subject) for found in projections_of(kind_of(asked))}
    return views


@settings(max_examples=120, deadline=None)
@given(lives(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_read_does_not_matter(story: Story, on: date, random: object) -> None:
    shuffled = list(story.entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert all_rows(Story(entries=shuffled), on) == all_rows(story, on)


@settings(max_examples=120, deadline=None)
@given(lives(), DAYS, st.data())
def test_what_is_known_at_a_position_is_what_had_arrived_by_then(story: Story, on: date, data: st.DataObject) -> None:
    """Folding the first entries, in whatever batches they came, is the same as asking the whole ledger at that position."""
    position = data.draw(st.integers(1, len(story.entries)))
    arrived = Story(entries=story.entries[:position])
    assert all_rows(arrived, on) == all_rows(story, on, known_at=position)


@settings(max_examples=120, deadline=None)
@given(lives(shaped_each=1), DAYS, st.data())
def test_arriving_in_another_order_changes_nothing_but_the_positions(story: Story, on: date, data: st.DataObject) -> None:
    """Positions decide which of two corrections is the latest and which link closes a circle; all else is free of them."""
    links = [entry for entry in story.entries if entry.type == "identity.linked"]
    if len(links) > 1:
        return
    arrival = data.draw(st.permutations(story.entries))
    moved = [msgspec.structs.replace(entry, position=Position(at + 1)) for at, entry in enumerate(arrival)]
    before, after = all_rows(story, on), all_rows(Story(entries=moved), on)
    assert _without_positions(after, moved) == _without_positions(before, story.entries)


def _without_positions(views: Rows, entries: list[OpenEntry]) -> dict[str, dict[str, list[list[SqlValue]]]]:
    """The rows with ids in the place of positions, in an order of their own."""
    ids = {int(entry.position): entry.id for entry in entries}
    plain: dict[str, dict[str, list[list[SqlValue]]]] = {}
    for key, tables in views.items():
        for name, records in tables.items():
            at = [number for number, column in enumerate(projections()[name].columns) if column.name in ("position", "by")]
            rows = [
                [ids[value] if number in at and isinstance(value, int) else value for number, value in enumerate(row)] for row in records
            ]
            plain.setdefault(key, {})[name] = sorted(rows, key=repr)
    return plain


@settings(max_examples=120, deadline=None)
@given(lives(), DAYS)
def test_one_person_has_the_same_rows_from_whichever_identity_one_asks(story: Story, on: date) -> None:
    views: dict[str, object] = {}
    for asked in PEOPLE:
        subject = story.subject(on=on, key=asked)
        told = {found.name: found.records(subject) for found in projections_of(subject.kind)}
        assert views.setdefault(subject.key, told) == told


@settings(max_examples=150, deadline=None)
@given(lives(), st.integers(0, 900))
def test_rows_stay_as_they_are_until_the_day_that_was_announced(story: Story, after: int) -> None:
    """Without news nothing is folded again before ``next_change``; so nothing may change before it."""
    on = date(2025, 1, 1) + timedelta(days=after)
    subject = story.subject(on=on, key=PERSON)
    change = next_change(subject)
    shared = [entry.local_date for entry in story.entries if entry.stream in (EDITION, OFFER, PILOT)]
    shared += [fact.date for key in (EDITION, OFFER, PILOT) for fact in story.history(key=key).facts]
    horizon = min([day for day in (change, *shared) if day is not None and day > on], default=on + timedelta(days=1200))
    assert change is None or change > on
    for days in {1, 17, (horizon - on).days - 1}:
        later = on + timedelta(days=days)
        if on < later < horizon:
            again = story.subject(on=later, key=PERSON)
            for found in projections_of(subject.kind):
                assert found.records(again) == found.records(subject), (found.name, on, later)
