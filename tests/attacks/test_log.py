"""Whoever holds every key of the ledger can write it anew; what was signed and shown before gives that away."""

from __future__ import annotations

import pytest

from cli.audit_attacks import rewrite
from ledger.errors import ProofBroken
from streams.checkpoints import Checkpoints
from streams.postgres.store import Store
from tests.attacks.scene import by_hand, dice, verified, wrong


async def test_a_rewritten_tail_is_not_what_was_signed(copy: Store) -> None:
    sizes = [one.checkpoint.size for one in await Checkpoints(copy).history()]
    position = dice().randint(sizes[1] + 1, sizes[0])
    await rewrite(copy, position)
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
