"""The pages of figures: what they show is what the API and the command answer, and nothing of what is hidden."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from cli.main import main
from ledger.indicator import indicators
from tests.acceptance.serving import Served
from web.page import pages

PATHS = sorted(page.path for page in pages() if page.template == "figures.html")
FILTERED = [f"{path}?region=gent&cohort=2024" for path in PATHS] + ["/tijd-tot?van=registration&tot=step&per=service"]


class Block(NamedTuple):
    """A block of a page as it stands in the markup."""

    kind: str
    text: str
    rows: list[list[str]]
    marks: int
    api: list[str]
    """Links to the same figures as JSON."""


class _Rows(HTMLParser):
    """The cells of the tables of figures."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside = "figures" in (dict(attrs).get("class") or "").split()
        elif tag == "tr" and self._inside:
            self.rows.append([])
        elif tag in ("td", "th") and self._inside:
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._inside and self._cell:
            self.rows[-1][-1] += data


def blocks(client: httpx.Client, path: str) -> list[Block]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = []
    for part in answer.text.split('<section class="block"')[1:]:
        kind = re.match(r'[^>]* data-kind="([a-z]+)"', part)
        assert kind is not None
        reader = _Rows()
        reader.feed(part)
        links = [html.unescape(link) for link in re.findall(r'<a href="(/api/indicators/[^"]+)">JSON', part)]
        found.append(Block(kind[1], part, reader.rows, part.count("data-say="), links))
    return found


def number(n: int | None) -> str:
    return "afgeschermd" if n is None else f"{n:,}".replace(",", ".")


