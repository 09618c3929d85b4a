"""Migrations: plain numbered ``.sql`` files, each applied once, in order, in a transaction of its own."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import asyncpg
import msgspec

from ledger.errors import DataFolderError, StoreUnavailable
from streams.postgres.connection import connect, let_go, plainly
from streams.postgres.sql import sql

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x1ED6E8
"""The advisory lock under which migrations run: two ledgers that start at once do it one after the other."""
_FILE = re.compile(r"(\d{4})_([a-z_]+)\.sql")


class Migration(msgspec.Struct, frozen=True):
    """One step of the schema."""

    number: int
    name: str
    statements: str

    @property
    def checksum(self) -> bytes:
        """Tells whether an applied step was edited afterwards."""
        return hashlib.sha256(self.statements.encode()).digest()


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """The steps in the folder, in order. ``ValueError`` when a number is missing or taken twice."""
    found = []
    for file in sorted(folder.glob("*.sql")):
        match = _FILE.fullmatch(file.name)
        if match is None:
            raise ValueError(f"{file}: a migration is named NNNN_what_it_does.sql")
        found.append(Migration(int(match[1]), match[2], file.read_text()))
    numbers = [step.number for step in found]
    if numbers != list(range(1, len(found) + 1)):
        raise ValueError(f"{folder}: migrations must be numbered 1, 2, 3 … each once, not {numbers}")
    return found


async def migrate(dsn: str, *, steps: list[Migration] | None = None) -> int:
    """Bring a database to this version of the ledger; returns how many steps were applied.

    :raises DataFolderError: the database was made by a newer version, or an applied step is not what it was.
    :raises StoreUnavailable: the database cannot be reached.
    """
    steps = migrations() if steps is None else steps
    connection = await connect(dsn)
    try:
        with plainly():
            await connection.execute(sql("migration_lock"), LOCK)
            for statement in ("migration_schema", "migration_table"):
                await connection.execute(sql(statement))
            applied = await connection.fetch(sql("migrations"))
            _check(applied, steps)
            for step in steps[len(applied) :]:
                async with connection.transaction():
                    await connection.execute(step.statements)
                    await connection.execute(sql("migrated"), step.number, step.name, step.checksum)
        return len(steps) - len(applied)
    finally:
        await let_go(connection)


async def check_schema(dsn: str) -> None:
    """Check that a database stands where this version of the ledger wants it, and change nothing.

    :raises DataFolderError: the database was made by another version of the ledger.
    :raises StoreUnavailable: the database cannot be reached, or holds no ledger yet.
    """
    steps = migrations()
    connection = await connect(dsn)
    try:
        with plainly():
            applied = await connection.fetch(sql("migrations"))
    except asyncpg.UndefinedTableError:
        raise StoreUnavailable(
            "the database holds no ledger yet: start one with 'ledger up', on the same database and data folder"
        ) from None
    finally:
        await let_go(connection)
    _check(applied, steps)
    if len(applied) < len(steps):
        raise DataFolderError(
            f"this database stands at step {len(applied)} of {len(steps)} of this version's schema: "
            "start 'ledger up' of this version on it once, which brings it up to date"
        )


def _check(applied: list[asyncpg.Record], steps: list[Migration]) -> None:
    if len(applied) > len(steps):
        newest = applied[-1]
        raise DataFolderError(
            f"this database was made by a newer version of the ledger (its schema stands at step {newest['number']} {newest['name']}, "
            f"this version knows {len(steps)}): start it with that newer version"
        )
    for row, step in zip(applied, steps, strict=False):
        if (row["number"], row["checksum"]) != (step.number, step.checksum):
            raise DataFolderError(
                f"step {row['number']} ({row['name']}) of this database's schema is not the one of this version ({step.name}): "
                f"it was made by another version of the ledger; start it with that one"
            )
