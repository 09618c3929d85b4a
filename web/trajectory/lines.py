"""The entries of a trajectory for people: what each says, who reported it, when the ledger knew, and what became of it."""

from __future__ import annotations

import msgspec

from ledger.catalogue import Payload, catalogue
from ledger.fact import State
from ledger.time import local_date
from ledger.timeline import Timeline, TimelineEntry
from web import wording
from web.labels import Told, code_label, source_label, told, type_label
from web.language import Language


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry, written out."""

    entry: TimelineEntry
    label: str
    when: str
    role: str
    source: str
    admitted: str
    marks: tuple[tuple[str, str], ...]
    """Class of the style sheet and words: late, corrected …"""
    fields: list[Told]
    effective: list[Told]
    """What it counts as, when it is corrected."""
    effective_on: str
    dead: bool


def payload_of(full_type: str, data: msgspec.Raw) -> Payload:
    """The payload of a timeline entry."""
    return catalogue().types[full_type].decode(data)


def line_rows(timeline: Timeline, language: Language) -> list[LineRow]:
    """Every entry in timeline order."""
    return [_row(entry, language) for entry in timeline.entries]


def _row(entry: TimelineEntry, language: Language) -> LineRow:
    effective = entry.effective
    return LineRow(
        entry=entry,
        label=type_label(entry.name, language),
        when=_when(entry, language),
        role=code_label("role", entry.role, language),
        source=source_label(entry.source),
        admitted=wording.moment(entry.admitted_at, language),
        marks=tuple(_marks(entry, language)),
        fields=[] if entry.restricted else told(payload_of(entry.type, entry.data), language),
        effective=told(payload_of(entry.type, effective.data), language) if effective else [],
        effective_on=wording.short_day(local_date(effective.time), language) if effective else "",
        dead=entry.state in {State.RETRACTED, State.SUPERSEDED},
    )


def _when(entry: TimelineEntry, language: Language) -> str:
    day = local_date(entry.time)
    if entry.timeprecision == "day":
        return wording.short_day(day, language)
    return wording.moment(entry.time, language)[:-3]


def _marks(entry: TimelineEntry, language: Language) -> list[tuple[str, str]]:
    marks: list[tuple[str, str]] = []
    if entry.restricted:
        marks.append(("note", language.say("afgeschermd", "restricted")))
    if entry.late:
        days = wording.days((local_date(entry.admitted_at) - local_date(entry.time)).days, language)
        marks.append(("late", language.say(f"{days} later gemeld", f"reported {days} later")))
    if entry.state is State.CORRECTED:
        marks.append(("corrected", language.say("gecorrigeerd", "corrected")))
    elif entry.state is State.RETRACTED:
        marks.append(("retracted", language.say("ingetrokken", "retracted")))
    elif entry.state is State.SUPERSEDED:
        marks.append(("superseded", language.say("vervangen", "superseded")))
    return marks
