"""Which entries are hidden: retractions, and retractions of retractions (domain.md 2.1).

An entry is hidden while a live retraction of it is known; a retraction is live while it is not hidden itself. Because
publishers choose their ids, retractions can be made to chase each other in a circle: the retraction with the highest
position in such a circle, the one that closes it, has no effect.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.entry import OpenEntry
from ledger.events.correction import EventRetracted

Target = tuple[str, str]
"""What a correction or retraction points at: (source, id)."""


class Retractions:
    """The retractions known at one moment, resolved on demand. A target is always of the retraction's own source (R12)."""

    __slots__ = ("_by_target", "_hidden", "_own", "void")

    def __init__(self, retractions: Iterable[OpenEntry]) -> None:
        ordered = sorted(retractions, key=lambda entry: entry.position)
        self._own: dict[Target, OpenEntry] = {(entry.source, entry.id): entry for entry in ordered}
        self._by_target: dict[Target, list[OpenEntry]] = {}
        for entry in ordered:
            self._by_target.setdefault(target_of(entry), []).append(entry)
        self._hidden: dict[Target, OpenEntry | None] = {}
        self.void: frozenset[Target] = self._closing()
        """Retractions without effect because they close a circle."""

    def hidden_by(self, target: Target) -> OpenEntry | None:
        """The live retraction that hides an entry (the lowest position of several), or None."""
        found = self._hidden.get(target)
        if found is None and target not in self._hidden:
            for retraction in self._by_target.get(target, ()):
                own = (retraction.source, retraction.id)
                if own not in self.void and self.hidden_by(own) is None:
                    found = retraction
                    break
            self._hidden[target] = found
        return found

    def touching(self, target: Target) -> Iterable[OpenEntry]:
        """Every retraction, live or not, that an entry's state depends on, at any remove."""
        seen: set[Target] = set()
        waiting = [target]
        while waiting:
            for retraction in self._by_target.get(waiting.pop(), ()):
                own = (retraction.source, retraction.id)
                if own not in seen:
                    seen.add(own)
                    waiting.append(own)
                    yield retraction

    def _closing(self) -> frozenset[Target]:
        closing: set[Target] = set()
        done: set[Target] = set()
        for start in self._own:
            path: dict[Target, int] = {}
            at = start
            while at in self._own and at not in done and at not in path:
                path[at] = len(path)
                at = target_of(self._own[at])
            if at in path:
                circle = [node for node, place in path.items() if place >= path[at]]
                closing.add(max(circle, key=lambda node: self._own[node].position))
            done.update(path)
        return frozenset(closing)


def target_of(entry: OpenEntry) -> Target:
    """The entry that a retraction points at."""
    payload = entry.payload
    assert isinstance(payload, EventRetracted)
    return (entry.source, payload.target_id)
