"""``ledger bundle``: a file with entries or a figure and the proofs that tie them to a signed checkpoint."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from cli.databases import beside
from cli.moments import read_as_of, read_known_at
from cli.output import answer, answer_json
from cli.recording import recorded
from cli.replaying import known_position, written
from ledger.access import ReadKind
from ledger.bundle import Kind, Line
from ledger.cohort import Cohort, read_cohort
from ledger.errors import UsageError
from ledger.verdict import StreamId
from streams.bundling import Bundling
from streams.clock import SystemClock
from streams.figures import declared
from streams.folder import DataFolder
from streams.settings import Settings, load
from streams.wiring import Reading, reading

_RANGE = re.compile("([0-9]{1,16}):([0-9]{1,16})")


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What the bundle is to be about."""

    kind: Kind
    of: str
    span: tuple[int, int] = (0, 0)
    by: Sequence[str] = ()
    cohort: Cohort | None = None
    as_of: date | None = None
    known_at: int | datetime | None = None


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    file: str
    kind: Kind
    of: str
    entries: int
    opened: int


def chosen(
    *,
    person: str | None,
    figure: str | None,
    span: str | None,
    by: Sequence[str],
    cohort: str | None,
    as_of: str | None,
    known_at: str | None,
) -> Chosen:
    """What the options say. ``UsageError`` when they name no one thing."""
    if sum(one is not None for one in (person, figure, span)) != 1:
        raise UsageError("name one thing to bundle: --person, --figure or --range")
    if figure is None and (by or cohort or as_of or known_at):
        raise UsageError("--by, --cohort, --as-of and --known-at are of a figure: name it with --figure")
    if person is not None:
        return Chosen(kind=Kind.PERSON, of=f"persoon/{person.removeprefix('persoon/').lower()}")
    if figure is not None:
        return Chosen(
            kind=Kind.FIGURE,
            of=declared(figure).id,
            by=[name for part in by for name in part.split(",")],
            cohort=read_cohort(cohort) if cohort is not None else None,
            as_of=read_as_of(as_of),
            known_at=read_known_at(known_at),
        )
    match = _RANGE.fullmatch(span or "")
    if match is None:
        raise UsageError(f"--range {span!r} is no range of entries: write first:last, as in 1:100")
    return Chosen(kind=Kind.RANGE, of=str(span), span=(int(match[1]), int(match[2])))


def bundle(what: Chosen, out: Path, *, opened: bool, purpose: str | None, data: Path, as_json: bool) -> None:
    """Write the bundle and say what is in it.

    :raises UsageError: nothing of the kind is there, it is not signed yet, or opening it has no purpose.
    """
    settings = load(data=data)
    with beside(settings) as (dsn, folder):
        done = asyncio.run(_bundle(settings, dsn, folder, what, out, opened, purpose))
    if as_json:
        answer_json(msgspec.json.encode(done))
        return
    told = "" if done.kind is Kind.FIGURE else f": {done.entries} entries, {done.opened} of them with their content"
    answer(f"{done.kind} {done.of} in {done.file}{told}. Check it with: ledger verify {done.file}")


async def _bundle(settings: Settings, dsn: str, folder: DataFolder, what: Chosen, out: Path, opened: bool, purpose: str | None) -> Bundled:
    async with reading(settings, dsn, folder) as parts:
        if opened:
            stream = what.of if what.kind is Kind.PERSON else None
            await recorded(parts, ReadKind.BUNDLE, purpose, stream=stream, asked=f"bundle {what.kind}")
        entries = held = 0
        lines = await _lines(parts, what, opened)
        with written(out, private=opened) as file:
            async for line in lines:
                file.write(line.encode())
                if line.entry is not None:
                    entries += 1
                    held += line.entry.canonical is not None
        return Bundled(file=str(out), kind=what.kind, of=what.of, entries=entries, opened=held)


async def _lines(parts: Reading, what: Chosen, opened: bool) -> AsyncIterator[Line]:
    maker = Bundling(parts.store, parts.ledger, parts.checkpoints, parts.subjects, restricted=True)
    now = SystemClock().now()
    if what.kind is Kind.PERSON:
        return maker.person(StreamId(what.of), opened=opened, now=now)
    if what.kind is Kind.RANGE:
        return maker.range(*what.span, opened=opened, now=now)
    known = None if what.known_at is None else await known_position(parts.store, what.known_at)
    found = await parts.figures.figure(what.of, by=what.by, cohort=what.cohort, as_of=what.as_of, known_at=known)
    return maker.figure(found, now=now)
