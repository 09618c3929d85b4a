"""The tables of projections: made from their row Structs, filled by COPY, swapped when rebuilt.

A projection's rows live in ``view.<name>_<version>_<serial>``; readers use the SQL view ``view.<name>``, which points at
the live table. All of it happens in the caller's transaction.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypeAlias

import asyncpg
import msgspec

from ledger.aggregate import FINDING_COLUMNS
from ledger.projection import Column, Projection, SqlValue, ddl, projections, table_ddl
from streams.postgres.sql import sql

SCHEMA = "view"
HELD = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
"""Somebody reads the old table still."""
SWAP_PAUSE_SECONDS = 1.0
"""How long readers have their turn before a swap is tried again."""
NULL = "\\N"
"""How :func:`as_csv` writes what is not there."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


class ViewTable(msgspec.Struct, frozen=True):
    """One table of a projection."""

    table: str
    """Without the schema."""
    name: str
    version: int
    live: bool
    position: int


async def tables(connection: Connection) -> list[ViewTable]:
    """Every table of a projection that the database knows."""
    rows = await connection.fetch(sql("projection_tables"))
    return [ViewTable(row["table_name"], row["name"], row["version"], row["state"] == "live", row["position"]) for row in rows]


async def build(connection: Connection, projection: Projection, serial: int, now: datetime) -> str:
    """Make an empty table for a projection, not yet live; answers its name without the schema."""
    table = f"{projection.name}_{projection.version}_{serial}"
    await connection.execute(f"DROP TABLE IF EXISTS {SCHEMA}.{table}")
    await connection.execute(ddl(projection, f"{SCHEMA}.{table}"))
    await connection.execute(sql("projection_forget"), table)
    await connection.execute(sql("projection_building"), table, projection.name, projection.version, now)
    return table


async def make_live(connection: Connection, projection: Projection, table: str, position: int, as_of: date | None) -> None:
    """Point ``view.<name>`` at a filled table and drop the one it pointed at. Readers see the one or the other.

    Whoever waits for a long reader keeps all later ones waiting too, so it is not waited for long: one of :data:`HELD` is raised,
    and the whole transaction is to be tried again.
    """
    await connection.execute(sql("projection_swap_patience"))
    old = [t.table for t in await tables(connection) if t.name == projection.name and t.live]
    await connection.execute(f"DROP VIEW IF EXISTS {SCHEMA}.{projection.name}")
    columns = _names(projection.columns)
    # The names are those of declarations, in lower case and without quotes: nothing from outside comes near.
    await connection.execute(f"CREATE VIEW {SCHEMA}.{projection.name} AS SELECT {columns} FROM {SCHEMA}.{table}")  # noqa: S608
    await connection.execute(sql("projection_retire"), projection.name)
    await connection.execute(sql("projection_live"), table, position, as_of)
    for name in old:
        if name != table:
            await connection.execute(f"DROP TABLE IF EXISTS {SCHEMA}.{name}")


async def drop(connection: Connection, table: str) -> None:
    """Remove a table that was never made live, or whose projection is gone."""
    await connection.execute(f"DROP TABLE IF EXISTS {SCHEMA}.{table} CASCADE")
    await connection.execute(sql("projection_forget"), table)


async def clear(connection: Connection, tables: Sequence[str], keys: Sequence[str]) -> None:
    """Delete all rows of some keys from tables, in one statement for all of them."""
    if not keys or not tables:
        return
    steps = ", ".join(f"t{number} AS (DELETE FROM {SCHEMA}.{table} WHERE key = ANY($1::text[]))" for number, table in enumerate(tables))  # noqa: S608
    await connection.execute(f"WITH {steps} SELECT 1", keys)


async def replace(
    connection: Connection, projection: Projection, table: str, keys: Sequence[str], records: Sequence[tuple[SqlValue, ...]]
) -> None:
    """Replace all rows of some keys. Keys are deleted in sorted order, so that two writers cannot deadlock."""
    await connection.execute(f"DELETE FROM {SCHEMA}.{table} WHERE key = ANY($1::text[])", sorted(keys))  # noqa: S608
    await append(connection, projection, table, records)


async def append(connection: Connection, projection: Projection, table: str, records: Sequence[tuple[SqlValue, ...]]) -> None:
    """Add rows by COPY."""
    if records:
        names = [column.name for column in projection.columns]
        await connection.copy_records_to_table(table, schema_name=SCHEMA, columns=names, records=records)


async def make_plain(connection: Connection, table: str, columns: Sequence[Column], comment: str) -> None:
    """Make a table of the runner's own, as ``view.<table>``, when it is not there yet."""
    exists = await connection.fetchval("SELECT to_regclass($1)", f"{SCHEMA}.{table}")
    if exists is None:
        await connection.execute(table_ddl(f"{SCHEMA}.{table}", columns, (), comment))


async def replace_all(connection: Connection, table: str, columns: Sequence[Column], records: Iterable[tuple[SqlValue, ...]]) -> None:
    """Replace everything in a table of the runner's own."""
    await connection.execute(f"DELETE FROM {SCHEMA}.{table}")  # noqa: S608
    await connection.copy_records_to_table(table, schema_name=SCHEMA, columns=[c.name for c in columns], records=list(records))


async def rows_between(
    connection: Connection, name: str, after: str, upto: str | None, *, table: str | None = None
) -> list[tuple[SqlValue, ...]]:
    """All rows of ``view.<name>``, or of one of its tables, whose key comes after one and up to another (to the end without one)."""
    columns = FINDING_COLUMNS if name not in projections() else projections()[name].columns
    condition = "key > $1 AND key <= $2" if upto is not None else "key > $1"
    arguments = (after,) if upto is None else (after, upto)
    found = await connection.fetch(f"SELECT {_names(columns)} FROM {SCHEMA}.{table or name} WHERE {condition}", *arguments)  # noqa: S608
    return [tuple(row) for row in found]


async def as_csv(connection: Connection, projection: Projection, table: str, *, keys: Sequence[str] | None = None) -> bytes:
    """The rows of a table of a projection, of all keys or of some, as CSV with a head.

    Truth is 1 and 0, lists are joined by a bar, nothing is :data:`NULL`.
    """
    told = ", ".join(f'{_told(column)} AS "{column.name}"' for column in projection.columns)
    held = io.BytesIO()
    query = f"SELECT {told} FROM {SCHEMA}.{table}"  # noqa: S608
    if keys is None:
        await connection.copy_from_query(query, output=held, format="csv", header=True, null=NULL)
    else:
        await connection.copy_from_query(
            f"{query} WHERE key = ANY($1::text[])", list(keys), output=held, format="csv", header=True, null=NULL
        )
    return held.getvalue()


async def digest(connection: Connection, view: str) -> str:
    """How many rows a view of the schema has, and a digest of all that stands in them."""
    rows = f"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {SCHEMA}.{view} t"  # noqa: S608
    return str(await connection.fetchval(rows))


def _told(column: Column) -> str:
    if column.sql_type == "boolean":
        return f'"{column.name}"::int'
    if column.sql_type == "date":
        # The driver writes the last and the first day there are as infinite, which is no date for who reads the text.
        return f"""CASE "{column.name}" WHEN 'infinity' THEN '9999-12-31' WHEN '-infinity' THEN '0001-01-01' ELSE "{column.name}" END"""
    return f"""array_to_string("{column.name}", '|')""" if column.sql_type.endswith("[]") else f'"{column.name}"'


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)
