"""Fixtures for acceptance: a served sandbox per test, a served ordinary ledger per test, a populated sandbox per module."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import httpx
import pytest
from playwright.sync_api import expect

from simulation.faults import FaultProfile
from simulation.run import stream
from streams.folder import Mode
from streams.postgres.server import EmbeddedPostgres
from tests.acceptance.serving import Served, serving

PEOPLE = 120
SEED = 7
_numbers = itertools.count(1)

expect.set_options(timeout=60_000)  # a busy machine shows a page later


@pytest.fixture
def ledger(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """An empty sandbox."""
    with serving(database_url, tmp_path / "data") as served:
        yield served


@pytest.fixture
def client(ledger: Served) -> Iterator[httpx.Client]:
    """A client of the empty sandbox."""
    with ledger.client() as opened:
        yield opened


@pytest.fixture
def ordinary(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """An empty ordinary ledger."""
    with serving(database_url, tmp_path / "data", mode=Mode.ORDINARY) as served:
        yield served


@pytest.fixture(scope="module")
def population(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sandbox with a small simulated population, its views up to date. Tests that share it change nothing that others see."""
    name = f"population_{next(_numbers)}"
    execute(postgres.dsn, f"CREATE DATABASE {name} TEMPLATE ledger_template STRATEGY file_copy")
    try:
        with serving(postgres.dsn_of(name), tmp_path_factory.mktemp("population") / "data") as served:
            served.publish(stream(PEOPLE, SEED, FaultProfile.HARSH))
            served.project()
            yield served
    finally:
        execute(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)")


def execute(dsn: str, statement: str) -> None:
    """Run a statement, in a thread of its own: a browser's loop may hold this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _execute(dsn, statement)).result()


async def _execute(dsn: str, statement: str) -> None:
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()
