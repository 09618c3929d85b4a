"""Civic orientation courses, trainings, and the oral Dutch that a person shows."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.codes.course import GOAL_EVIDENCE, Cefr
from ledger.codes.language import LanguageCode
from ledger.events.course import LanguageLevelAttained, MoCourseEnded, MoCourseStarted
from ledger.events.work import TrainingEnded, TrainingStarted
from ledger.history import Fact
from ledger.subject import Subject


class MoCourse(msgspec.Struct, frozen=True, gc=False):
    """One mo_id: [start, end or the as-of date], both days included."""

    mo_id: str
    started: Fact[MoCourseStarted]
    ended: Fact[MoCourseEnded] | None

    @property
    def begins(self) -> date:
        return self.started.date

    @property
    def last_day(self) -> date | None:
        return None if self.ended is None else self.ended.date

    @property
    def expected_end(self) -> date:
        """The day it ended, else the day that was planned."""
        return self.started.payload.planned_end if self.ended is None else self.ended.date


def courses_of(subject: Subject) -> tuple[MoCourse, ...]:
    """The MO courses in order of their start. An end without a start is no course (F02)."""
    ends: dict[str, Fact[MoCourseEnded]] = {}
    for ended in subject.history.of(MoCourseEnded):
        ends.setdefault(ended.payload.mo_id, ended)
    started: dict[str, Fact[MoCourseStarted]] = {}
    for fact in subject.history.of(MoCourseStarted):
        started.setdefault(fact.payload.mo_id, fact)
    return tuple(MoCourse(mo_id, fact, ends.get(mo_id)) for mo_id, fact in started.items())


class Training(msgspec.Struct, frozen=True, gc=False):
    """One training_id."""

    training_id: str
    started: Fact[TrainingStarted]
    ended: Fact[TrainingEnded] | None


def trainings_of(subject: Subject) -> tuple[Training, ...]:
    """The trainings in order of their start."""
    ends: dict[str, Fact[TrainingEnded]] = {}
    for ended in subject.history.of(TrainingEnded):
        ends.setdefault(ended.payload.training_id, ended)
    started: dict[str, Fact[TrainingStarted]] = {}
    for fact in subject.history.of(TrainingStarted):
        started.setdefault(fact.payload.training_id, fact)
    return tuple(Training(training_id, fact, ends.get(training_id)) for training_id, fact in started.items())


def oral_steps_of(subject: Subject) -> tuple[tuple[date, Cefr], ...]:
    """The days on which the best oral Dutch so far rose, with the level from then on; a screening proves nothing."""
    steps: list[tuple[date, Cefr]] = []
    for fact in subject.history.of(LanguageLevelAttained):
        attained = fact.payload
        if attained.language is not LanguageCode.NL or attained.evidence not in GOAL_EVIDENCE:
            continue
        oral = attained.levels.oral
        if oral is not None and (not steps or oral.rank > steps[-1][1].rank):
            steps.append((fact.date, oral))
    return tuple(steps)


def oral_on(subject: Subject, day: date) -> Cefr:
    """The best oral level of Dutch on a day; ``pre_a1`` when none is known."""
    best = Cefr.PRE_A1
    for since, level in subject.memo(oral_steps_of):
        if since > day:
            break
        best = level
    return best
