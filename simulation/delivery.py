"""From sendings to lines: number them per source in order of sending, then put them in order of arrival.

Both orders come from buckets of one local month each, so that memory holds a month, not the whole history.
The sources' monthly totals (feed.reconciled) are made here, where the numbers are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from ledger.catalogue import type_of
from ledger.codes.roles import Role
from ledger.events.publisher import FeedReconciled
from simulation.draw import Draws, half_up
from simulation.fact import Fact
from simulation.moment import HOUR, as_date, day_text, first_of_month, local_day
from simulation.organisations import SOURCES, Source
from simulation.spill import Spill
from simulation.wire import SOURCE_URNS, Submission, line, submission


class Arrival(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line and the order it takes."""

    moment: int
    urn: str
    sequence: int
    line: bytes


def month_of(moment: int) -> int:
    """The local month of a moment, counted from year 0."""
    day = as_date(local_day(moment))
    return day.year * 12 + day.month - 1


class Delivery:
    """Takes sendings in any order; gives lines in order of arrival, then source, then sequence."""

    def __init__(self, seed: int, last_day: int, directory: Path | None, gap: Callable[[Source, int], int]) -> None:
        self._seed = seed
        self._last_day = last_day
        self._gap = gap
        """What befalls a source's numbering on a day: 0 nothing, -1 a number is lost, else how many seconds heal it."""
        self._sent: Spill[Submission] = Spill(Submission, directory)
        self._arrived: Spill[Arrival] = Spill(Arrival, directory)
        self._sequence = [0] * len(SOURCES)
        self._day = [0] * len(SOURCES)
        self._delay = [0] * len(SOURCES)
        """Seconds by which the first movable sending of the day is to arrive later."""
        self._counts: list[Counter[str]] = [Counter() for _ in SOURCES]
        self._persons: list[set[str]] = [set() for _ in SOURCES]
        self.reconciled = 0
        """Monthly totals sent; each is one more good event."""
        self.burnt: list[tuple[str, int]] = []
        """Sequence numbers that no event carries: source and number."""
        self.healed: list[tuple[str, int]] = []
        """Sequence numbers that arrived hours after their successors."""

    def put(self, sending: Submission) -> None:
        """Take one sending."""
        self._sent.put(month_of(sending.sent), sending)

    def lines(self) -> Iterator[bytes]:
        """All lines. Consumes what was put."""
        months = list(self._sent.buckets())
        if not months:
            return
        for month in range(months[0], months[-1] + 1):
            sendings = self._sent.take(month)
            sendings.extend(self._reconcile(month))
            sendings.sort(key=_sending_order)
            for sending in sendings:
                self._number(sending)
            yield from self._arrivals(month)
        for month in list(self._arrived.buckets()):
            yield from self._arrivals(month)

    def close(self) -> None:
        """Remove what was written to disk."""
        self._sent.close()
        self._arrived.close()

    def _number(self, sending: Submission) -> None:
        number = sending.source
        day = local_day(sending.sent)
        if day != self._day[number]:
            self._day[number] = day
            gap = self._gap(SOURCES[number], day)
            if gap < 0:
                self._sequence[number] += 1
                self.burnt.append((SOURCE_URNS[number], self._sequence[number]))
            self._delay[number] = max(0, gap)
        sequence = self._sequence[number] = self._sequence[number] + 1
        arrivals = sending.arrivals
        if sending.movable and self._delay[number]:
            arrivals = tuple(arrival + self._delay[number] for arrival in arrivals)
            self._delay[number] = 0
            self.healed.append((SOURCE_URNS[number], sequence))
        if sending.counted and sending.type != _TOTALS:
            self._counts[number][sending.type] += 1
            if sending.subject.startswith("insz/"):
                self._persons[number].add(sending.subject)
        for arrival in arrivals:
            self._arrived.put(month_of(arrival), Arrival(arrival, SOURCE_URNS[number], sequence, line(arrival, sequence, sending)))

    def _arrivals(self, month: int) -> Iterator[bytes]:
        arrivals = self._arrived.take(month)
        arrivals.sort(key=_arrival_order)
        for arrival in arrivals:
            yield arrival.line

    def _reconcile(self, month: int) -> Iterator[Submission]:
        """The totals of the month before, sent on the fifth."""
        period = day_text(first_of_month((month - 1) // 12, (month - 1) % 12 + 1))[:7]
        for source in SOURCES:
            counts, persons = self._counts[source.number], self._persons[source.number]
            self._counts[source.number], self._persons[source.number] = Counter(), set()
            day = first_of_month(month // 12, month % 12 + 1) + RECONCILED_DAY - 1 + _SECOND_SYSTEM.get(source.number, 0)
            if not counts or day > self._last_day or source.role is Role.EVALUATOR:
                continue
            asked = answered = None
            if source.role in ASKED_SHARE:
                answered = len(persons)
                asked = half_up(answered / ASKED_SHARE[source.role])
            payload = FeedReconciled(
                period=period,
                counts={name: counts[name] for name in sorted(counts)},
                last_sequence=self._sequence[source.number],
                asked=asked,
                answered=answered,
            )
            fact = Fact(payload, source, day, Draws(self._seed, "reconciled", source.number).key(period), f"bron/{source.kbo}")
            self.reconciled += 1
            yield plain(fact)


RECONCILED_DAY = 5
_TOTALS = type_of(FeedReconciled).name
"""The totals do not count themselves."""
ASKED_SHARE = {Role.VDAB: 0.93, Role.ACTIRIS: 0.81, Role.OCMW: 0.74}
"""[A] Share of the persons asked about on whom the service answered in the month."""


def _second_systems() -> dict[int, int]:
    """An organisation's second system reconciles a day later, so that two totals of one month are no duplicate fact."""
    seen: Counter[str] = Counter()
    later = {}
    for source in SOURCES:
        if seen[source.kbo]:
            later[source.number] = seen[source.kbo]
        seen[source.kbo] += 1
    return later


_SECOND_SYSTEM = _second_systems()


def _sending_order(sending: Submission) -> tuple[int, str, bool]:
    return sending.sent, sending.id, not sending.counted


def _arrival_order(arrival: Arrival) -> tuple[int, str, int]:
    return arrival.moment, arrival.urn, arrival.sequence


PROMPT = HOUR
"""Without faults everything arrives an hour after it was recorded."""


def plain(fact: Fact) -> Submission:
    """The one sending of a fact when nothing goes wrong."""
    return submission(
        fact.payload,
        fact.source,
        fact.subject,
        fact.event_id(fact.recorded),
        day=fact.day,
        second=fact.second,
        precise=fact.precise,
        recorded=fact.recorded,
        sent=fact.recorded,
        arrivals=(fact.recorded + PROMPT,),
    )
