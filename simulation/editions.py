"""Editions of sector trajectories and group offers, and who takes part in them (domain-rules.md 7.4, 7.6).

Editions start on a fixed grid of Mondays per area. Persons of one block of indexes share an edition, so that
editions fill to their size at full scale and a person's edition never depends on the number of persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ledger.codes.contract import EndingReason
from ledger.codes.edition import AlignmentOutcome, Audience, EditionKind, EditionOutcome, ParticipationOutcome, Perspective
from ledger.codes.pilot import PilotTheme
from ledger.codes.referral import Motive, ReferralAnswer, ReferralKind, ReferralTarget
from ledger.codes.region import Region
from ledger.codes.sector import Sector
from ledger.events.edition import (
    EditionAligned,
    EditionEnded,
    EditionParticipantEnrolled,
    EditionParticipationEnded,
    EditionPlanned,
    EditionStarted,
    PerspectiveRecorded,
)
from ledger.events.pilot import PilotLeft
from ledger.events.referral import ReferralAnswered, ReferralMade
from simulation import marginals
from simulation.draw import Draws, Table, with_odds
from simulation.fact import Fact, Story
from simulation.life import NEVER, Life
from simulation.moment import as_date, day_of, next_monday, working_day
from simulation.offers import Catalogue
from simulation.organisations import ACTIRIS, AGII, BON, EDITIONS, MATCHMAKING, SECTOR_FUND, TRAINER_A, VDAB
from simulation.parameters import Parameters
from simulation.pilots import GROUP, SECTOR, opens
from simulation.places import REGION_WEIGHT

SECTOR_GRID = 42
"""Days between editions of one area: every six weeks."""
GROUP_GRID = 63
"""[A] Every nine weeks per area makes about 90 group editions a year."""
GROUP_FROM = next_monday(day_of("2023-02-01"))
SECTOR_SHARE = 0.10
"""[A] Share of an open area's contracts that ends up in a sector trajectory; sizes the blocks."""
GROUP_SHARE = 0.04


class Edition(msgspec.Struct, frozen=True):
    """What is fixed about an edition."""

    kind: EditionKind
    region: Region
    start: int
    block: int
    edition_id: str
    sector: Sector
    end: int
    capacity: int
    sessions: int
    terms_min: int


def edition(seed: int, kind: EditionKind, region: Region, start: int, block: int) -> Edition:
    """The edition of a grid place."""
    draws = Draws(seed, kind.value, f"{region.value}/{start}/{block}")
    sector_kind = kind is EditionKind.SECTOR_TRAJECTORY
    weeks = draws.between(6, 10, "weeks")
    return Edition(
        kind=kind,
        region=region,
        start=start,
        block=block,
        edition_id=draws.uuid8("edition"),
        sector=draws.pick(marginals.EDITION_SECTOR, "sector"),
        end=start + 7 * weeks - 3,
        capacity=draws.between(12, 18, "capacity") if sector_kind else draws.between(10, 15, "capacity"),
        sessions=weeks * (2 if sector_kind else 1),
        terms_min=draws.between(240, 900, "terms") if sector_kind else draws.between(60, 240, "terms"),
    )


def _block(life: Life, kind: EditionKind, region: Region) -> int:
    v = life.parameters.volumes
    grid, share = (SECTOR_GRID, SECTOR_SHARE) if kind is EditionKind.SECTOR_TRAJECTORY else (GROUP_GRID, GROUP_SHARE)
    on_one_date = v.contracts_per_year * REGION_WEIGHT[region] / 10_000 * share * grid / 365
    return life.person.index // (v.population // max(1, int(on_one_date / v.edition_fill + 0.5)))


