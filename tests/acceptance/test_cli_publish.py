"""Simulate, publish, look, recompute: the whole way from the command line, on a real ledger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.acceptance.ledgers import Ran, RunningLedger, ledger


class Loaded(NamedTuple):
    """A sandbox with a published population."""

    ledger: RunningLedger
    file: Path
    simulated: dict  # type: ignore[type-arg]
    published: Ran


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("loaded")
    file = folder / "f.ndjson"
    simulated = ledger("simulate", "--people", "250", "--seed", "7", "--faults", "harsh", "--out", file, "--json")
    assert simulated.code == 0, simulated.err
    with RunningLedger("--sandbox") as running:
        published = running.run("publish", file, "--json")
        running.settle()
        yield Loaded(running, file, simulated.json, published)


@pytest.fixture(scope="module")
def someone(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The person with the most entries."""
    out = tmp_path_factory.mktemp("replay") / "timeline.ndjson"
    assert loaded.ledger.run("replay", "--view", "timeline", "--out", out).code == 0
    keys = (json.loads(line)["key"] for line in out.read_text().splitlines())
    return Counter(key for key in keys if key.startswith("persoon/")).most_common(1)[0][0]


def test_totals_are_those_that_the_simulator_counted(loaded: Loaded) -> None:
    answer, simulated = loaded.published.json, loaded.simulated
    assert (answer["admitted"], answer["duplicate"], answer["refused"]) == (simulated["good"], simulated["duplicate"], simulated["refused"])
    assert dict(Counter(refusal["code"] for refusal in answer["refusals"])) == simulated["refused_by_code"]
    assert simulated["duplicate"] > 0
    assert simulated["refused"] > 0


def test_the_answer_has_its_keys_and_the_exit_code_says_that_something_was_refused(loaded: Loaded) -> None:
    answer = loaded.published.json
    assert list(answer) == ["admitted", "duplicate", "refused", "refusals"]
    assert {"id", "source", "code", "rule", "pointer", "message"} <= set(answer["refusals"][0])
    assert set(answer["refusals"][0]["message"]) == {"nl", "en"}
    assert loaded.published.code == 2
    assert loaded.published.err == ""


def test_each_refusal_names_the_line_that_it_was(loaded: Loaded) -> None:
    lines = loaded.file.read_text().splitlines()
    for refusal in loaded.published.json["refusals"]:
        assert json.loads(lines[refusal["line"] - 1])["id"] == refusal["id"]


def test_publishing_again_changes_nothing(loaded: Loaded) -> None:
    position = loaded.ledger.settle()
    again = loaded.ledger.run("publish", loaded.file, "--json").json
    assert again["admitted"] == 0
    assert again["duplicate"] == loaded.simulated["good"] + loaded.simulated["duplicate"]
    assert again["refused"] == loaded.simulated["refused"]
    assert loaded.ledger.settle() == position


def test_a_dry_run_writes_nothing(loaded: Loaded, tmp_path: Path) -> None:
    position = loaded.ledger.settle()
    file = tmp_path / "other.ndjson"
    ledger("simulate", "--people", "3", "--seed", "8", "--faults", "none", "--out", file)
    answer = loaded.ledger.run("publish", file, "--dry-run", "--json").json
    assert answer["admitted"] > 0
    assert loaded.ledger.settle() == position


