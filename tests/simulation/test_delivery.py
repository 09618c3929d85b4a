"""The lines: their order, numbers, form and bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from ledger.time import local_date
from simulation.faults import FaultProfile
from simulation.moment import utc_text
from simulation.parameters import DEFAULT
from simulation.run import Simulation, simulate, stream, truth_path
from simulation.spill import Spill
from simulation.truth import Totals

PEOPLE, SEED = 250, 11
PROFILES = tuple(FaultProfile)


class Wire(msgspec.Struct):
    """What of a line the checks look at."""

    admittedat: str
    id: str
    source: str
    sequence: int
    recordedat: str
    time: str
    type: str
    data: msgspec.Raw


def read(lines: list[bytes]) -> list[Wire]:
    decode = msgspec.json.Decoder(Wire).decode
    return [decode(line) for line in lines]


@pytest.fixture(scope="module", params=PROFILES, ids=str)
def lines(request: pytest.FixtureRequest) -> list[bytes]:
    return list(stream(PEOPLE, SEED, request.param))


def test_lines_stand_in_order_of_arrival_then_source_then_sequence(lines: list[bytes]) -> None:
    keys = [(event.admittedat, event.source, event.sequence) for event in read(lines)]
    assert keys == sorted(keys)


def test_sequences_start_at_one_and_only_lost_numbers_are_missing() -> None:
    for profile in PROFILES:
        run = Simulation(PEOPLE, SEED, profile)
        by_source: dict[str, set[int]] = defaultdict(set)
        for event in read(list(run.lines(None, None, None))):
            by_source[event.source].add(event.sequence)
        missing = sum(max(numbers) - len(numbers) for numbers in by_source.values())
        assert all(min(numbers) <= 2 for numbers in by_source.values())
        assert missing == 0 if profile is FaultProfile.NONE else missing >= 0
        assert (missing > 0) == (profile is FaultProfile.HARSH)


def test_without_faults_a_source_numbers_in_the_order_in_which_it_recorded() -> None:
    by_source = defaultdict(list)
    for event in read(list(stream(PEOPLE, SEED))):
        by_source[event.source].append((event.sequence, event.recordedat))
    for numbered in by_source.values():
        assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
        assert all(before[1] <= after[1] for before, after in pairwise(numbered))


def test_lines_are_json_with_sorted_keys_no_floats_and_a_newline(lines: list[bytes]) -> None:
    sort = msgspec.json.Encoder(order="sorted").encode
    for line in lines:
        assert line.endswith(b"}\n")
        value = msgspec.json.decode(line)
        assert sort(value) == line[:-1]
        assert not re.search(rb"[:\[,]-?[0-9]+\.[0-9]", line)
    assert not any(_floats(msgspec.json.decode(line)) for line in lines)


def _floats(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_floats, value.values()))
    return isinstance(value, float) or (isinstance(value, list) and any(map(_floats, value)))


def test_ids_are_made_at_the_moment_of_recording() -> None:
    for event in read(list(stream(PEOPLE, SEED))):
        made = int(event.id[:8] + event.id[9:13], 16) // 1000
        assert event.recordedat == utc_text(made)


@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_the_same_seed_gives_the_same_bytes_whatever_the_hashes_of_strings(profile: FaultProfile) -> None:
    script = f"import sys\nfrom simulation.run import stream\nsys.stdout.buffer.writelines(stream(60, 5, {profile.value!r}))"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            timeout=120,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone},
        ).stdout
        for seed, locale, zone in (("1", "C", "UTC"), ("2", "C.UTF-8", "Asia/Tokyo"))
    ]
    assert outputs[0] == outputs[1] != b""


def test_another_seed_gives_another_world() -> None:
    ids = [{event.id for event in read(list(stream(40, seed)))} for seed in (1, 2)]
    assert not ids[0] & ids[1]


def test_more_people_leave_the_first_ones_as_they_were() -> None:
    few, many = (
        {event.id: (event.time, event.type, bytes(event.data)) for event in read(list(stream(people, SEED))) if "registered" in event.type}
        for people in (60, 180)
    )
    assert few.items() <= many.items()


def test_file_and_stream_hold_the_same_bytes(tmp_path: Path) -> None:
    out = tmp_path / "events.ndjson"
    totals = simulate(80, SEED, FaultProfile.REALISTIC, out, truth_path(out))
    assert out.read_bytes() == b"".join(stream(80, SEED, FaultProfile.REALISTIC))
    assert out.read_bytes().count(b"\n") == totals.lines
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.ndjson", "events.ndjson.truth.json"]


def test_spilling_to_disk_changes_no_byte_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b"".join(stream(60, SEED, FaultProfile.HARSH))
    monkeypatch.setattr("simulation.spill.HELD", 500)
    out = tmp_path / "events.ndjson"
    simulate(60, SEED, FaultProfile.HARSH, out)
    assert out.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["events.ndjson"]


def test_an_interruption_leaves_no_file_behind(tmp_path: Path) -> None:
    def interrupt(done: int, work: int) -> None:
        if done:
            raise KeyboardInterrupt

    out = tmp_path / "events.ndjson"
    out.write_bytes(b"before\n")
    with pytest.raises(KeyboardInterrupt):
        simulate(400, SEED, FaultProfile.NONE, out, truth_path(out), interrupt)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("events.ndjson", b"before\n")]


def test_a_place_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No such file"):
        simulate(1, 1, FaultProfile.NONE, tmp_path / "nowhere" / "events.ndjson")


def test_progress_runs_from_nothing_to_everything(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    simulate(300, SEED, FaultProfile.NONE, tmp_path / "events.ndjson", progress=lambda done, work: seen.append((done, work)))
    assert seen[0] == (0, 600)
    assert seen[-1] == (600, 600)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize(("people", "seed"), [(0, 1), (-3, 1), (1, -1), (1, 2**63)])
def test_a_population_that_cannot_be_is_a_value_error(people: int, seed: int) -> None:
    with pytest.raises(ValueError, match=r"population|seed"):
        Simulation(people, seed, FaultProfile.NONE)


def test_one_person_is_a_population() -> None:
    events = read(list(stream(1, SEED)))
    assert sum(event.type == "be.inburgering.person.registered.v1" for event in events) == 1


def test_monthly_totals_add_up_to_what_was_sent() -> None:
    sent: dict[tuple[str, str], int] = defaultdict(int)
    told: dict[tuple[str, str], int] = {}
    for event in read(list(stream(PEOPLE, SEED))):
        if event.type == "be.inburgering.feed.reconciled.v1":
            data = msgspec.json.decode(event.data)
            told[event.source, data["period"]] = sum(data["counts"].values())
        else:
            sent[event.source, _month(event.recordedat)] += 1
    assert told
    assert {key: count for key, count in sent.items() if key in told} == told


def _month(text: str) -> str:
    return local_date(datetime.fromisoformat(text)).isoformat()[:7]


def test_a_spill_gives_back_what_it_took_in_order(tmp_path: Path) -> None:
    spill: Spill[Totals] = Spill(Totals, tmp_path, held=7)
    for n in range(40):
        spill.put(n % 3, Totals(good=n))
    assert list(spill.buckets()) == [0, 1, 2]
    assert [[record.good for record in spill.take(bucket)] for bucket in (0, 1, 2)] == [list(range(b, 40, 3)) for b in (0, 1, 2)]
    assert spill.take(1) == []
    spill.close()
    assert list(tmp_path.iterdir()) == []


def test_default_parameters_are_named_and_frozen() -> None:
    with pytest.raises(AttributeError):
        DEFAULT.work.dimona = 1.0  # type: ignore[misc]
