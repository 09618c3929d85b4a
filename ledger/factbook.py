"""The factbook: the fact tables that indicators compute on, as polars frames cut at one as-of date and one position.

It is filled from the view tables or from a replay of the log, by the same projections, so a figure is the same whichever
way its facts came. Frames that several indicators use (persons with their dimensions, the instances of one clock) are
made once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from ledger.codes.region import Region
from ledger.dimension import BRUSSELS, FLANDERS, SEVERAL, UNKNOWN, province_of
from ledger.parameters import PARAMETERS, Parameters
from ledger.projection import Column, Projection, SqlValue, projections
from ledger.quality import SourceState

_TYPES: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "text": pl.String,
    "jsonb": pl.String,
    "boolean": pl.Boolean,
    "bigint": pl.Int64,
    "double precision": pl.Float64,
    "date": pl.Date,
    "timestamp with time zone": pl.Datetime("us", "UTC"),
    "text[]": pl.List(pl.String),
    "bigint[]": pl.List(pl.Int64),
}

PEOPLE: Final[Mapping[str, str]] = {
    "region": "region0",
    "agency": "agency0",
    "gender": "gender",
    "education": "edu0",
    "nationality": "nat_group",
    "obligation": "obligation",
    "ground": "ground",
    "benefit": "benefit0",
    "self_reliance": "self_rel",
    "learning": "learn_ab",
    "outlook": "outlook",
    "oral": "oral0",
}
"""Dimensions of persons by the column of ``facts`` that holds them: the value on the contract date."""
PERSONAL: Final = ("area", "province", *PEOPLE, "age", "pilot")
"""Every dimension of persons."""


def schema_of(columns: Iterable[Column]) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The polars types of a view's columns."""
    return {column.name: _TYPES[column.sql_type] for column in columns}


def frame_of(projection: Projection, records: Sequence[tuple[SqlValue, ...]]) -> pl.DataFrame:
    """Rows of a projection as a frame."""
    return pl.DataFrame(records, schema=schema_of(projection.columns), orient="row")


def served(regions: str) -> pl.Expr:
    """The region that an offer or edition serves, from a list of regions: ``several`` when it is more than one."""
    listed = pl.col(regions)
    one = pl.when(listed.list.len() == 1).then(listed.list.first()).otherwise(pl.lit(SEVERAL))
    return pl.when(listed.list.len() > 0).then(one).otherwise(pl.lit(UNKNOWN)).alias("served")


class Factbook:
    """Fact tables at one (D, N). Immutable but for what it remembers."""

    def __init__(
        self,
        frames: Mapping[str, pl.DataFrame],
        *,
        as_of: date,
        position: int,
        erased: int = 0,
        sources: Sequence[SourceState] = (),
        refusals: Mapping[tuple[str, date], int] | None = None,
        parameters: Parameters = PARAMETERS,
    ) -> None:
        self.as_of = as_of
        self.position = position
        """N: what is known up to here counts."""
        self.erased = erased
        """Erased persons: in none of the frames."""
        self.sources = tuple(sources)
        """The quality of every source."""
        self.refusals = dict(refusals or {})
        """Submissions refused for a role boundary (R14), per source and first day of the month."""
        self.parameters = parameters
        self._frames = dict(frames)
        self._kept: dict[str, pl.DataFrame] = {}

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """The fact tables that it was given, by name."""
        return self._frames

    def table(self, name: str) -> pl.DataFrame:
        """A fact table; empty when nothing of it is known."""
        if name in self._frames:
            return self._frames[name]
        return self.keep(f"empty {name}", lambda: frame_of(projections()[name], ())).collect()

    def keep(self, name: str, make: Callable[[], pl.DataFrame]) -> pl.LazyFrame:
        """A frame that is made the first time that it is asked for, under a name."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name].lazy()

    def lazy(self, name: str) -> pl.LazyFrame:
        """A fact table, of which only what is used is looked at."""
        return self.table(name).lazy()

    def clock(self, *ids: str) -> pl.LazyFrame:
        """The instances of some clocks; ``case_id`` is what each is measured on, whether it is the first on it or a later one."""
        case = pl.col("case_key").str.replace("#[0-9]+$", "").alias("case_id")
        return self.keep(f"clock {' '.join(ids)}", lambda: self.table("clocks").filter(pl.col("clock").is_in(list(ids))).with_columns(case))

    def people(self) -> pl.LazyFrame:
        """Persons with a first contract: every column of ``facts``, and the dimensions of persons."""
        return self.keep("people", self._people)

    def of_people(self, table: pl.LazyFrame) -> pl.LazyFrame:
        """A table of persons' facts with the dimensions of its persons, and when and how they left; ``unknown`` without a contract."""
        persons = self.people().select("key", "contract_on", "end_on", "end_kind", "fb_state", "reg_on", *PERSONAL)
        joined = table.join(persons, on="key", how="left", suffix="_person")
        unknown = pl.lit(UNKNOWN, dtype=pl.Categorical)
        return joined.with_columns(pl.col(name).fill_null(unknown) for name in PERSONAL)

    def _people(self) -> pl.DataFrame:
        facts = self.table("facts").filter(pl.col("contract_on").is_not_null())
        region = pl.col("region0").fill_null(UNKNOWN)
        area = pl.when(region.is_in([UNKNOWN, BRUSSELS])).then(region).otherwise(pl.lit(FLANDERS))
        province = region.replace({one.value: province_of(one.value) for one in Region})
        band = pl.lit(None, dtype=pl.String)
        for first, name in ((0, "-17"), (18, "18-24"), (25, "25-34"), (35, "35-44"), (45, "45-54"), (55, "55-64"), (65, "65+")):
            band = pl.when(pl.col("age0") >= first).then(pl.lit(name)).otherwise(band)
        pilot = pl.when(pl.col("pilots") == "{}").then(pl.lit("no")).otherwise(pl.lit("yes"))
        dimensions = {name: pl.col(column).cast(pl.String).fill_null(UNKNOWN) for name, column in PEOPLE.items()}
        dimensions |= {"area": area, "province": province, "age": band.fill_null(UNKNOWN), "pilot": pilot}
        with_pillar = facts.with_columns(pl.col("parts").list.contains("pillar3").alias("pillar3"))
        return with_pillar.with_columns(one.cast(pl.Categorical).alias(name) for name, one in dimensions.items())
