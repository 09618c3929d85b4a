"""The tree in the database: what the sequencer writes, what is planted afterwards, what is signed and what never is."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import asyncpg
import pytest

from ledger.codes.roles import Role
from ledger.errors import DataFolderError, ProofBroken
from ledger.sealing import StreamCipher, associated_data, unwrap
from ledger.transparency.checkpoint import open_checkpoint
from ledger.transparency.commitment import salt_key, salt_of
from ledger.transparency.proof import check_consistency, check_inclusion
from ledger.transparency.tile import decode_tile, tiles_of
from ledger.transparency.tree import EMPTY_ROOT, leaf_hash, root_of
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.settings import Settings
from streams.tree import Tree
from tests.integration.feed import START, Feed, person


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


def sandbox(store: Store, batch: int = 5_000) -> Sequencer:
    return Sequencer(store, clock=SandboxClock(START), settings=Settings(batch_events=batch))


async def write(store: Store, feed: Feed, count: int, batch: int = 5_000) -> None:
    async with sandbox(store, batch) as sequencer:
        verdicts = await sequencer.submit(feed.intakes([person(n % 7) for n in range(count)]))
    assert all(verdict.position is not None for verdict in verdicts)


async def behind_its_back(store: Store, *statements: str) -> None:
    """What somebody does who gets round the ledger."""
    connection = await asyncpg.connect(store.dsn)
    try:
        await connection.execute("ALTER TABLE ledger.entries DISABLE TRIGGER entries_are_immutable")
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("ALTER TABLE ledger.entries ENABLE TRIGGER entries_are_immutable")
    finally:
        await connection.close()


def zulu(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


async def leaves_by_hand(store: Store) -> list[bytes]:
    """Every commitment made again, from what is stored and the keys, with JSON and SHA-256 alone."""
    made = []
    for entry in await store.read(0, 10_000):
        key, data = store.keys.commitments, entry.data
        if entry.key_id is not None:
            wrapped = await store.pool.fetchval("SELECT wrapped FROM ledger.stream_keys WHERE key_id = $1", entry.key_id)
            key = unwrap(store.keys.master, entry.stream, wrapped)
            data = StreamCipher(key).open(entry.data, associated_data(entry.stream, entry.type, entry.source, entry.id))
        shown = {
            "position": entry.position,
            "stream": entry.stream,
            "version": entry.version,
            "type": entry.type,
            "id": entry.id,
            "source": entry.source,
            "role": entry.role.value,
            "time": zulu(entry.time),
            "time_precision": entry.time_precision,
            "recorded_at": zulu(entry.recorded_at),
            "admitted_at": zulu(entry.admitted_at),
            "sequence": entry.sequence,
            "legal_basis": entry.legal_basis,
            "causation_id": entry.causation_id,
            "correlation_id": entry.correlation_id,
            "data": json.loads(data),
        }
        canonical = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        made.append(hashlib.sha256(salt_of(salt_key(key), entry.position) + canonical).digest())
    return made


# -- what the sequencer writes ----------------------------------------------------------------------------------------


async def test_each_entry_has_the_leaf_that_an_outsider_would_make(sandbox_store: Store, feed: Feed) -> None:
    offer = "0190000b-7c3a-7b1e-9d42-000000000001"
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(n % 5) for n in range(9)]))
        unsealed = feed.event("offer.published", f"aanbod/{offer}", role=Role.VDAB, data={"offer_id": offer}, grondslag=None)
        micros = feed.event(subject=person(1), recordedat="2024-03-02T10:00:00.125+01:00")
        verdicts = await sequencer.submit(feed.examined(unsealed, micros))
    assert [verdict.position for verdict in verdicts] == [10, 11]
    leaves = await Tree(sandbox_store.pool).commitments(0, 11)
    assert leaves == await leaves_by_hand(sandbox_store)
    assert len(set(leaves)) == 11
    assert await Tree(sandbox_store.pool).root(11) == root_of([leaf_hash(leaf) for leaf in leaves])


@pytest.mark.parametrize("batch", [5_000, 100, 7])
async def test_tiles_and_proofs_are_right_however_the_entries_came(sandbox_store: Store, feed: Feed, batch: int) -> None:
    count = 530
    await write(sandbox_store, feed, 300, batch)
    await write(sandbox_store, feed, count - 300, batch)  # another writer takes over in the middle of a tile
    tree = Tree(sandbox_store.pool)
    leaves = [leaf_hash(leaf) for leaf in await tree.commitments(0, count)]
    roots = {size: root_of(leaves[:size]) for size in (0, 1, 255, 256, 257, 300, 512, 529, count)}
    for size, root in roots.items():
        assert await tree.root(size) == root
        assert (await tree.frontier(size)).root == root
    for tile in tiles_of(count):
        assert decode_tile(await tree.tile(tile)) == [
            root_of(leaves[n * 256**tile.level : (n + 1) * 256**tile.level]) for n in range(tile.index * 256, tile.index * 256 + tile.width)
        ]
    for old in (0, 1, 256, 300, count):
        check_consistency(old, count, await tree.consistency(old, count), roots[old], roots[count])
    proofs = await tree.inclusions([0, 255, 256, 529], count)
    assert proofs[255] == await tree.inclusion(255, count)
    for index, proof in proofs.items():
        check_inclusion(leaves[index], index, count, proof, roots[count])
    with pytest.raises(ProofBroken):
        await tree.root(count + 1)


async def test_a_dry_run_and_a_refusal_leave_no_leaf(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(1)]), dry_run=True)
        await sequencer.submit(feed.examined(feed.event(data={"nonsense": 1})))
        await sequencer.submit(feed.intakes([person(1), person(2)]))
    leaves = await Tree(sandbox_store.pool).commitments(0, 2)
    assert leaves == await leaves_by_hand(sandbox_store)


async def test_an_erased_persons_leaf_stays_and_can_be_made_by_nobody(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(1), person(2)]))
        before = await Tree(sandbox_store.pool).root(2)
        erasure = feed.event("erasure.executed", person(1), role=Role.LEDGER_OPERATOR, org=10000000, data={"requested_on": "2024-02-01"})
        await sequencer.submit(feed.examined(erasure))
        await sequencer.submit(feed.intakes([person(2)]))
    tree = Tree(sandbox_store.pool)
    check_consistency(2, 4, await tree.consistency(2, 4), before, await tree.root(4))
    assert await sandbox_store.pool.fetchval("SELECT wrapped FROM ledger.stream_keys WHERE stream = $1", person(1)) is None
    # The erasure itself stays readable, and so does its leaf.
    await behind_its_back(sandbox_store, "DELETE FROM ledger.entries WHERE position < 3")
    assert await leaves_by_hand(sandbox_store) == await tree.commitments(2, 2)


# -- entries of before there was a tree -------------------------------------------------------------------------------


async def test_entries_of_before_get_their_leaves_at_the_next_start(sandbox_store: Store, feed: Feed) -> None:
    await write(sandbox_store, feed, 600)
    tree = Tree(sandbox_store.pool)
    root, leaves = await tree.root(600), await tree.commitments(0, 600)
    await behind_its_back(sandbox_store, "UPDATE ledger.entries SET commitment = NULL", "DELETE FROM ledger.tree_nodes")
    await write(sandbox_store, feed, 1)
    assert await tree.commitments(0, 600) == leaves
    assert await tree.root(600) == root
    assert await tree.commitments(600, 1) == (await leaves_by_hand(sandbox_store))[600:]
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await sandbox_store.pool.execute("UPDATE ledger.entries SET commitment = NULL")


async def test_an_entry_whose_key_was_gone_before_there_was_a_tree_gets_a_leaf_too(sandbox_store: Store, feed: Feed) -> None:
    async with sandbox(sandbox_store) as sequencer:
        await sequencer.submit(feed.intakes([person(1), person(2)]))
        erasure = feed.event("erasure.executed", person(1), role=Role.LEDGER_OPERATOR, org=10000000, data={"requested_on": "2024-02-01"})
        await sequencer.submit(feed.examined(erasure))
    tree = Tree(sandbox_store.pool)
    live = await tree.commitments(0, 3)
    roots = []
    for _ in range(2):
        await behind_its_back(sandbox_store, "UPDATE ledger.entries SET commitment = NULL", "DELETE FROM ledger.tree_nodes")
        async with sandbox(sandbox_store):
            planted = await tree.commitments(0, 3)
            roots.append(await tree.root(3))
    assert planted[0] != live[0]
    assert planted[1:] == live[1:]
    assert roots[0] == roots[1], "it is the same whenever it is made"


# -- what is signed ---------------------------------------------------------------------------------------------------


async def test_checkpoints_are_signed_as_the_ledger_grows_and_kept(sandbox_store: Store, feed: Feed) -> None:
    checkpoints = Checkpoints(sandbox_store)
    assert await checkpoints.latest() is None
    empty = await checkpoints.publish()
    assert (empty.checkpoint.size, empty.checkpoint.root) == (0, EMPTY_ROOT)
    await write(sandbox_store, feed, 5)
    five = await checkpoints.publish()
    assert await checkpoints.publish() == five, "there is one of each size"
    await write(sandbox_store, feed, 300)
    last = await checkpoints.publish()
    assert open_checkpoint(last.note.encode(), checkpoints.key) == (last.checkpoint, last.note)
    assert last.checkpoint.origin == checkpoints.key.name
    assert checkpoints.key.name.startswith("trajectory-ledger/")
    assert [one.checkpoint.size for one in await checkpoints.history()] == [305, 5, 0]
    assert await checkpoints.history(305, 1) == [five]
    assert await checkpoints.covering(4) == five
    assert await checkpoints.covering(306) is None
    assert await checkpoints.size() == 305
    proof = await checkpoints.prove(6)
    assert proof is not None
    assert proof.check((await leaves_by_hand(sandbox_store))[5], checkpoints.key) == last.checkpoint
    assert await checkpoints.prove(306) is None


CHANGED = "UPDATE ledger.entries SET commitment = decode(repeat('ab', 32), 'hex') WHERE position = 3"


@pytest.mark.parametrize(
    "attack",
    [
        (CHANGED.replace("= 3", "= 299"),),
        (CHANGED, "UPDATE ledger.tree_nodes SET hash = decode(repeat('cd', 32), 'hex')"),
        ("DELETE FROM ledger.tree_nodes",),
        ("DELETE FROM ledger.entries WHERE position = 300", "UPDATE ledger.sequencer SET position = 299"),
    ],
    ids=["a leaf of the last tile", "a leaf and its node", "the nodes", "the last entry"],
)
async def test_nothing_is_signed_over_what_was_changed_after_it_was_signed(
    sandbox_store: Store, feed: Feed, attack: tuple[str, ...]
) -> None:
    checkpoints = Checkpoints(sandbox_store)
    await write(sandbox_store, feed, 300)
    signed = await checkpoints.publish()
    await write(sandbox_store, feed, 10)
    if "position = 300" in attack[0]:
        attack = ("DELETE FROM ledger.entries WHERE position > 300", *attack)
    await behind_its_back(sandbox_store, *attack)
    with pytest.raises(ProofBroken):
        await checkpoints.publish()
    assert await checkpoints.latest() == signed


async def test_a_leaf_changed_under_a_full_tile_does_not_change_what_is_signed(sandbox_store: Store, feed: Feed) -> None:
    checkpoints = Checkpoints(sandbox_store)
    await write(sandbox_store, feed, 300)
    leaves = [leaf_hash(leaf) for leaf in await checkpoints.tree.commitments(0, 300)]
    await behind_its_back(sandbox_store, CHANGED)
    assert (await checkpoints.publish()).checkpoint.root == root_of(leaves)
    assert leaves != [leaf_hash(leaf) for leaf in await checkpoints.tree.commitments(0, 300)], "and the bundle gives it away"


async def test_a_lost_key_of_the_log_is_noticed(sandbox_store: Store, feed: Feed, keys: Keys) -> None:
    settings = Settings(log_origin="example.org/log")
    first = Checkpoints(sandbox_store, settings)
    await first.publish()
    assert first.key.name == "example.org/log"
    await write(sandbox_store, feed, 1)
    keys.log = bytes(32)
    with pytest.raises(DataFolderError, match=r"log\.key"):
        await Checkpoints(sandbox_store, settings).publish()
    keys.log = None
    with pytest.raises(DataFolderError, match="start the ledger"):
        _ = Checkpoints(sandbox_store, settings).key


async def test_a_checkpoint_that_was_kept_and_not_published_is_published_next_time(sandbox_store: Store, feed: Feed) -> None:
    checkpoints = Checkpoints(sandbox_store)
    await write(sandbox_store, feed, 3)
    published = await checkpoints.publish()
    await sandbox_store.pool.execute("UPDATE ledger.checkpoints SET published = false")
    assert await checkpoints.latest() is None
    assert await checkpoints.publish() == published
