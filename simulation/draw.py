"""Counter-based randomness: every number is a hash of (seed, kind of entity, index, purpose, draw).

There is no generator state, so that adding a draw shifts no other, and person *i* is the same whatever the
number of persons (domain-rules.md 7.1). BLAKE2b is used for its speed on short inputs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from math import exp, log
from statistics import NormalDist
from typing import Generic, TypeVar

T = TypeVar("T")

_STEP = 2.0**-53
_inverse_normal = NormalDist().inv_cdf


def standard_normal(uniform: float) -> float:
    """The standard normal quantile of a number in (0, 1): one draw uses one number."""
    return _inverse_normal(uniform)


def logit(p: float) -> float:
    """The log odds of a probability in (0, 1)."""
    return log(p / (1 - p))


def expit(x: float) -> float:
    """The probability with these log odds."""
    return 1 / (1 + exp(-x))


def with_odds(p: float, factor: float) -> float:
    """The probability whose odds are ``factor`` times those of ``p``."""
    return p * factor / (1 - p + p * factor)


def half_up(x: float) -> int:
    """The nearest whole number, halves up; ``x`` ≥ 0."""
    return int(x + 0.5)


class Table(Generic[T]):
    """A discrete distribution: values with weights that need not sum to one."""

    __slots__ = ("_cumulated", "total", "values", "weights")

    def __init__(self, pairs: Sequence[tuple[T, float]]) -> None:
        self.values: tuple[T, ...] = tuple(value for value, _ in pairs)
        self.weights: tuple[float, ...] = tuple(float(weight) for _, weight in pairs)
        self._cumulated = list(accumulate(self.weights))
        self.total = self._cumulated[-1]

    def at(self, uniform: float) -> T:
        """The value at a point of (0, 1) of the cumulative distribution."""
        return self.values[bisect_left(self._cumulated, uniform * self.total)]

    def reweighted(self, factors: Sequence[float]) -> Table[T]:
        """The same values with each weight multiplied by its factor."""
        return Table([(v, w * f) for v, w, f in zip(self.values, self.weights, factors, strict=True)])


class Draws:
    """The numbers of one entity, named by purpose (and by draw, where one purpose needs several)."""

    __slots__ = ("_prefix",)

    def __init__(self, seed: int, kind: str, index: int | str) -> None:
        self._prefix = blake2b(f"{seed}/{kind}/{index}".encode(), digest_size=16).digest()

    def bits(self, purpose: str, draw: int = 0) -> int:
        """A whole number of 64 bits."""
        return int.from_bytes(blake2b(self._prefix + f"{purpose}/{draw}".encode(), digest_size=8).digest(), "big")

    def uniform(self, purpose: str, draw: int = 0) -> float:
        """A number in the open interval (0, 1)."""
        return ((int.from_bytes(blake2b(self._prefix + f"{purpose}/{draw}".encode(), digest_size=8).digest(), "big") >> 11) + 0.5) * _STEP

    def chance(self, p: float, purpose: str, draw: int = 0) -> bool:
        """True with probability ``p``."""
        return self.uniform(purpose, draw) < p

    def below(self, bound: int, purpose: str, draw: int = 0) -> int:
        """A whole number in [0, bound)."""
        return self.bits(purpose, draw) * bound >> 64

    def between(self, low: int, high: int, purpose: str, draw: int = 0) -> int:
        """A whole number in [low, high]."""
        return low + (self.bits(purpose, draw) * (high - low + 1) >> 64)

    def normal(self, purpose: str, draw: int = 0) -> float:
        """A standard normal number."""
        return _inverse_normal(self.uniform(purpose, draw))

    def lognormal(self, median: float, sigma: float, purpose: str, draw: int = 0) -> float:
        """A lognormal number with this median and log standard deviation."""
        return median * exp(sigma * _inverse_normal(self.uniform(purpose, draw)))

    def days(self, median: float, sigma: float, purpose: str, draw: int = 0) -> int:
        """A lognormal delay in whole days, halves up."""
        return int(median * exp(sigma * _inverse_normal(self.uniform(purpose, draw))) + 0.5)

    def pick(self, table: Table[T], purpose: str, draw: int = 0) -> T:
        """A value of a table."""
        return table.at(self.uniform(purpose, draw))

    def key(self, purpose: str, draw: int = 0) -> str:
        """48 hexadecimal digits, to cut several numbers from at the price of one hash."""
        return blake2b(self._prefix + f"{purpose}/{draw}".encode(), digest_size=24).hexdigest()

    def uuid8(self, purpose: str, draw: int = 0) -> str:
        """A UUIDv8 for a business id (RFC 9562 5.8)."""
        return as_uuid8(blake2b(self._prefix + f"{purpose}/{draw}".encode(), digest_size=16).hexdigest())


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def as_uuid8(h: str) -> str:
    """32 hexadecimal digits as a UUIDv8: version and variant overwrite what they need."""
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:]}"


def as_uuid7(milliseconds: int, h: str) -> str:
    """A UUIDv7 at this Unix time; its random part is the first 19 of some hexadecimal digits (RFC 9562 5.7)."""
    t = f"{milliseconds:012x}"
    return f"{t[:8]}-{t[8:]}-7{h[:3]}-{_VARIANT[h[3]]}{h[4:7]}-{h[7:19]}"


def named_uuid8(name: str) -> str:
    """The UUIDv8 of a name, the same for every seed: for things known by name, such as a pilot."""
    return as_uuid8(blake2b(name.encode(), digest_size=16).hexdigest())
