"""Reading a person's data over the web: a purpose is asked for, and every read is in the access log before the answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from cli.main import main
from ledger.codes.roles import Role
from streams.keys import Keys
from streams.publishers import Right
from tests.acceptance.conftest import execute
from tests.acceptance.serving import Served
from tests.integration.feed import Feed, kbo, person

WHO = person(1)
UUID = WHO.partition("/")[2]
STRUCTURED = {"content-type": "application/cloudevents+json"}


def publish(client: httpx.Client, feed: Feed, **data: object) -> None:
    event = feed.event(subject=WHO, time=datetime.now(UTC) - timedelta(minutes=5), **data)  # type: ignore[arg-type]
    answer = client.post("/api/events", content=json.dumps(event), headers=STRUCTURED)
    assert answer.json()["admitted"] == 1, answer.text


@pytest.fixture
def known(ordinary: Served, keys: Keys) -> Served:
    """An ordinary ledger that knows one person."""
    token = ordinary.do(lambda: ordinary.parts.publishers.create("agii", org=kbo(19990100), role=Role.AGENCY)).token
    with ordinary.client(token) as client:
        publish(client, Feed(keys, sandbox=False))
    return ordinary


@pytest.fixture
def auditor(ordinary: Served) -> str:
    return ordinary.do(lambda: ordinary.parts.publishers.create("rekenhof", right=Right.AUDITOR)).token


def told(served: Served, **query: str) -> list[dict[str, object]]:
    with served.client(served.parts.operator_token) as operator:
        reads = operator.get("/api/reads", params=query).json()["reads"]
        assert isinstance(reads, list)
        return reads


def test_an_ordinary_ledger_asks_what_for_and_writes_it_down(known: Served, auditor: str) -> None:
    with known.client(auditor) as client:
        without = client.get(f"/api/trajectories/{UUID}")
        assert (without.status_code, without.json()["pointer"]) == (400, "purpose")
        assert client.get(f"/api/trajectories/{UUID}?purpose=curiosity").status_code == 400
        assert client.get(f"/api/trajectories/{UUID}?purpose=audit&as_of=2025-01-01").status_code == 200
    reads = told(known, person=UUID)
    assert [(r["reader"], r["outcome"], r["why"], r["purpose"], r["stream"]) for r in reads] == [
        ("rekenhof", "refused", "no_purpose", None, WHO),
        ("rekenhof", "refused", "no_purpose", None, WHO),
        ("rekenhof", "granted", None, "audit", WHO),
    ]
    assert reads[2]["asked"] == "as_of=2025-01-01"
    assert known.do(known.parts.access.verify) is None


def test_refused_reads_are_written_too(known: Served) -> None:
    stranger = known.do(lambda: known.parts.publishers.create("vdab", org=kbo(19990200), role=Role.VDAB)).token
    with known.client() as nobody, known.client(stranger) as publisher:
        assert nobody.get(f"/api/trajectories/{UUID}").status_code == 401
        assert publisher.get(f"/api/trajectories/{UUID}?purpose=feedback").status_code == 403
        publisher.cookies.set("ledger_token", stranger)
        assert publisher.get(f"/trajecten/{UUID}", headers={"accept": "text/html"}).status_code == 403
        assert publisher.get("/api/reads").status_code == 403
    assert [(r["reader"], r["channel"], r["why"], r["purpose"]) for r in told(known, outcome="refused")] == [
        ("visitor", "api", "no_token", None),
        ("vdab", "api", "no_right", "feedback"),
        ("vdab", "page", "no_right", None),
    ]


def test_the_page_asks_for_a_purpose_and_keeps_it_along_the_way(known: Served, auditor: str) -> None:
    with known.client() as browser:
        browser.post("/aanmelden", data={"token": auditor})
        asked = browser.get(f"/trajecten/{UUID}?as_of=2025-01-01")
        assert "Waarvoor opent u dit traject?" in asked.text
        assert 'name="as_of" value="2025-01-01"' in asked.text
        shown = browser.get(f"/trajecten/{UUID}?purpose=recognition")
        assert "Tijdlijn" in shown.text
        assert f"/api/trajectories/{UUID}?purpose=recognition" in shown.text
    assert [(r["channel"], r["purpose"]) for r in told(known)] == [("page", "recognition")]


def test_the_log_originals_and_exact_figures_are_reads(known: Served, auditor: str) -> None:
    with known.client(auditor) as client:
        assert client.get("/api/entries?limit=5").status_code == 200
        assert client.get("/api/indicators/IND-01?unprotected=true&purpose=evaluation").status_code == 403
    assert next((r["kind"], r["outcome"], r["purpose"], r["asked"]) for r in told(known)) == (
        "entries",
        "granted",
        "audit",
        "after=0 limit=5",
    )
    assert [(r["kind"], r["why"]) for r in told(known, outcome="refused")] == [("exact_figures", "no_right")]


def test_in_a_sandbox_nothing_is_asked_but_it_is_written(ledger: Served, client: httpx.Client, keys: Keys) -> None:
    event = Feed(keys).event(subject=WHO)
    assert client.post("/api/events", content=json.dumps(event), headers=STRUCTURED).json()["admitted"] == 1
    assert "Tijdlijn" in client.get(f"/trajecten/{UUID}").text
    assert client.get(f"/api/trajectories/{UUID}").status_code == 200
    assert [(r["reader"], r["purpose"], r["channel"]) for r in client.get("/api/reads").json()["reads"]] == [
        ("visitor", "evaluation", "page"),
        ("visitor", "evaluation", "api"),
    ]


def test_what_cannot_be_written_down_is_not_shown(ledger: Served, client: httpx.Client, keys: Keys, database_url: str) -> None:
    event = Feed(keys).event(subject=WHO)
    assert client.post("/api/events", content=json.dumps(event), headers=STRUCTURED).json()["admitted"] == 1
    execute(database_url, "ALTER TABLE ledger.reads ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
    assert client.get(f"/api/trajectories/{UUID}").status_code >= 500


@pytest.mark.parametrize("corrected", [False, True])
def test_a_warning_is_for_the_operator_alone(ordinary: Served, auditor: str, keys: Keys, corrected: bool) -> None:
    token = ordinary.do(lambda: ordinary.parts.publishers.create("vdab", org=kbo(19990200), role=Role.VDAB)).token
    feed = Feed(keys, sandbox=False)
    now = datetime.now(UTC) - timedelta(minutes=5)
    step = feed.event("activation-step.reported", WHO, role=Role.VDAB, org=19990200, time=now)
    step["data"]["step"] = "application" if corrected else "warning"  # type: ignore[index]
    events = [step]
    if corrected:
        mend = feed.event("event.corrected", WHO, role=Role.VDAB, org=19990200, time=now)
        mend["data"] = {
            "target_source": step["source"],
            "target_id": step["id"],
            "reason": "wrong_code",
            "replacement": {"time": step["time"], "data": step["data"] | {"step": "warning"}},  # type: ignore[operator]
        }
        events.append(mend)
    with ordinary.client(token) as client:
        for event in events:
            answer = client.post("/api/events", content=json.dumps(event), headers=STRUCTURED)
            assert answer.json()["admitted"] == 1, answer.text
    path = f"/api/trajectories/{UUID}?purpose=audit"
    with ordinary.client(auditor) as client:
        shown = client.get(path).json()["entries"]
        assert [(e["data"], e["effective"], e["restricted"]) for e in shown] == [(None, None, True)] * len(events)
        assert "warning" not in client.get("/api/entries").text
        client.cookies.set("ledger_token", auditor)
        page = client.get(f"/trajecten/{UUID}?purpose=audit").text
        assert "afgeschermd" in page
        assert "Verwittiging" not in page
    with ordinary.client(ordinary.parts.operator_token) as client:
        assert "warning" in client.get(path).text
        assert "warning" in client.get("/api/entries").text


def test_commands_ask_what_for_too(
    known: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEDGER_URL", known.url)
    monkeypatch.setenv("LEDGER_TOKEN", known.parts.operator_token)
    monkeypatch.setenv("LEDGER_DATABASE_URL", known.parts.store.dsn)
    data = ["--data", str(known.parts.settings.data)]
    for command in (["timeline", UUID], ["export", "ndjson", "--out", str(tmp_path / "out")]):
        assert main([*command, *data]) == 2
        assert "purpose" in capfd.readouterr().err
        assert main([*command, "--purpose", "whim", *data]) == 2
        assert main([*command, "--purpose", "evaluation", *data]) == 0
    capfd.readouterr()
    assert main(["dossier", UUID, "--out", str(tmp_path / "dossier"), *data]) == 0
    reads = told(known)
    assert [(r["channel"], r["kind"], r["outcome"], r["purpose"]) for r in reads] == [
        ("api", "trajectory", "refused", None),
        ("api", "trajectory", "refused", None),
        ("api", "trajectory", "granted", "evaluation"),
        ("command", "export", "refused", None),
        ("command", "export", "refused", None),
        ("command", "export", "granted", "evaluation"),
        ("command", "dossier", "granted", "access_request"),
    ]
    assert str(reads[-1]["reader"]).startswith("user:")
    assert main(["reads", "--refused", *data]) == 0
    assert capfd.readouterr().out.count("no_purpose") == 4
