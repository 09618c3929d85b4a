"""The answer about one trajectory: entries with what became of them, clocks, findings and facts, cut at (D, N).

The keys are those of design.md section 4 and stay; there are a few more beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from ledger.catalogue import canonical, type_of
from ledger.clock import Clock
from ledger.codes.vdab import ActivationStep
from ledger.fact import Line, State
from ledger.finding import Finding, evaluate
from ledger.milestone import facts_answer
from ledger.quality import is_late
from ledger.subject import Subject


class EffectiveContent(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry counts as, where a correction gave it other content."""

    time: datetime
    data: msgspec.Raw


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it was sent, with what became of it."""

    position: int
    type: str
    """CloudEvents type."""
    name: str
    """Short type."""
    id: str
    source: str
    role: str
    stream: str
    """The stream it stands in: that of an absorbed person after a merge."""
    time: datetime
    timeprecision: str
    recordedat: datetime
    admitted_at: datetime
    date: date
    """Effective local date: what clocks and figures work with."""
    state: State
    by: int | None
    """Position of the correction, retraction or winning duplicate behind the state."""
    late: bool
    """Admitted more than the set number of days after it happened (F01)."""
    data: msgspec.Raw
    """As it was sent."""
    effective: EffectiveContent | None
    """What it counts as when it is corrected."""
    restricted: bool = False
    """Its content is for the operator alone (a warning or sanction notice, domain.md 3.8), and is left out here."""


class TimelineClock(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline."""

    clock: str
    state: str
    kind: str
    """``duty``, ``may`` or ``target``."""
    start: date | None
    deadline: date | None
    stop: date | None
    elapsed: int | None
    paused: int
    against: str
    side: str
    """Whose shortcoming a breach would be: ``person``, ``system`` or ``nobody``."""
    org: str | None
    case: str
    period: str | None
    position: int | None
    """The entry that started it."""


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the ledger says about one person, as of D, as known at N."""

    person: str
    """The pseudonym under which the merged person stands."""
    position: int
    """N, or the last position known when N was not given."""
    as_of: date
    known_at: int | None
    streams: tuple[str, ...]
    """The streams that are united in this person, the root first."""
    erased: bool
    entries: tuple[TimelineEntry, ...]
    clocks: tuple[TimelineClock, ...]
    findings: tuple[Finding, ...]
    facts: Mapping[str, object]


def timeline(subject: Subject, *, position: int) -> Timeline:
    """The answer for one subject; ``position`` is what is known when the subject was not cut at a position."""
    history = subject.history
    late_days = subject.parameters.late_days
    return Timeline(
        person=subject.key.partition("/")[2],
        position=position,
        as_of=subject.as_of,
        known_at=history.known_at,
        streams=tuple(history.members),
        erased=history.erased,
        entries=tuple(_entry(line, late_days) for line in history.entries),
        clocks=tuple(_clock(clock, subject.as_of) for clock in subject.clocks),
        findings=subject.memo(evaluate).live,
        facts=facts_answer(subject),
    )


def without_restricted(told: Timeline) -> Timeline:
    """The same without the content that only a restricted view may show: the entry stays, what it says does not."""
    if not any(_is_restricted(entry) for entry in told.entries):
        return told
    entries = (msgspec.structs.replace(e, data=_NOTHING, effective=None, restricted=True) if _is_restricted(e) else e for e in told.entries)
    return msgspec.structs.replace(told, entries=tuple(entries))


_NOTHING = msgspec.Raw(b"null")


class _Step(msgspec.Struct):
    step: str | None = None


class _Replacement(msgspec.Struct):
    data: _Step = msgspec.field(default_factory=_Step)


class _Correction(msgspec.Struct):
    replacement: _Replacement = msgspec.field(default_factory=_Replacement)


def _is_restricted(entry: TimelineEntry) -> bool:
    """As it was sent, as it counts, or as a correction would have it."""
    said = [entry.data, *([entry.effective.data] if entry.effective else [])]
    return any(is_restricted(entry.name, bytes(data)) for data in said)


def is_restricted(name: str, data: bytes) -> bool:
    """Whether the content of an event, by short type, is a warning or sanction notice, which only a restricted view may show."""
    if name == "event.corrected":
        return _step(data, _Correction) == ActivationStep.WARNING
    return name == "activation-step.reported" and _step(data, _Step) == ActivationStep.WARNING


def _step(data: bytes, shape: type[_Step] | type[_Correction]) -> str | None:
    try:
        read = msgspec.json.decode(data, type=shape)
    except msgspec.MsgspecError:
        return None
    return read.replacement.data.step if isinstance(read, _Correction) else read.step


def _entry(line: Line, late_days: int) -> TimelineEntry:
    entry = line.entry
    declared = type_of(type(entry.payload))
    effective = None
    if line.state is State.CORRECTED and line.fact is not None:
        effective = EffectiveContent(time=line.fact.time, data=msgspec.Raw(canonical(line.fact.payload)))
    return TimelineEntry(
        position=entry.position,
        type=declared.full_name,
        name=declared.name,
        id=entry.id,
        source=entry.source,
        role=entry.role.value,
        stream=entry.stream,
        time=entry.time,
        timeprecision=entry.time_precision,
        recordedat=entry.recorded_at,
        admitted_at=entry.admitted_at,
        date=line.date,
        state=line.state,
        by=line.by,
        late=is_late(entry.time, entry.admitted_at, late_days),
        data=msgspec.Raw(canonical(entry.payload)),
        effective=effective,
    )


def _clock(clock: Clock, as_of: date) -> TimelineClock:
    return TimelineClock(
        clock=clock.clock.value,
        state=clock.state.value,
        kind=clock.kind.value,
        start=clock.start,
        deadline=clock.deadline,
        stop=clock.stop,
        elapsed=clock.elapsed_on(as_of),
        paused=clock.paused,
        against=clock.against.value,
        side=clock.side.value,
        org=clock.org,
        case=clock.case,
        period=clock.period,
        position=clock.position,
    )
