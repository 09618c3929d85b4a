"""Jobs: the first one as the potential outcomes say, the next ones after gaps (domain.md 7.4)."""

from __future__ import annotations

from math import log

from ledger.codes.person import BenefitStatus
from ledger.codes.pilot import PilotTheme
from ledger.codes.work import JobContractKind, JobEvidence, LevelMatch
from ledger.events.work import EmploymentEnded, EmploymentStarted
from simulation import marginals
from simulation.draw import expit, logit
from simulation.life import NEVER, Chance, Job, Life
from simulation.moment import working_day
from simulation.organisations import EMPLOYERS, Source, employer_kbo, ocmw_of


def decide(life: Life) -> None:
    """Fix the jobs. Extra jobs of a pilot count only after the enrolment, so that no effect precedes exposure."""
    potential, p = life.potential, life.parameters.pilots
    if potential is None:
        return
    sector = _after(life.chance(PilotTheme.SECTOR_TRAJECTORY))
    advanced = _after(life.chance(PilotTheme.VERVOLGTRAJECT))
    potential.sector = _first(potential.u, potential.p, potential.at, [(sector, p.sector_effect)])
    potential.advanced = _first(potential.u, potential.p, potential.at, [(advanced, p.advanced_effect)])
    potential.actual = _first(
        potential.u,
        potential.p,
        potential.at,
        [
            (life.takes_part(PilotTheme.SECTOR_TRAJECTORY), p.sector_effect),
            (life.takes_part(PilotTheme.VERVOLGTRAJECT), p.advanced_effect),
        ],
    )
    life.jobs += chain(life, potential.actual)


def chain(life: Life, first: int) -> list[Job]:
    """The jobs that follow when the first one begins on a day: the same for the same day, whatever else happens."""
    jobs: list[Job] = []
    day = first
    for n in range(life.parameters.work.jobs_at_most):
        if day > life.last_day or day > life.gone:
            break
        job = _job(life, day, n)
        jobs.append(job)
        if job.last == NEVER:
            break
        gap = life.draws.days(life.parameters.work.gap.median, life.parameters.work.gap.sigma, "job.gap", n)
        day = working_day(job.last + max(1, gap))
    return jobs


def first_job(life: Life, effects: list[tuple[int, float]]) -> int:
    """The day of the first job if these pilots (day of enrolment, odds) and no others had been: the same person, other circumstances."""
    potential = life.potential
    return NEVER if potential is None else _first(potential.u, potential.p, potential.at, effects)


def _after(chance: Chance | None) -> int:
    return NEVER if chance is None else chance.enrolled


def _first(u: float, p: float, at: int, effects: list[tuple[int, float]]) -> int:
    """The day of the first job when these effects apply, each after its enrolment day."""
    if u < p:
        return at
    odds = 0.0
    for enrolled, effect in effects:
        if at > enrolled:
            odds += log(effect)
    return at if odds and u < expit(logit(p) + odds) else NEVER


def _kind(life: Life, n: int) -> JobContractKind:
    leefloon = life.person.benefit is BenefitStatus.LEEFLOON
    return life.draws.pick(marginals.JOB_KIND_LEEFLOON if leefloon and n == 0 else marginals.JOB_KIND, "job.kind", n)


def _job(life: Life, first: int, n: int) -> Job:
    w, draws = life.parameters.work, life.draws
    kind = _kind(life, n)
    delay = w.length_indefinite if kind is JobContractKind.INDEFINITE else w.length
    last = first + max(1, draws.days(delay.median, delay.sigma, "job.length", n))
    if kind is JobContractKind.ART60:
        last = first + draws.between(180, 540, "job.length", n)
    source: Source = life.service_on(first)
    if kind is JobContractKind.ART60:
        source = ocmw_of(life.place_on(first).region)
    elif not draws.chance(w.dimona, "job.dimona", n) and life.open_on(first):
        source = life.agency_on(first)
    return Job(draws.uuid8("job", n), source, first, last, kind)


def tell(life: Life) -> None:
    """The facts of the jobs."""
    w, draws, person = life.parameters.work, life.draws, life.person
    for n, job in enumerate(life.jobs):
        agency = job.source is life.agency_on(job.first)
        preferred = draws.chance(0.45, "job.preferred", n)
        sector = person.sectors[0] if preferred else draws.pick(marginals.SECTOR, "job.sector", n)
        match = LevelMatch.UNKNOWN
        if draws.chance(0.8, "job.match.known", n):
            match = LevelMatch.MATCH if not person.higher or draws.chance(0.3, "job.match", n) else LevelMatch.BELOW
        employer = None
        if not agency and job.kind is not JobContractKind.SELF_EMPLOYED:
            employer = employer_kbo(draws.below(EMPLOYERS, "job.employer", n))
        start = EmploymentStarted(
            job_id=job.job_id,
            contract_kind=job.kind,
            evidence=JobEvidence.SELF_REPORT if agency else JobEvidence.DIMONA,
            fte_bp=draws.pick(marginals.FULL_TIME, "job.fte", n),
            sector=sector,
            employer_ref=employer,
            level_match=match,
        )
        life.add(job.source, start, job.first)
        if agency and draws.chance(w.confirmed, "job.confirmed", n):
            confirmed = EmploymentStarted(
                job_id=job.job_id,
                contract_kind=job.kind,
                evidence=JobEvidence.DIMONA,
                fte_bp=start.fte_bp,
                sector=sector,
                employer_ref=employer_kbo(draws.below(EMPLOYERS, "job.employer", n)),
                level_match=match,
            )
            life.add(life.service_on(job.first), confirmed, job.first)
        if job.last < NEVER and job.last <= life.gone:
            reason = draws.pick(marginals.JOB_END, "job.end", n)
            life.add(job.source, EmploymentEnded(job_id=job.job_id, reason=reason), job.last)
