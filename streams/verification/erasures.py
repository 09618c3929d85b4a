"""An erased person has no key, no number and no refused original left, and nothing was admitted on their streams afterwards."""

from __future__ import annotations

from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.verifying import Check, Fault, check


@check("erasures", order=60, nl="Gewist is gewist", en="Erased is erased")
class Erasures(Check):
    """Compares what erasures say with what is left, and what is gone with what erasures say."""

    async def end(self) -> Fault | None:
        """One question that answers the first thing that is wrong."""
        with plainly():
            row = await self.audit.store.pool.fetchrow(sql("verify_erasures"), self.audit.head.position)
        if row is None:
            return None
        return Fault(where=row["place"], what=row["what"], position=row["position"])