def asked(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


def chosen(client: httpx.Client, link: str, path: str) -> list[dict]:  # type: ignore[type-arg]
    """The rows of the API that a page with these filters shows."""
    answer = client.get(link).json()
    cut = {name: value for name, value in asked(path).items() if name in answer["by"]}
    return [row for row in answer["rows"] if all(row["strata"].get(name) == value for name, value in cut.items())]


@pytest.mark.parametrize("path", [*PATHS, *FILTERED])
def test_each_table_is_what_the_api_answers(population: Served, path: str) -> None:
    with population.client() as client:
        shown = blocks(client, path)
        assert shown
        for block in shown:
            if not block.api:
                assert "niet te geven" in block.text
                continue
            rows = chosen(client, block.api[0], path)
            if block.kind in ("shares", "trend", "funnels"):
                wanted = {
                    (number(None if row["hidden"] else row["numerator"]), number(None if row["hidden"] else row["denominator"]))
                    for row in rows
                    if row["coverage_state"] != "withheld" and "euro" not in block.text
                }
                told = {tuple(cells) for line in block.rows for cells in pairwise(line)}
                assert wanted <= told, (path, block.kind, wanted - told)
            elif block.kind == "mix":
                whole = " ".join(cell for line in block.rows for cell in line)
                for row in rows:
                    assert row["hidden"] or number(row["numerator"]) in whole, path
            elif block.kind == "curve":
                days = {(str(point["time"]), number(point["at_risk"])) for row in rows if not row["hidden"] for point in row["curve"]}
                for line in block.rows:
                    if line and line[0].isdigit():
                        told_at_risk = line[3::3]
                        assert all(n == "–" or (line[0], n) in days for n in told_at_risk), (path, line)


@pytest.mark.parametrize("path", PATHS)
def test_hidden_figures_have_no_shape(population: Served, path: str) -> None:
    with population.client() as client:
        for block in blocks(client, path):
            if block.kind == "shares":
                shown = [
                    line for line in block.rows[1:] if "afgeschermd" not in line[:-1] and any("%" in cell or "," in cell for cell in line)
                ]
                assert block.marks <= len(shown) + 1, (path, block.text[:200])
            if block.kind in ("shares", "mix", "funnels", "trend"):
                said = re.findall(r'data-say="([^"]*)"', block.text)
                assert not any(re.search(r"\b[1-4] van \d", text) for text in said), path


@pytest.mark.parametrize("path", PATHS)
def test_every_figure_says_what_it_stands_on(population: Served, path: str) -> None:
    with population.client() as client:
        position = client.get("/api/indicators/IND-01").json()["position"]
        for block in blocks(client, path):
            if not block.api:
                continue
            assert f"--known-at {position}" in block.text
            assert f"known_at={position}" in block.text
            again = re.search(r'href="(/api/indicators/[^"]+known_at=\d+[^"]*)"', block.text)
            assert again is not None
            assert re.search(r"n = [0-9.–]+", block.text)
            assert re.search(r"<code>[0-9a-f]{12}</code>", block.text), "the mark of the parameters"
            assert '<p class="says">' in block.text


def test_the_recompute_link_gives_the_same_figure(population: Served) -> None:
    with population.client() as client:
        block = blocks(client, "/terugkoppeling")[0]
        again = re.search(r'href="(/api/indicators/[^"]+known_at=\d+[^"]*)"', block.text)
        assert again is not None
        assert client.get(html.unescape(again[1])).json() == client.get(block.api[0]).json()


def test_the_command_gives_what_the_page_shows(
    population: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_URL", population.url)
    with population.client() as client:
        links = {link for path in ("/stromen", "/diploma", "/tijd-tot") for block in blocks(client, path) for link in block.api}
        for link in sorted(links)[:8]:
            address = urlsplit(link)
            by = asked(link).get("by", "")
            capfd.readouterr()
            assert main(["indicator", address.path.rpartition("/")[2], *(["--by", by] if by else []), "--json"]) == 0
            assert json.loads(capfd.readouterr().out)["rows"] == client.get(link).json()["rows"]


def test_a_naive_median_is_always_marked_as_biased(population: Served) -> None:
    with population.client() as client:
        for path in PATHS:
            for block in blocks(client, path):
                if block.kind == "curve" and block.rows:
                    assert "Vertekend" in block.text


def test_the_three_states_of_feedback_are_always_in_view(population: Served) -> None:
    with population.client() as client:
        for query in ("", "?region=gent", "?benefit=none", "?region=westhoek&cohort=2023"):
            text = client.get(f"/terugkoppeling{query}").text
            for state in ("Terugkoppeling ontvangen", "Gevraagd, geen antwoord", "Niet gevraagd"):
                assert state in text, query


def test_brussels_is_an_option_and_its_unused_part_is_grey(population: Served) -> None:
    with population.client() as client:
        text = client.get("/brussel").text
    assert text.count("geen verplichting") >= 4
    assert "IND-01 " not in text, "the duty in Flanders is never beside it as a sum"
    assert re.search(r'class="key grey"/></svg>Niet benut', text)


def test_an_address_that_somebody_typed_never_ends_in_an_error(population: Served) -> None:
    with population.client() as client:
        for query in (
            "region=moon",
            "cohort=yesterday",
            "cohort=2024-01-02:2024-01-03",
            "per=shoe",
            "as_of=soon",
            "known_at=-1",
            "van=x&tot=y",
        ):
            for path in ("/tijd-tot", "/stromen", "/werkgevers"):
                assert client.get(f"{path}?{query}").status_code == 200, query


def test_every_page_of_figures_is_in_the_menu_and_every_indicator_exists() -> None:
    assert len(PATHS) >= 12
    assert all(page.group is not None for page in pages() if page.path in PATHS)
    assert all(id in indicators() for id in ("IND-100", "IND-111", "IND-120", "IND-211"))


def test_in_an_ordinary_ledger_the_pages_are_open_and_another_moment_is_not(ordinary: Served) -> None:
    with ordinary.client() as client:
        for path in PATHS:
            assert client.get(path).status_code == 200, path
        assert "Een ander moment is voor auditors" in client.get("/stromen?as_of=2024-01-01").text
