"""Around the core: initiatives, validation of competences in its pilot, advanced trajectories."""

from __future__ import annotations

from ledger.codes.edition import Perspective
from ledger.codes.evc import EvcOutcome, EvcPhase
from ledger.codes.pilot import AdvancedKind, AdvancedOutcome, PilotTheme
from ledger.codes.referral import AttendanceState, Initiative, InitiativeScope
from ledger.events.evc import EvcGuidanceStarted, EvcPhaseCompleted
from ledger.events.pilot import AdvancedTrajectoryEnded, AdvancedTrajectoryStarted
from ledger.events.referral import InitiativeAttended, InitiativeInformed
from simulation import marginals
from simulation.draw import Table, with_odds
from simulation.life import NEVER, Life
from simulation.moment import working_day
from simulation.organisations import MATCHMAKING, MENTORING, TEST_CENTRE_A, TEST_CENTRE_B, Source, city_of
from simulation.pilots import ADVANCED, EVC


def tell(life: Life) -> None:
    """The facts around the core."""
    _initiatives(life)
    _evc(life)
    _advanced(life)


_SCOPE: Table[InitiativeScope] = Table([(InitiativeScope.LOCAL, 60), (InitiativeScope.REGIONAL, 25), (InitiativeScope.FLEMISH, 15)])
_BY_PARTNERS = {Initiative.MENTORING: MENTORING, Initiative.BUDDY_WORK: MENTORING, Initiative.MATCHMAKING: MATCHMAKING}
OWN_OFFER = 0.10
"""[A] Share of the information that concerns the agency's own offer."""


def _initiatives(life: Life) -> None:
    c, p, draws = life.parameters.core, life.parameters.pilots, life.draws
    day = life.lifted(c.informed, "informed", life.takes_part(PilotTheme.CAREER_ORIENTATION), p.informed_odds)
    if not life.open_on(day) or day > life.last_day:
        return
    place = life.place_on(day)
    initiative = draws.pick(marginals.INITIATIVE, "informed.initiative")
    scope = draws.pick(_SCOPE, "informed.scope")
    organiser: Source = _BY_PARTNERS.get(initiative, city_of(place.region))
    own = draws.chance(OWN_OFFER, "informed.own")
    informed = InitiativeInformed(
        initiative=initiative,
        scope=scope,
        nis=place.nis_on(day) if scope is InitiativeScope.LOCAL else None,
        organiser=life.agency_on(day).kbo if own else organiser.kbo,
    )
    life.add(life.agency_on(day), informed, day)
    attended = life.reached(c.attended, "attended", day)
    if attended > life.gone or attended > life.last_day:
        return
    if initiative in (Initiative.MENTORING, Initiative.LANGUAGE_PRACTICE, Initiative.BUDDY_WORK):
        life.add(organiser, InitiativeAttended(initiative=initiative, state=AttendanceState.STARTED), attended)
        ended = working_day(attended + max(7, draws.days(120, 0.5, "attended.length")))
        state = AttendanceState.COMPLETED if draws.chance(0.7, "attended.completed") else AttendanceState.STOPPED
        if ended <= life.gone:
            minutes = 60 * draws.between(4, 40, "attended.minutes")
            life.add(organiser, InitiativeAttended(initiative=initiative, state=state, min_total=minutes), ended)
    else:
        life.add(organiser, InitiativeAttended(initiative=initiative, state=AttendanceState.ATTENDED, min_total=180), attended)


def _evc(life: Life) -> None:
    r, draws = life.parameters.recognition, life.draws
    started = life.takes_part(PilotTheme.EVC_GUIDANCE)
    if started == NEVER:
        return
    evc_id = draws.uuid8("evc")
    qualification = f"BK-{draws.between(1, 420, 'evc.qualification'):04d}"
    life.add(life.agency_on(started), EvcGuidanceStarted(evc_id=evc_id, qualification=qualification, pilot_id=EVC.pilot_id), started)
    day = started
    for phase, median in ((EvcPhase.IDENTIFICATION, 20), (EvcPhase.DOCUMENTATION, 45)):
        day = working_day(day + max(2, draws.days(median, 0.6, f"evc.{phase.value}")))
        if not life.open_on(day):
            return
        life.add(life.agency_on(day), EvcPhaseCompleted(evc_id=evc_id, phase=phase), day)
    assessed = life.reached(r.evc_assessed, "evc.assessed", day)
    if assessed > life.gone:
        return
    centre = TEST_CENTRE_A if draws.chance(0.5, "evc.centre") else TEST_CENTRE_B
    u = draws.uniform("evc.outcome")
    outcome = EvcOutcome.FULL if u < 0.4 else EvcOutcome.PARTIAL if u < 0.7 else EvcOutcome.COMPETENCES if u < 0.85 else EvcOutcome.FAILED
    life.add(centre, EvcPhaseCompleted(evc_id=evc_id, phase=EvcPhase.ASSESSMENT, outcome=outcome), assessed)
    certified = working_day(assessed + draws.between(7, 40, "evc.certified"))
    if outcome is not EvcOutcome.FAILED and certified <= life.gone:
        life.add(centre, EvcPhaseCompleted(evc_id=evc_id, phase=EvcPhase.CERTIFICATION, outcome=outcome), certified)


_GOAL: Table[Perspective] = Table([(Perspective.JOB, 50), (Perspective.STUDY, 25), (Perspective.TRAINING, 25)])


def _advanced(life: Life) -> None:
    p, _draws, person = life.parameters.pilots, life.draws, life.person
    started = life.takes_part(PilotTheme.VERVOLGTRAJECT)
    if started < NEVER:
        _guided(life, AdvancedKind.VERVOLGTRAJECT, started, ADVANCED.pilot_id)
    chance = with_odds(p.upgrade.p, p.upgrade_higher_odds if person.higher else 0.5)
    day = life.reached(p.upgrade, "upgrade", life.start, p=chance)
    if day <= min(life.gone, life.last_day) and abs(day - started) > 200:
        _guided(life, AdvancedKind.UPGRADETRAJECT, day, None)


def _guided(life: Life, kind: AdvancedKind, started: int, pilot_id: str | None) -> None:
    p, draws, name = life.parameters.pilots, life.draws, kind.value
    adv_id = draws.uuid8(name)
    goal = draws.pick(_GOAL, f"{name}.goal")
    life.add(life.agency_on(started), AdvancedTrajectoryStarted(adv_id=adv_id, kind=kind, goal=goal, pilot_id=pilot_id), started)
    ended = working_day(started + max(20, draws.days(p.advanced_length.median, p.advanced_length.sigma, f"{name}.length")))
    outcome = draws.pick(marginals.ADVANCED_OUTCOME, f"{name}.outcome")
    if any(started < job.first <= ended for job in life.jobs):
        outcome = AdvancedOutcome.JOB_AT_LEVEL if draws.chance(0.5, f"{name}.level") else AdvancedOutcome.JOB_BELOW
    elif outcome in (AdvancedOutcome.JOB_AT_LEVEL, AdvancedOutcome.JOB_BELOW):
        outcome = AdvancedOutcome.NONE
    if ended <= life.gone:
        life.add(life.agency_on(ended), AdvancedTrajectoryEnded(adv_id=adv_id, outcome=outcome), ended)
