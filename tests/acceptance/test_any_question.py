"""Any question at any (D, N): live, recomputed, over HTTP, as CSV, and folded again in memory without a database: one figure."""

from __future__ import annotations

import csv
import io
import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import msgspec

from ledger.cohort import Unanswerable, read_cohort
from ledger.figure import Figure, figure
from ledger.indicator import Base, Indicator, indicators
from simulation.faults import FaultProfile
from simulation.run import stream
from tests.acceptance.conftest import PEOPLE, SEED
from tests.acceptance.serving import Served
from tests.simulation.little_ledger import LittleLedger, book
from web.api.indicators import indicator_answer

DRAWS = int(os.environ.get("LEDGER_TEST_SEED", "4"))
_ELSEWHERE = {"sources", "role_patterns", "refusals"}
"""What stands beside the views: the little ledger knows nothing of it."""


def questions(seed: int, n: int) -> Iterator[tuple[Indicator, tuple[str, ...], str | None]]:
    """Indicators with up to three dimensions, and a year, a stretch of quarters or no cohort."""
    draws = random.Random(seed)
    for _ in range(n):
        declared = draws.choice(list(indicators().values()))
        by = tuple(draws.sample(declared.splits, min(draws.randint(0, 3), len(declared.splits))))
        stocked = declared.base is Base.STOCK
        yield declared, by, None if stocked else draws.choice([None, None, "2024", "2023-Q2:2024-Q3", "2025-Q1"])


def told(made: Figure) -> dict[str, Any]:
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(indicator_answer(made)))
    return answer


def test_every_way_to_a_figure_gives_the_same(population: Served) -> None:
    print(f"seed {DRAWS}")
    answered = 0
    with population.client() as client:
        for declared, by, cohort in questions(DRAWS, 40):
            asked = {"by": ",".join(by)} | ({"cohort": cohort} if cohort else {})
            live = client.get(f"/api/indicators/{declared.id}", params=asked)
            if live.status_code == 400:
                continue
            answer = live.raise_for_status().json()
            cut = {"as_of": answer["as_of"], "known_at": str(answer["position"])}
            again = client.get(f"/api/indicators/{declared.id}", params=asked | cut).raise_for_status().json()
            assert again == answer, (declared.id, by, cohort)
            table = client.get(f"/api/indicators/{declared.id}", params=asked | {"format": "csv"}).raise_for_status().text
            lines = list(csv.DictReader(io.StringIO(table)))
            for name in ("numerator", "denominator", "immature", "left_scope"):
                assert [line[name] for line in lines] == ["" if row[name] is None else str(row[name]) for row in answer["rows"]]
            answered += 1
    assert answered > 15


def test_the_past_is_what_a_fold_in_memory_gives(population: Served) -> None:
    print(f"seed {DRAWS}")
    draws = random.Random(DRAWS)
    little = LittleLedger()
    little.take(stream(PEOPLE, SEED, FaultProfile.HARSH))
    different = []
    for _ in range(2):
        on, known = date(2023, 6, 1) + timedelta(days=draws.randint(0, 1000)), draws.randint(little.good // 3, little.good)
        facts = book(little, on, known)
        for declared, by, cohort in questions(draws.randint(0, 10**6), 30):
            if _ELSEWHERE & set(declared.needs):
                continue
            for protected in (True, False):
                try:
                    ours = figure(declared, facts, by=by, cohort=read_cohort(cohort) if cohort else None, protected=protected)
                except Unanswerable:
                    continue

                cut = {"cohort": read_cohort(cohort) if cohort else None, "as_of": on, "known_at": known, "protected": protected}
                theirs = population.do(partial(population.parts.figures.figure, declared.id, by=by, **cut))  # type: ignore[arg-type]
                if told(ours) | {"erased": 0} != told(theirs) | {"erased": 0}:
                    different.append((declared.id, by, cohort, on, known, protected))
    assert different == []
