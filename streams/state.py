"""What the sequencer remembers of the ledger between batches. All of it can be loaded again from the store."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import msgspec

from ledger.admission import Prior
from ledger.authority import Registry
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.merge import Links
from ledger.sealing import is_sealed, unwrap
from ledger.transparency.commitment import salt_key
from ledger.transparency.tree import Frontier
from ledger.verdict import Position, StreamId
from streams.folder import Mode
from streams.keys import Keys
from streams.postgres.appender import Appender, StreamState
from streams.postgres.store import Store
from streams.stretch import Partition


class Stream(msgspec.Struct, gc=False):
    """The head of a stream and the key that seals it."""

    version: int
    sealed: bool
    key_id: int | None
    key: bytes | None
    salt: bytes | None
    """What the salts of its commitments hang from; None when it has no key."""
    identified: bool
    """Whether the number behind the pseudonym is kept already."""


class State:
    """The ledger's state as of the last drafted batch, which may still be on its way to the disk."""

    def __init__(self, *, mode: Mode, keys: Keys, stream_limit: int) -> None:
        self.mode = mode
        self.keys = keys
        self.position = Position(0)
        self.frontier = Frontier()
        """Of the Merkle tree over the entries up to :attr:`position`."""
        self.admitted_at: datetime | None = None
        self.last_key = 0
        self.registry = Registry()
        self.erased: set[StreamId] = set()
        self.links = Links()
        self.recent: dict[tuple[str, str], Prior] = {}
        """What the last batch admitted: it may not be visible to the look-up of the next."""
        self.streams: dict[StreamId, Stream] = {}
        """Least recently written first."""
        self.offsets: dict[Partition, int] = {}
        """The next record of each Kafka partition that was read."""
        self._stream_limit = stream_limit

    async def load(self, store: Store, appender: Appender) -> None:
        """Read everything again, after this writer took over."""
        taken = appender.taken
        self.position, self.admitted_at, self.last_key = taken.position, taken.admitted_at, taken.last_key
        self.frontier = await appender.frontier(self.keys)
        self.recent, self.streams = {}, {}
        self.registry = Registry()
        after = 0
        while page := await store.of_types(["publisher-authority.changed"], after=after, limit=10_000):
            for entry in (await store.open_entries(page)).entries:
                self.registry.apply(cast("PublisherAuthorityChanged", entry.payload), entry.position)
            after = page[-1].position
        self.links = Links().extended((await store.open_entries(await store.read_links())).entries)
        self.erased = set(await store.erased())
        self.offsets = await store.offsets()

    def stream_of(self, stream: StreamId, found: StreamState) -> Stream:
        """A stream as the store knows it."""
        key = None if found.wrapped is None else unwrap(self.keys.master, stream, found.wrapped)
        salt = None if key is None else salt_key(key)
        return Stream(found.version, is_sealed(stream), found.key_id if key is not None else None, key, salt, found.identified)

    def keep(self, written: dict[StreamId, Stream]) -> None:
        """Remember streams that were just written, and forget those that were not for the longest time."""
        streams = self.streams
        for stream, state in written.items():
            streams.pop(stream, None)
            streams[stream] = state
        surplus = len(streams) - self._stream_limit
        if surplus > 0:
            for stream in [name for name, _ in zip(streams, range(surplus), strict=False)]:
                del streams[stream]
