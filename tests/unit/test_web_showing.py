"""Showing: figures and dates in words, charts, pages as a catalogue, the same-origin check, logs without persons."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, date, datetime
from io import StringIO
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.exceptions import ValidationException

from ledger.catalogue import catalogue
from ledger.disclosure import K_CELL
from ledger.example import example_payload
from ledger.indicator import indicators
from streams.logs import JsonFormatter, configure
from streams.standing import FlowCount
from web import wording
from web.charts.bars import bar
from web.charts.lines import Point, line, round_ticks
from web.charts.strip import Mark, Span, strip
from web.charts.svg import tag
from web.edge import is_foreign
from web.evaluation.wording import period
from web.faults import problem_of
from web.figures import flows_of
from web.indicator_words import of_what
from web.labels import source_label, told
from web.language import Language, language_of
from web.page import Group, Shown, Visit, navigation, page, pages, withdraw
from web.pages.findings import case_label
from web.render import link, static_url

NL, EN = Language.NL, Language.EN
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
LABELS = st.text(max_size=12)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (NL, ["12.345", "3 maart 2025", "3 mrt 2025 09:30:05", "33,3 %", "mrt 2025"]),
        (EN, ["12,345", "3 March 2025", "3 Mar 2025 09:30:05", "33.3%", "Mar 2025"]),
    ],
)
def test_numbers_and_dates_are_written_in_both_languages(language: Language, said: list[str]) -> None:
    assert [
        wording.number(12_345, language),
        wording.day(date(2025, 3, 3), language),
        wording.moment(datetime(2025, 3, 3, 8, 30, 5, tzinfo=UTC), language),
        wording.share(1, 3, language),
        wording.month("2025-03", language),
    ] == said


def test_one_of_a_thing_is_written_in_the_singular() -> None:
    assert [wording.events(n, NL) for n in (0, 1, 1_234)] == ["0 gebeurtenissen", "1 gebeurtenis", "1.234 gebeurtenissen"]
    assert [wording.events(n, EN) for n in (0, 1, 1_234)] == ["0 events", "1 event", "1,234 events"]
    assert (wording.days(1, NL), wording.days(27, NL), wording.days(1, EN)) == ("1 dag", "27 dagen", "1 day")
    assert [period(text, NL) for text in ("P1D", "P60D", "P1M", "PT1H", "PT48H")] == ["1 dag", "60 dagen", "1 maand", "1 uur", "48 uur"]
    assert [period(text, EN) for text in ("P1D", "P2W", "P1Y", "PT1H", "PT48H")] == ["1 day", "2 weeks", "1 year", "1 hour", "48 hours"]


def test_a_message_becomes_a_sentence_and_keeps_its_names() -> None:
    assert wording.sentence("de controlecijfers van een INSZ kloppen niet") == "De controlecijfers van een INSZ kloppen niet."
    assert wording.sentence("Er ging iets mis. Probeer het opnieuw.") == "Er ging iets mis. Probeer het opnieuw."


def test_a_count_says_of_what_it_is() -> None:
    found = indicators()["IND-132"]
    assert of_what(found, 1_171, NL) == "1.171 volledige dossiers"
    assert of_what(found, 1_171, EN).startswith("1,171 ")


def test_nothing_is_a_dash() -> None:
    assert {wording.number(None, NL), wording.day(None, NL), wording.moment(None, NL), wording.share(1, 0, NL)} == {wording.NOTHING}


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_rounded_half_up_from_whole_numbers(part: int, whole: int) -> None:
    shown = float(wording.share(part, whole, EN).rstrip("%"))
    assert abs(shown - 100 * part / whole) <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("asked", "remembered", "expected"), [(None, None, NL), ("en", None, EN), (None, "en", EN), ("nl", "en", NL), ("fr", "xx", NL)]
)
def test_dutch_comes_first(asked: str | None, remembered: str | None, expected: Language) -> None:
    assert language_of(asked, remembered) is expected


# -- charts -----------------------------------------------------------------------------------------------------------


@given(LABELS)
def test_whatever_a_label_says_it_stays_text(label: str) -> None:
    drawn = str(tag("text", label, x=1, title=label))
    clean = "".join(letter for letter in label if letter in "\t\n\r" or letter >= " ")
    if clean == label and "￾" not in label and "￿" not in label:
        assert (ElementTree.fromstring(drawn).text or "").replace("\r", "\n") == label.replace("\r\n", "\n").replace("\r", "\n")
    assert "<script" not in str(tag("text", f"<script>{label}"))


@given(st.lists(st.none() | st.integers(0, 10**6), max_size=60))
def test_a_line_is_drawn_for_any_figures(values: list[int | None]) -> None:
    points = [Point(f"{place}", value) for place, value in enumerate(values)]
    highest = max((value or 0 for value in values), default=0)
    ticks = [(value, str(value)) for value in round_ticks(highest)]
    assert ticks[-1][0] >= highest
    assert len(ticks) <= 8
    drawn = line(points, title="<t>", name="x", ticks=ticks)
    assert bool(drawn) == (len(values) >= 2)
    if drawn:
        ElementTree.fromstring(str(drawn))


@given(
    st.lists(st.builds(Mark, DAYS, st.integers(0, 2), st.just("x"), st.just("live"), st.booleans()), max_size=8),
    st.lists(st.tuples(DAYS, DAYS, st.none() | DAYS), max_size=5),
    DAYS,
)
def test_a_strip_is_drawn_for_any_days(marks: list[Mark], spans: list[tuple[date, date, date | None]], today: date) -> None:
    drawn = strip(
        ["a", "b", "c"],
        marks,
        [Span(min(a, b), max(a, b), due, "C01", "met", "x") for a, b, due in spans],
        today=today,
        today_label="D",
        title="t",
        name="n",
    )
    if marks or spans:
        circles = ElementTree.fromstring(str(drawn)).iter("{http://www.w3.org/2000/svg}circle")
        assert len(list(circles)) == len(marks)
    else:
        assert drawn == ""


def test_a_hidden_figure_has_no_bar() -> None:
    assert bar(None, 10) == bar(0, 10) == bar(5, 0) == ""
    assert "<rect" in bar(5, 10)


# -- figures ----------------------------------------------------------------------------------------------------------

FLOWS = st.lists(
    st.builds(
        FlowCount,
        month=st.sampled_from(["2025-01", "2025-02"]),
        type=st.sampled_from("abcd"),
        region=st.sampled_from("xyz"),
        n=st.integers(1, 12),
    ),
    max_size=40,
)


@given(FLOWS)
def test_no_question_about_flows_gives_a_small_count_away(counts: list[FlowCount]) -> None:
    flows = flows_of(counts)
    exact: dict[tuple[str, str], int] = {}
    for one in counts:
        exact[one.type, one.region] = exact.get((one.type, one.region), 0) + one.n
    for kind in flows.crossed.rows:
        cells = flows.by("region", type=kind)
        assert all(cell.n is None or cell.n == 0 or cell.n >= K_CELL for cell in cells.values())
        hidden = [region for region, cell in cells.items() if cell.hidden]
        total = flows.total(type=kind)
        if hidden and total.n is not None:
            assert sum(exact.get((kind, region), 0) for region in hidden) >= K_CELL
            assert len(hidden) > 1
        for region, cell in cells.items():
            assert cell == flows.by("type", region=region)[kind]


def test_flows_of_nothing_are_nothing() -> None:
    flows = flows_of([])
    assert flows.first is None
    assert flows.total().n == 0


# -- pages ------------------------------------------------------------------------------------------------------------


def test_a_page_is_one_declaration_and_stands_in_the_navigation() -> None:
    @page("/proef", nl="Proef", en="Trial", template="problems.html", group=Group.EVALUATION)
    async def show(_: Visit) -> Shown:
        return Shown(view=())

    try:
        assert "/proef" in {one.path for one in pages()}
        assert "/proef" in [one.path for one in dict(navigation())[Group.EVALUATION]]
        with pytest.raises(ValueError, match="declared twice"):
            page("/proef", nl="", en="", template="")(show)
    finally:
        withdraw("/proef")
    assert "/proef" not in [one.path for one in dict(navigation())[Group.EVALUATION]]


def test_every_payload_is_written_out_for_people() -> None:
    for declared in catalogue().newest.values():
        payload = example_payload(declared)
        for language in Language:
            assert all(label and text for label, text in told(payload, language)), declared.name


def test_months_and_sources_are_written_for_people() -> None:
    arrived = [text for _, text in told(example_payload(catalogue().newest["feed.reconciled"]), Language.NL)]
    assert not any(re.fullmatch(r"\d{4}-\d{2}", text) for text in arrived)
    assert source_label("urn:kbo:1999010048:kbi") == "1999010048 · kbi"
    assert source_label("token:mlb", Language.NL) == "zonder geldige bron, met token mlb"


@pytest.mark.parametrize(
    ("said", "nl"),
    [
        ("Expected `bool`, got `str`", "verwacht true of false"),
        ("Expected `int` >= 1", "verwacht een geheel getal van minstens 1"),
        ("Expected `str` of length <= 80", "verwacht een tekst van hoogstens 80 tekens"),
        ("Invalid enum value 'R99'", "'R99' staat niet in de lijst; zie /docs"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_told_in_words(said: str, nl: str) -> None:
    problem = problem_of(ValidationException(extra=[{"key": "limit", "message": said, "source": "query"}]))
    assert problem.message.nl == f"de parameter limit is niet bruikbaar: {nl}"
    assert "`" not in problem.message.en


def test_the_drivers_own_log_is_structured_too() -> None:
    driver = logging.getLogger("asyncpg")
    before = driver.handlers[:], driver.propagate, driver.level
    stream = StringIO()
    try:
        configure(stream)
        try:
            raise OSError("the database is starting")
        except OSError:
            driver.exception("pool")
    finally:
        for name in ("ledger", "streams", "uvicorn", "litestar", "asyncio", "asyncpg", "aiokafka"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True
        driver.handlers[:], driver.propagate = before[0], before[1]
        driver.setLevel(before[2])
    assert json.loads(stream.getvalue())["error"] == "OSError"


def test_links_leave_out_what_is_empty_and_files_change_with_their_content() -> None:
    assert link("/a", {"b": "1", "c": ""}, d=None, e="x y") == "/a?b=1&e=x+y"
    assert static_url("ledger.css").startswith("/static/ledger.css?v=")


# -- safety -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"cookie": "a=b"}, True),
        ({"sec-fetch-site": "same-origin", "cookie": "a=b"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://ledger:8400", "host": "ledger:8400"}, True),
        ({"origin": "http://ledger:8400", "host": "ledger:8400", "cookie": "a=b"}, False),
        ({"origin": "http://ledger:9999", "host": "ledger:8400"}, True),
        ({"origin": "null", "host": "ledger:8400"}, True),
        ({"referer": "http://ledger:8400/weigeringen/1", "host": "ledger:8400", "cookie": "a=b"}, False),
        ({"referer": "http://elsewhere/", "host": "ledger:8400"}, True),
    ],
)
def test_a_form_of_another_site_is_told_from_our_own(headers: dict[str, str], foreign: bool) -> None:
    assert is_foreign([(name.encode(), value.encode()) for name, value in headers.items()]) is foreign


def test_logs_are_json_lines_and_tell_of_an_error_its_kind_and_place_alone() -> None:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("ledger.test.logs")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        raise ValueError("85073003328 is no number of anybody")
    except ValueError as error:
        logger.error("request", extra={"fields": {"route": "/api/trajectories/{person}", "status": 500}}, exc_info=error)
    logger.removeHandler(handler)
    told = json.loads(stream.getvalue())
    assert (told["level"], told["message"], told["route"], told["error"]) == (
        "error",
        "request",
        "/api/trajectories/{person}",
        "ValueError",
    )
    assert any("test_web_showing.py" in frame for frame in told["trace"])
    assert "85073003328" not in stream.getvalue()


@pytest.mark.parametrize(
    ("code", "case", "said"),
    [
        ("F31", "0195f517-9700-7000-8000-000000000001/2025", "proeftuin 0195f517-9700-7000-8000-000000000001, 2025"),
        ("F39", "urn:kbo:1999010048:kbi#5-9", "1999010048 · kbi: volgnummers 5 – 9"),
        ("F39", "urn:kbo:1999010048:kbi#5-5", "1999010048 · kbi: volgnummer 5"),
        ("F39", "urn:kbo:1999010048:kbi#2025-03", "1999010048 · kbi: controletotaal van mrt 2025"),
        ("F13", None, wording.NOTHING),
    ],
)
def test_the_case_of_a_finding_is_told_in_words(code: str, case: str | None, said: str) -> None:
    assert case_label(code, case, NL) == said


def test_a_duration_has_its_unit_once() -> None:
    fields = dict(told(example_payload(catalogue().newest["intake.completed"]), NL))
    assert fields["Duur"].endswith(" min")
