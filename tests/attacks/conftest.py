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
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock, SystemClock
from streams.folder import Mode
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.sequencer import Sequencer
from tests.attacks.scene import FOUNDED_AT, KEYS, PEOPLE, WORLD

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
    async with await Store.open(dsn, keys=KEYS) as store:
        await store.found(Mode.SANDBOX, FOUNDED_AT)
        examiner = Examiner(catalogue=catalogue(), pseudonym_key=KEYS.pseudonym, digest_key=KEYS.digest, sandbox=True)
        lines = list(stream(PEOPLE, WORLD, FaultProfile.HARSH))
        async with Sequencer(store, clock=SandboxClock(datetime(2000, 1, 1, tzinfo=UTC))) as sequencer:
            for at in range(0, len(lines), 300):
                await sequencer.submit([examiner.examine(line, SANDBOX_CREDENTIAL) for line in lines[at : at + 300]])
                await Checkpoints(store).publish()
        projecting = Projecting(store, wall=SystemClock(), sandbox=True)
        await projecting.prepare()
        while await projecting.runner.advance(projecting.tables) is not None:
            pass


@pytest.fixture
async def copy(postgres: EmbeddedPostgres, pristine: str) -> AsyncIterator[Store]:
    """A copy of the ledger to do harm to."""
    name = f"copy_{next(_numbers)}"
    await _execute(postgres.dsn, f"CREATE DATABASE {name} TEMPLATE {pristine} STRATEGY file_copy")
    async with await Store.open(postgres.dsn_of(name), keys=KEYS) as store:
        yield store
    await _execute(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(dsn: str, statement: str) -> None:
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()
