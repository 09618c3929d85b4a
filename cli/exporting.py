"""``ledger export``: figures for spreadsheets and BI tools, the log for process-mining tools and auditors."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from cli.databases import beside
from cli.moments import read_as_of, read_known_at
from cli.output import answer, answer_json, progress
from cli.recording import recorded
from ledger.access import ReadKind
from ledger.errors import LedgerError, UsageError
from streams.clock import today
from streams.export import entries, ocel
from streams.export.figures import exact_tables, public_tables, publication
from streams.export.table import MANIFEST, Table, TableFormat, Written, write_dictionary, write_table
from streams.folder import DataFolder
from streams.settings import Settings, load
from streams.wiring import Reading, reading

FORMATS = ("parquet", "csv", "ocel", "ndjson")


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    format: str
    position: int
    as_of: date
    protected: bool
    """Whether small numbers are hidden and nobody is in it; if not, it holds rows of persons."""
    files: list[str]
    rows: int


def export(
    format: str, *, out: Path, as_of: str | None, known_at: str | None, unprotected: bool, purpose: str | None, data: Path, as_json: bool
) -> None:
    """Write an export and say what stands in it.

    :raises UsageError: the format is unknown, a moment cannot be read, or there is no ledger in the data folder.
    :raises LedgerError: the folder cannot be written, or the database is away.
    """
    if format not in FORMATS:
        raise UsageError(f"{format!r} is no format; choose one of {', '.join(FORMATS)}")
    if unprotected and format in ("ocel", "ndjson"):
        raise UsageError(f"{format} always holds rows of persons: leave out --unprotected")
    day, known = read_as_of(as_of), read_known_at(known_at)
    settings = load(data=data)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"--out {out} cannot be made a folder: {error.strerror}; name another one") from error
    with beside(settings) as (dsn, folder):
        exported = asyncio.run(_export(settings, dsn, folder, format, out, day, known, unprotected, purpose))
    if as_json:
        answer_json(msgspec.json.encode(exported))
        return
    answer(f"{exported.rows} rows in {out}: {', '.join(exported.files)}")
    answer(f"as of {exported.as_of}, as known at position {exported.position}")
    if not exported.protected:
        answer("It holds rows of persons: keep it as you keep the ledger, and do not publish it.")


async def _export(
    settings: Settings,
    dsn: str,
    folder: DataFolder,
    format: str,
    out: Path,
    as_of: date | None,
    known_at: int | datetime | None,
    unprotected: bool,
    purpose: str | None,
) -> Exported:
    async with reading(settings, dsn, folder) as parts:
        if unprotected or format not in ("parquet", "csv"):
            asked = f"{format} as_of={as_of or ''} known_at={known_at if known_at is not None else ''}"
            await recorded(parts, ReadKind.EXPORT, purpose, asked=asked)
        known = int(await parts.store.position_at(known_at)) if isinstance(known_at, datetime) else known_at
        if format in ("parquet", "csv"):
            return await _tables(parts, TableFormat(format), out, as_of, known, unprotected)
        position = (await parts.store.head()).position
        known, day = position if known is None else min(known, position), as_of or today(parts.clock)
        with progress("Exporting", None) as meter:
            if format == "ndjson":
                lines = await entries.write_entries(parts.store, out / entries.FILE, known_at=known, watch=meter.at)
                return Exported(format=format, position=known, as_of=day, protected=False, files=[entries.FILE], rows=lines)
            logged = await ocel.write_ocel(parts.store, out / ocel.FILE, as_of=day, known_at=known, watch=meter.at)
        return Exported(format=format, position=known, as_of=day, protected=False, files=[ocel.FILE], rows=logged.events)


async def _tables(parts: Reading, form: TableFormat, out: Path, as_of: date | None, known_at: int | None, unprotected: bool) -> Exported:
    with progress("Computing", None) as meter:
        made = await publication(parts.figures, as_of=as_of, known_at=known_at, moved=meter.at)
    tables: Sequence[Table] = public_tables(made)
    if unprotected:
        facts = await parts.figures.factbook_of_all(as_of=made.as_of, known_at=made.position)
        tables = [*tables, *exact_tables(facts)]
    written: list[tuple[Table, Written]] = [(table, write_table(table, out, form)) for table in tables]
    said = f"As of {made.as_of}, as known at position {made.position}; {made.erased} persons erased. " + (
        "Rows of persons, exact: not for publication." if unprotected else "Small numbers are hidden, here as everywhere."
    )
    write_dictionary(written, out, title="Trajectory ledger: figures of the evaluation", description=said)
    return Exported(
        format=form.value,
        position=made.position,
        as_of=made.as_of,
        protected=not unprotected,
        files=[MANIFEST, *(one.file for _, one in written)],
        rows=sum(one.rows for _, one in written),
    )
