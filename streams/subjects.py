"""Subjects from the store: histories of many keys at once, with the surroundings that their folds look at.

Surroundings are the streams that everybody shares (policy, offers, editions, publishers) and the links between
identities: a few thousand entries, kept in memory and extended as the ledger grows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from ledger.catalogue import StreamKind
from ledger.codes.roles import Role
from ledger.entry import Entry, OpenEntry
from ledger.errors import SealBroken
from ledger.history import History, history
from ledger.merge import Links
from ledger.parameters import PARAMETERS, Parameters
from ledger.reference import KINDS, Reference
from ledger.stream import kind_of
from ledger.subject import Subject
from ledger.verdict import StreamId
from streams.postgres.connection import plainly
from streams.postgres.opening import entries_of
from streams.postgres.sql import sql
from streams.postgres.store import Store

PAGE = 5_000
KEYS = 500
"""Keys that are folded at once: what bounds memory."""
_STREAMS = 20_000

Watch = Callable[[int, int], None]
"""Told how many streams are done, of how many."""


class Surroundings:
    """What folds share, as far as ``position``. One task extends it; folds only read."""

    def __init__(self, store: Store, parameters: Parameters = PARAMETERS) -> None:
        self._store = store
        self.parameters = parameters
        self._entries: dict[StreamId, list[OpenEntry]] = {}
        self._reference: Reference | None = None
        self.links = Links()
        self.position = 0

    async def extend(self, upto: int) -> set[StreamId]:
        """Take in everything up to a position; answers the shared streams that changed."""
        if upto <= self.position:
            return set()
        opened = await self._store.open_entries(await self._shared_entries(upto))
        changed: set[StreamId] = set()
        for entry in opened.entries:
            self._entries.setdefault(entry.stream, []).append(entry)
            changed.add(entry.stream)
        self.links = self.links.extended(await self._identity_entries(upto))
        if self._reference is not None and changed:
            as_of = self._reference.as_of
            self._reference = self._reference.updated([self._history(stream, as_of, None) for stream in sorted(changed)])
        self.position = upto
        return changed

    async def _shared_entries(self, upto: int) -> list[Entry]:
        with plainly():
            return entries_of(await self._store.pool.fetch(sql("runner_surroundings"), self.position, upto))

    async def _identity_entries(self, upto: int) -> list[OpenEntry]:
        found: list[OpenEntry] = []
        after = self.position
        while True:
            page = await self._store.of_types(("identity.linked", "event.retracted"), after=after, limit=PAGE, upto=upto)
            opened = await self._store.open_entries([entry for entry in page if entry.role is Role.IDENTITY_SERVICE])
            found.extend(opened.entries)
            if len(page) < PAGE:
                return found
            after = page[-1].position

    def _history(self, stream: StreamId, as_of: date, known_at: int | None) -> History:
        return history(self._entries[stream], key=stream, as_of=as_of, known_at=known_at)

    def reference(self, as_of: date) -> Reference:
        """The reference as of a date, with everything known."""
        if self._reference is None or self._reference.as_of != as_of:
            self._reference = self.reference_at(as_of, None)
        return self._reference

    def reference_at(self, as_of: date, known_at: int | None) -> Reference:
        """The reference as of a date, as known at a position."""
        histories = [self._history(stream, as_of, known_at) for stream in self._entries]
        return Reference(histories, as_of=as_of, known_at=known_at)

    def root(self, stream: StreamId) -> StreamId:
        """The key under which a stream's rows stand."""
        return self.links.root_of(stream) if stream.startswith("persoon/") else stream


class Loaded(msgspec.Struct, frozen=True):
    """The subjects of some keys, and the keys that cannot be folded with the reason."""

    subjects: tuple[Subject, ...]
    broken: Mapping[StreamId, str]
    empty: tuple[StreamId, ...]
    """Keys without a single entry that can be read."""


