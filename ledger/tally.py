"""Tallies of a clock: how many met their norm, per party, and where a party lies among all that answer for the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ledger.disclosure import small_share
from ledger.funnel import FEWEST, LEAST, Funnel, Unit, Verdict, funnel
from ledger.interval import Interval, wilson
from ledger.renorm import LATE, MET


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Instances that met their norm, of those decided; None when it may not be shown."""

    met: int | None
    decided: int | None
    share: float | None
    interval: Interval | None
    hidden: bool


class PartyTally(msgspec.Struct, frozen=True, kw_only=True):
    """The same for one responsible party."""

    party: str
    org: str | None
    tally: Tally
    place: Verdict | None = None
    """How it lies among all that answer for this clock, in any agreement; None when it is hidden, small or has too few beside it."""


class Spread(msgspec.Struct, frozen=True):
    """Everybody who answers for a clock, as a funnel: around which share, of how many, how much wider than chance."""

    target: float
    compared: int
    phi: float | None


def tally(standings: Sequence[str], *, hidden: bool | None = None) -> Tally:
    """A tally of how instances count."""
    met, late = standings.count(MET), standings.count(LATE)
    decided = met + late
    secret = small_share(met, decided) if hidden is None else hidden
    if secret:
        return Tally(met=None, decided=None, share=None, interval=None, hidden=True)
    return Tally(met=met, decided=decided, share=met / decided if decided else None, interval=wilson(met, decided), hidden=False)


Answering = tuple[str, str | None]
"""Who answers for a clock: a party and, where known, its organisation."""


def compared(everybody: Sequence[PartyTally], parties: Sequence[PartyTally]) -> Mapping[Answering, Unit]:
    """Those who can be compared: shown among all that answer for the clock and among these parties, with enough cases decided."""
    secret = {(one.party, one.org) for one in (*everybody, *parties) if one.tally.hidden}
    units = {(one.party, one.org): Unit(one.tally.met or 0, one.tally.decided or 0) for one in everybody}
    return {who: unit for who, unit in units.items() if who not in secret and unit.bottom >= LEAST}


def around(units: Mapping[Answering, Unit]) -> Funnel | None:
    """The funnel of those who are compared; None when they are too few."""
    return funnel(list(units.values())) if len(units) >= FEWEST else None


def placed(parties: Sequence[PartyTally], found: Funnel | None, units: Mapping[Answering, Unit]) -> tuple[PartyTally, ...]:
    """The parties with their place in a funnel."""
    if found is None:
        return tuple(parties)
    return tuple(
        msgspec.structs.replace(one, place=found.verdict(units[one.party, one.org]) if (one.party, one.org) in units else None)
        for one in parties
    )
