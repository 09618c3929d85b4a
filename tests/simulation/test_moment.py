"""The simulator's calendar agrees with the ledger's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.time import local_date, local_midnight
from simulation.moment import (
    HOUR,
    as_date,
    as_moment,
    day_of,
    first_of_month,
    instant,
    local_day,
    local_day_second,
    local_text,
    next_monday,
    utc_text,
    weekday,
    working_day,
)

SPAN = range(day_of("2022-01-01"), day_of("2027-01-01"))


def test_every_local_midnight_is_the_ledgers() -> None:
    assert [as_moment(day, 0) for day in SPAN] == [local_midnight(as_date(day)) for day in SPAN]


def test_every_hour_falls_on_the_ledgers_local_date() -> None:
    hours = range(instant(SPAN[0], 0), instant(SPAN[0] + 800, 0), HOUR)
    assert all(as_date(local_day(moment)) == local_date(datetime.fromtimestamp(moment, UTC)) for moment in hours)


@pytest.mark.parametrize("day", ["2024-03-30", "2024-03-31", "2024-04-01", "2024-10-26", "2024-10-27", "2024-10-28", "2025-07-01"])
@pytest.mark.parametrize("second", [0, 3 * HOUR, 9 * HOUR, 23 * HOUR + 59])
def test_texts_name_the_same_moment(day: str, second: int) -> None:
    moment = instant(day_of(day), second)
    assert datetime.fromisoformat(local_text(day_of(day), second)) == datetime.fromisoformat(utc_text(moment))
    assert local_text(day_of(day), second).startswith(day)
    assert local_day_second(moment) == (day_of(day), second)


def test_weekends_move_to_monday() -> None:
    saturday = day_of("2024-06-01")
    assert [as_date(working_day(saturday + n)).isoformat() for n in range(3)] == ["2024-06-03"] * 3
    assert {weekday(working_day(day)) for day in SPAN} == {0, 1, 2, 3, 4}
    assert all(weekday(next_monday(day)) == 0 and 0 <= next_monday(day) - day < 7 for day in SPAN)


def test_months_run_past_december() -> None:
    assert as_date(first_of_month(2024, 19)) == date(2025, 7, 1)
