"""What the rest of a ledger needs from whoever writes it: the sequencer or, in a process that only shows, its stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from ledger.admission import Examined
from ledger.verdict import Verdict
from streams.phase import Status
from streams.stretch import Stretch


class Writer(Protocol):
    """Takes submissions and says where the writing stands."""

    erased: asyncio.Event
    """Set whenever a batch erased somebody."""

    def status(self) -> Status:
        """Where it stands now."""
        ...

    async def submit(self, examined: Sequence[Examined], *, dry_run: bool = False, stretch: Stretch | None = None) -> list[Verdict]:
        """The verdict on each, in order. ``WrittenElsewhere`` where nothing is taken in; else as the sequencer says."""
        ...
