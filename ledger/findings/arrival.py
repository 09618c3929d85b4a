"""How an entry arrived: late, with a skewed clock, or into a closed quarter (F01, F04, F40).

These are findings of knowledge, not of the world: they hold on every as-of date on which the entry counts. Their
``since`` is the entry's own date, so that looking back from a late N at an early D shows what was late about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from ledger.events.correction import EventCorrected, EventRetracted
from ledger.finding import EVERY_KIND, Hit, Severity, finding
from ledger.history import Line, State
from ledger.quality import is_late
from ledger.strands.line import lines_of
from ledger.subject import Subject
from ledger.time import add_months, days_after, local_date

_SHAPES = frozenset({EventCorrected, EventRetracted})


@lru_cache(maxsize=4096)
def closing_day(day: date, closes_after: int) -> date:
    """The day on which the calendar quarter of ``day`` closes; what is admitted after it changes a closed period."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return days_after(add_months(first, 3), closes_after - 1)


class _Marked(NamedTuple):
    """The entries that are not taken back, and what was wrong with how they came; a superseded one did arrive."""

    late: list[Line]
    skewed: list[Line]
    backdated: list[Line]


def _marked(subject: Subject) -> _Marked:
    marked = _Marked([], [], [])
    late_days, closes_after = subject.parameters.late_days, subject.parameters.quarter_closes_days
    soon = timedelta(days=min(late_days - 1, closes_after))
    for line in subject.memo(lines_of):
        if line.state is State.RETRACTED:
            continue
        entry = line.entry
        admitted_at, time = entry.admitted_at, entry.time
        if time > entry.recorded_at or time > admitted_at:
            marked.skewed.append(line)
        shapes = type(entry.payload) in _SHAPES
        if shapes or admitted_at - time > soon or line.time < time:
            if is_late(time, admitted_at, late_days):
                marked.late.append(line)
            days = _days_changed(subject.memo(_by_id), line) if shapes else [line.date]
            if any(local_date(admitted_at) > closing_day(day, closes_after) for day in days):
                marked.backdated.append(line)
    return marked


def _hits(lines: list[Line]) -> Iterable[Hit]:
    return [Hit(since=line.date, position=line.entry.position, known=True) for line in lines]


@finding(
    "F01",
    Severity.INFO,
    nl="Laat aangekomen",
    en="Late arrival",
    mend_nl="Niets aan het feit; de bron kan nagaan waarom zij het zo laat doorgaf.",
    mend_en="Nothing about the fact; the source can look into why it passed it on so late.",
    kinds=EVERY_KIND,
)
def late_arrival(subject: Subject) -> Iterable[Hit]:
    return _hits(subject.memo(_marked).late)


@finding(
    "F04",
    Severity.INFO,
    nl="Klok van de bron loopt voor",
    en="Clock skew",
    mend_nl="Laat de bron de klok van haar systeem gelijkzetten.",
    mend_en="Have the source set the clock of its system right.",
    kinds=EVERY_KIND,
)
def clock_skew(subject: Subject) -> Iterable[Hit]:
    return _hits(subject.memo(_marked).skewed)


@finding(
    "F40",
    Severity.WARN,
    nl="Wijzigt een afgesloten periode",
    en="Backdated into a closed period",
    mend_nl="Gepubliceerde cijfers van dat kwartaal krijgen een herziening; de bron verklaart de late wijziging.",
    mend_en="Published figures of that quarter get a revision; the source explains the late change.",
    kinds=EVERY_KIND,
)
def backdated(subject: Subject) -> Iterable[Hit]:
    return _hits(subject.memo(_marked).backdated)


def _by_id(subject: Subject) -> dict[tuple[str, str], Line]:
    return {(line.entry.source, line.entry.id): line for line in subject.memo(lines_of)}


def _days_changed(lines: dict[tuple[str, str], Line], line: Line) -> list[date]:
    """The days of the fact that a correction or retraction changes: before and after the change."""
    days: list[date] = []
    seen: set[str] = set()
    at: Line | None = line
    while at is not None and at.entry.id not in seen:
        seen.add(at.entry.id)
        payload = at.entry.payload
        if isinstance(payload, EventCorrected):
            days.append(local_date(payload.replacement.time))
        elif not isinstance(payload, EventRetracted):
            return [*days, local_date(at.entry.time), at.date]
        at = lines.get((at.entry.source, payload.target_id))
    return days
