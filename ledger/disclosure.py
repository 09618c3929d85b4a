"""Small-number protection: what of a set of counts may be shown so that nobody can be singled out (domain.md 6.1).

The first rule of many: a count of 1 to 4 is hidden, and so is whatever else would let it be worked out from the sums
that are shown beside it. It is applied once, where the counts are made, and everything that shows them works with the
answer: a hidden count has no size, no bar and no place in an order.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

K_CELL = 5
"""Counts below this, zero excepted, are hidden [A]."""


K_PERSONS = 10
"""A total of persons below this, zero excepted, is hidden: so few may know each other [A] (domain.md 6.1, denominator)."""


def small_share(top: int, bottom: int, *, k: int = K_CELL) -> bool:
    """Whether a share may not be shown: too few below the line, or few who had it, or few who had it not."""
    return 0 < bottom < K_PERSONS or 0 < top < k or 0 < bottom - top < k


class Cell(msgspec.Struct, frozen=True):
    """A count as it may be shown."""

    n: int | None
    """None when it is hidden."""

    @property
    def hidden(self) -> bool:
        """Whether the count is protected."""
        return self.n is None


K = TypeVar("K", bound=Hashable)
R = TypeVar("R", bound=str)
C = TypeVar("C", bound=str)


class Sum(msgspec.Struct, Generic[K], frozen=True):
    """Counts that add up to another one that is shown with them."""

    total: K
    parts: tuple[K, ...]


def protect(counts: Mapping[K, int], sums: Sequence[Sum[K]], *, k: int = K_CELL) -> dict[K, Cell]:
    """Hide every count of 1..k−1, and per sum enough others that nothing hidden follows from what is shown.

    Of a sum whose total is shown, the hidden parts are none, or at least two that together count ``k`` or more. The next
    part to hide is the smallest above zero, of equals the first in ``counts``. The order of ``sums`` decides nothing but
    ties between them: they are worked through until nothing changes.
    """
    hidden = {key for key, n in counts.items() if 0 < n < k}
    rank = {key: place for place, key in enumerate(counts)}
    changed = True
    while changed:
        changed = False
        for one in sums:
            while not _safe(one, counts, hidden, k):
                hidden.add(_next(one, counts, hidden, rank))
                changed = True
    return {key: Cell(None if key in hidden else n) for key, n in counts.items()}


def _safe(one: Sum[K], counts: Mapping[K, int], hidden: set[K], k: int) -> bool:
    concealed = [part for part in one.parts if part in hidden]
    if one.total in hidden:
        return bool(concealed) or not one.parts
    return not concealed or (len(concealed) > 1 and sum(counts[part] for part in concealed) >= k)


def _next(one: Sum[K], counts: Mapping[K, int], hidden: set[K], rank: Mapping[K, int]) -> K:
    shown = [part for part in one.parts if part not in hidden]
    if not shown:
        return one.total
    return min(shown, key=lambda part: (counts[part] == 0, counts[part], rank[part]))


class ProtectedList(msgspec.Struct, frozen=True):
    """Counts by one code, with their total."""

    cells: Mapping[str, Cell]
    total: Cell


def protect_list(counts: Mapping[str, int], *, k: int = K_CELL) -> ProtectedList:
    """Protect counts that are shown with their total."""
    keyed = {("cell", code): counts[code] for code in sorted(counts)}
    keyed["total", ""] = sum(counts.values())
    shown = protect(keyed, [Sum(("total", ""), tuple(key for key in keyed if key[0] == "cell"))], k=k)
    return ProtectedList({code: shown["cell", code] for code in counts}, shown["total", ""])


class ProtectedTable(msgspec.Struct, frozen=True):
    """Counts by two codes, with the totals of rows and columns and the grand total."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    row_totals: Mapping[str, Cell]
    column_totals: Mapping[str, Cell]
    total: Cell


_ALL = ""


def protect_table(counts: Mapping[tuple[str, str], int], *, k: int = K_CELL) -> ProtectedTable:
    """Protect a crossing of two codes that is shown with all its totals. Absent combinations count zero."""
    rows = sorted({row for row, _ in counts})
    columns = sorted({column for _, column in counts})
    full = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    full |= {(row, _ALL): sum(full[row, column] for column in columns) for row in rows}
    full |= {(_ALL, column): sum(full[row, column] for row in rows) for column in columns}
    full[_ALL, _ALL] = sum(full[row, _ALL] for row in rows)
    sums = [Sum((row, _ALL), tuple((row, column) for column in columns)) for row in rows]
    sums += [Sum((_ALL, column), tuple((row, column) for row in rows)) for column in columns]
    sums.append(Sum((_ALL, _ALL), tuple((row, _ALL) for row in rows)))
    sums.append(Sum((_ALL, _ALL), tuple((_ALL, column) for column in columns)))
    shown = protect(full, sums, k=k)
    return ProtectedTable(
        rows=tuple(rows),
        columns=tuple(columns),
        cells={(row, column): shown[row, column] for row in rows for column in columns},
        row_totals={row: shown[row, _ALL] for row in rows},
        column_totals={column: shown[_ALL, column] for column in columns},
        total=shown[_ALL, _ALL],
    )


def protect_persons(n: int) -> Cell:
    """Protect a total of persons that stands alone."""
    return protect_each([n], k=K_PERSONS)[0]


def protect_each(counts: Iterable[int], *, k: int = K_CELL) -> tuple[Cell, ...]:
    """Protect counts that stand alone: no sum of them is shown anywhere."""
    return tuple(Cell(None if 0 < n < k else n) for n in counts)
