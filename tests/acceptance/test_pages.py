"""The pages in a real browser: by keyboard, in both languages, without script, on a phone, at other moments of time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ledger.catalogue import catalogue
from tests.acceptance.serving import Served
from web.page import pages

HERE = Path(__file__).parent
MARKUP = (HERE / "markup.js").read_text()
CONTRAST = (HERE / "contrast.js").read_text()
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = (
    *sorted(declared.path for declared in pages() if "{" not in declared.path),
    "/indicatoren/IND-29",
    "/proeftuinen/sector_trajectory",
    "/catalogus/contract.signed",
    "/catalogus/lijst/Role",
    "/docs/problems",
    "/nothing",
)


@pytest.fixture(scope="module")
def browser(population: Served) -> Iterator[Browser]:
    """A browser. It comes after the database: its loop holds this thread as long as it is open."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, population: Served) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=population.url)
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.complaints = complaints  # type: ignore[attr-defined]
    return opened


@pytest.fixture(scope="module")
def trajectory(population: Served) -> str:
    """The path of a person whose trajectory shows a lot: corrected, late, with findings."""
    with population.client() as client:
        people = [one for one in population.do(population.parts.reader.examples) if one.reason in {"corrected", "late", "long"}]
        assert people
        paths = [f"/trajecten/{one.person}" for one in people]
        return max(paths, key=lambda path: len(client.get(path).text))


@pytest.fixture(scope="module")
def places(population: Served, trajectory: str) -> list[str]:
    """Every kind of page."""
    with population.client() as client:
        refusal = client.get("/api/refusals", params={"limit": 1}).json()["refusals"][0]["refusal"]
        source = client.get("/api/publishers").json()["sources"][0]["source"].replace(":", "%3A")
    return [*PAGES, trajectory, f"/weigeringen/{refusal}", f"/bronnen/{source}"]


def test_every_page_is_whole_on_a_phone_and_on_a_desk(browser: Browser, population: Served, places: list[str]) -> None:
    for width in (320, 390, 1280):
        context = browser.new_context(base_url=population.url, viewport={"width": width, "height": 800})
        page = context.new_page()
        for path in places:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
            assert page.locator("h1").count() == 1, path
            assert page.locator(".banner").is_visible(), f"{path} does not say that this is a sandbox"
            assert page.locator("main").count() == page.locator("nav#menu").count() == page.locator("footer").count() == 1, path
        context.close()


def test_every_page_is_sound_markup_for_who_does_not_see_it(page: Page, places: list[str]) -> None:
    for path in places:
        page.goto(path)
        faults = page.evaluate(MARKUP)
        assert faults == [], path
    assert [text for text in page.complaints if "404" not in text] == []  # type: ignore[attr-defined]


def test_text_stands_out_from_its_ground(page: Page, places: list[str]) -> None:
    """WCAG AA: 4.5 to 1 for text."""
    for path in places:
        page.goto(path)
        faults = page.evaluate(CONTRAST)
        assert faults == [], path


