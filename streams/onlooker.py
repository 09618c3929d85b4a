"""Looking on while another process writes: the stand-in for the sequencer in a process that only shows the ledger."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ledger.admission import Examined
from ledger.errors import StoreUnavailable, WrittenElsewhere
from ledger.verdict import Verdict
from streams.clock import Clock, SandboxClock
from streams.phase import Phase, Status
from streams.postgres.store import Head, Store
from streams.stretch import Stretch

log = logging.getLogger(__name__)

_LISTEN_SECONDS = 10.0
_PAUSE_SECONDS = 1.0


class Onlooker:
    """Writes nothing, and follows the head, with which the clock of a sandbox moves. Use it as an async context manager."""

    def __init__(self, store: Store, clock: Clock, place: str | None) -> None:
        """``place``: where events are published, if that is known."""
        self._store = store
        self._clock = clock
        self._place = place
        self._head: Head | None = None
        self._task: asyncio.Task[None] | None = None
        self.erased = asyncio.Event()

    async def __aenter__(self) -> Onlooker:
        """``StoreUnavailable`` when the database is away."""
        await self._look()
        self._task = asyncio.create_task(self._follow(), name="onlooker")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def status(self) -> Status:
        """Where the ledger stood when it was last looked at. How much waits, the process that writes alone knows."""
        head = self._head
        assert head is not None
        return Status(
            phase=Phase.ELSEWHERE,
            epoch=head.epoch,
            position=head.position,
            admitted_at=head.admitted_at,
            waiting=0,
            batches=0,
            submissions=0,
        )

    async def submit(self, examined: Sequence[Examined], *, dry_run: bool = False, stretch: Stretch | None = None) -> list[Verdict]:
        """``WrittenElsewhere``, always."""
        raise WrittenElsewhere(self._place)

    async def _look(self) -> None:
        head = self._head = await self._store.head()
        if isinstance(self._clock, SandboxClock) and head.admitted_at is not None:
            self._clock.advance(head.admitted_at)

    async def _follow(self) -> None:
        while True:
            try:
                async with self._store.follow() as following:
                    while True:
                        await following.wait(_LISTEN_SECONDS)
                        await self._look()
            except StoreUnavailable:
                log.warning("the database is away; following the ledger again when it is back")
                await asyncio.sleep(_PAUSE_SECONDS)


class _Announced(msgspec.Struct):
    operator_token: str


def announced_token(folder: Path) -> str | None:
    """The operator's token that the ledger which runs on a data folder tells in ``ledger.json``; None while it tells none."""
    try:
        return msgspec.json.decode((folder / "ledger.json").read_bytes(), type=_Announced).operator_token
    except (OSError, msgspec.MsgspecError):
        return None
