"""Folding: subjects to the rows of every live projection, a failure stalling one stream of one projection only."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from datetime import date

import msgspec

from ledger.dependencies import next_change, references
from ledger.errors import LedgerError
from ledger.projection import SqlValue, projections_of
from ledger.subject import Subject
from ledger.verdict import StreamId
from streams.subjects import Loaded

log = logging.getLogger("ledger.folding")

YIELD_SECONDS = 0.05
"""How long folding may hold the event loop."""
STEERING = "runner"
"""The name under which a failure to find dependencies or due days is kept."""


class Stall(msgspec.Struct, frozen=True):
    """A projection that could not digest a stream."""

    projection: str
    stream: StreamId
    position: int
    reason: str


class Folded(msgspec.Struct):
    """The rows of many keys."""

    rows: dict[str, tuple[list[StreamId], list[tuple[SqlValue, ...]]]]
    dependencies: list[tuple[str, str]]
    due: list[tuple[str, date]]
    stalls: list[Stall]


async def fold(loaded: Loaded, tables: Collection[str]) -> Folded:
    """Rows of some projections for the subjects; a projection that raises stalls that stream alone."""
    folded = Folded({name: ([], []) for name in tables}, [], [], [])
    slept = time.monotonic()
    for subject in loaded.subjects:
        fold_one(subject, tables, folded)
        if time.monotonic() - slept > YIELD_SECONDS:
            await asyncio.sleep(0)
            slept = time.monotonic()
    for key, reason in loaded.broken.items():
        folded.stalls.extend(Stall(name, key, 0, reason) for name in tables)
    return folded


def fold_one(subject: Subject, tables: Collection[str], folded: Folded) -> None:
    """Add the rows of one subject."""
    for projection in projections_of(subject.kind):
        if projection.name not in tables:
            continue
        try:
            records = projection.records(subject)
        except Exception as error:
            folded.stalls.append(Stall(projection.name, subject.key, subject.history.position, _reason(error)))
            log.error("stalled: %s", _reason(error), extra={"fields": {"projection": projection.name}})
        else:
            keys, rows = folded.rows[projection.name]
            keys.append(subject.key)
            rows.extend(records)
    try:
        folded.dependencies.extend((subject.key, stream) for stream in references(subject))
        day = next_change(subject)
    except Exception as error:
        folded.stalls.append(Stall(STEERING, subject.key, subject.history.position, _reason(error)))
        log.error("stalled: %s", _reason(error), extra={"fields": {"projection": STEERING}})
    else:
        if day is not None:
            folded.due.append((subject.key, day))


def _reason(error: Exception) -> str:
    """What went wrong and where, without the values that an exception's own text may quote."""
    if isinstance(error, LedgerError):
        return str(error)[:400]
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f" in {frame.tb_frame.f_globals.get('__name__')}:{frame.tb_lineno}" if frame is not None else ""
    return f"{type(error).__name__}{where}"
