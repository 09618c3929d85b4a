"""Migrations: once, in order, by one at a time, and never on a database of a newer ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from ledger.errors import DataFolderError, StoreUnavailable
from streams.postgres.migrate import Migration, migrate, migrations
from streams.postgres.server import EmbeddedPostgres


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    admin = await asyncpg.connect(postgres.dsn)
    await admin.execute("DROP DATABASE IF EXISTS empty WITH (FORCE)")
    await admin.execute("CREATE DATABASE empty TEMPLATE template0")
    yield postgres.dsn_of("empty")
    await admin.execute("DROP DATABASE empty WITH (FORCE)")
    await admin.close()


async def test_an_empty_database_gets_every_step_once(empty: str) -> None:
    steps = migrations()
    assert await migrate(empty) == len(steps)
    assert await migrate(empty) == 0


async def test_ledgers_that_start_at_once_migrate_one_after_the_other(empty: str) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(4)))
    assert sorted(applied) == [0, 0, 0, len(migrations())]


async def test_every_table_and_its_purpose_is_documented(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    undocumented = await connection.fetch(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'ledger' AND c.relkind = 'r' AND c.relname <> 'migration' AND obj_description(c.oid) IS NULL"
    )
    await connection.close()
    assert undocumented == []


async def test_a_step_that_fails_leaves_nothing_of_itself(empty: str) -> None:
    half = Migration(len(migrations()) + 1, "half", "CREATE TABLE ledger.half (n integer); SELECT 1/0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, steps=[*migrations(), half])
    whole = msgspec.structs.replace(half, statements="CREATE TABLE ledger.half (n integer);")
    assert await migrate(empty, steps=[*migrations(), whole]) == 1


async def test_a_database_of_a_newer_ledger_is_refused(empty: str) -> None:
    newer = Migration(len(migrations()) + 1, "from_the_future", "SELECT 1;")
    await migrate(empty, steps=[*migrations(), newer])
    with pytest.raises(DataFolderError, match=r"newer version.*from_the_future"):
        await migrate(empty)


async def test_a_step_that_was_edited_afterwards_is_noticed(empty: str) -> None:
    await migrate(empty)
    first, *rest = migrations()
    with pytest.raises(DataFolderError, match="is not the one of this version"):
        await migrate(empty, steps=[msgspec.structs.replace(first, statements=first.statements + "--"), *rest])


async def test_a_database_that_is_away(postgres: EmbeddedPostgres) -> None:
    for dsn in (postgres.dsn_of("nowhere"), "postgresql://ledger:secret@/ledger?host=/nonexistent"):
        with pytest.raises(StoreUnavailable) as away:
            await migrate(dsn)
        assert "secret" not in str(away.value)


def test_files_are_numbered_without_a_gap(tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text("SELECT 1;")
    (tmp_path / "0003_three.sql").write_text("SELECT 3;")
    with pytest.raises(ValueError, match="numbered 1, 2, 3"):
        migrations(tmp_path)
    (tmp_path / "two.sql").write_text("SELECT 2;")
    with pytest.raises(ValueError, match="NNNN_what_it_does"):
        migrations(tmp_path)
