"""GET /api/indicators and /api/indicators/{id}: the figures of the evaluation, small numbers protected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import PathParameter, QueryParameter

from ledger.access import Channel, ReadKind
from ledger.cohort import Cohort, Unanswerable, read_cohort
from ledger.curve_grid import Point
from ledger.duration import TimeTo
from ledger.figure import Figure as Figured
from ledger.figure import Limits, Row, Side
from ledger.indicator import Indicator, indicators
from ledger.verdict import Message
from streams.figures import declared
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.figure_csv import figure_csv
from web.parameters import read_day, read_known_at
from web.problem import ProblemError, ProblemKind
from web.purposes import opened
from web.visitor import Visitor


class IndicatorItem(msgspec.Struct, frozen=True, kw_only=True):
    """What an indicator is."""

    id: str
    version: int
    theme: Message
    title: Message
    definition: Message
    numerator: Message
    denominator: Message
    unit: str
    method: str
    base: Message
    """What its cohort or period is read from."""
    horizon: int | None
    by: list[str]
    """What it can be split by."""
    decisions: list[str]
    sources: list[str]
    restricted: bool
    caveat: Message | None


class IndicatorsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every indicator."""

    indicators: list[IndicatorItem]


class RowItem(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of an indicator; what may not be shown is null."""

    strata: dict[str, str]
    numerator: int | None
    denominator: int | None
    value: float | None
    interval: Limits | None
    immature: int | None
    left_scope: int | None
    neutral: int | None
    unknown: int | None
    coverage: float | None
    coverage_state: str | None
    hidden: bool
    quantiles: list[TimeTo]
    naive: float | None
    sides: list[Side]
    """For gaps: the two groups whose shares are compared."""
    curve: list[Point]
    """For times: the cumulative incidence, with how many are still followed."""


class IndicatorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator at one position and date. ``total`` is the same without a split."""

    id: str
    version: int
    title: Message
    unit: str
    position: int
    as_of: date
    cohort: str | None
    by: list[str]
    hidden: int
    erased: int
    protected: bool
    caveat: Message | None
    rows: list[RowItem]
    total: RowItem


def indicator_item(found: Indicator) -> IndicatorItem:
    """A declared indicator."""
    return IndicatorItem(
        id=found.id,
        version=found.version,
        theme=found.theme.label,
        title=found.title,
        definition=found.definition,
        numerator=found.numerator,
        denominator=found.denominator,
        unit=found.unit.name.lower(),
        method=found.method.value,
        base=found.base.label,
        horizon=found.horizon,
        by=list(found.splits),
        decisions=list(found.decisions),
        sources=list(found.sources),
        restricted=found.restricted,
        caveat=found.caveat,
    )


def _row(row: Row) -> RowItem:
    told = {name: getattr(row, name) for name in row.__struct_fields__}
    listed = {name: list(told[name]) for name in ("quantiles", "sides", "curve")}
    return RowItem(**{**told, **listed, "strata": dict(row.strata)})


def indicator_answer(figure: Figured) -> IndicatorAnswer:
    """A figure as the API answers it."""
    found = declared(figure.id)
    return IndicatorAnswer(
        id=figure.id,
        version=figure.version,
        title=found.title,
        unit=figure.unit,
        position=figure.position,
        as_of=figure.as_of,
        cohort=figure.cohort,
        by=list(figure.by),
        hidden=figure.hidden,
        erased=figure.erased,
        protected=figure.protected,
        caveat=found.caveat,
        rows=[_row(row) for row in figure.rows],
        total=_row(figure.total),
    )


def read_by(text: str | None) -> tuple[str, ...]:
    """The dimensions in ``region,gender``."""
    return tuple(name for part in (text or "").split(",") if (name := part.strip()))


def unanswerable(error: Unanswerable) -> ProblemError:
    """A question that cannot be answered as it is asked."""
    return ProblemError(ProblemKind.BAD_PARAMETER, error.message.nl, error.message.en, pointer=error.pointer)


def read_period(text: str | None) -> Cohort | None:
    """The cohort of a query."""
    if not text:
        return None
    try:
        return read_cohort(text)
    except Unanswerable as error:
        raise unanswerable(error) from error


@get("/api/indicators", summary="Indicators", tags=["Figures"], responses=problems())
async def listed() -> IndicatorsAnswer:
    """Every indicator with its definition, and what it can be split by."""
    return IndicatorsAnswer(indicators=[indicator_item(found) for found in indicators().values()])


@dataclass
class FigureOperation(Operation):
    """GET /api/indicators/{id} answers JSON, or CSV when it is asked for."""

    def __post_init__(self) -> None:
        """Tell of the second form."""
        answered = (self.responses or {}).get("200")
        if isinstance(answered, OpenAPIResponse):
            csv = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, description="One line per cell, with a head"))
            answered.content = {**(answered.content or {}), "text/csv": csv}


@get(
    "/api/indicators/{id:str}",
    summary="One indicator",
    tags=["Figures"],
    responses=problems(*READERS, 404),
    operation_class=FigureOperation,
)
async def indicator(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    id: Annotated[str, PathParameter(description="IND-01 to IND-43.")],
    by: Annotated[str | None, QueryParameter(max_length=120, description="At most three dimensions, split by a comma.")] = None,
    cohort: Annotated[
        str | None, QueryParameter(max_length=60, description="FROM:TO in days, years or quarters; whole quarters for what is public.")
    ] = None,
    as_of: Annotated[str | None, QueryParameter(description="Business date YYYY-MM-DD; for auditors. Default: that of the views.")] = None,
    known_at: Annotated[
        str | None, QueryParameter(description="A position, a moment (RFC 3339) or a date; for auditors. Default: that of the views.")
    ] = None,
    format: Annotated[Literal["json", "csv"], QueryParameter(description="How to answer.")] = "json",
    unprotected: Annotated[bool, QueryParameter(description="The exact figures; for the operator, and written to the log.")] = False,
    purpose: Annotated[str | None, QueryParameter(max_length=40, description="With unprotected: what for.")] = None,
) -> Response[IndicatorAnswer]:
    """A figure with its interval. Cells that could single out persons are hidden, and so is whatever would give them away.

    Another date or position than that of the views is recomputed from the log, which takes its time.
    """
    found = declared(id)
    if unprotected:
        asked = f"{found.id} by={by or ''} cohort={cohort or ''} as_of={as_of or ''} known_at={known_at or ''}"
        await opened(parts, visitor, ReadKind.EXACT_FIGURES, Channel.API, purpose=purpose, asked=asked, operates=True)
    if found.restricted or as_of is not None or known_at is not None:
        visitor.must_read()
    try:
        figure = await parts.figures.figure(
            found.id,
            by=read_by(by),
            cohort=read_period(cohort),
            as_of=read_day(as_of, "as_of") if as_of is not None else None,
            known_at=await read_known_at(known_at, parts.store) if known_at is not None else None,
            protected=not unprotected,
        )
    except Unanswerable as error:
        raise unanswerable(error) from error
    if format == "csv":
        name = f'attachment; filename="{figure.id}-{figure.position}.csv"'
        return Response(figure_csv(figure), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})  # type: ignore[arg-type]
    return Response(indicator_answer(figure))


HANDLERS = [listed, indicator]
