"""``ledger web``: pages and the reading API beside the one process that writes, on one PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack
from pathlib import Path

import httpx
from litestar import Litestar

from streams.folder import DataFolder
from streams.keys import Keys
from streams.postgres.server import EmbeddedPostgres
from streams.settings import Settings
from streams.wiring import onlooking
from tests.acceptance.ledgers import RunningLedger, ledger
from tests.acceptance.serving import BATCH, Served
from tests.acceptance.shown import ShownLedger
from tests.integration.feed import Feed, person
from web.app import create_app
from web.onlooking import READS

BROWSER = {"accept": "text/html"}


def publish(url: str, *events: dict, **headers: str) -> httpx.Response:  # type: ignore[type-arg]
    return httpx.post(f"{url}/api/events", content=json.dumps(list(events)), headers={"content-type": BATCH, **headers}, timeout=60)


def test_two_webs_show_what_one_ledger_writes_and_take_nothing_in(database_url: str, keys: Keys, tmp_path: Path) -> None:
    feed = Feed(keys)
    given = {"LEDGER_DATABASE_URL": database_url}
    told = {"LEDGER_PUBLISH_URL": "http://ledger.example:8400"}
    with RunningLedger("--sandbox", **given) as running, ExitStack() as stack:
        assert publish(running.url, *(feed.event(subject=person(n)) for n in range(1, 4))).json()["admitted"] == 3
        running.settle()
        webs = [stack.enter_context(ShownLedger(running.data, **given, **told)) for _ in range(2)]
        for web in webs:
            with httpx.Client(base_url=web.url, timeout=60) as client:
                status = client.get("/api/status").json()
                assert (status["position"], status["sequencer"], status["mode"]) == (3, "elsewhere", "sandbox")
                assert client.get("/readyz").text == "ready\n"
                assert client.get("/metrics").text.count("ledger_position 3.0") == 1
                assert len(client.get(f"/api/trajectories/{person(1)[8:]}").json()["entries"]) == 1
                assert client.get("/tlog/checkpoint").status_code == httpx.get(f"{running.url}/tlog/checkpoint").status_code
                for path in ("/", "/projecties", "/weigeringen", "/trajecten", "/indicatoren"):
                    page = client.get(path, headers=BROWSER)
                    assert page.status_code == 200, path
                    assert 'action="/projecties"' not in page.text
                _refused(client)

        file = tmp_path / "events.ndjson"
        file.write_text(json.dumps(feed.event(subject=person(9))) + "\n")
        tried = ledger("publish", file, LEDGER_URL=webs[0].url)
        assert (tried.code, "send the same to http://ledger.example:8400" in tried.err) == (2, True), tried.err

        # What is written moves what watches, on both.
        with ExitStack() as streams:
            watching = [streams.enter_context(httpx.stream("GET", f"{web.url}/api/status/stream", timeout=60)) for web in webs]
            lines = [stream.iter_lines() for stream in watching]
            assert [_position(one) for one in lines] == [3, 3]
            last = feed.event(subject=person(4))
            assert publish(running.url, last).json()["admitted"] == 1
            assert [_position(one) for one in lines] == [4, 4]
        # A sandbox's today is that of its last entry, wherever it is looked at.
        today = httpx.get(f"{running.url}/api/status").json()["today"]
        assert [httpx.get(f"{web.url}/api/status").json()["today"] for web in webs] == [today, today]

        running.stop()
        assert httpx.get(f"{webs[0].url}/api/status").json()["position"] == 4, "the pages outlive the process that writes"
        for web in webs:
            assert web.stop() == 0, web.said
            assert web.said.endswith("Stopped. The ledger itself goes on.\n")
            assert "Traceback" not in web.said


def _position(lines) -> int:  # type: ignore[no-untyped-def]
    return int(json.loads(next(line for line in lines if line.startswith("data: "))[6:])["position"])


def _refused(client: httpx.Client) -> None:
    sent = client.post("/api/events", content="[]", headers={"content-type": BATCH})
    problem = sent.json()
    assert (sent.status_code, problem["type"]) == (421, "/docs/problems#written-elsewhere")
    assert problem["detail"] == "this process shows the ledger and takes nothing in: send the same to http://ledger.example:8400"
    assert "stuur hetzelfde naar http://ledger.example:8400" in problem["message"]["nl"]
    for path in ("/api/erasures", "/api/publishers", "/api/projections/facts/rebuild", "/api/checkpoints"):
        assert client.post(path, json={}).status_code == 421, path
    page = client.post("/projecties", data={"projectie": "facts"}, headers=BROWSER)
    assert page.status_code == 421
    assert "Hier wordt niets opgenomen" in page.text
    assert "http://ledger.example:8400" in page.text


def test_whoever_is_erased_is_gone_there_at_once(ledger: Served, database_url: str, tmp_path: Path, keys: Keys) -> None:
    feed = Feed(keys)
    ledger.publish([json.dumps(feed.event(subject=person(1))).encode()])

    async def looking() -> None:
        with DataFolder.open(tmp_path / "data", lock=False) as folder:
            async with onlooking(Settings(data=tmp_path / "data"), database_url, folder) as parts:
                assert len((await parts.store.read_open(0, 10)).entries) == 1
                erased = {"person": person(1), "ground": "objection"}
                async with httpx.AsyncClient(base_url=ledger.url, timeout=60) as client:
                    assert (await client.post("/api/erasures", json=erased)).status_code == 201
                # Only what was read before: the erasure itself, when it is read, would tell anybody.
                opened = await parts.store.read_open(0, 1)
                assert (opened.entries, opened.erased) == ([], {person(1)})

    asyncio.run(looking())


def test_the_operator_signs_in_with_the_token_of_the_ledger_that_runs(database_url: str) -> None:
    given = {"LEDGER_DATABASE_URL": database_url}
    with RunningLedger("--empty", **given) as running, ShownLedger(running.data, **given) as web:
        headers = {"authorization": f"Bearer {running.runtime['operator_token']}"}
        assert httpx.get(f"{web.url}/api/entries").status_code == 401
        assert httpx.get(f"{web.url}/api/entries", headers=headers).status_code == 200
        signed = httpx.post(f"{web.url}/aanmelden", data={"token": running.runtime["operator_token"], "naar": "/weigeringen"})
        assert (signed.status_code, signed.headers["location"]) == (303, "/weigeringen")
        refused = httpx.post(f"{web.url}/api/publishers", json={"name": "x", "right": "auditor"}, headers=headers)
        assert refused.json()["detail"].endswith("send the same to the address of 'ledger up'")


def test_without_a_ledger_to_show_it_says_what_is_missing(
    ordinary: Served, postgres: EmbeddedPostgres, database_url: str, tmp_path: Path
) -> None:
    def said(data: Path, **given: str) -> str:
        ran = ledger_web(data, **given)
        assert (ran.code, ran.out) == (1, "")
        assert "Traceback" not in ran.err
        return ran.err

    assert "there is no ledger in" in said(tmp_path / "nothing")
    away = said(tmp_path / "data", LEDGER_DATABASE_URL="postgresql://ledger:secret@127.0.0.1:1/ledger")
    assert "the database is away" in away
    assert "secret" not in away
    with DataFolder.open(tmp_path / "another"):
        pass
    assert "the master key does not belong to this database" in said(tmp_path / "another", LEDGER_DATABASE_URL=database_url)
    assert "the database holds no ledger yet: start one with 'ledger up'" in said(tmp_path / "data", LEDGER_DATABASE_URL=postgres.dsn)


def ledger_web(data: Path, **given: str):  # type: ignore[no-untyped-def]
    return ledger("web", "--data", data, "--port", "0", **given)


def test_only_what_reads_is_let_through(ordinary: Served) -> None:
    """Whoever adds a POST that changes something need not think of it: it is kept out unless it says that it reads."""
    app = create_app(ordinary.parts).inner
    assert isinstance(app, Litestar)
    let_through = {route.path for route in app.routes for handler in getattr(route, "route_handlers", ()) if handler.opt.get(READS)}
    assert let_through == {"/aanmelden", "/afmelden", "/trajecten", "/api/pseudonyms"}
