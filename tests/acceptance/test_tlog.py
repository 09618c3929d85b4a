"""The log over HTTP, as tools that are not ours read it: paths, types, caching, and nothing beyond what is signed."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from ledger.transparency.checkpoint import open_checkpoint
from ledger.transparency.note import read_verifier_key
from ledger.transparency.proof_text import read_proof
from ledger.transparency.tile import decode_bundle, decode_tile, tiles_of
from ledger.transparency.tree import leaf_hash, root_of
from tests.acceptance.serving import Served
from tests.integration.feed import Feed, person

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
IMMUTABLE = "public, max-age=31536000, immutable"


def fill(served: Served, feed: Feed, count: int) -> None:
    events = [feed.event(subject=person(n % 9)) for n in range(count)]
    served.do(lambda: served.parts.sequencer.submit(feed.examined(*events)))


@pytest.fixture
def feed(ledger: Served) -> Feed:
    return Feed(ledger.parts.store.keys)


def test_a_log_is_read_whole_from_its_address_alone(ledger: Served, client: httpx.Client, feed: Feed) -> None:
    fill(ledger, feed, 300)
    published = client.post("/api/checkpoints").json()
    answer = client.get("/tlog/checkpoint")
    assert (answer.status_code, answer.headers["content-type"], answer.headers["cache-control"]) == (200, TEXT, "no-cache")
    key = client.get("/tlog/key")
    assert key.text == published["key"] + "\n"
    checkpoint, _ = open_checkpoint(answer.content, read_verifier_key(key.text))
    assert checkpoint.size == 300
    assert published["checkpoints"][0]["root"] == checkpoint.root.hex()
    leaves: list[bytes] = []
    for tile in tiles_of(300):
        served = client.get(f"/tlog/{tile.path}")
        assert (served.status_code, served.headers["content-type"], served.headers["cache-control"]) == (200, BYTES, IMMUTABLE), tile
        if tile.level == 0:
            bundle = client.get(f"/tlog/{tile.entries_path}")
            assert (bundle.headers["content-type"], bundle.headers["cache-control"]) == (BYTES, IMMUTABLE)
            assert client.get(f"/tlog/{tile.entries_path.removeprefix('tile/')}").content == bundle.content
            hashes = [leaf_hash(leaf) for leaf in decode_bundle(bundle.content)]
            assert decode_tile(served.content) == hashes
            leaves += hashes
        else:
            assert decode_tile(served.content) == [root_of(leaves[:256])]
    assert root_of(leaves) == checkpoint.root
    assert "\nledger_checkpoint_position 300.0\n" in client.get("/metrics").text
    proof = read_proof(client.get("/tlog/proof/300").content)
    assert proof.extra is not None
    assert proof.check(proof.extra, read_verifier_key(key.text)) == checkpoint


def test_only_what_is_signed_is_served(ledger: Served, client: httpx.Client, feed: Feed) -> None:
    assert client.get("/tlog/checkpoint").status_code == 404
    fill(ledger, feed, 260)
    for path in ("tile/0/000", "tile/entries/000", "tile/1/000.p/1", "proof/1"):
        answer = client.get(f"/tlog/{path}")
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store"), path
    client.post("/api/checkpoints")
    fill(ledger, feed, 300)
    seen = {
        path: client.get(f"/tlog/tile/{path}").status_code
        for path in (
            "0/000",
            "0/001.p/4",
            "0/001.p/3",
            "0/001.p/5",
            "0/001",
            "0/002.p/1",
            "1/000.p/1",
            "1/000",
            "2/000.p/1",
            "entries/001.p/4",
            "entries/001",
        )
    }
    assert seen == {
        "0/000": 200,
        "0/001.p/4": 200,
        "0/001.p/3": 200,
        "0/001.p/5": 404,
        "0/001": 404,
        "0/002.p/1": 404,
        "1/000.p/1": 200,
        "1/000": 404,
        "2/000.p/1": 404,
        "entries/001.p/4": 200,
        "entries/001": 404,
    }
    client.post("/api/checkpoints")
    assert client.get("/tlog/tile/0/001").status_code == 200
    assert client.get("/tlog/tile/0/001.p/4").status_code == 200, "the partial tile of an earlier checkpoint stays"


@pytest.mark.parametrize(
    "path", ["0/0", "0/x001", "00/000", "64/000", "-1/000", "a/000", "0/000.p/0", "0/000.p/256", "0/1234", "entries/1", "9999999/000"]
)
def test_what_is_no_path_of_a_tile_is_said(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/tlog/tile/{path}")
    assert answer.status_code == 400
    assert answer.json()["message"]["nl"].startswith("dit is geen pad van een tegel")


def test_the_log_is_public_and_signing_is_the_operators(ordinary: Served) -> None:
    with ordinary.client() as anybody, ordinary.client(ordinary.parts.operator_token) as operator:
        assert anybody.post("/api/checkpoints").status_code == 401
        assert operator.post("/api/checkpoints").status_code == 200
        assert anybody.get("/tlog/checkpoint").status_code == 200
        assert anybody.get("/tlog/key").status_code == 200
        assert [one["size"] for one in anybody.get("/api/checkpoints").json()["checkpoints"]] == [0]


def test_the_log_tells_nothing_of_a_person(ledger: Served, client: httpx.Client, feed: Feed) -> None:
    """Two events of one person with the same content have leaves that have nothing in common, and neither is a plain hash."""
    fill(ledger, feed, 18)
    client.post("/api/checkpoints")
    bundle = client.get("/tlog/tile/entries/000.p/18").content
    leaves = decode_bundle(bundle)
    assert {len(leaf) for leaf in leaves} == {32}
    assert len(set(leaves)) == 18
    assert not re.search(rb"persoon|urn:kbo|intake", bundle)


def test_a_log_that_signs_no_more_says_so(ledger: Served, client: httpx.Client, feed: Feed) -> None:
    fill(ledger, feed, 5)
    client.post("/api/checkpoints").raise_for_status()
    fill(ledger, feed, 5)
    tampered = (
        "ALTER TABLE ledger.entries DISABLE TRIGGER entries_are_immutable; "
        "UPDATE ledger.entries SET commitment = sha256(commitment) WHERE position = 2"
    )
    ledger.do(lambda: ledger.parts.store.pool.execute(tampered))
    answer = client.post("/api/checkpoints")
    assert answer.status_code == 409
    assert "did not grow" in answer.json()["detail"]

    async def first_said() -> str:
        said: asyncio.Queue[str] = asyncio.Queue()
        task = asyncio.create_task(ledger.parts.checkpoints.run(said.put_nowait))
        try:
            return await asyncio.wait_for(said.get(), 60)
        finally:
            task.cancel()

    assert ledger.do(first_said).startswith("No checkpoint is signed any more: the tree of 10 leaves")
    assert "did not grow from that of 5 leaves" in client.get("/api/checkpoints").json()["fault"]
    assert "\nledger_checkpoint_fault 1.0\n" in client.get("/metrics").text
    assert client.get("/tlog/checkpoint").text.splitlines()[1] == "5", "what was signed is still served"
