"""Settling keys: fold them from the store and replace their rows in every table, in the caller's transaction.

The embedded runner and the workers both come here; they differ in what they settle, when, and in what keeps two of them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ledger.projection import projections
from ledger.time import local_date
from ledger.verdict import StreamId
from streams.clock import Clock
from streams.folding import STEERING, Folded, fold
from streams.postgres import views
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.subjects import Loaded, Surroundings, load

KEYS = 1_000
"""Keys that are folded at once: what bounds memory."""

SHARED_NORMS = "beleid/norm/"
"""How streams begin that every fold looks at."""

Tables = Mapping[str, Sequence[str]]
"""The tables of each projection: the live one, and one that is being filled beside it."""


class Settling:
    """Settles keys at a position. ``exact`` says that nobody else folds these keys: what they depend on is then replaced, else added to."""

    def __init__(self, store: Store, surroundings: Surroundings, wall: Clock, *, sandbox: bool, exact: bool) -> None:
        self._store = store
        self._surroundings = surroundings
        self._wall = wall
        self._sandbox = sandbox
        self._exact = exact

    async def today(self, position: int) -> date | None:
        """The as-of date of the views at a position: in a sandbox the day of that entry; None while the ledger is empty."""
        if not self._sandbox:
            return local_date(self._wall.now())
        admitted_at = await self._store.pool.fetchval(sql("runner_admitted_at"), position)
        return local_date(admitted_at) if admitted_at is not None else None

    async def settle(self, connection: views.Connection, tables: Tables, streams: Iterable[StreamId], as_of: date, upto: int) -> int:
        """Replace the rows of some streams; those that were absorbed by another have none. Answers how many were folded.

        The surroundings are at ``upto`` already.
        """
        everyone = sorted(set(streams))
        keys = [stream for stream in everyone if self._surroundings.root(stream) == stream]
        reference = self._surroundings.reference(as_of)
        for at in range(0, len(keys), KEYS):
            chunk = keys[at : at + KEYS]
            loaded = await load(
                self._store, self._surroundings, chunk, reference=reference, upto=upto, parameters=self._surroundings.parameters
            )
            await self._write(connection, tables, loaded)
        if len(keys) < len(everyone):
            await self._forget(connection, tables, sorted(set(everyone) - set(keys)))
        return len(keys)

    async def _forget(self, connection: views.Connection, tables: Tables, gone: list[StreamId]) -> None:
        await views.clear(connection, sorted(table for written in tables.values() for table in written), gone)
        await connection.execute(sql("runner_forget_dependencies"), gone)
        await connection.execute(sql("runner_forget_due"), gone)
        await connection.execute(sql("runner_unstall_gone"), gone)

    async def _write(self, connection: views.Connection, tables: Tables, loaded: Loaded) -> None:
        folded = await fold(loaded, tables)
        here = sorted({s.key for s in loaded.subjects} | set(loaded.empty))
        held_back = {(s.projection, s.stream) for s in folded.stalls}
        sick = {stream for _, stream in held_back}
        every = sorted(table for written in tables.values() for table in written)
        await views.clear(connection, every, [key for key in here if key not in sick])
        for name, (keys, records) in folded.rows.items():
            for table in tables[name]:
                if sick:
                    await views.clear(connection, [table], [key for key in keys if key in sick])
                await views.append(connection, projections()[name], table, records)
        await self._unstall(connection, here, held_back, tables)
        await self._steer(connection, loaded, folded)
        if folded.stalls:
            now = self._wall.now()
            await connection.executemany(sql("runner_stall"), [(s.projection, s.stream, s.position, s.reason, now) for s in folded.stalls])

    async def _unstall(
        self, connection: views.Connection, keys: list[StreamId], stalled: set[tuple[str, StreamId]], tables: Tables
    ) -> None:
        """Forget the stalls of keys that went well this time."""
        known = await connection.fetch(sql("settling_stalled"), keys)
        for name in {row["projection"] for row in known} & {*tables, STEERING}:
            well = [row["stream"] for row in known if row["projection"] == name and (name, row["stream"]) not in stalled]
            await connection.execute(sql("runner_unstall"), name, well)

    async def _steer(self, connection: views.Connection, loaded: Loaded, folded: Folded) -> None:
        """Write down what the keys depend on and when they are due."""
        here = sorted({s.key for s in loaded.subjects} | set(loaded.empty))
        lost = {s.stream for s in folded.stalls if s.projection == STEERING}
        if self._exact:
            await connection.execute(sql("runner_forget_dependencies"), here)
            await connection.execute(sql("runner_forget_due"), here)
            dependencies, due = folded.dependencies, folded.due
            await connection.copy_records_to_table("dependency", schema_name=views.SCHEMA, columns=["key", "stream"], records=dependencies)
            await connection.copy_records_to_table("due", schema_name=views.SCHEMA, columns=["key", "day"], records=due)
            return
        bare = sorted(set(here) - {key for key, _ in folded.dependencies} - lost)
        await connection.execute(sql("runner_forget_dependencies"), bare)
        dependencies, due = sorted(folded.dependencies), sorted(folded.due)
        await connection.execute(sql("dependency_add"), [key for key, _ in dependencies], [stream for _, stream in dependencies])
        await connection.execute(sql("due_sooner"), [key for key, _ in due], [day for _, day in due])
