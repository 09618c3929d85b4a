"""E7: what sources owe of closed quarters; what an open quarter still misses is under way."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from ledger.data_state import DataState, data_state
from ledger.factbook import Factbook, schema_of
from ledger.projection import projections
from ledger.quality import SequenceRange, SourceState

VDAB, AGENCY, STRANGER = "1999015095", "1999010048", "1999029052"
D = date(2026, 7, 1)
"""The last closed quarter ends on 31 March."""


def state(org: str, *ranges: tuple[int, int, str]) -> SourceState:
    told = tuple(SequenceRange(lo, hi, datetime.fromisoformat(on).replace(tzinfo=UTC)) for lo, hi, on in ranges)
    return SourceState(source=f"urn:kbo:{org}:sys", ranges=told)


def frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema_of(projections()[name].columns))


def total(org: str, period: str, n: int) -> dict[str, object]:
    said = {"key": f"bron/{org}", "source": f"urn:kbo:{org}:sys", "period": period, "type": "activation.step-reported", "n": n}
    return {**said, "last_sequence": 1, "position": 1, "role": "vdab", "day": date(2026, 6, 5)}


def judged(*states: SourceState, feeds: list[dict[str, object]] | None = None) -> DataState:
    authority = {"key": "bron/x", "org": VDAB, "role": "vdab", "state": "authorised", "valid_from": date(2022, 1, 1)}
    frames = {"authorities": frame("authorities", [authority]), "feeds": frame("feeds", feeds or [])}
    return data_state(Factbook(frames, as_of=D, position=1, sources=states), (AGENCY,))


def test_a_number_that_is_missing_since_a_closed_quarter_is_owed_and_a_young_one_is_not() -> None:
    told = judged(state(VDAB, (1, 10, "2025-01-01"), (12, 20, "2025-02-01"), (23, 30, "2026-06-20")))
    assert told.closed == date(2026, 3, 31)
    assert told.gaps == 1
    [lack] = told.lacking
    assert (lack.numbers, lack.runs, lack.months) == (1, 1, ())
    assert "VDAB" in lack.name.nl


def test_only_the_executors_and_the_employment_services_count() -> None:
    holes = ((1, 1, "2025-01-01"), (5, 6, "2025-02-01"))
    told = judged(state(AGENCY, *holes), state(STRANGER, *holes))
    assert [lack.source[8:18] for lack in told.lacking] == [AGENCY]
    assert told.lacking[0].numbers == 3


def test_months_of_an_open_quarter_are_not_reconciled_yet() -> None:
    sent = [total(VDAB, "2026-02", 5), total(VDAB, "2026-03", 0), total(VDAB, "2026-05", 7)]
    told = judged(state(VDAB, (1, 9, "2025-01-01")), feeds=sent)
    assert (told.months, told.months_wrong) == (2, 1)
    assert told.lacking[0].months == ("2026-02",)
    assert judged().lacking == ()
