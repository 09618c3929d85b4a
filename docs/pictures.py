"""Takes the pictures of docs/images from a running demonstration: python -m docs.pictures http://localhost:8400 PERSON"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main(url: str, person: str) -> None:
    """Write overview.png and trajectory.png."""
    FOLDER.mkdir(exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for name, path, height in (("overview", "/", 800), ("trajectory", f"/trajecten/{person}", 980)):
            page = browser.new_page(viewport={"width": 1200, "height": height})
            page.goto(url + path)
            page.wait_for_timeout(1_000)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
