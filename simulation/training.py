"""Trainings, from their start to their end."""

from __future__ import annotations

from ledger.codes.course import Cefr
from ledger.codes.sector import Sector
from ledger.codes.work import TrainingKind, TrainingOutcome
from ledger.events.work import TrainingEnded, TrainingStarted
from simulation import marginals
from simulation.draw import with_odds
from simulation.life import NEVER, Life
from simulation.moment import as_date, working_day
from simulation.organisations import TRAINER_A, TRAINER_B, Source

_LOW_ORAL = (Cefr.PRE_A1, Cefr.A1)


def tell(life: Life) -> None:
    """The training of a registered jobseeker, if there is one. Jobs must be known: they stop it."""
    if life.registered == NEVER:
        return
    m, draws, person = life.parameters.mediation, life.draws, life.person
    low = person.oral in _LOW_ORAL
    day = life.reached(m.training, "training", life.registered, p=with_odds(m.training.p, 1.0 if low else m.training_oral_odds))
    if day > life.gone or day > life.last_day or life.employed_on(day):
        return
    sector = person.sectors[0] if draws.chance(0.6, "training.preferred") else draws.pick(marginals.SECTOR, "training.sector")
    weeks = draws.between(12, 26, "training.weeks")
    kind = TrainingKind.INTEGRATED_LANGUAGE_VOCATIONAL if low and draws.chance(0.4, "training.language") else TrainingKind.VOCATIONAL
    source = life.service if draws.chance(0.6, "training.source") else TRAINER_A if draws.chance(0.5, "training.trainer") else TRAINER_B
    train(life, source, draws.uuid8("training"), kind, sector, day, weeks, "training")


def train(
    life: Life,
    source: Source,
    training_id: str,
    kind: TrainingKind,
    sector: Sector,
    day: int,
    weeks: int,
    purpose: str,
    deficit: str | None = None,
) -> None:
    """A training from its start to its end; a job on the way stops it."""
    draws = life.draws
    level = (None, Cefr.A1, Cefr.A2, Cefr.B1)[draws.below(4, f"{purpose}.oral")]
    planned = working_day(day + 7 * weeks)
    life.add(
        source,
        TrainingStarted(
            training_id=training_id,
            training_kind=kind,
            sector=sector,
            planned_end=as_date(planned),
            min_dutch_oral=level,
            remedies_deficit=deficit,
        ),
        day,
    )
    u = draws.uniform(f"{purpose}.outcome")
    outcome = TrainingOutcome.COMPLETED if u < 0.72 else TrainingOutcome.STOPPED_OTHER if u < 0.88 else TrainingOutcome.FAILED
    if 0.82 < u < 0.88:
        outcome = TrainingOutcome.STOPPED_LANGUAGE
    ended = planned if outcome in (TrainingOutcome.COMPLETED, TrainingOutcome.FAILED) else working_day(day + (7 * weeks) // 2)
    job = min((job.first for job in life.jobs if day < job.first < ended), default=NEVER)
    if job < NEVER:
        ended, outcome = job, TrainingOutcome.STOPPED_JOB
    if ended <= life.gone:
        life.add(source, TrainingEnded(training_id=training_id, outcome=outcome), ended)
