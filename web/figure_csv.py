"""A figure as CSV: one line per cell, each with everything that says which figure it is."""

from __future__ import annotations

import csv
import io

from ledger.figure import Figure, Row

HEAD = ("indicator", "version", "position", "as_of", "cohort")
TAIL = (
    "numerator",
    "denominator",
    "value",
    "low",
    "high",
    "immature",
    "left_scope",
    "neutral",
    "unknown",
    "coverage",
    "coverage_state",
    "hidden",
    "erased",
)


def figure_csv(figure: Figure) -> bytes:
    """UTF-8, comma, a head; hidden cells are empty and marked ``true`` in the column hidden."""
    held = io.StringIO(newline="")
    out = csv.writer(held)
    out.writerow([*HEAD, *figure.by, *TAIL])
    first = [figure.id, figure.version, figure.position, figure.as_of.isoformat(), figure.cohort or ""]
    for row in figure.rows:
        out.writerow([*first, *(row.strata[name] for name in figure.by), *_cells(row), figure.erased])
    return held.getvalue().encode()


def _cells(row: Row) -> list[object]:
    low, high = row.interval if row.interval is not None else (None, None)
    told = (row.numerator, row.denominator, row.value, low, high, row.immature, row.left_scope, row.neutral, row.unknown, row.coverage)
    return [*("" if cell is None else cell for cell in told), row.coverage_state or "", "true" if row.hidden else "false"]
