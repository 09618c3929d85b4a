"""How complete the data of closed quarters are, source by source: what criterion E7 stands on (evaluation.md 6.4.6, 6.1.5).

A quarter that is still open misses what is under way. A decision rests on closed quarters only, and so do its data.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import polars as pl

from ledger.codes.roles import Role
from ledger.conduct import authorised, disagreeing
from ledger.factbook import Factbook
from ledger.parameters import Parameters
from ledger.quality import gaps
from ledger.release import quarter_of
from ledger.time import local_date
from ledger.verdict import Message


class SourceLack(msgspec.Struct, frozen=True, kw_only=True):
    """What one source still owes."""

    source: str
    name: Message
    months: tuple[str, ...]
    """``YYYY-MM`` of closed quarters whose control total is not what arrived."""
    numbers: int
    """Sequence numbers that are missing since a closed quarter."""
    runs: int
    """Gaps that these are in."""


class DataState(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a pilot's sources, up to the last closed quarter."""

    closed: date
    """Last day of the last closed quarter."""
    months: int = 0
    """Months of closed quarters of which a source told its total."""
    months_wrong: int = 0
    gaps: int = 0
    lacking: tuple[SourceLack, ...] = ()


def closed_until(as_of: date, parameters: Parameters) -> date:
    """The last day of the last quarter that is closed on a date."""
    quarter = quarter_of(as_of - timedelta(days=parameters.quarter_closes_days))
    return quarter.first - timedelta(days=1)


def data_state(facts: Factbook, executors: tuple[str, ...]) -> DataState:
    """The state of the executors' sources and of those of the employment services."""
    parameters = facts.parameters
    closed = closed_until(facts.as_of, parameters)
    roles = authorised(facts)
    orgs = {org for org, held in roles.items() if held & {Role.VDAB.value, Role.ACTIRIS.value}} | set(executors)
    feeds = facts.table("feeds").filter(pl.col("source").str.slice(8, 10).is_in(orgs) & (pl.col("period") <= f"{closed:%Y-%m}"))
    states = {one.source: one for one in facts.sources if one.source[8:18] in orgs}
    wrong: dict[str, set[str]] = {}
    for source, month in disagreeing(facts):
        if source[8:18] in orgs and month <= f"{closed:%Y-%m}":
            wrong.setdefault(source, set()).add(month)
    late = min(closed, facts.as_of - timedelta(days=parameters.gap_days))
    lacking, runs = [], 0
    for source in sorted({*states, *wrong}):
        missing = [gap for gap in gaps(states[source]) if local_date(gap.since) <= late] if source in states else []
        months = tuple(sorted(wrong.get(source, ())))
        runs += len(missing)
        if missing or months:
            numbers = sum(gap.hi - gap.lo + 1 for gap in missing)
            name = _name(source, roles, parameters)
            lacking.append(SourceLack(source=source, name=name, months=months, numbers=numbers, runs=len(missing)))
    return DataState(
        closed=closed,
        months=feeds.select("source", "period").unique().height,
        months_wrong=sum(len(one.months) for one in lacking),
        gaps=runs,
        lacking=tuple(sorted(lacking, key=lambda one: (-one.runs - len(one.months), one.source))),
    )


def _name(source: str, roles: dict[str, set[str]], parameters: Parameters) -> Message:
    """An organisation as people call it, with the system it sends from."""
    org, system = source[8:18], source[19:]
    agency = dict(parameters.agencies).get(org)
    if agency is not None:
        return Message(f"{agency.nl} ({system})", f"{agency.en} ({system})")
    known = [Role(role) for role in sorted(roles.get(org, ()))]
    return Message(f"{known[0].nl if known else org} ({system})", f"{known[0].en if known else org} ({system})")
