"""All data that can be opened opens, and is what the type of its entry says."""

from __future__ import annotations

import msgspec

from streams.verifying import Check, Fault, Sheet, check


@check("opening", order=40, nl="Gegevens gaan open en passen bij hun type", en="Data opens and fits its type")
class Opening(Check):
    """Finds sealed bytes that were changed or moved, and a key that is gone without an erasure."""

    async def begin(self) -> None:
        """Who was erased."""
        self._erased = await self.audit.store.erased()

    async def take(self, sheet: Sheet) -> Fault | None:
        """Decode every entry that opens."""
        types = self.audit.store.catalogue
        for row, unsealed in zip(sheet.rows, sheet.unsealed, strict=True):
            if unsealed.fault:
                return self._wrong(row.position, unsealed.fault)
            if unsealed.data is None:
                if row.stream not in self._erased:
                    # Somebody may have been erased since the verification began.
                    self._erased = await self.audit.store.erased()
                if row.stream not in self._erased:
                    return self._wrong(row.position, f"the key of {row.stream} is destroyed, and no erasure says so")
                continue
            if types.get(row.type) is None:
                return self._wrong(row.position, f"this version of the ledger does not know the type {row.type}")
            try:
                types.read(row.type, unsealed.data)
            except msgspec.MsgspecError as error:
                # Where, and not what: the text of the error quotes the data.
                return self._wrong(row.position, f"its data is no {row.type}, at {str(error).rpartition(' - at ')[2] or 'its beginning'}")
        return None

    def _wrong(self, position: int, what: str) -> Fault:
        return Fault(where="ledger.entries", what=f"entry {position}: {what}", position=position)
