"""An ordinary ledger: who may publish, read and operate, with which token, in header or cookie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from ledger.codes.roles import Role
from streams.keys import Keys
from streams.publishers import Right
from tests.acceptance.serving import Served
from tests.integration.feed import Feed, Json, kbo

STRUCTURED = "application/cloudevents+json"
AGENCY = kbo(19990100)
READING = (
    "/api/entries",
    "/api/entries/stream",
    "/api/findings",
    f"/api/trajectories/{'0' * 8}-0000-8000-8000-{'0' * 12}?purpose=audit",
)
OPEN = (
    "/api/status",
    "/api/projections",
    "/api/flows",
    "/api/publishers",
    "/api/catalogue",
    "/healthz",
    "/readyz",
    "/metrics",
    "/asyncapi.yaml",
)


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys, sandbox=False)


@pytest.fixture
def agency(ordinary: Served) -> str:
    """The token of an agency."""
    return ordinary.do(lambda: ordinary.parts.publishers.create("agii", org=AGENCY, role=Role.AGENCY)).token


@pytest.fixture
def auditor(ordinary: Served) -> str:
    return ordinary.do(lambda: ordinary.parts.publishers.create("rekenhof", right=Right.AUDITOR)).token


@pytest.fixture
def anybody(ordinary: Served) -> Iterator[httpx.Client]:
    with ordinary.client() as client:
        yield client


def recent(feed: Feed, subject: str | None = None, **envelope: Json) -> dict[str, Json]:
    """An event of just now, as an ordinary ledger takes it."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    return feed.event(subject=subject, time=now) | envelope


def publish(client: httpx.Client, event: dict[str, Json]) -> httpx.Response:
    return client.post("/api/events", content=json.dumps(event), headers={"content-type": STRUCTURED})


def test_publishing_needs_a_token(anybody: httpx.Client, feed: Feed) -> None:
    answer = publish(anybody, recent(feed))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer ldg_" + "A" * 43, "Basic dXNlcjpwYXNz", "Bearer", "Bearer é".encode("latin-1").decode("latin-1")]
)
def test_a_token_that_is_none_is_refused(ordinary: Served, feed: Feed, header: str) -> None:
    with ordinary.client() as client:
        answer = client.post(
            "/api/events",
            content=json.dumps(recent(feed)),
            headers=[(b"content-type", STRUCTURED.encode()), (b"authorization", header.encode("latin-1"))],
        )
    assert answer.status_code == 401


def test_a_publisher_publishes_in_its_own_name_only(ordinary: Served, agency: str, feed: Feed) -> None:
    with ordinary.client(agency) as client:
        assert publish(client, recent(feed)).json()["admitted"] == 1
        other = publish(client, recent(feed, source=f"urn:kbo:{kbo(19990200)}:test"))
        assert other.json()["refusals"][0]["code"] == "R04"
        stamped = publish(client, recent(feed, admittedat="2024-03-01T10:00:00Z"))
        assert stamped.json()["refusals"][0]["pointer"] == "/admittedat"


def test_whoever_only_reads_may_not_publish(ordinary: Served, auditor: str, feed: Feed) -> None:
    with ordinary.client(auditor) as client:
        assert publish(client, recent(feed)).status_code == 403


def test_a_revoked_token_is_no_token(ordinary: Served, agency: str, feed: Feed) -> None:
    with ordinary.client(ordinary.parts.operator_token) as operator:
        assert operator.post("/api/publishers/agii/revoke").json()["revoked"] is not None
        assert operator.post("/api/publishers/agii/rotate").status_code == 404
    with ordinary.client(agency) as client:
        assert publish(client, recent(feed)).status_code == 401


@pytest.mark.parametrize("path", READING)
def test_reading_persons_needs_a_token_that_reads(ordinary: Served, agency: str, auditor: str, path: str) -> None:
    with ordinary.client() as nobody, ordinary.client(agency) as publisher, ordinary.client(auditor) as reader:
        assert nobody.get(path).status_code == 401
        assert publisher.get(path).status_code == 403
        if not path.endswith("stream"):
            assert reader.get(path).status_code in {200, 404}


