"""Findings that stand on no single history: counts over many persons or employers, and the feeds of a source.

A :func:`tally` is a function from one subject to contributions, each booked on another stream (an edition, a publisher)
and on a day. The projection ``tallies`` keeps them as rows; SQL sums them per tally, stream and day. An
:func:`aggregate` rule reads the sums and yields findings on those streams (F13, F27 P2 P4 P5 P6 P8 P10, F39). Both are
declared in a module of ``ledger.findings``, side by side, so a new pattern is one file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from ledger.catalogue import Payload, StreamKind
from ledger.finding import Finding, FindingType, Hit, finding_types
from ledger.parameters import Parameters
from ledger.projection import KEY, Column, SqlValue, columns_of, doc
from ledger.quality import SourceState
from ledger.reference import Reference
from ledger.verdict import StreamId

if TYPE_CHECKING:
    from ledger.subject import Subject


class Contribution(NamedTuple):
    """What one subject adds to a count elsewhere."""

    stream: str
    """The stream that the count is about: ``editie/…`` or ``bron/…``."""
    day: date
    n: int = 1
    until: date | None = None
    """A date of which the latest counts, where a rule needs one."""


class TallySum(msgspec.Struct, frozen=True, gc=False):
    """The contributions of all subjects to one tally, stream and day: ``sum(n)``, ``max(until)``."""

    tally: str
    stream: str
    day: date
    n: int
    until: date | None = None


class FeedTotal(msgspec.Struct, frozen=True, gc=False):
    """What a source says it sent in a month: one row per type, as the projection ``feeds`` keeps it.

    A statement without any type has one row with an empty type, so that it is not lost.
    """

    source: str
    period: str
    """``YYYY-MM``."""
    type: str
    n: int
    last_sequence: int
    position: int
    day: date


class StreamFinding(msgspec.Struct, frozen=True, gc=False):
    """A finding and the stream that it stands on."""

    stream: StreamId
    finding: Finding


class FindingRow(msgspec.Struct, frozen=True, gc=False):
    """A finding as a row of the view ``findings``, and of the table that holds those of no single history."""

    code: Annotated[str, doc("Finding F01 to F41")]
    severity: Annotated[str, doc("info, warn or high")]
    clock: Annotated[str | None, doc("Breached clock, for findings that stand on one")]
    rule: Annotated[str | None, doc("Pattern rule P1 to P10 behind an F27")]
    position: Annotated[int | None, doc("Entry it stands on, if it stands on one")]
    since: Annotated[date, doc("Local date from which the condition holds")]
    case_key: Annotated[str | None, doc("What tells several of one code apart: a contract, a case, a quarter")]
    restricted: Annotated[bool, doc("Of a restricted stream (discrimination signals): never shown with the rest")]


FINDING_COLUMNS: tuple[Column, ...] = (Column(KEY, "text", False, "Stream that the finding stands on"), *columns_of(FindingRow))


def finding_row(finding: Finding, *, restricted: bool) -> FindingRow:
    """A finding as a row."""
    return FindingRow(
        finding.code, finding.severity, finding.clock, finding.rule, finding.position, finding.since, finding.case, restricted
    )


def stream_finding_record(found: StreamFinding) -> tuple[SqlValue, ...]:
    """A finding that stands on no single history, as a record of :data:`FINDING_COLUMNS`."""
    return (found.stream, *msgspec.structs.astuple(finding_row(found.finding, restricted=False)))


Contribute = Callable[["Subject"], Iterable[Contribution]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A declared contribution."""

    name: str
    kinds: frozenset[StreamKind]
    needs: frozenset[type[Payload]]
    contribute: Contribute


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything that an aggregate rule may look at, cut at one (D, N)."""

    sums: Sequence[TallySum]
    feeds: Sequence[FeedTotal]
    sources: Sequence[SourceState]
    reference: Reference
    as_of: date
    parameters: Parameters

    def of(self, tally: str) -> Iterator[tuple[StreamId, tuple[TallySum, ...]]]:
        """The sums of one tally per stream, by stream and day, up to the as-of date."""
        chosen = sorted((one for one in self.sums if one.tally == tally and one.day <= self.as_of), key=lambda one: (one.stream, one.day))
        for stream, group in groupby(chosen, key=lambda one: one.stream):
            yield StreamId(stream), tuple(group)


Rule = Callable[[Totals], Iterable[tuple[StreamId, Hit]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    type: FindingType
    rule: str | None
    run: Rule


_tallies: dict[str, Tally] = {}
_aggregates: list[_Declared] = []


def tally(
    name: str, *, kinds: Iterable[StreamKind] = (StreamKind.PERSON,), needs: Iterable[type[Payload]] = ()
) -> Callable[[Contribute], Contribute]:
    """Declare what subjects contribute to a count. ``ValueError`` when the name is taken."""

    def register(contribute: Contribute) -> Contribute:
        if name in _tallies:
            raise ValueError(f"tally {name} is declared twice: {_tallies[name].contribute.__module__} and {contribute.__module__}")
        _tallies[name] = Tally(name=name, kinds=frozenset(kinds), needs=frozenset(needs), contribute=contribute)
        tallies_of.cache_clear()
        return contribute

    return register


def aggregate(declared: FindingType, *, rule: str | None = None) -> Callable[[Rule], Rule]:
    """Register a rule over the sums, for a code (and pattern rule) that is already named."""

    def register(run: Rule) -> Rule:
        _aggregates.append(_Declared(type=declared, rule=rule, run=run))
        return run

    return register


@cache
def tallies_of(kind: StreamKind) -> tuple[Tally, ...]:
    """The tallies to which a kind of stream contributes, by name."""
    finding_types()  # finds the modules of ledger.findings
    return tuple(declared for _, declared in sorted(_tallies.items()) if kind in declared.kinds)


def contributions(subject: Subject) -> tuple[tuple[str, Contribution], ...]:
    """Everything that a subject contributes, with the tally's name; what is dated after D is due, and not booked yet."""
    if subject.history.erased:
        return ()
    return tuple(
        (declared.name, one)
        for declared in tallies_of(subject.kind)
        if not declared.needs or subject.history.has_any(declared.needs)
        for one in declared.contribute(subject)
    )


