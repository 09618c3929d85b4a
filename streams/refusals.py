"""Refused submissions: listed, shown, mended and submitted again. Nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import asyncpg
import msgspec

from ledger.admission import Examined
from ledger.authority import Credential
from ledger.errors import NotFound, StoreUnavailable, UsageError
from ledger.examination import Examiner
from ledger.verdict import Message, Outcome, Position, Reason, Verdict
from streams.clock import Clock
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.refusal_row import bound_to
from streams.writer import Writer


class RefusalState(StrEnum):
    """Where a refusal stands."""

    OPEN = "open"
    """It waits to be mended."""
    RESUBMITTED = "resubmitted"
    """It was mended and stands in the ledger now."""
    CLOSED = "closed"
    """The operator decided that it will not be mended. The original is kept."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refused submission, without its original. What could name a person is only in the sealed original."""

    number: int
    credential: str
    """Who submitted it."""
    source: str | None
    id: str | None
    type: str | None
    subject: str | None
    """The stream it was meant for; ``insz/…`` for a number that was not turned into a pseudonym."""
    sequence: int | None
    code: Reason
    rule: str | None
    pointer: str
    message: Message
    received_at: datetime
    last_seen_at: datetime
    times_seen: int
    stamp: datetime
    """The ``admitted_at`` it would have had."""
    state: RefusalState
    resubmitted_as: Position | None
    erased: bool
    """Whether the original is gone, because its person is erased."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal with its original as received; None when its person is erased. The original may name a person."""

    refusal: Refusal
    raw: bytes | None


class Refusals:
    """The shelf of refused submissions. Without a sequencer it can be looked at, not resubmitted from."""

    def __init__(self, store: Store, examiner: Examiner, sequencer: Writer | None, clock: Clock) -> None:
        self._store = store
        self._examiner = examiner
        self._sequencer = sequencer
        self._clock = clock

    async def newest(
        self,
        *,
        source: str | None = None,
        code: Reason | None = None,
        state: RefusalState | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Refusal]:
        """A page of refusals, newest first, before one of them: what a person looks at."""
        with plainly():
            rows = await self._store.pool.fetch(sql("reading_refusals"), before, limit, source, code, state)
        return [_refusal(row) for row in rows]

    async def list(
        self,
        *,
        source: str | None = None,
        code: Reason | None = None,
        sender: str | None = None,
        since: datetime | None = None,
        state: RefusalState | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> list[Refusal]:
        """A page of refusals by number, after one of them. ``since`` is when they were received, ``sender`` the credential."""
        with plainly():
            rows = await self._store.pool.fetch(sql("refusals"), after, limit, source, code, since, state, sender)
        return [_refusal(row) for row in rows]

    async def count(self, *, state: RefusalState | None = RefusalState.OPEN) -> int:
        """How many there are."""
        with plainly():
            counted: int = await self._store.pool.fetchval(sql("count_refusals"), state)
        return counted

    async def show(self, number: int) -> Shown:
        """One refusal with its original. ``NotFound`` when there is none of that number."""
        with plainly():
            row = await self._store.pool.fetchrow(sql("refusal"), number)
        if row is None:
            raise NotFound(f"there is no refusal {number}: see the list")
        raw = None if row["raw"] is None else self._store.keys.refusals.open(row["raw"], bound_to(row["content"]))
        return Shown(refusal=_refusal(row), raw=raw)

    async def close(self, number: int) -> Refusal:
        """It will not be mended: it no longer waits. ``NotFound`` when there is none of that number, or it is settled already."""
        with plainly():
            row = await self._store.pool.fetchrow(sql("close_refusal"), number)
        if row is None:
            raise NotFound(f"there is no open refusal {number}: see the list")
        return _refusal(row)

    async def resubmit(self, number: int, credential: Credential, mended: bytes | None = None) -> Verdict:
        """Submit it again, as it was or mended. Admitted or already there: the refusal is settled. Refused again: it stays.

        :raises NotFound: there is none of that number.
        :raises UsageError: it was settled before, or its original is gone and no mended one is given.
        """
        if self._sequencer is None:
            raise StoreUnavailable("nothing can be resubmitted while the ledger does not run: start it with ledger up")
        shown = await self.show(number)
        if shown.refusal.state is RefusalState.RESUBMITTED:
            raise UsageError(f"refusal {number} was resubmitted already and stands at position {shown.refusal.resubmitted_as}")
        if shown.refusal.state is RefusalState.CLOSED:
            raise UsageError(f"refusal {number} is closed: let the publisher send the event again")
        raw = mended if mended is not None else shown.raw
        if raw is None:
            raise UsageError(f"the original of refusal {number} is gone, because its person is erased: nothing can be resubmitted")
        examined: Examined = self._examiner.examine(raw, credential)
        (verdict,) = await self._sequencer.submit([examined])
        if verdict.outcome is not Outcome.REFUSED:
            with plainly():
                await self._store.pool.execute(sql("settle_refusal"), number, verdict.position)
        return verdict


async def refusals_of(store: Store, streams: Sequence[str]) -> Sequence[Refusal]:
    """Refused events that were meant for these streams, oldest first."""
    with plainly():
        return [_refusal(row) for row in await store.pool.fetch(sql("refusals_of_streams"), list(streams))]


def _refusal(row: asyncpg.Record) -> Refusal:
    return Refusal(
        number=row["number"],
        credential=row["credential"],
        source=row["source"],
        id=row["event_id"],
        type=row["type"],
        subject=row["stream"],
        sequence=row["sequence"],
        code=Reason(row["code"]),
        rule=row["rule"],
        pointer=row["pointer"],
        message=Message(nl=row["message_nl"], en=row["message_en"]),
        received_at=row["received_at"],
        last_seen_at=row["last_seen_at"],
        times_seen=row["times_seen"],
        stamp=row["stamp"],
        state=RefusalState(row["state"]),
        resubmitted_as=row["resubmitted_as"],
        erased=row["erased"],
    )
