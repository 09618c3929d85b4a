"""The auditor's pages in a real browser, and who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ledger.bundle import check_bundle
from tests.acceptance.serving import Served
from tests.acceptance.test_pages import CHROMIUM, CONTRAST, HERE, MARKUP, QUIET
from web.language import Language
from web.wording import number


@pytest.fixture(scope="module")
def browser(population: Served) -> Iterator[Browser]:
    population.do(population.parts.checkpoints.publish)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, population: Served) -> Iterator[Page]:
    context = browser.new_context(base_url=population.url, java_script_enabled=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def head(population: Served) -> int:
    return population.do(population.parts.store.head).position


@pytest.fixture(scope="module")
def places(population: Served, head: int) -> list[str]:
    """Every kind of auditor's page."""
    sealed, plain = population.do(
        lambda: population.parts.store.pool.fetchrow(
            "SELECT min(position) FILTER (WHERE key_id IS NOT NULL), min(position) FILTER (WHERE key_id IS NULL) FROM ledger.entries"
        )
    )
    return [
        "/auditor",
        "/auditor?niet=niets",
        "/auditor/leesregister",
        f"/auditor/gebeurtenis/{sealed}",
        f"/auditor/gebeurtenis/{plain}",
        "/auditor/vergelijken",
        f"/auditor/vergelijken?van={head - 40}",
        "/auditor/vergelijken?van=ooit",
    ]


def test_they_are_whole_on_a_phone_sound_for_who_does_not_see_them_and_clean_by_axe(
    browser: Browser, population: Served, places: list[str]
) -> None:
    axe = (HERE.parent / "accessibility" / "node_modules" / "axe-core" / "axe.min.js").read_text()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for width in (320, 1280):
        context = browser.new_context(base_url=population.url, viewport={"width": width, "height": 800})
        page = context.new_page()
        for path in places:
            page.goto(path)
            for summary in page.locator("main summary").all():
                summary.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
            assert page.locator("h1").count() == 1, path
            if width == 320:
                continue
            assert page.evaluate(MARKUP) == [], path
            assert page.evaluate(CONTRAST) == [], path
            page.evaluate(axe)
            found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
            assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == [], path
        context.close()


def test_they_are_in_english_too(page: Page, places: list[str]) -> None:
    page.goto("/auditor?lang=en")
    for path in places:
        page.goto(path)
        text = page.locator("main").inner_text()
        for word in ("Gebeurtenis", "Controlepunt", "Vergelijk", "Positie", "Wanneer", "getoond"):
            assert word not in text, f"{path} says {word}"


def test_an_event_is_looked_up_and_its_proof_leads_to_the_signed_root(browser: Browser, population: Served, head: int) -> None:
    context = browser.new_context(base_url=population.url, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    entry = population.do(lambda: population.parts.store.read(head // 2 - 1, 1))[0]
    for asked in (str(entry.position), entry.id):
        page.goto("/auditor")
        page.get_by_label("Gebeurtenis opzoeken en bewijzen").fill(asked)
        page.get_by_role("button", name="Zoek op").click()
        expect(page.locator("h1")).to_have_text(f"Gebeurtenis {number(entry.position, Language.NL)}")
    latest = population.do(population.parts.checkpoints.latest)
    assert latest is not None
    expect(page.get_by_text(latest.checkpoint.root.hex())).to_be_visible()
    expect(page.get_by_text("nagerekend")).to_be_visible()
    page.goto("/auditor")
    page.get_by_label("Gebeurtenis opzoeken en bewijzen").fill("iets anders")
    page.get_by_role("button", name="Zoek op").click()
    expect(page.get_by_role("alert")).to_contain_text("geen positie")
    context.close()


def test_two_moments_are_compared_and_the_entries_in_between_are_a_press_away(page: Page, head: int) -> None:
    page.goto("/auditor/vergelijken")
    page.locator("#van").fill(str(head - 60))
    page.get_by_role("button", name="Vergelijk", exact=True).click()
    expect(page.locator("h2#tussen")).to_be_visible()
    rows = page.locator("table", has=page.get_by_text("Rijen per weergave")).locator("tbody tr")
    assert rows.count() > 0
    page.locator("main summary").click()
    page.locator("section[aria-labelledby=rijen] a[href^='/auditor/gebeurtenis/']").first.click()
    expect(page.locator("h1")).to_contain_text("Gebeurtenis")


def test_a_bundle_is_taken_along_and_holds(page: Page, population: Served, tmp_path: Path) -> None:
    page.goto("/auditor")
    page.locator("#reeks").fill("1:40")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download reeks").click()
    taken.value.save_as(tmp_path / "bundle")
    assert taken.value.suggested_filename == "entries-1-40.bundle.jsonl"
    report = check_bundle((tmp_path / "bundle").read_bytes().splitlines(), log=population.parts.checkpoints.key)
    assert report.entries == 40
    person = population.do(population.parts.reader.examples)[0].person
    with population.client() as client:
        sealed = client.get("/api/bundle", params={"person": person}).raise_for_status()
        opened = client.get("/api/bundle", params={"person": person, "open": "true", "purpose": "audit"}).raise_for_status()
        assert check_bundle(sealed.content.splitlines()).opened <= 1
        assert check_bundle(opened.content.splitlines()).opened > 1
        reads = client.get("/api/reads", params={"person": person}).raise_for_status().json()["reads"]
        assert [one["kind"] for one in reads if one["purpose"] == "audit"] == ["bundle"]
        for wrong in (
            {},
            {"range": "5"},
            {"range": "9:1"},
            {"person": person, "range": "1:2"},
            {"figure": "IND-99"},
            {"range": "1:99999999"},
        ):
            assert client.get("/api/bundle", params=wrong).status_code in {400, 404, 409, 422}, wrong
    page.goto("/auditor/leesregister")
    expect(page.get_by_text("bundel met bewijzen").first).to_be_visible()
