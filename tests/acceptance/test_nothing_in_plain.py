"""Planted numbers are driven through the whole ledger, and then looked for in every byte that it left on the disk."""

from __future__ import annotations

import gzip
import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from ledger.identity import SANDBOX_PSEUDONYM_KEY, insz_check_digits, pseudonym
from streams.keys import Keys
from tests.acceptance.ledgers import RunningLedger
from tests.integration.feed import Feed

SEED = 9


def number(serial: int) -> str:
    """A valid national number of nobody in particular."""
    base = f"8507{serial % 28 + 1:02d}{serial + 100:03d}"
    return base + insz_check_digits(base, born_2000=False)


NUMBERS = [number(n) for n in range(1, 9)]
WRONG = NUMBERS[7][:-1] + str((int(NUMBERS[7][-1]) + 1) % 10)
"""Somebody's number with a typing error: refused, and it still points at them."""
ADMITTED, REFUSED, UNREADABLE, IN_DATA, ASKED, SEARCHED, ERASED = NUMBERS[:7]
STRUCTURED = {"content-type": "application/cloudevents+json"}


def drive(running: RunningLedger, folder: Path) -> None:
    """Everything that is done with numbers, and things that go wrong with them."""
    feed = Feed(Keys(bytes(32), SANDBOX_PSEUDONYM_KEY), seed=SEED)
    with httpx.Client(base_url=running.url, timeout=60) as client:

        def send(event: dict[str, object], **changes: object) -> httpx.Response:
            return client.post("/api/events", content=json.dumps(event | changes), headers=STRUCTURED)

        assert send(feed.event(subject=f"insz/{ADMITTED}")).json()["admitted"] == 1  # type: ignore[arg-type]
        assert send(feed.event(subject=f"insz/{ERASED}")).json()["admitted"] == 1  # type: ignore[arg-type]
        assert send(feed.event(subject=f"insz/{WRONG}")).status_code == 422  # type: ignore[arg-type]
        assert send(feed.event(subject=f"insz/{REFUSED}"), publisherrole="naric").status_code == 422  # type: ignore[arg-type]
        assert send(feed.event(subject=f"insz/{UNREADABLE}"), specversion="0.3").status_code == 422  # type: ignore[arg-type]
        assert send(feed.event(data={"note": IN_DATA})).status_code == 422  # type: ignore[arg-type]
        assert send(feed.event(), id=IN_DATA, type=IN_DATA, source=IN_DATA).status_code == 422  # type: ignore[arg-type]
        client.post("/api/events", content=f'{{"subject": "insz/{UNREADABLE}", broken', headers=STRUCTURED)
        client.post("/api/events", content=f"{UNREADABLE}\n\xff", headers={"content-type": "application/x-ndjson"})
        assert client.post("/api/pseudonyms", json={"insz": [ASKED, WRONG]}).status_code == 200
        client.post("/trajecten", data={"insz": SEARCHED})
        for path in ("trajecten/", "trajecten?persoon=", "api/trajectories/", "api/refusals?source=", "api/reads?person="):
            client.get(f"/{path}{SEARCHED}")
        client.get("/", headers={"user-agent": SEARCHED, "cookie": f"ledger_token={SEARCHED}", "authorization": f"Bearer {SEARCHED}"})
    lines = folder / "bad.ndjson"
    lines.write_text(json.dumps(feed.event(subject=f"insz/{REFUSED}") | {"sequence": REFUSED, "time": UNREADABLE}) + "\n")
    running.run("publish", lines)
    for command in (["timeline", SEARCHED], ["erase", SEARCHED, "--ground", "objection"], ["refusals", "list", "--source", SEARCHED]):
        assert running.run(*command).code in {0, 2}
    done = running.run("erase", f"persoon/{pseudonym(ERASED, SANDBOX_PSEUDONYM_KEY)}", "--ground", "objection")
    assert done.code == 0, done.err


def traces(place: Path) -> list[str]:
    """Every file that holds one of the numbers, plain or compressed, in digits or as bytes of UTF-16."""
    wanted = [*NUMBERS, WRONG]
    patterns = {n: (n.encode(), n.encode("utf-16-le"), f"{n[:2]}.{n[2:4]}.{n[4:6]}-{n[6:9]}.{n[9:]}".encode()) for n in wanted}
    found = []
    for file in sorted(place.rglob("*")):
        if not file.is_file():
            continue
        content = file.read_bytes()
        if file.suffix == ".gz":
            content += gzip.decompress(content)
        found += [f"{file.relative_to(place)}: {n}" for n, forms in patterns.items() if any(form in content for form in forms)]
    return found


def test_no_number_is_anywhere_in_plain(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    planted = tmp_path / "planted"
    planted.mkdir()
    with RunningLedger("--sandbox") as running, pytest.MonkeyPatch.context() as patched:
        patched.setenv("TMPDIR", str(out))  # traces of faults go there
        drive(running, planted)
        running.settle()
        assert running.run("backup", "keys", "--out", out / "keys.backup").code == 0
        assert running.run("export", "ndjson", "--out", out / "log").code == 0
        assert running.run("replay", "--out", out / "rows.ndjson").code == 0
        who = f"persoon/{pseudonym(ADMITTED, SANDBOX_PSEUDONYM_KEY)}"
        assert running.run("dossier", who, "--out", out / "dossier").code == 0
        # A crash of the ledger and of its database, so that logs, write-ahead log and recovery are looked at too.
        os.kill(int(running.runtime["pid"]), signal.SIGKILL)
        running.ended()
        running.start()
        running.settle()
        running.stop()
        said = out / "said"
        said.write_text(running.said)
        assert running.run("keys", "rotate").code == 0
        files = [file for file in running.data.rglob("*") if file.is_file()]
        assert any(file.parent.name == "pg_wal" for file in files)
        assert traces(running.data) == []
    assert traces(out) == []
    (planted / "check").write_text(ADMITTED)
    assert traces(planted), "the search finds what is there"
