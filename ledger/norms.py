"""The norm of a clock from the facts: the last one set for its start date, else the parameter table's (domain.md 5.4)."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from ledger.codes.clock import ClockId
from ledger.codes.policy import NormKind, NormSource
from ledger.cohort import Unanswerable
from ledger.factbook import Factbook
from ledger.parameters import DEFAULT_NORMS, Norm
from ledger.verdict import Message

_ASKED = re.compile(r"(?P<clock>C[0-9]{2}b?)=(?:(?P<days>[1-9][0-9]{0,3})|(?P<period>P[1-9][0-9]{0,3}[DWM]))", re.IGNORECASE)


def norm_on(facts: Factbook, clock: str, day: date) -> Norm:
    """The norm of a clock for instances that start on a day."""
    rows = facts.table("norms").filter((pl.col("clock") == clock) & (pl.col("valid_from") <= pl.lit(day))).sort("valid_from")
    if not rows.height:
        return DEFAULT_NORMS[ClockId(clock)]
    row = rows.row(-1, named=True)
    return Norm(row["period"], NormKind(row["kind"]), NormSource(row["source"]))


def read_norms(texts: list[str]) -> dict[str, str]:
    """``C01=45`` or ``C01=P6M``, also several with commas. ``Unanswerable`` for anything else."""
    found: dict[str, str] = {}
    for text in (part.strip() for one in texts for part in one.split(",")):
        if not text:
            continue
        said = _ASKED.fullmatch(text)
        if said is None or said["clock"].upper().replace("B", "b") not in {one.value for one in ClockId}:
            raise Unanswerable(
                "norm",
                Message(
                    f"{text!r} is geen norm: schrijf C01=45 (dagen) of C01=P3M",
                    f"{text!r} is no norm: write C01=45 (days) or C01=P3M",
                ),
            )
        clock = said["clock"].upper().replace("B", "b")
        found[clock] = f"P{said['days']}D" if said["days"] else said["period"].upper()
    return found
