"""Proofs of RFC 9162, sections 2.1.3 and 2.1.4: that a leaf is in a tree, and that a tree is the beginning of a larger one.

A proof is a list of hashes. Which hashes is told as ranges of leaves (``start`` ≤ i < ``end``): whoever holds the tree turns each
range into the hash over it, from tiles or from memory. Checking needs the hashes alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import ProofBroken
from ledger.transparency.tree import EMPTY_ROOT, node_hash

Range = tuple[int, int]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """What proves that leaf ``index`` is in a tree of ``size`` leaves, from its sibling up. ``ValueError`` when it cannot be."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    ranges: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """What proves that the tree of ``old`` leaves is the beginning of that of ``new``: nothing when they are equal, or ``old`` is 0.

    ``ValueError`` when ``old`` is the larger.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is not the beginning of one of {new}")
    if old in (0, new):
        return []
    ranges: list[Range] = []
    start, end, whole = 0, new, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return ranges[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a tree has which holds this leaf hash there. ``ProofBroken`` when the proof has not the length it must have."""
    if not 0 <= index < size:
        raise ProofBroken(f"leaf {index} cannot be in a tree of {size} leaves")
    place, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofBroken(f"the proof of leaf {index} in {size} is too long: it has {len(proof)} hashes")
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofBroken(f"the proof of leaf {index} in {size} is too short: it has {len(proof)} hashes")
    return root


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash stands at ``index`` of the tree with this root. ``ProofBroken`` when it does not."""
    if root_from_inclusion(leaf, index, size, proof) != root:
        raise ProofBroken(f"leaf {index} is not the one in the tree of {size} leaves with root {root.hex()}")


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree with ``old_root`` is the beginning of that with ``new_root``. ``ProofBroken`` when it is not."""
    if not 0 <= old <= new:
        raise ProofBroken(f"a tree of {new} leaves cannot have grown from one of {old}")
    if old in (0, new):
        if proof:
            raise ProofBroken(f"from {old} to {new} leaves nothing is to be proved, yet there are {len(proof)} hashes")
        if (old == 0 and old_root != EMPTY_ROOT) or (old == new and old_root != new_root):
            raise ProofBroken(
                f"two trees of {old} leaves have different roots: {old_root.hex()} and {(new_root if old else EMPTY_ROOT).hex()}"
            )
        return
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise ProofBroken(f"the proof from {old} to {new} leaves is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofBroken(f"the proof from {old} to {new} leaves is too long")
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofBroken(f"the proof from {old} to {new} leaves is too short")
    if before != old_root or after != new_root:
        raise ProofBroken(
            f"the tree of {new} leaves with root {new_root.hex()} did not grow from that of {old} leaves with root {old_root.hex()}: "
            f"something before was changed"
        )


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1
