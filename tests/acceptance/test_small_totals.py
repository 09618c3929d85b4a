"""An ordinary ledger tells passers-by no exact small totals of persons, on pages nor in the API."""

from __future__ import annotations

import json
import re
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


def test_of_a_source_no_month_type_or_reason_follows_from_its_total(ordinary: Served, keys: Keys) -> None:
    """Nine events of the one type in one month, three of another in the next; and one refused for another reason than the rest."""
    token = ordinary.do(lambda: ordinary.parts.publishers.create("agii", org=AGENCY, role=Role.AGENCY)).token
    feed, now = Feed(keys, sandbox=False), datetime.now(UTC)
    sent = [feed.event(subject=person(n), time=now - timedelta(days=40)) for n in range(9)]
    sent += [feed.event("support-profile.assessed", subject=person(n), time=now - timedelta(minutes=5)) for n in range(3)]
    wrong = [feed.event(subject=person(n), data={"channel": "pigeon"}) for n in range(7)]
    wrong += [feed.event(subject=person(n), data={"duration": "long"}) for n in range(2)]
    with ordinary.client(token) as client:
        for event in [*sent, *wrong]:
            client.post("/api/events", content=json.dumps(event), headers={"content-type": "application/cloudevents+json"})
    ordinary.project()
    with ordinary.client() as nobody:
        [source] = nobody.get("/api/publishers").json()["sources"]
        page = nobody.get(f"/bronnen/{source['source']}?lang=en").text
    assert (source["admitted"], source["refused"]) == (12, 9)
    assert list(source["reasons"].values()) == [None, None]
    cells = re.findall(r'<td class="num">(.*?)</td>', page, re.DOTALL)
    assert not {"9", "3", "7", "2"} & {cell.strip() for cell in cells}
