"""Releases of closed quarters, made and read: what analysts work with, fixed for good, in the schema ``analysis``."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from ledger.catalogue import catalogue
from ledger.errors import NotFound
from ledger.parameters import PARAMETERS, Parameters
from ledger.publication import Cell, definition, published, values
from ledger.release import Quarter, Why, closed_quarters, merged, moved, releasable, revised
from ledger.rollup import K_CELL
from ledger.time import local_date, local_midnight
from streams.clock import Clock, today
from streams.export.figures import publication
from streams.figures import Figures
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.postgres.views import Connection

Said = Callable[[str], None]
"""Told what is being done."""
_LATER = ("event.corrected", "event.retracted", "identity.linked", "erasure.executed")
"""Types that change what is known of any day."""
_cells = msgspec.json.Decoder(list[Cell])


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One release as it stands."""

    release: str
    quarter: str
    revision: int
    why: Why
    position: int
    as_of: date
    cut_on: date
    published_at: datetime
    erased: int
    digest: str
    cells: int
    hidden: int
    changed: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A published cell that a release changed."""

    indicator: str
    dimension_1: str | None
    value_1: str | None
    dimension_2: str | None
    value_2: str | None
    old_numerator: int | None
    old_denominator: int | None
    old_value: float | None
    new_numerator: int | None
    new_denominator: int | None
    new_value: float | None


class Cause(msgspec.Struct, frozen=True):
    """What came in since the release before; None for fewer than five."""

    type: str
    entries: int | None


class Waiting(msgspec.Struct, frozen=True):
    """Indicators of a quarter whose revision waits."""

    quarter: str
    position: int
    indicators: tuple[str, ...]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A release with all that is in it."""

    release: Release
    cells: tuple[Cell, ...]
    changes: tuple[Change, ...]
    causes: tuple[Cause, ...]


class _Cut(msgspec.Struct, frozen=True):
    position: int
    day: date


