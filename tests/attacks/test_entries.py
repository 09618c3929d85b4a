"""What is done to entries behind the ledger's back is found, and the entry is named."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from streams.postgres.store import Store
from streams.verifying import Outcome, checks
from tests.attacks.scene import by_hand, dice, verified, wrong


async def test_a_sound_ledger_passes_every_check(copy: Store) -> None:
    found = await verified(copy)
    assert wrong(found) == {}
    assert found.good
    assert found.first is None
    assert found.entries == found.position > 200
    assert {one.check for one in found.checks} == {one.name for one in checks()}
    assert {one.check for one in found.checks if one.outcome is Outcome.SKIPPED} == {"clock", "kafka", "witness"}


async def test_a_changed_byte(copy: Store) -> None:
    rng = dice()
    for _ in range(5):
        position = rng.randint(1, (await copy.head()).position)
        row = await copy.pool.fetchrow("SELECT data FROM ledger.entries WHERE position = $1", position)
        assert row is not None
        data = bytearray(row["data"])
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        print(f"position {position}")
        async with copy.pool.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute("UPDATE ledger.entries SET data = $1 WHERE position = $2", bytes(data), position)
        found = await verified(copy)
        assert not found.good
        assert found.first is not None
        assert (found.first.position, found.first.where) == (position, "ledger.entries")
        assert f"entry {position}" in found.first.what
        async with copy.pool.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute("UPDATE ledger.entries SET data = $1 WHERE position = $2", row["data"], position)


async def test_a_deleted_row(copy: Store) -> None:
    head = (await copy.head()).position
    position = dice().randint(2, head - 1)
    await by_hand(copy, f"DELETE FROM ledger.entries WHERE position = {position}")
    found = await verified(copy)
    assert found.first is not None
    assert found.first.position == position
    assert found.first.what == f"entry {position} is not there: it was deleted; the next one is {position + 1}"
    assert "verdicts" in wrong(found)


async def test_the_last_rows_cut_off(copy: Store) -> None:
    head = (await copy.head()).position
    await by_hand(copy, f"DELETE FROM ledger.entries WHERE position > {head - 3}")
    assert f"entry {head - 2} is not there" in wrong(await verified(copy))["positions"]


async def test_a_row_deleted_and_the_others_moved_up(copy: Store) -> None:
    position = dice().randint(50, 150)
    await by_hand(
        copy,
        f"DELETE FROM ledger.entries WHERE position = {position}",
        f"UPDATE ledger.entries SET position = -position WHERE position > {position}",
        "UPDATE ledger.entries SET position = -position - 1 WHERE position < 0",
        "UPDATE ledger.sequencer SET position = position - 1",
    )
    found = await verified(copy)
    assert not found.good
    assert "verdicts" in wrong(found)


async def test_two_rows_swapped(copy: Store) -> None:
    rng = dice()
    first = rng.randint(1, 100)
    second = first + rng.randint(1, 100)
    await by_hand(
        copy,
        f"UPDATE ledger.entries SET position = -1 WHERE position = {first}",
        f"UPDATE ledger.entries SET position = {first} WHERE position = {second}",
        f"UPDATE ledger.entries SET position = {second} WHERE position = -1",
    )
    found = await verified(copy)
    assert found.first is not None
    assert found.first.position is not None
    assert first <= found.first.position <= second


async def test_a_backdated_entry(copy: Store) -> None:
    rows = await copy.pool.fetch("SELECT position, admitted_at FROM ledger.entries ORDER BY position")
    position = next(row["position"] for before, row in pairwise(rows[40:]) if row["admitted_at"] > before["admitted_at"])
    async with copy.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(
            "UPDATE ledger.entries SET admitted_at = $1 WHERE position = $2", datetime(2010, 1, 1, tzinfo=UTC), position
        )
    found = await verified(copy)
    assert found.first is not None
    assert found.first.position == position
    assert "backdated" in wrong(found)["moments"]


async def test_a_changed_envelope(copy: Store) -> None:
    position = dice().randint(1, 100)
    await by_hand(copy, f"UPDATE ledger.entries SET time = time - interval '1 day' WHERE position = {position}")
    found = await verified(copy)
    assert found.first is not None
    assert found.first.position == position
    assert "does not say what it said" in wrong(found)["idempotency"]


async def test_an_event_put_in_twice(copy: Store) -> None:
    head = (await copy.head()).position
    columns = (
        "version + 1, sequence, time, recorded_at, admitted_at, key_id, id, causation_id, correlation_id, stream, type, source, role, "
        "time_precision, legal_basis, digest, data, commitment"
    )
    target = columns.replace("version + 1", "version")
    await by_hand(
        copy,
        "ALTER TABLE ledger.entries DROP CONSTRAINT entries_source_id",
        f"INSERT INTO ledger.entries (position, {target}) SELECT {head + 1}, {columns} FROM ledger.entries WHERE position = {head}",
        f"UPDATE ledger.sequencer SET position = {head + 1}",
    )
    said = wrong(await verified(copy))
    assert said["idempotency"] == f"entry {head + 1} is the event that stands at {head} already, by its source and id"


async def test_a_row_moved_to_another_person(copy: Store) -> None:
    rows = await copy.pool.fetch(
        "SELECT DISTINCT ON (stream) stream, key_id, position FROM ledger.entries WHERE key_id IS NOT NULL "
        "ORDER BY stream, version DESC LIMIT 2"
    )
    await by_hand(
        copy,
        f"UPDATE ledger.entries SET stream = '{rows[1]['stream']}', key_id = {rows[1]['key_id']}, version = 9999 "
        f"WHERE position = {rows[0]['position']}",
    )
    found = await verified(copy)
    assert found.first is not None
    assert found.first.position == rows[0]["position"]


async def test_a_leaf_changed_with_the_tree_left_as_it_was(copy: Store) -> None:
    position = dice().randint(1, 200)
    await by_hand(copy, f"UPDATE ledger.entries SET commitment = sha256(commitment) WHERE position = {position}")
    found = await verified(copy)
    assert found.first is not None
    assert found.first.position == position
    said = wrong(found)
    assert said["commitments"] == f"entry {position} is not what its leaf in the tree commits to: it or its leaf was changed"
    assert said["tree"].startswith("the node of level 8 over entries 1 to 256")


async def test_a_node_of_the_tree_changed(copy: Store) -> None:
    await by_hand(copy, "UPDATE ledger.tree_nodes SET hash = sha256(hash) WHERE level = 8 AND index = 0")
    assert wrong(await verified(copy)) == {"tree": "the node of level 8 over entries 1 to 256 is not the one over these leaves"}
