"""How data, roles and partners behaved around a pilot: what criteria E7 to E9 stand on (evaluation.md 6.4.6)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import polars as pl

from ledger.aggregate import FeedTotal, aggregate_findings
from ledger.factbook import Factbook
from ledger.funnel import Unit
from ledger.funnel import funnel as funnel_of
from ledger.reference import Reference

PARTNER_CLOCKS = ("C09", "C10", "C11", "C12", "C17")
"""Clocks of the services that take part (E9)."""
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
PARTNERS = frozenset({"vdab", "actiris", "ocmw", "target_organisation"})


def disagreeing(facts: Factbook) -> frozenset[tuple[str, str]]:
    """The sources and months whose control total is not what arrived (F39)."""
    rows = facts.table("feeds").select("source", "period", "type", "n", "last_sequence", "position", "day").iter_rows()
    told, reference = [FeedTotal(*row) for row in rows], Reference(as_of=facts.as_of)
    found = aggregate_findings([], told, facts.sources, reference=reference, as_of=facts.as_of, parameters=facts.parameters)
    cases = [(one.finding.case or "").rpartition("#") for one in found if one.finding.code == "F39"]
    return frozenset((source, month) for source, _, month in cases if _MONTH.fullmatch(month))


def authorised(facts: Factbook) -> dict[str, set[str]]:
    """The roles of every organisation on the as-of date."""
    rows = facts.table("authorities").filter(pl.col("valid_from") <= pl.lit(facts.as_of)).sort("valid_from")
    held: dict[tuple[str, str], str] = {(row["org"], row["role"]): row["state"] for row in rows.iter_rows(named=True)}
    found: dict[str, set[str]] = {}
    for (org, role), state in held.items():
        if state == "authorised":
            found.setdefault(org, set()).add(role)
    return found


def role_findings(facts: Factbook, executors: tuple[str, ...]) -> tuple[tuple[str, date], ...]:
    """Role patterns of the executors that stand longer than allowed: rule and since when."""
    late = facts.as_of - timedelta(days=facts.parameters.finding_days)
    rows = facts.table("role_patterns").filter(pl.col("org").is_in(list(executors)) & (pl.col("since") <= pl.lit(late)))
    return tuple((rule, since) for rule, since in rows.select("rule", "since").unique().sort("since", "rule").iter_rows())


def roles_apart(facts: Factbook, executors: tuple[str, ...]) -> bool:
    """Whether the role refusals of an executor lie above the 99.8 % limit of the funnel of all sources."""
    refused: dict[str, int] = {}
    for (source, _), n in facts.refusals.items():
        refused[source] = refused.get(source, 0) + n
    units = {one.source: Unit(refused.get(one.source, 0), sum(month.admitted for month in one.months)) for one in facts.sources}
    sized = {source: unit for source, unit in units.items() if unit.bottom}
    around = funnel_of(list(sized.values()))
    if around is None or not around.target:
        return False
    mine = [unit for source, unit in sized.items() if source[8:18] in executors]
    return any(unit.share > around.limits(unit.bottom).highest for unit in mine)


def partners(facts: Factbook, participants: pl.DataFrame) -> tuple[int, int]:
    """Of the partners' clocks that began for participants since they accepted, those met and those decided."""
    mine = facts.clock(*PARTNER_CLOCKS).join(participants.lazy().select("key", "accepted_on"), on="key")
    since = mine.filter((pl.col("start") >= pl.col("accepted_on")) & pl.col("against").is_in(list(PARTNERS)))
    met = pl.col("state").is_in(["met", "met_before_start"])
    late = pl.col("state").is_in(["breached_open", "breached_closed"])
    counted = since.select(met.sum().alias("met"), (met | late).sum().alias("decided")).collect()
    return int(counted["met"][0]), int(counted["decided"][0])
