"""What is published of every indicator, cell by cell: the same questions in every export and in the schema ``analysis``.

A cell is flat, so that a spreadsheet or a BI tool reads it: up to three dimensions in columns of their own, and every
number that a page shows. It is made of a :class:`~ledger.figure.Figure` and of nothing else, so what is hidden on a page is
hidden here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import msgspec

from ledger.dimension import DIMENSIONS, QUARTER, YEAR
from ledger.figure import Figure, Row
from ledger.indicator import Indicator, Method, indicators
from ledger.projection import doc

TIME = frozenset({YEAR, QUARTER})


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One published cell. What may not be shown is None."""

    indicator: Annotated[str, doc("Id of the indicator, IND-01 to IND-43")]
    version: Annotated[int, doc("Version of its definition; two versions are never joined in one series")]
    definition: Annotated[str, doc("Hash of its definition: SHA-256 of the catalogue's words and choices, first 16 hex digits")]
    position: Annotated[int, doc("N: the last position of the ledger that counts")]
    as_of: Annotated[date, doc("D: the last day that counts")]
    dimension_1: Annotated[str | None, doc("First dimension that the indicator is split by; empty in the total")]
    value_1: Annotated[str | None, doc("Value of the first dimension")]
    dimension_2: Annotated[str | None, doc("Second dimension")]
    value_2: Annotated[str | None, doc("Value of the second dimension")]
    unit: Annotated[
        str, doc("Unit of value, low and high: share, points (a difference of shares), days, minutes, cents, basis_points or per_10000")
    ]
    numerator: Annotated[int | None, doc("Above the line; empty when hidden")]
    denominator: Annotated[int | None, doc("Below the line; empty when hidden")]
    value: Annotated[float | None, doc("The figure; empty when hidden, or when there is nothing below the line")]
    low: Annotated[float | None, doc("Lower limit of the 95 % interval")]
    high: Annotated[float | None, doc("Upper limit of the 95 % interval")]
    p25: Annotated[int | None, doc("Days at which a quarter has reached the event; times only")]
    p75: Annotated[int | None, doc("Days at which three quarters have reached it; times only")]
    p90: Annotated[int | None, doc("Days at which nine of ten have reached it; times only")]
    naive: Annotated[float | None, doc("Median of closed cases only: biased, to be compared and not to be used")]
    immature: Annotated[int | None, doc("Units whose horizon has not passed on D: not below the line")]
    left_scope: Annotated[int | None, doc("Units that left (death, departure) before their horizon: not below the line")]
    neutral: Annotated[int | None, doc("Units that ended for a reason that counts for nobody: not below the line")]
    unknown: Annotated[int | None, doc("Units whose outcome cannot be told: not below the line")]
    coverage: Annotated[float | None, doc("Share of the units on which a service should report that it reported on")]
    coverage_state: Annotated[str | None, doc("ok, flagged (under 80 %) or withheld (under 50 %); empty where feedback does not matter")]
    hidden: Annotated[bool, doc("Whether the cell is hidden, as a small number or to protect one")]
    erased: Annotated[int, doc("Persons erased from the ledger: in no figure")]


def questions(declared: Indicator) -> Iterator[tuple[str, ...]]:
    """The splits that are published of an indicator: none, each dimension, and each dimension within each year.

    A mix is split by its own categories as well, so it is not crossed with the years.
    """
    yield ()
    for name in declared.splits:
        yield (name,)
    if YEAR in declared.splits and declared.method is not Method.MIX:
        for name in declared.splits:
            if name not in TIME:
                yield (YEAR, name)


def published() -> tuple[Indicator, ...]:
    """The indicators that may leave the house: all but the restricted ones."""
    return tuple(one for one in indicators().values() if not one.restricted)


def definition_hash(declared: Indicator) -> str:
    """Tells whether an indicator's definition is the one that a figure was made with."""
    told = msgspec.json.encode(
        [
            declared.id,
            declared.version,
            [declared.definition.nl, declared.numerator.nl, declared.denominator.nl],
            [declared.method.value, declared.unit.name, declared.base.name, declared.horizon],
            [declared.dimensions, declared.needs, declared.coverage, declared.control],
        ]
    )
    return hashlib.sha256(told).hexdigest()[:16]


def cells(declared: Indicator, figure: Figure) -> list[Cell]:
    """The cells of a figure."""
    digest = definition_hash(declared)
    return [_cell(figure, row, digest) for row in figure.rows]


