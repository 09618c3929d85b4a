"""Role boundaries, the quality of sources, and signals of discrimination."""

from __future__ import annotations

from datetime import date

import polars as pl

from ledger.conduct import disagreeing
from ledger.factbook import Factbook
from ledger.indicator import Base, Method, Theme, Unit, indicator
from ledger.quality import SourceMonth
from ledger.units import not_over, units, within

_HANDLED = 60


def _months(facts: Factbook) -> list[tuple[str, date, SourceMonth]]:
    """What each source sent per month of recording, up to the as-of date."""
    found = []
    for state in facts.sources:
        for month in state.months:
            first = date(int(month.month[:4]), int(month.month[5:]), 1)
            if first <= facts.as_of:
                found.append((state.source, first, month))
    return found


def _frame(rows: list[tuple[str, date, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"source": pl.String, "month": pl.Date, "n": pl.Int64, "of": pl.Int64}, orient="row")


def _per_entry(rows: list[tuple[str, date, int, int]]) -> pl.LazyFrame:
    return units(_frame(rows).lazy(), day="month", top=pl.col("n"), bottom=pl.col("of"), keep=("source",))


@indicator(
    "IND-30",
    theme=Theme.DATA,
    title=("Rolgrensincidenten", "Role boundary incidents"),
    definition=(
        "Weigeringen omdat een rol haar grens overschrijdt (R14) en levende rolpatronen (F27), per 10 000 opgenomen "
        "events van de organisatie.",
        "Refusals because a role oversteps its boundary (R14) and live role patterns (F27), per 10 000 admitted events "
        "of the organisation.",
    ),
    numerator=("Weigeringen R14 en levende bevindingen F27", "Refusals R14 and live findings F27"),
    denominator=("Opgenomen events van die organisatie", "Admitted events of that organisation"),
    base=Base.MONTH,
    method=Method.RATE,
    unit=Unit.PER_10000,
    needs=("sources", "refusals", "role_patterns"),
    dimensions=("source",),
    decisions=("Q1", "Q2"),
    sources=("S01", "S12", "S14", "S16", "S39"),
)
def role_incidents(facts: Factbook) -> pl.LazyFrame:
    admitted = [(_org(source), month, 0, counts.admitted) for source, month, counts in _months(facts)]
    refused = [(_org(source), month, n, 0) for (source, month), n in facts.refusals.items() if month <= facts.as_of]
    found = facts.table("role_patterns").select(pl.col("org").alias("source"), pl.col("since").alias("month"))
    patterns = [(org, since.replace(day=1), 1, 0) for org, since in found.iter_rows()]
    return _per_entry([*admitted, *refused, *patterns])


def _org(source: str) -> str:
    """The organisation (KBO number) of a source; the source itself when it has another form."""
    return source.split(":")[2] if source.startswith("urn:kbo:") else source


@indicator(
    "IND-38",
    theme=Theme.DATA,
    title=("Signalen discriminatie (beperkt)", "Discrimination signals (restricted)"),
    definition=(
        "Signalen van discriminatie, en het aandeel dat binnen 60 dagen behandeld is. Alleen voor auditors en de "
        "beheerder, en vanaf tien signalen per cel.",
        "Signals of discrimination, and the share handled within 60 days. For auditors and the operator only, from ten signals a cell.",
    ),
    numerator=("Behandeld binnen 60 dagen", "Handled within 60 days"),
    denominator=("Signalen van minstens 60 dagen oud", "Signals at least 60 days old"),
    base=Base.EVENT,
    horizon=_HANDLED,
    needs=("signals",),
    dimensions=("region",),
    decisions=("Q1",),
    sources=("S09",),
    restricted=True,
)
def signals(facts: Factbook) -> pl.LazyFrame:
    return units(
        facts.lazy("signals"),
        day="signalled_on",
        top=within("handled_on", "signalled_on", _HANDLED),
        immature=not_over(facts, "signalled_on", _HANDLED),
        keep=("region",),
    )


@indicator(
    "IND-40",
    theme=Theme.DATA,
    title=("Kwaliteit van de bronnen", "Quality of the sources"),
    definition=(
        "Het aandeel opgenomen events dat meer dan 14 dagen na het feit aankwam (F01), per bron. "
        "Gaten, dubbels, correcties en traagheid staan per bron op de pagina Bronnen.",
        "The share of admitted events that arrived more than 14 days after the fact (F01), by source. "
        "Gaps, duplicates, corrections and slowness stand by source on the page Sources.",
    ),
    numerator=("Te laat aangekomen events", "Events that arrived late"),
    denominator=("Opgenomen events", "Admitted events"),
    base=Base.MONTH,
    needs=("sources",),
    dimensions=("source",),
    decisions=("Q2",),
    sources=("S19", "S43"),
)
def late_events(facts: Factbook) -> pl.LazyFrame:
    return _per_entry([(source, month, counts.late, counts.admitted) for source, month, counts in _months(facts)])


@indicator(
    "IND-182",
    theme=Theme.DATA,
    title=("Maanden die kloppen met hun controletotaal", "Months that agree with their control total"),
    definition=(
        "Van de maanden waarover een bron zegt hoeveel events zij stuurde, het aandeel waarvoor het aantal per soort "
        "klopt met wat aankwam; "
        "het laatste bericht over een maand telt. Gaten staan per bron op de pagina Bronnen.",
        "Of the months for which a source says how many events it sent, the share in which the count by type agrees with what arrived; "
        "the last statement on a month counts. Gaps stand by source on the page Sources.",
    ),
    numerator=("Maanden die kloppen", "Months that agree"),
    denominator=("Maanden met een controletotaal", "Months with a control total"),
    base=Base.MONTH,
    needs=("feeds", "sources"),
    dimensions=("source",),
    decisions=("Q2",),
    sources=("S43", "S45"),
)
def reconciled(facts: Factbook) -> pl.LazyFrame:
    feeds = facts.table("feeds").filter(pl.col("day") <= pl.lit(facts.as_of))
    wrong = disagreeing(facts)
    months = feeds.select("source", "period").unique().sort("source", "period").iter_rows()
    rows = [(source, date(int(month[:4]), int(month[5:]), 1), int((source, month) not in wrong), 1) for source, month in months]
    return _per_entry(rows)
