"""The moment of admission never decreases along the positions, and is not of a time that is still to come."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.parameters import PARAMETERS
from streams.verifying import Check, Fault, Sheet, check


@check("moments", order=20, nl="Opgenomen in de tijd van de posities", en="Admitted in the order of positions")
class Moments(Check):
    """Finds an entry that was backdated, or dated ahead."""

    last: datetime | None = None

    async def take(self, sheet: Sheet) -> Fault | None:
        """Compare each with the one before."""
        latest = self.audit.now + timedelta(seconds=PARAMETERS.skew_seconds)
        for row in sheet.rows:
            moment = row.admitted_at
            if self.last is not None and moment < self.last:
                return _wrong(
                    row.position, f"was admitted at {moment}, as it says, earlier than the one before it ({self.last}): backdated"
                )
            if self.audit.ordinary and moment > latest:
                return _wrong(row.position, f"was admitted at {moment}, as it says, which is still to come")
            self.last = moment
        return None

    async def end(self) -> Fault | None:
        """Compare with the head."""
        head = self.audit.head
        if self.last is not None and head.admitted_at != self.last:
            return Fault(
                where="ledger.sequencer",
                what=f"the head says that entry {head.position} was admitted at {head.admitted_at}, the entry itself {self.last}",
                position=head.position,
            )
        return None


def _wrong(position: int, what: str) -> Fault:
    return Fault(where="ledger.entries", what=f"entry {position} {what}", position=position)
