"""Ctrl-C, a ledger that dies under a running command, and what becomes of what was acknowledged."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.ledgers import LEDGER, RunningLedger, environment, ledger


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:  # type: ignore[type-arg]
    file = tmp_path_factory.mktemp("population") / "f.ndjson"
    return file, ledger("simulate", "--people", "500", "--seed", "11", "--faults", "realistic", "--out", file, "--json").json


@pytest.fixture
def running() -> Iterator[RunningLedger]:
    with RunningLedger("--sandbox") as started:
        yield started


def publishing(running: RunningLedger, file: Path) -> subprocess.Popen[bytes]:
    command = [str(LEDGER), "publish", str(file), "--json", "--data", str(running.data)]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_position(running: RunningLedger, position: int) -> None:
    # Not by command: one takes half a second to start, and by then a small file is published whole.
    deadline = time.monotonic() + 60
    while httpx.get(f"{running.url}/api/status", timeout=10).json()["position"] < position:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_ctrl_c_stops_cleanly_and_says_what_was_acknowledged(running: RunningLedger, population: tuple[Path, dict]) -> None:  # type: ignore[type-arg]
    file, simulated = population
    # Twenty times the same behind each other: it is not through before Ctrl-C comes, however late that is.
    longer = file.with_name("longer.ndjson")
    with longer.open("wb") as out:
        for _ in range(20):
            out.write(file.read_bytes())
    command = publishing(running, longer)
    wait_for_position(running, 1_000)
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=60)
    answer = json.loads(out)
    assert command.returncode == 130
    assert "stopped by Ctrl-C" in err.decode()
    assert f"{answer['admitted']} admitted" in err.decode()
    assert b"Traceback" not in err
    assert answer["admitted"] == running.run("status", "--json").json["position"]
    assert 1_000 <= answer["admitted"] <= simulated["good"]
    rest = running.run("publish", file, "--json").json
    assert rest["admitted"] == simulated["good"] - answer["admitted"]


def test_a_ledger_killed_under_a_publish_is_waited_for_and_the_totals_still_agree(
    running: RunningLedger,
    population: tuple[Path, dict],  # type: ignore[type-arg]
) -> None:
    file, simulated = population
    port = str(running.port)
    command = publishing(running, file)
    wait_for_position(running, 1_000)
    running.signal(signal.SIGKILL)
    running.ended()
    running.start("--port", port)
    out, err = command.communicate(timeout=240)
    answer = json.loads(out)
    assert (answer["admitted"], answer["duplicate"], answer["refused"]) == (
        simulated["good"],
        simulated["duplicate"],
        simulated["refused"],
    ), err
    assert running.settle() == simulated["good"]


def test_ctrl_c_on_the_ledger_itself_ends_everything_and_the_data_goes_on(running: RunningLedger, population: tuple[Path, dict]) -> None:  # type: ignore[type-arg]
    file, simulated = population
    assert running.run("publish", file).code in {0, 2}
    assert running.stop() == 0
    assert "Everything that was acknowledged is kept." in running.said
    assert not (running.data / "ledger.json").exists()
    running.start()
    assert running.settle() == simulated["good"]


def test_ctrl_c_on_a_simulation_leaves_no_half_file(tmp_path: Path) -> None:
    command = [str(LEDGER), "simulate", "--people", "100000", "--out", str(tmp_path / "f.ndjson")]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as simulating:
        try:
            deadline = time.monotonic() + 60
            while not any(tmp_path.iterdir()):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            simulating.send_signal(signal.SIGINT)
            _, err = simulating.communicate(timeout=60)
        finally:
            simulating.kill()
    assert simulating.returncode == 130
    assert err.decode() == "ledger: stopped by Ctrl-C\n"
    assert list(tmp_path.iterdir()) == []
