"""After harsh feeds the ledger's answer is the truth that the simulator wrote beside the events."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.catalogue import canonical, catalogue
from ledger.examination import Examiner
from ledger.time import local_date
from ledger.verdict import Outcome, StreamId, Verdict
from simulation.faults import FaultProfile
from simulation.run import simulate
from streams.clock import SandboxClock, SystemClock
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.sequencer import Sequencer
from streams.subjects import Subjects

SEED = int(os.environ.get("LEDGER_TEST_SEED", "7"))
PEOPLE = 150


async def _publish(store: Store, lines: list[bytes]) -> list[Verdict]:
    keys = store.keys
    examiner = Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=True)
    verdicts: list[Verdict] = []
    async with Sequencer(store, clock=SandboxClock(datetime(2000, 1, 1, tzinfo=UTC))) as sequencer:
        for at in range(0, len(lines), 1000):
            verdicts += await sequencer.submit([examiner.examine(line, SANDBOX_CREDENTIAL) for line in lines[at : at + 1000]])
    return verdicts


def _facts(person: dict[str, Any]) -> dict[tuple[str, str], tuple[str, date, str]]:
    return {
        (one["source"], one["id"]): (one["type"], date.fromisoformat(one["date"]), json.dumps(one["data"], sort_keys=True))
        for one in person["effective"]
    }


@pytest.mark.parametrize("profile", list(FaultProfile))
async def test_the_ledger_answers_with_the_truth(sandbox_store: Store, tmp_path: Path, profile: FaultProfile) -> None:
    print(f"seed {SEED}, profile {profile}")
    out, truth_file = tmp_path / "feed.ndjson", tmp_path / "feed.truth.json"
    totals = simulate(PEOPLE, SEED, profile, out, truth_file, None)
    truth = json.loads(truth_file.read_text())
    verdicts = await _publish(sandbox_store, out.read_bytes().splitlines())

    by_outcome = Counter(verdict.outcome for verdict in verdicts)
    by_code = Counter(verdict.code.value for verdict in verdicts if verdict.code is not None)
    assert by_outcome[Outcome.ADMITTED] == totals.good
    assert by_outcome[Outcome.DUPLICATE] == totals.duplicate
    assert dict(by_code) == {str(code): n for code, n in totals.refused.items() if n}
    assert len(verdicts) == totals.good + totals.duplicate + sum(totals.refused.values())

    head = await sandbox_store.head()
    assert head.admitted_at is not None
    subjects = Subjects(sandbox_store)
    as_of = local_date(head.admitted_at)
    keys = {StreamId(f"persoon/{ref}"): person for person in truth["persons"] for ref in person["refs"]}
    compared = 0
    for subject in await subjects.of(list(keys), as_of=as_of):
        person = keys[subject.key]
        if person["erased"]:
            continue
        told = {
            (fact.entry.source, fact.entry.id): (fact.entry.type, fact.date, canonical(fact.payload).decode())
            for fact in subject.history.facts
        }
        expected = {
            key: (kind, day, canonical(catalogue().newest[kind].decode(data.encode())).decode())
            for key, (kind, day, data) in _facts(person).items()
        }
        assert told == expected, f"person {person['person']}"
        compared += 1
    assert compared >= PEOPLE * 0.9

    projecting = Projecting(sandbox_store, wall=SystemClock(), sandbox=True)
    await projecting.prepare()
    while await projecting.runner.advance(projecting.tables) is not None:
        pass
    stalled = await sandbox_store.pool.fetch("SELECT projection, stream, reason FROM ledger.stalled_streams")
    assert [dict(row) for row in stalled] == []
