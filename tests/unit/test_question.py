"""Crossings that would take long and show nothing are refused before anything is computed."""

from __future__ import annotations

import pytest

from ledger.cohort import Unanswerable, read_cohort
from ledger.dimension import QUARTER, YEAR
from ledger.indicator import indicators
from ledger.question import MOST_CELLS, cells_of, checked


def test_cells_are_counted_by_the_lists_and_by_time() -> None:
    assert cells_of(["gender"], False, None) == 4
    assert cells_of(["gender", YEAR], True, None) == 20
    assert cells_of(["gender", QUARTER], True, None) == 80
    assert cells_of(["gender"], True, read_cohort("2024")) == 20
    assert cells_of(["gender"], True, read_cohort("2024-Q1")) == 80
    assert cells_of(["source", "gender"], False, None) == 80


@pytest.mark.parametrize(
    ("by", "cohort"),
    [
        (("region", "benefit", "education"), None),
        (("region", "gender", "age"), None),
        (("region", "benefit", QUARTER), None),
        (("region", "benefit"), "2024-Q1"),
    ],
)
def test_too_many_cells_are_refused_with_how_to_ask(by: tuple[str, ...], cohort: str | None) -> None:
    period = read_cohort(cohort) if cohort else None
    with pytest.raises(Unanswerable) as refused:
        checked(indicators()["IND-01"], by, period, True)
    assert refused.value.pointer == "by"
    assert f"more than {MOST_CELLS} groups" in refused.value.message.en
    assert f"meer dan {MOST_CELLS} groepen" in refused.value.message.nl
    assert checked(indicators()["IND-01"], by, period, False) == by, "exact figures hide nothing, and take no time for it"


@pytest.mark.parametrize(
    ("by", "cohort"),
    [
        (("gender", "age", YEAR), None),
        (("area", "gender", "age"), None),
        (("region", QUARTER), None),
        (("region", "nationality"), None),
        (("region", "gender"), "2024"),
    ],
)
def test_what_is_quick_or_crosses_two_is_answered(by: tuple[str, ...], cohort: str | None) -> None:
    assert checked(indicators()["IND-01"], by, read_cohort(cohort) if cohort else None, True) == by
