"""The auditor's pages and bundles are for auditors and the operator."""

from __future__ import annotations

import httpx

from streams.publishers import Right
from tests.acceptance.serving import Served


def test_an_ordinary_ledger_shows_them_to_auditors_alone(ordinary: Served) -> None:
    auditor = ordinary.do(lambda: ordinary.parts.publishers.create("audit", right=Right.AUDITOR)).token
    paths = ("/auditor", "/auditor/leesregister", "/auditor/vergelijken", "/auditor/opzoeken", "/auditor/gebeurtenis/1")
    with ordinary.client() as client:
        for path in paths:
            answer = client.get(path, follow_redirects=False)
            assert answer.status_code == httpx.codes.SEE_OTHER, path
            assert answer.headers["location"].startswith("/aanmelden"), path
        assert client.get("/api/bundle", params={"range": "1:1"}).status_code == httpx.codes.UNAUTHORIZED
    with ordinary.client(auditor) as client:
        assert client.get("/auditor").status_code == httpx.codes.OK
        assert client.get("/auditor/gebeurtenis/1").status_code == httpx.codes.NOT_FOUND


def test_opening_a_bundle_needs_a_purpose_and_is_recorded_granted_or_not(ordinary: Served) -> None:
    auditor = ordinary.do(lambda: ordinary.parts.publishers.create("audit", right=Right.AUDITOR)).token
    person = "00000000-0000-8000-8000-000000000001"
    with ordinary.client() as client:
        assert client.get("/api/bundle", params={"person": person, "open": "true"}).status_code == httpx.codes.UNAUTHORIZED
    with ordinary.client(auditor) as client:
        asked = {"person": person, "open": "true"}
        assert client.get("/api/bundle", params=asked).status_code == httpx.codes.BAD_REQUEST
        assert client.get("/api/bundle", params=asked | {"purpose": "nothing"}).status_code == httpx.codes.BAD_REQUEST
        assert client.get("/api/bundle", params=asked | {"purpose": "audit"}).status_code == httpx.codes.NOT_FOUND
        reads = client.get("/api/reads", params={"person": person}).raise_for_status().json()["reads"]
    assert [(one["kind"], one["outcome"], one["purpose"]) for one in reads if one["reader"] == "audit"] == [
        ("bundle", "refused", None),
        ("bundle", "refused", None),
        ("bundle", "granted", "audit"),
    ]