def test_the_keyboard_alone_gets_everywhere(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto("/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "/weigeringen":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/weigeringen")
    expect(page.locator("h1")).to_have_text("Weigeringen")
    expect(page.locator("nav#menu [aria-current=page]")).to_have_text("Weigeringen")


def test_english_is_one_press_away_and_is_remembered(page: Page) -> None:
    page.goto("/bronnen")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Sources")
    page.goto("/projecties")
    expect(page.locator("h1")).to_have_text("Projections")
    page.get_by_role("link", name="Nederlands").click()
    expect(page.locator("h1")).to_have_text("Projecties")


def test_switching_language_keeps_what_was_asked(page: Page, trajectory: str) -> None:
    page.goto(f"{trajectory}?as_of=2025-03-01")
    page.get_by_role("link", name="English").click()
    assert "as_of=2025-03-01" in page.url
    expect(page.get_by_text("1 March 2025").first).to_be_visible()


def test_no_english_page_is_left_in_dutch(browser: Browser, population: Served, places: list[str]) -> None:
    context = browser.new_context(base_url=population.url)
    page = context.new_page()
    page.goto("/?lang=en")
    for path in places:
        page.goto(path)
        text = page.locator("body").inner_text()
        for word in ("Gebeurtenissen", "Geweigerd", "Termijn", "Peildatum", "Oefenregister", "weergave", "Aanmelden"):
            assert word not in text, f"{path} says {word}"
    context.close()


def test_everything_works_without_script(browser: Browser, population: Served, places: list[str], trajectory: str) -> None:
    context = browser.new_context(base_url=population.url, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    for path in places:
        page.goto(path)
        assert page.locator("h1").inner_text()
    page.goto("/")
    assert page.locator("#live-refresh").is_visible()
    page.get_by_role("link", name="Menu", exact=True).click()
    page.locator("nav#menu").get_by_role("link", name="Trajecten", exact=True).click()
    page.get_by_role("textbox", name="Pseudoniem een UUID").fill(trajectory.removeprefix("/trajecten/"))
    page.get_by_role("button", name="Toon traject").click()
    expect(page.locator("h1")).to_contain_text("Traject")
    context.close()


def test_the_overview_moves_with_what_comes_in_and_can_be_paused(page: Page, population: Served) -> None:
    with population.client() as client:
        before = client.get("/api/status").json()["position"]
    page.goto("/")
    expect(page.locator("#live-state")).to_have_text("loopt mee")
    event = json.loads(_example("norm.set", 1))
    population.publish([json.dumps(event).encode()])
    expect(page.locator("#live tbody tr").first).to_contain_text("Norm")
    shown = page.locator('[data-live="position"]').inner_text().replace(".", "")
    assert int(shown) == before + 1
    page.get_by_role("button", name="Pauzeer").last.click()
    expect(page.locator("#live-state")).to_have_text("gepauzeerd")
    population.publish([_example("norm.set", 2)])
    page.wait_for_timeout(2500)
    assert page.locator('[data-live="position"]').inner_text().replace(".", "") == shown
    population.project()


def test_a_page_of_figures_moves_with_the_ledger_and_can_be_paused(page: Page, population: Served) -> None:
    population.project()
    page.goto("/tijd-tot")
    expect(page.locator("#volgt")).to_have_text("loopt mee")
    shown = int(page.locator("#stand").get_attribute("data-position") or 0)
    page.locator("details.stands summary").first.click()
    population.publish([_example("norm.set", 11)])
    expect(page.locator("#achter")).to_contain_text("1 gebeurtenis verder")
    population.project()
    population.publish([_example("norm.set", 12)])
    population.project()
    expect(page.locator("#stand")).to_have_attribute("data-position", str(shown + 2))
    expect(page.locator("details.stands").first).to_have_attribute("open", "")
    page.get_by_role("button", name="Pauzeer").click()
    expect(page.locator("#volgt")).to_have_text("gepauzeerd")
    population.publish([_example("norm.set", 13)])
    population.project()
    expect(page.locator("#achter")).to_contain_text("1 gebeurtenis verder")
    assert page.locator("#stand").get_attribute("data-position") == str(shown + 2)
    page.get_by_role("button", name="Ga verder").click()
    expect(page.locator("#stand")).to_have_attribute("data-position", str(shown + 3))


def test_a_chart_reads_out_what_is_pointed_at_and_what_the_arrows_reach(page: Page) -> None:
    page.goto("/stromen")
    box = page.locator(".block[data-kind=process] .reads")
    readout = box.locator("xpath=following-sibling::p[contains(@class, 'readout')]")
    box.locator("[data-say]").first.hover()
    expect(readout).to_have_text(box.locator("[data-say]").first.get_attribute("data-say") or "")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(box.locator(".at")).to_have_count(1)


def test_filters_stand_in_the_address(page: Page) -> None:
    page.goto("/tijd-tot")
    page.locator("#f-van").select_option("registration")
    page.locator("#f-per").select_option("gender")
    page.get_by_role("button", name="Toon", exact=True).click()
    assert "van=registration" in page.url
    assert "per=gender" in page.url
    expect(page.locator("main h2").first).to_contain_text("Inschrijving → eerste stap")
    page.get_by_role("link", name="English").click()
    expect(page.locator("#f-per")).to_have_value("gender")


def _example(name: str, number: int) -> bytes:
    from ledger.example import example_event

    event = json.loads(example_event(catalogue().newest[name]))
    event["id"] = f"0199aaaa-0000-7000-8000-{number:012x}"
    event["admittedat"] = "2030-01-01T00:00:00Z"
    return json.dumps(event).encode()


def test_the_timeline_can_be_stepped_through_by_what_was_known(page: Page, trajectory: str) -> None:
    page.goto(trajectory)
    everything = page.locator("tr[id^=p]").count()
    page.get_by_role("link", name="Eén gebeurtenis minder weten").click()
    assert "known_at=" in page.url
    expect(page.locator("tr[id^=p]")).to_have_count(everything - 1)
    page.get_by_role("link", name="Eén gebeurtenis meer weten").click()
    expect(page.locator("tr[id^=p]")).to_have_count(everything)
    page.get_by_role("link", name="Today, with everything known").or_(page.get_by_role("link", name="Vandaag, met alles")).click()
    assert "?" not in page.url


def test_as_of_and_known_at_stand_in_the_address_and_the_form(page: Page, trajectory: str) -> None:
    page.goto(trajectory)
    page.locator("#as_of").fill("2024-06-30")
    page.locator("#known_at").fill("2025-01-01")
    page.get_by_role("button", name="Toon", exact=True).click()
    assert "as_of=2024-06-30" in page.url
    assert "known_at=2025-01-01" in page.url
    expect(page.get_by_text("30 juni 2024").first).to_be_visible()
    expect(page.locator("#as_of")).to_have_value("2024-06-30")


@pytest.mark.parametrize(
    ("query", "said"), [("as_of=gisteren", "peildatum"), ("known_at=ooit", "Known_at"), ("known_at=0", "wist het register nog niets")]
)
def test_a_wrong_cut_is_said_and_something_is_shown(page: Page, trajectory: str, query: str, said: str) -> None:
    page.goto(f"{trajectory}?{query}")
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert page.locator("tr[id^=p]").count() > 0


def test_deadlines_of_services_are_never_the_persons_shortcoming(page: Page, population: Served, trajectory: str) -> None:
    page.goto(trajectory)
    tables = page.locator("#termijnen ~ div table, section[aria-labelledby=termijnen] table")
    captions = tables.locator("caption").all_inner_texts()
    assert any("geen tekort van de persoon" in caption for caption in captions)
    person = page.locator("table:has(#kant-person)")
    if person.count():
        assert "NARIC" not in person.inner_text()


def test_a_late_registration_stands_beside_what_the_agency_did(page: Page, population: Served) -> None:
    late = next(one for one in population.do(population.parts.reader.examples) if one.reason == "c01")
    page.goto(f"/trajecten/{late.person}")
    row = page.locator("tr", has=page.get_by_text("C01 · plicht"))
    expect(row.first).to_contain_text("agentschap")


def test_states_of_entries_are_told_in_words(page: Page, population: Served) -> None:
    corrected = next(one for one in population.do(population.parts.reader.examples) if one.reason == "corrected")
    page.goto(f"/trajecten/{corrected.person}")
    expect(page.locator(".tag.corrected").first).to_have_text("gecorrigeerd")
    expect(page.get_by_text("Telt als").first).to_be_visible()


def test_a_refusal_is_found_mended_and_submitted_again(page: Page, population: Served) -> None:
    broken = json.loads(_example("norm.set", 3))
    broken["data"]["period"] = "sixty days"
    population.publish([json.dumps(broken).encode()])
    page.goto("/weigeringen?code=R01&stand=open")
    page.locator("tbody a").first.click()
    expect(page.get_by_text("/data/period")).to_be_visible()
    box = page.get_by_label("Verbeter het event")
    box.fill(box.input_value().replace("sixty days", "P61D"))
    page.get_by_role("button", name="Stuur opnieuw in").click()
    expect(page.get_by_role("status")).to_contain_text("Opgenomen op positie")
    expect(page.get_by_text("verholpen")).to_be_visible()
    population.project()


def test_a_rebuild_is_asked_for_with_a_button(page: Page, population: Served) -> None:
    page.goto("/projecties")
    page.get_by_role("button", name="Heropbouw feeds").click()
    expect(page.get_by_role("status")).to_contain_text("feeds")
    expect(page.get_by_text("wordt heropgebouwd")).to_be_visible()
    population.project()
    page.goto("/projecties")
    expect(page.get_by_text("wordt heropgebouwd")).to_have_count(0)


def test_small_counts_are_hidden_on_the_overview(page: Page) -> None:
    page.goto("/")
    for summary in page.locator("summary").all():
        summary.click()
    figures = page.locator("table.bars td.num").all_inner_texts()
    assert "<5" in figures
    assert all(text == "<5" or int(text.replace(".", "")) >= 5 or text == "0" for text in figures)
    hidden = page.locator("table.bars tr", has=page.get_by_text("<5", exact=True))
    assert hidden.locator("svg").count() == 0


def test_the_catalogue_leads_from_a_type_to_its_lists_and_schema(page: Page) -> None:
    page.goto("/catalogus")
    assert page.locator("section table tbody tr").count() == len(catalogue().types)
    page.get_by_role("link", name="Inburgeringscontract ondertekend", exact=True).click()
    page.get_by_role("link", name="TrajectoryPart").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name="Inburgeringscontract ondertekend", exact=True)).to_be_visible()


def test_a_page_prints_without_its_frame(page: Page, trajectory: str) -> None:
    page.goto(trajectory)
    page.emulate_media(media="print")
    assert not page.locator("nav#menu").is_visible()
    assert not page.locator("form").first.is_visible()
    assert page.locator("h1").is_visible()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    file = HERE.parent / "accessibility" / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        pytest.fail("axe-core is not installed: run `make setup` (it needs Node.js with npm), or `npm ci` in tests/accessibility")
    return file.read_text()


def test_axe_finds_nothing_on_any_page(page: Page, places: list[str], axe: str) -> None:
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    faults: dict[str, list[str]] = {}
    for path in places:
        page.goto(path)
        page.evaluate(axe)
        found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
        if found:
            faults[path] = [f"{one['id']}: {one['nodes'][0]['html'][:120]} ({len(one['nodes'])})" for one in found]
    assert faults == {}
