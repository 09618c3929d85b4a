"""The steward: what belongs to no partition. One worker does it, as long as it says every few seconds that it is there.

- What depends on shared streams (editions, offers, pilots, norms) is left as pending when those change; before that every turn
  that may have begun without the change is waited for, so that none is missed.
- Keys that change with the day alone, and streams that stalled and may be tried again, are left as pending.
- The position of the views: the last one up to which everything is in the rows of every partition. With it goes the quality of
  the sources, and when the views are at the head the findings from counts over many streams.

Everything it writes stands in a transaction that holds the row ``view.steward`` in its name: one that was paused writes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date

import msgspec

from ledger.quality import SourceState
from ledger.verdict import StreamId
from streams.aggregating import Envelope, aggregate, observe_into, save_sources
from streams.clock import Clock
from streams.kafka.entry_record import partition_of
from streams.kafka.topics import ENTRIES, RESTRICTED, entries_topic
from streams.kafka.worker_turn import Lane, NotReady
from streams.postgres import views
from streams.postgres.sql import sql
from streams.runner import FOLDING_VERSION
from streams.settling import SHARED_NORMS

log = logging.getLogger(__name__)

HOLD_SECONDS = 10.0
"""After how long without a word another worker becomes the steward."""
SCAN_ENTRIES = 200_000
"""Entries by which the position of the views moves at once."""
PAGE = 20_000
STREAMS_PAGE = 20_000
AGGREGATE_SECONDS = 10.0
"""How long findings over many streams may be behind while the views are never quite at the head."""

Place = tuple[str, int]


class NotSteward(NotReady):
    """Another worker is the steward by now."""


class Reached(msgspec.Struct):
    """How far the live tables are."""

    tables: dict[str, int]
    sources: dict[str, SourceState]
    """What the entries up to the lowest of them say of their sources."""

    @property
    def position(self) -> int:
        """What every table has."""
        return min(self.tables.values())


class Steward:
    """Does, turn by turn, what belongs to no partition."""

    def __init__(self, lane: Lane, wall: Clock) -> None:
        self._lane = lane
        self._wall = wall
        self._aggregated: tuple[object, ...] = ()
        self._aggregated_at = 0.0

    async def hold(self) -> bool:
        """Become the steward, or stay it for a while; whether that is so."""
        async with self._lane.store.pool.acquire() as connection:
            return bool(await self._lane.patiently(connection, "steward_hold", self._lane.worker, HOLD_SECONDS))

    async def release(self) -> None:
        """Let another worker be the steward."""
        await self._lane.store.pool.execute(sql("steward_release"), self._lane.worker)

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[tuple[views.Connection, int]]:
        """A transaction of the steward, with how far it marked what depends on shared streams. ``NotSteward`` when it is not any more."""
        async with self._lane.writing() as connection:
            marked = await connection.fetchval(sql("steward_lock"), self._lane.worker)
            if marked is None:
                raise NotSteward("another worker does what belongs to no partition")
            yield connection, marked

    async def step(self) -> bool:
        """Everything once; whether the views have come to rest at the head.

        :raises NotReady: this worker is not the steward any more, or a runner keeps the views.
        """
        async with self._lane.turn:
            head, as_of = await self._lane.now()
            if as_of is None:
                return True
            await self._mark_shared(head)
            await self._mark_due(as_of, head)
            await self._mark_stalled(head)
        rests = await self._advance(head)
        await self._aggregate(head)
        return rests

    # -- what is left to others ---------------------------------------------------------------------------------------

    async def _mark_shared(self, head: int) -> None:
        async with self.writing() as (connection, marked):
            shared = [row["stream"] for row in await connection.fetch(sql("steward_shared"), marked, head)]
            if not shared and marked < head:
                await connection.execute(sql("steward_marked"), head)
        if not shared:
            return
        await self._wait_for_turns()
        async with self.writing() as (connection, marked):
            if any(stream.startswith(SHARED_NORMS) for stream in shared):
                after = ""
                while page := await self._lane.store.streams(after=after, limit=STREAMS_PAGE):
                    after = page[-1]
                    await self._leave(connection, page, marked + 1)
            else:
                rows = await connection.fetch(sql("runner_dependents"), shared)
                await self._leave(connection, [StreamId(row["key"]) for row in rows], marked + 1)
            await connection.execute(sql("steward_marked"), head)

    async def _wait_for_turns(self) -> None:
        """Let every turn end that may have begun before the surroundings changed; one that begins now sees them."""
        for topic, partition in [(ENTRIES, number) for number in range(self._lane.partitions)]:
            async with self._lane.writing() as connection:
                await self._lane.patiently(connection, "checkpoint_lock_place", topic, partition)

    async def _mark_due(self, as_of: date, head: int) -> None:
        async with self.writing() as (connection, _):
            keys = [StreamId(row["key"]) for row in await connection.fetch(sql("due_take"), as_of)]
            await self._leave(connection, keys, head + 1)

    async def _mark_stalled(self, head: int) -> None:
        async with self.writing() as (connection, _):
            rows = await connection.fetch(sql("steward_retry"), self._wall.now())
            await self._leave(connection, [StreamId(row["stream"]) for row in rows], head + 1)
            await connection.execute(sql("pending_clear_gone"))

    async def _leave(self, connection: views.Connection, streams: Iterable[StreamId], position: int) -> None:
        tables = [row["table_name"] for row in await connection.fetch(sql("checkpoint_tables"))]
        everyone = set(streams)
        everyone |= {self._lane.surroundings.root(stream) for stream in everyone}
        await self._lane.leave(connection, sorted(everyone), tables, position)

    # -- the position of the views ------------------------------------------------------------------------------------

    async def _advance(self, head: int) -> bool:
        """Move the position of the views, and the quality of the sources with it; whether they rest at the head."""
        pool = self._lane.store.pool
        standing = await pool.fetchrow(sql("runner_head"))
        assert standing is not None
        reached = await self._reached(standing["position"], head)
        if reached is None:
            return False
        position = max(reached.position, standing["position"])
        day = await self._lane.settling.today(position)
        async with self.writing() as (connection, _):
            row = await connection.fetchrow(sql("runner_lock"))
            assert row is not None
            if row["position"] != standing["position"]:
                return False
            waiting = await connection.fetchval(sql("pending_any")) or await connection.fetchval(sql("due_any"), day)
            as_of = standing["as_of"] if waiting and standing["as_of"] is not None else day
            if position > standing["position"] or as_of != standing["as_of"]:
                await save_sources(connection, reached.sources)
                await connection.execute(sql("runner_advance"), position, as_of, FOLDING_VERSION)
            for table, at in reached.tables.items():
                await connection.execute(sql("steward_projection"), table, at, as_of)
        return position == head and not waiting

    async def _reached(self, since: int, head: int) -> Reached | None:
        """How far each live table is, from ``since`` on; None when there is no live table."""
        pool = self._lane.store.pool
        lowest = {row["table_name"]: row["position"] for row in await pool.fetch(sql("pending_lowest"))}
        marked = await pool.fetchval(sql("steward_position"))
        places: dict[str, dict[Place, int]] = {}
        for row in await pool.fetch(sql("checkpoints")):
            if row["state"] == "live":
                places.setdefault(row["table_name"], {})[row["topic"], row["partition"]] = row["position"]
        if not places:
            return None
        caps = {table: min(head, marked, lowest.get(table, head + 1) - 1) for table in places}
        groups: dict[tuple[tuple[Place, int], ...], list[str]] = {}
        for table, stands in places.items():
            groups.setdefault(tuple(sorted(stands.items())), []).append(table)
        found, rows = await self._scan(since, min(head, since + SCAN_ENTRIES), [dict(group) for group in groups])
        reached = {table: max(since, min(at, caps[table])) for at, tables in zip(found, groups.values(), strict=True) for table in tables}
        sources: dict[str, SourceState] = {}
        position = min(reached.values())
        observe_into(sources, [row for row in rows if row.position <= position], self._lane.surroundings.parameters)
        return Reached(reached, sources)

    async def _scan(self, since: int, upto: int, groups: list[Mapping[Place, int]]) -> tuple[list[int], list[Envelope]]:
        """For each group of checkpoints the last position without a hole below it, and the envelopes that were looked at."""
        found = [since] * len(groups)
        going = set(range(len(groups)))
        seen: list[Envelope] = []
        after = since
        while after < upto and going:
            rows = [Envelope(*row) for row in await self._lane.store.pool.fetch(sql("runner_envelopes"), after, upto, PAGE)]
            if not rows:
                break
            for row in rows:
                place = self._place(row)
                going -= {number for number in going if groups[number].get(place, 0) < row.position}
                if not going:
                    break
                for number in going:
                    found[number] = row.position
                seen.append(row)
            after = rows[-1].position
            await asyncio.sleep(0)
        return found, seen

    def _place(self, row: Envelope) -> Place:
        topic = entries_topic(row.type)
        return topic, 0 if topic == RESTRICTED else partition_of(row.stream, self._lane.partitions)

    # -- over many streams --------------------------------------------------------------------------------------------

    async def _aggregate(self, head: int) -> None:
        loop = asyncio.get_running_loop()
        async with self._lane.turn, self.writing() as (connection, _):
            row = await connection.fetchrow(sql("runner_head"))
            assert row is not None
            if row["as_of"] is None or (row["position"] < head and loop.time() - self._aggregated_at < AGGREGATE_SECONDS):
                return
            checkpoints = await connection.fetch(sql("checkpoints"))
            turns = sum(one["turns"] for one in checkpoints)
            state = (row["position"], row["as_of"], turns, {one["table_name"] for one in checkpoints})
            if state == self._aggregated or not {"tallies", "feeds"} <= {one["name"] for one in checkpoints if one["state"] == "live"}:
                return
            await self._lane.surroundings.extend(head)
            await aggregate(connection, self._lane.surroundings, row["as_of"])
            await connection.execute(sql("steward_aggregated"), row["position"], turns)
        self._aggregated, self._aggregated_at = state, loop.time()
