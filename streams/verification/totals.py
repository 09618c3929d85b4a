"""What was answered to publishers adds up to what stands in the ledger and on the shelf of refusals."""

from __future__ import annotations

from collections import Counter

from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.verifying import Check, Fault, Sheet, check


@check("verdicts", order=70, nl="Antwoorden kloppen met wat er staat", en="Verdicts add up to what is there")
class Totals(Check):
    """Finds an entry or a refusal that was added or removed behind the sequencer's back."""

    async def begin(self) -> None:
        """Count from nothing."""
        self._counted: Counter[str] = Counter()

    async def take(self, sheet: Sheet) -> None:
        """Count entries by source."""
        self._counted.update(row.source for row in sheet.rows)

    async def end(self) -> Fault | None:
        """Compare, while nothing was written meanwhile."""
        with plainly():
            async with self.audit.store.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
                told = Counter({row["source"]: row["n"] for row in await connection.fetch(sql("totals")) if row["outcome"] == "admitted"})
                later = await connection.fetch(sql("verify_later"), self.audit.head.position)
                refused = await connection.fetchrow(sql("verify_refused"))
        counted = self._counted + Counter({row["source"]: row["n"] for row in later})
        for source in sorted(counted.keys() | told.keys()):
            if counted[source] != told[source]:
                what = f"{source} was told {told[source]} times that an event was admitted, and has {counted[source]} entries"
                return Fault(where="ledger.source_totals", what=what)
        assert refused is not None
        if refused["told"] != refused["kept"]:
            what = f"{refused['told']} submissions were refused, and the refusals that are kept stand for {refused['kept']}"
            return Fault(where="ledger.refusals", what=what)
        return None
