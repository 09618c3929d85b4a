"""Identity merges: which streams tell of the same person (domain.md 2.1, row 3).

``identity.linked`` says that one pseudonym (absorbed) is the same person as another (survivor); retracting it undoes the
link. Chains A→B, B→C end at the root C. A link that would close a circle, or that gives a second survivor to a pseudonym
that is absorbed already, is ignored in favour of those with lower positions and reported, so that F28 can be raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from ledger.codes.roles import Role
from ledger.entry import OpenEntry
from ledger.events.correction import EventRetracted
from ledger.events.identity import IdentityLinked
from ledger.retraction import Retractions
from ledger.verdict import Position, StreamId


class LinkFault(StrEnum):
    """Why a link has no effect."""

    CIRCLE = "circle"
    SECOND_SURVIVOR = "second_survivor"


class IgnoredLink(msgspec.Struct, frozen=True):
    """A live link that has no effect."""

    entry: OpenEntry
    fault: LinkFault


class _Merged(msgspec.Struct, frozen=True):
    """The links of one group of streams, as known at a position."""

    parent: dict[StreamId, StreamId]
    ignored: tuple[IgnoredLink, ...]

    def root(self, stream: StreamId) -> StreamId:
        while stream in self.parent:
            stream = self.parent[stream]
        return stream


class Links:
    """All links and un-linkings known so far. Immutable: :meth:`extended` makes the next one, so it can be shared freely.

    Questions look only at the streams that a link ever tied together, so a ledger of millions costs nothing.
    """

    __slots__ = ("_latest", "_links", "_neighbours", "_retractions")

    def __init__(self) -> None:
        self._links: dict[StreamId, tuple[OpenEntry, ...]] = {}
        self._neighbours: dict[StreamId, frozenset[StreamId]] = {}
        self._retractions: dict[StreamId, tuple[OpenEntry, ...]] = {}
        self._latest: dict[StreamId, _Merged] = {}

    def extended(self, entries: Iterable[OpenEntry]) -> Links:
        """These links and those in ``entries``, in any order; entries of other types are passed over."""
        relevant = [e for e in entries if isinstance(e.payload, IdentityLinked | EventRetracted) and e.role is Role.IDENTITY_SERVICE]
        if not relevant:
            return self
        following = Links()
        following._links = dict(self._links)
        following._neighbours = dict(self._neighbours)
        following._retractions = dict(self._retractions)
        for entry in relevant:
            if isinstance(entry.payload, IdentityLinked):
                survivor, absorbed = ends(entry.payload)
                _append(following._links, survivor, entry)
                _append(following._links, absorbed, entry)
                for one, other in ((survivor, absorbed), (absorbed, survivor)):
                    following._neighbours[one] = following._neighbours.get(one, frozenset()) | {other}
            else:
                _append(following._retractions, entry.stream, entry)
        return following

    def related(self, stream: StreamId) -> frozenset[StreamId]:
        """Every stream that a link ever tied to this one, live or not: whoever may share its rows at some position."""
        if stream not in self._neighbours:
            return frozenset((stream,))
        found = {stream}
        waiting = [stream]
        while waiting:
            fresh = self._neighbours[waiting.pop()] - found
            found |= fresh
            waiting.extend(fresh)
        return frozenset(found)

    def root_of(self, stream: StreamId, known_at: int | None = None) -> StreamId:
        """The surviving stream of a person, as known at a position (None: everything known)."""
        return self._merged(stream, known_at).root(stream) if stream in self._neighbours else stream

    def members_of(self, stream: StreamId, known_at: int | None = None) -> tuple[StreamId, ...]:
        """All streams of the person that ``stream`` belongs to: the root first, the others in order."""
        if stream not in self._neighbours:
            return (stream,)
        merged = self._merged(stream, known_at)
        root = merged.root(stream)
        others = sorted(other for other in self.related(stream) if other != root and merged.root(other) == root)
        return (root, *others)

    def ignored(self, stream: StreamId, known_at: int | None = None) -> tuple[IgnoredLink, ...]:
        """The live links without effect that name a stream of this person, in order of position."""
        if stream not in self._neighbours:
            return ()
        members = set(self.members_of(stream, known_at))
        return tuple(one for one in self._merged(stream, known_at).ignored if not members.isdisjoint(_both(one.entry)))

    def _merged(self, stream: StreamId, known_at: int | None) -> _Merged:
        if known_at is None and stream in self._latest:
            return self._latest[stream]
        group = self.related(stream)
        merged = self._resolve(group, known_at)
        if known_at is None:
            for member in group:
                self._latest[member] = merged
        return merged

    def _resolve(self, group: frozenset[StreamId], known_at: int | None) -> _Merged:
        def known(kept: dict[StreamId, tuple[OpenEntry, ...]]) -> dict[Position, OpenEntry]:
            return {e.position: e for s in group for e in kept.get(s, ()) if known_at is None or e.position <= known_at}

        retractions = Retractions(known(self._retractions).values())
        links = known(self._links)
        merged = _Merged({}, ())
        ignored: list[IgnoredLink] = []
        for position in sorted(links):
            entry = links[position]
            if retractions.hidden_by((entry.source, entry.id)) is not None:
                continue
            survivor, absorbed = _both(entry)
            if merged.root(survivor) == absorbed:
                ignored.append(IgnoredLink(entry, LinkFault.CIRCLE))
            elif merged.parent.setdefault(absorbed, survivor) != survivor:
                ignored.append(IgnoredLink(entry, LinkFault.SECOND_SURVIVOR))
        return _Merged(merged.parent, tuple(ignored))


def ends(linked: IdentityLinked) -> tuple[StreamId, StreamId]:
    """The streams that a link ties: (survivor, absorbed)."""
    return StreamId(f"persoon/{linked.survivor_ref}"), StreamId(f"persoon/{linked.absorbed_ref}")


def _both(entry: OpenEntry) -> tuple[StreamId, StreamId]:
    assert isinstance(entry.payload, IdentityLinked)
    return ends(entry.payload)


def _append(kept: dict[StreamId, tuple[OpenEntry, ...]], stream: StreamId, entry: OpenEntry) -> None:
    held = kept.get(stream, ())
    if all(one.position != entry.position for one in held):
        kept[stream] = (*held, entry)
