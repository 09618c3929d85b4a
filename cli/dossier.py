"""``ledger dossier``: everything that the register holds about a person, read from the store itself, beside a ledger or without one."""

from __future__ import annotations

import asyncio
import os
from datetime import date
from pathlib import Path

import msgspec

from cli.databases import beside
from cli.looking import pseudonym
from cli.moments import read_as_of
from cli.output import answer, answer_json
from cli.recording import recorded
from ledger.access import ReadKind, ReadPurpose
from ledger.codes.identity import LegalBasis
from ledger.errors import LedgerError, NotFound
from streams.clock import SystemClock
from streams.folder import DataFolder, Mode
from streams.refusals import refusals_of
from streams.settings import Settings, load
from streams.wiring import Reading, reading
from web.dossier import FILES, Material, document, page
from web.language import Language

_READS = 10_000


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    person: str
    position: int
    entries: int
    reads: int
    files: list[str]


def dossier(person: str, *, out: Path, as_of: str | None, purpose: str | None, data: Path, as_json: bool) -> None:
    """Write the dossier and say where.

    :raises UsageError: PERSON is no pseudonym, a date cannot be read, or there is no ledger in the data folder.
    :raises NotFound: nobody of that pseudonym is in the ledger.
    :raises LedgerError: the folder cannot be written, or the database is away.
    """
    key, day = pseudonym(person), read_as_of(as_of)
    settings = load(data=data)
    with beside(settings) as (dsn, folder):
        material = asyncio.run(_material(settings, dsn, folder, key, day, purpose or ReadPurpose.ACCESS_REQUEST.value))
    files = {name: page(material, language).encode() for language, name in FILES.items()} | {"dossier.json": document(material)}
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, content in files.items():
            handle = os.open(out / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    except OSError as error:
        raise LedgerError(f"{error.filename or out} cannot be written: {error.strerror}; name another folder with --out") from error
    done = Written(
        person=material.timeline.person,
        position=material.timeline.position,
        entries=len(material.timeline.entries),
        reads=len(material.reads),
        files=list(files),
    )
    if as_json:
        answer_json(msgspec.json.encode(done))
        return
    answer(f"The dossier of persoon/{done.person} is in {out}: {', '.join(done.files)}.")
    answer(
        f"{done.entries} events and {done.reads} reads, as known at position {done.position}. Open {out / FILES[Language.NL]} and print it."
    )


async def _material(settings: Settings, dsn: str, folder: DataFolder, key: str, day: date | None, purpose: str) -> Material:
    async with reading(settings, dsn, folder) as parts:
        await recorded(parts, ReadKind.DOSSIER, purpose, stream=f"persoon/{key}", asked=f"as_of={day}" if day else "")
        told = await parts.reader.timeline(key, as_of=day)
        entries = await parts.store.read_streams(told.streams)
        return Material(
            made_at=SystemClock().now(),
            ledger=str(parts.ledger.id),
            sandbox=parts.ledger.mode is Mode.SANDBOX,
            timeline=told,
            grounds={entry.position: LegalBasis(entry.legal_basis) if entry.legal_basis else None for entry in entries},
            reads=await parts.access.list(limit=_READS, streams=told.streams),
            refusals=await refusals_of(parts.store, told.streams),
            number_kept=await _number_kept(parts, told.streams),
        )


async def _number_kept(parts: Reading, streams: tuple[str, ...]) -> bool:
    for stream in streams:
        try:
            await parts.store.identity(stream)  # type: ignore[arg-type]
        except NotFound:
            continue
        return True
    return False
