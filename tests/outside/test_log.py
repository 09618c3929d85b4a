"""A running ledger, checked by tools that are not ours: fsck of transparency-dev/tessera, and Go's own note and tlog packages."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import httpx
import pytest

from ledger.transparency.note import read_note
from ledger.transparency.witness import Request
from streams.witnessing import Witness
from tests.acceptance.serving import Served
from tests.integration.feed import Feed, person
from tests.outside.conftest import Tools


def fill(served: Served, count: int) -> None:
    feed = Feed(served.parts.store.keys, seed=count)
    events = feed.examined(*(feed.event(subject=person(n % 40)) for n in range(count)))
    served.do(lambda: served.parts.sequencer.submit(events))


def save(client: httpx.Client, path: str, file: Path) -> Path:
    file.write_bytes(client.get(path).raise_for_status().content)
    return file


@pytest.mark.parametrize("count", [1, 255, 256, 257, 1_300])
def test_fsck_finds_a_running_ledger_whole(ledger: Served, client: httpx.Client, tools: Tools, tmp_path: Path, count: int) -> None:
    fill(ledger, count)
    client.post("/api/checkpoints").raise_for_status()
    key = save(client, "/tlog/key", tmp_path / "key")
    ran = tools.run(tools.fsck, "--ui=false", f"--storage_url={ledger.url}/tlog/", f"--public_key={key}")
    assert ran.returncode == 0, ran.stderr
    assert "Successfully fsck'd log" in ran.stderr
    assert f"log of size {count}\n" in ran.stderr


def test_fsck_finds_a_changed_leaf_and_a_changed_node(ledger: Served, client: httpx.Client, tools: Tools, tmp_path: Path) -> None:
    fill(ledger, 600)
    client.post("/api/checkpoints").raise_for_status()
    key = save(client, "/tlog/key", tmp_path / "key")
    command = ("--ui=false", f"--storage_url={ledger.url}/tlog/", f"--public_key={key}")
    for change in (
        "UPDATE ledger.tree_nodes SET hash = sha256(hash) WHERE index = 1",
        "UPDATE ledger.entries SET commitment = sha256(commitment) WHERE position = 300",
    ):
        asyncio.run(execute(ledger.parts.store.dsn, change))
        ran = tools.run(tools.fsck, *command)
        # This version of fsck ends with 0 all the same: its last line is what counts.
        assert "fsck failed" in ran.stderr, change
        assert "Successfully" not in ran.stderr


async def execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"ALTER TABLE ledger.entries DISABLE TRIGGER entries_are_immutable; {statement}")
    finally:
        await connection.close()


def test_gos_own_packages_check_signature_proof_and_growth(ledger: Served, client: httpx.Client, tools: Tools, tmp_path: Path) -> None:
    key = client.get("/tlog/key").text.strip()
    fill(ledger, 300)
    client.post("/api/checkpoints").raise_for_status()
    note = save(client, "/tlog/checkpoint", tmp_path / "checkpoint")
    ran = tools.run(tools.logcheck, "-key", key, "note", note)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[:2] == [f"signed by {key.split('+')[0]}", "size 300"]
    leaf = client.get("/tlog/entries/000").content[2 + 34 * 70 :][:32]
    proof = save(client, "/tlog/proof/71", tmp_path / "proof")
    ran = tools.run(tools.logcheck, "-key", key, "proof", proof, leaf.hex())
    assert (ran.returncode, ran.stdout) == (0, "leaf 70 is in the tree of 300\n"), ran.stderr
    assert tools.run(tools.logcheck, "-key", key, "proof", proof, bytes(32).hex()).returncode == 1
    fill(ledger, 500)
    client.post("/api/checkpoints").raise_for_status()
    ran = tools.run(tools.logcheck, "-key", key, "grown", f"{ledger.url}/tlog", note)
    assert (ran.returncode, ran.stdout) == (0, "the tree of 800 grew from that of 300\n"), ran.stderr
    changed = tmp_path / "changed"
    changed.write_text(note.read_text().replace("\n300\n", "\n299\n"))
    ran = tools.run(tools.logcheck, "-key", key, "note", changed)
    assert (ran.returncode, "invalid signature" in ran.stderr) == (1, True), ran.stderr


def test_a_cosignature_of_our_witness_is_checked_by_another_implementation(
    ledger: Served, client: httpx.Client, tools: Tools, tmp_path: Path
) -> None:
    key = client.get("/tlog/key").text.strip()
    fill(ledger, 5)
    client.post("/api/checkpoints").raise_for_status()
    content = client.get("/tlog/checkpoint").content
    with Witness(tmp_path / "witness", name="witness.example/w1") as witness:
        witness.trust(key)
        answer = witness.add_checkpoint(Request(0, (), read_note(content)).encode())
        assert answer.status == 200
        cosigned = tmp_path / "cosigned"
        cosigned.write_bytes(content + answer.body)
        ran = tools.run(tools.logcheck, "-key", key, "-witness", witness.key.verifier.text, "note", cosigned)
    assert (ran.returncode, "signed by witness.example/w1\n" in ran.stdout) == (0, True), ran.stderr
