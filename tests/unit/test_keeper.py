"""Keeping a part of the Kafka side running, whatever it does: fail, hang, swallow a cancellation, or let out one of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ledger.errors import BrokerUnavailable, Fenced
from streams.kafka.keeper import Keeper, Pulse
from tests.waiting import until_true

Step = Callable[["Scripted"], Awaitable[object]]


class Scripted:
    """A part that does one thing at its first run, the next at its second, and then runs well."""

    def __init__(self, *steps: Step) -> None:
        self.pulse = Pulse()
        self._steps = list(steps)
        self.well = asyncio.Event()

    async def run(self) -> object:
        """One run."""
        if self._steps:
            return await self._steps.pop(0)(self)
        self.well.set()
        while True:
            self.pulse.beat()
            await asyncio.sleep(0.01)


async def kept(*steps: Step) -> tuple[Keeper, list[str]]:
    """Keep a part until it runs well; the keeper, and what was said."""
    said: list[str] = []
    part = Scripted(*steps)
    keeper = Keeper("relay", part, said.append, stuck_seconds=0.2)
    task = asyncio.create_task(keeper.keep())
    async with asyncio.timeout(20):
        await part.well.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    return keeper, said


async def fails(_: Scripted) -> None:
    raise BrokerUnavailable("the cluster is away")


async def hangs(_: Scripted) -> None:
    await asyncio.Event().wait()


async def swallows(_: Scripted) -> None:
    """As aiokafka's ``stop`` does."""
    for _again in range(2):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
    await asyncio.Event().wait()


async def lets_out_a_cancellation(_: Scripted) -> None:
    """As aiokafka's ``stop`` does when a fetch has just failed."""
    raise asyncio.CancelledError


async def test_what_fails_is_started_again_and_told_once() -> None:
    keeper, said = await kept(fails, fails)
    assert said == ["Kafka, relay: the cluster is away."]
    standing = keeper.standing()
    assert (standing.restarts, standing.stuck, standing.trouble) == (2, 0, "the cluster is away")
    assert standing.since is not None


async def test_what_moves_no_more_is_made_anew_even_if_it_swallows_being_ended() -> None:
    keeper, said = await kept(hangs, swallows)
    assert (keeper.standing().restarts, keeper.standing().stuck) == (2, 2)
    assert "did not move" in said[0]


async def test_who_only_waits_for_a_cluster_is_not_said_to_run_again() -> None:
    said: list[str] = []
    part = Scripted(fails, hangs)
    keeper = Keeper("relay", part, said.append, stuck_seconds=2.0, healthy_seconds=0.1)
    task = asyncio.create_task(keeper.keep())
    try:
        await until_true(lambda: part.well.is_set())
        assert said[0] == "Kafka, relay: the cluster is away."
        assert "did not move" in said[1]
        await until_true(lambda: said[-1] == "Kafka, relay: runs again.")
        assert len(said) == 3
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_cancellation_that_nobody_asked_for_is_a_failure_like_others() -> None:
    keeper, said = await kept(lets_out_a_cancellation)
    assert keeper.standing().restarts == 1
    assert "stopped by itself" in said[0]


async def test_who_was_fenced_stays_stopped() -> None:
    async def fenced(_: Scripted) -> None:
        raise Fenced("another ledger writes now")

    said: list[str] = []
    keeper = Keeper("intake", Scripted(fenced), said.append)
    async with asyncio.timeout(20):
        await keeper.keep()
    assert said == ["Kafka, intake: another ledger writes now."]
    assert not keeper.standing().running
