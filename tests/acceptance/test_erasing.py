"""``ledger erase`` on a running ledger, and a backup of the database from before: it brings nobody back."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger.codes.roles import Role
from ledger.identity import SANDBOX_PSEUDONYM_KEY, pseudonym
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.keys import Keys
from streams.publishers import Right
from tests.acceptance.ledgers import RunningLedger
from tests.acceptance.serving import Served
from tests.integration.feed import Feed, kbo, person


def kept_by_erasure(timeline: dict) -> list[str]:  # type: ignore[type-arg]
    return [entry["type"] for entry in timeline["entries"]]


def test_a_person_is_erased_and_an_old_backup_does_not_bring_them_back(tmp_path: Path) -> None:
    events = tmp_path / "events.ndjson"
    events.write_bytes(b"".join(stream(12, 3, FaultProfile.NONE)))
    contracts = (json.loads(line) for line in events.read_text().splitlines() if '"be.inburgering.contract.signed.v1"' in line)
    who = f"persoon/{pseudonym(next(contracts)['subject'].removeprefix('insz/'), SANDBOX_PSEUDONYM_KEY)}"
    with RunningLedger("--sandbox") as running:
        assert running.run("publish", events, "--json").json["refused"] == 0
        running.settle()
        shown = running.run("timeline", who, "--json")
        assert shown.code == 0, shown.err
        before = shown.json
        assert len(before["entries"]) > 1
        running.stop()
        backup = tmp_path / "backup"
        copy(running.data / "postgres", backup)

        running.start()
        wrong = running.run("erase", who, "--ground", "whim")
        assert (wrong.code, "no such ground" in wrong.err) == (2, True)
        done = running.run("erase", who, "--ground", "objection", "--json")
        assert done.code == 0, done.err
        assert done.json["keys_destroyed"] >= 1
        again = running.run("erase", who, "--ground", "objection")
        assert (again.code, "erased already" in again.err) == (2, True)
        erased = running.run("timeline", who, "--json").json
        assert (erased["erased"], kept_by_erasure(erased)) == (True, ["be.inburgering.erasure.executed.v1"])
        views = running.run("status", "--json").json["projections"]
        assert all(view["position"] >= done.json["position"] for view in views)
        figure = running.run("indicator", "IND-01", "--unprotected", "--json").json
        assert figure["erased"] == 1
        rebuilt = running.run("rebuild", "facts")
        assert rebuilt.code == 0, rebuilt.err
        assert running.run("indicator", "IND-01", "--unprotected", "--json").json["total"] == figure["total"]
        refused = running.run("publish", events, "--json").json
        assert refused["refused"] == 0, "what was acknowledged stays acknowledged"
        running.stop()

        shutil.rmtree(running.data / "postgres")
        copy(backup, running.data / "postgres")
        running.start()
        told = running.run("timeline", who, "--json")
        assert told.code == 0, told.err
        restored = told.json
        assert (restored["erased"], kept_by_erasure(restored)) == (True, ["be.inburgering.erasure.executed.v1"])
        assert [one["kind"] for one in running.run("reads", "--person", who, "--json").json["reads"]][-1] == "trajectory"


def copy(folder: Path, to: Path) -> None:
    """With its owners: the server runs as another user when the tests run as root."""
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)


def test_only_the_operator_erases_and_readers_see_that_it_was_done(ordinary: Served, keys: Keys) -> None:
    book = ordinary.parts.publishers
    auditor = ordinary.do(lambda: book.create("rekenhof", right=Right.AUDITOR)).token
    agency = ordinary.do(lambda: book.create("agii", org=kbo(19990100), role=Role.AGENCY)).token
    asked = {"person": person(1), "ground": "court_order"}
    feed = Feed(keys, sandbox=False)
    event = feed.event(subject=person(1), time=datetime.now(UTC) - timedelta(minutes=5))
    with ordinary.client(agency) as client:
        sent = client.post("/api/events", content=json.dumps(event), headers={"content-type": "application/cloudevents+json"})
        assert sent.json()["admitted"] == 1
        assert client.post("/api/erasures", json=asked).status_code == 403
    with ordinary.client(auditor) as client:
        assert client.post("/api/erasures", json=asked).status_code == 403
        assert client.get("/api/erasures").json()["erasures"] == []
    with ordinary.client(ordinary.parts.operator_token) as operator:
        assert "ledger_operator" in operator.post("/api/erasures", json=asked).json()["detail"]
        ordinary.do(lambda: book.create("register", org=kbo(10000000), role=Role.LEDGER_OPERATOR))
        assert operator.post("/api/erasures", json=asked | {"ground": "whim"}).status_code == 422
        assert operator.post("/api/erasures", json=asked | {"person": person(9)}).status_code == 404
        done = operator.post("/api/erasures", json=asked)
        assert done.status_code == 201, done.text
        assert operator.post("/api/erasures", json=asked).status_code == 409
        page = operator.get(f"/trajecten/{person(1)[8:]}?purpose=audit")
    with ordinary.client(auditor) as client:
        (listed,) = client.get("/api/erasures").json()["erasures"]
    assert (listed["stream"], listed["ground"], listed["controllers"]) == (person(1), "court_order", [kbo(19990100)])
    assert page.status_code in {200, 303}
