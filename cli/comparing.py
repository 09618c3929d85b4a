"""``ledger compare``: what the ledger knew at two positions, side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from cli.databases import beside
from cli.moments import read_as_of, read_known_at
from cli.output import answer, answer_json, progress, sentence, table
from cli.recording import recorded
from cli.replaying import known_position
from ledger.access import ReadKind
from ledger.errors import UsageError
from ledger.figure import Row
from ledger.indicator import Indicator
from ledger.indicator import indicators as all_indicators
from ledger.projection import SqlValue
from streams.clock import today
from streams.comparing import compare as lay_side_by_side
from streams.differences import Compared, RowChange, Through
from streams.figures import declared
from streams.folder import DataFolder
from streams.settings import Settings, load
from streams.wiring import reading

_NAMED = 4


def compare(
    first: str,
    last: str | None,
    *,
    as_of: str | None,
    indicators: Sequence[str],
    by: Sequence[str],
    rows: int,
    opened: bool,
    purpose: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Print what differs between two positions or moments.

    :raises UsageError: a moment cannot be read, an indicator does not exist, or the first is not before the last.
    """
    chosen = [declared(id) for id in indicators] or list(all_indicators().values())
    split = [name for part in by for name in part.split(",")]
    day, start, end = read_as_of(as_of), read_known_at(first), read_known_at(last)
    settings = load(data=data)
    with beside(settings) as (dsn, folder):
        found = asyncio.run(_compare(settings, dsn, folder, start, end, day, chosen, split, rows, opened, purpose))
    if as_json:
        answer_json(msgspec.json.encode(found))
    else:
        _show(found)


async def _compare(
    settings: Settings,
    dsn: str,
    folder: DataFolder,
    start: int | datetime | None,
    end: int | datetime | None,
    as_of: date | None,
    chosen: Sequence[Indicator],
    by: Sequence[str],
    rows: int,
    opened: bool,
    purpose: str | None,
) -> Compared:
    async with reading(settings, dsn, folder) as parts:
        if opened:
            await recorded(parts, ReadKind.EXPORT, purpose, asked="compare")
        first, last = await known_position(parts.store, start), await known_position(parts.store, end)
        if first > last:
            raise UsageError(f"--from is position {first} and --to position {last}: name the earlier one with --from")
        with progress("Comparing", None) as meter:
            return await lay_side_by_side(
                parts.store,
                first=first,
                last=last,
                as_of=as_of or today(parts.clock),
                indicators=chosen,
                by=by,
                rows=rows,
                opened=opened,
                watch=lambda n, of: meter.at(n, of),
            )


def _show(found: Compared) -> None:
    answer(f"From position {found.first} to {found.last}, as of {found.as_of}: {sum(found.entries.values())} entries.")
    if found.entries:
        table(["entries of type", "number"], [(name, str(n)) for name, n in found.entries.items()], right=["number"])
    if found.figures:
        cells = [(change, old, new) for change in found.figures for old, new in change.cells]
        table(
            ["indicator", "cell", "before", "after", "through"],
            [
                (f"{one.id} {sentence(declared(one.id).title)}", _strata(old or new), _cell(old), _cell(new), _through(one.through))
                for one, old, new in cells
            ],
            title="Figures that changed",
            clip=["indicator"],
        )
    else:
        answer("No figure changed.")
    if found.views:
        counts = [(name, str(one.added), str(one.removed), str(one.changed)) for name, one in found.views.items()]
        table(["view", "added", "removed", "changed"], counts, title="Rows that changed", right=["added", "removed", "changed"])
    if found.changes:
        shown = [(one.view, one.key, one.kind, *_said(one), _through(one.through)) for one in found.changes]
        table(["view", "key", "", "before", "after", "through"], shown, title=f"The first {len(shown)} of them", clip=["before", "after"])
    for stream in found.unreadable:
        answer(f"{stream} cannot be opened and was left out")


def _strata(row: Row | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.strata.items()) if row is not None and row.strata else "all"


def _cell(row: Row | None) -> str:
    if row is None:
        return "–"
    if row.hidden:
        return "hidden"
    value = "" if row.value is None else f" = {row.value:.4g}"
    return f"{row.numerator if row.numerator is not None else '–'}/{row.denominator if row.denominator is not None else '–'}{value}"


def _said(one: RowChange) -> tuple[str, str]:
    if one.before is None and one.after is None:
        return "", ", ".join(name for name in one.columns if name != "key")
    return _values(one.before), _values(one.after)


def _values(values: Mapping[str, SqlValue] | None) -> str:
    return "–" if values is None else ", ".join(f"{name}={value}" for name, value in values.items() if name != "key")


def _through(entries: Sequence[Through]) -> str:
    told = ", ".join(f"{one.position} {one.type}" for one in entries[-_NAMED:])
    return f"… {told}" if len(entries) > _NAMED else told
