"""Intervals of 95 % around shares, rates and ratios (evaluation.md 6.1.3).

They describe a stable process with chance, not a draw from a list: registration is complete.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
TAIL = 0.025
CLUSTERS = 10
"""With fewer contributors a ratio has no interval."""


class Interval(NamedTuple):
    """A lower and an upper limit."""

    low: float
    high: float


def wilson(x: int, n: int) -> Interval | None:
    """The score interval of a share x of n; None when there is nothing to share."""
    if n <= 0:
        return None
    p, z2 = x / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(0.0 if x == 0 else max(0.0, centre - half), 1.0 if x == n else min(1.0, centre + half))


def newcombe(x1: int, n1: int, x2: int, n2: int) -> Interval | None:
    """The hybrid score interval (Newcombe's method 10) of the difference x1/n1 − x2/n2; None when either has nothing to share."""
    first, second = wilson(x1, n1), wilson(x2, n2)
    if first is None or second is None:
        return None
    p1, p2 = x1 / n1, x2 / n2
    return Interval(
        p1 - p2 - math.hypot(p1 - first.low, second.high - p2),
        p1 - p2 + math.hypot(first.high - p1, p2 - second.low),
    )


def garwood(x: int, exposure: float) -> Interval | None:
    """The exact Poisson interval of a rate of x events over an exposure; None without exposure."""
    if exposure <= 0:
        return None
    low = 0.0 if x == 0 else _solve(lambda mean: 1 - _poisson_cdf(x - 1, mean) - TAIL, x)
    high = _solve(lambda mean: TAIL - _poisson_cdf(x, mean), x + 1)
    return Interval(low / exposure, high / exposure)


class Sums(NamedTuple):
    """What contributors (persons, employers) add up to: how many they are, their tops y and bottoms x, squares and products."""

    n: int
    y: int
    x: int
    yy: int
    xy: int
    xx: int


def ratio(sums: Sums) -> Interval | None:
    """The interval of a ratio of sums y / x, by linearisation; None for fewer than ten contributors or nothing below the line.

    Each contributor is one cluster, whatever it contributes.
    """
    if sums.n < CLUSTERS or sums.x <= 0:
        return None
    value = sums.y / sums.x
    squares = max(0.0, sums.yy - 2 * value * sums.xy + value * value * sums.xx)
    half = Z * math.sqrt(squares * sums.n / (sums.n - 1)) / sums.x
    return Interval(max(0.0, value - half), value + half)


def _solve(rising: Callable[[float], float], near: float) -> float:
    """The zero of a rising function of a Poisson mean, looked for around a count."""
    low, high = 0.0, near + 10 * math.sqrt(near) + 10
    for _ in range(200):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2


def _poisson_cdf(k: int, mean: float) -> float:
    """P(X ≤ k), the regularised upper incomplete gamma function Q(k + 1, mean): by series below the mean, by fraction above."""
    if k < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    a = k + 1.0
    scale = math.exp(a * math.log(mean) - mean - math.lgamma(a))
    if mean < a + 1:
        term = total = 1 / a
        step = a
        while abs(term) > 1e-17 * abs(total):
            step += 1
            term *= mean / step
            total += term
        return 1 - scale * total
    tiny = 1e-300
    b = mean + 1 - a
    c, d = 1 / tiny, 1 / b
    h = d
    for i in range(1, 100_000):
        an = -i * (i - a)
        b += 2
        d = an * d + b
        d = 1 / (d if abs(d) > tiny else tiny)
        c = b + an / c
        c = c if abs(c) > tiny else tiny
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return scale * h