def _cell(figure: Figure, row: Row, digest: str) -> Cell:
    low, high = row.interval if row.interval is not None else (None, None)
    split: Sequence[tuple[str | None, str | None]] = [*((name, row.strata[name]) for name in figure.by), (None, None), (None, None)]
    reached = {one.share: one.days for one in row.quantiles}
    return Cell(
        indicator=figure.id,
        version=figure.version,
        definition=digest,
        position=figure.position,
        as_of=figure.as_of,
        dimension_1=split[0][0],
        value_1=split[0][1],
        dimension_2=split[1][0],
        value_2=split[1][1],
        unit=figure.unit,
        numerator=row.numerator,
        denominator=row.denominator,
        value=row.value,
        low=low,
        high=high,
        p25=reached.get(0.25),
        p75=reached.get(0.75),
        p90=reached.get(0.9),
        naive=row.naive,
        immature=row.immature,
        left_scope=row.left_scope,
        neutral=row.neutral,
        unknown=row.unknown,
        coverage=row.coverage,
        coverage_state=row.coverage_state,
        hidden=row.hidden,
        erased=figure.erased,
    )


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What an indicator means."""

    indicator: Annotated[str, doc("Id of the indicator")]
    version: Annotated[int, doc("Version of the definition")]
    definition: Annotated[str, doc("Hash of the definition, as in the cells")]
    theme_nl: Annotated[str, doc("Theme, in Dutch")]
    theme_en: Annotated[str, doc("Theme, in English")]
    title_nl: Annotated[str, doc("Title, in Dutch")]
    title_en: Annotated[str, doc("Title, in English")]
    meaning_nl: Annotated[str, doc("Definition in words, in Dutch")]
    meaning_en: Annotated[str, doc("Definition in words, in English")]
    numerator_nl: Annotated[str, doc("What stands above the line, in Dutch")]
    numerator_en: Annotated[str, doc("What stands above the line, in English")]
    denominator_nl: Annotated[str, doc("What stands below the line, in Dutch")]
    denominator_en: Annotated[str, doc("What stands below the line, in English")]
    method: Annotated[str, doc("share, ratio, time or rate")]
    unit: Annotated[str, doc("Unit of the value")]
    base_nl: Annotated[str, doc("What its cohort or period is read from, in Dutch")]
    base_en: Annotated[str, doc("What its cohort or period is read from, in English")]
    horizon: Annotated[int | None, doc("Days that a unit must have behind it to be counted")]
    decisions: Annotated[str, doc("The questions of the evaluation that it informs: Q1 regulation, Q2 agreements, Q3 choices")]
    sources: Annotated[str, doc("Statements of the policy note that it answers")]
    caveat_nl: Annotated[str | None, doc("What must stand beside it, in Dutch")]
    caveat_en: Annotated[str | None, doc("What must stand beside it, in English")]


def definition(declared: Indicator) -> Definition:
    """The definition of an indicator as a flat record."""
    return Definition(
        indicator=declared.id,
        version=declared.version,
        definition=definition_hash(declared),
        theme_nl=declared.theme.label.nl,
        theme_en=declared.theme.label.en,
        title_nl=declared.title.nl,
        title_en=declared.title.en,
        meaning_nl=declared.definition.nl,
        meaning_en=declared.definition.en,
        numerator_nl=declared.numerator.nl,
        numerator_en=declared.numerator.en,
        denominator_nl=declared.denominator.nl,
        denominator_en=declared.denominator.en,
        method=declared.method.value,
        unit=declared.unit.name.lower(),
        base_nl=declared.base.label.nl,
        base_en=declared.base.label.en,
        horizon=declared.horizon,
        decisions=" ".join(declared.decisions),
        sources=" ".join(declared.sources),
        caveat_nl=declared.caveat.nl if declared.caveat else None,
        caveat_en=declared.caveat.en if declared.caveat else None,
    )


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a dimension in words."""

    dimension: Annotated[str, doc("Code of the dimension, as in the cells")]
    dimension_nl: Annotated[str, doc("The dimension in Dutch")]
    dimension_en: Annotated[str, doc("The dimension in English")]
    value: Annotated[str, doc("Value, as in the cells")]
    value_nl: Annotated[str, doc("The value in Dutch")]
    value_en: Annotated[str, doc("The value in English")]


def values(found: Sequence[Cell]) -> list[Value]:
    """Every value of a dimension that stands in some cells, in words."""
    seen = {(name, value) for cell in found for name, value in ((cell.dimension_1, cell.value_1), (cell.dimension_2, cell.value_2))}
    told = []
    for name, value in sorted((name, value) for name, value in seen if name is not None and value is not None):
        dimension = DIMENSIONS[name]
        told.append(
            Value(
                dimension=name,
                dimension_nl=dimension.nl,
                dimension_en=dimension.en,
                value=value,
                value_nl=dimension.label(value, "nl"),
                value_en=dimension.label(value, "en"),
            )
        )
    return told
