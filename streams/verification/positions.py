"""Positions are 1, 2, 3 … without a gap, and the last is the one that the head names."""

from __future__ import annotations

from streams.verifying import Check, Fault, Sheet, check


@check("positions", order=10, nl="Posities zonder gat", en="Positions without a gap")
class Positions(Check):
    """Finds an entry that was deleted, or added under a number of its own."""

    expected = 1

    async def take(self, sheet: Sheet) -> Fault | None:
        """Count along."""
        for row in sheet.rows:
            if row.position != self.expected:
                return self._missing(f"entry {self.expected} is not there: it was deleted; the next one is {row.position}")
            self.expected += 1
        return None

    async def end(self) -> Fault | None:
        """Compare with the head."""
        head = self.audit.head.position
        if self.expected <= head:
            return self._missing(f"entry {self.expected} is not there: it was deleted, for the head in ledger.sequencer stands at {head}")
        beyond = await self.audit.store.read(head, 1)
        now = await self.audit.store.head()
        if beyond and beyond[0].position > now.position:
            return self._missing(f"entry {beyond[0].position} stands beyond the head, which is {now.position}", beyond[0].position)
        return None

    def _missing(self, what: str, position: int | None = None) -> Fault:
        return Fault(where="ledger.entries", what=what, position=position or self.expected)
