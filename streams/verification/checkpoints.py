"""Every checkpoint that was signed is of the tree as it is: so each is the beginning of the next, and nothing before it was changed."""

from __future__ import annotations

from collections import deque
from datetime import datetime

import asyncpg

from ledger.errors import BadInput, ProofBroken
from ledger.transparency.checkpoint import open_checkpoint
from ledger.transparency.note import ED25519, SigningKey, VerifierKey
from ledger.transparency.tree import EMPTY_ROOT, Frontier, leaf_hash
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.verifying import Check, Fault, Sheet, Skipped, check

PAGE = 1_000


@check("checkpoints", order=100, nl="Getekende controlepunten zijn van deze boom", en="Signed checkpoints are of this tree")
class OfCheckpoints(Check):
    """Grows the tree anew and stops at the size of every checkpoint."""

    _frontier = Frontier()
    _last = 0
    _sound = 0
    """The size of the last checkpoint that is of this tree."""
    _signed_at: datetime | None = None

    async def begin(self) -> Fault | Skipped | None:
        """The first of them."""
        self._waiting: deque[asyncpg.Record] = deque()
        self._public = None
        if self.audit.store.keys.log is not None:
            self._public = SigningKey("any", self.audit.store.keys.log).verifier.public
        await self._fill()
        if not self._waiting:
            return Skipped("no checkpoint was signed yet")
        if self._waiting[0]["size"] == 0:
            return await self._compare(self._waiting.popleft(), EMPTY_ROOT)
        return None

    async def take(self, sheet: Sheet) -> Fault | None:
        """Stop at every checkpoint among these entries."""
        leaves = [leaf_hash(row.commitment or b"") for row in sheet.rows]
        while leaves and self._waiting and self._waiting[0]["size"] <= self._frontier.size + len(leaves):
            row = self._waiting.popleft()
            share = row["size"] - self._frontier.size
            self._frontier, _ = self._frontier.extended(leaves[:share])
            leaves = leaves[share:]
            fault = await self._compare(row, self._frontier.root)
            if fault is not None:
                return fault
            if not self._waiting:
                await self._fill()
        self._frontier, _ = self._frontier.extended(leaves)
        return None

    async def end(self) -> Fault | None:
        """A checkpoint of more than there is."""
        for row in self._waiting:
            if row["size"] > (await self.audit.store.head()).position:
                what = f"{row['size']} entries were signed, and {self._frontier.size} are there: the others are gone"
                return Fault(where="ledger.checkpoints", what=what, position=self._frontier.size + 1)
        return None

    async def _fill(self) -> None:
        with plainly():
            self._waiting.extend(await self.audit.store.pool.fetch(sql("verify_checkpoints"), self._last, PAGE))
        if self._waiting:
            self._last = self._waiting[-1]["size"] + 1

    async def _compare(self, row: asyncpg.Record, root: bytes) -> Fault | None:
        size = row["size"]
        key = VerifierKey(row["origin"], ED25519, self._public) if self._public is not None else None
        try:
            if key is not None:
                checkpoint, _ = open_checkpoint(row["note"].encode(), key)
                if (checkpoint.size, checkpoint.root) != (size, row["root"]):
                    return self._wrong(size, "does not say what stands beside it: it was changed")
        except (BadInput, ProofBroken) as error:
            return self._wrong(size, f"is not signed as it should be: {error}")
        if row["root"] != root:
            which = f"one of the entries {self._sound + 1} to {size}"
            return self._wrong(size, f"is not of this tree: {which} was changed, removed or put in after it was signed")
        if self._signed_at is not None and row["signed_at"] < self._signed_at:
            return self._wrong(size, f"was signed at {row['signed_at']}, before a smaller one ({self._signed_at}): the clock was set back")
        self._signed_at, self._sound = row["signed_at"], size
        return None

    def _wrong(self, size: int, what: str) -> Fault:
        return Fault(where="ledger.checkpoints", what=f"the checkpoint of {size} entries {what}", position=size)
