"""Whoever holds every key of the ledger can write it anew; what was signed and shown before gives that away."""

from __future__ import annotations

import pytest

from ledger.content_digest import content_digest
from ledger.errors import ProofBroken
from ledger.transparency.commitment import salt_key
from ledger.transparency.tree import Frontier, leaf_hash
from streams.checkpoints import Checkpoints
from streams.content import stored_entries
from streams.leaf import commitment_of
from streams.postgres.store import Store
from streams.stored import Stored
from streams.unsealing import Unsealing
from tests.attacks.scene import by_hand, dice, verified, wrong


async def grow_anew(store: Store) -> None:
    """Make every hash, leaf and node anew, as an operator who changed something would."""
    unsealing, frontier = Unsealing(store), Frontier()
    head = (await store.head()).position
    async with store.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("DELETE FROM ledger.tree_nodes")
        async for page in stored_entries(store, head):
            rows = [Stored(*row) for row in page]
            leaves = []
            for row, unsealed in zip(rows, await unsealing.open(rows), strict=True):
                leaf = row.commitment
                if unsealed.data is not None:
                    leaf = commitment_of(row, unsealed.data, salt_key(unsealed.key or store.keys.commitments))
                    digest = content_digest(
                        store.keys.digest,
                        row.source,
                        row.id,
                        row.type,
                        row.stream,
                        row.time,
                        row.time_precision,
                        row.recorded_at,
                        row.role,
                        row.sequence,
                        row.legal_basis,
                        row.causation_id,
                        row.correlation_id,
                        unsealed.data,
                    )
                    statement = "UPDATE ledger.entries SET commitment = $1, digest = $2 WHERE position = $3"
                    await connection.execute(statement, leaf, digest, row.position)
                leaves.append(leaf_hash(leaf or b""))
            frontier, nodes = frontier.extended(leaves)
            for node in nodes:
                await connection.execute("INSERT INTO ledger.tree_nodes VALUES ($1, $2, $3)", node.level, node.index, node.hash)


async def rewrite_tail(store: Store, position: int) -> None:
    """Change what one entry says, and everything that would tell, but for what was signed."""
    await by_hand(store, f"UPDATE ledger.entries SET correlation_id = gen_random_uuid() WHERE position = {position}")
    await grow_anew(store)


async def test_a_rewritten_tail_is_not_what_was_signed(copy: Store) -> None:
    sizes = [one.checkpoint.size for one in await Checkpoints(copy).history()]
    position = dice().randint(sizes[1] + 1, sizes[0])
    await rewrite_tail(copy, position)
    assert wrong(await verified(copy)) == {
        "checkpoints": f"the checkpoint of {sizes[0]} entries is not of this tree: one of the entries {sizes[1] + 1} to {sizes[0]} "
        "was changed, removed or put in after it was signed"
    }


async def test_the_log_signs_nothing_that_contradicts_what_it_signed(copy: Store) -> None:
    head = (await copy.head()).position
    await by_hand(
        copy,
        f"DELETE FROM ledger.entries WHERE position = {head}",
        f"UPDATE ledger.sequencer SET position = {head - 1}, "
        f"admitted_at = (SELECT admitted_at FROM ledger.entries WHERE position = {head - 1})",
    )
    with pytest.raises(ProofBroken, match=f"this log signed {head} entries and holds {head - 1}"):
        await Checkpoints(copy).publish()
    assert f"{head} entries were signed, and {head - 1} are there" in wrong(await verified(copy))["checkpoints"]


async def test_a_checkpoint_changed_by_hand(copy: Store) -> None:
    await by_hand(copy, "UPDATE ledger.checkpoints SET root = sha256(root) WHERE size = (SELECT min(size) FROM ledger.checkpoints)")
    assert "does not say what stands beside it" in wrong(await verified(copy))["checkpoints"]


async def test_a_signature_changed_by_hand(copy: Store) -> None:
    row = await copy.pool.fetchrow("SELECT size, note FROM ledger.checkpoints ORDER BY size LIMIT 1")
    assert row is not None
    note = row["note"]
    forged = note[:-12] + ("A" if note[-12] != "A" else "B") + note[-11:]
    async with copy.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("UPDATE ledger.checkpoints SET note = $1 WHERE size = $2", forged, row["size"])
    assert "is not signed as it should be" in wrong(await verified(copy))["checkpoints"]
