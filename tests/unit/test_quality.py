"""The quality of a source: what is counted, what is missing, and that splits and order do not matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.parameters import PARAMETERS
from ledger.quality import (
    Gap,
    SequenceRange,
    SourceMonth,
    SourceState,
    gaps,
    is_late,
    is_skewed,
    merge,
    observe,
    percentile_hours,
    received,
    short_type,
)
from tests.given import VDAB, moment

NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)


class Envelope(NamedTuple):
    sequence: int
    source: str = VDAB.source
    type: str = "be.inburgering.jobseeker.registered.v1"
    time: datetime = NOON
    recorded_at: datetime = NOON
    admitted_at: datetime = NOON + timedelta(hours=1)


def state_of(*envelopes: Envelope) -> SourceState:
    return observe(envelopes, PARAMETERS)[VDAB.source]


def test_what_is_counted() -> None:
    late = Envelope(2, time=NOON - timedelta(days=20), type="be.inburgering.event.corrected.v1")
    slow = Envelope(3, admitted_at=NOON + timedelta(hours=48, seconds=1), type="be.inburgering.event.retracted.v1")
    skewed = Envelope(4, time=NOON + timedelta(seconds=5))
    (march,) = state_of(Envelope(1), late, slow, skewed).months
    assert (march.month, march.admitted, march.late, march.skew, march.corrections, march.retractions, march.slow) == (
        "2025-03",
        4,
        1,
        1,
        1,
        1,
        1,
    )
    assert march.by_type == (("event.corrected", 1), ("event.retracted", 1), ("jobseeker.registered", 2))


def test_a_month_is_that_of_recording_in_brussels() -> None:
    """23:30 UTC on 31 March is 1 April in Brussels."""
    (month,) = state_of(Envelope(1, recorded_at=datetime(2025, 3, 31, 22, 30, tzinfo=UTC))).months
    assert month.month == "2025-04"


def test_exactly_the_norm_is_in_time() -> None:
    (month,) = state_of(Envelope(1, admitted_at=NOON + timedelta(hours=48))).months
    assert (month.slow, month.lag_hours) == (0, ((48, 1),))


@pytest.mark.parametrize(
    ("full", "short"), [("be.inburgering.contract.signed.v1", "contract.signed"), ("contract.signed", "contract.signed")]
)
def test_types_are_counted_by_their_short_name(full: str, short: str) -> None:
    assert short_type(full) == short


def test_gaps_are_dated_by_the_first_higher_number() -> None:
    state = state_of(
        Envelope(9, admitted_at=NOON),
        Envelope(3, admitted_at=NOON + timedelta(hours=1)),
        Envelope(5, admitted_at=NOON + timedelta(hours=2)),
    )
    assert gaps(state) == (Gap(1, 2, NOON), Gap(4, 4, NOON), Gap(6, 8, NOON))


def test_a_gap_below_a_later_number_is_younger_than_one_below_an_earlier() -> None:
    state = state_of(Envelope(1), Envelope(3, admitted_at=NOON), Envelope(5, admitted_at=NOON + timedelta(days=1)))
    assert gaps(state) == (Gap(2, 2, NOON), Gap(4, 4, NOON + timedelta(days=1)))


def test_a_refused_submission_did_arrive() -> None:
    state = merge(state_of(Envelope(1), Envelope(3)), received(VDAB.source, [(2, NOON)]))
    assert gaps(state) == ()
    assert sum(month.admitted for month in state.months) == 2


def test_no_gap_without_numbers() -> None:
    assert gaps(SourceState(source=VDAB.source)) == ()


def test_sources_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="merge per source"):
        merge(SourceState(source="a"), SourceState(source="b"))


def test_late_and_skewed_are_those_of_the_findings() -> None:
    assert is_late(moment("2025-01-10", "23:59"), moment("2025-01-25", "00:01"), 14)
    assert not is_late(moment("2025-01-10", "00:01"), moment("2025-01-24", "23:59"), 14)
    assert is_skewed(NOON + timedelta(seconds=1), NOON, NOON + timedelta(hours=1))
    assert not is_skewed(NOON, NOON, NOON)


def test_percentiles_of_the_lag() -> None:
    month = SourceMonth(month="2025-03", lag_hours=((1, 95), (30, 4), (400, 1)))
    assert [percentile_hours(month, share) for share in (5_000, 9_500, 9_900, 10_000)] == [1, 1, 30, 400]
    assert percentile_hours(SourceMonth(month="2025-03"), 9_500) is None


def test_a_state_survives_being_kept_as_json() -> None:
    state = state_of(Envelope(1), Envelope(3))
    assert msgspec.json.decode(msgspec.json.encode(state), type=SourceState) == state


hours = st.integers(0, 24 * 60).map(lambda n: timedelta(hours=n))
envelopes = st.builds(
    lambda sequence, kind, happened, recorded, admitted: Envelope(
        sequence,
        type=f"be.inburgering.{kind}.v1",
        time=NOON + happened,
        recorded_at=NOON + recorded,
        admitted_at=NOON + admitted,
    ),
    st.integers(1, 40),
    st.sampled_from(["event.corrected", "event.retracted", "jobseeker.registered"]),
    hours,
    hours,
    hours,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(envelopes, min_size=1, max_size=30, unique_by=lambda one: one.sequence), st.data())
def test_any_split_into_batches_in_any_order_gives_the_same_state(all_of_them: list[Envelope], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(all_of_them))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=4)))
    bounds = [0, *cuts, len(shuffled)]
    batches = [shuffled[start:stop] for start, stop in pairwise(bounds)]
    states = [observe(batch, PARAMETERS)[VDAB.source] for batch in batches if batch]
    assert reduce(merge, states) == state_of(*all_of_them)
    assert reduce(merge, reversed(states)) == state_of(*all_of_them)


@settings(max_examples=200, deadline=None)
@given(st.sets(st.integers(1, 60), min_size=1))
def test_gaps_and_ranges_are_all_the_numbers_there_are(numbers: set[int]) -> None:
    state = received(VDAB.source, [(number, NOON) for number in numbers])
    missing = {number for gap in gaps(state) for number in range(gap.lo, gap.hi + 1)}
    held = {number for one in state.ranges for number in range(one.lo, one.hi + 1)}
    assert held == numbers
    assert missing == set(range(1, max(numbers))) - numbers
    assert all(isinstance(one, SequenceRange) for one in state.ranges)
