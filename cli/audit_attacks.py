"""Nine things that somebody with every right and every key could do to a ledger, each on a copy, and what gives each away."""

from __future__ import annotations

import contextlib
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.bundle import check_bundle, check_one_log
from ledger.errors import ProofBroken
from ledger.projection import projections
from ledger.transparency.commitment import salt_key
from ledger.transparency.tree import Frontier, leaf_hash
from streams.bundling import Bundling
from streams.checkpoints import Checkpoints
from streams.clock import SystemClock
from streams.content import stored_entries
from streams.folder import Mode
from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.connection import Cluster
from streams.kafka.provision import provision
from streams.kafka.relay import Relay
from streams.kafka.topics import load_topics
from streams.leaf import commitment_of
from streams.planting import NODE_COLUMNS
from streams.postgres import views
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.stored import Stored, digest_of
from streams.subjects import Subjects, Surroundings
from streams.unsealing import Unsealing
from streams.verifying import Audit, Verified, verify
from streams.wiring import examiner_of

CopyOf = Callable[[], contextlib.AbstractAsyncContextManager[Store]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where attacks take place."""

    copy: CopyOf
    """A copy of the ledger, gone afterwards."""
    empty: CopyOf
    """A database without a ledger."""
    lines: Sequence[bytes]
    """Events for a ledger of one's own."""
    folder: Path
    chance: random.Random
    trust: Callable[[str], None]
    """Tells the witness of another log."""
    kafka: bool
    """Whether there is a broker to be had."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One of them. ``run`` answers what gave it away; nothing when nothing did."""

    what: str
    run: Callable[[Scene], Awaitable[str]]


async def verified(store: Store, cluster: Cluster | None = None) -> Verified:
    """What ``ledger verify`` says."""
    ledger = await store.ledger()
    assert ledger is not None
    now, head = SystemClock().now(), await store.head()
    return await verify(Audit(store=store, ledger=ledger, head=head, now=now, surroundings=Surroundings(store), cluster=cluster))


def told(found: Verified) -> str:
    """The first thing that is wrong, with the checks that saw it."""
    if found.first is None:
        return ""
    saw = [one.check for one in found.checks if one.fault is not None]
    return f"{found.first.what} [{', '.join(saw)}]"


@contextlib.asynccontextmanager
async def unguarded(store: Store) -> AsyncIterator[views.Connection]:
    """A transaction that no trigger stops."""
    async with store.pool.acquire() as connection, connection.transaction():
        await connection.execute(sql("attack_unguarded"))
        yield connection


async def rewrite(store: Store, position: int) -> None:
    """Change what an entry says, and its hash, its leaf and the tree with it, as whoever has every key can."""
    unsealing, frontier = Unsealing(store), Frontier()
    head = (await store.head()).position
    async with unguarded(store) as connection:
        await connection.execute(sql("attack_causation"), position, uuid.UUID(int=position, version=4))
    async with unguarded(store) as connection:
        await connection.execute(sql("attack_nodes"))
        async for page in stored_entries(store, head):
            rows = [Stored(*row) for row in page]
            leaves = []
            for row, unsealed in zip(rows, await unsealing.open(rows), strict=True):
                leaf = row.commitment or b""
                if row.position == position and unsealed.data is not None:
                    leaf = commitment_of(row, unsealed.data, salt_key(unsealed.key or store.keys.commitments))
                    await connection.execute(sql("attack_hashes"), position, digest_of(row, store.keys.digest, unsealed.data), leaf)
                leaves.append(leaf_hash(leaf))
            frontier, nodes = frontier.extended(leaves)
            records = [(node.level, node.index, node.hash) for node in nodes]
            await connection.copy_records_to_table("tree_nodes", schema_name="ledger", columns=NODE_COLUMNS, records=records)


async def _somewhere(scene: Scene, store: Store) -> int:
    return scene.chance.randint(2, (await store.head()).position - 1)


async def a_changed_byte(scene: Scene) -> str:
    """One bit of the sealed data of one entry."""
    async with scene.copy() as store:
        position = await _somewhere(scene, store)
        [entry] = await store.read(position - 1, 1)
        data = bytearray(entry.data)
        data[scene.chance.randrange(len(data))] ^= 1
        async with unguarded(store) as connection:
            await connection.execute(sql("attack_data"), position, bytes(data))
        return told(await verified(store))


async def a_deleted_row(scene: Scene) -> str:
    """One entry, gone."""
    async with scene.copy() as store:
        async with unguarded(store) as connection:
            await connection.execute(sql("attack_delete"), await _somewhere(scene, store))
        return told(await verified(store))


async def two_rows_swapped(scene: Scene) -> str:
    """Two entries that change places."""
    async with scene.copy() as store:
        first, second = sorted(scene.chance.sample(range(1, (await store.head()).position), 2))
        async with unguarded(store) as connection:
            for old, new in ((first, -1), (second, first), (-1, second)):
                await connection.execute(sql("attack_move"), old, new)
        return told(await verified(store))


async def a_backdated_entry(scene: Scene) -> str:
    """One entry that says it was admitted more than a year before."""
    async with scene.copy() as store:
        async with unguarded(store) as connection:
            await connection.execute(sql("attack_backdate"), (await store.head()).position - 1)
        return told(await verified(store))


async def a_forked_log(scene: Scene) -> str:
    """Two readers are shown the same number of entries, and not the same entries."""
    bundles = []
    for fork in (False, True):
        async with scene.copy() as store:
            head = (await store.head()).position
            if fork:
                await rewrite(store, head)
                async with unguarded(store) as connection:
                    await connection.execute(sql("attack_checkpoints"), head)
            store.settings = msgspec.structs.replace(store.settings, witnesses=None)
            await Checkpoints(store).publish()
            ledger = await store.ledger()
            assert ledger is not None
            maker = Bundling(store, ledger, Checkpoints(store), Subjects(store))
            lines = maker.range(1, 20, opened=False, now=SystemClock().now())
            bundles.append(check_bundle([line.encode() async for line in lines]))
    try:
        check_one_log(bundles)
    except ProofBroken as error:
        return f"{error} [bundles of both readers]"
    return ""


async def a_rewritten_tail(scene: Scene) -> str:
    """The end of the log written anew with every key in hand, and signed again."""
    async with scene.copy() as store:
        await verified(store)  # the witness sees the ledger as it was
        head = (await store.head()).position
        await rewrite(store, head - 1)
        async with unguarded(store) as connection:
            await connection.execute(sql("attack_cosignatures"))
            await connection.execute(sql("attack_checkpoints"), head - 1)
        await Checkpoints(store).publish()
        return told(await verified(store))


async def a_changed_kafka_copy(scene: Scene) -> str:
    """The topics filled from a ledger in which one entry was changed."""
    with BrokerCluster(scene.folder / "kafka", users={"ledger": "demonstration"}, nodes=1) as brokers:
        cluster = brokers.cluster()
        async with Admin(cluster) as admin:
            await provision(admin, load_topics(), [], check=False)
        async with scene.copy() as store:
            await rewrite(store, await _somewhere(scene, store))
            await Relay(cluster, store).run(follow=False)
        async with scene.copy() as store:
            return told(await verified(store, cluster))


async def a_view_edited(scene: Scene) -> str:
    """A row taken out of a view that figures are made from."""
    async with scene.copy() as store:
        async with unguarded(store) as connection:
            table = next(one.table for one in await views.tables(connection) if one.name == "clocks" and one.live)
            rows = await views.rows_between(connection, "clocks", "", None)
            key = str(scene.chance.choice(rows)[0])
            kept = [row for row in rows if row[0] == key][1:]
            await views.replace(connection, projections()["clocks"], table, [key], kept)
        return told(await verified(store))


class _SetClock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


async def a_clock_set_back(scene: Scene) -> str:
    """An ordinary ledger whose clock is turned back a week, so that what arrives today seems to have been there before."""
    now = SystemClock().now()
    clock = _SetClock(now)
    async with scene.empty() as store:
        await store.found(Mode.ORDINARY, now - timedelta(days=30))
        scene.trust(Checkpoints(store).key.text)
        examiner = examiner_of(store.keys, Mode.ORDINARY)
        async with Sequencer(store, clock=clock) as sequencer:
            for at, days in enumerate((8, 7)):
                clock.moment = now - timedelta(days=days)
                lines = scene.lines[at * 20 : at * 20 + 20]
                await sequencer.submit([examiner.examine(line, SANDBOX_CREDENTIAL) for line in lines])
                await Checkpoints(store).publish()
        return told(await verified(store))


ATTACKS = (
    Attack("a changed byte", a_changed_byte),
    Attack("a deleted row", a_deleted_row),
    Attack("two rows swapped", two_rows_swapped),
    Attack("a backdated entry", a_backdated_entry),
    Attack("a forked log, shown to two readers", a_forked_log),
    Attack("a rewritten tail with a fresh checkpoint", a_rewritten_tail),
    Attack("a changed copy on Kafka", a_changed_kafka_copy),
    Attack("a view edited by hand", a_view_edited),
    Attack("a clock set back", a_clock_set_back),
)
