"""GET /api/status, /healthz, /readyz and /metrics: how the ledger is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Stream

from ledger.disclosure import protect_persons
from ledger.errors import LedgerError, StoreUnavailable
from streams.phase import Phase
from streams.wiring import Parts
from web.api.projections import projection_item
from web.api.responses import problems
from web.api.standings import Queue, StatusAnswer, StatusChange, Totals
from web.api.transport import shown
from web.metrics import Metrics
from web.news import HEARTBEAT_SECONDS, News
from web.problem import ProblemError, ProblemKind
from web.started import Started
from web.visitor import Visitor


def ledger_version() -> str:
    """The version of this program."""
    try:
        return version("trajectory-ledger")
    except PackageNotFoundError:
        return "0.1.0"


@get("/api/status", summary="How the ledger stands", tags=["Operations"], responses=problems())
async def status(parts: NamedDependency[Parts], started: NamedDependency[Started], visitor: NamedDependency[Visitor]) -> StatusAnswer:
    """Mode, head, totals, queue and views: what an operator looks at first."""
    standing = await parts.reader.standing()
    views = await parts.reader.views()
    sequencer = parts.sequencer.status()
    return StatusAnswer(
        mode=parts.ledger.mode.value,
        version=ledger_version(),
        ledger=parts.ledger.id,
        position=standing.position,
        admitted_at=standing.admitted_at,
        today=standing.today,
        started=started.at,
        persons=standing.persons if visitor.reads else protect_persons(standing.persons).n,
        open_refusals=standing.open_refusals,
        sequencer=sequencer.phase.value,
        queue=Queue(waiting=sequencer.waiting, limit=parts.settings.queue_events),
        totals=Totals(admitted=standing.admitted, duplicate=standing.duplicate, refused=standing.refused),
        projections=[projection_item(view, visitor) for view in views],
        transport=shown(await parts.transport.standing(), visitor),
    )


@get("/healthz", summary="Alive", tags=["Operations"], media_type="text/plain")
async def healthz() -> str:
    """Whether the process lives. It says nothing of the database."""
    return "ok\n"


@get("/readyz", summary="Ready", tags=["Operations"], media_type="text/plain", responses=problems())
async def readyz(parts: NamedDependency[Parts]) -> str:
    """Whether events are taken in: the database answers and this sequencer writes. Of `ledger web`: whether the database answers.

    Without Kafka it takes events over HTTP all the same: what of Kafka does not run is told beside, and does not make it unready.
    """
    await parts.store.head()
    phase = parts.sequencer.status().phase
    if phase not in {Phase.WRITING, Phase.ELSEWHERE}:
        raise ProblemError(
            ProblemKind.UNAVAILABLE, f"de sequencer schrijft niet ({phase})", f"the sequencer does not write ({phase})", retry_after=2
        )
    broken = [part.name for part in parts.transport.parts() if part.trouble is not None]
    return "ready\n" + "".join(f"kafka {name}: does not run\n" for name in broken)


@get("/metrics", summary="Measures for Prometheus", tags=["Operations"], media_type="text/plain")
async def measures(parts: NamedDependency[Parts], metrics: NamedDependency[Metrics]) -> Response[Any]:
    """Requests, verdicts, the head, the queue, lag and stalls of views; with Kafka its parts, what waits there and what is owed."""
    sequencer = parts.sequencer.status()
    metrics.stand(sequencer.position, sequencer.waiting)
    metrics.transport.run(parts.transport.parts())
    try:
        checkpoints = parts.checkpoints
        metrics.signed(await checkpoints.size(), fault=checkpoints.fault is not None, silent=len(checkpoints.witnesses.faults))
        for view in await parts.reader.views():
            metrics.view(view.name, view.lag, view.stalled)
        standing = await parts.transport.standing()
        if standing is not None:
            metrics.transport.stand(standing)
    except LedgerError:
        pass  # measures are told without the database too: it is when it is away that they are looked at
    return Response(metrics.text(), media_type="text/plain; version=0.0.4")


@get(
    "/api/status/stream",
    summary="The standing as it changes",
    tags=["Operations"],
    media_type="text/event-stream",
    responses=problems(429),
)
async def status_stream(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor], news: NamedDependency[News]) -> Response[str]:
    """Server-sent events, one a second at the most: the head, totals, and to whoever may read entries the last of them."""
    news.must_have_room()
    # Server-sent events are a stream of text; the declared type is what OpenAPI tells.
    return Stream(  # type: ignore[return-value]
        news.watched(_changes(parts, news, visitor.reads)), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _changes(parts: Parts, news: News, reads: bool) -> AsyncIterator[bytes]:
    position = -1
    while True:
        try:
            standing = await parts.reader.standing()
            views = await parts.reader.views()
            recent = await parts.reader.recent() if reads else []
            position = standing.position
            change = StatusChange(
                position=position,
                admitted_at=standing.admitted_at,
                admitted=standing.admitted,
                duplicate=standing.duplicate,
                refused=standing.refused,
                open_refusals=standing.open_refusals,
                behind=max((view.lag for view in views), default=0),
                recent=recent,
            )
            yield b"event: status\ndata: %s\n\n" % msgspec.json.encode(change)
        except StoreUnavailable:
            yield b": the database is away\n\n"
        await asyncio.sleep(1)
        if not await news.beyond(position, HEARTBEAT_SECONDS):
            yield b": still here\n\n"


HANDLERS = [status, healthz, readyz, measures, status_stream]
