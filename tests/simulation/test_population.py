"""Lives: volumes, jobs and pilots as the specification has them, and no effect before its cause."""

from __future__ import annotations

from collections import Counter

import pytest

from ledger.codes.contract import EndingReason
from ledger.codes.pilot import PilotTheme
from ledger.events.contract import CertificateIssued, ContractSigned, TrajectoryEnded
from ledger.events.course import MoCourseEnded, MoCourseStarted
from ledger.events.identity import PersonRegistered
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered
from ledger.events.work import EmploymentEnded, EmploymentStarted
from simulation.life import NEVER, Life
from simulation.moment import day_of
from simulation.offers import Catalogue
from simulation.parameters import DEFAULT
from simulation.person import Person
from simulation.pilots import PILOTS, opens
from simulation.population import live

N = 4_000
TWO_YEARS_BEFORE_THE_END = day_of("2024-06-30")


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    catalogue = Catalogue(7, DEFAULT)
    return [live(7, Person(7, index, DEFAULT), DEFAULT, catalogue) for index in range(N)]


@pytest.fixture(scope="module")
def seasoned(lives: list[Life]) -> list[Life]:
    """Who has been followed for two years."""
    return [life for life in lives if life.start <= TWO_YEARS_BEFORE_THE_END]


def test_a_person_has_about_twenty_events_after_two_years(seasoned: list[Life]) -> None:
    counts = [sum(fact.day <= life.start + 730 for fact in life.facts) for life in seasoned]
    assert sum(counts) / len(counts) == pytest.approx(20, abs=1)


@pytest.mark.parametrize(("female", "share"), [(False, 0.41), (True, 0.28)], ids=["men", "women"])
def test_the_share_with_a_job_within_two_years(seasoned: list[Life], female: bool, share: float) -> None:
    jobless = [life for life in seasoned if life.person.jobless and life.person.female is female]
    worked = [life for life in jobless if any(job.first <= life.start + 730 for job in life.jobs)]
    assert len(worked) / len(jobless) == pytest.approx(share, abs=0.05)


def test_three_in_four_register_within_sixty_days_in_flanders(seasoned: list[Life]) -> None:
    flemish = [life for life in seasoned if life.person.in_scope and not life.person.brussels]
    in_time = [life for life in flemish if life.registered <= life.start + 60]
    assert len(in_time) / len(flemish) == pytest.approx(0.77, abs=0.05)


def test_facts_stand_in_order_within_the_period(lives: list[Life]) -> None:
    for life in lives:
        days = [(fact.day, fact.second) for fact in life.facts]
        assert days == sorted(days)
        assert days[-1][0] <= DEFAULT.period.end
        assert isinstance(life.facts[0].payload, PersonRegistered | JobseekerRegistered)


def test_what_starts_ends_after_it(lives: list[Life]) -> None:
    for life in lives:
        first = {type(fact.payload): fact.day for fact in reversed(life.facts)}
        assert first[PersonRegistered] <= first.get(ContractSigned, NEVER)
        if MoCourseEnded in first:
            assert first[MoCourseStarted] < first[MoCourseEnded]
        if EmploymentEnded in first:
            assert first[EmploymentStarted] < first[EmploymentEnded]
        if CertificateIssued in first and first[CertificateIssued] <= DEFAULT.period.end - 10:
            assert any(isinstance(fact.payload, TrajectoryEnded) for fact in life.facts)


def test_the_certificate_follows_the_course_that_it_needs(lives: list[Life]) -> None:
    for life in lives:
        if life.end_reason is EndingReason.ATTEST:
            assert life.mo_goals
            assert life.mo_end < life.attest


def test_steps_pause_while_somebody_works(lives: list[Life]) -> None:
    for life in lives:
        steps = [f for f in life.facts if isinstance(f.payload, ActivationStepReported) and f.payload.step.value != "deregistered"]
        assert not any(life.employed_on(step.day) for step in steps)


def test_nothing_happens_after_a_death(lives: list[Life]) -> None:
    dead = [life for life in lives if life.end_reason is EndingReason.DECEASED and life.gone <= DEFAULT.period.end]
    assert dead
    assert all(max(fact.day for fact in life.facts) <= life.gone for life in dead)


def test_no_pilot_effect_precedes_exposure(lives: list[Life]) -> None:
    for life in lives:
        potential = life.potential
        if potential is None:
            continue
        for theme, with_pilot in ((PilotTheme.SECTOR_TRAJECTORY, potential.sector), (PilotTheme.VERVOLGTRAJECT, potential.advanced)):
            chance = life.chances.get(theme)
            if with_pilot != potential.nothing:
                assert chance is not None
                assert potential.nothing == NEVER
                assert with_pilot > chance.enrolled
            if potential.nothing < NEVER:
                assert with_pilot == potential.nothing
        if not any(chance.takes_part for chance in life.chances.values()):
            assert potential.actual == potential.nothing


def test_planted_effects_are_there(lives: list[Life]) -> None:
    extra = Counter(
        "sector" if life.potential.sector != life.potential.nothing else "advanced"
        for life in lives
        if life.potential is not None and (life.potential.sector, life.potential.advanced) != (life.potential.nothing,) * 2
    )
    eligible = sum(PilotTheme.SECTOR_TRAJECTORY in life.chances for life in lives)
    assert 0.01 * eligible < extra["sector"] < 0.12 * eligible
    assert extra["advanced"] > 0


def test_the_lottery_is_fair_and_stays_in_open_areas(lives: list[Life]) -> None:
    pilots = {pilot.theme: pilot for pilot in PILOTS}
    chances = [(life, chance) for life in lives for chance in life.chances.values()]
    for life, chance in chances:
        assert opens(pilots[chance.theme], life.place_on(chance.on).region) <= chance.on <= chance.enrolled
    assert sum(chance.offered for _, chance in chances) / len(chances) == pytest.approx(0.5, abs=0.04)
    offered = [(life, chance) for life, chance in chances if chance.offered]
    accepts = {
        motivated: [chance.accepted for life, chance in offered if life.person.motivated is motivated] for motivated in (False, True)
    }
    assert sum(accepts[True]) / len(accepts[True]) > sum(accepts[False]) / len(accepts[False]) + 0.05


def test_a_career_pilot_raises_screening_for_who_accepts_only(lives: list[Life]) -> None:
    chances = [(life, chance) for life in lives if (chance := life.chances.get(PilotTheme.CAREER_ORIENTATION)) is not None]
    screened = {
        takes_part: [life.screening < NEVER for life, chance in chances if chance.takes_part is takes_part] for takes_part in (False, True)
    }
    assert sum(screened[True]) / len(screened[True]) > sum(screened[False]) / len(screened[False]) + 0.03


def test_a_person_is_the_same_whatever_was_simulated_before(lives: list[Life]) -> None:
    alone = live(7, Person(7, 137, DEFAULT), DEFAULT, Catalogue(7, DEFAULT))
    among = lives[137]
    assert [(f.day, f.second, f.key, f.subject, f.payload) for f in alone.facts] == [
        (f.day, f.second, f.key, f.subject, f.payload) for f in among.facts
    ]


def test_who_leaves_a_pilots_area_before_the_enrolment_takes_part_where_it_was_offered() -> None:
    life = live(5, Person(5, 14_427, DEFAULT), DEFAULT, Catalogue(5, DEFAULT))
    offered = life.place_on(life.chances[PilotTheme.SECTOR_TRAJECTORY].on).region
    assert [chosen.region for _, chosen in life.enrolments] == [offered]
    assert life.place_on(life.enrolments[0][0]).region is not offered
