"""Witnesses: a ledger asks them, and ours keeps what it saw and cosigns nothing that contradicts it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from ledger.errors import AlreadyRunning, DataFolderError
from ledger.transparency.cosignature import check_cosignatures
from ledger.transparency.note import read_note, read_verifier_key
from ledger.transparency.tree import Frontier, leaf_hash
from ledger.transparency.witness import origin_hash, read_request
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.settings import Settings
from streams.witnessing import Witness
from tests.acceptance.ledgers import RunningLedger, ledger
from tests.acceptance.witnessed import RunningWitness
from tests.integration.feed import START, Feed, person

BATCH = "application/cloudevents-batch+json"


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[RunningWitness]:
    with RunningWitness(tmp_path / "witness", "--name", "witness.example/w1") as running:
        yield running


async def write(store: Store, count: int, seed: int = 0) -> None:
    feed = Feed(store.keys, seed=seed)
    async with Sequencer(store, clock=SandboxClock(START)) as sequencer:
        await sequencer.submit(feed.intakes([person(n % 7) for n in range(count)]))


def signing(store: Store, witness: RunningWitness) -> Checkpoints:
    checkpoints = Checkpoints(store, Settings(witnesses=witness.setting, witness_seconds=60.0))
    with witness.looked_at() as folder:
        folder.trust(checkpoints.key.text)
    return checkpoints


async def test_the_checkpoint_bears_the_cosignatures_of_its_witnesses(sandbox_store: Store, witness: RunningWitness) -> None:
    checkpoints = signing(sandbox_store, witness)
    key = read_verifier_key(witness.key)
    for size in (0, 300, 310):
        await write(sandbox_store, size - len(await sandbox_store.read(0, 1_000)), seed=size)
        published = await checkpoints.publish()
        assert published.checkpoint.size == size
        assert [one.witness for one in check_cosignatures(published.note, [key])] == [key]
    # What the witness shows of the log is what the log shows of itself.
    async with httpx.AsyncClient(trust_env=False) as client:
        seen = await client.get(f"{witness.url}/{origin_hash(checkpoints.key.name)}/checkpoint")
        assert (await client.get(f"{witness.url}/key")).text.strip() == witness.key
    assert read_note(seen.content) == published.note


@pytest.mark.parametrize("grown", [0, 40], ids=["of the same size", "grown since"])
async def test_a_rewritten_log_with_its_history_removed_is_refused_by_the_witness(
    sandbox_store: Store, witness: RunningWitness, grown: int
) -> None:
    checkpoints = signing(sandbox_store, witness)
    await write(sandbox_store, 300)
    before = await checkpoints.publish()
    leaves = await checkpoints.tree.commitments(0, 300)
    leaves[280] = bytes(32)
    connection = await asyncpg.connect(sandbox_store.dsn)
    try:
        await connection.execute("ALTER TABLE ledger.entries DISABLE TRIGGER entries_are_immutable")
        await connection.execute("UPDATE ledger.entries SET commitment = $1 WHERE position = 281", leaves[280])
        await connection.execute("DELETE FROM ledger.cosignatures")
        await connection.execute("DELETE FROM ledger.checkpoints")
    finally:
        await connection.close()
    if grown:
        await write(sandbox_store, grown, seed=1)
    forged = await checkpoints.publish()
    assert forged.checkpoint.root != before.checkpoint.root
    assert check_cosignatures(forged.note, [read_verifier_key(witness.key)]) == ()
    assert "422" in checkpoints.witnesses.faults["witness.example/w1"]
    with witness.looked_at() as folder:
        kept = folder.kept(origin_hash(checkpoints.key.name))
        assert kept is not None
        assert kept.checkpoint == before.checkpoint
        [evidence] = folder.contradictions()
    assert read_request(evidence.read_bytes()).note.text == forged.note.text
    if not grown:
        assert forged.checkpoint.root == Frontier().extended([leaf_hash(one) for one in leaves])[0].root


async def test_a_log_that_lost_its_end_is_told_so(sandbox_store: Store, witness: RunningWitness) -> None:
    checkpoints = signing(sandbox_store, witness)
    await write(sandbox_store, 20)
    await checkpoints.publish()
    connection = await asyncpg.connect(sandbox_store.dsn)
    try:
        await connection.execute("ALTER TABLE ledger.entries DISABLE TRIGGER entries_are_immutable")
        await connection.execute("DELETE FROM ledger.entries WHERE position > 10")
        await connection.execute("UPDATE ledger.sequencer SET position = 10")
        await connection.execute("DELETE FROM ledger.cosignatures")
        await connection.execute("DELETE FROM ledger.checkpoints")
    finally:
        await connection.close()
    await checkpoints.publish()
    assert "it has seen 20 entries of this log, and there are 10" in checkpoints.witnesses.faults["witness.example/w1"]


async def test_a_witness_that_is_away_holds_nothing_up_and_is_asked_again(sandbox_store: Store, tmp_path: Path) -> None:
    with RunningWitness(tmp_path / "witness") as first:
        checkpoints = signing(sandbox_store, first)
        key = first.key
        await write(sandbox_store, 3)
        assert len((await checkpoints.publish()).note.signatures) == 2
        first.end(signal.SIGKILL)
    await write(sandbox_store, 3, seed=1)
    assert len((await checkpoints.publish()).note.signatures) == 1
    assert list(checkpoints.witnesses.faults) == [read_verifier_key(key).name]
    with RunningWitness(tmp_path / "witness") as second:
        assert second.key == key, "it is the same witness"
        again = Checkpoints(sandbox_store, Settings(witnesses=second.setting, witness_seconds=60.0))
        await write(sandbox_store, 3, seed=2)
        published = await again.publish()
        assert len(published.note.signatures) == 2
        with second.looked_at() as folder:
            kept = folder.kept(origin_hash(checkpoints.key.name))
        assert kept is not None
        assert kept.checkpoint.size == 9, "and it remembers"
        with pytest.raises(AlreadyRunning):
            Witness(second.folder)


def test_a_witness_that_cannot_be_opened_lets_go_of_its_folder(tmp_path: Path) -> None:
    with Witness(tmp_path, name="witness.example/w2"):
        pass
    with pytest.raises(DataFolderError, match=r"is called witness\.example/w2"):
        Witness(tmp_path, name="witness.example/w3")
    with Witness(tmp_path) as again:
        assert again.key.verifier.name == "witness.example/w2"


def test_a_witness_answers_in_the_words_of_the_protocol(witness: RunningWitness) -> None:
    with httpx.Client(base_url=witness.url, trust_env=False) as client:
        for body, status in ((b"", 400), (b"old 0\n\nx\n\n\xe2\x80\x94 x AAAAAAA=\n", 400), (b"x" * 300_000, 413)):
            assert client.post("/add-checkpoint", content=body).status_code == status, body[:20]
        unknown = "old 0\n\nnobody\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— nobody AAAAAAA=\n"
        assert client.post("/add-checkpoint", content=unknown.encode()).status_code == 404
        assert client.get(f"/{'0' * 64}/checkpoint").status_code == 404
        assert client.get("/add-checkpoint").status_code == 405


def test_commands_show_prove_and_cosign(witness: RunningWitness, tmp_path: Path, keys: Keys) -> None:
    with RunningLedger(
        "--sandbox", "--empty", LEDGER_WITNESSES=witness.setting, LEDGER_WITNESS_SECONDS="60", LEDGER_CHECKPOINT_SECONDS="0.2"
    ) as running:
        key = running.run("checkpoint", "--key").out.strip()
        assert witness.run("trust", key).out == f"The witness witness.example/w1 cosigns for {key.split('+')[0]}.\n"
        feed = Feed(keys)
        events = [feed.event(subject=person(n)) for n in range(5)]
        httpx.post(f"{running.url}/api/events", content=json.dumps(events), headers={"content-type": BATCH}).raise_for_status()
        proof = tmp_path / "proof"
        assert running.run("prove", "5", "--out", proof).code == 0
        assert proof.read_text().startswith("c2sp.org/tlog-proof@v1\n")
        shown = running.run("checkpoint", "--now", "--json").json
        assert (shown["size"], shown["key"]) == (5, key)
        assert [one["witness"] for one in shown["cosignatures"]] == ["witness.example/w1"]
        assert "witness.example/w1" in running.run("checkpoint", "--history", "3").out
        proved = running.run("prove", "2", "--json").json
        assert (proved["index"], proved["size"], len(proved["hashes"])) == (1, 5, 3)
        missing = running.run("prove", "6")
        assert (missing.code, "there is no entry at position 6" in missing.err) == (2, True)
        assert witness.run("show", "--json").json["logs"][0]["size"] == 5
    assert ledger("witness", "show", "--data", tmp_path / "none").code == 1
