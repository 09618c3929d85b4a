"""The access log is whole: no record of who read whom was changed or removed."""

from __future__ import annotations

from streams.access import AccessLog
from streams.verifying import Check, Fault, check


@check("reads", order=85, nl="Leesregistratie is volledig", en="The access log is whole")
class Reads(Check):
    """Follows the chain of hashes through all records."""

    async def end(self) -> Fault | None:
        """From the first to the last."""
        fault = await AccessLog(self.audit.store).verify()
        return None if fault is None else Fault(where="ledger.reads", what=fault.message.en)
