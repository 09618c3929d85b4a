"""A whole life, person by person: decide the milestones in order of cause, then tell the facts."""

from __future__ import annotations

from ledger.codes.person import WorkStatus
from simulation import course, mediation, pilots, trajectory, work
from simulation.fact import Fact
from simulation.life import Life
from simulation.parameters import Parameters
from simulation.person import Person

_AT_WORK = frozenset({WorkStatus.EMPLOYED, WorkStatus.SELF_EMPLOYED})


def live(person: Person, parameters: Parameters) -> Life:
    """The life of a person, its facts in the order in which they happened."""
    life = Life(person, parameters)
    trajectory.decide(life)
    mediation.decide(life)
    if person.status not in _AT_WORK:
        life.potential = pilots.potential(life)
    _lotteries(life)
    work.decide(life)

    trajectory.tell(life)
    course.tell(life)
    pilots.tell(life)
    work.tell(life)
    mediation.tell(life)
    life.facts.sort(key=_order)
    return life


def _order(fact: Fact) -> tuple[int, int, str]:
    return fact.day, fact.second, fact.key


def _lotteries(life: Life) -> None:
    """Who is eligible for which pilot: the career pilot for all, the others for who has no job yet."""
    p = life.parameters.pilots
    pilots.lottery(life, pilots.CAREER, p.career_offer, life.start)
