"""``ledger relay``, ``ledger restore`` and ``ledger backup keys``: the two copies of the ledger, each from the other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cli.databases import alone, beside
from cli.output import Meter, answer, answer_json, progress
from ledger.errors import UsageError
from streams.backup import back_up, mode_of
from streams.clock import SystemClock
from streams.content import digest_of, stored_entries
from streams.folder import DataFolder
from streams.kafka.connection import Cluster, cluster_of, quiet
from streams.kafka.entry_log import entries_on_kafka
from streams.kafka.relay import Relay
from streams.kafka.restore import Restored, restore
from streams.postgres.migrate import migrate
from streams.postgres.store import Store
from streams.settings import load


class Relayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a relay did."""

    position: int
    sent: int


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The two copies side by side."""

    position: int
    postgres: str
    kafka: str
    equal: bool
    kafka_position: int
    """Of the last entry there, up to :attr:`position`."""


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds: rows by table."""

    file: str
    rows: Mapping[str, int]


def relay(*, since: int | None, data: Path, as_json: bool) -> None:
    """Send to Kafka what it does not hold yet; see :class:`~streams.kafka.relay.Relay`."""
    settings = load(data=data)
    cluster = cluster_of(settings)

    async def run(dsn: str, folder: DataFolder, meter: Meter) -> Relayed:
        async with await Store.open(dsn, keys=folder.keys, settings=settings) as store:
            sending = Relay(cluster, store, told=lambda position, head: meter.at(position, head))
            return Relayed(position=await sending.run(since=since, follow=False), sent=sending.sent)

    with beside(settings) as (dsn, folder), quiet(), progress("relaying", None) as meter:
        done = asyncio.run(run(dsn, folder, meter))
    if as_json:
        answer_json(msgspec.json.encode(done))
    else:
        answer(f"{done.sent} entries sent; Kafka holds every entry up to position {done.position}.")


def compare(*, data: Path, as_json: bool) -> int:
    """Compare the entries in PostgreSQL with those on Kafka; the exit code is 1 when they differ."""
    settings = load(data=data)
    cluster = cluster_of(settings)

    async def run(dsn: str, folder: DataFolder) -> Compared:
        async with await Store.open(dsn, keys=folder.keys, settings=settings) as store:
            position = (await store.head()).position
            here = await digest_of(stored_entries(store, position))
            there = await digest_of(entries_on_kafka(cluster, upto=position))
            same = (here.position, here.digest) == (there.position, there.digest)
            return Compared(position=position, postgres=here.digest, kafka=there.digest, equal=same, kafka_position=there.position)

    with beside(settings) as (dsn, folder), quiet():
        done = asyncio.run(run(dsn, folder))
    if as_json:
        answer_json(msgspec.json.encode(done))
    else:
        answer(f"up to position {done.position}: PostgreSQL {done.postgres}, Kafka {done.kafka}: {'equal' if done.equal else 'DIFFERENT'}")
        if not done.equal and done.kafka_position < done.position:
            rest = "the ledger that is up with it sends the rest, or 'ledger relay' when none is"
            answer(f"Kafka holds entries up to position {done.kafka_position}: {rest}.")
        elif not done.equal:
            answer("'ledger verify --against kafka' names the first entry that differs.")
    return 0 if done.equal else 1


def restore_from_kafka(*, keys: Path | None, data: Path, as_json: bool) -> None:
    """Fill the empty database of a data folder from Kafka and a backup."""
    settings = load(data=data)
    cluster = cluster_of(settings)
    if not (settings.data / "keys" / "master.key").exists():
        raise UsageError(
            f"the keys of the ledger that was lost are not in {settings.data / 'keys'}: put them there from their backup first; "
            "without them nothing that is sealed can ever be read"
        )
    mode = mode_of(keys) if keys is not None else None
    with alone(settings, mode) as (dsn, folder), quiet(), progress("restoring", None) as meter:
        done = asyncio.run(_restore(dsn, folder, cluster, keys, meter))
    if as_json:
        answer_json(msgspec.json.encode(done))
        return
    answer(f"{done.entries} entries restored up to position {done.position}; digest of all of them: {done.digest}")
    if done.unreadable_entries:
        why = "no backup of the stream keys was given (--keys)" if keys is None else "their keys are not in the backup"
        answer(f"{done.unreadable_entries} entries of {done.unreadable_streams} streams stay sealed: {why}.")
    answer(f"Start it with: ledger up --data {settings.data}. The views are built anew from the entries.")


async def _restore(dsn: str, folder: DataFolder, cluster: Cluster, keys: Path | None, meter: Meter) -> Restored:
    await migrate(dsn)
    async with await Store.open(dsn, keys=folder.keys) as store:
        now = SystemClock().now()
        return await restore(store, cluster, mode=folder.mode, now=now, keys=keys, told=lambda position: meter.at(position))


def backup_keys(*, out: Path, data: Path, as_json: bool) -> None:
    """Write to a file what no copy of the entries can give back."""
    settings = load(data=data)

    async def run(dsn: str, folder: DataFolder) -> Mapping[str, int]:
        async with await Store.open(dsn, keys=folder.keys, settings=settings) as store:
            return await back_up(store, out)

    with beside(settings) as (dsn, folder):
        rows = asyncio.run(run(dsn, folder))
    if as_json:
        answer_json(msgspec.json.encode(BackedUp(file=str(out), rows=rows)))
        return
    answer(", ".join(f"{count} {table}" for table, count in rows.items()) + f" in {out}")
    answer(f"It opens only with {settings.data / 'keys'}: keep that apart from it.")
