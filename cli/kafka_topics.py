"""What ``ledger kafka topics`` does: the cluster beside the data, and what differs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.output import answer, answer_json
from ledger.errors import LedgerError, UsageError
from streams.kafka.admin import Admin
from streams.kafka.connection import cluster_of, quiet
from streams.kafka.provision import Difference, add_missing, provision
from streams.kafka.topics import load_topics
from streams.publishers import Right
from streams.settings import Settings, load


class _Publisher(msgspec.Struct, frozen=True):
    name: str
    right: str
    revoked: str | None = None


class _Publishers(msgspec.Struct, frozen=True):
    publishers: list[_Publisher]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared and what differed."""

    servers: str
    publishers: Sequence[str]
    differences: Sequence[Difference]
    as_declared: bool
    """Whether the cluster is now as the data says."""


def topics(*, check: bool, missing: bool, publishers: Sequence[str], data: Path, as_json: bool) -> int:
    """Create or check; the exit code is 1 when something differs that was not mended.

    ``missing`` makes what is missing and looks at nothing else, the running ledger's publishers included.

    :raises UsageError: no cluster is configured, or ``check`` and ``missing`` are both asked for.
    :raises BrokerUnavailable: it does not answer. ``BrokerRefused`` when it does not let the ledger in.
    """
    settings = load(data=data)
    cluster_of(settings)
    if check and missing:
        raise UsageError("--check changes nothing and --missing makes what is missing: choose one")
    names = sorted(set(publishers)) or ([] if missing else _known(data))
    differences = asyncio.run(_provision(settings, names, check=check, missing=missing))
    left = [difference for difference in differences if not difference.mended]
    if as_json:
        checked = Checked(servers=settings.kafka_servers or "", publishers=names, differences=differences, as_declared=not left)
        answer_json(msgspec.json.encode(checked))
    else:
        for difference in differences:
            answer(str(difference))
        told = f"{len(names)} publishers" if len(names) != 1 else "1 publisher"
        if missing:
            answer(f"The cluster at {settings.kafka_servers} holds every topic of infra/kafka/topics.toml, with {told}.")
            return 0
        answer(f"The cluster at {settings.kafka_servers} is {'not ' if left else ''}as infra/kafka/topics.toml says, with {told}.")
    return 1 if left else 0


async def _provision(settings: Settings, names: Sequence[str], *, check: bool, missing: bool) -> list[Difference]:
    with quiet():
        async with Admin(cluster_of(settings)) as admin:
            if missing:
                return await add_missing(admin, load_topics(), names)
            return await provision(admin, load_topics(), names, check=check)


def _known(data: Path) -> list[str]:
    """The publishers of the running ledger whose credential holds."""
    try:
        place = find(data)
    except LedgerError as error:
        hint = "; which publishers there are it is asked: name them with --publisher, or make only the ledger's own topics with --missing"
        raise LedgerError(f"{error}{hint}") from error
    with LedgerClient(place) as ledger:
        known = decoded(ledger.get("/api/publishers"), _Publishers).publishers
    names = sorted(p.name for p in known if p.right == Right.PUBLISHER and p.revoked is None)
    if not names:
        raise UsageError("the ledger knows no publisher yet: make one with 'ledger publishers create', or name it with --publisher")
    return names
