"""Whatever is wrong with what the command line is given: one clear sentence, the right exit code, and nothing lost."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.ledgers import LEDGER, RunningLedger, environment, ledger

GOOD = {
    "specversion": "1.0", "id": "01955b6f-6000-7000-8000-000000000001", "source": "urn:kbo:1999010048:kbi",
    "type": "be.inburgering.person.registered.v1", "subject": "persoon/7d9a4c1e-52b0-4f6c-9a57-0c3b1f6e8d21",
    "time": "2025-03-03T10:00:00+01:00", "recordedat": "2025-03-03T10:05:00+01:00", "admittedat": "2025-03-03T10:06:00+01:00",
    "publisherrole": "agency", "sequence": 1, "grondslag": "public_task",
    "data": {"birth_year": 1991, "gender": "f", "nationality_group": "mena", "residence_nis": "11002", "obligation": "obliged",
             "obligation_from": "2025-02-20", "residence_ground": "protection"},
}  # fmt: skip
LINE = json.dumps(GOOD)
HEAD = ",".join([*(name for name in GOOD if name != "data"), *(f"data.{name}" for name in GOOD["data"])])
ROW = ",".join(str(value) for value in [*(value for name, value in GOOD.items() if name != "data"), *GOOD["data"].values()])


@pytest.fixture(scope="module")
def running() -> Iterator[RunningLedger]:
    with RunningLedger("--sandbox") as started:
        yield started


def one_sentence(text: str) -> str:
    """The only line of stderr."""
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


WHOLE = [
    pytest.param("f.ndjson", b"", "is empty", id="empty"),
    pytest.param("f.ndjson", b"just text\nmore text\n", "neither NDJSON", id="no NDJSON"),
    pytest.param("f.ndjson", json.dumps(GOOD, indent=2).encode(), "does not end on its line", id="pretty-printed"),
    pytest.param("f.ndjson", json.dumps([GOOD]).encode(), "JSON array", id="array"),
    pytest.param("f.ndjson", LINE.encode("utf-16"), "UTF-16", id="UTF-16"),
    pytest.param("f.ndjson", LINE.replace("mena", "menä").encode("latin-1").replace(b"\\u00e4", b"\xe4"), "not UTF-8", id="Latin-1"),
    pytest.param("f.ndjson", os.urandom(40) + b"\0" * 40, "f.ndjson", id="binary"),
    pytest.param("f.csv", b"id,source,type\n1,2,3\n", "column 'subject'", id="CSV without a column"),
    pytest.param("f.csv", f"{HEAD},colour\n".encode(), "unknown column 'colour'", id="CSV with a strange column"),
    pytest.param("f.gz", gzip.compress(LINE.encode())[:20], "damaged or cut off", id="cut gzip"),
]


@pytest.mark.parametrize(("name", "content", "says"), WHOLE)
def test_a_bad_file_is_told_before_anything_is_sent(running: RunningLedger, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    bad, good = tmp_path / name, tmp_path / "good.ndjson"
    bad.write_bytes(content)
    good.write_text(LINE.replace("000000000001", "000000000002") + "\n")
    before = running.run("status", "--json").json["position"]
    ran = running.run("publish", good, bad)
    assert ran.code == 2
    assert says in one_sentence(ran.err)
    assert str(bad) in ran.err
    assert running.run("status", "--json").json["position"] == before


def test_a_missing_file_and_a_folder(running: RunningLedger, tmp_path: Path) -> None:
    missing = running.run("publish", tmp_path / "nothing.ndjson")
    assert missing.code == 2
    assert "no such file" in one_sentence(missing.err)
    folder = running.run("publish", tmp_path)
    assert folder.code == 2
    assert "is a folder" in one_sentence(folder.err)


LINES = [
    pytest.param(b'{"specversion":"1.0","id":"01955b6f-6000-70', "cut off", id="truncated last line"),
    pytest.param(b"no json\n", "not valid JSON", id="no JSON"),
    pytest.param(b'{"id":"\xe9"}\n', "not UTF-8", id="not UTF-8"),
    pytest.param(b"[1,2]\n", "expected an object", id="no object"),
    pytest.param(b'{"a":1}\n', "unknown property", id="another object"),
    pytest.param(b'{"a":"' + b"x" * 100_000 + b'"}\n', "bytes", id="too large"),
    pytest.param(b'{"a":"' + b"x" * 3_000_000 + b'"}\n', "longer than", id="far too large"),
]


@pytest.mark.parametrize(("line", "says"), LINES)
def test_a_bad_line_is_refused_alone_with_its_number(running: RunningLedger, tmp_path: Path, line: bytes, says: str) -> None:
    file = tmp_path / "f.ndjson"
    file.write_bytes(LINE.encode() + b"\n" + line + (LINE.encode() if line.endswith(b"\n") else b""))
    ran = running.run("publish", file, "--json")
    answer = ran.json
    assert ran.code == 2
    assert answer["admitted"] + answer["duplicate"] == (2 if line.endswith(b"\n") else 1)
    (refusal,) = answer["refusals"]
    assert (refusal["line"], refusal["code"]) == (2, "R01")
    assert says in refusal["message"]["en"]
    if len(line) < 1_000_000:
        kept = running.run("refusals", "show", str(refusal["refusal"]), "--json").json
        assert kept["code"] == "R01"


def test_csv_is_published_and_a_row_of_another_width_refused(running: RunningLedger, tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text(f"{HEAD}\n{ROW}\n{ROW},more\n")
    answer = running.run("publish", file, "--json").json
    assert answer["admitted"] + answer["duplicate"] == 1
    assert "this row has" in answer["refusals"][0]["message"]["en"]


def test_a_good_csv_row_is_the_same_event_as_its_json(running: RunningLedger, tmp_path: Path) -> None:
    as_json, as_csv = tmp_path / "f.ndjson", tmp_path / "f.csv"
    as_json.write_text(LINE.replace("000000000001", "000000000003"))
    as_csv.write_text(f"{HEAD}\n{ROW}\n".replace("000000000001", "000000000003"))
    assert running.run("publish", as_json).code == 0
    assert running.run("publish", as_csv, "--json").json["duplicate"] == 1


def test_standard_input_and_pipes_are_files_too(running: RunningLedger, tmp_path: Path) -> None:
    file = tmp_path / "f.ndjson"
    file.write_text(LINE.replace("000000000001", "000000000004") + "\n")
    publish = f"{LEDGER} publish --json --data {running.data}"
    counts = []
    for command in (f"cat {file} | {publish} -", f"{publish} <(cat {file})", f"gzip -c {file} | {publish} - {file}"):
        done = subprocess.run(["bash", "-euc", command], env=environment(), capture_output=True, timeout=60, check=True)
        answer = json.loads(done.stdout)
        counts.append((answer["admitted"], answer["duplicate"]))
    assert counts == [(1, 0), (0, 1), (0, 2)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["frobnicate"], "No such command 'frobnicate'", id="unknown command"),
        pytest.param(["publish"], "Missing argument", id="no file"),
        pytest.param(["status", "--colour"], "No such option", id="unknown option"),
        pytest.param(["simulate", "--people", "many", "--out", "f"], "should be a valid integer", id="no number"),
        pytest.param(
            ["simulate", "--people", "1", "--faults", "wild", "--out", "f"], "profiles are none, realistic, harsh", id="no profile"
        ),
        pytest.param(["simulate", "--people", "1", "--out", "no/such/folder/f"], "cannot be written", id="no folder"),
        pytest.param(["timeline", "90052502332"], "never a national number", id="a national number"),
        pytest.param(["timeline", "7d9a4c1e-52b0-4f6c-9a57-0c3b1f6e8d21", "--as-of", "yesterday"], "write it as YYYY-MM-DD", id="no date"),
        pytest.param(["timeline", "7d9a4c1e-52b0-4f6c-9a57-0c3b1f6e8d21", "--known-at", "soon"], "neither a position", id="no moment"),
        pytest.param(["up", "--demo", "5", "--empty"], "contradict each other", id="two kinds of ledger"),
        pytest.param(["replay", "--out", "f", "--view", "nothing"], "views are", id="no view"),
        pytest.param(["publishers", "create", "x", "--org", "1999015096", "--role", "vdab"], "no KBO number", id="check digits"),
        pytest.param(["publishers", "create", "x", "--org", "1999015095", "--role", "boss"], "roles are", id="no role"),
    ],
)
def test_bad_usage_says_what_would_be_good(arguments: list[str], says: str, tmp_path: Path) -> None:
    ran = ledger(*arguments, cwd=tmp_path)
    assert ran.code in ({1} if "cannot be written" in says else {2})
    assert says in " ".join(ran.err.replace("│", " ").split())
    assert "Traceback" not in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("command", [["status"], ["publish", "f"], ["refusals", "list"], ["findings"], ["rebuild", "timeline"]])
def test_without_a_ledger_every_command_says_how_to_start_one(command: list[str], tmp_path: Path) -> None:
    ran = ledger(*command, cwd=tmp_path)
    assert ran.code == 1
    assert one_sentence(ran.err) == "ledger: no ledger is running on the data folder ledger-data; start it with: ledger up\n"


def test_a_ledger_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.json").write_text('{"port": 1, "pid": 4, "mode": "sandbox", "operator_token": "t"}')
    ran = ledger("status", "--data", tmp_path)
    assert ran.code == 1
    assert "no ledger answers at http://127.0.0.1:1" in one_sentence(ran.err)
    assert f"ledger up --data {tmp_path}" in ran.err
    elsewhere = ledger("status", LEDGER_URL="ftp://somewhere")
    assert elsewhere.code == 2
    assert "write http://host:port" in one_sentence(elsewhere.err)


def test_a_second_ledger_on_the_same_data_or_port_says_so_and_stops(running: RunningLedger, tmp_path: Path) -> None:
    again = ledger("up", "--data", running.data, "--port", "0")
    assert again.code == 1
    assert "already runs on" in one_sentence(again.err)
    same = ledger("up", "--data", running.data, "--port", str(running.port))
    assert "already runs on" in one_sentence(same.err)
    taken = ledger("up", "--data", tmp_path / "other", "--port", str(running.port))
    assert taken.code == 1
    assert f"port {running.port} is in use" in one_sentence(taken.err)
    assert running.run("status").code == 0


def _of_another_version(folder: Path) -> None:
    folder.mkdir()
    (folder / "FORMAT").write_text("999\n")


def _of_something_else(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.docx").write_text("my own")


def _a_file(folder: Path) -> None:
    folder.write_text("no folder")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(_of_another_version, "has data format 999", id="another version"),
        pytest.param(_of_something_else, "is no data folder of the ledger", id="somebody's own folder"),
        pytest.param(_a_file, "cannot be used", id="a file"),
    ],
)
def test_a_data_folder_that_is_none_is_left_alone(make: Callable[[Path], None], says: str, tmp_path: Path) -> None:
    make(tmp_path / "data")
    before = sorted(tmp_path.rglob("*"))
    ran = ledger("up", "--data", tmp_path / "data", "--port", "0")
    assert ran.code == 1
    assert says in one_sentence(ran.err)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_place_that_cannot_be_written_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "x.ndjson"
    ran = ledger("simulate", "--people", "1", "--seed", "1", "--out", out)
    assert ran.code == 1
    assert f"{out} cannot be written" in one_sentence(ran.err)


def test_logs_are_for_their_owner_alone(running: RunningLedger) -> None:
    for name in ("ledger.log", "postgres.log"):
        assert stat.S_IMODE((running.data / name).stat().st_mode) == 0o600


def test_what_is_no_event_at_all_is_wrong_as_a_whole(running: RunningLedger, tmp_path: Path) -> None:
    (tmp_path / "list.ndjson").write_text(LINE + "\n[1]\n")
    (refusal,) = running.run("publish", tmp_path / "list.ndjson", "--json").json["refusals"]
    assert refusal["pointer"] == ""
    assert "the whole event" in running.run("publish", tmp_path / "list.ndjson").out
    assert "the whole event" in running.run("refusals", "show", str(refusal["refusal"])).out


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_masked_number_is_not_handed_in(running: RunningLedger, tmp_path: Path, ascii_only: bool) -> None:
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps(GOOD | {"subject": "insz/…"}, ensure_ascii=ascii_only))
    done = running.run("refusals", "resubmit", "1", "--event", mended)
    assert done.code == 2
    assert "masked number" in one_sentence(done.err)


def test_a_sandbox_stays_a_sandbox(running: RunningLedger, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    copy.mkdir()
    for name in ("FORMAT", "MODE"):
        shutil.copy(running.data / name, copy / name)
    shutil.copytree(running.data / "keys", copy / "keys")
    ran = ledger("up", "--data", copy, "--empty", "--port", "0")
    assert ran.code == 1
    assert "holds a sandbox" in one_sentence(ran.err)


def test_a_bad_setting_is_named_with_its_place(tmp_path: Path) -> None:
    ran = ledger("up", "--data", tmp_path / "data", LEDGER_PORT="eighty")
    assert ran.code == 2
    assert "LEDGER_PORT" in ran.err


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.fail("this test needs /dev/full")
    with Path("/dev/full").open("wb") as full:
        command = [str(LEDGER), "simulate", "--people", "1", "--out", str(tmp_path / "f"), "--json"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment(), timeout=60)
    assert done.returncode == 1
    assert "No space left on device; mend that" in one_sentence(done.stderr.decode())


def test_the_help_of_every_command_reads() -> None:
    assert ledger("--help").out.count("\n") > 20
    for command in ("up", "simulate", "publish", "timeline", "status", "rebuild", "refusals", "publishers", "replay", "findings"):
        ran = ledger(command, "--help")
        assert ran.code == 0
        assert "--help" in ran.out


def test_help_does_not_load_the_ledger() -> None:
    code = "import sys, cli.main; print(sorted({'httpx', 'asyncpg', 'uvicorn', 'litestar', 'eventsourcing', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout.decode().strip() == "[]"


@pytest.mark.parametrize(
    "command", [["relay"], ["worker"], ["kafka", "compare"], ["restore", "--from", "kafka"], ["kafka", "topics", "--check"]]
)
def test_commands_on_kafka_say_what_they_miss_and_where_to_name_it(command: list[str], tmp_path: Path) -> None:
    without = ledger(*command, cwd=tmp_path)
    assert without.code == 2
    said = one_sentence(without.err)
    assert all(f"LEDGER_KAFKA_{name}" in said for name in ("SERVERS", "USER", "PASSWORD", "CA"))
    # A cluster that nobody answers at: what else is missing is said before it is asked.
    nothing = ledger(*command, cwd=tmp_path, LEDGER_KAFKA_SERVERS="127.0.0.1:1")
    assert nothing.code in {1, 2}
    expected = {"restore": "ledger-data/keys", "worker": "holds no ledger", "topics": "--publisher"}
    assert next((words for name, words in expected.items() if name in command), "holds no ledger") in one_sentence(nothing.err)
    assert list(tmp_path.iterdir()) == []
