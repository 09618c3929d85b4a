"""The sequencer: the one writer that gives positions (design.md decisions 1 and 2).

Submissions wait in a bounded queue. One task takes them off: it drafts a batch (:mod:`streams.draft`) and writes it in
one transaction (:mod:`streams.postgres.appender`). A lone event is written at once; while one batch is on its way to the
disk the queue fills, so under load batches grow by themselves up to ``batch_events``, and the next full one is drafted
meanwhile. Only this task touches the state; nothing else writes.

When the database goes away, everything that waits is answered with ``StoreUnavailable``: it is not acknowledged, and to
submit it again is harmless. Because the fate of the last commit is unknown then, the state is loaded afresh, under a new
epoch, before anything else is written.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import msgspec

from ledger.admission import Examined
from ledger.errors import AlreadyRunning, DataFolderError, Fenced, LedgerError, StoreUnavailable
from ledger.verdict import Position, StreamId, Verdict
from streams.clock import Clock, SandboxClock
from streams.draft import Draft
from streams.entropy import Entropy
from streams.phase import Phase, Status
from streams.postgres.appender import Appender
from streams.postgres.store import Store
from streams.settings import Settings
from streams.state import State, Stream
from streams.stretch import Stretch
from streams.waiting import Batch, Waiting, told

log = logging.getLogger(__name__)

_SLICE = 250
"""Submissions decided at a stretch: then the loop may feed the batch before to the database, and serve others."""
_FIRST_RETRY = 0.1
_LONGEST_RETRY = 2.0


class Sequencer:
    """The one writer of a store. Use it as an async context manager: leaving it writes what still waits."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        settings: Settings | None = None,
        name: str | None = None,
        take_over: bool = False,
        lock_wait: float = 5.0,
        entropy: Entropy | None = None,
    ) -> None:
        """``take_over`` ends the session of another live writer; else it is waited for, ``lock_wait`` seconds at the most."""
        self._store = store
        self._clock = clock
        self._settings = settings or store.settings
        self._force = take_over
        self._lock_wait = lock_wait
        self._entropy = entropy or Entropy()
        self._name = f"{name or socket.gethostname()}:{os.getpid()}:{self._entropy.take(4).hex()}"
        self._waiting = Waiting(self._settings.queue_events)
        self._phase = Phase.STOPPED
        self._closing = False
        self.erased = asyncio.Event()
        """Set whenever a batch erased somebody; whoever waits for it clears it."""
        self._failure: LedgerError | None = None
        self._appender: Appender | None = None
        self._state: State | None = None
        self._task: asyncio.Task[None] | None = None
        self._position = Position(0)
        self._admitted_at: datetime | None = None
        self._batches = self._submissions = 0
        self._rate = 5_000.0
        """Submissions per second lately: what Overloaded tells publishers to wait by."""

    # -- life ---------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Sequencer:
        """Take over the writing.

        :raises DataFolderError: the database holds no ledger yet (``store.found`` makes one).
        :raises AlreadyRunning: another ledger writes it.
        :raises StoreUnavailable: the database is away.
        """
        ledger = await self._store.ledger()
        if ledger is None:
            raise DataFolderError("this database holds no ledger yet: found one first (ledger up does)")
        limit = max(self._settings.stream_cache, 4 * self._settings.batch_events)
        self._state = State(mode=ledger.mode, keys=self._store.keys, stream_limit=limit)
        await self._take_over(after_epoch=None)
        self._task = asyncio.create_task(self._run(), name="sequencer")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        self._waiting.filled.set()
        try:
            if self._task is not None:
                await self._task
        finally:
            if self._appender is not None:
                await self._appender.close()
        if self._phase is not Phase.FENCED:
            self._phase = Phase.STOPPED

    async def _take_over(self, after_epoch: int | None) -> None:
        assert self._state is not None
        appender = await Appender.take_over(
            self._store.dsn, self._name, after_epoch=after_epoch, wait=self._lock_wait, force=self._force and after_epoch is None
        )
        try:
            await self._state.load(self._store, appender)
        except BaseException:
            await appender.close()
            raise
        self._appender = appender
        self._acknowledge()
        self._phase = Phase.WRITING

    def status(self) -> Status:
        """Where it stands now."""
        return Status(
            phase=self._phase,
            epoch=self._appender.taken.epoch if self._appender else 0,
            position=self._position,
            admitted_at=self._admitted_at,
            waiting=self._waiting.size,
            batches=self._batches,
            submissions=self._submissions,
        )

    # -- submitting ---------------------------------------------------------------------------------------------------

    async def submit(self, examined: Sequence[Examined], *, dry_run: bool = False, stretch: Stretch | None = None) -> list[Verdict]:
        """The verdict on each, in order, once they are on the disk. Cancelling leaves what was submitted in the queue.

        ``stretch`` says which records of a Kafka partition they are; that these were read is written with them.

        :raises Overloaded: the queue is full; nothing of the list was taken.
        :raises StoreUnavailable: the database is away, or went away before the last of the list was acknowledged.
        :raises Fenced: another writer took over.
        :raises Redelivered: the stretch does not begin where the ledger stands.
        """
        self._check_open()
        if not examined:
            return []
        return await self._waiting.put(examined, dry_run=dry_run, rate=self._rate, stretch=stretch).answer

    def _check_open(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._closing or self._phase is Phase.STOPPED:
            raise StoreUnavailable("the ledger is stopping and takes no events; try again when it is back")
        if self._phase is Phase.RECONNECTING:
            raise StoreUnavailable("the database is away; nothing acknowledged is lost, try again when it is back")

    # -- the one writing task -----------------------------------------------------------------------------------------

    async def _run(self) -> None:
        writing: asyncio.Task[None] | None = None
        while True:
            try:
                writing = await self._step(writing)
                if writing is None and self._closing and not self._waiting:
                    return
            except Exception as error:
                if writing is not None:
                    await asyncio.gather(writing, return_exceptions=True)
                    writing = None
                if not await self._recover(error):
                    return

    async def _step(self, writing: asyncio.Task[None] | None) -> asyncio.Task[None] | None:
        """Take one batch off the queue, draft it and start to write it; ``writing`` is the one before, on its way to the disk."""
        waiting, most = self._waiting, self._settings.batch_events
        if writing is not None and (writing.done() or waiting.size < most):
            # A small batch gains nothing by being drafted early, and grows while it waits.
            await writing
            writing = None
        if not waiting:
            if writing is None and not self._closing:
                waiting.filled.clear()
                await waiting.filled.wait()
            return writing
        batch = waiting.take(most)
        try:
            draft = await self._draft(batch)
            if batch.dry_run:
                batch.answer(draft.verdicts)
                return writing
            if writing is not None:
                await writing
        except BaseException as error:
            batch.fail(told(error))
            raise
        return asyncio.create_task(self._write(batch, draft))

    async def _draft(self, batch: Batch) -> Draft:
        state, appender = self._state, self._appender
        assert state is not None
        assert appender is not None
        batch.leave_out_redelivered(state.offsets)
        submitted = batch.submitted
        readable = [e for e in submitted if e.candidate is not None]
        sources, ids = [e.source or "" for e in readable], [e.id or "" for e in readable]
        known = await appender.duplicates(sources, ids) if readable else {}
        remembered = state.streams
        unknown = {e.stream for e in readable if e.stream not in remembered and (e.source, e.id) not in known and e.stream is not None}
        loaded: dict[StreamId, Stream] = {}
        if unknown:
            found = await appender.stream_states(unknown)
            loaded = {name: state.stream_of(name, seen) for name, seen in found.items()}
        draft = Draft(state, now=self._clock.now(), known=known, streams=loaded, entropy=self._entropy)
        for start in range(0, len(submitted), _SLICE):
            draft.decide(submitted[start : start + _SLICE], self._settings.stream_entries)
            await asyncio.sleep(0)
        if not batch.dry_run:
            draft.consume(batch.stretches)
            draft.settle()
        return draft

    async def _write(self, batch: Batch, draft: Draft) -> None:
        assert self._appender is not None
        verdicts = draft.verdicts
        began = time.perf_counter()
        try:
            numbers = await self._appender.append(draft.commit)
        except BaseException as error:
            batch.fail(told(error))
            raise
        for place, content in draft.refused:
            verdicts[place] = msgspec.structs.replace(verdicts[place], refusal=numbers.get(content))
        if draft.commit.erasures:
            self._store.opener.forget()
            self.erased.set()
        self._batches += 1
        self._submissions += len(verdicts)
        self._position, self._admitted_at = draft.commit.position, draft.commit.admitted_at
        self._advance_clock()
        self._rate += 0.2 * (len(verdicts) / max(time.perf_counter() - began, 1e-3) - self._rate)
        batch.answer(verdicts)

    def _acknowledge(self) -> None:
        assert self._state is not None
        self._position, self._admitted_at = self._state.position, self._state.admitted_at
        self._advance_clock()

    def _advance_clock(self) -> None:
        if isinstance(self._clock, SandboxClock) and self._admitted_at is not None:
            self._clock.advance(self._admitted_at)

    # -- when something goes wrong ------------------------------------------------------------------------------------

    async def _recover(self, error: Exception) -> bool:
        """Answer everybody who waits, and take over anew. False when this writer is finished."""
        if isinstance(error, StoreUnavailable):
            log.warning("a batch was not written, starting over: %s", error)
        elif not isinstance(error, Fenced):
            log.exception("a batch could not be written", exc_info=error)
        self._phase = Phase.RECONNECTING
        self._waiting.fail(told(error))
        epoch = self._appender.taken.epoch if self._appender else 0
        pause = _FIRST_RETRY
        while not isinstance(error, Fenced):
            if self._appender is not None:
                await self._appender.close()
            if self._closing:
                return False
            try:
                await self._take_over(after_epoch=epoch)
            except Fenced as fenced:
                error = fenced
            except Exception as again:
                if not isinstance(again, StoreUnavailable | AlreadyRunning):
                    log.exception("the ledger's state could not be loaded", exc_info=again)
                await self._pause(pause)
                pause = min(2 * pause, _LONGEST_RETRY)
            else:
                log.warning("writing goes on after position %d", self._position)
                return True
        log.error("%s", error)
        self._phase, self._failure = Phase.FENCED, error
        return False

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the ledger is being closed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._closing:
                    self._waiting.filled.clear()
                    await self._waiting.filled.wait()
