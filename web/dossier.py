"""The dossier of a person (GDPR, article 15): everything that the register holds about them, in words, as a page of its own.

It stands alone: one file a language, with its style in it, that opens and prints anywhere. The same is told as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from ledger.access import Channel, ReadKind, ReadOutcome, ReadRecord
from ledger.codes.identity import LegalBasis, Purpose
from ledger.codes.roles import Role
from ledger.events.identity import SharingBasisRecorded
from ledger.finding import finding_types, pattern_rules
from ledger.timeline import Timeline
from streams.refusals import Refusal
from web import wording
from web.labels import Told, code_label, source_label
from web.language import Language
from web.render import STATIC, Words, environment
from web.trajectory.clocks import ClockRow, clock_rows
from web.trajectory.facts import main_facts
from web.trajectory.lines import LineRow, line_rows, payload_of

FORMAT = "trajectory-ledger dossier 1"
_KINDS = {
    ReadKind.TRAJECTORY: ("uw traject", "your trajectory"),
    ReadKind.DOSSIER: ("dit dossier", "this dossier"),
    ReadKind.BUNDLE: ("uw gegevens met bewijzen", "your data with proofs"),
    ReadKind.ENTRIES: ("een deel van het register", "a part of the register"),
    ReadKind.REFUSAL: ("een geweigerde melding", "a refused report"),
    ReadKind.EXACT_FIGURES: ("cijfers", "figures"),
    ReadKind.EXPORT: ("een uitvoer", "an export"),
}
_CHANNELS = {
    Channel.PAGE: ("op de website", "on the website"),
    Channel.API: ("met een programma", "with a program"),
    Channel.COMMAND: ("op de machine van het register", "on the register's machine"),
}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who reported something."""

    source: str
    role: str
    reports: int
    first: date
    last: date
    grounds: tuple[str, ...]
    """Codes of list 3.20."""


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """A basis on which data is shared with a role, as it was reported."""

    recipient: str
    purpose: str
    ground: str
    since: date
    until: date | None
    ended: bool


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What a dossier is made from; everything is known already."""

    made_at: datetime
    ledger: str
    sandbox: bool
    timeline: Timeline
    grounds: Mapping[int, LegalBasis | None]
    """Legal basis by position."""
    reads: Sequence[ReadRecord]
    refusals: Sequence[Refusal]
    number_kept: bool
    """Whether the national number behind the pseudonym is kept, sealed."""


class Line(msgspec.Struct, frozen=True):
    """An entry with the ground on which it was reported."""

    row: LineRow
    ground: str


class FindingRow(msgspec.Struct, frozen=True):
    """A finding in words, with every day since when it stands."""

    label: str
    since: str
    mend: str


class DossierView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    material: Material
    made: str
    facts: list[Told]
    lines: list[Line]
    sources: list[tuple[Source, str, str, str]]
    """With name, role and grounds written out."""
    shared: list[tuple[Shared, str, str, str]]
    clocks: list[ClockRow]
    findings: list[FindingRow]
    reads: list[tuple[str, str, str, str, str]]
    refusals: list[tuple[str, str, str]]
    style: str
    other: str
    """File of the other language."""


FILES = {Language.NL: "dossier.html", Language.EN: "dossier.en.html"}


def sources_of(material: Material) -> list[Source]:
    """Who reported what, by source."""
    found: dict[str, list[int]] = {}
    entries = {entry.position: entry for entry in material.timeline.entries}
    for position, entry in entries.items():
        found.setdefault(entry.source, []).append(position)
    return [
        Source(
            source=source,
            role=entries[positions[0]].role,
            reports=len(positions),
            first=min(entries[p].date for p in positions),
            last=max(entries[p].date for p in positions),
            grounds=tuple(sorted({ground.value for p in positions if (ground := material.grounds.get(p)) is not None})),
        )
        for source, positions in sorted(found.items())
    ]


def shared_of(material: Material) -> list[Shared]:
    """With whom data is shared, as the reports of it say."""
    shared: list[Shared] = []
    for entry in material.timeline.entries:
        if entry.name != "sharing-basis.recorded" or entry.state.value in {"retracted", "superseded"}:
            continue
        payload = payload_of(entry.type, entry.effective.data if entry.effective else entry.data)
        if isinstance(payload, SharingBasisRecorded):
            shared.append(
                Shared(
                    recipient=payload.recipient_role.value,
                    purpose=payload.purpose.value,
                    ground=payload.grondslag.value,
                    since=payload.valid_from,
                    until=payload.valid_to,
                    ended=payload.state.value == "ended",
                )
            )
    return shared


def page(material: Material, language: Language) -> str:
    """The dossier as one HTML file."""
    told = material.timeline
    view = DossierView(
        material=material,
        made=wording.moment(material.made_at, language),
        facts=main_facts(told.facts, language),
        lines=[Line(row, _ground(material.grounds.get(row.entry.position), language)) for row in line_rows(told, language)],
        sources=[
            (
                one,
                source_label(one.source, language),
                Role(one.role).label(language.value),
                ", ".join(_ground(LegalBasis(ground), language) for ground in one.grounds) or wording.NOTHING,
            )
            for one in sources_of(material)
        ],
        shared=[_shared(one, language) for one in shared_of(material)],
        clocks=clock_rows(told, language),
        findings=_findings(told, language),
        reads=[_read(one, language) for one in material.reads],
        refusals=[_refusal(one, language) for one in material.refusals],
        style=(STATIC / "ledger.css").read_text(),
        other=FILES[language.other],
    )
    return environment().get_template("dossier.html").render(**Words(language).names(), view=view)


def document(material: Material) -> bytes:
    """The same as JSON, complete."""
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "format": FORMAT,
                "made_at": material.made_at,
                "ledger": material.ledger,
                "sandbox": material.sandbox,
                "number_kept": material.number_kept,
                "sources": sources_of(material),
                "shared_with": shared_of(material),
                "grounds": {str(position): ground for position, ground in material.grounds.items()},
                "timeline": material.timeline,
                "refused_reports": [
                    {
                        "number": one.number,
                        "received_at": one.received_at,
                        "source": one.source,
                        "type": one.type,
                        "code": one.code,
                        "message": one.message,
                        "state": one.state,
                    }
                    for one in material.refusals
                ],
                "read_by": [
                    {name: value for name, value in msgspec.structs.asdict(one).items() if name != "hash"} for one in material.reads
                ],
            }
        ),
        indent=1,
    )


def _ground(ground: LegalBasis | None, language: Language) -> str:
    return ground.label(language.value) if ground is not None else wording.NOTHING


def _shared(one: Shared, language: Language) -> tuple[Shared, str, str, str]:
    said = Purpose(one.purpose).label(language.value)
    until = language.say("tot", "until") + " " + wording.short_day(one.until, language) if one.until else ""
    period = f"{language.say('sinds', 'since')} {wording.short_day(one.since, language)} {until}".strip()
    if one.ended:
        period += language.say(", beëindigd", ", ended")
    return one, Role(one.recipient).label(language.value), said, f"{LegalBasis(one.ground).label(language.value)}; {period}"


def _findings(told: Timeline, language: Language) -> list[FindingRow]:
    since: dict[tuple[str, str], list[str]] = {}
    for found in told.findings:
        declared, rule = finding_types()[found.code], pattern_rules().get(found.rule or "")
        label = language.of(rule.label if rule else declared.label)
        if found.clock:
            label += f": {code_label('clock', found.clock, language)}"
        since.setdefault((label, language.of(declared.mend)), []).append(wording.short_day(found.since, language))
    return [FindingRow(label, ", ".join(days), mend) for (label, mend), days in since.items()]


def _read(one: ReadRecord, language: Language) -> tuple[str, str, str, str, str]:
    shown = language.say("getoond", "shown") if one.outcome is ReadOutcome.GRANTED else language.say("geweigerd", "refused")
    purpose = one.purpose.label(language.value) if one.purpose else wording.NOTHING
    what = f"{language.say(*_KINDS[one.kind])}, {language.say(*_CHANNELS[one.channel])}"
    return wording.moment(one.read_at, language), one.reader, what, purpose, shown


def _refusal(one: Refusal, language: Language) -> tuple[str, str, str]:
    source = source_label(one.source, language) if one.source else wording.NOTHING
    return wording.moment(one.received_at, language), source, f"{language.of(one.message)} ({one.code.value})"
