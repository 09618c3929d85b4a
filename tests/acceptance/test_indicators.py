"""Indicators over a simulated population: live, recomputed from the log, by API and command line: one figure."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from cli.main import main
from ledger.figure import Figure, figure
from ledger.indicator import Indicator, indicators
from streams.factbooks import past_factbook
from tests.acceptance.serving import Served


def ask(served: Served, id: str, **asked: object) -> Figure:
    async def answer() -> Figure:
        return await served.parts.figures.figure(id, **asked)  # type: ignore[arg-type]

    return served.do(answer)


def splits_of(declared: Indicator) -> list[tuple[str, ...]]:
    """No split, one by each end of the list, and a crossing of two."""
    plain = [name for name in declared.splits if name not in {"area", "province", "year"}]
    return [(), tuple(plain[:1]), tuple(plain[-1:]), tuple(plain[:2])]


def test_every_figure_is_the_same_live_and_recomputed_from_the_log(population: Served) -> None:
    first = ask(population, "IND-01")
    facts = population.do(lambda: past_factbook(population.parts.store, as_of=first.as_of, known_at=first.position))
    different = []
    for id, declared in indicators().items():
        for by in splits_of(declared):
            live = ask(population, id, by=by, protected=False)
            if live != figure(declared, facts, by=by, protected=False):
                different.append((id, by))
    assert different == []
    assert first.total.denominator


def test_most_figures_have_somebody_to_count(population: Served) -> None:
    empty = [id for id in indicators() if not ask(population, id, protected=False).total.denominator]
    rare = {"IND-34", "IND-42", "IND-137", "IND-138", "IND-140", "IND-235", "IND-237", "IND-240"}
    assert set(empty) <= rare, "too few people of a small population for these"


def test_api_command_line_and_replay_tell_the_same_figure(
    population: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with population.client() as client:
        api = client.get("/api/indicators/IND-01", params={"by": "area"}).raise_for_status().json()
        again = client.get(
            "/api/indicators/ind-01", params={"by": "area", "as_of": api["as_of"], "known_at": str(api["position"])}
        ).raise_for_status()
    monkeypatch.setenv("LEDGER_URL", population.url)
    assert main(["indicator", "IND-01", "--by", "area", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == api == again.json()
    facts = population.do(lambda: past_factbook(population.parts.store, as_of=date.fromisoformat(api["as_of"]), known_at=api["position"]))
    replayed = figure(indicators()["IND-01"], facts, by=("area",))
    assert [(row.strata, row.numerator, row.denominator, row.value) for row in replayed.rows] == [
        (row["strata"], row["numerator"], row["denominator"], row["value"]) for row in api["rows"]
    ]


def test_a_figure_known_earlier_is_another_one(population: Served) -> None:
    now = ask(population, "IND-08", protected=False)
    before = ask(population, "IND-08", known_at=now.position // 2, protected=False)
    assert before.position == now.position // 2
    assert before.total.denominator < now.total.denominator  # type: ignore[operator]
    assert ask(population, "IND-08", as_of=date(2024, 1, 1), protected=False).total.denominator < now.total.denominator  # type: ignore[operator]


def test_csv_holds_the_same_rows(population: Served) -> None:
    with population.client() as client:
        api = client.get("/api/indicators/IND-05", params={"by": "gender"}).json()
        table = client.get("/api/indicators/IND-05", params={"by": "gender", "format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["gender"] for row in rows] == [row["strata"]["gender"] for row in api["rows"]]
    assert [row["denominator"] for row in rows] == ["" if row["denominator"] is None else str(row["denominator"]) for row in api["rows"]]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"by": "shoe_size"}, "by"),
        ({"by": "area,region"}, "by"),
        ({"by": "region,gender,age,benefit"}, "by"),
        ({"by": "region,benefit,education"}, "by"),
        ({"cohort": "2024-01-15:2024-03-31"}, "cohort"),
        ({"cohort": "yesterday"}, "cohort"),
        ({"cohort": "2024-12-31:2024-01-01"}, "cohort"),
        ({"as_of": "soon"}, "as_of"),
        ({"format": "xml"}, "format"),
    ],
)
def test_what_cannot_be_answered_says_why(population: Served, query: dict[str, str], pointer: str) -> None:
    with population.client() as client:
        answer = client.get("/api/indicators/IND-01", params=query)
    assert answer.status_code == 400
    assert pointer in (answer.json().get("pointer") or answer.json()["detail"])


def test_an_indicator_that_is_not_there(population: Served) -> None:
    with population.client() as client:
        assert client.get("/api/indicators/IND-99").status_code == 404


def test_in_an_ordinary_ledger_the_past_the_exact_and_the_restricted_need_a_token(ordinary: Served) -> None:
    with ordinary.client() as client:
        assert client.get("/api/indicators").status_code == 200
        assert client.get("/api/indicators/IND-01").status_code == 200
        for query in ({"as_of": "2024-01-01"}, {"known_at": "1"}, {"unprotected": "true"}):
            assert client.get("/api/indicators/IND-01", params=query).status_code == 401
        assert client.get("/api/indicators/IND-38").status_code == 401
    with ordinary.client(ordinary.parts.operator_token) as operator:
        assert operator.get("/api/indicators/IND-38").status_code == 200
        assert operator.get("/api/indicators/IND-01", params={"unprotected": "true", "purpose": "evaluation"}).json()["protected"] is False


def test_the_command_lists_and_prints_tables(
    population: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_URL", population.url)
    assert main(["indicator"]) == 0
    assert "IND-43" in capfd.readouterr().out
    assert main(["indicator", "IND-29", "--by", "pilot", "--unprotected"]) == 0
    out = capfd.readouterr().out
    assert "not for publication" in out
    assert main(["indicator", "IND-01", "--by", "gender", "--cohort", "2024", "--format", "csv"]) == 0
    assert capfd.readouterr().out.startswith("indicator,version,position,as_of,cohort,gender,numerator")
    assert main(["indicator", "IND-01", "--format", "pdf"]) == 2
    assert main(["indicator", "--by", "gender"]) == 2
