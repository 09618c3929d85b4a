"""Facts that support the answer whether it takes a rule to anchor a pilot (E10 of evaluation.md 6.4.6). A person answers it."""

from __future__ import annotations

import msgspec
import polars as pl

from ledger.disclosure import small_share
from ledger.factbook import Factbook
from ledger.figure import figure
from ledger.indicator import Method, indicators
from ledger.plan import Plan

_USED = ("met", "met_before_start")


class RuleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the question."""

    spread: float | None = None
    """φ: how much further agencies lie apart on a process indicator than chance explains; 1 is chance alone."""
    spread_of: str | None = None
    """The indicator that it is about."""
    without_basis: int = 0
    """Persons of whom something was shared or who were referred without a basis on that day (F24)."""
    may_unused: int = 0
    may_decided: int = 0
    """The option of 60 days in Brussels: left unused, of those whose time is over."""


def rule_facts(plan: Plan, mine: Factbook) -> RuleFacts:
    """The facts of a pilot's participants, or of everybody for a pilot that enrols nobody."""
    spread_of, spread = _spread(plan, mine)
    option = mine.clock("C02").select("state").collect()["state"]
    unused = int((option == "unused").sum())
    flagged = mine.people().filter(pl.col("findings").list.contains("F24")).select(pl.len()).collect().item()
    return RuleFacts(
        spread=spread,
        spread_of=spread_of,
        without_basis=int(flagged),
        may_unused=unused,
        may_decided=unused + int(option.is_in(_USED).sum()),
    )


def _spread(plan: Plan, mine: Factbook) -> tuple[str | None, float | None]:
    """φ of the first process indicator that can be told for two agencies."""
    for id in plan.process:
        declared = indicators()[id]
        if declared.method is not Method.SHARE or "agency" not in declared.dimensions:
            continue
        rows = figure(declared, mine, by=("agency",), protected=False).rows
        units = [(one.numerator, one.denominator) for one in rows if one.strata["agency"] != "unknown"]
        told = [(top, bottom) for top, bottom in units if top is not None and bottom and not small_share(top, bottom)]
        pooled = sum(top for top, _ in told) / max(1, sum(bottom for _, bottom in told))
        if len(told) > 1 and 0 < pooled < 1:
            return id, sum((top / bottom - pooled) ** 2 * bottom / (pooled * (1 - pooled)) for top, bottom in told) / (len(told) - 1)
    return None, None
