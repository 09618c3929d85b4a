"""An auditor's commands beside a ledger that runs: replay, compare, verify, bundle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import main
from tests.acceptance.serving import Served


@pytest.fixture
def audited(population: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A populated ledger, its data folder named by the environment, its newest checkpoint at the head."""
    monkeypatch.setenv("LEDGER_DATA", str(population.parts.settings.data))
    monkeypatch.setenv("LEDGER_DATABASE_URL", population.parts.store.dsn)
    monkeypatch.setenv("LEDGER_LANG", "en")
    population.do(population.parts.checkpoints.publish)
    return population


def asked(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """A command's exit code, what it printed and what it said."""
    capfd.readouterr()
    code = main([str(one) for one in arguments])
    said = capfd.readouterr()
    return code, said.out, said.err


def test_an_indicator_is_replayed_to_the_figure_that_the_ledger_shows(
    audited: Served, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with audited.client() as client:
        shown = client.get("/api/indicators/IND-01", params={"by": "area"}).raise_for_status().json()
    code, out, _ = asked(capfd, "replay", "--indicator", "IND-01", "--by", "area", "--known-at", str(shown["position"]), "--json")
    replayed = json.loads(out)
    assert code == 0
    for name in ("position", "as_of", "hidden", "erased"):
        assert replayed[name] == shown[name]
    assert [(row["strata"], row["numerator"], row["value"]) for row in replayed["rows"]] == [
        (row["strata"], row["numerator"], row["value"]) for row in shown["rows"]
    ]
    code, out, _ = asked(capfd, "replay", "--indicator", "IND-01")
    assert code == 0
    assert out.startswith("IND-01 ")
    assert asked(capfd, "replay", "--indicator", "IND-99")[0] == 2
    assert asked(capfd, "replay")[0] == 2
    assert asked(capfd, "replay", "--indicator", "IND-01", "--view", "facts")[0] == 2
    assert asked(capfd, "replay", "--by", "area", "--out", tmp_path / "rows")[0] == 2


def test_two_positions_are_compared(audited: Served, capfd: pytest.CaptureFixture[str]) -> None:
    head = audited.do(audited.parts.store.head).position
    code, out, _ = asked(capfd, "compare", "--from", str(head - 30), "--indicator", "IND-01", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["first"], found["last"]) == (head - 30, head)
    assert sum(found["entries"].values()) == 30
    assert found["changes"]
    assert all(one["through"] for one in found["changes"])
    code, out, _ = asked(capfd, "compare", "--from", str(head - 30), "--to", str(head), "--indicator", "IND-01")
    assert code == 0
    assert out.startswith(f"From position {head - 30} to {head}")
    assert "Rows that changed" in out
    code, _, said = asked(capfd, "compare", "--from", str(head), "--to", "5")
    assert code == 2
    assert "name the earlier one with --from" in said


def test_a_sound_ledger_is_verified(audited: Served, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capfd, "verify")
    assert code == 0, out
    assert "all good" in out
    code, out, _ = asked(capfd, "verify", "--json")
    found = json.loads(out)
    assert found["good"]
    assert found["first"] is None
    assert asked(capfd, "verify", "--against", "nothing")[0] == 2
    assert asked(capfd, "verify", "--key", "x+y+z")[0] == 2


def test_bundles_are_made_and_verified_offline_and_beside_the_ledger(
    audited: Served, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    person = audited.do(audited.parts.reader.examples)[0].person
    key = audited.parts.checkpoints.key.text
    made = {
        "person": ("--person", person, "--open"),
        "range": ("--range", "1:60"),
        "figure": ("--figure", "IND-01", "--by", "area"),
    }
    for name, arguments in made.items():
        code, out, said = asked(capfd, "bundle", *arguments, "--out", tmp_path / name)
        assert code == 0, said
        assert "ledger verify" in out
    files = [tmp_path / name for name in made]
    code, out, _ = asked(capfd, "verify", *files, "--key", key)
    assert code == 0, out
    assert out.count(": good.") == 3
    code, out, _ = asked(capfd, "verify", tmp_path / "figure", "--against", "ledger")
    assert code == 0, out
    assert "the figure is the same when it is recomputed" in out
    content = (tmp_path / "figure").read_text()
    (tmp_path / "figure").write_text(content.replace('"numerator":', '"numerator":1', 1).replace('"numerator":1null', '"numerator":17', 1))
    code, out, _ = asked(capfd, "verify", tmp_path / "figure", "--against", "ledger")
    assert code == 1
    assert "another when it is recomputed" in out
    (tmp_path / "range").write_text((tmp_path / "range").read_text().replace('"commitment":"', '"commitment":"A', 1))
    assert asked(capfd, "verify", tmp_path / "range")[0] == 1
    reads = audited.do(lambda: audited.parts.access.newest(limit=5))
    assert any(one.kind == "bundle" and one.stream == f"persoon/{person}" for one in reads)
    assert asked(capfd, "bundle", "--out", tmp_path / "x")[0] == 2
    assert asked(capfd, "bundle", "--range", "a:b", "--out", tmp_path / "x")[0] == 2
    assert asked(capfd, "bundle", "--person", "00000000-0000-8000-8000-000000000000", "--out", tmp_path / "x")[0] == 2
    assert not (tmp_path / "x").exists()
