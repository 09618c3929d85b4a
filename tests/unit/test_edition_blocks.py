"""The funnel of editions as a page shows it: groups, their place, how many lie outside by chance, and nothing of what is hidden."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest

from ledger.codes.region import Region
from ledger.cohort import read_cohort
from ledger.factbook import Factbook
from ledger.figure import figure
from ledger.indicator import Base, Theme, indicator, indicators, withdraw
from ledger.units import units
from streams.board import Board
from web.blocks.editions import Editions
from web.language import Language
from web.scene import Scene

ID = "IND-991"
SEED = 20260402
REGIONS = [region.value for region in Region if not region.value.startswith("prov_")][:12]


def participations() -> pl.DataFrame:
    """Some sixty participations per region and year, unevenly over its quarters, half of them completed."""
    drawn = random.Random(SEED)
    rows = []
    for region in REGIONS:
        for year in (2023, 2024):
            for month in (2, 5, 8, 11):
                n = drawn.choice((3, 12, 14, 30))
                rows += [(region, date(year, month, 10), drawn.random() < 0.5) for _ in range(n)]
    return pl.DataFrame(rows, schema={"region": pl.String, "on": pl.Date, "good": pl.Boolean}, orient="row")


@pytest.fixture
def facts() -> Iterator[Factbook]:
    people = participations()

    @indicator(
        ID,
        theme=Theme.EDITIONS,
        title=("Proef", "Trial"),
        definition=("Proef.", "Test."),
        numerator=("a", "b"),
        denominator=("c", "d"),
        base=Base.EVENT,
        needs=(),
        decisions=("Q1",),
        sources=("S01",),
        dimensions=("area", "province", "region"),
    )
    def made(facts: Factbook) -> pl.LazyFrame:
        return units(people.lazy(), day="on", top=pl.col("good"), keep=("region",))

    yield Factbook({}, as_of=date(2025, 6, 1), position=1)
    withdraw(ID)


def scene(facts: Factbook, *, cohort: str = "", language: Language = Language.NL) -> Scene:
    return Scene(Board(facts, {}), language, filters={}, cohort=read_cohort(cohort) if cohort else None, cohort_text=cohort, split="")


def test_groups_are_sums_of_cells_that_are_shown(facts: Factbook) -> None:
    block = Editions(id=ID).block(scene(facts))
    lines = block.tables[0].lines
    shown = {
        (row.strata["region"], row.strata["quarter"]): row
        for row in figure(indicators()[ID], facts, by=["region", "quarter"]).rows
        if not row.hidden
    }
    years = {
        (row.strata["region"], row.strata["year"]): row
        for row in figure(indicators()[ID], facts, by=["region", "year"]).rows
        if not row.hidden
    }
    everything = sum(row.denominator or 0 for row in years.values())
    told = sum(int(line.cells[1]) for line in lines if not line.hidden)
    assert 0 < told <= everything, f"seed {SEED}"
    assert all(line.cells[:2] == ("afgeschermd", "afgeschermd") for line in lines if line.hidden)
    for line in lines:
        if not line.hidden and "helft" in line.labels[1] and "tot" not in line.labels[1]:
            year, half = line.labels[1][:4], (1, 2) if "eerste" in line.labels[1] else (3, 4)
            mine = [row for (region, quarter), row in shown.items() if quarter in {f"{year}-Q{n}" for n in half}]
            assert any(int(line.cells[1]) >= (row.denominator or 0) for row in mine), line
    assert {line.cells[4] for line in lines} <= {
        "",
        "binnen de verwachte spreiding",
        "let op",
        "wijkt af, na te gaan",
        "te klein om te vergelijken",
    }
    assert block.chart


def test_many_groups_are_told_how_many_lie_outside_by_chance(facts: Factbook) -> None:
    block = Editions(id=ID).block(scene(facts))
    compared = [line for line in block.tables[0].lines if line.cells[4] not in ("", "te klein om te vergelijken")]
    assert len(compared) > 20, f"seed {SEED}"
    assert (
        f"Bij {len(compared)} groepen liggen er door toeval alleen al ongeveer {round(len(compared) * 0.05)} buiten de 95 %." in block.notes
    )


def test_a_cohort_of_a_quarter_has_no_years_and_still_a_page(facts: Factbook) -> None:
    block = Editions(id=ID).block(scene(facts, cohort="2024-Q1", language=Language.EN))
    assert all("first half" in line.labels[1] or line.hidden for line in block.tables[0].lines)
