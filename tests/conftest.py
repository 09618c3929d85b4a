"""Fixtures for everybody: a PostgreSQL server per test session and a fresh migrated database per test."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from ledger.identity import SANDBOX_PSEUDONYM_KEY
from streams.folder import Mode
from streams.keys import Keys
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store

TEMPLATE = "ledger_template"
FOUNDED_AT = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A folder in which a ledger or a database can be started. Not ``tmp_path``: under root pytest shuts that to the server's account."""
    with tempfile.TemporaryDirectory(prefix="ledger", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "data"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server in a temporary folder. Nothing in it need survive the machine, so it does not wait for the disk."""
    options = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "100"}
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        EmbeddedPostgres(Path(folder), options=options) as server,
    ):
        asyncio.run(_prepare(server))
        yield server


async def _prepare(server: EmbeddedPostgres) -> None:
    admin = await asyncpg.connect(server.dsn)
    await admin.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
    await admin.close()
    await migrate(server.dsn_of(TEMPLATE))


@pytest.fixture
def database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A fresh, migrated and empty database for one test."""
    name = f"test_{next(_numbers)}"
    asyncio.run(_execute(postgres.dsn, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy"))
    yield postgres.dsn_of(name)
    asyncio.run(_execute(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(dsn: str, statement: str) -> None:
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


@pytest.fixture
def keys() -> Keys:
    """The same secrets in every test."""
    return Keys(bytes(range(32)), SANDBOX_PSEUDONYM_KEY, bytes(range(32, 64)))


@pytest.fixture
async def store(database_url: str, keys: Keys) -> AsyncIterator[Store]:
    """A store on a fresh database that is not founded yet."""
    async with await Store.open(database_url, keys=keys) as opened:
        yield opened


@pytest.fixture
async def sandbox_store(store: Store) -> Store:
    """A store on a fresh database that is founded as a sandbox."""
    await store.found(Mode.SANDBOX, FOUNDED_AT)
    return store


@pytest.fixture
async def ordinary_store(store: Store) -> Store:
    """A store on a fresh database that is founded as an ordinary ledger."""
    await store.found(Mode.ORDINARY, FOUNDED_AT)
    return store
