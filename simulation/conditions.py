"""The state of the feeds over time: outages, broken versions, machines that run ahead, when things arrive.

Everything is a function of the source and the moment, so that persons can be simulated one by one.
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp

from simulation.draw import Draws, standard_normal
from simulation.faults import Faults
from simulation.moment import DAY, HOUR, MINUTE, as_date, first_of_month, instant, local_day_second, weekday, working_day
from simulation.organisations import SOURCES, Source
from simulation.parameters import Period

Windows = list[tuple[int, int]]
MACHINES = 100
"""Each source has so many machines."""


class Conditions:
    """The conditions of all feeds under one profile."""

    def __init__(self, seed: int, faults: Faults, period: Period) -> None:
        self.faults = faults
        self._seed = seed
        self._first_year = as_date(period.start).year
        self._last_year = as_date(period.end).year
        self.limit = instant(period.last_arrival, 0)
        """Everything arrives by then."""
        self.outages: list[Windows] = [self._outages(source) for source in SOURCES]
        self._ends: list[list[int]] = [[begin for begin, _ in windows] for windows in self.outages]
        self.breaks: dict[int, Windows] = {source.number: self._breaks(source) for source in faults.schema_breaks}
        self._fast = int(MACHINES * faults.fast_machines + 0.5)
        self._fast_weeks: list[frozenset[int]] = [self._weeks(source) for source in SOURCES]

    def _outages(self, source: Source) -> Windows:
        f, windows = self.faults, list[tuple[int, int]]()
        for year in range(self._first_year, self._last_year + 1):
            draws = Draws(self._seed, "outage", f"{source.number}/{year}")
            begin, after = (instant(first_of_month(y, 1), 0) for y in (year, year + 1))
            for n in range(_poisson(f.outages, draws.uniform("count"))):
                start = begin + draws.below(after - begin, "start", n)
                length = int(draws.lognormal(f.outage_length.median, f.outage_length.sigma, "length", n) * DAY)
                windows.append((start, start + max(HOUR, length)))
        return _united(windows)

    def _breaks(self, source: Source) -> Windows:
        windows = list[tuple[int, int]]()
        for year in range(self._first_year + 1, self._last_year + 1):
            draws = Draws(self._seed, "schema", f"{source.number}/{year}")
            day = working_day(first_of_month(year, 1) + draws.below(175, "day"))
            start = instant(day, (9 if self.faults.schema_break_hours < 10 else 0) * HOUR)
            windows.append((start, start + self.faults.schema_break_hours * HOUR))
        return windows

    def _weeks(self, source: Source) -> frozenset[int]:
        """The weeks, as ordinals of their Mondays, in which a source's fast machines run ahead."""
        weeks = []
        for year in range(self._first_year, self._last_year + 1):
            day = first_of_month(year, 1) + Draws(self._seed, "fast", f"{source.number}/{year}").below(360, "week")
            weeks.append(day - weekday(day))
        return frozenset(weeks)

    def runs_ahead(self, source: Source, day: int, machine: int) -> bool:
        """Whether a source's machine (0…99) runs ahead on a day."""
        return machine < self._fast and day - weekday(day) in self._fast_weeks[source.number]

    def broken(self, source: Source, arrival: int) -> int:
        """The end of the schema break in which an arrival falls, or 0."""
        for begin, end in self.breaks.get(source.number, ()):
            if begin <= arrival < end:
                return end
        return 0

    def through_outage(self, source: Source, arrival: int, ordered: float, place: float) -> int:
        """When an arrival gets through: after an outage in the catch-up, in order or at a random place in it."""
        windows, begins = self.outages[source.number], self._ends[source.number]
        for _ in range(4):
            n = bisect_right(begins, arrival) - 1
            if n < 0 or arrival >= windows[n][1]:
                return arrival
            begin, end = windows[n]
            if ordered < self.faults.outage_ordered:
                place = (arrival - begin) / (end - begin)
            arrival = end + int(self.faults.catch_up_hours * HOUR * place)
        return arrival

    def natural(self, recorded: int, shape: float, length: float) -> tuple[int, bool]:
        """When something recorded arrives if its source is up, and whether that is late (more than 48 hours)."""
        f = self.faults
        if shape < f.late:
            days = _lognormal(f.late_delay.median, f.late_delay.sigma, length)
            return recorded + 2 * DAY + int(days * DAY), True
        if shape < f.late + f.very_late:
            days = _lognormal(f.very_late_delay.median, f.very_late_delay.sigma, length)
            return recorded + 2 * DAY + int(days * DAY), True
        if shape < f.late + f.very_late + f.prompt * (1 - f.late - f.very_late):
            return recorded + 5 + min(HOUR, int(_lognormal(20, 1.0, length))), False
        day, second = local_day_second(recorded)
        night = instant(day + (1 if second >= HOUR else 0), 2 * HOUR)
        return max(recorded + MINUTE, night + int(length * HOUR)), False

    def within(self, sent: int, arrival: int, place: float) -> int:
        """The arrival, or for what would come after the limit a moment between sending and limit."""
        if arrival <= self.limit:
            return arrival
        return sent + 1 + int(place * max(1, self.limit - sent - 1))


def _lognormal(median: float, sigma: float, uniform: float) -> float:
    return median * exp(sigma * standard_normal(uniform))


def _poisson(mean: float, uniform: float) -> int:
    n, term = 0, exp(-mean)
    total = term
    while uniform > total and n < 200:
        n += 1
        term *= mean / n
        total += term
    return n


def _united(windows: Windows) -> Windows:
    united: Windows = []
    for begin, end in sorted(windows):
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((begin, end))
    return united
