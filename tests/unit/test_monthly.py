"""M4, the interrupted series of a pilot that began everywhere at once, on a small population of events of its own.

The synthetic population has no pilot for data exchange (domain-rules.md 7.6), so the change is planted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from ledger.caveat import sentence
from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import Conclusion
from ledger.codes.region import PROVINCES, REFERENCE_REGIONS, Region
from ledger.criterion import State
from ledger.disclosure import small_share
from ledger.events.pilot import PilotOpened
from ledger.events.vdab import JobseekerRegistered
from ledger.evidence import pilots_of
from ledger.factbook import Factbook
from ledger.monthly import interruptions
from ledger.parameters import PARAMETERS
from ledger.plan import plans
from ledger.series import interrupted
from ledger.sheet import Sheet, sheet
from tests.given import POLICY, VDAB, Story, a, ref
from tests.unit.finding_stories import step
from tests.unit.test_indicators import Tell, book, person, say

START = date(2024, 7, 1)
FIRST, LAST = date(2022, 5, 1), date(2025, 9, 1)
EVERYWHERE = (*sorted(REFERENCE_REGIONS), Region.BRUSSEL)
PLAN = plans()[PilotTheme.DATA_EXCHANGE]


def months() -> Iterator[date]:
    month = FIRST
    while month <= LAST:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _steps(day: str) -> Tell:
    return lambda story: step(story, day)


def population(start: date = START, *, jump: int = 7, few: date | None = None, seed: int = 1) -> Factbook:
    """Twenty-four persons a month are registered; on eleven or so a step is reported in time, and on seven more from the start on."""
    print(f"seed {seed}")
    random = np.random.default_rng(seed)
    stories = []
    for month in months():
        heard = 11 + int(random.integers(-1, 2)) + (jump if month >= start else 0)
        for number in range(24 if month != few else 6):
            on = month + timedelta(days=3)
            reported = on + timedelta(days=10 if number < heard else 40)
            told = [say(JobseekerRegistered, on.isoformat(), VDAB), _steps(reported.isoformat())]
            stories.append(person(*told, name=f"{month} {number}", signed=on.isoformat()))
    return book(*stories, on="2025-12-15")


def followed(facts: Factbook, start: date = START, regions: tuple[Region, ...] = EVERYWHERE) -> Sheet:
    """The sheet of a pilot for data exchange that opened then and there."""
    story = Story(f"beleid/pilot/{ref('exchange')}")
    payload = a(
        PilotOpened,
        pilot_id=ref("exchange"),
        theme="data_exchange",
        regions=list(regions),
        valid_from=start.isoformat(),
        valid_to=None,
        target_reach=None,
    )
    story.given(payload, on=start.isoformat(), by=POLICY)
    frames = {**facts.frames, "pilots": book(story).table("pilots")}
    with_pilot = Factbook(frames, as_of=facts.as_of, position=facts.position)
    [pilot] = pilots_of(with_pilot)
    return sheet(with_pilot, pilot)


@pytest.fixture(scope="module")
def planted() -> Factbook:
    return population()


def test_a_planted_jump_is_found_and_whoever_reads_the_months_finds_the_same(planted: Factbook) -> None:
    plan = replace(PLAN, series=("IND-12",))
    [told] = interruptions(plan, planted, START, EVERYWHERE)
    assert told.found is not None
    assert told.found.level.interval.low > 0
    assert told.found.level.interval.low <= 7 / 24 <= told.found.level.interval.high, "seven of twenty-four"
    at = next(place for place, month in enumerate(told.months) if month.first >= START)
    assert interrupted([month.share for month in told.months], at, least=PARAMETERS.series_least) == told.found
    assert told.placebo is not None
    assert told.placebo.interval.low <= 0 <= told.placebo.interval.high, "nothing happened at the false start"
    assert told.beside is None
    assert told.months[-1].first == date(2025, 9, 1), "the last quarter that is closed on 15 December"


def test_nothing_planted_nothing_found() -> None:
    [told] = interruptions(replace(PLAN, series=("IND-12",)), population(jump=0, seed=5), START, EVERYWHERE)
    assert told.found is not None
    assert told.found.level.interval.low <= 0 <= told.found.level.interval.high


def test_the_sheet_says_what_the_series_did_and_never_why(planted: Factbook) -> None:
    made = followed(planted)
    assert [one.indicator for one in made.series] == list(PLAN.series)
    states = {one.id: one.state for one in made.criteria}
    assert states["E5"] is State.NONE
    assert states["E3"] in (State.PASSED, State.FAILED), "a series was judged"
    first = made.series[0]
    assert first.found is not None
    assert made.claim in ("shifted", "no_difference")
    told = sentence(made)
    assert f"{first.found.level.interval.high * 100:.1f}" in told.en
    for word in ("thanks to", "because", "proven", "effect"):
        assert word not in told.en
    assert set(PLAN.series) <= set(made.indicators), "a conclusion names what it rests on"


def test_a_pilot_that_opened_in_some_regions_only_has_no_series(planted: Factbook) -> None:
    made = followed(planted, regions=(Region.GENT, Region.KEMPEN))
    assert made.series == ()
    states = {one.id: one.state for one in made.criteria}
    assert states["E3"] is states["E4"] is State.OPEN
    assert (made.proposal.conclusion, made.proposal.order) == (Conclusion.INSUFFICIENT_EVIDENCE, 1)
    for flanders in (REFERENCE_REGIONS, PROVINCES):
        assert followed(planted, regions=tuple(flanders)).series, "all of Flanders at once will do"
    assert followed(planted, regions=()).series, "no region named is everywhere"
    brussels = followed(planted, regions=(Region.BRUSSEL,)).series[0]
    assert not any(month.bottom for month in brussels.months), "nobody here lives in Brussels"


def test_a_change_of_rules_near_the_start_cannot_be_told_apart(planted: Factbook) -> None:
    made = followed(planted, start=date(2023, 11, 1))
    assert made.series[0].beside == date(2023, 9, 1)
    assert {one.id: one.state for one in made.criteria}["E4"] is State.FAILED
    assert made.claim in ("unknown_cause", "no_difference")


def test_too_few_months_after_the_start_show_nothing(planted: Factbook) -> None:
    [told] = interruptions(replace(PLAN, series=("IND-12",)), planted, date(2024, 11, 1), EVERYWHERE)
    assert told.found is None, "eleven closed months"


def test_no_month_of_few_is_told_nor_one_that_follows_from_its_quarter() -> None:
    few = date(2023, 5, 1)
    [told] = interruptions(replace(PLAN, series=("IND-12",)), population(few=few), START, EVERYWHERE)
    by_month = {month.first: month for month in told.months}
    assert by_month[few].share is None
    quarter = [by_month[day] for day in (date(2023, 4, 1), few, date(2023, 6, 1))]
    assert sum(month.share is None for month in quarter) >= 2
    for month in told.months:
        assert month.top is None or not small_share(month.top, month.bottom or 0)
    assert told.found is not None, "the other months are enough"


def test_a_gap_keeps_its_place_in_time() -> None:
    values: list[float | None] = [10 + 0.5 * t + (4 + 0.3 * (t - 15) if t >= 15 else 0) for t in range(30)]
    for at in (3, 4, 20):
        values[at] = None
    found = interrupted(values, 15, least=12)
    assert found is not None
    assert (found.level.value, found.slope.value) == (pytest.approx(4), pytest.approx(0.3))
    assert (found.before, found.after) == (13, 14)
    values[5] = values[6] = None
    assert interrupted(values, 15, least=12) is None
