"""A small ``make demo-audit``: every attack is caught, and the table says by what. The one on Kafka is in tests/kafka/test_verify.py."""

from __future__ import annotations

import subprocess
import sys

from cli.audit_attacks import ATTACKS
from tests.acceptance.ledgers import environment

PEOPLE = 6
SECONDS = 280


def test_every_attack_is_caught() -> None:
    command = [sys.executable, "-m", "cli.audit_demo", str(PEOPLE), "--without-kafka"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ledger verify, on the ledger as it is: all good" in done.stdout
    assert "NOT" not in done.stdout
    for number, attack in enumerate(ATTACKS, 1):
        [line] = [line for line in done.stdout.splitlines() if line.lstrip().startswith(f"{number}   {attack.what}")]
        assert ("skipped" if "Kafka" in attack.what else "caught") in line, line
