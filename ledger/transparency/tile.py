"""The tree as files: tiles of 256 hashes and bundles of 256 leaves (C2SP tlog-tiles).

A tile at level L and index N holds the roots of the subtrees of 256**L leaves, numbers N*256 … N*256+255. A partial tile holds the
first of them only, as many as there are in a tree of some size.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ledger.errors import BadInput, ProofBroken
from ledger.transparency.proof import Range
from ledger.transparency.tree import HASH_BYTES, bagged, node_hash, perfect_subtrees

WIDTH = 256
HEIGHT = 8
"""Levels of the tree that a tile spans."""
MAX_LEVEL = 63
_PLACE = re.compile(r"(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")


class Tile(msgspec.Struct, frozen=True, order=True, gc=False):
    """The coordinates of a tile, or, at level 0, of a bundle of entries. ``width`` is 256 unless it is partial."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def partial(self) -> bool:
        """Whether it is not full."""
        return self.width < WIDTH

    @property
    def place(self) -> str:
        """The end of its path: ``<N>[.p/<W>]``."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[n : n + 3] for n in range(0, len(digits), 3)]
        return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]]) + (f".p/{self.width}" if self.partial else "")

    @property
    def path(self) -> str:
        """Its path below the log's address: ``tile/<L>/<N>[.p/<W>]``."""
        return f"tile/{self.level}/{self.place}"

    @property
    def entries_path(self) -> str:
        """The path of the bundle with the entries of this tile of level 0."""
        return f"tile/entries/{self.place}"

    def in_tree(self, size: int) -> bool:
        """Whether a tree of ``size`` leaves has all of it."""
        return self.index * WIDTH + self.width <= size >> HEIGHT * self.level


def read_place(level: int, place: str) -> Tile:
    """The tile that a path names. ``BadInput`` when the path is not as the specification says."""
    match = _PLACE.fullmatch(place)
    if match is None or not 0 <= level <= MAX_LEVEL:
        raise BadInput(f"{place!r} at level {level} names no tile: it is x001/x234/067, with .p/<1…255> after it when it is partial")
    groups = match["index"].split("/")
    if len(groups) > 1 and groups[0] == "x000":
        raise BadInput(f"{place!r} names no tile: the number has too many zeros before it")
    width = int(match["width"] or WIDTH)
    if match["width"] and width >= WIDTH:
        raise BadInput(f"{place!r} names no tile: a partial tile has at most {WIDTH - 1} hashes")
    return Tile(level, int("".join(group.removeprefix("x") for group in groups)), width)


def tile_of(level: int, index: int, size: int) -> Tile:
    """The tile with these coordinates in a tree of ``size`` leaves: full, or as wide as it is there (0: there is none)."""
    return Tile(level, index, max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH)))


def tiles_of(size: int) -> list[Tile]:
    """Every tile of a tree of ``size`` leaves, level by level."""
    found: list[Tile] = []
    level = 0
    while (hashes := size >> HEIGHT * level) > 0:
        found.extend(tile_of(level, index, size) for index in range(-(-hashes // WIDTH)))
        level += 1
    return found


def encode_tile(hashes: Sequence[bytes]) -> bytes:
    """The bytes of a tile."""
    return b"".join(hashes)


def decode_tile(content: bytes) -> list[bytes]:
    """The hashes of a tile. ``BadInput`` when it holds none, too many, or half a one."""
    if not content or len(content) % HASH_BYTES or len(content) > WIDTH * HASH_BYTES:
        raise BadInput(f"a tile holds 1 to {WIDTH} hashes of {HASH_BYTES} bytes; this has {len(content)} bytes")
    return [content[n : n + HASH_BYTES] for n in range(0, len(content), HASH_BYTES)]


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The bytes of a bundle of entries: each after its length. ``ValueError`` when one has more than 65 535 bytes."""
    parts = []
    for entry in entries:
        if len(entry) > 0xFFFF:
            raise ValueError(f"an entry of a bundle has at most 65535 bytes, this has {len(entry)}")
        parts += [struct.pack(">H", len(entry)), entry]
    return b"".join(parts)


def decode_bundle(content: bytes) -> list[bytes]:
    """The entries of a bundle. ``BadInput`` when it is cut off."""
    entries: list[bytes] = []
    at = 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        if end > len(content) or at + 2 > len(content):
            raise BadInput(f"a bundle of entries is cut off after {len(entries)} entries")
        entries.append(content[at + 2 : end])
        at = end
    return entries


def tiles_for(ranges: Iterable[Range], size: int) -> list[Tile]:
    """The tiles of a tree of ``size`` leaves from which the hashes over these ranges are made."""
    found = set()
    for start, end in ranges:
        for level, index in perfect_subtrees(start, end):
            found.add(tile_of(level // HEIGHT, index >> HEIGHT - level % HEIGHT, size))
    return sorted(found)


def hash_over(span: Range, tiles: Mapping[tuple[int, int], Sequence[bytes]]) -> bytes:
    """The hash over a range of leaves, from the hashes of tiles by (level, index). ``ProofBroken`` when a hash is missing."""
    return bagged([_node(level, index, tiles) for level, index in perfect_subtrees(*span)])


def _node(level: int, index: int, tiles: Mapping[tuple[int, int], Sequence[bytes]]) -> bytes:
    above = level % HEIGHT
    tile, first = divmod(index << above, WIDTH)
    hashes = list(tiles.get((level // HEIGHT, tile), ())[first : first + (1 << above)])
    if len(hashes) != 1 << above:
        raise ProofBroken(f"tile {tile} of level {level // HEIGHT} lacks hashes that this proof needs")
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=True)]
    return hashes[0]
