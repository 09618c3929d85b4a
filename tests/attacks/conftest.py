"""A small ledger that was published and projected once; every attack gets a copy of its own."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import asyncpg
import pytest

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.catalogue import catalogue
from ledger.examination import Examiner
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.clock import SandboxClock, SystemClock
from streams.folder import Mode
from streams.keys import Keys
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.sequencer import Sequencer
from tests.attacks.scene import FOUNDED_AT, PEOPLE, WORLD

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def pristine(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The name of a database that holds the ledger; nobody is connected to it."""
    name = f"pristine_{next(_numbers)}"
    asyncio.run(_execute(postgres.dsn, f"CREATE DATABASE {name} TEMPLATE ledger_template STRATEGY file_copy"))
    asyncio.run(_fill(postgres.dsn_of(name)))
    yield name
    asyncio.run(_execute(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)"))


async def _fill(dsn: str) -> None:
    keys = Keys(bytes(range(32)), SANDBOX_PSEUDONYM_KEY)
    async with await Store.open(dsn, keys=keys) as store:
        await store.found(Mode.SANDBOX, FOUNDED_AT)
        examiner = Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=True)
        async with Sequencer(store, clock=SandboxClock(datetime(2000, 1, 1, tzinfo=UTC))) as sequencer:
            await sequencer.submit([examiner.examine(line, SANDBOX_CREDENTIAL) for line in stream(PEOPLE, WORLD, FaultProfile.HARSH)])
        projecting = Projecting(store, wall=SystemClock(), sandbox=True)
        await projecting.prepare()
        while await projecting.runner.advance(projecting.tables) is not None:
            pass


@pytest.fixture
async def copy(postgres: EmbeddedPostgres, pristine: str, keys: Keys) -> AsyncIterator[Store]:
    """A copy of the ledger to do harm to."""
    name = f"copy_{next(_numbers)}"
    await _execute(postgres.dsn, f"CREATE DATABASE {name} TEMPLATE {pristine} STRATEGY file_copy")
    async with await Store.open(postgres.dsn_of(name), keys=keys) as store:
        yield store
    await _execute(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(dsn: str, statement: str) -> None:
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()
