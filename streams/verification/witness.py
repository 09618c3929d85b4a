"""What witnesses saw of this log is what it is: they remember it where nobody who runs the ledger can write."""

from __future__ import annotations

from streams.checkpoints import Checkpoints
from streams.verifying import Check, Fault, Skipped, check

_SILENT = "it did not answer"


@check("witness", order=106, nl="Getuigen zagen deze boom", en="Witnesses saw this tree")
class OfWitnesses(Check):
    """Asks every witness to cosign the newest checkpoint: who saw another log says so."""

    async def end(self) -> Fault | Skipped | None:
        """One question to each."""
        checkpoints = Checkpoints(self.audit.store)
        latest = await checkpoints.latest()
        if latest is None or not checkpoints.witnesses.addresses:
            return Skipped("no witness is named in the settings" if latest is not None else "no checkpoint was published yet")
        await checkpoints.witnesses.ask(latest.note, latest.checkpoint.size, checkpoints.tree)
        silent: list[str] = []
        for name, why in sorted(checkpoints.witnesses.faults.items()):
            if not why.startswith(_SILENT):
                return Fault(where=f"witness {name}", what=f"{name} saw another log than this: {why}")
            silent.append(name)
        if len(silent) == len(checkpoints.witnesses.addresses):
            return Skipped(f"none of the witnesses answers: {', '.join(silent)}")
        return None
