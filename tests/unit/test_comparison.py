"""The comparison of pilots: shares, matching, balance, sensitivity and series, by hand and against statsmodels."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.balance import passes, smd
from ledger.codes.pilot import PilotTheme
from ledger.difference import NEVER, Panel, group_times, panel_of, staggered
from ledger.factbook import Factbook, schema_of
from ledger.incidence import Rows, difference, share
from ledger.interval import Interval
from ledger.matching import exact, rows
from ledger.parameters import PARAMETERS
from ledger.plan import Event, Outcome, plans
from ledger.projection import projections
from ledger.propensity import logistic, propensity
from ledger.riskset import FAR, People, people_of
from ledger.sensitivity import e_value, e_values, smallest_visible
from ledger.series import interrupted, newey_west
from ledger.survival import Day, curve

START = date(2024, 1, 1)
PILOT = "pilot-a"
SECTOR = plans()[PilotTheme.SECTOR_TRAJECTORY]
YEAR = Outcome(Event.JOB, 365, "IND-29")


def told(*days: tuple[int, int, float], owner: list[int] | None = None) -> Rows:
    """Rows of (time, kind, weight); each person in its own set."""
    time, kind, weight = (np.array(column) for column in zip(*days, strict=True))
    who = np.array(owner) if owner else np.arange(len(days))
    return Rows(time, kind, weight.astype(float), who, np.arange(len(days)))


# -- shares ---------------------------------------------------------------------------------------------------------------


def test_without_censoring_the_share_is_the_plain_one() -> None:
    assert share(told((10, 1, 1.0), (400, 1, 1.0), (365, 1, 1.0), (20, 2, 1.0)), 365) == pytest.approx(2 / 4)


def test_one_who_is_cut_counts_until_that_day() -> None:
    # Four at risk: an event on day 10, a cut on day 20, an event on day 30 of the two left: 1/4 + 3/4 · 1/2.
    assert share(told((10, 1, 1.0), (20, 0, 1.0), (30, 1, 1.0), (365, 0, 1.0)), 365) == pytest.approx(1 / 4 + 3 / 4 / 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 2)), min_size=12, max_size=60))
def test_the_share_is_that_of_aalen_johansen(days: list[tuple[int, int]]) -> None:
    made = curve(Day(time, kind == 1, kind == 2, kind == 0) for time, kind in days)
    last = max((step.time for step in made.steps), default=0)
    rows_ = told(*[(time, kind, 1.0) for time, kind in days])
    if last:
        assert share(rows_, last) == pytest.approx(made.at(last).incidence)  # type: ignore[union-attr]


def test_a_weight_is_as_good_as_so_many_persons() -> None:
    twice = told((10, 1, 1.0), (10, 1, 1.0), (50, 0, 1.0), (365, 0, 1.0))
    weighted = told((10, 1, 2.0), (50, 0, 1.0), (365, 0, 1.0))
    assert share(twice, 365) == pytest.approx(share(weighted, 365))


def test_the_interval_is_that_of_two_shares_and_the_same_for_the_same_seed() -> None:
    one = told(*[(10, 1, 1.0)] * 60, *[(400, 0, 1.0)] * 140)
    two = told(*[(10, 1, 1.0)] * 40, *[(400, 0, 1.0)] * 160, owner=list(range(1000, 1200)))
    found = difference(one, two, 365, draws=2000, seed=7, pairs=False)
    assert found.value == pytest.approx(0.1)
    half = 1.96 * math.sqrt(0.3 * 0.7 / 200 + 0.2 * 0.8 / 200)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.1 - half, abs=0.01)
    assert found.interval.high == pytest.approx(0.1 + half, abs=0.01)
    assert difference(one, two, 365, draws=2000, seed=7, pairs=False) == found
    assert difference(one, two, 365, draws=2000, seed=8, pairs=False).interval != found.interval


def test_fewer_than_ten_have_no_interval() -> None:
    few = told(*[(10, 1, 1.0)] * 9)
    assert difference(few, few, 365, draws=100, seed=1, pairs=False).interval is None


# -- matching -------------------------------------------------------------------------------------------------------------


def people(*persons: dict[str, object], as_of: date = date(2027, 1, 1), theme: PilotTheme = PilotTheme.SECTOR_TRAJECTORY) -> People:
    """Persons told by what differs from a jobless woman of Ghent with a contract on 1 January 2024."""
    plain = {
        "contract_on": START,
        "region0": "gent",
        "agency0": "1999013018",
        "gender": "f",
        "age0": 30,
        "obligation": "obliged",
        "ground": "family",
        "nat_group": "mena",
        "edu0": "bachelor",
        "work0": "jobless",
        "benefit0": "none",
        "oral0": "pre_a1",
        "pilots": "{}",
        "parts": [],
        "fb_state": "received",
        "end_kind": "open",
        "mo_on": START,
    }
    facts, jobs, stays = [], [], []
    for number, person in enumerate(persons):
        key = f"persoon/{number:04d}"
        offers = person.pop("offers", {})
        facts.append({**plain, **person, "key": key})
        if person.get("job1_on"):
            jobs.append({"key": key, "begins": person["job1_on"], "paid": True})
        for pilot, on in offers.items():  # type: ignore[attr-defined]
            stays.append({"key": key, "pilot_id": pilot, "offered_on": on})
    frames = {
        name: pl.DataFrame(rows_, schema=schema_of(projections()[name].columns))
        for name, rows_ in (("facts", facts), ("jobs", jobs), ("pilot_stays", stays))
    }
    return people_of(Factbook(frames, as_of=as_of, position=1), plans()[theme], PILOT)


def day(number: int) -> date:
    return START + timedelta(days=number)


def test_a_comparison_person_has_come_as_far_and_is_still_at_risk() -> None:
    told_ = people(
        {"offers": {PILOT: day(50)}},
        {},  # fits
        {"job1_on": day(40)},  # had a job before
        {"job1_on": day(50)},  # that very day
        {"offers": {PILOT: day(30)}},  # was offered a place before
        {"offers": {PILOT: day(90)}},  # later: fits until then
        {"end_on": day(45), "end_kind": "dropout"},  # ended before
        {"region0": "antwerpen"},
        {"gender": "m"},
        {"contract_on": START - timedelta(days=200), "mo_on": START - timedelta(days=200)},  # months apart
        {"benefit0": "leefloon"},
        {"work0": "employed"},  # not of the population
    )
    sets = exact(told_, np.array([0]), YEAR, PARAMETERS)
    assert [told_.keys[at] for at in sets.person] == ["persoon/0001", "persoon/0005"]
    assert sets.weight.sum() == pytest.approx(1.0)
    _, theirs = rows(told_, sets, YEAR)
    assert list(zip(theirs.time, theirs.kind, strict=True)) == [(365, 0), (40, 0)], "who is offered a place later is cut on that day"


def test_what_was_not_known_yet_does_not_count() -> None:
    told_ = people(
        {"offers": {PILOT: day(50)}, "profile_on": day(60), "self_rel": "high"},
        {"profile_on": day(10), "self_rel": "high"},
        {"profile_on": day(70), "self_rel": "low"},
        {"a2_on": day(20)},
        {"offers": {"pilot-b": day(10)}},
        {"offers": {"pilot-b": day(80)}},
    )
    sets = exact(told_, np.array([0]), YEAR, PARAMETERS)
    assert [told_.keys[at] for at in sets.person] == ["persoon/0002", "persoon/0005"]


def test_whoever_has_no_like_is_left_unmatched() -> None:
    told_ = people({"offers": {PILOT: day(50)}}, {"gender": "m"})
    sets = exact(told_, np.array([0]), YEAR, PARAMETERS)
    assert len(sets.treated) == 0
    assert sets.unmatched_share == 1.0


def test_the_certificate_is_the_origin_of_the_follow_on_trajectory() -> None:
    told_ = people(
        {"cert_on": day(400), "offers": {PILOT: day(450)}, "end_on": day(400), "end_kind": "goal"},
        {"cert_on": day(300), "end_on": day(300), "end_kind": "goal"},
        {},  # no certificate: not there yet
        theme=PilotTheme.VERVOLGTRAJECT,
    )
    outcome = plans()[PilotTheme.VERVOLGTRAJECT].primary
    assert outcome is not None
    sets = exact(told_, told_.treated(outcome), outcome, PARAMETERS)
    assert [told_.keys[at] for at in sets.person] == ["persoon/0001"]
    assert sets.index(told_)[0] - told_.origin[1] == 50, "as many days from the certificate"


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_comparison_person_of_a_propensity_match_serves_twice(seed: int) -> None:
    print(f"seed {seed}")
    random = np.random.default_rng(seed)
    persons: list[dict[str, object]] = []
    for number in range(110):
        person: dict[str, object] = {"gender": str(random.choice(["f", "m"])), "age0": int(random.integers(18, 60))}
        if number < 30:
            person["offers"] = {PILOT: day(int(random.integers(20, 90)))}
        elif random.random() < 0.3:
            person["job1_on"] = day(int(random.integers(10, 600)))
        persons.append(person)
    told_ = people(*persons)
    sets = propensity(told_, told_.treated(YEAR), YEAR, PARAMETERS)
    assert len(set(sets.person)) == len(sets.person)
    assert np.bincount(sets.group).max() <= PARAMETERS.m2_controls
    index = sets.index(told_)
    assert (told_.offered[sets.person] > index).all()
    assert (told_.lag(YEAR)[sets.person] > index).all()
    assert np.allclose(np.bincount(sets.group, sets.weight), 1.0)


def test_the_logistic_regression_is_that_of_statsmodels() -> None:
    random = np.random.default_rng(3)
    columns = random.normal(size=(400, 3))
    said = (random.random(400) < 1 / (1 + np.exp(-(columns @ [0.8, -0.5, 0.2] - 0.3)))).astype(float)
    beta, centre = logistic(columns, said, 1e-9)
    oracle = sm.Logit(said, sm.add_constant(columns)).fit(disp=0)
    assert [centre, *beta] == pytest.approx(oracle.params, abs=1e-4)


def test_a_separated_level_does_not_run_away() -> None:
    columns = np.array([[1.0]] * 20 + [[0.0]] * 20)
    beta, _ = logistic(columns, np.r_[np.ones(20), np.zeros(20)], 1e-3)
    assert np.isfinite(beta).all()


# -- balance and sensitivity ----------------------------------------------------------------------------------------------


def test_the_balance_passes_by_its_three_limits() -> None:
    assert passes([0.05, -0.09], 0.1, PARAMETERS)
    assert not passes([0.05, -0.11], 0.1, PARAMETERS)
    assert not passes([0.05], 0.2, PARAMETERS)
    assert smd(0.5, 0.4, 0.5) == pytest.approx(0.2)
    assert smd(0.3, 0.3, 0.0) == 0.0


@pytest.mark.parametrize(("ratio", "expected"), [(1.0, 1.0), (2.0, 2 + math.sqrt(2)), (0.5, 2 + math.sqrt(2)), (3.9, 7.26)])
def test_the_e_value_by_hand(ratio: float, expected: float) -> None:
    assert e_value(ratio) == pytest.approx(expected, abs=0.01)


def test_the_e_value_of_the_limit_is_one_when_the_interval_holds_no_difference() -> None:
    assert e_values(0.3, 0.2, Interval(-0.01, 0.2)).limit == 1.0
    found = e_values(0.3, 0.2, Interval(0.05, 0.15))
    assert found.estimate == pytest.approx(e_value(1.5))
    assert found.limit == pytest.approx(e_value(1.25))


@pytest.mark.parametrize(("n", "points"), [(30, 28), (50, 22), (100, 16), (150, 13), (254, 10), (500, 7)])
def test_the_smallest_visible_difference_is_that_of_the_table(n: int, points: int) -> None:
    found = smallest_visible(0.35, n, 3, PARAMETERS)
    assert found is not None
    assert found * 100 == pytest.approx(points, abs=0.9)


# -- staggered before–after -----------------------------------------------------------------------------------------------


def test_two_regions_and_two_quarters_give_the_difference_of_differences() -> None:
    panel = panel_of(
        {("a", "2024-Q1"): (100, 20), ("a", "2024-Q2"): (100, 35), ("b", "2024-Q1"): (100, 10), ("b", "2024-Q2"): (100, 15)},
        {"a": "2024-Q2"},
    )
    assert [(one.since, one.effect) for one in group_times(panel)] == [(0, pytest.approx(0.15 - 0.05))]


def test_effects_that_grow_are_found_where_two_way_fixed_effects_err() -> None:
    """Early openers whose effect grows would serve as controls of late ones under two-way fixed effects, and turn the sign."""
    quarters, regions = 10, 6
    opened = np.array([2, 2, 6, 6, NEVER, NEVER])
    since = np.arange(quarters)[None, :] - opened[:, None]
    true = np.where(since >= 0, 0.05 * (since + 1), 0.0)
    base = np.linspace(0.2, 0.3, regions)[:, None] + 0.005 * np.arange(quarters)[None, :]
    n = np.full((regions, quarters), 1000.0)
    panel = Panel(tuple("abcdef"), tuple(map(str, range(quarters))), n, (base + true) * n, opened)
    for one in group_times(panel):
        expected = 0.05 * (one.since + 1) if one.since >= 0 else 0.0
        assert one.effect == pytest.approx(expected, abs=1e-9)
    found = staggered(panel, PARAMETERS, seed=1, draws=120)
    assert found.weak
    assert found.flat
    after = [0.05 * (s + 1) for s in since[since >= 0]]
    assert found.effect == pytest.approx(np.mean(after), abs=1e-9)


def test_regions_that_are_open_never_stand_in_for_those_that_open() -> None:
    panel = panel_of({(r, q): (50, 10) for r in "ab" for q in ("2024-Q1", "2024-Q2", "2024-Q3")}, {"a": "2024-Q2", "b": "2024-Q3"})
    assert [(one.opened, one.seen) for one in group_times(panel)] == [(1, 1)], "b is open in the third quarter: nobody is left"


@pytest.mark.parametrize("openings", [4, 10])
def test_the_staggered_interval_covers_a_planted_effect(openings: int) -> None:
    """Few open regions (wild draws) and many (regions drawn again): eight or more of ten intervals hold the truth."""
    seeds, covered, truth = 10, 0, 0.06
    print(f"seeds 0 to {seeds - 1}")
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        regions, quarters = openings + 12, 10
        opened = np.r_[np.resize([4, 5, 6], openings), np.full(12, NEVER)]
        open_now = np.arange(quarters)[None, :] >= opened[:, None]
        level = 0.3 + random.normal(0, 0.03, (regions, 1)) + random.normal(0, 0.01, (1, quarters)) + truth * open_now
        n = np.full((regions, quarters), 150)
        events = random.binomial(n, np.clip(level + random.normal(0, 0.01, (regions, quarters)), 0, 1))
        panel = Panel(tuple(map(str, range(regions))), tuple(map(str, range(quarters))), n.astype(float), events.astype(float), opened)
        found = staggered(panel, PARAMETERS, seed=seed, draws=110).interval
        assert found is not None
        covered += found.low <= truth <= found.high
    assert covered >= 8


# -- interrupted series ---------------------------------------------------------------------------------------------------


def test_newey_west_errors_are_those_of_statsmodels() -> None:
    random = np.random.default_rng(5)
    time = np.arange(40.0)
    design = np.column_stack([np.ones(40), time, time >= 20])
    y = 2 + 0.1 * time + 3 * (time >= 20) + random.normal(size=40)
    beta, errors = newey_west(design, y, 3)
    oracle = sm.OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": False})
    assert beta == pytest.approx(oracle.params)
    assert errors == pytest.approx(oracle.bse)


def test_a_jump_and_a_new_slope_are_found_and_a_short_side_is_not_judged() -> None:
    values = [10 + 0.5 * t + (4 + 0.3 * (t - 15) if t >= 15 else 0) for t in range(30)]
    found = interrupted(values, 15, least=12)
    assert found is not None
    assert found.level.value == pytest.approx(4)
    assert found.slope.value == pytest.approx(0.3)
    assert interrupted(values, 5, least=12) is None


def test_every_plan_has_a_digest_of_its_own_and_every_theme_a_plan() -> None:
    assert set(plans()) == set(PilotTheme)
    assert len({plan.digest for plan in plans().values()}) == len(plans())
    assert FAR > 10**6
