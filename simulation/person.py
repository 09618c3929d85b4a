"""A person of the population: who they are before anything happens (domain-rules.md 7.3, in its order of drawing)."""

from __future__ import annotations

from functools import cache
from math import sqrt

from ledger.codes.course import Cefr
from ledger.codes.intake import Ambition, Scale
from ledger.codes.person import BenefitStatus, EducationLevel, Gender, NationalityGroup, Obligation, ResidenceGround, WorkStatus
from ledger.codes.region import Region
from ledger.codes.sector import Sector
from ledger.identity import SANDBOX_PSEUDONYM_KEY, pseudonym
from simulation import marginals, places
from simulation.draw import Draws, Table, standard_normal, with_odds
from simulation.numbers import birth_of, contract_day, insz
from simulation.organisations import agency_of
from simulation.parameters import Parameters

_EU = frozenset({NationalityGroup.EU, NationalityGroup.EFTA_UK})


class Person:
    """One person. Everything here is drawn from the person's own numbers, so it never depends on others."""

    def __init__(self, seed: int, index: int, parameters: Parameters) -> None:
        draws = self.draws = Draws(seed, "person", index)
        self.index = index
        self.place = draws.pick(places.EVERYWHERE, "place")
        self.region: Region = self.place.region
        self.brussels = self.region is Region.BRUSSEL
        self.agency = agency_of(self.place)
        self.contract = contract_day(draws, parameters)
        self.gender: Gender = draws.pick(marginals.GENDER, "gender")
        self.birth = birth_of(seed, index, parameters)
        self.female = not self.birth.male
        self.nationality = draws.pick(_nationality(self.brussels), "nationality")
        self.ground = self._ground()
        self.obligation = self._obligation()
        education_at = draws.uniform("education")
        self.education: EducationLevel = _education(self.nationality).at(education_at)
        self.higher = self.education in marginals.HBO5_UP
        self.origin = draws.pick(marginals.ORIGIN_EU if self.nationality in _EU else marginals.ORIGIN_OTHER, "education.origin")
        self.oral: Cefr = draws.pick(marginals.ORAL, "oral")
        self.status: WorkStatus = draws.pick(marginals.WORK_STATUS, "work-status")
        self.jobless = self.status is WorkStatus.JOBLESS
        self.benefit = self._benefit()
        ability = standard_normal(education_at)
        self.reliance = self._ability(marginals.RELIANCE, ability, "reliance")
        self.learning = self._ability(marginals.LEARNING, ability, "learning")
        self.outlook = draws.pick(marginals.OUTLOOK, "outlook")
        self.ambition: Ambition = draws.pick(marginals.AMBITION, "ambition")
        self.sectors = self._sectors()
        self.children: int = draws.pick(marginals.CHILDREN, "children")
        self.motivated = draws.chance(parameters.work.motivated, "motivated")
        self.work_allowed = draws.chance(marginals.WORK_ALLOWED, "work-allowed")
        self._numbers(parameters)

    @property
    def age(self) -> int:
        """Full years at the contract, within one."""
        return 1 + (self.contract // 365) - self.birth.year

    @property
    def nug(self) -> bool:
        """Jobless without benefit at the contract (*niet-uitkeringsgerechtigd*)."""
        return self.jobless and self.benefit is BenefitStatus.NONE

    @property
    def in_scope(self) -> bool:
        """Whether the third pillar applies: allowed to work and not working or studying."""
        return self.work_allowed and self.status not in _BUSY

    def insz_on(self, day: int) -> str:
        """The number by which sources know the person on a day."""
        return self.bis if self.bis is not None and (self.linked is None or day < self.linked) else self.insz

    def _ground(self) -> ResidenceGround:
        if self.nationality in _EU:
            return self.draws.pick(marginals.GROUND_EU, "ground")
        if self.nationality is NationalityGroup.UA:
            return ResidenceGround.TEMPORARY_PROTECTION
        if self.nationality is NationalityGroup.BE:
            return ResidenceGround.FAMILY
        return self.draws.pick(marginals.GROUND_OTHER, "ground")

    def _obligation(self) -> Obligation:
        p = marginals.OBLIGED[self.ground] * marginals.OBLIGED_SCALE
        if self.ground is ResidenceGround.FAMILY and self.nationality in _EU:
            p = 0.0
        return Obligation.OBLIGED if self.age < 65 and self.draws.chance(p, "obliged") else Obligation.ENTITLED

    def _benefit(self) -> BenefitStatus:
        if not self.jobless:
            return BenefitStatus.NONE
        p = with_odds(_leefloon_base(), marginals.LEEFLOON_ODDS.get(self.ground, 1.0))
        return BenefitStatus.LEEFLOON if self.draws.chance(p, "leefloon") else self.draws.pick(marginals.BENEFIT_OTHER, "benefit")

    def _ability(self, table: Table[Scale], with_education: float, purpose: str) -> Scale:
        """A class from a normal number that correlates with the education's (Gaussian copula)."""
        rho = marginals.ABILITY_RHO
        z = rho * with_education + sqrt(1 - rho * rho) * self.draws.normal(purpose)
        for value, bound in _bounds(table):
            if z < bound:
                return value
        return table.values[-1]

    def _sectors(self) -> tuple[Sector, ...]:
        first = self.draws.pick(marginals.SECTOR, "sector", 0)
        chosen = [first]
        for draw, p in ((1, 0.5), (2, 0.25)):
            more = self.draws.pick(marginals.SECTOR, "sector", draw)
            if self.draws.chance(p, "sector.more", draw) and more not in chosen:
                chosen.append(more)
        return tuple(chosen)

    def _numbers(self, parameters: Parameters) -> None:
        p = parameters.identity
        u = self.draws.uniform("insz.kind")
        self.insz: str = insz(self.birth, 0)
        """The number of the rijksregister; for who only ever gets a BIS number, that."""
        self.bis: str | None = None
        """The BIS number of who gets a rijksregister number later."""
        self.linked: int | None = None
        """The day on which the two are linked."""
        if u >= p.bis_first + p.bis_only:
            return
        known = not self.draws.chance(p.bis_sex_unknown, "bis.sex")
        bis = insz(self.birth, 40 if known else 20)
        if u < p.bis_first:
            self.bis = bis
            self.linked = self.contract - 30 + self.draws.days(p.bis_to_rrn.median, p.bis_to_rrn.sigma, "bis.linked")
        else:
            self.insz = bis

    @property
    def ref(self) -> str:
        """The person's pseudonym in a sandbox: that of the surviving number."""
        return pseudonym(self.insz, SANDBOX_PSEUDONYM_KEY)

    @property
    def bis_ref(self) -> str | None:
        """The pseudonym of the absorbed number."""
        return None if self.bis is None else pseudonym(self.bis, SANDBOX_PSEUDONYM_KEY)


_BUSY = frozenset({WorkStatus.EMPLOYED, WorkStatus.SELF_EMPLOYED, WorkStatus.STUDYING})


@cache
def _nationality(brussels: bool) -> Table[NationalityGroup]:
    if not brussels:
        return marginals.NATIONALITY
    return marginals.NATIONALITY.reweighted([marginals.BRUSSELS_NATIONALITY_FACTORS.get(v, 1.0) for v in marginals.NATIONALITY.values])


@cache
def _education(nationality: NationalityGroup) -> Table[EducationLevel]:
    table = marginals.EDUCATION
    higher = sum(w for v, w in zip(table.values, table.weights, strict=True) if v in marginals.HIGHER) / table.total
    wanted = with_odds(higher, marginals.HIGHER_ODDS.get(nationality, 1.0))
    return table.reweighted([wanted / higher if v in marginals.HIGHER else (1 - wanted) / (1 - higher) for v in table.values])


@cache
def _leefloon_base() -> float:
    """The base probability that keeps the share of leefloon among the jobless at its marginal."""
    shares = _ground_shares()
    low, high = 0.0, 1.0
    for _ in range(60):
        base = (low + high) / 2
        share = sum(w * with_odds(base, marginals.LEEFLOON_ODDS.get(ground, 1.0)) for ground, w in shares.items())
        low, high = (base, high) if share < marginals.LEEFLOON_SHARE else (low, base)
    return low


def _ground_shares() -> dict[ResidenceGround, float]:
    shares = dict.fromkeys(ResidenceGround, 0.0)
    for nationality, weight in zip(marginals.NATIONALITY.values, marginals.NATIONALITY.weights, strict=True):
        share = weight / marginals.NATIONALITY.total
        if nationality is NationalityGroup.UA:
            shares[ResidenceGround.TEMPORARY_PROTECTION] += share
        elif nationality is NationalityGroup.BE:
            shares[ResidenceGround.FAMILY] += share
        else:
            table = marginals.GROUND_EU if nationality in _EU else marginals.GROUND_OTHER
            for ground, w in zip(table.values, table.weights, strict=True):
                shares[ground] += share * w / table.total
    return shares


@cache
def _bounds_of(values: tuple[Scale, ...], weights: tuple[float, ...]) -> tuple[tuple[Scale, float], ...]:
    total, so_far = sum(weights), 0.0
    bounds = []
    for value, weight in zip(values[:-1], weights[:-1], strict=True):
        so_far += weight
        bounds.append((value, standard_normal(so_far / total)))
    return tuple(bounds)


def _bounds(table: Table[Scale]) -> tuple[tuple[Scale, float], ...]:
    return _bounds_of(table.values, table.weights)
