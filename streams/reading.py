"""Reading for people: how the ledger and its views stand, the quality of sources, flows and findings.

Figures over everything are kept for a few seconds, so that many pages cost the database one question.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import TypeVar, cast

import asyncpg
import msgspec

from ledger.errors import NotFound
from ledger.projection import projections
from ledger.quality import SourceState, merge, received, short_type
from ledger.timeline import Timeline, timeline
from ledger.verdict import Message, StreamId
from streams.clock import Clock, SystemClock, today
from streams.partitions import partitions
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.projecting import EVERY_VIEW, chosen_of
from streams.sources import answered, organisation, source_standing
from streams.standing import (
    Example,
    FlowCount,
    Heading,
    RebuildState,
    RefusalCount,
    SourceStanding,
    StalledStream,
    Standing,
    StandingFinding,
    ViewStanding,
)
from streams.subjects import Subjects

FRESH_SECONDS = 3.0
"""How old a figure over everything may be."""
FLOWS_SECONDS = 10.0
"""The same for flows, which look at every day, type and region."""
EXAMPLES_SECONDS = 60.0
"""The same for the choice of examples."""
EXAMPLES_PER_REASON = 2
REBUILDS_SHOWN = 50
STALLED_SHOWN = 200

T = TypeVar("T")
_state = msgspec.json.Decoder(SourceState)


class Reader:
    """Answers typed questions of pages and API. Safe to share between tasks of one event loop."""

    def __init__(self, store: Store, subjects: Subjects, clock: Clock) -> None:
        self._store = store
        self._subjects = subjects
        self._clock = clock
        self._kept: dict[str, tuple[float, object]] = {}

    async def _fresh(self, name: str, ask: Callable[[], Awaitable[T]], seconds: float = FRESH_SECONDS) -> T:
        """The kept answer, or a new one when it is too old."""
        kept = self._kept.get(name)
        if kept is not None and kept[0] > time.monotonic():
            return cast("T", kept[1])
        answer = await ask()
        self._kept[name] = (time.monotonic() + seconds, answer)
        return answer

    async def _rows(self, statement: str, *values: object) -> Sequence[asyncpg.Record]:
        """The rows of a statement over views; none as long as the views are not built."""
        with plainly():
            try:
                return await self._store.pool.fetch(sql(statement), *values)
            except asyncpg.UndefinedTableError:
                return ()

    # -- the ledger ---------------------------------------------------------------------------------------------------

    async def standing(self) -> Standing:
        """Where the ledger stands. ``StoreUnavailable`` when the database is away."""
        head = await self._store.head()
        totals = await self._fresh("totals", self._store.totals)
        with plainly():
            persons = await self._fresh("persons", lambda: self._store.pool.fetchval(sql("reading_persons")))
            open_refusals = await self._fresh("open", lambda: self._store.pool.fetchval(sql("reading_open_refusals")))
        return Standing(
            position=head.position,
            admitted_at=head.admitted_at,
            today=today(self._clock),
            admitted=answered(totals, "admitted"),
            duplicate=answered(totals, "duplicate"),
            refused=answered(totals, "refused"),
            open_refusals=cast("int", open_refusals),
            persons=cast("int", persons),
        )

    async def recent(self, limit: int = 12) -> list[Heading]:
        """The last entries, newest first, without their data."""
        head = await self._store.head()
        rows = await self._rows("reading_recent", max(0, head.position - limit), limit)
        return [
            Heading(
                position=row["position"],
                stream=row["stream"],
                type=short_type(row["type"]),
                source=row["source"],
                role=row["role"],
                time=row["time"],
                admitted_at=row["admitted_at"],
            )
            for row in rows
        ]

    # -- one person ---------------------------------------------------------------------------------------------------

    async def timeline(self, person: str, *, as_of: date | None = None, known_at: int | None = None) -> Timeline:
        """What the ledger says about a person, by pseudonym (a UUID); by default as of today, with everything known.

        :raises NotFound: nobody of that pseudonym is known (at that position).
        :raises StoreUnavailable: the database is away.
        """
        head = await self._store.head()
        if known_at is not None:
            known_at = min(known_at, head.position)
        subjects = await self._subjects.of([StreamId(f"persoon/{person}")], as_of=as_of or today(self._clock), known_at=known_at)
        if not subjects:
            raise NotFound("nobody of that pseudonym is in the ledger" + ("" if known_at is None else f" as known at position {known_at}"))
        position = known_at if known_at is not None else max(head.position, subjects[0].history.position)
        return timeline(subjects[0], position=position)

    async def positions(self, person: str) -> list[int]:
        """The positions of all entries of a person, of every stream that is united in it now; none for nobody."""
        subjects = await self._subjects.of([StreamId(f"persoon/{person}")], as_of=today(self._clock))
        if not subjects:
            return []
        rows = await self._rows("reading_positions", list(subjects[0].history.members))
        return [row["position"] for row in rows]

    async def examples(self) -> list[Example]:
        """Persons worth looking at, a few per reason: for a sandbox, where nobody is real."""
        return await self._fresh("examples", self._examples, EXAMPLES_SECONDS)

    async def _examples(self) -> list[Example]:
        chosen: dict[str, Example] = {}
        counts: dict[str, int] = {}
        for row in await self._rows("reading_examples"):
            key, reason = row["key"], row["reason"]
            if key not in chosen and counts.get(reason, 0) < EXAMPLES_PER_REASON:  # nobody twice
                chosen[key] = Example(person=key.partition("/")[2], entries=row["entries"], reason=reason)
                counts[reason] = counts.get(reason, 0) + 1
        return list(chosen.values())

    # -- views --------------------------------------------------------------------------------------------------------

    async def views(self) -> list[ViewStanding]:
        """Every declared view and how far it is."""
        head = await self._store.head()
        live = {row["name"]: row for row in await self._rows("reading_views")}
        runner = next(iter(await self._rows("reading_runner")), None)
        stalled = {row["projection"]: row["n"] for row in await self._rows("reading_stalled_counts")}
        running = {one.projection: one for one in await self.rebuilds() if one.finished_at is None}
        by_partition = await partitions(self._store)
        standings: list[ViewStanding] = []
        for name, declared in projections().items():
            row = live.get(name)
            position = row["position"] if row is not None else 0
            rebuilding = running.get(name) or running.get(EVERY_VIEW)
            standings.append(
                ViewStanding(
                    name=name,
                    label=Message(declared.nl, declared.en),
                    version=declared.version,
                    live_version=row["version"] if row is not None else None,
                    position=position,
                    lag=max(0, head.position - position),
                    as_of=runner["as_of"] if runner is not None and row is not None else None,
                    updated_at=runner["advanced_at"] if runner is not None and row is not None else None,
                    rows=row["rows"] if row is not None else 0,
                    state="rebuilding" if rebuilding else "live" if row is not None else "missing",
                    stalled=stalled.get(name, 0),
                    rebuilding=rebuilding,
                    partitions=by_partition.get(name, ()),
                )
            )
        return standings

    async def stalled(self) -> list[StalledStream]:
        """Streams that a projection cannot digest, the oldest first."""
        return [StalledStream(**dict(row)) for row in await self._rows("reading_stalled", STALLED_SHOWN)]

    async def rebuilds(self) -> list[RebuildState]:
        """The newest rebuilds, newest first."""
        rows = await self._rows("rebuild_list", REBUILDS_SHOWN)
        names = RebuildState.__struct_fields__
        return [RebuildState(**{name: row[name] for name in names}) for row in rows]

    async def rebuild(self, name: str) -> RebuildState:
        """Ask for a rebuild; one that waits already is answered instead. ``NotFound`` for a name that no view has."""
        chosen_of(name)
        waiting = next((one for one in await self.rebuilds() if one.projection == name and one.finished_at is None), None)
        if waiting is not None:
            return waiting
        now = SystemClock().now()
        with plainly():
            number = await self._store.pool.fetchval(sql("rebuild_request"), name, now)
        return RebuildState(
            number=number, projection=name, requested_at=now, started_at=None, finished_at=None, done=0, total=0, error=None
        )

    # -- sources ------------------------------------------------------------------------------------------------------

    async def sources(self) -> list[SourceStanding]:
        """The quality of every source that ever sent something, by source."""
        return await self._fresh("sources", self._sources)

    async def _sources(self) -> list[SourceStanding]:
        totals = await self._store.totals()
        states = {row["source"]: _state.decode(row["state"]) for row in await self._rows("reading_sources")}
        for source, arrivals in (await self._refused_sequences()).items():
            if source in states:  # a refused submission did arrive: its number is not missing
                states[source] = merge(states[source], received(source, arrivals))
        roles = {row["source"]: row["role"] for row in await self._rows("reading_roles")}
        only = {row["org"]: row["role"] for row in await self._rows("reading_only_roles")}
        named = sorted({total.source for total in totals} | set(states))
        return [
            source_standing(
                name, [t for t in totals if t.source == name], states.get(name), roles.get(name) or only.get(organisation(name))
            )
            for name in named
        ]

    async def refusal_counts(self) -> list[RefusalCount]:
        """Open refusals per source and reason."""
        return [RefusalCount(row["source"], row["code"], row["n"]) for row in await self._rows("reading_refusal_counts")]

    async def _refused_sequences(self) -> dict[str, list[tuple[int, datetime]]]:
        arrivals: dict[str, list[tuple[int, datetime]]] = {}
        for row in await self._rows("runner_refused_sequences"):
            arrivals.setdefault(row["source"], []).append((row["sequence"], row["received_at"]))
        return arrivals

    # -- figures ------------------------------------------------------------------------------------------------------

    async def flows(self) -> list[FlowCount]:
        """Live events per month, type and region: exact, to be protected before anybody sees them."""
        return await self._fresh("flows", self._flows, FLOWS_SECONDS)

    async def _flows(self) -> list[FlowCount]:
        rows = await self._rows("reading_flows")
        return [FlowCount(month=row["month"], type=row["type"], region=row["region"] or "unknown", n=row["n"]) for row in rows]

    async def findings(self, code: str | None = None) -> list[StandingFinding]:
        """Live findings that stand on no person, by code and date; restricted ones are not among them."""
        rows = await self._rows("reading_findings")
        found = [
            StandingFinding(
                stream=row["key"],
                code=row["code"],
                severity=row["severity"],
                clock=row["clock"],
                rule=row["rule"],
                position=row["position"],
                since=row["since"],
                case=row["case_key"],
            )
            for row in rows
        ]
        return found if code is None else [one for one in found if one.code == code]