def _grid_day(day: int, origin: int, step: int) -> int:
    """The first day of a grid on or after a day."""
    return origin if day <= origin else origin + -(-(day - origin) // step) * step


def decide(life: Life, seed: int) -> None:
    """Fix the editions: of the sector pilot for who takes part, of group offers for jobless people without benefit."""
    enrolled = life.takes_part(PilotTheme.SECTOR_TRAJECTORY)
    if enrolled < NEVER:
        region = life.place_on(enrolled).region
        if opens(SECTOR, region) == NEVER:  # moved out of the pilot's area between the offer and the enrolment
            region = life.place_on(life.chances[PilotTheme.SECTOR_TRAJECTORY].on).region
        start = _grid_day(max(enrolled, life.mo_start), next_monday(opens(SECTOR, region)), SECTOR_GRID)
        kind = EditionKind.SECTOR_TRAJECTORY
        life.enrolments.append((enrolled, edition(seed, kind, region, start, _block(life, kind, region))))
    if not life.person.nug or life.registered == NEVER:
        return
    p = life.parameters.pilots
    step, pilot_from = p.group_offer, life.takes_part(PilotTheme.GROUP_OFFER)
    u = life.draws.uniform("group")
    if u >= with_odds(step.p, p.group_odds):
        return
    day = working_day(life.registered + life.draws.days(step.median, step.sigma, "group", 1))
    if (u < step.p or day > pilot_from) and life.open_on(day) and day <= life.last_day:
        region = life.place_on(day).region
        kind = EditionKind.GROUP_OFFER
        life.enrolments.append((day, edition(seed, kind, region, _grid_day(day, GROUP_FROM, GROUP_GRID), _block(life, kind, region))))


def take_part(life: Life) -> None:
    """The facts of a person's participation, and what follows it."""
    for n, (enrolled, chosen) in enumerate(life.enrolments):
        if not life.employed_on(enrolled):
            _participate(life, enrolled, chosen, n)
    for theme in sorted(life.chances):
        _leave(life, theme)


_DROPPED: Table[ParticipationOutcome] = Table(
    [
        (ParticipationOutcome.DROPPED_OTHER, 60),
        (ParticipationOutcome.DROPPED_TRAINING, 20),
        (ParticipationOutcome.NEVER_STARTED, 20),
    ]
)


def _participate(life: Life, enrolled: int, chosen: Edition, n: int) -> None:
    p, draws = life.parameters.pilots, life.draws
    sector_kind = chosen.kind is EditionKind.SECTOR_TRAJECTORY
    enrolment_id = draws.uuid8("enrolment", n)
    mo_id = life.mo_id if sector_kind and life.open_on(life.mo_start) else None
    life.add(EDITIONS, EditionParticipantEnrolled(enrolment_id=enrolment_id, edition_id=chosen.edition_id, mo_id=mo_id), enrolled)
    job = min((job.first for job in life.jobs if enrolled < job.first <= chosen.end), default=NEVER)
    completed = draws.chance(p.participation_completed, "participation", n)
    ended, outcome, share = chosen.end, ParticipationOutcome.COMPLETED, draws.between(70, 100, "attended", n)
    if job < NEVER and not (completed and job > chosen.end - 14):
        ended, outcome = max(job, enrolled + 1), ParticipationOutcome.DROPPED_JOB
        share = 100 * max(0, job - chosen.start) // (chosen.end - chosen.start)
    elif not completed:
        outcome = draws.pick(_DROPPED, "participation.dropped", n)
        share = 0 if outcome is ParticipationOutcome.NEVER_STARTED else draws.between(10, 60, "attended.dropped", n)
        ended = chosen.start + (chosen.end - chosen.start) * max(share, 10) // 100
    ended = min(working_day(ended), working_day(life.gone)) if life.gone < ended else working_day(ended)
    attended = chosen.sessions * 150 * share // 100
    ended_fact = EditionParticipationEnded(
        enrolment_id=enrolment_id,
        edition_id=chosen.edition_id,
        outcome=outcome,
        attended_min=attended,
        dutch_terms_min=chosen.terms_min * share // 100 * draws.between(70, 110, "terms", n) // 100,
        sectors_met=(chosen.sector,) if attended else (),
    )
    life.add(EDITIONS, ended_fact, max(ended, enrolled))
    if outcome is ParticipationOutcome.COMPLETED and ended <= life.gone:
        _afterwards(life, chosen, enrolment_id, ended, n)


def _afterwards(life: Life, chosen: Edition, enrolment_id: str, ended: int, n: int) -> None:
    p, draws = life.parameters.pilots, life.draws
    day = life.reached(p.perspective, f"perspective.{n}", ended + 1)
    if life.open_on(day):
        seen = draws.pick(marginals.PERSPECTIVE, "perspective.kind", n)
        sector = chosen.sector if seen in (Perspective.JOB, Perspective.INTERNSHIP, Perspective.TRAINING) else None
        life.add(EDITIONS, PerspectiveRecorded(enrolment_id=enrolment_id, perspective=seen, sector=sector), day)
    if chosen.kind is not EditionKind.SECTOR_TRAJECTORY or not draws.chance(p.warm_handover, "handover", n):
        return
    made = working_day(ended + draws.between(0, 4, "handover.made", n))
    service = life.service_on(made)
    referral_id = draws.uuid8("referral", 10 + n)
    handover = ReferralMade(
        referral_id=referral_id,
        target=ReferralTarget.ACTIRIS if service is ACTIRIS else ReferralTarget.VDAB,
        target_org=service.kbo,
        kind=ReferralKind.WARM_HANDOVER,
        motive=Motive.OWN_LEVEL_WORK,
        edition_id=chosen.edition_id,
    )
    if made > life.gone:
        return
    life.add(life.agency_on(made), handover, made)
    taken = life.reached(p.taken_up, f"handover.{n}.taken", made + 1)
    if taken <= life.gone:
        answered = ReferralAnswered(referral_id=referral_id, answer=ReferralAnswer.TAKEN_UP, first_action_on=as_date(taken))
        life.add(service, answered, taken)


LEFT = 0.35
"""[A] Share of a pilot's participants of whom the agency records that they left."""


def _leave(life: Life, theme: PilotTheme) -> None:
    chance = life.chances[theme]
    if not chance.takes_part or not life.draws.chance(LEFT, f"left.{theme.value}"):
        return
    job = min((job.first for job in life.jobs if job.first > chance.enrolled), default=NEVER)
    day = working_day(chance.enrolled + life.draws.days(80, 0.6, f"left.{theme.value}", 1) + 1)
    reason = EndingReason.NO_SHOW if life.draws.chance(0.4, f"left.{theme.value}", 2) else EndingReason.WITHDREW
    if job <= day:
        day, reason = working_day(job + 7), EndingReason.WORK
    if day <= life.gone:
        life.add(life.agency_on(day), PilotLeft(pilot_id=chance.pilot_id, reason=reason), day)


_ALIGNED: Table[AlignmentOutcome] = Table(
    [(AlignmentOutcome.COMPLEMENTARY, 80), (AlignmentOutcome.ADJUST, 14), (AlignmentOutcome.OVERLAPPING, 6)]
)
ALIGNED = 0.8
WITH_MEDIATOR = 0.88
"""[A] Of the sector trajectories: VDAB or Actiris is a partner (else P7)."""


def facts(seed: int, used: Iterable[Edition], parameters: Parameters, catalogue: Catalogue) -> Iterator[Fact]:
    """The facts of the editions in which somebody took part."""
    for chosen in sorted(used, key=lambda e: (e.start, e.edition_id)):
        story = Story(Draws(seed, "edition", chosen.edition_id), parameters.period.end)
        _tell(story, chosen, catalogue)
        yield from story.facts


def _tell(story: Story, chosen: Edition, catalogue: Catalogue) -> None:
    draws, subject = story.draws, f"editie/{chosen.edition_id}"
    sector_kind = chosen.kind is EditionKind.SECTOR_TRAJECTORY
    mediator = ACTIRIS if chosen.region is Region.BRUSSEL else VDAB
    partners = [BON.kbo if chosen.region is Region.BRUSSEL else AGII.kbo]
    if draws.chance(WITH_MEDIATOR, "mediator"):
        partners.append(mediator.kbo)
    if draws.chance(0.5, "partner"):
        partners.append((SECTOR_FUND if chosen.sector is Sector.CARE else TRAINER_A if draws.chance(0.5, "trainer") else MATCHMAKING).kbo)
    planned = working_day(chosen.start - draws.between(50, 80, "planned"))
    in_pilot = sector_kind or planned >= opens(GROUP, chosen.region)
    plan = EditionPlanned(
        edition_id=chosen.edition_id,
        edition_kind=chosen.kind,
        theme=PilotTheme.SECTOR_TRAJECTORY if sector_kind else PilotTheme.GROUP_OFFER,
        sectors=(chosen.sector,) if sector_kind else (),
        regions=(chosen.region,),
        capacity=chosen.capacity,
        planned_start=as_date(chosen.start),
        planned_end=as_date(chosen.end),
        sessions=chosen.sessions,
        dutch_terms_min=chosen.terms_min,
        partners=tuple(sorted(partners)),
        audience=(Audience.ANY_NEWCOMER,) if sector_kind else (Audience.NUG,),
        pilot_id=(SECTOR.pilot_id if sector_kind else GROUP.pilot_id) if in_pilot else None,
    )
    story.add(EDITIONS, plan, planned, subject)
    if draws.chance(ALIGNED, "aligned"):
        aligned = working_day(planned + draws.between(5, 40, "aligned.day"))
        compared = {catalogue.live(draws.below(catalogue.lanes(0), "compared", n), aligned).offer_id for n in range(2)}
        outcome = draws.pick(_ALIGNED, "alignment")
        story.add(
            mediator,
            EditionAligned(edition_id=chosen.edition_id, outcome=outcome, compared_offers=tuple(sorted(compared))),
            aligned,
            subject,
        )
    story.add(EDITIONS, EditionStarted(edition_id=chosen.edition_id), chosen.start, subject)
    story.add(EDITIONS, EditionEnded(edition_id=chosen.edition_id, outcome=EditionOutcome.COMPLETED), working_day(chosen.end), subject)
