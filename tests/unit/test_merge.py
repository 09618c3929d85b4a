"""Identity merges: several pseudonyms, one person."""

from __future__ import annotations

import itertools

import pytest

from ledger.entry import OpenEntry
from ledger.events.contract import ContractSigned
from ledger.events.intake import IntakeCompleted
from ledger.history import History, State
from ledger.merge import LinkFault, Links
from ledger.verdict import StreamId
from tests.given import AGENCY, Story, a, ref

A, B, C, D = (StreamId(f"persoon/{ref(name)}") for name in "ABCD")


def links(entries: list[OpenEntry]) -> Links:
    return Links().extended(entries)


@pytest.fixture
def story() -> Story:
    story = Story(B)
    for stream in (A, B, C):
        story.given(a(IntakeCompleted), on=f"2025-01-1{'ABC'.index(name_of(stream))}", stream=stream)
    return story


def name_of(stream: str) -> str:
    return next(name for name, key in zip("ABCD", (A, B, C, D), strict=True) if key == stream)


def told_in(history: History) -> str:
    return "".join(name_of(fact.entry.stream) for fact in history.of(IntakeCompleted))


class TestLinks:
    def test_nobody_is_linked_to_begin_with(self) -> None:
        assert Links().root_of(A) == A
        assert Links().members_of(A) == (A,)
        assert Links().related(A) == {A}

    def test_the_survivor_is_the_root(self, story: Story) -> None:
        story.linked(A, B)
        known = links(story.entries)
        assert (known.root_of(A), known.root_of(B)) == (B, B)
        assert known.members_of(A) == known.members_of(B) == (B, A)

    def test_it_counts_from_its_position_on(self, story: Story) -> None:
        linked = story.linked(A, B)
        known = links(story.entries)
        assert known.root_of(A, linked.position - 1) == A
        assert known.members_of(B, linked.position - 1) == (B,)
        assert known.related(A) == {A, B}

    def test_a_chain_ends_at_its_last_survivor(self, story: Story) -> None:
        story.linked(A, B)
        story.linked(B, C)
        assert links(story.entries).members_of(A) == (C, *sorted((A, B)))

    def test_retracting_the_link_undoes_it(self, story: Story) -> None:
        linked = story.linked(A, B)
        retraction = story.retracted(linked)
        known = links(story.entries)
        assert known.root_of(A) == A
        assert known.root_of(A, linked.position) == B
        story.retracted(retraction)
        assert links(story.entries).root_of(A) == B

    def test_a_link_that_closes_a_circle_is_ignored(self, story: Story) -> None:
        story.linked(A, B)
        story.linked(B, C)
        story.linked(C, A)
        known = links(story.entries)
        assert known.root_of(C) == C
        assert [(ignored.entry.position, ignored.fault) for ignored in known.ignored(A)] == [(6, LinkFault.CIRCLE)]

    def test_it_counts_once_the_circle_is_broken(self, story: Story) -> None:
        story.linked(A, B)
        second = story.linked(B, C)
        story.linked(C, A)
        story.retracted(second)
        known = links(story.entries)
        assert (known.root_of(C), known.ignored(C)) == (B, ())

    def test_a_second_survivor_is_ignored(self, story: Story) -> None:
        story.linked(A, B)
        story.linked(A, C)
        known = links(story.entries)
        assert (known.root_of(A), known.members_of(C)) == (B, (C,))
        assert [ignored.fault for ignored in known.ignored(A)] == [LinkFault.SECOND_SURVIVOR]
        assert [ignored.fault for ignored in known.ignored(C)] == [LinkFault.SECOND_SURVIVOR]

    def test_saying_it_twice_makes_no_difference_until_one_is_retracted(self, story: Story) -> None:
        first = story.linked(A, B)
        story.linked(A, B)
        story.retracted(first)
        assert links(story.entries).root_of(A) == B

    def test_any_order_and_any_batches_give_the_same(self, story: Story) -> None:
        story.linked(A, B)
        story.retracted(story.linked(B, C))
        story.linked(C, A)
        told = story.entries[3:]
        expected = links(told).members_of(A)
        for order in itertools.permutations(told):
            grown = Links()
            for entry in order:
                grown = grown.extended([entry])
            assert grown.members_of(A) == expected

    def test_extending_leaves_the_earlier_links_as_they_were(self, story: Story) -> None:
        before = Links()
        after = before.extended([story.linked(A, B)])
        assert (before.root_of(A), after.root_of(A)) == (A, B)

    def test_other_entries_change_nothing(self, story: Story) -> None:
        before = Links()
        assert before.extended(story.entries) is before

    def test_a_retraction_by_anybody_else_undoes_nothing(self, story: Story) -> None:
        story.retracted(story.linked(A, B), by=AGENCY)
        assert links(story.entries).root_of(A) == B


class TestMergedHistory:
    def test_the_streams_are_united_under_the_survivor(self, story: Story) -> None:
        story.linked(A, B)
        merged = story.history(key=A)
        assert (merged.key, merged.members, told_in(merged)) == (B, (B, A), "AB")

    def test_unlinking_parts_them_again(self, story: Story) -> None:
        linked = story.linked(A, B)
        story.retracted(linked)
        assert (told_in(story.history(key=A)), told_in(story.history(key=B))) == ("A", "B")
        assert told_in(story.history(key=A, known_at=linked.position)) == "AB"

    def test_entries_of_others_are_passed_over(self, story: Story) -> None:
        story.linked(A, B)
        assert told_in(story.history(key=C, links=links(story.entries))) == "C"

    def test_a_fact_that_both_streams_tell_counts_once(self, story: Story) -> None:
        for stream in (A, B):
            story.given(a(ContractSigned), on="2025-02-01", stream=stream)
        assert len(story.history(key=B).of(ContractSigned)) == 1
        story.linked(A, B)
        merged = story.history(key=B)
        assert len(merged.of(ContractSigned)) == 1
        assert len(merged.duplicates) == 1
        assert State.SUPERSEDED in {line.state for line in merged.entries}

    def test_a_link_without_effect_is_reported(self, story: Story) -> None:
        story.linked(A, B)
        story.linked(B, A)
        assert [ignored.entry.position for ignored in story.history(key=A).ignored_links] == [5]
