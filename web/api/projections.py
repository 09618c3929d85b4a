"""GET /api/projections and the rebuild of one."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from streams.standing import RebuildState, ViewStanding
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.api.standings import PartitionItem, ProjectionItem, ProjectionsAnswer, RebuildAnswer, RebuildProgress, StalledItem
from web.visitor import Visitor


def projection_item(view: ViewStanding, visitor: Visitor) -> ProjectionItem:
    """A view as the API tells it. How many rows it has is for readers: of a small ledger it counts persons and their cases."""
    return ProjectionItem(
        name=view.name,
        version=view.version,
        label=view.label,
        position=view.position,
        lag=view.lag,
        as_of=view.as_of,
        state=view.state,
        rows=view.rows if visitor.reads else None,
        stalled=view.stalled,
        rebuilding=_progress(view.rebuilding),
        partitions=[
            PartitionItem(
                topic=one.topic,
                partition=one.partition,
                position=one.position,
                lag=one.lag,
                worker=one.worker if visitor.operates else None,
            )
            for one in view.partitions
        ],
    )


def _progress(rebuild: RebuildState | None) -> RebuildProgress | None:
    return None if rebuild is None else RebuildProgress(position=rebuild.done, of=rebuild.total)


@get("/api/projections", summary="The views and how far they are", tags=["Operations"], responses=problems())
async def projections(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor]) -> ProjectionsAnswer:
    """Every view with its version, position and lag. Stalled streams are named to whoever may read persons."""
    views = await parts.reader.views()
    stalled = await parts.reader.stalled() if visitor.reads else []
    return ProjectionsAnswer(
        position=(await parts.store.head()).position,
        projections=[projection_item(view, visitor) for view in views],
        stalled=[
            StalledItem(
                projection=one.projection,
                stream=one.stream,
                position=one.position,
                reason=one.reason,
                since=one.since,
                tried_at=one.tried_at,
                attempts=one.attempts,
            )
            for one in stalled
        ],
    )


@post(
    "/api/projections/{name:str}/rebuild",
    status_code=202,
    summary="Rebuild a view",
    tags=["Operations"],
    responses=problems(*READERS, 404),
)
async def rebuild(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    name: Annotated[str, PathParameter(description="Name, or all.")],
) -> RebuildAnswer:
    """Fill a new table beside the live one from the log alone, and swap. The live one answers meanwhile."""
    visitor.must_operate()
    asked = await parts.reader.rebuild(name)
    return RebuildAnswer(name=name, number=asked.number, requested_at=asked.requested_at)


HANDLERS = [projections, rebuild]
