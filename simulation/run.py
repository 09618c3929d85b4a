"""The simulator's face: write a population's events to a file, or give them as a stream."""

from __future__ import annotations

from collections.abc import Iterator

from simulation.delivery import Delivery, plain
from simulation.parameters import DEFAULT, Parameters
from simulation.person import Person
from simulation.population import live


def stream(people: int, seed: int, parameters: Parameters = DEFAULT) -> Iterator[bytes]:
    delivery = Delivery(seed, parameters.period.end, None, lambda source, day: False)
    for index in range(people):
        for fact in live(Person(seed, index, parameters), parameters).facts:
            delivery.put(plain(fact))
    yield from delivery.lines()
    delivery.close()
