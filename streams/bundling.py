"""Bundling: what is handed over about a person, a range of entries or a figure, with the proofs that tie it to a signed checkpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import msgspec

from ledger.bundle import FORMAT, Cut, Earlier, End, EntryLine, Header, Kind, Line, Withheld
from ledger.catalogue import TYPE_PREFIX, StreamKind
from ledger.errors import NotFound, UsageError
from ledger.figure import Figure
from ledger.stream import kind_of
from ledger.timeline import is_restricted
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.commitment import canonical_bytes, salt_key, salt_of
from ledger.verdict import StreamId
from streams.checkpoints import Checkpoints, Published
from streams.leaf import committed_row
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Ledger, Store
from streams.stored import Stored
from streams.subjects import Subjects
from streams.unsealing import Unsealed, Unsealing

PAGE = 500
EARLIER = 8
"""Older checkpoints that a bundle proves itself to have grown from."""
LONGEST = 100_000
"""Entries of a range at the most: a file that somebody can still check in a minute."""


class Bundling:
    """Makes bundles of one ledger. Whether data of persons may be opened, and writing down that it was, is the caller's."""

    def __init__(self, store: Store, ledger: Ledger, checkpoints: Checkpoints, subjects: Subjects, *, restricted: bool = False) -> None:
        """``restricted``: whether what not even every reader may see is opened with the rest."""
        self._restricted = restricted
        self._store = store
        self._ledger = ledger
        self._checkpoints = checkpoints
        self._subjects = subjects

    async def person(self, stream: StreamId, *, opened: bool, now: datetime) -> AsyncIterator[Line]:
        """Every entry of a person, those of pseudonyms that were merged with theirs included.

        :raises NotFound: nothing is known of this person.
        :raises UsageError: the newest checkpoint does not cover them all yet.
        """
        members = await self._subjects.members(stream)
        with plainly():
            positions = [row["position"] for row in await self._store.pool.fetch(sql("reading_positions"), members)]
        if not positions:
            raise NotFound(f"nothing is known of {stream}")
        published = await self._covering(positions[-1])
        async for line in self._head(Kind.PERSON, stream, published, now):
            yield line
        async for line in self._entries(positions, published.checkpoint, opened=opened):
            yield line

    async def range(self, first: int, last: int, *, opened: bool, now: datetime) -> AsyncIterator[Line]:
        """The entries from one position to another.

        :raises UsageError: there are none, too many, or the newest checkpoint does not cover them yet.
        """
        if not 0 < first <= last:
            raise UsageError(f"{first}:{last} is no range of entries: write first:last, as in 1:100")
        if last - first >= LONGEST:
            raise UsageError(f"a bundle holds at most {LONGEST} entries, this would hold {last - first + 1}: ask for a smaller range")
        published = await self._covering(last)
        async for line in self._head(Kind.RANGE, f"{first}:{last}", published, now):
            yield line
        async for line in self._entries(range(first, last + 1), published.checkpoint, opened=opened):
            yield line

    async def figure(self, found: Figure, *, now: datetime) -> AsyncIterator[Line]:
        """A figure, with the root of the log at the position that it was made from: that stands for every entry that it rests on.

        :raises UsageError: the newest checkpoint does not cover its position yet.
        """
        published = await self._covering(found.position)
        async for line in self._head(Kind.FIGURE, found.id, published, now):
            yield line
        tree = self._checkpoints.tree
        root, proof = await tree.root(found.position), await tree.consistency(found.position, published.checkpoint.size)
        yield Line(cut=Cut(position=found.position, root=root, proof=proof))
        yield Line(figure=msgspec.Raw(msgspec.json.encode(found)))
        yield Line(end=End(entries=0))

    async def _covering(self, position: int) -> Published:
        latest = await self._checkpoints.latest()
        if latest is None or latest.checkpoint.size < position:
            size = 0 if latest is None else latest.checkpoint.size
            raise UsageError(f"entry {position} is not under a signed checkpoint yet (the newest covers {size}): try again in some seconds")
        return latest

    async def _head(self, kind: Kind, of: str, published: Published, now: datetime) -> AsyncIterator[Line]:
        yield Line(
            bundle=Header(
                format=FORMAT,
                kind=kind,
                of=of,
                ledger=self._ledger.id,
                made_at=now,
                log=self._checkpoints.key.text,
                witnesses=tuple(one.key.text for one in self._checkpoints.witnesses.addresses),
            )
        )
        yield Line(checkpoint=published.note.encode().decode())
        size = published.checkpoint.size
        for older in await self._checkpoints.history(before=size, limit=EARLIER):
            if older.checkpoint.origin == published.checkpoint.origin:
                proof = await self._checkpoints.tree.consistency(older.checkpoint.size, size)
                yield Line(earlier=Earlier(checkpoint=older.note.encode().decode(), proof=proof))

    async def _entries(self, positions: Sequence[int], head: Checkpoint, *, opened: bool) -> AsyncIterator[Line]:
        unsealing = Unsealing(self._store)
        unsealed_salts = salt_key(self._store.keys.commitments)
        count = 0
        for at in range(0, len(positions), PAGE):
            chunk = list(positions[at : at + PAGE])
            with plainly():
                rows = [Stored(*row) for row in await self._store.pool.fetch(sql("bundle_entries"), chunk)]
            proofs = await self._checkpoints.tree.inclusions([row.position - 1 for row in rows], head.size)
            for row, unsealed in zip(rows, await unsealing.open(rows), strict=True):
                yield Line(
                    entry=_entry(row, unsealed, proofs[row.position - 1], unsealed_salts, opened=opened, restricted=self._restricted)
                )
                count += 1
        yield Line(end=End(entries=count))


def _withheld(row: Stored, unsealed: Unsealed, *, opened: bool, restricted: bool) -> Withheld | None:
    """Why the content of an entry stays out; None when it does not."""
    if unsealed.data is None:
        return Withheld.ERASED
    name = row.type.removeprefix(TYPE_PREFIX).rpartition(".v")[0]
    if not restricted and (kind_of(row.stream) is StreamKind.SIGNAL or is_restricted(name, unsealed.data)):
        return Withheld.RESTRICTED
    return Withheld.SEALED if row.key_id is not None and not opened else None


def _entry(
    row: Stored, unsealed: Unsealed, proof: tuple[bytes, ...], unsealed_salts: bytes, *, opened: bool, restricted: bool
) -> EntryLine:
    assert row.commitment is not None
    why = _withheld(row, unsealed, opened=opened, restricted=restricted)
    if why is not None or unsealed.data is None:
        return EntryLine(position=row.position, commitment=row.commitment, proof=proof, withheld=why)
    salts = unsealed_salts if unsealed.key is None else salt_key(unsealed.key)
    return EntryLine(
        position=row.position,
        commitment=row.commitment,
        proof=proof,
        salt=salt_of(salts, row.position),
        canonical=canonical_bytes(committed_row(row, unsealed.data)).decode(),
    )