@pytest.mark.parametrize("path", OPEN)
def test_aggregates_and_contracts_are_open(anybody: httpx.Client, path: str) -> None:
    assert anybody.get(path).status_code == 200


def test_only_the_operator_changes_the_ledger(ordinary: Served, auditor: str) -> None:
    made = {"name": "vdab", "org": kbo(19990200), "role": "vdab"}
    with ordinary.client(auditor) as client:
        assert client.post("/api/projections/facts/rebuild").status_code == 403
        assert client.post("/api/publishers", json=made).status_code == 403
        assert client.get("/api/publishers").json()["publishers"] == []
    with ordinary.client(ordinary.parts.operator_token) as client:
        assert client.post("/api/projections/facts/rebuild").status_code == 202
        assert client.post("/api/publishers", json=made).status_code == 201


def test_the_operator_makes_rotates_and_revokes_credentials(ordinary: Served, feed: Feed) -> None:
    with ordinary.client(ordinary.parts.operator_token) as operator:
        made = operator.post("/api/publishers", json={"name": "agii", "org": AGENCY, "role": "agency"}).json()
        assert operator.post("/api/publishers", json={"name": "agii", "org": AGENCY, "role": "agency"}).status_code == 409
        fresh = operator.post("/api/publishers/agii/rotate").json()
        listed = operator.get("/api/publishers").json()["publishers"]
        assert [(one["name"], one["right"], one["role"]) for one in listed] == [("agii", "publisher", "agency")]
        assert "token" not in listed[0]
    for token in (made["token"], fresh["token"]):
        with ordinary.client(token) as client:
            assert publish(client, recent(feed)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "x", "org": "123", "role": "agency"}, None),
        ({"name": "x", "org": AGENCY, "role": "king"}, "/role"),
        ({"name": "x", "org": AGENCY, "role": "agency", "right": "god"}, "/right"),
        ({"name": "x", "org": AGENCY, "role": "recognition_authority", "authority": "me"}, "/authority"),
        ({"name": "A name", "org": AGENCY, "role": "agency"}, None),
        ({"org": AGENCY, "role": "agency"}, "name"),
        ({"name": "x", "extra": 1}, "extra"),
        ([], None),
    ],
)
def test_a_wrong_credential_is_told_what_is_wrong(ordinary: Served, body: object, pointer: str | None) -> None:
    with ordinary.client(ordinary.parts.operator_token) as operator:
        answer = operator.post("/api/publishers", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_publisher_sees_its_own_refusals_and_mends_them(ordinary: Served, agency: str, feed: Feed) -> None:
    event = recent(feed)
    with ordinary.client(agency) as client:
        number = publish(client, event | {"specversion": "0.3"}).json()["refusals"][0]["number"]
        assert [one["refusal"] for one in client.get("/api/refusals").json()["refusals"]] == [number]
        listed = client.get("/api/refusals", params={"source": str(event["source"])}).json()["refusals"]
        assert [one["refusal"] for one in listed] == [number]
        assert client.get(f"/api/refusals/{number}").json()["event"]["specversion"] == "0.3"
        mended = client.post(f"/api/refusals/{number}/resubmit", content=json.dumps(event), headers={"content-type": STRUCTURED})
        assert mended.json()["admitted"] == 1
        assert client.get(f"/api/refusals/{number}").json()["state"] == "resubmitted"
    stranger = ordinary.do(lambda: ordinary.parts.publishers.create("vdab", org=kbo(19990200), role=Role.VDAB)).token
    with ordinary.client(stranger) as client:
        assert client.get(f"/api/refusals/{number}").status_code == 403
        assert client.get("/api/refusals").json()["refusals"] == []
    with ordinary.client() as nobody:
        assert nobody.get("/api/refusals").status_code == 401


def test_a_claimed_source_gives_no_sight_of_what_another_sent(ordinary: Served, agency: str, feed: Feed) -> None:
    claimed = kbo(19990200)
    with ordinary.client(agency) as client:
        refused = publish(client, recent(feed, source=f"urn:kbo:{claimed}:test")).json()["refusals"][0]
    assert refused["code"] == "R04"
    named = ordinary.do(lambda: ordinary.parts.publishers.create("vdab", org=claimed, role=Role.VDAB)).token
    with ordinary.client(named) as client:
        assert client.get("/api/refusals", params={"source": f"urn:kbo:{claimed}:test"}).json()["refusals"] == []
        assert client.get(f"/api/refusals/{refused['number']}").status_code == 403
        assert client.post(f"/api/refusals/{refused['number']}/resubmit").status_code == 403
    with ordinary.client(agency) as client:
        assert client.get(f"/api/refusals/{refused['number']}").json()["state"] == "open"


def test_the_operator_closes_what_a_revoked_credential_left(ordinary: Served, agency: str, auditor: str, feed: Feed) -> None:
    with ordinary.client(agency) as client:
        number = publish(client, recent(feed) | {"specversion": "0.3"}).json()["refusals"][0]["number"]
        assert client.post(f"/api/refusals/{number}/close").status_code == 403
    with ordinary.client(auditor) as client:
        assert client.post(f"/api/refusals/{number}/close").status_code == 403
    with ordinary.client(ordinary.parts.operator_token) as operator:
        operator.post("/api/publishers/agii/revoke")
        assert "close the refusal" in operator.post(f"/api/refusals/{number}/resubmit").json()["detail"]
        assert operator.post(f"/api/refusals/{number}/close").json()["state"] == "closed"
        assert operator.post(f"/api/refusals/{number}/close").status_code == 409
        assert operator.post(f"/api/refusals/{number}/resubmit").status_code == 409
        assert operator.get("/api/status").json()["open_refusals"] == 0
        assert operator.get(f"/api/refusals/{number}").json()["event"]["specversion"] == "0.3"
        assert [one["refusal"] for one in operator.get("/api/refusals?state=closed").json()["refusals"]] == [number]


def test_the_operator_resubmits_in_the_name_of_who_sent_it(ordinary: Served, agency: str, feed: Feed) -> None:
    event = recent(feed)
    with ordinary.client(agency) as client:
        number = publish(client, event | {"specversion": "0.3"}).json()["refusals"][0]["number"]
    with ordinary.client(ordinary.parts.operator_token) as operator:
        answer = operator.post(f"/api/refusals/{number}/resubmit", content=json.dumps(event))
        assert answer.json()["admitted"] == 1, answer.text
        again = operator.post(f"/api/refusals/{number}/resubmit")
        assert again.status_code == 409


def test_pseudonyms_are_for_publishers(ordinary: Served, agency: str, auditor: str) -> None:
    asked = {"insz": ["85073003328", "85073003329", "1"]}
    with ordinary.client(auditor) as client:
        assert client.post("/api/pseudonyms", json=asked).status_code == 403
    with ordinary.client(agency) as client:
        told = client.post("/api/pseudonyms", json=asked).json()
        again = client.post("/api/pseudonyms", json=asked).json()
    assert told == again
    first, second, third = told["pseudonyms"]
    assert first["subject"] == f"persoon/{first['person']}"
    assert (second["code"], second["pointer"]) == ("R06", "/insz/1")
    assert third["code"] == "R06"
    assert told["refused"] == 2
    assert "8507300332" not in json.dumps(told)


def test_signing_in_sets_a_cookie_that_only_this_site_sends(ordinary: Served, auditor: str) -> None:
    with ordinary.client() as browser:
        asked = browser.get("/weigeringen")
        assert asked.status_code == 303
        assert asked.headers["location"] == "/aanmelden?naar=%2Fweigeringen"
        assert browser.post("/aanmelden", data={"token": "ldg_wrong", "naar": "/weigeringen"}).status_code == 401
        signed = browser.post("/aanmelden", data={"token": auditor, "naar": "/weigeringen"})
        assert (signed.status_code, signed.headers["location"]) == (303, "/weigeringen")
        cookie = signed.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        own = {"sec-fetch-site": "same-origin"}
        assert browser.get("/weigeringen").status_code == 200
        assert browser.post("/projecties", data={"projectie": "facts"}, headers=own).status_code == 403
        assert browser.post("/afmelden", headers=own).status_code == 303
        assert browser.get("/weigeringen").status_code == 303


def test_a_cookie_is_not_enough_for_a_form_of_another_site(ordinary: Served) -> None:
    with ordinary.client() as browser:
        browser.post("/aanmelden", data={"token": ordinary.parts.operator_token})
        form = {"projectie": "facts"}
        assert browser.post("/projecties", data=form, headers={"origin": "https://elsewhere.example"}).status_code == 403
        assert browser.post("/projecties", data=form, headers={"sec-fetch-site": "same-site"}).status_code == 403
        assert browser.post("/projecties", data=form).status_code == 403
        assert browser.post("/projecties", data=form, headers={"origin": ordinary.url}).status_code == 303


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "javascript:alert(1)", "/a\nb"]
)
def test_signing_in_never_leads_elsewhere(ordinary: Served, auditor: str, back: str) -> None:
    with ordinary.client() as browser:
        signed = browser.post("/aanmelden", data={"token": auditor, "naar": back})
    assert signed.headers["location"] == "/"


