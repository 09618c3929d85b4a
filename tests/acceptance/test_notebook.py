"""The notebook of the docs, run cell by cell on an export of a populated sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.serving import Served
from tests.acceptance.test_exports import export

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebooks" / "two-indicators.ipynb"


def test_it_gets_the_numbers_of_the_pages(population: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_EXPORT", str(export(population, monkeypatch, tmp_path, "parquet", "--unprotected")))
    held: dict[str, Any] = {}
    for cell in json.loads(NOTEBOOK.read_text())["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), held)
    with population.client() as client:
        for id, made in (("IND-04", held["ind_04"]), ("IND-10", held["ind_10"])):
            total = client.get(f"/api/indicators/{id}").raise_for_status().json()["total"]
            assert made == (total["numerator"], total["denominator"]) == held["shown"](id)
            assert made[1] >= 10
    assert max(held["off"].values()) < 1e-9
    assert held["made"].height > 5
