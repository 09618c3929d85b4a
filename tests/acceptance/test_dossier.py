"""``ledger dossier``: everything about a person, in words and with sources, on one page that opens and prints anywhere."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from cli.main import main
from ledger.access import ReadKind
from tests.acceptance.serving import Served

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@pytest.fixture
def person(population: Served) -> str:
    """Somebody of whom much is known, with corrections or a merge."""
    chosen = {one.reason: one.person for one in population.do(population.parts.reader.examples)}
    return chosen.get("merged") or chosen.get("corrected") or next(iter(chosen.values()))


@pytest.fixture
def made(population: Served, person: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("LEDGER_DATABASE_URL", population.parts.store.dsn)
    with population.client() as client:
        assert client.get(f"/api/trajectories/{person}?purpose=feedback").status_code == 200
    assert main(["dossier", person, "--out", str(tmp_path / "d"), "--data", str(population.parts.settings.data), "--json"]) == 0
    return tmp_path / "d"


def test_it_holds_everything_with_sources(population: Served, person: str, made: Path) -> None:
    assert sorted(file.name for file in made.iterdir()) == ["dossier.en.html", "dossier.html", "dossier.json"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in made.iterdir()} == {0o600}
    told = json.loads((made / "dossier.json").read_bytes())
    with population.client() as client:
        timeline = client.get(f"/api/trajectories/{person}").json()
    assert told["timeline"]["entries"] == timeline["entries"]
    assert told["timeline"]["clocks"] == timeline["clocks"]
    assert {one["source"] for one in told["sources"]} == {entry["source"] for entry in timeline["entries"]}
    assert sum(one["reports"] for one in told["sources"]) == len(timeline["entries"])
    assert set(told["grounds"]) >= {str(entry["position"]) for entry in timeline["entries"]}
    reads = [(one["kind"], one["purpose"], one["reader"]) for one in told["read_by"]]
    assert ("trajectory", "feedback", "visitor") in reads
    assert reads[-1][:2] == ("dossier", "access_request"), "this one too"
    assert population.do(population.parts.access.newest)[1].kind is ReadKind.DOSSIER


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_it_opens_and_prints_in_both_languages(made: Path, tmp_path: Path) -> None:
    told = json.loads((made / "dossier.json").read_bytes())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.goto(f"file://{made}/dossier.html")
        assert page.locator("h1").inner_text() == "Uw dossier in het trajectregister"
        assert page.locator(".entry").count() == len(told["timeline"]["entries"])
        headings = page.locator("h2").all_inner_texts()
        for wanted in ("Van wie komt het", "Waarom", "Met wie", "Wie het las", "Hoelang", "Uw rechten"):
            assert any(wanted in heading for heading in headings), wanted
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_text("In English").click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert "Vraag van de persoon" not in page.content()
        page.pdf(path=tmp_path / "dossier.pdf", format="A4")
        page.emulate_media(media="print")
        assert not page.locator(".screen").is_visible()
        browser.close()
    assert (tmp_path / "dossier.pdf").stat().st_size > 10_000


def test_nobody_and_no_pseudonym_are_told(
    population: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEDGER_DATABASE_URL", population.parts.store.dsn)
    data = str(population.parts.settings.data)
    for who in ("85073003328", "00000000-0000-8000-8000-000000000000"):
        assert main(["dossier", who, "--out", str(tmp_path / "d"), "--data", data]) == 2
        assert capfd.readouterr().err.startswith("ledger: ")
    assert not (tmp_path / "d").exists()
