"""Linear equations in counts that are hidden: what they fix, and what is fixed because no count is negative (:mod:`ledger.cube`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

EPSILON = 1e-9
_SWEEPS = 20

Matrix = npt.NDArray[np.float64]


def pinned(equations: list[tuple[dict[int, float], int]], width: int) -> list[int]:
    """The unknowns of which only one value is left, when none is negative: bounds are carried from equation to equation."""
    low, high = [0.0] * width, [float("inf")] * width
    for _ in range(_SWEEPS):
        changed = False
        for terms, right in equations:
            least = sum(low[at] if sign > 0 else -high[at] for at, sign in terms.items())
            most = sum(high[at] if sign > 0 else -low[at] for at, sign in terms.items())
            for at, sign in terms.items():
                # What the others leave for this one.
                above = right - (least - (low[at] if sign > 0 else -high[at])) if least > -float("inf") else float("inf")
                below = right - (most - (high[at] if sign > 0 else -low[at])) if most < float("inf") else -float("inf")
                new_low, new_high = (below, above) if sign > 0 else (-above, -below)
                if new_low > low[at] + EPSILON or new_high < high[at] - EPSILON:
                    low[at], high[at], changed = max(low[at], new_low), min(high[at], new_high), True
        if not changed:
            break
    return [at for at in range(width) if high[at] - low[at] < EPSILON]


def matrix_of(equations: Iterable[Mapping[int, float]], width: int) -> Matrix:
    """One row per equation."""
    rows = list(equations)
    matrix = np.zeros((len(rows), width))
    for at, terms in enumerate(rows):
        for place, value in terms.items():
            matrix[at, place] = value
    return matrix


def reduced_of(matrix: Matrix) -> tuple[Matrix, list[int]]:
    """The reduced row echelon form, and the column of the pivot of each of its rows."""
    reduced = matrix.copy()
    pivots: list[int] = []
    row = 0
    for column in range(reduced.shape[1]):
        if row >= reduced.shape[0]:
            break
        best = row + int(np.argmax(np.abs(reduced[row:, column])))
        if abs(reduced[best, column]) <= EPSILON:
            continue
        if best != row:
            reduced[[row, best]] = reduced[[best, row]]
        reduced[row] /= reduced[row, column]
        factors = reduced[:, column].copy()
        factors[row] = 0.0
        # The equations are sparse: few rows hold the column, and the pivot row holds few columns.
        rows, columns = np.flatnonzero(factors), np.flatnonzero(reduced[row])
        if rows.size:
            part = reduced[np.ix_(rows, columns)] - np.outer(factors[rows], reduced[row, columns])
            part[np.abs(part) <= EPSILON] = 0.0
            reduced[np.ix_(rows, columns)] = part
        pivots.append(column)
        row += 1
    return reduced[:row], pivots
