"""Every stream has versions 1, 2, 3 … without a gap, in the order of positions."""

from __future__ import annotations

from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.verifying import Check, Fault, check

PAGE = 20_000


@check("versions", order=30, nl="Versies per stroom zonder gat", en="Versions of each stream without a gap")
class Versions(Check):
    """Reads the streams by name: so it remembers nothing but the last row."""

    async def end(self) -> Fault | None:
        """Page through the index of streams and versions."""
        first: Fault | None = None
        stream, version, position = "", 0, 0
        while True:
            with plainly():
                rows = await self.audit.store.pool.fetch(sql("verify_versions"), stream, version, self.audit.head.position, PAGE)
            if not rows:
                return first
            for name, number, place in rows:
                fresh = name != stream
                expected, after = (1, 0) if fresh else (version + 1, position)
                what = ""
                if number != expected:
                    what = f"is version {number} of {name}, where {expected} is due: an entry of that stream was deleted or moved"
                elif place < after:
                    what = f"is version {number} of {name}, yet version {version} stands after it, at {after}: two were swapped"
                if what and (first is None or first.position is None or place < first.position):
                    first = Fault(where="ledger.entries", what=f"entry {place} {what}", position=place)
                stream, version, position = name, number, place
