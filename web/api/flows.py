"""GET /api/flows: how many live events of which type happened where and when, small counts protected."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from streams.wiring import Parts
from web.api.answers import FlowItem, FlowsAnswer
from web.api.responses import problems
from web.figures import flows_of
from web.problem import ProblemError, ProblemKind

Dimension = Literal["type", "region", "month"]


@get("/api/flows", summary="Flows", tags=["Figures"], responses=problems())
async def flows(
    parts: NamedDependency[Parts],
    by: Annotated[Dimension, QueryParameter(description="What to count by.")] = "type",
    type: Annotated[str | None, QueryParameter(max_length=80, description="Only this short event type; with by=region.")] = None,
    region: Annotated[str | None, QueryParameter(max_length=40, description="Only this region, or unknown; with by=type.")] = None,
) -> FlowsAnswer:
    """Live events by one dimension. A count of 1 to 4 is hidden, and so is whatever would give it away."""
    if (type is not None and by != "region") or (region is not None and by != "type"):
        raise ProblemError(
            ProblemKind.BAD_PARAMETER,
            "type gaat samen met by=region, region met by=type: andere kruisingen zijn er niet",
            "type goes with by=region, region with by=type: there are no other crossings",
            pointer="by",
        )
    figures = flows_of(await parts.reader.flows())
    view = {view.name: view for view in await parts.reader.views()}.get("flows")
    return FlowsAnswer(
        position=view.position if view else 0,
        as_of=view.as_of if view else None,
        by=by,
        rows=[
            FlowItem(
                month=code if by == "month" else None,
                type=code if by == "type" else type,
                region=code if by == "region" else region,
                n=cell.n,
                hidden=cell.hidden,
            )
            for code, cell in sorted(figures.by(by, type=type, region=region).items())
        ],
        total=figures.total(type=type, region=region).n,
    )


HANDLERS = [flows]
