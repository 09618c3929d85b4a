"""GET /api/comparison: what the ledger knew at two positions, side by side, for auditors."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ledger.indicator import indicators
from streams.differences import Tally, Through
from streams.figures import declared
from streams.wiring import Parts
from web.api.indicators import RowItem, read_by
from web.api.responses import READERS, problems
from web.comparing import MOST_SECONDS, SECONDS, compared, while_awaited
from web.parameters import read_day
from web.visitor import Visitor

ROWS = 1_000
NONE = "none"
"""As the indicator: rows alone."""

Values = dict[str, str | float | bool | list[str | float] | None]
"""Values as JSON tells them; a date is a text. An int fits float: said apart, OpenAPI would take it for two answers."""


class ChangeItem(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is there at one position only, or that says something else."""

    view: str
    key: str
    kind: str
    """``added``, ``removed`` or ``changed``."""
    columns: list[str]
    """Those that differ."""
    before: Values | None
    """What the columns held; null for what is about persons."""
    after: Values | None
    through: list[Through]
    """The newest entries in between that stand behind it."""


class FigureItem(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator that says something else."""

    id: str
    cells: list[list[RowItem | None]]
    """Each cell that differs, before and after; null for one that was not there."""
    types: dict[str, int]
    """How many entries of which types changed the rows that it reads."""
    through: list[Through]


class ComparisonAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Two positions side by side: the JSON of :class:`~streams.differences.Compared`."""

    first: int
    last: int
    as_of: date
    entries: dict[str, int]
    """Entries in between, by short type."""
    views: dict[str, Tally]
    """How many rows of each view differ."""
    changes: list[ChangeItem]
    """The first of them."""
    figures: list[FigureItem]
    unreadable: list[str]
    """Streams that could not be opened, and were left out."""


@get("/api/comparison", summary="Two positions side by side", tags=["Audit"], responses=problems(*READERS, 404, 422, 429))
async def comparison(
    request: Request[Any, Any, Any],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    first: Annotated[str, QueryParameter(name="from", max_length=40, description="A position, a moment (RFC 3339) or a date.")],
    last: Annotated[str, QueryParameter(name="to", max_length=40, description="The same; empty for now.")] = "",
    as_of: Annotated[str | None, QueryParameter(description="Business date YYYY-MM-DD of both; default: today in the ledger.")] = None,
    indicator: Annotated[
        str, QueryParameter(max_length=400, description="Indicators, split by a comma; empty for all, `none` for rows alone.")
    ] = "",
    by: Annotated[str | None, QueryParameter(max_length=120, description="Dimensions of the figures, split by a comma.")] = None,
    rows: Annotated[int, QueryParameter(ge=0, le=ROWS, description="How many changed rows are told one by one.")] = 100,
    seconds: Annotated[int, QueryParameter(ge=1, le=MOST_SECONDS, description="How long it may take.")] = SECONDS,
) -> Response[ComparisonAnswer]:
    """Which entries came in between, and which rows and figures changed through them: the answer of `ledger compare --json`.

    Both cuts are recomputed from the log, which takes its time: one comparison runs at once, and it stops when you hang up.
    Of persons it tells which columns changed, not what they hold.
    """
    visitor.must_read()
    chosen = [] if indicator == NONE else [declared(id) for id in read_by(indicator)] or list(indicators().values())
    work = compared(
        parts,
        first=first,
        last=last,
        as_of=read_day(as_of, "as_of") if as_of is not None else None,
        chosen=chosen,
        by=read_by(by),
        rows=rows,
        seconds=seconds,
    )
    found = await while_awaited(work, lambda: _left(request))
    # Nobody reads the answer when it is empty: the connection is gone.
    return Response(msgspec.json.encode(found), media_type=MediaType.JSON)  # type: ignore[arg-type]


async def _left(request: Request[Any, Any, Any]) -> None:
    """Returns when the client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


HANDLERS = [comparison]
