"""The moments of admission agree with those at which others saw the log: a witness's clock is not the ledger's."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from ledger.parameters import PARAMETERS
from ledger.transparency.cosignature import check_cosignatures
from ledger.transparency.note import read_note, read_signatures
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.settings import read_witnesses
from streams.verifying import Check, Fault, Sheet, Skipped, check


@check("clock", order=104, nl="De klok van het register loopt met die van getuigen", en="The ledger's clock runs with those of witnesses")
class OfClock(Check):
    """Finds a clock that was set back, and entries that were dated ahead, by the moments of cosignatures."""

    async def begin(self) -> Skipped | None:
        """Who saw how many entries, and when."""
        if not self.audit.ordinary:
            return Skipped("a sandbox's moments are those of its events")
        keys = [one.key for one in read_witnesses(self.audit.store.settings.witnesses)]
        with plainly():
            rows = await self.audit.store.pool.fetch(sql("verify_cosignatures"))
        seen: dict[int, list[datetime]] = {}
        for row in rows:
            note = read_note(row["note"].encode()).with_signatures(read_signatures(f"{row['line']}\n"))
            seen.setdefault(row["size"], []).extend(one.at for one in check_cosignatures(note, keys))
        self._seen = deque((size, min(moments), max(moments)) for size, moments in sorted(seen.items()) if moments)
        settings = self.audit.store.settings
        # An entry waits so long for a checkpoint, and that for its witnesses.
        waited = settings.checkpoint_seconds + settings.witness_seconds
        self._slack = timedelta(seconds=PARAMETERS.skew_seconds + waited)
        self._since: tuple[int, datetime] | None = None
        return None if self._seen else Skipped("no witness that this ledger knows cosigned a checkpoint")

    async def take(self, sheet: Sheet) -> Fault | None:
        """Compare every entry with the cosignatures before and after it."""
        for row in sheet.rows:
            while self._seen and self._seen[0][0] < row.position:
                size, first, _ = self._seen.popleft()
                self._since = size, first
            if self._since is not None and row.admitted_at < self._since[1] - self._slack:
                what = (
                    f"entry {row.position} says that it was admitted at {row.admitted_at}, but a witness saw the log without it, with "
                    f"{self._since[0]} entries, at {self._since[1]}: the ledger's clock was set back"
                )
                return Fault(where="ledger.entries", what=what, position=row.position)
            if self._seen and row.admitted_at > self._seen[0][2] + self._slack:
                what = (
                    f"entry {row.position} says that it was admitted at {row.admitted_at}, but a witness saw it before that, "
                    f"at {self._seen[0][2]}: the ledger's clock ran ahead"
                )
                return Fault(where="ledger.entries", what=what, position=row.position)
        return None
