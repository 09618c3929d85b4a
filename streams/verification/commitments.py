"""The leaf of every entry is the commitment to what the entry says."""

from __future__ import annotations

from ledger.transparency.commitment import salt_key
from streams.leaf import commitment_of
from streams.verifying import Check, Fault, Sheet, check


@check("commitments", order=90, nl="Blad van de boom is wat er staat", en="The leaf of the tree is what the entry says")
class Commitments(Check):
    """Makes every leaf anew that can be made; of an erased entry it stands, and nobody can."""

    async def take(self, sheet: Sheet) -> Fault | None:
        """Hash every entry with its salt."""
        unsealed_salts = salt_key(self.audit.store.keys.commitments)
        held: tuple[bytes, bytes] = (b"", b"")
        for row, unsealed in zip(sheet.rows, sheet.unsealed, strict=True):
            if not row.commitment:
                return self._wrong(row.position, "has no leaf in the tree: it was put there by somebody else than the sequencer")
            if unsealed.data is None:
                continue
            if unsealed.key is not None and unsealed.key != held[0]:
                held = unsealed.key, salt_key(unsealed.key)
            if commitment_of(row, unsealed.data, unsealed_salts if unsealed.key is None else held[1]) != row.commitment:
                return self._wrong(row.position, "is not what its leaf in the tree commits to: it or its leaf was changed")
        return None

    def _wrong(self, position: int, what: str) -> Fault:
        return Fault(where="ledger.entries", what=f"entry {position} {what}", position=position)
