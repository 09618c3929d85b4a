"""Whoever keeps the views, all rows of all of them are those that the entries give in one go, however they arrived."""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from pathlib import Path

import pytest

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.codes.roles import Role
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.folder import Mode
from streams.kafka.broker import BrokerCluster
from streams.kafka.entry_record import partition_of
from streams.postgres.store import Store
from streams.wiring import examiner_of
from tests.contracts.projectors import KINDS, Projector, admit, from_the_log_alone, keeping, sandbox
from tests.integration.feed import Feed, Json
from tests.kafka.stage import until
from tests.kafka.workers import rows, stalls

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
PEOPLE = 40
PARTITIONS = 12


class Story:
    """A population, and what happens to some of it that touches the rows of others."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._feed = Feed(store.keys, seed=9)
        self._examine = examiner_of(store.keys, Mode.SANDBOX).examine

    async def publish(self, lines: list[bytes]) -> None:
        """Simulated events."""
        await admit(self._store, [self._examine(line, SANDBOX_CREDENTIAL) for line in lines])

    async def tell(self, name: str, subject: str, role: Role, source: str | None = None, **data: Json) -> dict[str, Json]:
        """One event, now; it must be admitted."""
        head = await self._store.head()
        event = self._feed.event(name, subject, role=role, data=data, time=head.admitted_at)
        if source is not None:
            event["source"] = source
        [verdict] = await admit(self._store, self._feed.examined(event))
        assert verdict.position is not None, verdict
        return event

    async def people(self) -> list[str]:
        """Persons with the most entries first."""
        found = await self._store.pool.fetch(
            "SELECT stream FROM ledger.entries WHERE stream LIKE 'persoon/%' GROUP BY stream ORDER BY count(*) DESC, stream"
        )
        return [row["stream"] for row in found]

    async def depended_on(self) -> tuple[str, str, str, str]:
        """Stream, source, role and id of an entry of an edition that persons depend on."""
        row = await self._store.pool.fetchrow(
            "SELECT e.stream, e.source, e.role, e.id::text FROM ledger.entries e JOIN view.dependency d ON d.stream = e.stream"
            " WHERE e.type LIKE '%edition.%' AND d.key LIKE 'persoon/%' ORDER BY e.position LIMIT 1"
        )
        assert row is not None
        return row["stream"], row["source"], row["role"], row["id"]

    async def link(self, survivor: str, absorbed: str) -> dict[str, Json]:
        """Two persons are one."""
        refs: dict[str, Json] = {"survivor_ref": survivor[8:], "absorbed_ref": absorbed[8:]}
        return await self.tell("identity.linked", survivor, Role.IDENTITY_SERVICE, **refs)

    async def retract(self, subject: str, source: str, role: Role, id: str) -> None:
        """It never was."""
        await self.tell("event.retracted", subject, role, source, target_source=source, target_id=id)


def told(event: dict[str, Json]) -> tuple[str, str, Role, str]:
    """What it takes to retract an event."""
    return str(event["subject"]), str(event["source"]), Role(str(event["publisherrole"])), str(event["id"])


async def play(story: Story, projector: Projector, rng: random.Random) -> None:
    """Everything that one stream can do to another, with the views brought up in between."""
    lines = list(stream(PEOPLE, SEED, FaultProfile.HARSH))
    half = len(lines) // 2
    await story.publish(lines[:half])
    await projector.reach()
    norm = await story.tell("norm.set", "beleid/norm/C01", Role.POLICY_OWNER, period="P9D", valid_from="2020-01-01")
    await projector.reach()
    shards: dict[int, list[str]] = defaultdict(list)
    for person in await story.people():
        shards[partition_of(person, PARTITIONS)].append(person)
    one, two, three, four = (people[0] for people in list(shards.values())[:4])
    mistaken = await story.link(one, two)
    await story.link(three, one)
    if rng.random() < 0.5:
        await projector.reach()
    await story.retract(*told(mistaken))
    await story.link(four, two)
    edition, source, role, id = await story.depended_on()
    await projector.reach()
    await story.retract(edition, source, Role(role), id)
    await story.retract(*told(norm))
    await projector.reach()
    await story.tell("erasure.executed", four, Role.LEDGER_OPERATOR, requested_on="2024-02-01")
    at = half
    while at < len(lines):
        step = rng.randrange(1, len(lines) // 4)
        await story.publish(lines[at : at + step])
        at += step
        if rng.random() < 0.6:
            await projector.reach()
    await projector.reach()


@pytest.mark.parametrize("kind", KINDS)
async def test_views_are_those_that_the_entries_give_in_one_go(
    kind: str, data_folder: Path, database_url: str, broker: BrokerCluster
) -> None:
    print(f"seed {SEED}")
    async with sandbox(data_folder, database_url) as store:
        async with keeping(kind, store, data_folder, broker) as projector:
            await play(Story(store), projector, random.Random(SEED))
            kept = await rows(store)
            assert await stalls(store) == []
        assert {name: kept[name] for name in kept} == await from_the_log_alone(store)
        types = {row["type"] for row in await store.pool.fetch("SELECT DISTINCT type FROM ledger.entries")}
        words = ("identity.linked", "event.corrected", "event.retracted", "norm.set", "erasure.executed", "edition.planned")
        assert all(any(word in one for one in types) for word in words), json.dumps(sorted(types))


@pytest.mark.parametrize("kind", ["runner", "workers"])
async def test_a_stream_that_cannot_be_folded_stalls_alone_is_tried_again_and_heals(
    kind: str, data_folder: Path, database_url: str, broker: BrokerCluster
) -> None:
    print(f"seed {SEED}")
    lines = list(stream(8, SEED, FaultProfile.NONE))
    half = len(lines) // 2
    async with sandbox(data_folder, database_url) as store:
        story, pool = Story(store), store.pool
        async with keeping(kind, store, data_folder, broker) as projector:
            await story.publish(lines[:half])
            await projector.reach()
            sick, well = (await story.people())[:2]
            old = await _facts(store, sick), await _facts(store, well)
            entry = await pool.fetchrow("SELECT position, data FROM ledger.entries WHERE stream = $1 ORDER BY position LIMIT 1", sick)
            assert entry is not None
            await _write(store, entry["position"], b"spoiled" + entry["data"])
            # A norm touches the rows of everybody.
            await story.tell("norm.set", "beleid/norm/C01", Role.POLICY_OWNER, period="P1D", valid_from="2020-01-01")
            await story.publish(lines[half:])
            await projector.reach()
            stalled = await stalls(store)
            assert {one for _, one in stalled} == {sick}
            assert len(stalled) == len({name for name, _ in stalled}) > 1
            assert await _facts(store, sick) == old[0], "its old rows stay"
            assert await _facts(store, well) != old[1], "others go on"
            assert await pool.fetchval("SELECT r.position = s.position FROM view.runner r, ledger.sequencer s")

            # Not mended yet: it is tried again in vain, which is counted.
            await pool.execute("UPDATE ledger.stalled_streams SET tried_at = tried_at - interval '3 hours'")
            await until(lambda: _tried_again(store, projector), 60)
            await _write(store, entry["position"], entry["data"])
            await pool.execute("UPDATE ledger.stalled_streams SET tried_at = tried_at - interval '3 hours'")
            await until(lambda: _healed(store, projector), 60)
            kept = await rows(store)
        assert kept == await from_the_log_alone(store)


async def _facts(store: Store, key: str) -> list[str]:
    table = await store.pool.fetchval("SELECT table_name FROM ledger.projections WHERE name = 'facts'")
    return [str(row) for row in await store.pool.fetch(f"SELECT * FROM view.{table} WHERE key = $1", key)]


async def _write(store: Store, position: int, data: bytes) -> None:
    """Behind the ledger's back."""
    async with store.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("UPDATE ledger.entries SET data = $2 WHERE position = $1", position, data)


async def _tried_again(store: Store, projector: Projector) -> bool:
    await projector.reach()
    return bool(await store.pool.fetchval("SELECT min(attempts) > 1 FROM ledger.stalled_streams"))


async def _healed(store: Store, projector: Projector) -> bool:
    await projector.reach()
    return await stalls(store) == []
