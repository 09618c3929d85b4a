"""The clauses of the framework agreements that are in force, and the clocks that measure each (evaluation.md 6.4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import msgspec
import polars as pl

from ledger.codes.policy import ClauseTopic
from ledger.conduct import authorised
from ledger.factbook import Factbook

_T = ClauseTopic
CLOCKS: Final[Mapping[ClauseTopic, tuple[str, ...]]] = MappingProxyType(
    {
        _T.REFERRAL: ("C17",),
        _T.REGISTRATION: ("C01",),
        _T.FEEDBACK: ("C10", "C11"),
        _T.OFFER_DISCLOSURE: (),
        _T.DATA_SHARING: ("C09",),
        _T.SECTOR_ALIGNMENT: ("C12",),
        _T.GROUP_OFFER: ("C16",),
        _T.EMPLOYER: ("C19",),
        _T.BRUSSELS: ("C02",),
    }
)
"""[A] The clocks of each topic; the norm of a clause is that of the first."""

INDICATORS: Final[Mapping[ClauseTopic, tuple[str, ...]]] = MappingProxyType(
    {
        _T.REFERRAL: ("IND-114", "IND-08", "IND-116", "IND-09", "IND-118", "IND-218", "IND-119"),
        _T.REGISTRATION: ("IND-01", "IND-108", "IND-109"),
        _T.FEEDBACK: ("IND-120", "IND-12", "IND-122", "IND-13", "IND-124", "IND-224"),
        _T.OFFER_DISCLOSURE: ("IND-20", "IND-167", "IND-21", "IND-169"),
        _T.DATA_SHARING: ("IND-125", "IND-10", "IND-11", "IND-128"),
        _T.SECTOR_ALIGNMENT: ("IND-24", "IND-25", "IND-150"),
        _T.GROUP_OFFER: ("IND-27", "IND-153"),
        _T.EMPLOYER: ("IND-35", "IND-36", "IND-37", "IND-173", "IND-174", "IND-175"),
        _T.BRUSSELS: ("IND-02", "IND-111", "IND-211"),
    }
)
"""The indicators of each topic."""


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A clause in force."""

    framework_id: str
    version: int
    clause_id: str
    topic: ClauseTopic
    norm: str | None
    """The period that it promises."""
    parties: tuple[str, ...]
    valid_from: date
    clocks: tuple[str, ...]
    indicators: tuple[str, ...]
    roles: tuple[str, ...]
    """Roles that the parties hold."""

    @property
    def measured(self) -> bool:
        """Whether a clock with a norm, or an indicator, measures it."""
        return bool(self.clocks or self.indicators)

    @property
    def code(self) -> str:
        """``vdab.feedback``: short enough to type, unique among the clauses in force."""
        service = next((role for role in ("vdab", "actiris") if role in self.roles), self.framework_id[:8])
        return f"{service}.{self.topic.value}"


def clauses_of(facts: Factbook) -> list[Clause]:
    """The clauses of the version of each framework that is in force on the as-of date, by framework and topic."""
    rows = facts.table("clauses").filter(pl.col("valid_from") <= pl.lit(facts.as_of))
    latest = rows.group_by("framework_id").agg(pl.col("framework_version").max())
    held = authorised(facts)
    found = []
    for row in rows.join(latest, on=["framework_id", "framework_version"]).iter_rows(named=True):
        topic, parties = ClauseTopic(row["topic"]), tuple(row["parties"])
        found.append(
            Clause(
                framework_id=row["framework_id"],
                version=row["framework_version"],
                clause_id=row["clause_id"],
                topic=topic,
                norm=row["norm"],
                parties=parties,
                valid_from=row["valid_from"],
                clocks=CLOCKS[topic],
                indicators=INDICATORS[topic],
                roles=tuple(sorted({role for party in parties for role in held.get(party, ())})),
            )
        )
    order = {topic: at for at, topic in enumerate(ClauseTopic)}
    return sorted(found, key=lambda one: ("vdab" not in one.roles, one.framework_id, order[one.topic]))


def of_clause(facts: Factbook, clause: Clause, clock: str) -> pl.DataFrame:
    """The instances of a clock that the parties of a clause answer for: an organisation that is a party, or a role that one holds."""
    rows = facts.clock(clock).filter(~pl.col("restricted") & pl.col("start").is_not_null()).collect()
    named = pl.col("org").is_in(list(clause.parties))
    held = pl.col("org").is_null() & pl.col("against").is_in(list(clause.roles))
    return rows.filter(named | held)
