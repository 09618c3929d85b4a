"""No event stands in the ledger twice, and the hash that tells a redelivery from another event is that of what the entry says."""

from __future__ import annotations

from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.stored import digest_of
from streams.verifying import Check, Fault, Sheet, check


@check("idempotency", order=50, nl="Elk event één keer, met zijn eigen hash", en="Every event once, with its own hash")
class Idempotency(Check):
    """Finds an entry whose envelope or data was changed, and an event that was put in a second time."""

    async def take(self, sheet: Sheet) -> Fault | None:
        """Compute the hash of every entry that opens anew."""
        key = self.audit.store.keys.digest
        for row, unsealed in zip(sheet.rows, sheet.unsealed, strict=True):
            if unsealed.data is None:
                continue
            if digest_of(row, key, unsealed.data) != row.digest:
                what = f"entry {row.position} does not say what it said when it was admitted: the hash of its content is another"
                return Fault(where="ledger.entries", what=what, position=row.position)
        return None

    async def end(self) -> Fault | None:
        """Look for the same source and id twice."""
        with plainly():
            row = await self.audit.store.pool.fetchrow(sql("verify_twice"), self.audit.head.position)
        if row is None:
            return None
        what = f"entry {row['last']} is the event that stands at {row['first']} already, by its source and id"
        return Fault(where="ledger.entries", what=what, position=row["last"])
