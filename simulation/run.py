"""The simulator's face: write a population's events to a file, or give them as a stream."""

from __future__ import annotations

from collections.abc import Iterator

from simulation import editions, employers, policy
from simulation.delivery import Delivery, plain
from simulation.offers import Catalogue
from simulation.parameters import DEFAULT, Parameters
from simulation.person import Person
from simulation.population import live


def stream(people: int, seed: int, parameters: Parameters = DEFAULT) -> Iterator[bytes]:
    delivery = Delivery(seed, parameters.period.end, None, lambda source, day: False)
    catalogue = Catalogue(seed, parameters)
    used = {}
    for index in range(people):
        life = live(seed, Person(seed, index, parameters), parameters, catalogue)
        for fact in life.facts:
            delivery.put(plain(fact))
        for _, chosen in life.enrolments:
            used[chosen.edition_id] = chosen

    for things in (
        policy.tell(seed, people, parameters),
        catalogue.facts(people),
        employers.employers(seed, people, parameters),
        employers.signals(seed, people, parameters),
        editions.facts(seed, used.values(), parameters, catalogue),
    ):
        for fact in things:
            delivery.put(plain(fact))
    yield from delivery.lines()
    delivery.close()
