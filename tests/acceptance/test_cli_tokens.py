"""An ordinary ledger: publishing needs the publisher's own token, made, rotated and revoked by command."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.ledgers import RunningLedger

ORG = "1999015095"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningLedger]:
    with RunningLedger() as started:
        yield started


def an_event(folder: Path, number: int, **changes: object) -> Path:
    moment = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    event = {
        "specversion": "1.0", "id": f"0195f517-9700-7000-8000-{number:012}", "source": f"urn:kbo:{ORG}:mlb",
        "type": "be.inburgering.jobseeker.registered.v1", "subject": "persoon/7d9a4c1e-52b0-4f6c-9a57-0c3b1f6e8d21", "time": moment,
        "recordedat": moment, "publisherrole": "vdab", "sequence": number, "grondslag": "public_task",
        "data": {"category": "free", "channel": "online"}, **changes,
    }  # fmt: skip
    file = folder / f"{number}.ndjson"
    file.write_text(json.dumps(event))
    return file


def test_a_token_is_made_kept_and_used(running: RunningLedger, tmp_path: Path) -> None:
    made = running.run("publishers", "create", "mlb", "--org", ORG, "--role", "vdab", "--keep")
    assert made.code == 0, made.err
    assert "shown only now" in made.err
    kept = running.data / "tokens" / "mlb"
    assert kept.read_text() == made.out
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert running.run("publish", an_event(tmp_path, 1), "--as", "mlb", "--json").json["admitted"] == 1
    token = tmp_path / "token"
    token.write_text(made.out)
    assert running.run("publish", an_event(tmp_path, 2), "--as", token, "--json").json["admitted"] == 1
    listed = running.run("publishers", "list", "--json").json["publishers"]
    assert [(p["name"], p["org"], p["role"]) for p in listed] == [("mlb", ORG, "vdab")]
    assert made.out.strip() not in json.dumps(listed)


def test_without_a_token_nothing_is_published(running: RunningLedger, tmp_path: Path) -> None:
    ran = running.run("publish", an_event(tmp_path, 3))
    assert ran.code == 2
    assert ran.err.startswith("ledger: ")
    assert ran.err.count("\n") == 1
    assert "with --as" in ran.err
    assert "Run the same command again" not in ran.err
    unknown = running.run("publish", an_event(tmp_path, 3), "--as", "nobody")
    assert unknown.code == 2
    assert "neither a token file nor a name kept" in unknown.err
    wrong = tmp_path / "wrong"
    wrong.write_text("two words\n")
    assert "does not hold a token" in running.run("publish", an_event(tmp_path, 3), "--as", wrong).err


def test_an_auditor_has_a_token_that_reads_and_does_not_publish(running: RunningLedger, tmp_path: Path) -> None:
    made = running.run("publishers", "create", "rekenhof", "--right", "auditor", "--keep")
    assert made.code == 0, made.err
    assert ("rekenhof", "auditor", None) in [
        (p["name"], p["right"], p["org"]) for p in running.run("publishers", "list", "--json").json["publishers"]
    ]
    assert "rekenhof" in running.run("publishers", "list").out
    assert running.run("publish", an_event(tmp_path, 9), "--as", "rekenhof").code == 2
    for wrong in (["--right", "auditor", "--org", ORG], ["--right", "boss"], ["--org", ORG]):
        refused = running.run("publishers", "create", "other-auditor", *wrong)
        assert refused.code == 2
        assert refused.err.count("\n") == 1


def test_a_token_speaks_for_its_organisation_and_role_only(running: RunningLedger, tmp_path: Path) -> None:
    running.run("publishers", "create", "other", "--org", "1999016085", "--role", "actiris", "--keep")
    answer = running.run("publish", an_event(tmp_path, 4), "--as", "other", "--json").json
    assert [refusal["code"] for refusal in answer["refusals"]] == ["R04"]


def test_an_ordinary_ledger_keeps_its_own_time(running: RunningLedger, tmp_path: Path) -> None:
    running.run("publishers", "create", "timed", "--org", ORG, "--role", "vdab", "--keep")
    file = an_event(tmp_path, 5, admittedat="2024-01-01T00:00:00Z")
    (refusal,) = running.run("publish", file, "--as", "timed", "--json").json["refusals"]
    assert (refusal["code"], refusal["pointer"]) == ("R01", "/admittedat")


def test_rotating_lets_the_old_token_run_out_and_revoking_ends_all(running: RunningLedger, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(running.run("publishers", "create", "turning", "--org", ORG, "--role", "vdab").out)
    rotated = running.run("publishers", "rotate", "turning")
    new.write_text(rotated.out)
    assert "The old token holds until" in rotated.err
    assert running.run("publish", an_event(tmp_path, 6), "--as", old, "--json").json["admitted"] == 1
    assert running.run("publish", an_event(tmp_path, 7), "--as", new, "--json").json["admitted"] == 1
    assert running.run("publishers", "revoke", "turning").code == 0
    for token in (old, new):
        assert running.run("publish", an_event(tmp_path, 8), "--as", token).code == 2
    assert running.run("publishers", "revoke", "turning").code == 2


def test_names_that_exist_or_cannot_be_kept_are_told(running: RunningLedger) -> None:
    running.run("publishers", "create", "twice", "--org", ORG, "--role", "vdab")
    again = running.run("publishers", "create", "twice", "--org", ORG, "--role", "vdab")
    assert again.code == 2
    assert again.err.count("\n") == 1
