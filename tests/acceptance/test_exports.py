"""Out of the house: what the files hold is what pages and API say, and nothing that these hide."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cli.main import main
from ledger.catalogue import catalogue
from ledger.indicator import Method
from ledger.publication import published, questions
from tests.acceptance.serving import Served

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebooks" / "two-indicators.ipynb"
"""Starts from an export with the rows of persons."""

NOBODY = {"IND-140", "IND-235"}
"""In so small a population these mixes have nobody to tell of, and so no category."""


def export(served: Served, out: Path, *arguments: str) -> Path:
    """Run ``ledger export`` beside the served ledger."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LEDGER_DATABASE_URL", served.parts.store.dsn)
        assert main(["export", *arguments, "--out", str(out), "--data", str(served.parts.settings.data)]) == 0
    return out


@pytest.fixture(scope="module")
def parquet(population: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with the rows of persons."""
    return export(population, tmp_path_factory.mktemp("parquet"), "parquet", "--unprotected")


@pytest.fixture(scope="module")
def csv(population: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export for everybody."""
    return export(population, tmp_path_factory.mktemp("csv"), "csv")


def test_what_holds_rows_of_persons_is_for_its_owner_alone(population: Served, parquet: Path, tmp_path: Path) -> None:
    def shut(file: Path) -> bool:
        return stat.S_IMODE(file.stat().st_mode) == 0o600

    assert shut(parquet / "facts.parquet")
    for form, name in (("ndjson", "entries.ndjson"), ("ocel", "ledger.ocel.json")):
        assert shut(export(population, tmp_path / form, form) / name)
        assert [file.name for file in (tmp_path / form).iterdir()] == [name]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_figures_are_those_of_the_api(population: Served, parquet: Path, csv: Path, form: str) -> None:
    file = (parquet if form == "parquet" else csv) / f"figures.{form}"
    figures = pl.read_parquet(file) if form == "parquet" else pl.read_csv(file, infer_schema_length=None)
    assert set(figures["indicator"].unique()) | NOBODY == {one.id for one in published()}
    with population.client() as client:
        for id, by in (("IND-01", ("region",)), ("IND-17", ("procedure",)), ("IND-04", ("year", "gender"))):
            answered = client.get(f"/api/indicators/{id}", params={"by": ",".join(by)}).raise_for_status().json()
            mine = figures.filter(
                (pl.col("indicator") == id)
                & (pl.col("dimension_1") == by[0])
                & (pl.col("dimension_2").is_null() if len(by) == 1 else pl.col("dimension_2") == by[1])
            )
            told = [
                (*(row[f"value_{at + 1}"] for at in range(len(by))), row["numerator"], row["denominator"], row["hidden"])
                for row in mine.iter_rows(named=True)
            ]
            assert [tuple(map(str, one[: len(by)])) for one in told] == [
                tuple(row["strata"][name] for name in by) for row in answered["rows"]
            ]
            assert [one[len(by) :] for one in told] == [(row["numerator"], row["denominator"], row["hidden"]) for row in answered["rows"]]


def test_every_published_question_is_in_the_file_and_what_is_hidden_tells_nothing(parquet: Path) -> None:
    figures = pl.read_parquet(parquet / "figures.parquet")
    asked = {(one.id, by) for one in published() for by in questions(one)}
    found = {
        (id, tuple(name for name in (first, second) if name is not None))
        for id, first, second in figures.select("indicator", "dimension_1", "dimension_2").unique().iter_rows()
    }
    mixes = {one.id for one in published() if one.method is Method.MIX}
    assert {(id, by[:-1] if id in mixes else by) for id, by in found} <= asked
    hidden = figures.filter(pl.col("hidden"))
    assert hidden.height
    for column in ("numerator", "denominator", "value", "low", "high", "p25", "p75", "p90", "naive", "coverage"):
        assert hidden[column].null_count() == hidden.height, column


def test_the_dictionary_says_what_every_column_is(csv: Path) -> None:
    package = json.loads((csv / "datapackage.json").read_text())
    assert {resource["path"] for resource in package["resources"]} == {file.name for file in csv.glob("*.csv")}
    for resource in package["resources"]:
        body = (csv / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert body.splitlines()[0].decode().split(",") == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]


def test_exact_rows_are_for_the_operator_and_give_the_same_figure(parquet: Path, csv: Path) -> None:
    out = parquet
    assert not (csv / "facts.csv").exists()
    clocks = pl.read_parquet(out / "clocks.parquet").filter(
        (pl.col("clock") == "C09") & ~pl.col("state").is_in(["neutral_end", "not_started"])
    )
    cut = pl.read_parquet(out / "cut.parquet").row(0, named=True)
    due = clocks.filter(pl.col("deadline") <= cut["as_of"])
    total = (
        pl.read_parquet(out / "figures.parquet")
        .filter((pl.col("indicator") == "IND-10") & pl.col("dimension_1").is_null())
        .row(0, named=True)
    )
    assert total["denominator"] == due.filter(pl.col("state") != "unknown").height
    assert total["numerator"] == due.filter(pl.col("state").is_in(["met", "met_before_start"])).height


def test_the_object_centric_log_is_whole_and_names_nobody(population: Served, tmp_path: Path) -> None:
    text = (export(population, tmp_path, "ocel") / "ledger.ocel.json").read_text()
    log = json.loads(text)
    assert list(log) == ["eventTypes", "objectTypes", "events", "objects"]
    types = {one["name"]: {declared["name"]: declared["type"] for declared in one["attributes"]} for one in log["eventTypes"]}
    kinds = {one["name"] for one in log["objectTypes"]}
    objects = {one["id"]: one["type"] for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    assert set(objects.values()) <= kinds
    assert {"person", "organisation", "contract", "referral", "case", "edition"} <= set(objects.values())
    assert len({one["id"] for one in log["events"]}) == len(log["events"]) > 1_000
    python = {"string": str, "time": str, "integer": int, "boolean": bool}
    for one in log["events"]:
        declared = types[one["type"]]
        assert all(isinstance(told["value"], python[declared[told["name"]]]) for told in one["attributes"]), one
        assert all(tie["objectId"] in objects for tie in one["relationships"])
    assert not {one.name for one in catalogue().newest.values() if one.restricted} & set(types)
    persons = population.do(lambda: population.parts.store.streams())
    assert not [stream for stream in persons if stream.startswith("persoon/") and stream.removeprefix("persoon/") in text]


def test_the_entries_are_lines_in_their_order(population: Served, tmp_path: Path) -> None:
    half = population.do(lambda: population.parts.store.head()).position // 2
    out = export(population, tmp_path, "ndjson", "--known-at", str(half))
    lines = [json.loads(line) for line in (out / "entries.ndjson").read_text().splitlines()]
    assert [line["position"] for line in lines] == list(range(1, half + 1))
    erased = population.do(lambda: population.parts.store.erased())
    assert {line["stream"] for line in lines if line["data"] is None} <= set(erased)


def test_bad_usage_is_told(population: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "xlsx", "--out", str(tmp_path), "--data", str(population.parts.settings.data)]) == 2
    assert "choose one of parquet, csv, ocel, ndjson" in capsys.readouterr().err


def test_no_hidden_cell_follows_from_the_shown_ones(parquet: Path) -> None:
    """Whoever subtracts what the file shows from a shown sum finds no small cell."""
    figures = pl.read_parquet(parquet / "figures.parquet")
    plain = figures.filter(pl.col("dimension_2").is_null())
    totals = {row["indicator"]: row for row in plain.filter(pl.col("dimension_1").is_null()).iter_rows(named=True)}
    crossed = figures.filter(pl.col("dimension_2").is_not_null())
    sums: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = []
    whole = plain.filter(pl.col("dimension_1").is_not_null() & pl.col("indicator").is_in(list(totals)))
    for (id, name), parts in whole.group_by("indicator", "dimension_1"):
        sums.append((f"{id} by {name}", totals[str(id)], list(parts.iter_rows(named=True))))
    for (id, year, name), parts in crossed.filter(pl.col("indicator").is_in(list(totals))).group_by("indicator", "value_1", "dimension_2"):
        of_year = plain.filter((pl.col("indicator") == id) & (pl.col("dimension_1") == "year") & (pl.col("value_1") == year))
        if of_year.height:
            sums.append((f"{id} in {year} by {name}", of_year.row(0, named=True), list(parts.iter_rows(named=True))))
    assert len(sums) > 300
    found = []
    for where, total, parts in sums:
        hidden = [part for part in parts if part["hidden"]]
        if total["hidden"] or total["denominator"] is None or len(hidden) != 1:
            continue
        if total["numerator"] is None:
            continue
        top, bottom = (total[name] - sum(part[name] or 0 for part in parts) for name in ("numerator", "denominator"))
        if 0 < bottom < 10 or 0 < top < 5 or 0 < bottom - top < 5:
            found.append((where, top, bottom))
    assert found == []


def test_the_notebook_gets_the_numbers_of_the_pages(population: Served, parquet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_EXPORT", str(parquet))
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
