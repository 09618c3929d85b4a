"""The Merkle tree as it stands in the database: tiles, bundles, roots and proofs at any size, read and never kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import asyncpg

from ledger.errors import ProofBroken
from ledger.transparency.proof import Range, consistency_ranges, inclusion_ranges
from ledger.transparency.tile import HEIGHT, WIDTH, Tile, encode_bundle, encode_tile, hash_over, tiles_for
from ledger.transparency.tree import EMPTY_ROOT, Frontier, leaf_hash, perfect_subtrees
from streams.postgres.connection import plainly
from streams.postgres.sql import sql


class Fetching(Protocol):
    """A pool, or a connection in the middle of a transaction."""

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """The rows of a statement."""


class Tree:
    """Reads the tree. Sizes and indexes count from 0: the leaf of the entry at position p has index p - 1.

    Every method raises ``StoreUnavailable`` when the database is away, and ``ProofBroken`` when the tree does not reach as far as asked.
    """

    def __init__(self, source: Fetching) -> None:
        self._source = source

    async def commitments(self, first: int, count: int) -> list[bytes]:
        """The leaves from index ``first``: exactly ``count`` of them."""
        with plainly():
            rows = await self._source.fetch(sql("commitments"), first, first + count)
        found = [row[0] for row in rows]
        if len(found) != count or None in found:
            raise ProofBroken(f"the leaves {first} to {first + count - 1} are not all there: run ledger verify")
        return found

    async def hashes(self, tile: Tile) -> list[bytes]:
        """The hashes of a tile."""
        first = tile.index * WIDTH
        if tile.level == 0:
            return [leaf_hash(one) for one in await self.commitments(first, tile.width)]
        with plainly():
            rows = await self._source.fetch(sql("tree_nodes"), tile.level * HEIGHT, first, first + tile.width)
        if len(rows) != tile.width:
            raise ProofBroken(f"the tree has not all hashes of tile {tile.index} of level {tile.level}: run ledger verify")
        return [row[0] for row in rows]

    async def tile(self, tile: Tile) -> bytes:
        """A tile as it is served."""
        return encode_tile(await self.hashes(tile))

    async def bundle(self, tile: Tile) -> bytes:
        """The bundle of entries beside a tile of level 0, as it is served: the commitments."""
        return encode_bundle(await self.commitments(tile.index * WIDTH, tile.width))

    async def over(self, ranges: Sequence[Range], size: int) -> list[bytes]:
        """The hash over each range of leaves, in a tree of ``size``: the tiles that several need are read once."""
        held = {(tile.level, tile.index): await self.hashes(tile) for tile in tiles_for(ranges, size)}
        return [hash_over(span, held) for span in ranges]

    async def root(self, size: int) -> bytes:
        """The root of the tree over the first ``size`` entries."""
        return (await self.over([(0, size)], size))[0] if size else EMPTY_ROOT

    async def frontier(self, size: int) -> Frontier:
        """What the tree of ``size`` leaves must remember in order to grow."""
        spans = [(index << level, (index + 1) << level) for level, index in perfect_subtrees(0, size)]
        return Frontier(size, tuple(await self.over(spans, size)))

    async def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The proof that leaf ``index`` is in the tree of ``size``. ``ValueError`` when it cannot be."""
        return tuple(await self.over(inclusion_ranges(index, size), size))

    async def inclusions(self, indexes: Iterable[int], size: int) -> dict[int, tuple[bytes, ...]]:
        """Many such proofs at once."""
        ranges = {index: inclusion_ranges(index, size) for index in indexes}
        spans = list(dict.fromkeys(span for one in ranges.values() for span in one))
        made = dict(zip(spans, await self.over(spans, size), strict=True))
        return {index: tuple(made[span] for span in one) for index, one in ranges.items()}

    async def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the tree of ``old`` is the beginning of that of ``new``. ``ValueError`` when ``old`` is the larger."""
        return tuple(await self.over(consistency_ranges(old, new), new))