def aggregate_findings(
    sums: Iterable[TallySum],
    feeds: Iterable[FeedTotal],
    sources: Iterable[SourceState],
    *,
    reference: Reference,
    as_of: date,
    parameters: Parameters,
) -> list[StreamFinding]:
    """The findings that the sums give, by stream and code. A pure function: the same sums in any order give the same list."""
    finding_types()
    totals = Totals(tuple(sums), tuple(feeds), tuple(sources), reference, as_of, parameters)
    found = [
        StreamFinding(stream, _finding(declared, hit))
        for declared in _aggregates
        for stream, hit in declared.run(totals)
        if hit.since <= as_of
    ]
    return sorted(found, key=lambda one: (one.stream, one.finding.code, one.finding.since, one.finding.rule or "", one.finding.case or ""))


def _finding(declared: _Declared, hit: Hit) -> Finding:
    return Finding(
        code=declared.type.code,
        severity=declared.type.severity,
        clock=hit.clock,
        rule=declared.rule,
        position=hit.position,
        since=hit.since,
        case=hit.case,
    )


def quarter(day: date) -> str:
    """The calendar quarter of a day: ``2025-Q2``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def half_year(day: date) -> str:
    """The calendar half-year of a day: ``2025-H1``."""
    return f"{day.year}-H{1 if day.month < 7 else 2}"


def by_period(sums: Iterable[TallySum], period: Callable[[date], str]) -> Mapping[str, tuple[TallySum, ...]]:
    """Sums in day order, grouped by the calendar period that their day lies in."""
    grouped: dict[str, list[TallySum]] = {}
    for one in sums:
        grouped.setdefault(period(one.day), []).append(one)
    return {name: tuple(held) for name, held in grouped.items()}


def share_exceeded(part: Iterable[TallySum], whole: Iterable[TallySum], share_bp: int, minimum: int) -> date | None:
    """Since when the part is more than ``share_bp`` basis points of a whole of at least ``minimum``; None when it is not.

    Both are read day by day to the end; the day returned opens the last run in which the condition held.
    """
    change: dict[date, tuple[int, int]] = {}
    for one in whole:
        before = change.get(one.day, (0, 0))
        change[one.day] = (before[0], before[1] + one.n)
    for one in part:
        before = change.get(one.day, (0, 0))
        change[one.day] = (before[0] + one.n, before[1])
    since: date | None = None
    hit = total = 0
    for day in sorted(change):
        hit, total = hit + change[day][0], total + change[day][1]
        if total >= minimum and hit * 10_000 > share_bp * total:
            since = since or day
        else:
            since = None
    return since
