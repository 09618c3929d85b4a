"""Small-number protection of a whole cube: every crossing of some dimensions with all its margins, at once.

Cells are taken from coarse to fine. What is hidden at one level depends on that level and the ones above it, never on a
finer one, so a margin looks the same in every table that it stands in, whatever else that table crosses. At each level:

1. a small cell is hidden;
2. of every sum that is shown, the hidden parts are none, or several that together are not small; of every hidden sum at
   least one part is hidden;
3. all the sums that can be worked out from what is shown are written down as linear equations in what is hidden. If
   they fix a small cell, or tell anything more about the levels above than those tell themselves, more is hidden.

What is hidden next is the cell with the smallest denominator, of equals the first in the order of keys (domain.md 6.1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np

from ledger.equations import EPSILON, matrix_of, pinned, reduced_of

Path = tuple[str, ...]
"""A place on one axis, from coarse to fine: ``()`` for all, ``("2024",)``, ``("2024", "2024-Q1")``."""
Key = tuple[Path, ...]
"""One place on each axis."""
Counts = tuple[int, ...]
"""What adds up; the denominator stands last."""
Small = Callable[[Counts], bool]


class Telling(NamedTuple):
    """What counts as small beside what is small."""

    always: frozenset[Key] = frozenset()
    """These cells, whatever their counts."""
    sensitive: Callable[[Key], bool] | None = None
    """Of which cells none and all already say something of everybody in them."""

    def none_or_all(self, key: Key, counts: Counts) -> bool:
        """Whether a sensitive cell has nobody who did, or nobody who did not."""
        return self.sensitive is not None and len(counts) > 1 and counts[-1] > 0 and counts[-2] in (0, counts[-1]) and self.sensitive(key)


MOST_UNKNOWNS = 600
"""With more hidden cells than this a level is not worked out: all of it is hidden."""


def depths(key: Key) -> tuple[int, ...]:
    """The level of a cell."""
    return tuple(len(path) for path in key)


def parents(key: Key) -> Iterator[Key]:
    """The cells that this one adds up to, one per axis that it is divided by."""
    for axis, path in enumerate(key):
        if path:
            yield (*key[:axis], path[:-1], *key[axis + 1 :])


def protect_cube(
    cells: Mapping[Key, Counts], small: Small, whole: frozenset[Key] | None = None, telling: Telling | None = None
) -> frozenset[Key]:
    """The hidden cells of a cube that holds every cell with a count at every level. Cells that are not in it are zero.

    ``whole`` is for a figure that is part of another one on the same persons: what is hidden of that one is hidden here too.
    The first count of a cell is then what only the whole has and the second what the part has; where the whole is shown,
    their sum and the denominator are known.
    """
    levels: dict[tuple[int, ...], list[Key]] = {}
    for key in cells:
        levels.setdefault(depths(key), []).append(key)
    state = _State(cells, small, levels, whole, telling or Telling())
    for level in sorted(levels, key=lambda level: (sum(level), level)):
        state.protect(level)
    return frozenset(state.hidden)


class _State:
    """What is hidden so far."""

    def __init__(
        self,
        cells: Mapping[Key, Counts],
        small: Small,
        levels: Mapping[tuple[int, ...], list[Key]],
        whole: frozenset[Key] | None,
        telling: Telling,
    ) -> None:
        self.cells = cells
        self.small = small
        self.levels = levels
        self.whole = whole
        self.telling = telling
        self.hidden: set[Key] = set()
        self.primary: set[Key] = set()
        self.numbers = max((len(counts) for counts in cells.values()), default=1)

    def protect(self, level: tuple[int, ...]) -> None:
        """Hide what must be hidden at a level; those above it are done."""
        keys = self.levels[level]
        found = {key for key in keys if key in self.telling.always or self._small(key, self.cells[key])}
        self.primary |= found
        self.hidden |= found
        self.hidden |= {key for key in self.whole or () if depths(key) == level}
        self.hidden |= {zero for zero in self._zeros(keys) if any(up in self.hidden and up not in self.cells for up in parents(zero))}
        sums = self._sums(keys)
        while True:
            self._complement(sums)
            risky = self._risky(level)
            if not risky or not self._hide_beside(risky, keys, sums):
                return

    def _sums(self, keys: Iterable[Key]) -> dict[Key, dict[int, list[Key]]]:
        """The sums whose parts stand at one level: per total and axis."""
        sums: dict[Key, dict[int, list[Key]]] = {}
        for key in sorted(keys):
            for axis, path in enumerate(key):
                if path:
                    total = (*key[:axis], path[:-1], *key[axis + 1 :])
                    sums.setdefault(total, {}).setdefault(axis, []).append(key)
        return sums

    def _complement(self, sums: Mapping[Key, Mapping[int, list[Key]]]) -> None:
        """Rule 2, until nothing changes."""
        changed = bool(self.hidden)
        while changed:
            changed = False
            for total, by_axis in sums.items():
                for parts in by_axis.values():
                    while not self._safe(total, parts):
                        shown = [part for part in parts if part not in self.hidden]
                        if not shown:
                            break
                        self.hidden.add(min(shown, key=self._place))
                        changed = True

    def _safe(self, total: Key, parts: list[Key]) -> bool:
        concealed = [part for part in parts if part in self.hidden]
        if total in self.hidden:
            return bool(concealed)
        if not concealed:
            return True
        together = tuple(map(sum, zip(*(self.cells[part] for part in concealed), strict=True)))
        return len(concealed) > 1 and not self._small(concealed[0], together)

    def _small(self, key: Key, counts: Counts) -> bool:
        """Whether the counts of a cell, or of several that stand beside it, may not be shown."""
        return self.small(counts) or self.telling.none_or_all(key, counts)

    def _place(self, key: Key) -> tuple[int, Key]:
        return (self.cells.get(key, (0,))[-1], key)

    def _risky(self, level: tuple[int, ...]) -> set[Key]:
        """Rule 3: the cells that the equations give away; the cells of the level itself when there are too many to work out."""
        above = [other for other in self.levels if all(a <= b for a, b in zip(other, level, strict=True))]
        mine = sorted(key for key in self.hidden if depths(key) == level)
        upper = sorted(key for key in self.hidden if depths(key) in above and depths(key) != level)
        if not mine or (len(mine) == len(self.levels[level]) and not upper):
            return self._given_away(mine, []) if mine else set()
        if len(mine) + len(upper) > MOST_UNKNOWNS:
            return set(self.levels[level])
        return self._given_away(mine, upper)

    def _given_away(self, mine: list[Key], upper: list[Key]) -> set[Key]:
        unknowns = [*mine, *upper]
        place = {key: at for at, key in enumerate(unknowns)}
        equations: dict[tuple[Key, int], dict[int, float]] = {}
        for key in unknowns:
            for axis, path in enumerate(key):
                if path:
                    total = (*key[:axis], path[:-1], *key[axis + 1 :])
                    equations.setdefault((total, axis), {})[place[key]] = 1.0
        for (total, _), terms in equations.items():
            if total in place:
                terms[place[total]] = -1.0
        matrix = matrix_of(equations.values(), len(unknowns))
        reduced, pivots = reduced_of(matrix)
        alone = (np.abs(reduced) > EPSILON).sum(axis=1) == 1
        fixed = {unknowns[pivot] for row, pivot in enumerate(pivots) if alone[row]}
        risky = ((fixed | self._by_bounds(equations, place, unknowns)) & self.primary) | (fixed & set(upper))
        if upper:
            known_above = [terms for terms in equations.values() if all(at >= len(mine) for at in terms)]
            before = len(reduced_of(matrix_of(known_above, len(unknowns)))[1])
            told = [row for row, pivot in enumerate(pivots) if pivot >= len(mine)]
            if len(told) > before:
                risky |= {unknowns[at] for row in told for at in np.flatnonzero(np.abs(reduced[row]) > EPSILON)}
        return risky

    def _by_bounds(self, equations: Mapping[tuple[Key, int], dict[int, float]], place: Mapping[Key, int], unknowns: list[Key]) -> set[Key]:
        """The hidden cells of which a count follows because none is negative: how many in all, how many did, how many did not."""
        width = len(unknowns)
        parts: list[Callable[[Counts], int]] = [lambda counts: counts[-1]]
        bounded: list[tuple[dict[int, float], int]] = []
        for number in range(self.numbers - 1):
            # Those who did and those who did not are all.
            did = len(parts)
            bounded += [({did * width + at: 1.0, (did + 1) * width + at: 1.0, at: -1.0}, 0) for at in range(width)]
            parts += [partial(_did, number), partial(_did_not, number)]
        if self.whole is not None:
            for at, key in enumerate(unknowns):
                if key not in self.whole:
                    only_whole, part, *_, n = self.cells.get(key, (0,) * self.numbers)
                    bounded += [({width + at: 1.0, 3 * width + at: 1.0}, only_whole + part), ({at: 1.0}, n)]
        for at_part, count in enumerate(parts):
            told = [count(self.cells[key]) if key in self.cells else 0 for key in unknowns]
            for (total, _), terms in equations.items():
                # A total stands in its own equations with a minus sign; then what is left is what the shown parts take off.
                left = sum(told[at] for at, sign in terms.items() if sign > 0) - (told[place[total]] if total in place else 0)
                bounded.append(({at_part * width + at: sign for at, sign in terms.items()}, left))
        found = ((at // width, unknowns[at % width]) for at in pinned(bounded, len(parts) * width))
        if self.whole is not None:
            # How many there are in all, the whole shows.
            found = ((part, key) for part, key in found if part or key in self.whole)
        return {key for part, key in found if key in self.cells and parts[part](self.cells[key])}

    def _hide_beside(self, risky: Collection[Key], keys: list[Key], sums: Mapping[Key, Mapping[int, list[Key]]]) -> bool:
        """Hide, for each cell that is given away, one more cell that stands in a sum with it; whether there was any left."""
        if len(risky) == len(keys) and all(key in self.levels[depths(keys[0])] for key in risky):
            fresh = set(keys) - self.hidden
            self.hidden |= fresh
            return bool(fresh) or self._hide_zeros(keys)
        chosen: set[Key] = set()
        for key in sorted(risky):
            totals = set(parents(key)) | {key}
            beside = [part for total in totals for parts in sums.get(total, {}).values() for part in parts if part not in self.hidden]
            if beside:
                chosen.add(min(beside, key=self._place))
        if not chosen:
            left = [key for key in keys if key not in self.hidden]
            if left:
                chosen.add(min(left, key=self._place))
        self.hidden |= chosen
        return bool(chosen) or self._hide_zeros(keys)

    def _hide_zeros(self, keys: list[Key]) -> bool:
        """The last resort: cells that are zero, among sums that are not; whether there were any."""
        zeros = set(self._zeros(keys)) - self.hidden
        self.hidden |= zeros
        return bool(zeros)

    def _zeros(self, keys: list[Key]) -> Iterator[Key]:
        """The cells of a level that are zero and could be something, for all that the levels above show."""
        axes = [sorted({key[axis] for key in keys}) for axis in range(len(keys[0]))]
        for key in product(*axes):
            if key not in self.cells and all(up in self.cells or up in self.hidden for up in parents(key)):
                yield key


def _did(number: int, counts: Counts) -> int:
    return counts[number]


def _did_not(number: int, counts: Counts) -> int:
    return counts[-1] - counts[number]
