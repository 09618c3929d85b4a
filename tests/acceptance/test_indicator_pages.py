"""The pages of the indicators: the same figures as the API, in words, with what they are and how to recompute them."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from ledger.indicator import indicators
from tests.acceptance.serving import Served


def text(answer: httpx.Response) -> str:
    """What the page says, without its marks."""
    assert answer.status_code == 200, answer.text[:500]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_the_list_links_every_indicator(population: Served) -> None:
    with population.client() as client:
        page = client.get("/indicatoren")
    assert all(f'href="/indicatoren/{id}"' in page.text for id in indicators())
    assert "Aandeel tijdig ingeschreven bij VDAB" in page.text


def test_every_indicator_has_a_page_in_both_languages(population: Served) -> None:
    with population.client() as client:
        for id, declared in indicators().items():
            assert declared.title.nl in text(client.get(f"/indicatoren/{id}", params={"lang": "nl"}))
            assert declared.definition.en in text(client.get(f"/indicatoren/{id}", params={"lang": "en"}))


@pytest.mark.parametrize(("id", "by"), [("IND-01", "area"), ("IND-05", "gender"), ("IND-08", "target"), ("IND-40", "source")])
def test_a_page_shows_the_rows_of_the_api(population: Served, id: str, by: str) -> None:
    with population.client() as client:
        api = client.get(f"/api/indicators/{id}", params={"by": by}).json()
        page = client.get(f"/indicatoren/{id}", params={"by": by, "lang": "en"})
    said = text(page)
    assert f"known at position {api['position']:,}" in said
    for row in api["rows"]:
        if not row["hidden"] and row["denominator"]:
            assert f" {row['numerator']:,} {row['denominator']:,} " in said
    assert page.text.count('<tr><th scope="row">') >= len(api["rows"])
    if api["hidden"]:
        assert f"{api['hidden']} cells are hidden" in said


def test_a_question_that_cannot_be_answered_is_said_and_the_plain_figure_shown(population: Served) -> None:
    with population.client() as client:
        said = text(client.get("/indicatoren/IND-01", params={"cohort": "2024-02-03:2024-03-31"}))
        assert "Zo kan het niet gevraagd worden" in said
        assert "eerste dag van een kwartaal" in said
        assert "kan niet naar schoenmaat gesplitst worden" in text(client.get("/indicatoren/IND-01", params={"by": "schoenmaat"}))


def test_the_form_splits_by_two_dimensions(population: Served) -> None:
    with population.client() as client:
        said = text(client.get("/indicatoren/IND-05", params={"by": "gender", "by2": "area", "by3": ""}))
    assert "Geslacht × Gewest" in said


def test_an_indicator_that_is_not_there_is_a_page_that_says_so(population: Served) -> None:
    with population.client() as client:
        assert client.get("/indicatoren/IND-77").status_code == 404


def test_an_ordinary_ledger_keeps_the_past_and_the_signals_to_its_readers(ordinary: Served) -> None:
    with ordinary.client() as client:
        assert client.get("/indicatoren/IND-38").status_code == 403
        page = client.get("/indicatoren/IND-01")
    assert page.status_code == 200
    assert 'name="known_at"' not in page.text


def test_a_mix_says_what_it_divides_and_not_that_everything_is_everything(population: Served) -> None:
    with population.client() as client:
        shown = text(client.get("/indicatoren/IND-116", params={"lang": "nl"}))
    assert "Zo verdelen zich" in shown
    assert "100,0–100,0 %" not in shown
    assert shown.index("Opgenomen, eerste actie gebeurd") < shown.index("Aanvaard") < shown.index("Geen antwoord"), (
        "in the order of the list"
    )


def test_an_indicator_says_how_far_it_is_and_what_it_informs(population: Served) -> None:
    with population.client() as client:
        shown = text(client.get("/indicatoren/IND-01", params={"lang": "nl"}))
        english = text(client.get("/indicatoren/IND-01", params={"lang": "en"}))
    assert "Het register staat niet verder." in shown
    assert "Q1: verankeren in regelgeving" in shown
    assert "Q1: anchor in regulation" in english
