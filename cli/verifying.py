"""``ledger verify``: everything checked against everything, or a bundle that somebody handed over."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path

import msgspec

from cli.databases import beside
from cli.output import answer, answer_json, progress, sentence, table
from streams.clock import SystemClock
from streams.folder import DataFolder
from streams.kafka.connection import Cluster, cluster_of, quiet
from streams.settings import Settings, load
from streams.subjects import Surroundings
from streams.verifying import Audit, Outcome, Verified
from streams.verifying import verify as check_everything
from streams.wiring import reading


class Copy(StrEnum):
    """Which copy of the entries the rest is checked against."""

    POSTGRES = "postgres"
    KAFKA = "kafka"
    """PostgreSQL and, entry by entry, the topics."""


def verify(*, against: Copy, data: Path, as_json: bool) -> int:
    """Verify a ledger and print what was found; the exit code is 1 when something is wrong.

    :raises UsageError: there is no ledger in the data folder, or Kafka was named and is not configured.
    """
    settings = load(data=data)
    cluster = cluster_of(settings) if against is Copy.KAFKA else None
    with beside(settings) as (dsn, folder), quiet():
        found = asyncio.run(_verify(settings, dsn, folder, cluster))
    if as_json:
        answer_json(msgspec.json.encode(found))
    else:
        _show(found)
    return 0 if found.good else 1


async def _verify(settings: Settings, dsn: str, folder: DataFolder, cluster: Cluster | None) -> Verified:
    async with reading(settings, dsn, folder) as parts:
        with progress("Verifying", None) as meter:
            audit = Audit(
                store=parts.store,
                ledger=parts.ledger,
                head=await parts.store.head(),
                now=SystemClock().now(),
                surroundings=Surroundings(parts.store),
                cluster=cluster,
                told=lambda name, done, total: meter.at(done, total, name),
            )
            return await check_everything(audit)


def _show(found: Verified) -> None:
    words = {Outcome.GOOD: "good", Outcome.WRONG: "WRONG", Outcome.SKIPPED: "skipped"}
    rows = []
    for one in found.checks:
        said = one.why if one.fault is None else f"{one.fault.where}: {one.fault.what}"
        rows.append((one.check, sentence(one.title), words[one.outcome], said))
    table(["check", "what it says", "", "found"], rows)
    answer(f"{found.entries} entries up to position {found.position}: {'all good' if found.good else 'NOT GOOD'}")
    if found.first is not None:
        answer(f"The first thing that is wrong: {found.first.where}: {found.first.what}")
