"""What an auditor looks at beside views and figures: entries by position or id, authority and erasures as the entries tell them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from ledger.entry import Entry, OpenEntry
from ledger.events.identity import ErasureExecuted
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.commitment import COMMITMENT_BYTES
from ledger.transparency.proof import Range, check_inclusion, inclusion_ranges
from ledger.transparency.tree import leaf_hash
from streams.checkpoints import Checkpoints, Published
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store

SHOWN = 50
PAGE = 5_000


class AuthorityChange(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation may, may for now not, or may no longer publish."""

    position: int
    admitted_at: datetime
    change: PublisherAuthorityChanged


class ErasureTold(msgspec.Struct, frozen=True, kw_only=True):
    """A person was erased."""

    position: int
    admitted_at: datetime
    stream: str
    erasure: ErasureExecuted


class ProofStep(msgspec.Struct, frozen=True, kw_only=True):
    """One hash of an inclusion proof and what it is over."""

    first: int
    """Positions, both included."""
    last: int
    hash: str


class Proved(msgspec.Struct, frozen=True, kw_only=True):
    """That an entry is in the tree of a checkpoint; it was checked before it is told."""

    published: Published
    commitment: str
    leaf: str
    steps: Sequence[ProofStep]


class Auditing:
    """Reads for the auditor's pages."""

    def __init__(self, store: Store, checkpoints: Checkpoints) -> None:
        self._store = store
        self._checkpoints = checkpoints

    async def entry(self, position: int) -> Entry | None:
        """The entry at a position, sealed as it is; None when there is none."""
        found = await self._store.read(position - 1, 1, upto=position)
        return found[0] if found else None

    async def find(self, event_id: UUID) -> list[int]:
        """The positions of the events with this id."""
        with plainly():
            return [row["position"] for row in await self._store.pool.fetch(sql("auditor_find"), event_id)]

    async def prove(self, position: int) -> Proved | None:
        """The proof of an entry under the newest checkpoint; None when that does not cover it yet.

        :raises ProofBroken: the tree is not that of the checkpoint.
        """
        proof = await self._checkpoints.prove(position)
        published = await self._checkpoints.latest()
        if proof is None or published is None or proof.extra is None or len(proof.extra) != COMMITMENT_BYTES:
            return None
        checkpoint: Checkpoint = published.checkpoint
        leaf = leaf_hash(proof.extra)
        check_inclusion(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
        ranges: list[Range] = inclusion_ranges(proof.index, checkpoint.size)
        steps = [ProofStep(first=start + 1, last=end, hash=hash_.hex()) for (start, end), hash_ in zip(ranges, proof.hashes, strict=True)]
        return Proved(published=published, commitment=proof.extra.hex(), leaf=leaf.hex(), steps=steps)

    async def authority(self) -> list[AuthorityChange]:
        """The last changes of who may publish, newest first."""
        opened = await self._opened("publisher-authority.changed")
        return [
            AuthorityChange(position=one.position, admitted_at=one.admitted_at, change=one.payload)
            for one in reversed(opened)
            if isinstance(one.payload, PublisherAuthorityChanged)
        ]

    async def erasures(self) -> list[ErasureTold]:
        """The last erasures, newest first."""
        opened = await self._opened("erasure.executed")
        return [
            ErasureTold(position=one.position, admitted_at=one.admitted_at, stream=one.stream, erasure=one.payload)
            for one in reversed(opened)
            if isinstance(one.payload, ErasureExecuted)
        ]

    async def _opened(self, name: str) -> list[OpenEntry]:
        """The last entries of a type, oldest first."""
        last: deque[Entry] = deque(maxlen=SHOWN)
        after = 0
        while page := await self._store.of_types([name], after=after, limit=PAGE):
            last.extend(page)
            after = page[-1].position
        return (await self._store.open_entries(list(last))).entries
