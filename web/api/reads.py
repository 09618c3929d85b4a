"""GET /api/reads: the access log, for auditors and the operator."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ledger.access import ReadOutcome, ReadRecord
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.api.trajectories import person_asked
from web.purposes import person_stream
from web.visitor import Visitor

PAGE = 1_000


class ReadItem(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody opened, or tried to open, data of a person."""

    number: int
    """1, 2, 3 … without a gap."""
    read_at: datetime
    position: int
    """Where the ledger stood."""
    kind: str
    channel: str
    reader: str
    right: str | None
    purpose: str | None
    stream: str | None
    asked: str
    outcome: str
    why: str | None
    times: int
    hash: str
    """SHA-256 over the hash of the record before and this one, in hexadecimal."""


class ReadsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the access log, by number."""

    reads: list[ReadItem]
    next: int | None
    """Give it as ``after`` for the next page; None at the end."""


def read_item(one: ReadRecord) -> ReadItem:
    """A record as the API tells it."""
    return ReadItem(
        number=one.number,
        read_at=one.read_at,
        position=one.position,
        kind=one.kind.value,
        channel=one.channel.value,
        reader=one.reader,
        right=one.right,
        purpose=one.purpose.value if one.purpose else None,
        stream=one.stream,
        asked=one.asked,
        outcome=one.outcome.value,
        why=one.why.value if one.why else None,
        times=one.times,
        hash=one.hash.hex(),
    )


@get("/api/reads", summary="Who opened data of persons", tags=["Audit"], responses=problems(*READERS, 404))
async def reads(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    person: Annotated[str | None, QueryParameter(max_length=60, description="Only reads of this pseudonym.")] = None,
    reader: Annotated[str | None, QueryParameter(max_length=80, description="Only by this credential.")] = None,
    outcome: Annotated[ReadOutcome | None, QueryParameter(description="Only granted or only refused ones.")] = None,
    after: Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Reads after this number.")] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at the most.")] = 100,
) -> ReadsAnswer:
    """Every opening of a person's data, granted or refused: who, when, whose, what for. Each record is chained to the one before."""
    visitor.must_read()
    streams = None if person is None else [person_stream(await person_asked(visitor, person))]
    found = await parts.access.list(after=after, limit=limit, streams=streams, reader=reader, outcome=outcome)
    return ReadsAnswer(reads=[read_item(one) for one in found], next=found[-1].number if len(found) == limit else None)


HANDLERS = [reads]
