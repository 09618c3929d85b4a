"""Flat tables for other tools: each written as CSV or Parquet, all of them described in one data dictionary.

The dictionary is a Data Package (``datapackage.json``, Frictionless Data Package 1): every table, every column, its type and
what it says, in a form that tools read and people can.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from ledger.errors import LedgerError
from ledger.factbook import schema_of
from ledger.projection import Column, Projection, columns_of
from streams.durable import appearing

_DICTIONARY: Final[Mapping[str, str]] = {
    "text": "string",
    "jsonb": "string",
    "boolean": "boolean",
    "bigint": "integer",
    "double precision": "number",
    "date": "date",
    "timestamp with time zone": "datetime",
    "text[]": "string",
    "bigint[]": "string",
}
MANIFEST = "datapackage.json"


class TableFormat(StrEnum):
    """How a table is written."""

    PARQUET = "parquet"
    CSV = "csv"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table to be written."""

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    private: bool = False
    """Whether it holds rows of persons."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was written."""

    file: str
    rows: int
    bytes: int
    sha256: str


def table_of(name: str, title: str, row: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> Table:
    """A table with a column for each field of a row."""
    columns = columns_of(row)
    frame = pl.DataFrame([msgspec.structs.astuple(one) for one in rows], schema=schema_of(columns), orient="row")
    return Table(name=name, title=title, columns=columns, frame=frame)


def table_of_view(projection: Projection, frame: pl.DataFrame) -> Table:
    """The rows of a view; lists are written ``a|b``, so that CSV and Parquet hold the same."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    flat = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("|") for name in lists)
    return Table(name=projection.name, title=projection.en, columns=projection.columns, frame=flat, private=True)


def write_table(table: Table, folder: Path, form: TableFormat) -> Written:
    """Write a table into a folder, whole or not at all. :raises LedgerError: the folder cannot be written."""
    file = folder / f"{table.name}.{form.value}"
    with appearing(file, private=table.private) as part:
        if form is TableFormat.PARQUET:
            table.frame.write_parquet(part, compression="zstd")
        else:
            table.frame.write_csv(part)
        body = part.read_bytes()
    return Written(file=file.name, rows=table.frame.height, bytes=len(body), sha256=hashlib.sha256(body).hexdigest())


class _Field(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    type: str
    description: str = ""


class _Schema(msgspec.Struct, frozen=True, kw_only=True, rename={"missing": "missingValues"}):
    fields: list[_Field]
    missing: list[str]


class _Resource(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    path: str
    title: str
    format: str
    bytes: int
    hash: str
    schema: _Schema


class _Package(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    description: str
    resources: list[_Resource]


def write_dictionary(tables: Sequence[tuple[Table, Written]], folder: Path, *, title: str, description: str) -> Path:
    """Write the data dictionary of the tables in a folder."""
    resources = [
        _Resource(
            name=table.name.replace("_", "-"),
            path=written.file,
            title=table.title,
            format=written.file.rpartition(".")[2],
            bytes=written.bytes,
            hash=f"sha256:{written.sha256}",
            schema=_Schema(
                fields=[
                    _Field(name=column.name, type=_DICTIONARY[column.sql_type], description=column.comment or "")
                    for column in table.columns
                ],
                missing=[""],
            ),
        )
        for table, written in tables
    ]
    package = _Package(name="trajectory-ledger", title=title, description=description, resources=resources)
    file = folder / MANIFEST
    try:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(package), indent=2) + b"\n")
    except OSError as error:
        raise LedgerError(f"{file} cannot be written: {error.strerror}; name another folder with --out") from error
    return file
