"""The pilots (proeftuinen), their areas and waves, and the lottery that offers places (domain-rules.md 7.6).

Potential outcomes use common random numbers: the same person with and without a pilot differs by the pilot only.
"""

from __future__ import annotations

from math import log

import msgspec

from ledger.codes.course import Cefr
from ledger.codes.intake import Scale
from ledger.codes.person import Gender, ResidenceGround, WorkStatus
from ledger.codes.pilot import EnrolKind, PilotTheme
from ledger.codes.region import Region
from ledger.events.pilot import PilotEnrolled
from simulation.draw import expit, logit, named_uuid8
from simulation.life import NEVER, Chance, Life, Potential
from simulation.moment import as_date, day_of, first_of_month, working_day
from simulation.parameters import Delay
from simulation.places import REGIONS


class Pilot(msgspec.Struct, frozen=True):
    """A pilot: its areas open in three waves, 0, 9 and 18 months after the start. Budgets in thousand euro by year."""

    number: int
    theme: PilotTheme
    waves: tuple[tuple[Region, ...], tuple[Region, ...], tuple[Region, ...]]
    start: int
    last: int | None
    budget: tuple[int, int, int, int, int]

    @property
    def pilot_id(self) -> str:
        """A UUIDv8 of the pilot's number."""
        return named_uuid8(f"pilot-{self.number}")

    @property
    def regions(self) -> tuple[Region, ...]:
        """All areas, in the order of opening."""
        return tuple(region for wave in self.waves for region in wave)


_R = Region
WAVE_MONTHS = (0, 9, 18)
FIRST_BUDGET_YEAR = 2024
CAREER = Pilot(
    1,
    PilotTheme.CAREER_ORIENTATION,
    ((_R.GENT,), (_R.KEMPEN, _R.BRUGGE), (_R.LIMBURG,)),
    day_of("2024-03-01"),
    day_of("2027-12-31"),
    (600, 900, 900, 450, 0),
)
SECTOR = Pilot(
    2,
    PilotTheme.SECTOR_TRAJECTORY,
    ((_R.BRUSSEL,), (_R.ANTWERPEN,), (_R.GENT, _R.ZUID_WEST_VLAANDEREN)),
    day_of("2024-04-01"),
    None,
    (800, 1400, 1400, 700, 700),
)
ADVANCED = Pilot(
    3,
    PilotTheme.VERVOLGTRAJECT,
    ((_R.ANTWERPEN,), (_R.OOST_BRABANT,), (_R.HALLE_VILVOORDE,)),
    day_of("2024-03-01"),
    None,
    (500, 800, 800, 400, 400),
)
GROUP = Pilot(
    4,
    PilotTheme.GROUP_OFFER,
    ((_R.LIMBURG,), (_R.WAASLAND, _R.DENDER), (_R.RIVIERENLAND,)),
    day_of("2024-09-01"),
    None,
    (300, 700, 700, 350, 350),
)
EVC = Pilot(
    5,
    PilotTheme.EVC_GUIDANCE,
    ((_R.ANTWERPEN, _R.GENT), (), (_R.LIMBURG,)),
    day_of("2024-06-01"),
    day_of("2026-12-31"),
    (150, 250, 250, 0, 0),
)
LANGUAGE = Pilot(6, PilotTheme.EMPLOYER_LANGUAGE, (REGIONS, (), ()), day_of("2024-03-01"), None, (350, 500, 500, 250, 250))
PILOTS = (CAREER, SECTOR, ADVANCED, GROUP, EVC, LANGUAGE)


def opens(pilot: Pilot, region: Region) -> int:
    """The day on which a pilot opens in a region, or ``NEVER``."""
    return _OPENS[pilot.number].get(region, NEVER)


def _opening_days(pilot: Pilot) -> dict[Region, int]:
    start = as_date(pilot.start)
    days: dict[Region, int] = {}
    for months, wave in zip(WAVE_MONTHS, pilot.waves, strict=True):
        for region in wave:
            days[region] = first_of_month(start.year, start.month + months)
    return days


_OPENS = {pilot.number: _opening_days(pilot) for pilot in PILOTS}


def lottery(life: Life, pilot: Pilot, enrolment: Delay, since: int, jobless_until: int = NEVER) -> Chance | None:
    """Draw a person's lottery: enrolment lies a delay after ``since``, the offer a few days before it.

    Nobody is eligible outside an open area, after the trajectory's end (but for the advanced pilot), or from the first job on.
    """
    p = life.parameters.pilots
    purpose = f"pilot.{pilot.number}"
    draws, person = life.draws, life.person
    enrolled = working_day(since + draws.days(enrolment.median, enrolment.sigma, f"{purpose}.enrolled"))
    answer = max(1, draws.days(p.answer.median, p.answer.sigma, f"{purpose}.answer"))
    on = working_day(max(since, enrolled - answer))
    enrolled = max(enrolled, working_day(on + 1))
    if on >= jobless_until:
        return None
    if on < opens(pilot, life.place_on(on).region) or (pilot.last is not None and on > pilot.last) or enrolled > life.last_day:
        return None
    if enrolled > life.gone or (pilot is not ADVANCED and enrolled > life.end):
        return None
    odds = logit(p.accept)
    if person.reliance is Scale.HIGH:
        odds += log(p.accept_high_odds)
    odds += log(p.accept_motivated_odds) * ((1.0 if person.motivated else 0.0) - life.parameters.work.motivated)
    chance = Chance(
        pilot.theme,
        pilot.pilot_id,
        on,
        enrolled,
        offered=draws.chance(p.offered, f"{purpose}.offered"),
        accepted=draws.chance(expit(odds), f"{purpose}.accepted"),
    )
    life.chances[pilot.theme] = chance
    return chance


def tell(life: Life) -> None:
    """The facts of the lotteries: places offered and accepted. That it was a lottery stays in the truth file."""
    for theme in sorted(life.chances):
        chance = life.chances[theme]
        if not chance.offered:
            continue
        agency = life.agency_on(chance.on)
        life.add(agency, PilotEnrolled(pilot_id=chance.pilot_id, enrol_kind=EnrolKind.OFFERED), chance.on)
        if chance.accepted:
            life.add(agency, PilotEnrolled(pilot_id=chance.pilot_id, enrol_kind=EnrolKind.ACCEPTED), chance.enrolled)


def potential(life: Life) -> Potential:
    """The first job without any pilot: one uniform and one time per person."""
    w, person, draws = life.parameters.work, life.person, life.draws
    score = logit(w.ever_women if person.female else w.ever_men)
    if person.oral is not Cefr.PRE_A1 and person.oral is not Cefr.A1:
        score += log(w.oral_a2_odds)
    if person.higher:
        score += log(w.higher_education_odds)
    if person.ground is ResidenceGround.PROTECTION:
        score += log(w.protection_odds)
    if person.children >= 2 and person.gender is Gender.F:
        score += log(w.mothers_odds)
    if person.brussels:
        score += log(w.brussels_odds)
    if person.status in (WorkStatus.INACTIVE_CARE, WorkStatus.UNFIT):
        score += log(w.inactive_odds)
    score += log(w.reliance_odds) * {Scale.LOW: -1, Scale.MEDIUM: 0, Scale.HIGH: 1}[person.reliance]
    score += log(w.motivated_odds) * ((1.0 if person.motivated else 0.0) - w.motivated)
    delay = w.first_women if person.female else w.first_men
    at = working_day(life.start + max(1, draws.days(delay.median, delay.sigma, "job.first")))
    return Potential(draws.uniform("job.ever"), expit(score), at)