def test_small_counts_of_sources_are_hidden_from_who_may_not_read(ordinary: Served, agency: str, auditor: str, feed: Feed) -> None:
    with ordinary.client(agency) as client:
        for _ in range(3):
            publish(client, recent(feed))
    with ordinary.client() as nobody, ordinary.client(auditor) as reader:
        assert nobody.get("/api/publishers").json()["sources"][0]["admitted"] is None
        assert "&lt;5" in nobody.get("/bronnen").text
        assert reader.get("/api/publishers").json()["sources"][0]["admitted"] == 3


def test_an_ordinary_ledger_finds_a_person_by_number_in_a_form_alone(ordinary: Served, agency: str, auditor: str, feed: Feed) -> None:
    with ordinary.client(agency) as client:
        publish(client, recent(feed, subject="insz/85073003328"))
    with ordinary.client(auditor) as browser:
        found = browser.post("/trajecten", data={"insz": "85.07.30-033.28"})
        assert found.status_code == 303
        assert "85" + "073003328" not in found.headers["location"]
        assert browser.get(found.headers["location"]).status_code == 200
        wrong = browser.post("/trajecten", data={"insz": "85.07.30-033.29"})
        assert wrong.status_code == 422
        assert "controlecijfers" in wrong.text
        assert "85.07.30" not in wrong.text


def test_pages_of_an_ordinary_ledger_carry_no_sandbox_banner(anybody: httpx.Client) -> None:
    assert "Oefenregister" not in anybody.get("/").text


def test_an_error_page_knows_who_is_signed_in(ordinary: Served, auditor: str) -> None:
    html = {"accept": "text/html"}
    with ordinary.client() as browser:
        assert "/aanmelden" in browser.get("/nergens", headers=html).text
        browser.post("/aanmelden", data={"token": auditor})
        page = browser.get("/nergens", headers=html)
    assert page.status_code == 404
    assert "/afmelden" in page.text


def test_a_wrong_parameter_is_named_as_it_is_called(ordinary: Served, auditor: str) -> None:
    with ordinary.client(auditor) as client:
        problem = client.get("/api/refusals?state=foo").json()
    assert problem["pointer"] == "state"
    assert "parameter state is" in problem["detail"]
