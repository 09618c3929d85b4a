"""The Merkle tree of RFC 9162, section 2.1: hashes of leaves and nodes, and the frontier of a tree that grows.

Leaves are counted from 0: the entry at position p is leaf p - 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""

_sha256 = hashlib.sha256


class Node(msgspec.Struct, frozen=True, gc=False):
    """The root of a whole subtree: ``level`` 0 holds leaves, a node of level n spans 2**n of them; ``index`` counts within the level."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return _sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, the left one never smaller."""
    return _sha256(b"\1" + left + right).digest()


def perfect_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """The whole subtrees, (level, index) from left to right, that make up the leaves ``start`` ≤ i < ``end``.

    They are the fewest when ``start`` is a multiple of the largest; that is so for every range that occurs in a proof.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        found.append((level, start >> level))
        start += 1 << level
    return found


def bagged(hashes: Sequence[bytes]) -> bytes:
    """The root over whole subtrees that get smaller from left to right."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, all in memory."""
    return Frontier().extended(list(leaves))[0].root


class Frontier(msgspec.Struct, frozen=True):
    """All that a tree must remember in order to grow: the roots of its largest whole subtrees, from left to right."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return bagged(self.hashes)

    def extended(self, leaves: Sequence[bytes], *, every: int = 8) -> tuple[Frontier, list[Node]]:
        """The frontier after these leaf hashes, and the new nodes whose level is a multiple of ``every`` and not 0.

        Works level by level on whole lists, because thousands of leaves come at once.
        """
        pending = dict(zip([n for n in range(self.size.bit_length() - 1, -1, -1) if self.size >> n & 1], self.hashes, strict=True))
        size = self.size + len(leaves)
        nodes: list[Node] = []
        level, fresh = 0, list(leaves)
        while fresh:
            if level and level % every == 0:
                first = (size >> level) - len(fresh)
                nodes.extend(Node(level, first + n, one) for n, one in enumerate(fresh))
            waiting = pending.pop(level, None)
            if waiting is not None:
                fresh.insert(0, waiting)
            if len(fresh) % 2:
                pending[level] = fresh.pop()
            pairs = iter(fresh)
            fresh = [_sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            level += 1
        return Frontier(size, tuple(pending[n] for n in sorted(pending, reverse=True))), nodes
