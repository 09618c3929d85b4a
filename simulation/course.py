"""Civic orientation, Dutch, and the participation and network trajectory: what decisions fixed, told as facts."""

from __future__ import annotations

from ledger.codes.course import Cefr, CourseMode, CourseOutcome, LanguageEvidence, ParticipationState
from ledger.codes.language import LanguageCode
from ledger.events.course import LanguageLevelAttained, LanguageLevels, MoCourseEnded, MoCourseStarted, ParticipationRecorded
from simulation import marginals
from simulation.life import NEVER, Life
from simulation.moment import as_date, working_day
from simulation.organisations import HVN, NT2_A, NT2_B, Source, city_of
from simulation.parameters import Core


def tell(life: Life) -> None:
    """The facts of the courses."""
    c = life.parameters.core
    _civic_orientation(life, c)
    _dutch(life, c)
    _network(life, c)


def _civic_orientation(life: Life, c: Core) -> None:
    draws = life.draws
    if not life.open_on(life.mo_start):
        return
    online = draws.chance(c.mo_online, "mo.online")
    life.add(
        life.agency_on(life.mo_start),
        MoCourseStarted(
            mo_id=life.mo_id,
            language=draws.pick(marginals.MO_LANGUAGE, "mo.language"),
            mode=CourseMode.ONLINE if online else draws.pick(marginals.MO_MODE, "mo.mode"),
            planned_end=as_date(life.mo_start + 75),
        ),
        life.mo_start,
    )
    if not life.open_on(life.mo_end):
        return
    outcome = CourseOutcome.GOALS_MET
    if not life.mo_goals:
        share = c.mo_dropped / (1 - c.mo_goals_met)
        outcome = CourseOutcome.DROPPED if draws.chance(share, "mo.dropped") else CourseOutcome.GOALS_NOT_MET
    life.add(life.agency_on(life.mo_end), MoCourseEnded(mo_id=life.mo_id, outcome=outcome), life.mo_end)


def _dutch(life: Life, c: Core) -> None:
    draws, person = life.draws, life.person
    provider = HVN if person.brussels and draws.chance(0.4, "nt2.hnb") else NT2_B if draws.chance(0.4, "nt2.provider") else NT2_A
    if person.oral is not Cefr.PRE_A1:
        _level(life, life.agency_on(life.start), person.oral, LanguageEvidence.SCREENING, working_day(life.start + 3), whole=False)
    for day, level in life.oral[1:]:
        if day >= life.gone:
            continue
        evidence = draws.pick(marginals.A2_EVIDENCE, "nt2.evidence", int(level is Cefr.B1))
        if provider is HVN:
            evidence = LanguageEvidence.LEVEL_CERTIFICATE_HNB
        _level(life, provider, level, evidence, day, whole=draws.chance(0.6, "nt2.whole", int(level is Cefr.B1)))


def _level(life: Life, source: Source, level: Cefr, evidence: LanguageEvidence, day: int, *, whole: bool) -> None:
    written = level if whole else None
    levels = LanguageLevels(listening=level, speaking=level, reading=written, writing=written)
    life.add(source, LanguageLevelAttained(language=LanguageCode.NL, levels=levels, evidence=evidence), day)


def _network(life: Life, c: Core) -> None:
    draws, person = life.draws, life.person
    if not person.in_scope:
        return
    day = life.reached(c.pnt, "pnt", life.start)
    if day == NEVER or not life.open_on(day):
        return
    form = draws.pick(marginals.PNT_FORM, "pnt.form")
    source = city_of(life.place_on(day).region) if draws.chance(0.7, "pnt.city") else life.agency_on(day)
    life.add(source, ParticipationRecorded(state=ParticipationState.STARTED, form=form), day)
    ended = life.after(c.pnt_length, "pnt.length", day)
    if not life.open_on(ended):
        return
    if draws.chance(c.pnt_completed, "pnt.completed"):
        minutes = 2400 + 60 * draws.between(-8, 10, "pnt.minutes")
        life.add(source, ParticipationRecorded(state=ParticipationState.COMPLETED, form=form, min_total=minutes), ended)
    else:
        life.add(source, ParticipationRecorded(state=ParticipationState.STOPPED, form=form), ended)
