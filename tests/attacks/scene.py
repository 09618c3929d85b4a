"""What attacks have in common: the ledger that is attacked, a hand in its database, and its verification."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime

from ledger.identity import SANDBOX_PSEUDONYM_KEY
from streams.clock import SystemClock
from streams.keys import Keys
from streams.postgres.store import Store
from streams.subjects import Surroundings
from streams.verifying import Audit, Outcome, Verified, verify

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
PEOPLE = 12
WORLD = 5
KEYS = Keys(bytes(range(32)), SANDBOX_PSEUDONYM_KEY, bytes(range(32, 64)))
FOUNDED_AT = datetime(2020, 1, 1, tzinfo=UTC)


def dice() -> random.Random:
    """Chance, with its seed said."""
    print(f"seed {SEED}")
    return random.Random(SEED)


async def by_hand(store: Store, *statements: str) -> None:
    """Do in the database what its owner can do: no trigger, no rule stands in the way."""
    async with store.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)


async def verified(store: Store) -> Verified:
    """Everything checked against everything."""
    ledger = await store.ledger()
    assert ledger is not None
    audit = Audit(store=store, ledger=ledger, head=await store.head(), now=SystemClock().now(), surroundings=Surroundings(store))
    return await verify(audit)


def wrong(found: Verified) -> dict[str, str]:
    """What each check that found something says."""
    return {one.check: one.fault.what for one in found.checks if one.outcome is Outcome.WRONG and one.fault is not None}
