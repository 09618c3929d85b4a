"""The access log: every opening of a person's data, granted or refused, written before the answer goes out.

It stands in the same store as the ledger, in a table that nothing may change, each record chained to the one before it
(:mod:`ledger.access`). Whoever cannot be recorded is not answered: when the database is away, nothing is shown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence

import asyncpg
import msgspec

from ledger.access import (
    GENESIS,
    ChainCheck,
    ChainFault,
    Channel,
    Read,
    ReadKind,
    ReadOutcome,
    ReadPurpose,
    ReadRecord,
    WhyRefused,
    chained,
)
from ledger.errors import Overloaded
from streams.clock import SystemClock
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store

_LOCK = 0x1ED6EC  # the numbers below it are taken by other parts of the store
_WAITING = 1_000
"""Reads that may wait to be written; whoever comes then is told to come back."""
_PAGE = 5_000
_QUIET_SECONDS = 1.0
"""Refused reads without a token are written once in this time, and counted: nobody fills the disk by knocking."""
_LONGEST = 400


class AccessLog:
    """Records reads and tells them. Safe to share between tasks of one event loop, and beside other processes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clock = SystemClock()
        self._waiting: list[tuple[Read, int, asyncio.Future[int]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._knocked = 0
        self._quiet_until = 0.0

    async def record(self, read: Read) -> int:
        """Write it; its number. 0 for a refused read without a token that is only counted.

        :raises StoreUnavailable: it could not be written: do not answer.
        :raises Overloaded: too many wait already.
        """
        times = 1
        if read.outcome is ReadOutcome.REFUSED and read.right is None:
            if time.monotonic() < self._quiet_until:
                self._knocked += 1
                return 0
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            times, self._knocked = 1 + self._knocked, 0
        if len(self._waiting) >= _WAITING:
            raise Overloaded("too many reads wait to be recorded; try again shortly")
        written: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((read, times, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="access log")
        return await written

    async def _write(self) -> None:
        """Write whatever waits, all that came meanwhile in one transaction."""
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                numbers = await self._append([(read, times) for read, times, _ in batch])
            except Exception as error:
                for _, _, written in batch:
                    if not written.done():
                        written.set_exception(error)
            else:
                for number, (_, _, written) in zip(numbers, batch, strict=True):
                    if not written.done():
                        written.set_result(number)

    async def _append(self, reads: Sequence[tuple[Read, int]]) -> list[int]:
        with plainly():
            async with self._store.pool.acquire() as connection, connection.transaction():
                await connection.execute(sql("reads_lock"), _LOCK)
                last = await connection.fetchrow(sql("reads_last"))
                assert last is not None
                number, previous = last["number"], last["hash"] or GENESIS
                now = self._clock.now()
                if last["read_at"] is not None and last["read_at"] > now:
                    now = last["read_at"]
                records: list[ReadRecord] = []
                for read, times in reads:
                    number += 1
                    record = ReadRecord(
                        **{**msgspec.structs.asdict(read), "asked": read.asked[:_LONGEST]},
                        number=number,
                        read_at=now,
                        position=last["position"],
                        times=times,
                        hash=b"",
                    )
                    previous = chained(previous, record)
                    records.append(msgspec.structs.replace(record, hash=previous))
                await connection.execute(sql("record_reads"), *_columns(records))
        return [record.number for record in records]

    # -- telling ------------------------------------------------------------------------------------------------------

    async def list(
        self,
        *,
        after: int = 0,
        limit: int = 100,
        streams: Iterable[str] | None = None,
        reader: str | None = None,
        outcome: ReadOutcome | None = None,
    ) -> list[ReadRecord]:
        """A page of records after a number, oldest first."""
        with plainly():
            rows = await self._store.pool.fetch(sql("reads_after"), after, limit, _names(streams), reader, outcome)
        return [_record(row) for row in rows]

    async def newest(
        self,
        *,
        before: int | None = None,
        limit: int = 50,
        streams: Iterable[str] | None = None,
        reader: str | None = None,
        outcome: ReadOutcome | None = None,
    ) -> Sequence[ReadRecord]:
        """A page of records before a number, newest first: what a person looks at."""
        with plainly():
            rows = await self._store.pool.fetch(sql("reads_before"), before, limit, _names(streams), reader, outcome)
        return [_record(row) for row in rows]

    async def verify(self) -> ChainFault | None:
        """The first record that is not what the chain says; None when all are."""
        check = ChainCheck()
        while page := await self.list(after=check.number, limit=_PAGE):
            if (fault := check.take(page)) is not None:
                return fault
        return None


def _names(streams: Iterable[str] | None) -> list[str] | None:
    return None if streams is None else list(streams)


def _columns(records: Sequence[ReadRecord]) -> list[list[object]]:
    rows = [
        (
            one.number,
            one.read_at,
            one.position,
            one.kind.value,
            one.channel.value,
            one.reader,
            one.right,
            one.purpose.value if one.purpose else None,
            one.stream,
            one.asked,
            one.outcome.value,
            one.why.value if one.why else None,
            one.times,
            one.hash,
        )
        for one in records
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def _record(row: asyncpg.Record) -> ReadRecord:
    return ReadRecord(
        number=row["number"],
        read_at=row["read_at"],
        position=row["position"],
        kind=ReadKind(row["kind"]),
        channel=Channel(row["channel"]),
        reader=row["reader"],
        right=row["right_held"],
        purpose=ReadPurpose(row["purpose"]) if row["purpose"] else None,
        stream=row["stream"],
        asked=row["asked"],
        outcome=ReadOutcome(row["outcome"]),
        why=WhyRefused(row["why"]) if row["why"] else None,
        times=row["times"],
        hash=row["hash"],
    )
