"""A ledger that goes on while it is verified is as sound as one that rests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from ledger.authority import SANDBOX_CREDENTIAL
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.clock import SandboxClock, SystemClock
from streams.folder import Mode
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.sequencer import Sequencer
from streams.wiring import examiner_of
from tests.attacks.scene import verified, wrong


async def test_a_ledger_is_verified_while_events_arrive_and_views_advance(copy: Store) -> None:
    examine = examiner_of(copy.keys, Mode.SANDBOX).examine
    lines = list(stream(8, 99, FaultProfile.HARSH))
    verifying = asyncio.Event()

    async def goes_on() -> None:
        projecting = Projecting(copy, wall=SystemClock(), sandbox=True)
        await projecting.prepare()
        async with Sequencer(copy, clock=SandboxClock(datetime(2000, 1, 1, tzinfo=UTC))) as sequencer:
            for at in range(0, len(lines), 20):
                await sequencer.submit([examine(line, SANDBOX_CREDENTIAL) for line in lines[at : at + 20]])
                await projecting.runner.advance(projecting.tables)
                if verifying.is_set():
                    return

    going = asyncio.create_task(goes_on())
    try:
        for _ in range(2):
            found = await verified(copy)
            assert wrong(found) == {}
    finally:
        verifying.set()
        await going
    head = (await copy.head()).position
    found = await verified(copy)
    assert wrong(found) == {}
    assert found.position == head