def test_knowing_one_position_more_differs_by_exactly_that_entry(loaded: Loaded, someone: str) -> None:
    def entries(known_at: int) -> dict[int, dict]:  # type: ignore[type-arg]
        answer = loaded.ledger.run("timeline", someone, "--known-at", str(known_at), "--json").json
        assert answer["known_at"] == known_at
        return {entry["position"]: entry for entry in answer["entries"]}

    everything = loaded.ledger.run("timeline", someone, "--json").json["entries"]
    positions = sorted(entry["position"] for entry in everything)
    assert len(positions) > 10
    for position in positions[1 :: max(1, len(positions) // 8)]:
        before, after = entries(position - 1), entries(position)
        assert set(after) - set(before) == {position}
        assert set(before) <= set(after)
        if after[position]["name"] not in {"event.corrected", "event.retracted", "identity.linked"}:
            others = {at for at in before if before[at]["state"] == after[at]["state"]}
            assert {at: before[at] for at in others} == {at: after[at] for at in others}
            assert len(others) >= len(before) - 1
    stranger = next(n for n in range(positions[3], positions[-1]) if n + 1 not in positions and n > positions[3])
    assert entries(stranger) == entries(stranger + 1)


def test_a_moment_of_knowledge_is_a_prefix_of_the_ledger(loaded: Loaded, someone: str) -> None:
    everything = loaded.ledger.run("timeline", someone, "--json").json["entries"]
    middle = sorted(everything, key=lambda entry: entry["position"])[len(everything) // 2]
    answer = loaded.ledger.run("timeline", someone, "--known-at", middle["admitted_at"], "--json").json
    assert max(entry["position"] for entry in answer["entries"]) >= middle["position"]
    assert {entry["position"] for entry in answer["entries"]} == {
        entry["position"] for entry in everything if entry["admitted_at"] <= middle["admitted_at"]
    }


def test_the_timeline_reads_well_without_json(loaded: Loaded, someone: str) -> None:
    shown = loaded.ledger.run("timeline", someone, "--as-of", "2026-01-01")
    assert shown.code == 0
    assert shown.out.startswith(f"{someone} as of 2026-01-01")
    assert "person.registered" in shown.out
    assert "contract_on=" in shown.out


def test_replay_gives_the_same_rows_beside_a_running_ledger_and_without_one(loaded: Loaded, tmp_path: Path) -> None:
    beside, without = tmp_path / "a", tmp_path / "b"
    said = loaded.ledger.run("replay", "--out", beside, "--json").json
    assert said["unreadable"] == []
    assert said["rows"] == sum(said["views"].values()) == beside.read_bytes().count(b"\n")
    assert loaded.ledger.stop() == 0
    try:
        assert loaded.ledger.run("replay", "--out", without).code == 0
    finally:
        loaded.ledger.start()
    assert beside.read_bytes() == without.read_bytes()


def test_replay_of_the_past_knows_only_the_past(loaded: Loaded, tmp_path: Path) -> None:
    out = tmp_path / "then"
    said = loaded.ledger.run("replay", "--known-at", "500", "--as-of", "2024-01-01", "--view", "timeline", "--out", out, "--json").json
    assert said["known_at"] == 500
    positions = [json.loads(line)["position"] for line in out.read_text().splitlines()]
    assert 0 < max(positions) <= 500


def test_a_rebuild_is_waited_for_and_gives_the_same_view(loaded: Loaded, someone: str) -> None:
    before = loaded.ledger.run("timeline", someone, "--json").json
    done = loaded.ledger.run("rebuild", "timeline")
    assert done.code == 0, done.err
    assert "rebuilt" in done.out
    assert loaded.ledger.run("timeline", someone, "--json").json == before


def test_refusals_are_listed_shown_and_resubmitted(loaded: Loaded, tmp_path: Path) -> None:
    listed = loaded.ledger.run("refusals", "list", "--code", "R08", "--state", "open", "--json").json["refusals"]
    assert {refusal["code"] for refusal in listed} == {"R08"}
    number = str(listed[0]["refusal"])
    shown = loaded.ledger.run("refusals", "show", number, "--json").json
    assert shown["event"]["id"] == listed[0]["id"]
    again = loaded.ledger.run("refusals", "resubmit", number)
    assert again.code == 2
    assert again.out.startswith("Refused again, R08 at ")
    assert loaded.ledger.run("refusals", "list").out.count("\n") > 5
    assert "what is wrong" in loaded.ledger.run("refusals", "show", number).out


def test_status_and_findings_answer(loaded: Loaded) -> None:
    status = loaded.ledger.run("status")
    assert status.code == 0
    assert "Sandbox: nobody in it is real." in status.out
    assert loaded.ledger.run("findings", "--json").json["findings"] is not None
    assert loaded.ledger.run("findings", "--code", "F13").code == 0


@pytest.mark.timeout(600)
def test_the_totals_of_two_thousand_people(tmp_path: Path) -> None:
    file = tmp_path / "f.ndjson"
    simulated = ledger("simulate", "--people", "2000", "--seed", "7", "--faults", "harsh", "--out", file, "--json", timeout=300).json
    with RunningLedger("--sandbox") as running:
        answer = running.run("publish", file, "--json").json
    assert (answer["admitted"], answer["duplicate"], answer["refused"]) == (simulated["good"], simulated["duplicate"], simulated["refused"])
