"""How an entry arrived: late, with a skewed clock, or into a closed quarter (F01, F04, F40).

These are findings of knowledge, not of the world: they hold on every as-of date from which the entry counts. Their
``since`` is the entry's own date, so that looking back from a late N at an early D shows what was late about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from ledger.events.correction import EventCorrected, EventRetracted
from ledger.finding import EVERY_KIND, Hit, Severity, finding
from ledger.history import Line, State
from ledger.quality import is_late, is_skewed
from ledger.subject import Subject
from ledger.time import add_months, local_date


def _standing(subject: Subject) -> Iterator[Line]:
    """The entries that are not taken back; a superseded one did arrive."""
    return (line for line in subject.history.entries if line.state is not State.RETRACTED)


def _hit(subject: Subject, line: Line) -> Hit:
    # A correction or retraction counts whatever its date, so its date may lie after D.
    return Hit(since=min(line.date, subject.as_of), position=line.entry.position)


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
    late_days = subject.parameters.late_days
    for line in _standing(subject):
        entry = line.entry
        if is_late(entry.time, entry.admitted_at, late_days):
            yield _hit(subject, line)


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
    for line in _standing(subject):
        entry = line.entry
        if is_skewed(entry.time, entry.recorded_at, entry.admitted_at):
            yield _hit(subject, line)


@lru_cache(maxsize=4096)
def closing_day(day: date, closes_after: int) -> date:
    """The day on which the calendar quarter of ``day`` closes; what is admitted after it changes a closed period."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return add_months(first, 3) - timedelta(days=1) + timedelta(days=closes_after)


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
    closes_after = subject.parameters.quarter_closes_days
    margin = timedelta(days=closes_after)
    touched: dict[tuple[str, str], Line] | None = None
    for line in _standing(subject):
        entry = line.entry
        days = [line.date]
        if isinstance(entry.payload, EventCorrected | EventRetracted):
            # A change of a fact changes the quarter in which the fact lies, before or after the change.
            if touched is None:
                touched = {(one.entry.source, one.entry.id): one for one in subject.history.entries}
            days = _days_changed(touched, entry.payload, entry.source)
        elif entry.admitted_at - line.time <= margin:
            continue
        admitted = local_date(entry.admitted_at)
        if any(admitted > closing_day(day, closes_after) for day in days):
            yield _hit(subject, line)


def _days_changed(lines: dict[tuple[str, str], Line], payload: EventCorrected | EventRetracted, source: str) -> list[date]:
    days = []
    if isinstance(payload, EventCorrected):
        days.append(local_date(payload.replacement.time))
    target = lines.get((source, payload.target_id))
    seen = set()
    while target is not None and target.entry.id not in seen:
        seen.add(target.entry.id)
        below = target.entry.payload
        if not isinstance(below, EventCorrected | EventRetracted):
            days += [local_date(target.entry.time), target.date]
            break
        if isinstance(below, EventCorrected):
            days.append(local_date(below.replacement.time))
        target = lines.get((source, below.target_id))
    return days