class Releases:
    """Makes and reads releases."""

    def __init__(self, store: Store, figures: Figures, clock: Clock, parameters: Parameters = PARAMETERS) -> None:
        self._store = store
        self._figures = figures
        self._clock = clock
        self._days = parameters.quarter_closes_days

    async def all(self) -> list[Release]:
        """Every release, newest first."""
        with plainly():
            return [Release(**{**dict(row), "why": Why(row["why"])}) for row in await self._store.pool.fetch(sql("releases"))]

    async def waiting(self) -> list[Waiting]:
        """The revisions that wait."""
        with plainly():
            rows = await self._store.pool.fetch(sql("release_waiting"))
        return [Waiting(row["quarter"], row["position"], tuple(row["indicators"])) for row in rows]

    async def tell(self, name: str, indicator: str | None = None) -> Told:
        """A release with its cells, of one indicator or of all. :raises NotFound: there is no such release."""
        found = {one.release: one for one in await self.all()}
        if name not in found:
            raise NotFound(
                f"there is no release {name!r}; there are {', '.join(sorted(found)) or 'none yet: make them with: ledger releases make'}"
            )
        with plainly():
            cells = await self._store.pool.fetch(sql("release_cells"), name, indicator)
            changes = await self._store.pool.fetch(sql("release_changes"), name, indicator)
            causes = await self._store.pool.fetch(sql("release_causes"), name)
        return Told(
            release=found[name],
            cells=tuple(Cell(**dict(row)) for row in cells),
            changes=tuple(Change(**dict(row)) for row in changes),
            causes=tuple(Cause(row["type"], row["entries"]) for row in causes),
        )

    async def due(self) -> list[Quarter]:
        """The closed quarters that have no release yet, oldest first."""
        with plainly():
            first = await self._store.pool.fetchval(sql("release_first"))
        if first is None:
            return []
        made = {one.quarter for one in await self.all()}
        return [one for one in closed_quarters(local_date(first), today(self._clock), self._days) if str(one) not in made]

    async def close(self, quarter: Quarter) -> Release | None:
        """Make the first release of a closed quarter; None when the ledger knew nothing on its closing day."""
        cut = await self._cut(quarter.closes_on(self._days))
        if not cut.position:
            return None
        shown = await publication(self._figures, as_of=quarter.last, known_at=cut.position)
        exact = await publication(self._figures, as_of=quarter.last, known_at=cut.position, protected=False)
        return await self._write(quarter, 0, Why.CLOSING, cut, shown.erased, shown.cells, exact.cells, (), ())

    async def revise(self, quarter: Quarter) -> Release | None:
        """Make the next release of a quarter if what is known of it moved and may be told; None otherwise."""
        with plainly():
            last = await self._store.pool.fetchrow(sql("release_exact"), str(quarter))
        if last is None:
            return None
        yearly = self._yearly_since(quarter, last["cut_on"])
        cut = await self._cut(yearly) if yearly is not None else _Cut((await self._store.head()).position, today(self._clock))
        if cut.position <= last["position"]:
            return None
        old_exact = _cells.decode(zlib.decompress(last["cells"]))
        exact = await publication(self._figures, as_of=quarter.last, known_at=cut.position, protected=False)
        changed, waits = releasable(moved(old_exact, exact.cells), K_CELL, yearly=yearly is not None)
        with plainly():
            if waits:
                await self._store.pool.execute(sql("release_wait"), str(quarter), cut.position, sorted(waits))
            else:
                await self._store.pool.execute(sql("release_wait_over"), str(quarter))
        if not changed:
            return None
        old = (await self.tell(last["release"])).cells
        shown = await publication(self._figures, as_of=quarter.last, known_at=cut.position)
        cells = merged(old, shown.cells, changed)
        why = Why.REVISION if yearly is None else Why.YEARLY
        kept = merged(old_exact, exact.cells, changed)
        causes = await self._causes(last["position"], cut.position, quarter.last)
        return await self._write(quarter, last["revision"] + 1, why, cut, shown.erased, cells, kept, causes, revised(old, cells))

    def _yearly_since(self, quarter: Quarter, cut_on: date) -> date | None:
        """The newest yearly closing since a cut: the day on which the fourth quarter of a year closed."""
        day = today(self._clock)
        found = [Quarter(year, 4).closes_on(self._days) for year in range(quarter.year, day.year + 1)]
        return max((one for one in found if cut_on < one <= day), default=None)

    async def _cut(self, day: date) -> _Cut:
        """The last position admitted before a day began."""
        before = local_midnight(day) - timedelta(microseconds=1)
        return _Cut(int(await self._store.position_at(before)), day)

    async def _causes(self, after: int, upto: int, last: date) -> list[Cause]:
        later = [one.full_name for one in catalogue().types.values() if one.name in _LATER]
        with plainly():
            rows = await self._store.pool.fetch(sql("release_arrivals"), after, upto, last, later)
        names = {full: one.name for full, one in catalogue().types.items()}
        return [Cause(names.get(row["type"], row["type"]), row["entries"] if row["entries"] >= K_CELL else None) for row in rows]

    async def _write(
        self,
        quarter: Quarter,
        revision: int,
        why: Why,
        cut: _Cut,
        erased: int,
        cells: Sequence[Cell],
        exact: Sequence[Cell],
        causes: Sequence[Cause],
        changes: Sequence[tuple[Cell, Cell]],
    ) -> Release:
        name = f"{quarter}.r{revision}"
        digest = hashlib.sha256(msgspec.json.encode(cells)).hexdigest()
        row = (name, str(quarter), revision, why.value, cut.position, quarter.last, cut.day, self._clock.now(), erased, digest)
        with plainly():
            async with self._store.pool.acquire() as connection, connection.transaction():
                if await connection.fetchval(sql("release_make"), *row) is not None:
                    await _fill(connection, name, cells, exact, causes, changes)
        return next(one for one in await self.all() if one.release == name)


_CHANGE = ("release", *Change.__struct_fields__)


def _change(old: Cell, new: Cell) -> tuple[object, ...]:
    where = (new.indicator, new.dimension_1, new.value_1, new.dimension_2, new.value_2)
    return (*where, old.numerator, old.denominator, old.value, new.numerator, new.denominator, new.value)


async def _fill(
    connection: Connection,
    name: str,
    cells: Sequence[Cell],
    exact: Sequence[Cell],
    causes: Sequence[Cause],
    changes: Sequence[tuple[Cell, Cell]],
) -> None:
    """What stands in a release that was just entered."""
    await _copy(connection, "figure", ("release", *Cell.__struct_fields__), [(name, *msgspec.structs.astuple(one)) for one in cells])
    await _copy(connection, "revision", _CHANGE, [(name, *_change(old, new)) for old, new in changes])
    await _copy(connection, "cause", ("release", "type", "entries"), [(name, one.type, one.entries) for one in causes])
    await connection.execute(sql("release_keep"), name, zlib.compress(msgspec.json.encode(exact)))
    await connection.executemany(sql("release_define"), [msgspec.structs.astuple(definition(one)) for one in published()])
    await connection.executemany(sql("release_word"), [msgspec.structs.astuple(one) for one in values(cells)])


async def _copy(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
) -> None:
    await connection.copy_records_to_table(table, schema_name="analysis", columns=list(columns), records=rows)
