"""How the agreements are kept: per clause the clocks that measure it, where they are breached and by whom, and another norm.

Counts are protected here, once; what a changed norm would have meant is told only in steps so wide that nobody can be followed
from one norm to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec
import polars as pl

from ledger.before_deadline import ANSWERED, NO_ANSWER, NO_REFERRAL, STOPPED, where_it_stopped
from ledger.clauses import Clause, clauses_of, of_clause
from ledger.cube import Key, protect_cube
from ledger.disclosure import K_CELL, Cell, protect_list, small_share
from ledger.evidence import Concluded, conclusion_of
from ledger.factbook import Factbook
from ledger.norms import norm_on
from ledger.renorm import LATE, MET, NEUTRAL, OPEN, Bench, Instance, as_it_stands, pauses_of
from ledger.tally import PartyTally, Spread, Tally, around, compared, placed, tally

QUARTERS = 4


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What another norm would have meant for the instances that there were."""

    asked: str
    used: str
    """The norm that it was computed with: the asked one, or the nearest that may be told."""
    tally: Tally
    more_late: int | None
    """More instances late than now; negative for fewer."""
    parties: tuple[PartyTally, ...]
    """Empty when a party differs by so few that they cannot be told apart."""


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a clause."""

    clock: str
    kind: str
    norm: str
    """The norm in force for clocks that start on the as-of date."""
    promised: str | None
    """The norm of the clause itself, when it is about this clock and another one."""
    total: Tally
    running: Cell
    neutral: Cell
    quarters: tuple[tuple[str, Tally], ...]
    """The last closed quarters, by the start of the clock."""
    parties: tuple[PartyTally, ...]
    spread: Spread | None
    """The funnel that the parties have their place in; None when too few can be compared."""
    lies_with: Mapping[str, Cell]
    """Of the breaches: where it stopped (only for registration, C01)."""
    changed: Changed | None


class ClauseView(msgspec.Struct, frozen=True, kw_only=True):
    """One clause."""

    clause: Clause
    clocks: tuple[ClockView, ...]
    concluded: Concluded | None


def agreements(facts: Factbook, norms: Mapping[str, str] | None = None, only: str | None = None) -> list[ClauseView]:
    """Every clause in force, or the one with a code; ``norms`` gives other norms per clock."""
    asked = norms or {}
    return [
        ClauseView(
            clause=clause,
            clocks=tuple(_clock(facts, clause, clock, asked.get(clock), first=at == 0) for at, clock in enumerate(clause.clocks)),
            concluded=conclusion_of(facts, clause.clause_id),
        )
        for clause in clauses_of(facts)
        if only is None or only in (clause.code, clause.clause_id)
    ]


def _clock(facts: Factbook, clause: Clause, clock: str, asked: str | None, *, first: bool) -> ClockView:
    rows = of_clause(facts, clause, clock)
    told = _standing(rows)
    norm = norm_on(facts, clock, facts.as_of)
    promised = clause.norm if first and clause.norm is not None and clause.norm != norm.period else None
    changed_to = asked or promised
    parties = _by_party(told)
    # One party among the two of an agreement would only be measured by the other: all that answer for the clock are compared.
    everybody = facts.clock(clock).filter(~pl.col("restricted") & pl.col("start").is_not_null()).collect()
    units = compared(_by_party(_standing(everybody)), parties)
    found = around(units)
    return ClockView(
        clock=clock,
        kind=norm.kind.value,
        norm=norm.period,
        promised=promised,
        total=tally(told["standing"].to_list()),
        running=_one(told, OPEN),
        neutral=_one(told, NEUTRAL),
        quarters=tuple(_by_quarter(told, facts)),
        parties=placed(parties, found, units),
        spread=None if found is None else Spread(found.target, len(units), found.phi),
        lies_with=_lies_with(facts, told) if clock == "C01" else {},
        changed=_changed(told, facts.as_of, norm.period, changed_to) if changed_to is not None else None,
    )


def _standing(rows: pl.DataFrame) -> pl.DataFrame:
    """Instances with how they count under the norm that applied to them."""
    return rows.with_columns(pl.col("state").map_elements(as_it_stands, return_dtype=pl.String).alias("standing"))


def _one(told: pl.DataFrame, standing_: str) -> Cell:
    n = told.filter(pl.col("standing") == standing_).height
    return Cell(None if 0 < n < K_CELL else n)


def _cells(told: pl.DataFrame, by: Sequence[str]) -> dict[Key, tuple[int, int]]:
    """Met and decided for every group, and for all together: what the protection works on."""
    cells: dict[Key, tuple[int, int]] = {}
    for row in told.select(*by, "standing").iter_rows():
        *place, how = row
        if how not in (MET, LATE):
            continue
        for key in ((("|".join(str(part) for part in place),),), ((),)):
            met, decided = cells.get(key, (0, 0))
            cells[key] = (met + (how == MET), decided + 1)
    return cells


def _small(counts: tuple[int, ...]) -> bool:
    return small_share(counts[0], counts[-1])


def _by_quarter(told: pl.DataFrame, facts: Factbook) -> list[tuple[str, Tally]]:
    names = closed_quarters(facts.as_of, facts.parameters.quarter_closes_days)
    day = pl.col("start")
    quarter = pl.format("{}-Q{}", day.dt.year(), day.dt.quarter())
    named = told.with_columns(pl.when(quarter.is_in(names)).then(quarter).otherwise(pl.lit("other")).alias("quarter"))
    hidden = protect_cube(_cells(named, ["quarter"]), _small)
    found = []
    for name in names:
        standings = named.filter(pl.col("quarter") == name)["standing"].to_list()
        found.append((name, tally(standings, hidden=((name,),) in hidden)))
    return found


def closed_quarters(as_of: date, days: int) -> list[str]:
    """The last four quarters that are closed on a date, the oldest first."""
    day = as_of - timedelta(days=days)
    year, quarter = day.year, (day.month - 1) // 3
    names = []
    for _ in range(QUARTERS):
        if quarter == 0:
            year, quarter = year - 1, 4
        names.append(f"{year}-Q{quarter}")
        quarter -= 1
    return names[::-1]


def _by_party(told: pl.DataFrame) -> tuple[PartyTally, ...]:
    hidden = protect_cube(_cells(told.with_columns(pl.col("org").fill_null("")), ["against", "org"]), _small)
    groups = told.select("against", "org").unique().sort("against", "org", nulls_last=True)
    found = []
    for against, org in groups.iter_rows():
        mine = told.filter((pl.col("against") == against) & pl.col("org").eq_missing(org))
        key: Key = ((f"{against}|{org or ''}",),)
        found.append(PartyTally(party=against, org=org, tally=tally(mine["standing"].to_list(), hidden=key in hidden)))
    return tuple(found)


def _lies_with(facts: Factbook, told: pl.DataFrame) -> Mapping[str, Cell]:
    """Of the registrations that came late or not: no referral by the deadline, no answer to it, or answered without registration."""
    late = told.filter(pl.col("standing") == LATE).select("key", "case_key", "deadline")
    each = where_it_stopped(late.lazy(), facts.lazy("referrals")).collect()
    counts = {place: each.filter(pl.col(STOPPED) == place).height for place in (NO_REFERRAL, NO_ANSWER, ANSWERED)}
    return protect_list(counts).cells


def _changed(told: pl.DataFrame, as_of: date, present: str, asked: str) -> Changed:
    """What another norm would have meant.

    From the present norm day by day towards the asked one, a norm may be told when it differs from the last one that may by no
    case or by several, in time and late. A longer norm never has fewer in time, so any two that may be told differ by none or several.
    """
    columns = ("state", "kind", "start", "stop", "ended", "pauses")
    instances = [
        Instance(state, kind, start, stop, ended, pauses_of(pauses))
        for state, kind, start, stop, ended, pauses in told.select(columns).iter_rows()
    ]
    bench, now = Bench(instances, as_of), told["standing"].to_list()
    groups = told.select(pl.col("against"), pl.col("org").fill_null("")).rows()
    middle, wanted = days_of(present), days_of(asked)
    used, then, parts = present, now, _counts(now, groups)
    fine = True
    for days in range(middle, wanted + (1 if wanted >= middle else -1), 1 if wanted >= middle else -1):
        standings = bench.under(days).tolist()
        if _apart((now, then), standings):
            counts = _counts(standings, groups)
            fine = fine and _each_apart(parts, counts)
            used, then, parts = f"P{days}D", standings, counts
    return Changed(
        asked=asked,
        used=used,
        tally=tally(then),
        more_late=then.count(LATE) - now.count(LATE),
        parties=_by_party(told.with_columns(pl.Series("standing", then, dtype=pl.String))) if fine else (),
    )


def days_of(period: str) -> int:
    """A period in days, a month counted as thirty: to find what is near, never for a deadline."""
    count = int("".join(letter for letter in period if letter.isdigit()))
    if "T" in period:
        return -(-count // 24)
    return count * (30 if period.endswith("M") else 7 if period.endswith("W") else 1)


Counted = tuple[int, int]


def _counted(standings: Sequence[str]) -> Counted:
    return standings.count(MET), standings.count(LATE)


def _counts(standings: Sequence[str], groups: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Counted]:
    by_group: dict[tuple[str, ...], list[str]] = {}
    for how, group in zip(standings, groups, strict=True):
        by_group.setdefault(group, []).append(how)
    return {group: _counted(some) for group, some in by_group.items()}


def _far(one: Counted, other: Counted) -> bool:
    return all(not 0 < abs(a - b) < K_CELL for a, b in zip(one, other, strict=True))


def _apart(told: Sequence[Sequence[str]], fresh: Sequence[str]) -> bool:
    counts = _counted(fresh)
    return all(_far(_counted(one), counts) for one in told)


def _each_apart(told: Mapping[tuple[str, ...], Counted], fresh: Mapping[tuple[str, ...], Counted]) -> bool:
    return all(_far(told[group], fresh[group]) for group in told)
