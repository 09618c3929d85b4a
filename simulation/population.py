"""A whole life, person by person: decide the milestones in order of cause, then tell the facts."""

from __future__ import annotations

from ledger.codes.person import WorkStatus
from simulation import (
    course,
    editions,
    guidance,
    intake,
    mediation,
    offers,
    pilots,
    recognition,
    referral,
    training,
    trajectory,
    work,
)
from simulation.fact import Fact
from simulation.life import NEVER, Life
from simulation.offers import Catalogue
from simulation.parameters import Parameters
from simulation.person import Person

_AT_WORK = frozenset({WorkStatus.EMPLOYED, WorkStatus.SELF_EMPLOYED})


def live(seed: int, person: Person, parameters: Parameters, catalogue: Catalogue) -> Life:
    """The life of a person, its facts in the order in which they happened."""
    life = Life(person, parameters)
    trajectory.decide(life)
    mediation.decide(life)
    if person.status not in _AT_WORK:
        life.potential = pilots.potential(life)
    _lotteries(life)
    work.decide(life)
    editions.decide(life, seed)

    trajectory.tell(life)
    intake.tell(life)
    course.tell(life)
    pilots.tell(life)
    work.tell(life)
    referral.tell(life)
    mediation.tell(life)
    training.tell(life)
    guidance.tell(life)
    offers.recommend(life, catalogue)
    editions.take_part(life)
    recognition.tell(life)
    life.facts.sort(key=_order)
    return life


def _order(fact: Fact) -> tuple[int, int, str]:
    return fact.day, fact.second, fact.key


def _lotteries(life: Life) -> None:
    """Who is eligible for which pilot. But for the career pilot nobody is who already has a job on that day."""
    p, person = life.parameters.pilots, life.person
    pilots.lottery(life, pilots.CAREER, p.career_offer, life.start)
    if life.potential is None:
        return
    without = life.potential.nothing
    if life.mo_start < NEVER:
        pilots.lottery(life, pilots.SECTOR, p.sector_enrolment, life.start, jobless_until=without)
    if life.attest < NEVER:
        pilots.lottery(life, pilots.ADVANCED, p.advanced_enrolment, life.attest, jobless_until=without)
    if person.nug and life.registered < NEVER:
        pilots.lottery(life, pilots.GROUP, p.group_enrolment, max(life.registered, life.start), jobless_until=without)
    if not person.higher and life.draws.chance(life.parameters.recognition.evc_candidate, "evc.candidate"):
        pilots.lottery(life, pilots.EVC, p.evc_enrolment, life.start)
