"""The access log: numbered, chained, never changed; whoever tampers with it is found."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from ledger.access import Channel, Read, ReadKind, ReadOutcome, ReadPurpose, WhyRefused
from streams.access import AccessLog
from streams.postgres.store import Store
from tests.integration.feed import person


def a_read(number: int = 0, **changes: object) -> Read:
    given: dict[str, object] = {
        "kind": ReadKind.TRAJECTORY,
        "channel": Channel.API,
        "reader": "rekenhof",
        "right": "auditor",
        "purpose": ReadPurpose.AUDIT,
        "stream": person(number),
        "asked": f"known_at={number}",
    }
    return Read(**(given | changes))  # type: ignore[arg-type]


KNOCK = {"right": None, "reader": "visitor", "purpose": None, "outcome": ReadOutcome.REFUSED, "why": WhyRefused.ANONYMOUS}


async def test_reads_are_numbered_without_a_gap_by_whoever_writes(store: Store) -> None:
    one, other = AccessLog(store), AccessLog(store)
    numbers = await asyncio.gather(*((one if n % 2 else other).record(a_read(n)) for n in range(60)))
    assert sorted(numbers) == list(range(1, 61))
    listed = await one.list(limit=100)
    assert [read.number for read in listed] == list(range(1, 61))
    assert [read.read_at for read in listed] == sorted(read.read_at for read in listed)
    assert await one.verify() is None


async def test_they_are_told_by_person_reader_and_outcome(store: Store) -> None:
    log = AccessLog(store)
    await log.record(a_read(1))
    await log.record(a_read(2, reader="vdab", outcome=ReadOutcome.REFUSED, why=WhyRefused.NO_RIGHT, purpose=None))
    assert [read.number for read in await log.list(streams=[person(1)])] == [1]
    assert [read.number for read in await log.list(reader="vdab")] == [2]
    assert [read.why for read in await log.list(outcome=ReadOutcome.REFUSED)] == [WhyRefused.NO_RIGHT]
    assert [read.number for read in await log.newest()] == [2, 1]


@pytest.mark.parametrize(
    ("tampering", "found", "says"),
    [
        ("UPDATE ledger.reads SET reader = 'nobody' WHERE number = 3", 3, "not what was written"),
        ("DELETE FROM ledger.reads WHERE number = 2", 2, "missing"),
        ("UPDATE ledger.reads SET read_at = read_at - interval '1 day' WHERE number = 4", 4, "not what was written"),
        (
            "UPDATE ledger.reads SET number = CASE number WHEN 2 THEN 103 ELSE 102 END WHERE number IN (2, 3);"
            "UPDATE ledger.reads SET number = number - 100 WHERE number > 100",
            2,
            "not what was written",
        ),
    ],
    ids=["changed", "deleted", "backdated", "swapped"],
)
async def test_tampering_shows(store: Store, tampering: str, found: int, says: str) -> None:
    log = AccessLog(store)
    for number in range(5):
        await log.record(a_read(number))
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await store.pool.execute(tampering.partition(";")[0])
    await store.pool.execute("ALTER TABLE ledger.reads DISABLE TRIGGER reads_are_immutable")
    await store.pool.execute(tampering)
    fault = await log.verify()
    assert fault is not None
    assert fault.number == found
    assert says in fault.message.en


async def test_knocking_without_a_token_is_counted_and_not_written_each_time(store: Store) -> None:
    log = AccessLog(store)
    assert await log.record(a_read(**KNOCK)) == 1
    log._quiet_until += 3600  # however slow this machine is
    assert [await log.record(a_read(**KNOCK)) for _ in range(20)] == [0] * 20
    log._quiet_until = 0.0
    assert await log.record(a_read(**KNOCK)) == 2
    assert [read.times for read in await log.list()] == [1, 21]
    assert await log.verify() is None
