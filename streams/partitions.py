"""How far each view is in each partition of the entries on Kafka, while workers keep the views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.projecting import WORKER_SECONDS
from streams.standing import PartitionStanding


class HasPartitions(Protocol):
    """A view by its name, with its partitions."""

    @property
    def name(self) -> str:
        """Of the view."""
        ...

    @property
    def partitions(self) -> Iterable[PartitionStanding]:
        """By topic and number."""
        ...


class PartitionLine(msgspec.Struct, frozen=True, kw_only=True):
    """Views that are equally far in a partition."""

    topic: str
    partition: int
    worker: str | None
    lag: int | None
    views: tuple[str, ...]
    """Empty for all of them."""


async def partitions(store: Store) -> Mapping[str, tuple[PartitionStanding, ...]]:
    """By view; empty while no worker is there."""
    with plainly():
        rows = await store.pool.fetch(sql("reading_partitions"), WORKER_SECONDS)
    found: dict[str, list[PartitionStanding]] = {}
    for row in rows:
        told = dict(row)
        found.setdefault(told.pop("name"), []).append(PartitionStanding(**told))
    return {name: tuple(some) for name, some in found.items()}


def lines(views: Iterable[HasPartitions]) -> list[PartitionLine]:
    """A line for each partition and each group of views that are equally far in it, as a person would read them."""
    grouped: dict[tuple[str, int, str | None, int | None], list[str]] = {}
    every: set[str] = set()
    for view in views:
        for one in view.partitions:
            every.add(view.name)
            grouped.setdefault((one.topic, one.partition, one.worker, one.lag), []).append(view.name)
    return [
        PartitionLine(topic=topic, partition=partition, worker=worker, lag=lag, views=() if set(names) == every else tuple(sorted(names)))
        for (topic, partition, worker, lag), names in sorted(grouped.items(), key=lambda item: (item[0][:2], sorted(item[1])))
    ]
