"""Random bytes for keys and nonces, drawn from the system in blocks: one system call serves a thousand events."""

from __future__ import annotations

import os
from collections.abc import Callable

_BLOCK = 64 * 1024


class Entropy:
    """Hands out each byte once. Not for several threads."""

    __slots__ = ("_at", "_block", "_draw")

    def __init__(self, draw: Callable[[int], bytes] = os.urandom) -> None:
        self._draw = draw
        self._block = b""
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes, at most a block."""
        start = self._at
        self._at = stop = start + count
        if stop > len(self._block):
            self._block = self._draw(_BLOCK)
            start, self._at = 0, count
            stop = count
        return self._block[start:stop]
