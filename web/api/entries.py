"""GET /api/entries and its stream: the log itself, for auditors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from ledger.access import Channel, ReadKind
from ledger.catalogue import StreamKind, canonical
from ledger.entry import Entry, OpenEntry
from ledger.errors import StoreUnavailable
from ledger.stream import kind_of
from ledger.timeline import is_restricted
from streams.wiring import Parts
from web.api.answers import EntriesAnswer, EntryItem
from web.api.responses import READERS, problems
from web.news import HEARTBEAT_SECONDS, News
from web.problem import ProblemError, ProblemKind
from web.purposes import PURPOSE, opened
from web.visitor import Visitor

PAGE = 1_000
_STREAM_PAGE = 200
_LARGEST = 2**53 - 1

After = Annotated[int, QueryParameter(ge=0, le=_LARGEST, description="Entries after this position; 0 begins at the first.")]


async def page(parts: Parts, visitor: Visitor, after: int, limit: int) -> list[EntryItem]:
    """A page of entries, opened as far as the visitor may. Discrimination signals keep their data for their own reader."""
    entries = await parts.store.read(after, limit)
    read = await parts.store.open_entries([entry for entry in entries if kind_of(entry.stream) is not StreamKind.SIGNAL])
    by_position = {entry.position: entry for entry in read.entries}
    return [_item(entry, by_position.get(entry.position), entry.stream in read.erased, visitor.operates) for entry in entries]


def _item(entry: Entry, opened: OpenEntry | None, erased: bool, all_of_it: bool) -> EntryItem:
    data = canonical(opened.payload) if opened is not None else b"null"
    restricted = kind_of(entry.stream) is StreamKind.SIGNAL
    if opened is not None and not all_of_it and is_restricted(opened.type, data):
        restricted, data = True, b"null"
    return EntryItem(
        position=entry.position,
        stream=entry.stream,
        version=entry.version,
        type=entry.type,
        id=entry.id,
        source=entry.source,
        role=entry.role.value,
        time=entry.time,
        timeprecision=entry.time_precision,
        recordedat=entry.recorded_at,
        admitted_at=entry.admitted_at,
        sequence=entry.sequence,
        grondslag=entry.legal_basis,
        causationid=entry.causation_id,
        correlationid=entry.correlation_id,
        state="restricted" if restricted else "open" if opened is not None else "erased" if erased else "broken",
        data=msgspec.Raw(data),
    )


@get("/api/entries", summary="Entries of the ledger", tags=["Audit"], responses=problems(*READERS))
async def entries(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    after: After = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at the most.")] = 100,
    purpose: Annotated[str | None, QueryParameter(max_length=40, description=PURPOSE)] = None,
) -> EntriesAnswer:
    """A page of entries in position order, with their data as far as it may be read: that of erased persons is gone."""
    await opened(parts, visitor, ReadKind.ENTRIES, Channel.API, purpose=purpose, asked=f"after={after} limit={limit}")
    head = await parts.store.head()
    items = await page(parts, visitor, after, limit)
    last = items[-1].position if items else after
    return EntriesAnswer(entries=items, next=last if last < head.position else None, position=head.position)


@get(
    "/api/entries/stream",
    summary="Entries as they come",
    tags=["Audit"],
    media_type="text/event-stream",
    responses=problems(*READERS, 429),
)
async def stream(
    request: Request[Any, Any, Any],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    news: NamedDependency[News],
    after: Annotated[int | None, QueryParameter(ge=0, le=_LARGEST, description="After this position; without it, from the head.")] = None,
    purpose: Annotated[str | None, QueryParameter(max_length=40, description=PURPOSE)] = None,
) -> Response[str]:
    """Server-sent events: one per entry, its position as the id, so that `Last-Event-ID` resumes without a gap."""
    asked = f"following after={request.headers.get('last-event-id', after)}"[:60]
    await opened(parts, visitor, ReadKind.ENTRIES, Channel.API, purpose=purpose, asked=asked)
    last = request.headers.get("last-event-id", "")
    if last and not (last.isascii() and last.isdigit() and int(last) <= _LARGEST):
        raise ProblemError(
            ProblemKind.BAD_REQUEST, "Last-Event-ID moet een positie zijn", "Last-Event-ID must be a position", pointer="Last-Event-ID"
        )
    start = int(last) if last else after if after is not None else (await parts.store.head()).position
    news.must_have_room()
    # Server-sent events are a stream of text; the declared type is what OpenAPI tells.
    return Stream(  # type: ignore[return-value]
        news.watched(_told(parts, visitor, news, start)), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _told(parts: Parts, visitor: Visitor, news: News, position: int) -> AsyncIterator[bytes]:
    while True:
        try:
            items = await page(parts, visitor, position, _STREAM_PAGE)
        except StoreUnavailable:
            items = []
            await asyncio.sleep(1)
        for item in items:
            position = item.position
            yield b"id: %d\nevent: entry\ndata: %s\n\n" % (position, msgspec.json.encode(item))
        if len(items) < _STREAM_PAGE and not await news.beyond(position, HEARTBEAT_SECONDS):
            yield b": still here\n\n"


HANDLERS = [entries, stream]
