"""What a pilot cost, per participant and per additional result (IND-33; I79 of evaluation.md)."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.comparison import Comparison
from ledger.disclosure import K_CELL
from ledger.evidence import Evidence


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Cost per additional result, in cents: over the years with known spending; None when it cannot be established."""

    spent: int
    offered: int
    accepted: int
    per_participant: float | None
    per_result: float | None
    low: float | None
    high: float | None


def cost_of(known: Evidence, compared: Comparison, as_of: date) -> Cost:
    """Over the years with known spending up to the as-of date; per result by the offered persons and the difference among them."""
    years = [one for one in known.money if one.spent and one.year <= as_of.year]
    spent, offered, accepted = sum(one.spent for one in years), sum(one.offered for one in years), sum(one.accepted for one in years)
    per_result = low = high = None
    interval = compared.chosen.estimate.found.interval if compared.chosen is not None else None
    if interval is not None and interval.low > 0 and offered and compared.chosen is not None:
        per_result = spent / (offered * compared.chosen.estimate.found.value)
        low, high = spent / (offered * interval.high), spent / (offered * interval.low)
    # Neither the participants of these years nor those of the other years may be few: the total stands beside it.
    few = 0 < accepted < K_CELL or 0 < known.accepted - accepted < K_CELL
    per_participant = spent / accepted if accepted and not few else None
    return Cost(
        spent=spent,
        offered=0 if few else offered,
        accepted=0 if few else accepted,
        per_participant=per_participant,
        per_result=per_result,
        low=low,
        high=high,
    )
