"""Identity numbers of invented persons: valid check digits, and no two persons with one number.

Within a birth year and a sex there are 365 × 498 numbers. Persons take them along a fixed walk, so that two
persons can meet only if their indexes differ by a whole number of rounds; then the later one is born in an
earlier year. Only lower indexes matter: person *i* is the same for any number of persons.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import msgspec

from ledger.codes.person import Gender
from ledger.identity import insz_check_digits
from simulation import marginals
from simulation.draw import Draws, Table
from simulation.moment import as_date, first_of_month, weekday
from simulation.parameters import Parameters

PER_DAY = 498
ROUND = 365 * PER_DAY
_STRIDE = 100_003


class Birth(msgspec.Struct, frozen=True):
    """When somebody was born, and the serial number of that day; ``male`` is the registered sex that parity shows."""

    year: int
    day_of_year: int
    serial: int
    male: bool


def contract_day(draws: Draws, parameters: Parameters) -> int:
    """The day of the first contract: months by weight, weekdays only."""
    days = draws.pick(_months(parameters.period.contracts_from, parameters.period.end), "contract.month")
    return days[draws.below(len(days), "contract.day")]


@lru_cache(maxsize=8)
def _months(first: int, last: int) -> Table[tuple[int, ...]]:
    """The weekdays of each month between two days, weighted by the season and by how much of the month is inside."""
    months: list[tuple[tuple[int, ...], float]] = []
    day = first
    while day <= last:
        d = as_date(day)
        after = first_of_month(d.year, d.month + 1)
        whole = after - first_of_month(d.year, d.month)
        inside = range(day, min(after, last + 1))
        weekdays = tuple(x for x in inside if weekday(x) < 5)
        if weekdays:
            months.append((weekdays, marginals.MONTH_WEIGHTS[d.month - 1] * len(inside) / whole))
        day = after
    return Table(months)


def drawn_birth_year(draws: Draws, contract: int) -> int:
    """The birth year, from an age class and a contract day."""
    low, high = draws.pick(marginals.AGE, "age.class")
    age = draws.between(low, high, "age")
    return as_date(contract).year - age - draws.between(0, 1, "age.month")


def birth_of(seed: int, index: int, parameters: Parameters) -> Birth:
    """The birth of person ``index``, unlike that of any person before."""
    taken: set[tuple[int, bool]] = set()
    year, male = 0, False
    for earlier in range(index % ROUND, index + 1, ROUND):
        draws = Draws(seed, "person", earlier)
        gender = draws.pick(marginals.GENDER, "gender")
        male = gender is Gender.M or (gender is Gender.X and earlier % 2 == 0)
        year = drawn_birth_year(draws, contract_day(draws, parameters))
        while (year, male) in taken:
            year -= 1
        taken.add((year, male))
    slot = (index * _STRIDE + seed * 7_919) % ROUND
    return Birth(year, slot // PER_DAY, 2 * (slot % PER_DAY) + (1 if male else 2), male)


def insz(birth: Birth, month_offset: int) -> str:
    """The number; ``month_offset`` is 0 (rijksregister), 40 (BIS, sex known) or 20 (BIS, sex unknown)."""
    born = date(birth.year, 1, 1) + timedelta(days=birth.day_of_year)
    base = f"{born.year % 100:02d}{born.month + month_offset:02d}{born.day:02d}{birth.serial:03d}"
    return base + insz_check_digits(base, born_2000=born.year >= 2000)
