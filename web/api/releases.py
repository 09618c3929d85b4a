"""GET /api/releases and /api/releases/{release}: the figures of closed quarters, fixed for good. Open to everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from ledger.errors import NotFound
from ledger.indicator import indicators
from ledger.publication import Cell
from streams.releases import Cause, Change, Release
from streams.wiring import Parts
from web.api.responses import problems
from web.problem import ProblemError, ProblemKind, missing


class ReleaseItem(msgspec.Struct, frozen=True, kw_only=True):
    """One release."""

    release: str
    """Quarter and revision: 2025-Q4.r0."""
    quarter: str
    revision: int
    why: str
    """closing, revision or yearly."""
    position: int
    as_of: date
    cut_on: date
    """The day at whose start the position was taken."""
    published_at: datetime
    erased: int
    cells: int
    hidden: int
    changed: int
    """Cells that differ from the release before."""
    digest: str
    """SHA-256 over its cells."""


class ReleasesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every release, newest first."""

    releases: list[ReleaseItem]


class ReleaseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One release with its cells; ``changes`` and ``causes`` tell what differs from the one before, and through what."""

    release: ReleaseItem
    cells: list[Cell]
    changes: list[Change]
    causes: list[Cause]


def release_item(found: Release) -> ReleaseItem:
    """A release as the API answers it."""
    return ReleaseItem(
        release=found.release,
        quarter=found.quarter,
        revision=found.revision,
        why=found.why.value,
        position=found.position,
        as_of=found.as_of,
        cut_on=found.cut_on,
        published_at=found.published_at,
        erased=found.erased,
        cells=found.cells,
        hidden=found.hidden,
        changed=found.changed,
        digest=found.digest,
    )


@get("/api/releases", summary="Releases of closed quarters", tags=["Evaluation"], responses=problems())
async def releases(parts: NamedDependency[Parts]) -> ReleasesAnswer:
    """Every release, newest first. The newest revision of a quarter is the one to use; the older ones stay readable."""
    return ReleasesAnswer(releases=[release_item(found) for found in await parts.releases.all()])


@get("/api/releases/{release:str}", summary="One release", tags=["Evaluation"], responses=problems(404))
async def release(
    parts: NamedDependency[Parts],
    release: Annotated[str, PathParameter(description="Quarter and revision, as 2025-Q4.r0.")],
    indicator: Annotated[str | None, QueryParameter(description="Only this indicator, as IND-01.")] = None,
) -> ReleaseAnswer:
    """The published cells of a release, small numbers hidden."""
    if indicator is not None and indicator.upper() not in indicators():
        raise ProblemError(
            ProblemKind.BAD_PARAMETER,
            "die indicator bestaat niet; GET /api/indicators noemt ze allemaal",
            "there is no such indicator; GET /api/indicators lists them all",
            pointer="indicator",
        )
    try:
        told = await parts.releases.tell(release, indicator.upper() if indicator else None)
    except NotFound as error:
        raise missing(
            "die vrijgave bestaat niet; GET /api/releases noemt ze allemaal", "there is no such release; GET /api/releases lists them all"
        ) from error
    return ReleaseAnswer(release=release_item(told.release), cells=list(told.cells), changes=list(told.changes), causes=list(told.causes))


HANDLERS = [releases, release]
