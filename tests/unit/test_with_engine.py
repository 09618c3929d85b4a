"""A container engine is welcome and never needed: without one the command runs all the same, and one line says why."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "infra" / "docker" / "with-engine.sh"
COMMAND = 'echo "${LEDGER_TEST_BROKER_IMAGE:-}|${DOCKER_HOST:-}"; exit 3'
ONLY = "The tests on Kafka run on brokers from jars only: "


def run(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """The script on a machine whose engine is what stands in this folder."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DOCKER_HOST", "LEDGER_TEST_BROKER_IMAGE"}}
    environment = kept | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "LEDGER_TEST_BROKER_IMAGE": ""} | given
    return subprocess.run([SCRIPT, "bash", "-c", COMMAND], env=environment, capture_output=True, text=True, timeout=60)


def program(folder: Path, name: str, line: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{line}\n")
    (folder / name).chmod(0o755)


def test_who_wants_none_gets_none(tmp_path: Path) -> None:
    done = run(tmp_path, LEDGER_TEST_CONTAINERS="no")
    assert (done.returncode, done.stdout, done.stderr) == (3, "|\n", f"{ONLY}LEDGER_TEST_CONTAINERS=no.\n")


def test_an_engine_that_does_not_start_is_told_in_one_line(tmp_path: Path) -> None:
    program(tmp_path, "docker", "exit 1")
    program(tmp_path, "dockerd", "echo no privileges; exit 1")
    program(tmp_path, "mmdebstrap", "exit 1")
    program(tmp_path, "ip", "exit 0")
    done = run(tmp_path)
    why = (
        "a container engine does not start here: no privileges"
        if os.geteuid() == 0
        else "no container engine answers, and only root can start one"
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "|\n", f"{ONLY}{why}.\n")


@pytest.mark.parametrize(("answer", "why"), [("pull", "the engine cannot fetch apache/kafka:4.3.1"), ("run", "containers do not run here")])
def test_an_engine_without_the_image_or_without_rights_is_told_in_one_line(tmp_path: Path, answer: str, why: str) -> None:
    refused = {"pull": "image|pull", "run": "run"}[answer]
    program(tmp_path, "docker", f'case "$1" in {refused}) exit 1 ;; esac')
    done = run(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (3, "|\n", f"{ONLY}{why}.\n")


def test_an_engine_that_answers_is_taken(tmp_path: Path) -> None:
    program(tmp_path, "docker", "exit 0")
    done = run(tmp_path, KAFKA_IMAGE="ours/kafka:1", DOCKER_HOST="unix:///there")
    assert (done.returncode, done.stdout) == (3, "ours/kafka:1|unix:///there\n")
    assert done.stderr.count("\n") == 1
