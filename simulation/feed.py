"""How facts reach the ledger: plainly, each once and in order, or through faulty feeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from simulation.delivery import plain
from simulation.fact import Fact
from simulation.faults import PROFILES, FaultProfile
from simulation.faulty import FaultyFeed
from simulation.kin import Kin, used_numbers
from simulation.life import Life
from simulation.organisations import Source
from simulation.parameters import Parameters
from simulation.post import Post
from simulation.truth import Told, Totals, effective
from simulation.wire import Submission


class Feed(Protocol):
    """Takes facts, sends events."""

    def person(self, life: Life) -> tuple[Told, Kin]:
        """Send the facts of a person; tells what came of them."""
        ...

    def thing(self, facts: list[Fact]) -> Told:
        """Send the facts of a stream that is no person."""
        ...

    def gap(self, source: Source, day: int) -> int:
        """What befalls a source's numbering on a day (see :class:`~simulation.delivery.Delivery`)."""
        ...


class PlainFeed:
    """Everything is sent once, in order, and arrives an hour after it was recorded."""

    def __init__(self, send: Callable[[Submission], None], totals: Totals, *, keep: bool) -> None:
        self._send = send
        self._totals = totals
        self._keep = keep

    def person(self, life: Life) -> tuple[Told, Kin]:
        """Send the facts of a person."""
        return self.thing(life.facts), Kin(used_numbers(life), None)

    def thing(self, facts: list[Fact]) -> Told:
        """Send the facts of a stream."""
        told = Told()
        for fact in facts:
            self._send(plain(fact))
            if self._keep:
                told.effective.append(effective(fact.payload, fact.source, fact.event_id(fact.recorded), fact.day))
        self._totals.good += len(facts)
        return told

    def gap(self, source: Source, day: int) -> int:
        """Nothing befalls the numbering."""
        return 0


def feed_for(
    profile: FaultProfile, seed: int, parameters: Parameters, send: Callable[[Submission], None], totals: Totals, *, keep: bool
) -> Feed:
    """The feed of a profile; ``keep`` says whether to note the truth."""
    faults = PROFILES[profile]
    if faults is None:
        return PlainFeed(send, totals, keep=keep)
    return FaultyFeed(Post(seed, parameters, faults, send, totals, keep=keep))
