"""What the agency finds out and tells: orientation, screening of competences and ambitions, support profile."""

from __future__ import annotations

from ledger.codes.intake import OrientationMode, Scale
from ledger.codes.pilot import PilotTheme
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted, SupportProfileAssessed
from simulation import marginals
from simulation.life import Life


def tell(life: Life) -> None:
    """Orientation, screening and support profile. A career pilot raises the odds, for what happens after enrolment only."""
    c, p, draws, person = life.parameters.core, life.parameters.pilots, life.draws, life.person
    enrolled = life.takes_part(PilotTheme.CAREER_ORIENTATION)

    day = life.lifted(c.orientation, "orientation", enrolled, p.orientation_odds)
    if life.open_on(day):
        topics = {draws.pick(marginals.TOPIC, "orientation.topic", n) for n in range(3)}
        mode = OrientationMode.GROUP if draws.chance(0.35, "orientation.group") else OrientationMode.INDIVIDUAL
        duration = 30 + 15 * draws.below(9, "orientation.duration")
        life.add(life.agency_on(day), CareerOrientationHeld(mode=mode, topics=tuple(sorted(topics)), duration=duration), day)

    day = life.lifted(c.screening, "screening", enrolled, p.screening_odds)
    if life.open_on(day):
        life.screening = day
        years = draws.below(16, "screening.years") if person.learning is not Scale.LOW or draws.chance(0.5, "screening.worked") else 0
        life.preferred = person.sectors if draws.chance(c.has_preference, "screening.preference") else ()
        life.add(
            life.agency_on(day),
            CompetenceScreeningCompleted(
                preferred_sectors=life.preferred,
                ambition=person.ambition,
                experience_years=years,
                experience_sectors=(draws.pick(marginals.SECTOR, "screening.sector"),) if years else (),
                diploma_level=person.education,
            ),
            day,
        )

    day = life.reached(c.support_profile, "support-profile", life.start)
    if life.open_on(day):
        life.add(
            life.agency_on(day),
            SupportProfileAssessed(self_reliance=person.reliance, learning_ability=person.learning, perspective=person.outlook),
            day,
        )
