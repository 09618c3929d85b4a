"""One pilot compared: what came out of every method of its plan (evaluation.md 6.4).

It is exact; :mod:`ledger.sheet` says what of it may be shown. :mod:`ledger.comparing` makes it.
"""

from __future__ import annotations

from enum import Enum

import msgspec

from ledger.balance import Balance
from ledger.difference import Staggered
from ledger.incidence import Difference
from ledger.interval import Interval
from ledger.monthly import Interruption
from ledger.plan import Design, Outcome, Plan
from ledger.sensitivity import EValue
from ledger.series import Change
from ledger.verdict import Message


class Claim(Enum):
    """What may be said of a comparison (6.4.3). What it may never be called stands nowhere."""

    PLAUSIBLE = ("een effect is aannemelijk", "an effect is plausible")
    INDICATIVE = ("indicatief: te weinig personen voor meer", "indicative: too few persons for more")
    NO_DIFFERENCE = ("geen verschil aangetoond", "no difference shown")
    SHIFTED = ("na de start verschoof de reeks; waardoor, staat niet vast", "the series shifted after the start; why is not established")
    UNKNOWN_CAUSE = ("er is een verschil; de oorzaak is niet vast te stellen", "there is a difference; its cause cannot be established")
    DESCRIPTIVE = ("beschrijvend: geen vergelijking", "descriptive: no comparison")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison of shares."""

    outcome: Outcome
    design: Design
    found: Difference
    unmatched: float


class Matched(msgspec.Struct, frozen=True, kw_only=True):
    """A matching with its estimate and balance."""

    estimate: Estimate
    balance: Balance


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison within a group, or without one: what group, how many offered persons, the difference."""

    name: str
    n: int
    found: Difference | None
    value: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was compared for one pilot."""

    plan: Plan
    offered: int
    """Offered a place, whoever they are."""
    fitting: int
    """Of these, in the plan's population and at risk on that day."""
    immature: int
    """Of these, whose time was not over by the last closed quarter."""
    several: int
    """Of those whose time is over: who had been offered another pilot before."""
    m1: Matched | None
    m2: Matched | None
    main: Design | None
    """The method that the conclusion rests on: M1 when its balance passes, else M2 when its does, else the one with more matched."""
    secondary: tuple[Estimate, ...]
    equity: tuple[Part, ...]
    placebos: tuple[Part, ...]
    without: tuple[Part, ...]
    landmarks: tuple[Part, ...]
    coverage: tuple[float, float] | None
    bounds: tuple[float, float] | None
    e_value: EValue | None
    visible: float | None
    staggered: Staggered | None
    series: tuple[Interruption, ...]
    """M4: the series that decides first; empty when it is not planned or did not begin everywhere at once."""
    claim: Claim

    @property
    def chosen(self) -> Matched | None:
        """The matching that the conclusion rests on."""
        return self.m1 if self.main is Design.M1 else self.m2

    @property
    def shift(self) -> Change | None:
        """The jump of the series that decides."""
        first = self.series[0].found if self.series else None
        return first.level if first is not None else None

    @property
    def same_sign(self) -> bool | None:
        """Whether both matchings point the same way; None when there are not two."""
        if self.m1 is None or self.m2 is None:
            return None
        return self.m1.estimate.found.value * self.m2.estimate.found.value > 0


def contains_zero(interval: Interval | None) -> bool | None:
    """Whether an interval holds no difference; None without one."""
    return None if interval is None else interval.low <= 0 <= interval.high
