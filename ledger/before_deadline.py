"""Who did what before a registration was due: where a late one stopped (evaluation.md I09, 6.4.5)."""

from __future__ import annotations

import polars as pl

STOPPED = "stopped"
NO_REFERRAL, NO_ANSWER, ANSWERED = "no_referral", "no_answer", "answered"
"""Nobody referred by the deadline (the agency's part); the service did not answer by then; it did, and nobody registered."""


def where_it_stopped(late: pl.LazyFrame, referrals: pl.LazyFrame) -> pl.LazyFrame:
    """Late cases (``key``, ``case_key``, ``deadline``), one row each, with where it stopped by the end of the deadline."""
    made = referrals.filter(pl.col("target").is_in(["vdab", "actiris"])).select("key", "made_on", "answered_on")
    referred = (pl.col("made_on") <= pl.col("deadline")).fill_null(False)
    answered = referred & (pl.col("answered_on") <= pl.col("deadline")).fill_null(False)
    place = (
        pl.when(pl.col("answered"))
        .then(pl.lit(ANSWERED))
        .when(pl.col("referred"))
        .then(pl.lit(NO_ANSWER))
        .otherwise(pl.lit(NO_REFERRAL))
        .alias(STOPPED)
    )
    joined = late.select("key", "case_key", "deadline").join(made, on="key", how="left")
    each = joined.group_by("key", "case_key").agg(referred.any().alias("referred"), answered.any().alias("answered"))
    return each.select("key", "case_key", place)
