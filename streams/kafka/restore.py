"""Restore: the entries from Kafka, and what Kafka does not hold from a backup, into an empty database. All of it or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, cast

import asyncpg
import msgspec

from ledger.errors import BadInput, DataFolderError, UsageError
from ledger.merge import Links
from streams.backup import bring_back
from streams.content import Content
from streams.folder import Mode
from streams.kafka.admin import Admin
from streams.kafka.connection import Cluster
from streams.kafka.entry_log import entries_on_kafka
from streams.planting import plant
from streams.postgres.appender import ENTRY_COLUMNS
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.postgres.views import Connection
from streams.tree import Fetching, Tree

_ADMITTED_AT: Literal[5] = 5
_ERASURE = "erasure.executed"
PAGE = 1_000
"""Erasures that are read at a time."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore brought back."""

    position: int
    entries: int
    digest: str
    """Of all columns of all entries; equal to what the ledger that was lost would say."""
    rows: Mapping[str, int]
    """Rows of other tables, from the backup."""
    unreadable_entries: int
    """Entries whose key the backup does not hold: they are there, sealed, and nobody can read them."""
    unreadable_streams: int


async def restore(
    store: Store, cluster: Cluster, *, mode: Mode, now: datetime, keys: Path | None, told: Callable[[int], None] | None = None
) -> Restored:
    """Fill the empty, migrated database of ``store``. ``keys`` is a file of :func:`~streams.backup.back_up`; without one every person's
    data stays sealed for good. ``told`` hears the position reached.

    :raises UsageError: the database holds entries already.
    :raises BadInput: the topics or the backup are not whole; nothing was written. Whatever else goes wrong, nothing was written either.
    :raises DataFolderError: the backup is of another ledger than the keys in the data folder.
    """
    content = Content()
    async with Admin(cluster) as admin:
        cluster_id = await admin.cluster_id()
    with plainly():
        async with store.pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(sql("ledger_is_empty")):
                raise UsageError("this database holds entries already: a restore fills an empty one; name a new data folder or database")
            rows = await bring_back(connection, keys) if keys is not None else {}
            if rows and await connection.fetchval(sql("ledger"), column=3) != store.keys.check:
                raise DataFolderError(f"{keys} is the backup of another ledger than the one whose keys are in this data folder")
            admitted_at: datetime | None = None
            pages = entries_on_kafka(cluster)
            try:
                async for page in pages:
                    await connection.copy_records_to_table("entries", schema_name="ledger", columns=ENTRY_COLUMNS, records=page)
                    content.add(page)
                    admitted_at = page[-1][_ADMITTED_AT]
                    if told is not None:
                        told(content.position)
            finally:
                await pages.aclose()
            await plant(connection, store.keys, content.position)
            await _check_signed(connection, content.position)
            await connection.execute(sql("restore_head"), content.position, admitted_at)
            await connection.execute(sql("recount_admitted"))
            await connection.execute(sql("mark_relayed"), cluster_id, content.position)
            # A ledger whose erased persons are readable again must not be there for a moment: it is all one transaction.
            within = Store(
                store.dsn,
                cast("asyncpg.Pool[asyncpg.Record]", _Alone(connection)),
                keys=store.keys,
                settings=store.settings,
                types=store.catalogue,
            )
            await within.found(mode, now)
            await _erase_again(within)
    with plainly():
        unreadable = await store.pool.fetchrow(sql("unreadable"))
    assert unreadable is not None
    return Restored(
        position=content.position,
        entries=content.entries,
        digest=content.digest,
        rows=rows,
        unreadable_entries=unreadable["entries"],
        unreadable_streams=unreadable["streams"],
    )


async def _check_signed(connection: Fetching, position: int) -> None:
    """The entries must be those that the log signed, as far as the backup knows its checkpoints."""
    last = await connection.fetch(sql("checkpoint_up_to"), position)
    for size, root in last:
        if await Tree(connection).root(size) != root:
            raise BadInput(f"the entries on Kafka are not those that this log signed: its checkpoint of {size} entries has another root")


async def _erase_again(store: Store) -> None:
    """Destroy the keys of everybody whose erasure stands in the entries: the backup may be older than the erasure."""
    links = Links().extended((await store.open_entries(await store.read_links())).entries)
    after = 0
    while erasures := await store.of_types([_ERASURE], after=after, limit=PAGE):
        after = erasures[-1].position
        for erasure in erasures:
            streams = links.members_of(erasure.stream)
            with plainly():
                for statement in ("record_erasures", "destroy_keys"):
                    await store.pool.execute(sql(statement), streams, erasure.position)
                for statement in ("erase_identities", "erase_refusals"):
                    await store.pool.execute(sql(statement), streams)


class _Alone:
    """What a pool does, done by one connection inside its transaction: whoever reads by it sees what was written there."""

    def __init__(self, connection: Connection) -> None:
        self.fetch = connection.fetch
        self.fetchrow = connection.fetchrow
        self.fetchval = connection.fetchval
        self.execute = connection.execute
        self._connection = connection

    @contextlib.asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """The connection."""
        yield self._connection