async def load(
    store: Store,
    surroundings: Surroundings,
    keys: Sequence[StreamId],
    *,
    reference: Reference,
    known_at: int | None = None,
    upto: int | None = None,
    parameters: Parameters = PARAMETERS,
) -> Loaded:
    """Fold-ready subjects of root keys, read in one go.

    ``known_at`` cuts knowledge in the past; ``upto`` only limits what is read (a runner that is still on its way).
    """
    as_of, links = reference.as_of, surroundings.links
    members = {key: links.members_of(key, known_at) if kind_of(key) is StreamKind.PERSON else (key,) for key in keys}
    wanted = sorted({stream for streams in members.values() for stream in streams})
    opened = await store.read_streams_open(wanted, upto=known_at if known_at is not None else upto)
    by_stream = _grouped(opened.entries)
    subjects: list[Subject] = []
    broken: dict[StreamId, str] = {}
    empty: list[StreamId] = []
    for key in keys:
        fault = next((opened.broken[stream] for stream in members[key] if stream in opened.broken), None)
        entries = [entry for stream in members[key] for entry in by_stream.get(stream, ())]
        if fault is not None:
            broken[key] = fault
        elif not entries:
            empty.append(key)
        else:
            cut = history(entries, key=key, as_of=as_of, known_at=known_at, links=links)
            subjects.append(Subject(cut, reference, parameters))
    return Loaded(tuple(subjects), broken, tuple(empty))


async def all_keys(
    store: Store, surroundings: Surroundings, known_at: int, watch: Watch | None = None, *, at_once: int = KEYS
) -> AsyncIterator[list[StreamId]]:
    """The streams that rows stand under, some hundreds at a time: a person merged into another has none of its own.

    The surroundings must reach ``known_at``.
    """
    after, done = "", 0
    with plainly():
        total = await store.pool.fetchval(sql("runner_stream_count")) if watch is not None else 0
    while page := await store.streams(after=after, limit=_STREAMS):
        after = page[-1]
        roots = [stream for stream in page if not stream.startswith("persoon/") or surroundings.links.root_of(stream, known_at) == stream]
        for at in range(0, len(roots), at_once):
            if watch is not None:
                watch(done + at, total)
            yield roots[at : at + at_once]
        done += len(page)


def _grouped(entries: Iterable[OpenEntry]) -> dict[StreamId, list[OpenEntry]]:
    grouped: dict[StreamId, list[OpenEntry]] = {}
    for entry in entries:
        grouped.setdefault(entry.stream, []).append(entry)
    return grouped


def is_shared(stream: str) -> bool:
    """Whether a stream belongs to the surroundings."""
    return kind_of(stream) in KINDS


class Subjects:
    """Subjects for readers: any key, as of any date, as known at any position."""

    def __init__(self, store: Store, parameters: Parameters = PARAMETERS) -> None:
        self._store = store
        self._surroundings = Surroundings(store, parameters)
        self._refreshing = asyncio.Lock()
        self._past: tuple[date, int, Reference] | None = None
        """The reference of the last cut in the past: what is known at a position never changes."""

    async def of(self, keys: Sequence[StreamId], *, as_of: date, known_at: int | None = None) -> list[Subject]:
        """The subjects of some streams, each under its root (as known then) and each once; unknown streams are left out.

        :raises SealBroken: a stream holds an entry that does not open; the message names it.
        :raises StoreUnavailable: the database is away.
        """
        await self.refresh()
        links = self._surroundings.links
        roots = list(dict.fromkeys(links.root_of(key, known_at) if key.startswith("persoon/") else key for key in keys))
        loaded = await load(
            self._store,
            self._surroundings,
            roots,
            reference=self._reference(as_of, known_at),
            known_at=known_at,
            parameters=self._surroundings.parameters,
        )
        for key, reason in loaded.broken.items():
            raise SealBroken(f"{key}: {reason}")
        return list(loaded.subjects)

    async def members(self, stream: StreamId) -> tuple[StreamId, ...]:
        """Every stream that counts as this one now: a person's pseudonyms that were merged, the root first."""
        await self.refresh()
        return tuple(self._surroundings.links.members_of(stream)) if kind_of(stream) is StreamKind.PERSON else (stream,)

    async def refresh(self) -> int:
        """Take in the surroundings up to the head; answers its position."""
        async with self._refreshing:
            position = (await self._store.head()).position
            await self._surroundings.extend(position)
            return position

    def _reference(self, as_of: date, known_at: int | None) -> Reference:
        if known_at is None:
            return self._surroundings.reference(as_of)
        kept = self._past
        if kept is None or kept[:2] != (as_of, known_at):
            kept = self._past = (as_of, known_at, self._surroundings.reference_at(as_of, known_at))
        return kept[2]
