"""One person's trajectory: the picture, the deadlines, the findings, every entry and the facts, as of D, as known at N."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import msgspec
from markupsafe import Markup

from ledger.access import Channel, ReadKind
from ledger.errors import NotFound
from ledger.finding import Finding, finding_types, pattern_rules
from ledger.timeline import Timeline, without_restricted
from web import wording
from web.api.trajectories import read_person
from web.labels import Told, code_label
from web.page import Access, Answer, Moved, Shown, Visit, page
from web.pages.findings import SEVERITIES
from web.pages.trajectories import PATH
from web.parameters import read_day, read_known_at
from web.problem import ProblemError, nobody
from web.purposes import opened, person_stream, purposes, read_purpose
from web.trajectory.clocks import ClockRow, clock_rows
from web.trajectory.facts import main_facts
from web.trajectory.lines import LineRow, line_rows
from web.trajectory.picture import picture


class Occurrence(msgspec.Struct, frozen=True):
    """Where and since when a finding stands."""

    finding: Finding
    clock: str | None


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one code: what it means, what can be done, and each occurrence."""

    code: str
    rule: str | None
    severity: str
    label: str
    mend: str
    occurrences: list[Occurrence]


class ClockGroup(msgspec.Struct, frozen=True):
    """The clocks of one side."""

    side: str
    rows: list[ClockRow]


class Steps(msgspec.Struct, frozen=True, kw_only=True):
    """Where known-at can step to: the positions at which something on this person became known."""

    known: int
    """How many entries are known now."""
    all: int
    previous: int | None
    following: int | None
    known_on: str
    """When the ledger stood at this position, written out."""


class TrajectoryView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    timeline: Timeline
    asked: str
    """The pseudonym that was asked for: another one of a merged person, perhaps."""
    as_of: str
    """As asked, for the form; empty for today."""
    known_at: str
    purpose: str
    """What it was opened for, as asked; empty for the default of a sandbox."""
    faults: list[str]
    steps: Steps
    picture: Markup
    clocks: list[ClockGroup]
    findings: list[FindingRow]
    lines: list[LineRow]
    facts: list[Told]


class PurposeView(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked before anything is shown."""

    person: str
    purposes: list[tuple[str, str]]
    query: dict[str, str]
    """The dates that were asked for, to go on with."""


@page(f"{PATH}/{{person}}", nl="Traject", en="Trajectory", template="trajectory.html", access=Access.READERS, reads=ReadKind.TRAJECTORY)
async def trajectory(visit: Visit) -> Answer:
    """The page of one person."""
    parts, language = visit.parts, visit.language
    person = read_person(visit.path["person"])
    if person != visit.path["person"]:
        return Moved(to=f"{PATH}/{person}")
    purpose = visit.query.get("purpose", "")
    if not visit.visitor.sandbox and read_purpose(purpose) is None:
        return Shown(view=PurposeView(person=person, purposes=purposes(language), query=dict(visit.query)), template="purpose.html")
    asked = " ".join(f"{name}={visit.query[name][:40]}" for name in ("as_of", "known_at") if visit.query.get(name))
    await opened(parts, visit.visitor, ReadKind.TRAJECTORY, Channel.PAGE, stream=person_stream(person), purpose=purpose, asked=asked)
    faults: list[str] = []
    as_of = _read_day(visit, faults)
    known_at = await _read_known_at(visit, faults)
    positions = await parts.reader.positions(person)
    if not positions:
        raise nobody()
    try:
        told = await parts.reader.timeline(person, as_of=as_of, known_at=known_at)
    except NotFound:
        # The person is known, but was not yet at that position: look at the first moment at which they were.
        faults.append(
            visit.say(
                f"Op positie {known_at} wist het register nog niets over deze persoon; hier staat wat het op positie {positions[0]} wist.",
                f"At position {known_at} the ledger knew nothing of this person yet; this is what it knew at position {positions[0]}.",
            )
        )
        known_at = positions[0]
        told = await parts.reader.timeline(person, as_of=as_of, known_at=known_at)
    if not visit.visitor.operates:
        told = without_restricted(told)
    rows = clock_rows(told, language)
    view = TrajectoryView(
        timeline=told,
        asked=person,
        as_of=as_of.isoformat() if as_of else "",
        known_at=str(known_at) if known_at is not None else "",
        purpose=purpose,
        faults=faults,
        steps=await _steps(visit, positions, told, known_at),
        picture=picture(told, language),
        clocks=[ClockGroup(side, list(group)) for side, group in groupby(rows, key=lambda row: row.group)],
        findings=_findings(told.findings, visit),
        lines=line_rows(told, language),
        facts=main_facts(told.facts, language),
    )
    title = f"{visit.say('Traject', 'Trajectory')} {told.person[:8]}…"
    return Shown(view=view, title=title)


def _read_day(visit: Visit, faults: list[str]) -> date | None:
    text = visit.query.get("as_of", "").strip()
    try:
        return read_day(text, "as_of") if text else None
    except ProblemError:
        faults.append(
            visit.say("De peildatum is geen bestaande datum; hier staat vandaag.", "The as-of date is no existing date; this is today.")
        )
        return None


async def _read_known_at(visit: Visit, faults: list[str]) -> int | None:
    text = visit.query.get("known_at", "").strip()
    try:
        return await read_known_at(text, visit.parts.store) if text else None
    except ProblemError as error:
        faults.append(wording.sentence(visit.language.of(error.message)))
        return None


async def _steps(visit: Visit, positions: list[int], told: Timeline, known_at: int | None) -> Steps:
    known = [position for position in positions if known_at is None or position <= known_at]
    later = [position for position in positions if known_at is not None and position > known_at]
    entries = await visit.parts.store.read(max(told.position - 1, 0), 1)
    return Steps(
        known=len(known),
        all=len(positions),
        previous=known[-1] - 1 if len(known) > 1 else None,
        following=later[0] if later else None,
        known_on=wording.moment(entries[0].admitted_at, visit.language) if entries else wording.NOTHING,
    )


def _findings(found: Sequence[Finding], visit: Visit) -> list[FindingRow]:
    """By code, what matters most first."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        grouped.setdefault((one.code, one.rule or ""), []).append(one)
    rows: list[FindingRow] = []
    for (code, rule_id), members in grouped.items():
        declared = finding_types()[code]
        rule = pattern_rules().get(rule_id)
        rows.append(
            FindingRow(
                code=code,
                rule=rule_id or None,
                severity=declared.severity.value,
                label=visit.language.of(rule.label if rule else declared.label),
                mend=visit.language.of(declared.mend),
                occurrences=[Occurrence(one, code_label("clock", one.clock, visit.language) if one.clock else None) for one in members],
            )
        )
    return sorted(rows, key=lambda row: (SEVERITIES.index(row.severity), row.code))
