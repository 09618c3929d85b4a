"""Persons: valid numbers that nobody shares, and the marginals of domain.md 7.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from ledger.codes.intake import Scale
from ledger.codes.person import Gender, Obligation, ResidenceGround
from ledger.geography import municipality
from ledger.identity import Insz, InszKind, check_insz, kbo_is_valid
from simulation.moment import as_date, weekday
from simulation.numbers import ROUND, birth_of
from simulation.organisations import SOURCES, employer_kbo
from simulation.parameters import DEFAULT
from simulation.person import Person
from simulation.places import MUNICIPALITIES

N = 6_000


@pytest.fixture(scope="module")
def persons() -> list[Person]:
    return [Person(7, index, DEFAULT) for index in range(N)]


def test_numbers_are_valid_and_say_what_they_should(persons: list[Person]) -> None:
    for person in persons:
        checked = check_insz(person.insz)
        assert isinstance(checked, Insz)
        assert checked.born_2000 == (person.birth.year >= 2000)
        if person.bis is not None:
            bis = check_insz(person.bis)
            assert isinstance(bis, Insz)
            assert bis.kind is not InszKind.RRN
            assert checked.kind is InszKind.RRN
        if person.gender in (Gender.M, Gender.F):
            assert (int(person.insz[6:9]) % 2 == 1) == (person.gender is Gender.M)


def test_no_two_persons_share_a_number(persons: list[Person]) -> None:
    numbers = [number for person in persons for number in (person.insz, person.bis) if number is not None]
    assert len(numbers) == len(set(numbers))


def test_persons_of_a_later_round_do_not_take_an_earlier_ones_number() -> None:
    def born(index: int) -> tuple[int, int, int]:
        birth = birth_of(7, index, DEFAULT)
        return birth.year, birth.day_of_year, birth.serial

    firsts = [born(index) for index in range(60)]
    later = [born(index + turn * ROUND) for turn in (1, 2, 3) for index in range(60)]
    assert len({*firsts, *later}) == 240


def test_organisations_and_employers_have_valid_numbers_of_their_own() -> None:
    numbers = {source.kbo for source in SOURCES} | {employer_kbo(k) for k in range(5_200)}
    assert len(numbers) == len({source.kbo for source in SOURCES}) + 5_200
    assert all(kbo_is_valid(number) for number in numbers)
    assert [employer_kbo(k) for k in (0, 7, 14)] == ["1999500095", "1999500788", "1999501481"]


def test_municipalities_are_those_of_the_table_before_and_after_the_mergers() -> None:
    assert sum(place.weight for place in MUNICIPALITIES) == pytest.approx(10_000)
    for place in MUNICIPALITIES:
        assert municipality(place.nis) is not None
        assert place.successor is None or municipality(place.successor) is not None


def test_contracts_fall_on_weekdays_of_the_period(persons: list[Person]) -> None:
    days = [person.contract for person in persons]
    assert {weekday(day) for day in days} == {0, 1, 2, 3, 4}
    assert min(days) >= DEFAULT.period.contracts_from
    assert max(days) <= DEFAULT.period.end
    by_month = Counter(as_date(day).month for day in days if as_date(day).year < 2026)
    assert by_month[9] > 1.5 * by_month[7]


SHARES: list[tuple[str, Callable[[Person], bool], float]] = [
    ("Atlas", lambda p: p.agency.name == "Atlas", 0.20),
    ("Amal", lambda p: p.agency.name == "Amal", 0.09),
    ("Bon", lambda p: p.agency.name == "AgII-Bon", 0.11),
    ("women", lambda p: p.gender is Gender.F, 0.52),
    ("jobless", lambda p: p.jobless, 0.66),
    ("jobless without benefit", lambda p: p.nug, 0.29),
    ("obliged", lambda p: p.obligation is Obligation.OBLIGED, 0.49),
    ("protection", lambda p: p.ground is ResidenceGround.PROTECTION, 0.27),
    ("low self-reliance", lambda p: p.reliance is Scale.LOW, 0.28),
    ("high self-reliance", lambda p: p.reliance is Scale.HIGH, 0.25),
    ("hbo5 or higher", lambda p: p.higher, 0.30),
    ("motivated", lambda p: p.motivated, 0.40),
    ("BIS first", lambda p: p.bis is not None, 0.09),
]


@pytest.mark.parametrize(("holds", "share"), [(holds, share) for _, holds, share in SHARES], ids=[name for name, _, _ in SHARES])
def test_shares_are_those_of_the_specification(persons: list[Person], holds: Callable[[Person], bool], share: float) -> None:
    assert sum(map(holds, persons)) / N == pytest.approx(share, abs=0.025)


def test_ability_goes_with_education(persons: list[Person]) -> None:
    higher = [person.learning is Scale.HIGH for person in persons if person.higher]
    others = [person.learning is Scale.HIGH for person in persons if not person.higher]
    assert sum(higher) / len(higher) > 1.5 * sum(others) / len(others)
