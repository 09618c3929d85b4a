"""An ordinary ledger tells passers-by no exact small totals of persons, on pages nor in the API."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from ledger.codes.roles import Role
from ledger.disclosure import protect_persons
from streams.keys import Keys
from streams.publishers import Right
from tests.acceptance.serving import Served
from tests.integration.feed import Feed, kbo, person

AGENCY = kbo(19990100)


@pytest.fixture
def three_persons(ordinary: Served, keys: Keys) -> Served:
    token = ordinary.do(lambda: ordinary.parts.publishers.create("agii", org=AGENCY, role=Role.AGENCY)).token
    feed = Feed(keys, sandbox=False)
    with ordinary.client(token) as client:
        for number in range(3):
            event = feed.event(subject=person(number), time=datetime.now(UTC) - timedelta(minutes=5))
            assert client.post(
                "/api/events", content=json.dumps(event), headers={"content-type": "application/cloudevents+json"}
            ).is_success
    ordinary.project()
    return ordinary


def test_passers_by_see_no_small_total_of_persons(three_persons: Served) -> None:
    with three_persons.client() as nobody:
        status = nobody.get("/api/status").json()
        page, views = nobody.get("/?lang=en").text, nobody.get("/projecties?lang=en").text
        projections = nobody.get("/api/projections").json()["projections"]
    assert status["persons"] is None
    assert {view["rows"] for view in [*status["projections"], *projections]} == {None}
    assert "fewer than 10" in page
    assert "Rows" not in views


def test_readers_see_them(three_persons: Served) -> None:
    token = three_persons.do(lambda: three_persons.parts.publishers.create("rekenhof", right=Right.AUDITOR)).token
    with three_persons.client(token) as auditor:
        status = auditor.get("/api/status").json()
        assert status["persons"] == 3
        assert all(isinstance(view["rows"], int) for view in status["projections"])
        assert "Rows (estimate)" in auditor.get("/projecties?lang=en").text


@pytest.mark.parametrize(("n", "hidden"), [(0, False), (1, True), (9, True), (10, False), (250_000, False)])
def test_a_lone_total_of_persons_is_hidden_below_ten(n: int, hidden: bool) -> None:
    assert protect_persons(n).hidden is hidden
