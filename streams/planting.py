"""Planting: the leaves and nodes of entries that were written before there was a tree, or by a restore."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from ledger.entry import Entry
from ledger.sealing import StreamCipher, associated_data, unwrap
from ledger.transparency.commitment import canonical_bytes, commitment, committed, salt_key, salt_of, sealed_data
from ledger.transparency.tree import Frontier, leaf_hash
from streams.keys import Keys
from streams.postgres.connection import plainly
from streams.postgres.opening import entries_of
from streams.postgres.sql import sql
from streams.tree import Tree

if TYPE_CHECKING:
    from asyncpg import Connection, Record
    from asyncpg.pool import PoolConnectionProxy

    AnyConnection = Connection[Record] | PoolConnectionProxy[Record]

log = logging.getLogger(__name__)

NODE_COLUMNS = ("level", "index", "hash")
_PAGE = 5_000


async def frontier_of(connection: AnyConnection, keys: Keys, size: int) -> Frontier:
    """The frontier of the tree over the first ``size`` entries, which is all of them; planted first when they have no leaves yet.

    :raises ProofBroken: the tree is there, but not whole.
    """
    with plainly():
        bare = await connection.fetchval(sql("is_planted")) is False
        if not bare:
            return await Tree(connection).frontier(size)
        log.warning("the tree is made over %d entries that were written before there was one", size)
        async with connection.transaction():
            return await plant(connection, keys, size)


async def plant(connection: AnyConnection, keys: Keys, size: int, told: Callable[[int], None] | None = None) -> Frontier:
    """Make the tree over the first ``size`` entries, in the caller's transaction; leaves that are there stay. ``told`` hears the position.

    :raises SealBroken: an entry does not open with the key of its stream.
    """
    unsealed, frontier, after = salt_key(keys.commitments), Frontier(), 0
    await connection.execute(sql("allow_planting"))
    while after < size:
        rows = await connection.fetch(sql("bare_entries"), after, size, _PAGE)
        entries = entries_of([tuple(row)[:-2] for row in rows])  # type: ignore[misc]
        leaves = [row["commitment"] or _commitment(entry, row["wrapped"], keys, unsealed) for row, entry in zip(rows, entries, strict=True)]
        await connection.execute(sql("plant"), [entry.position for entry in entries], leaves)
        frontier, nodes = frontier.extended([leaf_hash(one) for one in leaves])
        records = [(node.level, node.index, node.hash) for node in nodes]
        await connection.copy_records_to_table("tree_nodes", schema_name="ledger", columns=NODE_COLUMNS, records=records)
        after = entries[-1].position
        if told is not None:
            told(after)
    await connection.execute(sql("end_planting"))
    return frontier


def _commitment(entry: Entry, wrapped: bytes | None, keys: Keys, unsealed: bytes) -> bytes:
    """The leaf of an entry; of one whose key is gone it is made from the sealed bytes."""
    data, salts = entry.data, unsealed
    if entry.key_id is not None:
        if wrapped is None:
            data = sealed_data(entry.data)
        else:
            key = unwrap(keys.master, entry.stream, wrapped)
            data = StreamCipher(key).open(entry.data, associated_data(entry.stream, entry.type, entry.source, entry.id))
            salts = salt_key(key)
    return commitment(salt_of(salts, entry.position), canonical_bytes(committed(entry, data)))
