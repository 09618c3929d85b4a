"""A decision sheet with everything on it, printed: two sides of A4; and the budget's slider, without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import sync_playwright

from tests.acceptance.serving import Served
from tests.acceptance.test_pages import CHROMIUM, QUIET


@pytest.mark.parametrize("pilot", ["sector_trajectory", "group_offer"])
def test_a_sheet_prints_on_two_sides(population: Served, pilot: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(base_url=population.url)
        page.goto(f"/proeftuinen/{pilot}")
        printed = page.pdf(format="A4")
        browser.close()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 2


def test_the_slider_works_without_script(population: Served) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(base_url=population.url, java_script_enabled=False)
        page = context.new_page()
        page.goto("/proeftuinen")
        page.locator("#budget").focus()
        before = page.locator("#budget-nu strong").inner_text()
        for _ in range(6):
            page.keyboard.press("ArrowLeft")
        page.get_by_role("button", name="Reken").click()
        assert "budget=" in page.url
        assert page.locator("#budget-nu strong").inner_text() != before
        browser.close()
