"""The offer catalogue: lanes of offers that follow one another, so that as many are live on any day as wanted.

Which lanes a person may be recommended depends on the person's index alone, never on the number of persons.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from ledger.codes.course import Cefr
from ledger.codes.edition import Audience
from ledger.codes.offer import OfferKind, WithdrawalReason
from ledger.codes.region import Region
from ledger.codes.sector import Sector
from ledger.events.offer import OfferPublished, OfferWithdrawn
from ledger.events.referral import OfferRecommended
from simulation import marginals
from simulation.draw import Draws
from simulation.fact import Fact, Story
from simulation.life import NEVER, Life
from simulation.moment import as_date, day_of
from simulation.organisations import ACTIRIS, CITY_A, CITY_G, HVN, MATCHMAKING, MENTORING, TRAINER_A, TRAINER_B, VDAB, Source
from simulation.parameters import Parameters
from simulation.places import REGIONS

FIRST = day_of("2022-10-03")
"""The catalogue starts shortly before the first contracts."""
VALID_MEDIAN, VALID_SIGMA = 180, 0.5
WITHDRAWN_EARLY = 0.06
TRIES = 40
"""An agency looks at so many offers before it recommends one."""
UNFIT = 0.35
"""[A] It recommends the last one all the same, though it is too hard or too far."""


class Offer:
    """One offer of a lane."""

    __slots__ = ("first", "kind", "last", "level", "offer_id", "places", "regions", "sector", "source", "withdrawn")

    def __init__(self, draws: Draws, n: int, first: int) -> None:
        self.offer_id = draws.uuid8("offer", n)
        self.kind: OfferKind = draws.pick(marginals.OFFER, "kind", n)
        self.level: Cefr = draws.pick(marginals.OFFER_ORAL, "oral", n)
        self.regions = _regions(draws, n)
        brussels = self.regions == (Region.BRUSSEL,)
        self.source = _provider(self.kind, draws.uniform("source", n), brussels=brussels)
        self.sector: Sector | None = draws.pick(marginals.SECTOR, "sector", n) if self.kind in _SECTORAL else None
        self.places = draws.between(8, 30, "places", n)
        self.first = first
        self.last = first + max(14, draws.days(VALID_MEDIAN, VALID_SIGMA, "valid", n))
        self.withdrawn = NEVER
        if draws.chance(WITHDRAWN_EARLY, "withdrawn", n):
            self.withdrawn = first + 1 + draws.below(self.last - first, "withdrawn.on", n)


class Catalogue:
    """The lanes of one seed."""

    def __init__(self, seed: int, parameters: Parameters) -> None:
        self._seed = seed
        self._volumes = parameters.volumes
        self._last_day = parameters.period.end
        self._lanes: dict[int, tuple[list[int], list[Offer]]] = {}

    def lanes(self, people: int) -> int:
        """How many offers are live for a population of this size."""
        v = self._volumes
        return min(v.live_offers, v.live_offers_least + people // v.persons_per_live_offer)

    def lane(self, number: int) -> tuple[list[int], list[Offer]]:
        """The offers of a lane and their first days."""
        found = self._lanes.get(number)
        if found is None:
            draws = Draws(self._seed, "offer-lane", number)
            day, offers = FIRST + draws.below(120, "start"), list[Offer]()
            while day <= self._last_day:
                offer = Offer(draws, len(offers), day)
                offers.append(offer)
                day = min(offer.last, offer.withdrawn) + 1
            found = self._lanes[number] = ([offer.first for offer in offers], offers)
        return found

    def live(self, number: int, day: int) -> Offer:
        """The offer of a lane that is live on a day (the first one, before the catalogue starts)."""
        days, offers = self.lane(number)
        return offers[max(0, bisect_right(days, day) - 1)]

    def facts(self, people: int) -> Iterator[Fact]:
        """The catalogue's own facts."""
        for number in range(self.lanes(people)):
            story = Story(Draws(self._seed, "offer-facts", number), self._last_day)
            for offer in self.lane(number)[1]:
                _tell(story, offer)
            yield from story.facts


def _tell(story: Story, offer: Offer) -> None:
    subject = f"aanbod/{offer.offer_id}"
    published = OfferPublished(
        offer_id=offer.offer_id,
        offer_kind=offer.kind,
        sector=offer.sector,
        regions=offer.regions,
        min_dutch_oral=offer.level,
        audience=(Audience.LIMITED_DUTCH,) if offer.level in (Cefr.PRE_A1, Cefr.A1) else (Audience.ANY_NEWCOMER,),
        valid_from=as_date(offer.first),
        valid_to=as_date(offer.last),
        places=offer.places,
    )
    story.add(offer.source, published, offer.first, subject)
    if offer.withdrawn < NEVER:
        reason = WithdrawalReason.FULL if offer.places < 20 else WithdrawalReason.REPLACED
        story.add(offer.source, OfferWithdrawn(offer_id=offer.offer_id, reason=reason), offer.withdrawn, subject)


_SECTORAL = frozenset({OfferKind.VOCATIONAL_TRAINING, OfferKind.SECTOR_BATH, OfferKind.INTEGRATED_LANGUAGE_TRAINING, OfferKind.IBO})


def _regions(draws: Draws, n: int) -> tuple[Region, ...]:
    u = draws.uniform("regions", n)
    if u < 0.15:
        return REGIONS
    if u < 0.26:
        return (Region.BRUSSEL,)
    chosen = {REGIONS[draws.below(len(REGIONS) - 1, "region", 4 * n + k)] for k in range(1 if u < 0.6 else 3)}
    return tuple(sorted(chosen))


def _provider(kind: OfferKind, u: float, *, brussels: bool) -> Source:
    if kind is OfferKind.MENTORING:
        return MENTORING
    if kind is OfferKind.JOB_EVENT:
        return MATCHMAKING if u < 0.5 else CITY_A if u < 0.75 else CITY_G
    if kind in (OfferKind.LANGUAGE_COURSE, OfferKind.INTEGRATED_LANGUAGE_TRAINING, OfferKind.VOCATIONAL_TRAINING) and u < 0.4:
        return TRAINER_A if u < 0.2 else TRAINER_B
    return ACTIRIS if brussels and kind not in (OfferKind.SECTOR_BATH, OfferKind.IBO) else VDAB


def recommend(life: Life, catalogue: Catalogue) -> None:
    """The agency (or the Brussels house of Dutch) recommends an offer that fits, mostly."""
    draws, person = life.draws, life.person
    day = life.reached(life.parameters.core.recommended, "recommended", life.start)
    if not life.open_on(day) or day > life.last_day:
        return
    region, oral = life.place_on(day).region, life.oral_on(day)
    lanes = catalogue.lanes(person.index)
    fits = False
    for n in range(TRIES):
        offer = catalogue.live(draws.below(lanes, "recommended.lane", n), day)
        fits = region in offer.regions and _RANK[offer.level] <= _RANK[oral]
        if fits:
            break
    if not fits and not draws.chance(UNFIT, "recommended.unfit"):
        return
    source = HVN if person.brussels and offer.kind is OfferKind.LANGUAGE_COURSE else life.agency_on(day)
    life.add(source, OfferRecommended(offer_id=offer.offer_id, offer_kind=offer.kind, provider_role=offer.source.role), day)


_RANK = {level: rank for rank, level in enumerate(Cefr)}
