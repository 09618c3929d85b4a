"""The entries on Kafka are those in PostgreSQL, every column of every one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from ledger.errors import BadInput
from streams.kafka.entry_log import entries_on_kafka
from streams.kafka.topics import entries_topic
from streams.postgres.appender import ENTRY_COLUMNS, EntryRow
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.stored import Stored
from streams.verifying import Check, Fault, Sheet, Skipped, check

_TRIES, _PAUSE_SECONDS = 10, 0.5


@check("kafka", order=110, nl="De kopie op Kafka is dezelfde", en="The copy on Kafka is the same")
class OnKafka(Check):
    """Reads both copies side by side."""

    _pages: AsyncGenerator[list[EntryRow], None] | None = None

    async def begin(self) -> Skipped | None:
        """Open the topics."""
        if self.audit.cluster is None:
            return Skipped("no cluster was named: --against kafka compares with the one that LEDGER_KAFKA_SERVERS names")
        await self._let_the_relay_arrive()
        self._pages = entries_on_kafka(self.audit.cluster, upto=self.audit.head.position)
        self._held: list[EntryRow] = []
        return None

    async def _let_the_relay_arrive(self) -> None:
        """A relay that runs is a little behind the head: give it a moment."""
        for _ in range(_TRIES):
            with plainly():
                mark = await self.audit.store.pool.fetchrow(sql("relay_mark"))
            if mark is None or mark["position"] >= self.audit.head.position:
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def take(self, sheet: Sheet) -> Fault | None:
        """Compare row by row."""
        assert self._pages is not None
        for row in sheet.rows:
            while not self._held:
                try:
                    self._held = (await anext(self._pages))[::-1]
                except StopAsyncIteration:
                    return self._wrong(row, "is not on Kafka yet, or was removed there")
                except BadInput as error:
                    return self._wrong(row, f"and what follows cannot be compared: {error}")
            there = self._held.pop()
            if there != row:
                names = [name for name, here, far in zip(ENTRY_COLUMNS, row, there, strict=True) if here != far]
                return self._wrong(row, f"is another there than in PostgreSQL: {', '.join(names)} differ")
        return None

    async def close(self) -> None:
        """Leave the topics."""
        if self._pages is not None:
            await self._pages.aclose()

    def _wrong(self, row: Stored, what: str) -> Fault:
        return Fault(where=entries_topic(row.type), what=f"entry {row.position} of {row.stream} {what}", position=row.position)
