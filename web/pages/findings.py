"""Bevindingen: live findings that stand on no person: on editions, employers, publishers and policy."""

from __future__ import annotations

import re

import msgspec

from ledger.finding import finding_types, pattern_rules
from streams.standing import StandingFinding
from web import wording
from web.labels import code_label, source_label, stream_label
from web.language import Language
from web.page import Access, Answer, Group, Shown, Visit, page, read_query

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
SEVERITIES = ("high", "warn", "info")
"""What to look at first."""
SHOWN = 200
"""Rows per code; the API has them all."""


class FindingsQuery(msgspec.Struct, frozen=True):
    """What is asked for."""

    code: str | None = None


class FindingRow(msgspec.Struct, frozen=True):
    """A finding, written out."""

    finding: StandingFinding
    stream: str
    rule: str | None
    clock: str | None
    case: str
    """What it is about, of those that stand more than once on a stream."""


class CodeGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one code."""

    code: str
    severity: str
    label: str
    mend: str
    rows: list[FindingRow]
    more: int


class FindingsView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    groups: list[CodeGroup]
    total: int
    codes: list[tuple[str, str, int]]
    chosen: str | None


@page("/bevindingen", nl="Bevindingen", en="Findings", template="findings.html", group=Group.QUALITY, order=30, access=Access.READERS)
async def findings(visit: Visit) -> Answer:
    """All of them, by code."""
    query = read_query(visit.query, FindingsQuery)
    grouped: dict[str, list[StandingFinding]] = {}
    for one in await visit.parts.reader.findings():
        grouped.setdefault(one.code, []).append(one)
    chosen = query.code if query.code in grouped else None
    view = FindingsView(
        groups=sorted(
            (_group(code, found, visit) for code, found in grouped.items() if chosen is None or code == chosen),
            key=lambda group: (SEVERITIES.index(group.severity), group.code),
        ),
        total=sum(len(found) for found in grouped.values()),
        codes=[(code, visit.language.of(finding_types()[code].label), len(found)) for code, found in grouped.items()],
        chosen=chosen,
    )
    return Shown(view=view)


def _group(code: str, found: list[StandingFinding], visit: Visit) -> CodeGroup:
    declared = finding_types()[code]
    newest = sorted(found, key=lambda one: (one.since, one.stream), reverse=True)[:SHOWN]
    return CodeGroup(
        code=code,
        severity=declared.severity.value,
        label=visit.language.of(declared.label),
        mend=visit.language.of(declared.mend),
        rows=[_row(one, visit) for one in newest],
        more=len(found) - len(newest),
    )


def _row(one: StandingFinding, visit: Visit) -> FindingRow:
    rule = pattern_rules().get(one.rule or "")
    return FindingRow(
        one,
        stream_label(one.stream, visit.language),
        visit.language.of(rule.label) if rule else None,
        code_label("clock", one.clock, visit.language) if one.clock else None,
        case_label(one.code, one.case, visit.language),
    )


def case_label(code: str, case: str | None, language: Language) -> str:
    """The key that tells two findings of one stream apart, for people."""
    if not case:
        return wording.NOTHING
    if code == "F31":  # pilot/year
        pilot, _, year = case.rpartition("/")
        return f"{language.say('proeftuin', 'pilot')} {pilot}, {year}"
    if code == "F39":  # source#first-last, or source#month of a control total
        source, _, what = case.rpartition("#")
        name = source_label(source, language)
        if _MONTH.fullmatch(what):
            return f"{name}: {language.say('controletotaal van', 'control total of')} {wording.month(what, language)}"
        first, _, last = what.partition("-")
        told = language.say("volgnummer", "number") if first == last else language.say("volgnummers", "numbers")
        return f"{name}: {told} {first}{'' if first == last else f' – {last}'}"
    return case
