"""``ledger indicator``: the figures of the evaluation, asked over HTTP, shown as a table, JSON or CSV."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.moments import as_parameter, read_as_of, read_known_at
from cli.output import answer, answer_json, language, sentence, table, write_bytes
from ledger.cohort import read_cohort
from ledger.dimension import DIMENSIONS
from ledger.errors import UsageError
from ledger.verdict import Message

PATIENCE = 3600.0
"""Seconds to wait for a figure that is recomputed from the log."""
FORMATS = ("table", "json", "csv")


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: Message
    theme: Message
    by: list[str]
    decisions: list[str]


class _Items(msgspec.Struct, frozen=True, kw_only=True):
    indicators: list[_Item]


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    strata: dict[str, str]
    numerator: int | None
    denominator: int | None
    value: float | None
    interval: tuple[float | None, float | None] | None
    immature: int | None
    left_scope: int | None
    coverage: float | None = None
    coverage_state: str | None = None
    hidden: bool


class _Figure(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    title: Message
    unit: str
    position: int
    as_of: str
    cohort: str | None
    by: list[str]
    hidden: int
    erased: int
    protected: bool
    caveat: Message | None = None
    rows: list[_Row]
    total: _Row


def show(
    id: str | None,
    *,
    by: list[str],
    cohort: str | None,
    as_of: str | None,
    known_at: str | None,
    format: str,
    unprotected: bool,
    purpose: str | None,
    data: Path,
) -> None:
    """Print an indicator, or the list of all.

    :raises UsageError: the format is unknown, a moment or cohort cannot be read, or the ledger cannot answer it as asked.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format!r} is not known: choose one of {', '.join(FORMATS)}")
    day, known = read_as_of(as_of), as_parameter(read_known_at(known_at))
    if cohort is not None:
        read_cohort(cohort)
    if id is None and (by or cohort or as_of or known_at or unprotected):
        raise UsageError("name the indicator that these options are for, as in: ledger indicator IND-01 --by region")
    with LedgerClient(find(data), patience=PATIENCE) as ledger:
        if id is None:
            _list(ledger.get("/api/indicators"), format)
            return
        body = ledger.get(
            f"/api/indicators/{quote(id.upper(), safe='')}",
            by=",".join(name for part in by for name in part.split(",")) or None,
            cohort=cohort,
            as_of=day.isoformat() if day else None,
            known_at=known,
            format="csv" if format == "csv" else None,
            unprotected="true" if unprotected else None,
            purpose=purpose,
        )
    if format == "csv":
        write_bytes([body])
    elif format == "json":
        answer_json(body)
    else:
        _table(decoded(body, _Figure))


def show_figure(body: bytes, title: Message) -> None:
    """A table of a figure that was made here and not asked for over HTTP."""
    told = msgspec.json.decode(body)
    _table(msgspec.convert(told | {"title": msgspec.to_builtins(title)}, _Figure))


def _list(body: bytes, format: str) -> None:
    if format == "csv":
        raise UsageError("the list of indicators is a table or JSON: name an indicator for CSV")
    if format == "json":
        answer_json(body)
        return
    rows = [(one.id, sentence(one.title), sentence(one.theme), " ".join(one.decisions)) for one in decoded(body, _Items).indicators]
    table(["indicator", "title", "theme", "informs"], rows)


def _table(figure: _Figure) -> None:
    answer(f"{figure.id} {sentence(figure.title)}")
    said = f"as of {figure.as_of}, as known at position {figure.position}"
    answer(f"{said}{f', cohort {figure.cohort}' if figure.cohort else ''}, version {figure.version}, {figure.erased} erased")
    lang = language()
    heads = [DIMENSIONS[name].en if lang == "en" else DIMENSIONS[name].nl for name in figure.by]
    numbers = ["numerator", "denominator", "value", "low", "high", "immature", "left scope", "coverage"]
    rows: list[tuple[str, ...]] = []
    for row in figure.rows:
        labels = (DIMENSIONS[name].label(row.strata[name], lang) for name in figure.by)
        rows.append((*labels, *_cells(figure, row)))
    if figure.by:
        rows.insert(0, ("all", *[""] * (len(figure.by) - 1), *_cells(figure, figure.total)))
    table([*heads, *numbers], rows, right=numbers)
    if figure.hidden:
        answer(f"{figure.hidden} cells are hidden: persons could be singled out from them")
    if not figure.protected:
        answer("Exact figures, without protection: not for publication. This reading is in the log.")
    if figure.caveat is not None and "pilot" in figure.by:
        answer(sentence(figure.caveat))


def _cells(figure: _Figure, row: _Row) -> tuple[str, ...]:
    low, high = row.interval if row.interval is not None else (None, None)
    coverage = "" if row.coverage is None else f"{row.coverage * 100:.0f}%"
    if row.coverage_state in {"flagged", "withheld"}:
        coverage = f"{coverage} {row.coverage_state}".strip()
    hidden = "hidden" if row.hidden else ""
    return (
        hidden if row.hidden else _count(row.numerator),
        hidden if row.hidden else _count(row.denominator),
        _value(figure.unit, row.value),
        _value(figure.unit, low),
        _value(figure.unit, high),
        _count(row.immature),
        _count(row.left_scope),
        coverage,
    )


def _count(n: int | None) -> str:
    return "" if n is None else str(n)


def _value(unit: str, value: float | None) -> str:
    if value is None:
        return ""
    if unit == "share":
        return f"{value * 100:.1f}%"
    if unit == "points":
        return f"{value * 100:+.1f} pp"
    return f"{value / 100:.0f} euro" if unit == "cents" else f"{value:.1f}".removesuffix(".0")
