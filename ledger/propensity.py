"""Matching on a propensity score (M2 of evaluation.md 6.4.2): the chance of an offer, from all that was known on the day."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ledger.incidence import Floats
from ledger.matching import Matches, matches_of
from ledger.parameters import Parameters
from ledger.plan import Outcome
from ledger.riskset import COVARIATES, DATED, FAR, Codes, Days, People, strata

_NEAREST: Final = 30
"""Of every offered person so many nearest candidates are looked at."""
_BLOCK: Final = 32
"""Rows that are multiplied at a time: few enough that no library spreads them over processors."""


def known(people: People, who: Codes, day: Days) -> tuple[Floats, tuple[str, ...]]:
    """The covariates of some persons as known on a day, one column per level, with ``name: level`` for each."""
    columns: list[npt.NDArray[np.float64]] = []
    names: list[str] = []
    seen = people.profile[who] <= day
    for name in COVARIATES:
        trait = people.traits[name]
        codes = trait.codes[who]
        hidden = ~seen if name in DATED else np.zeros(len(who), dtype=bool)
        for code, label in enumerate(trait.labels):
            is_it = (codes == code) & ~hidden if label != "unknown" else (codes == code) | hidden
            columns.append(is_it.astype(np.float64))
            names.append(f"{name}: {label}")
    reliance = people.reliance_on(day, who)
    for code, label in enumerate(people.self_reliance.labels):
        columns.append((reliance == code).astype(np.float64))
        names.append(f"self_reliance: {label}")
    for name, days in people.milestones.items():
        columns.append((days[who] <= day).astype(np.float64))
        names.append(f"{name}: yes")
    others = people.pilots_on(day, who)
    columns.append((others > 0).astype(np.float64))
    names.append("other_pilot: yes")
    return np.column_stack(columns), tuple(names)


def pool_of(people: People, treated: Codes, outcome: Outcome) -> tuple[Codes, Days]:
    """Everybody who was at risk and not offered, each after a number of days that some offered person had, given out by lot."""
    lags = np.sort(people.offered[treated] - people.origin[treated])
    order = np.argsort(people.lot, kind="stable")
    given = np.zeros(people.n, dtype=np.int64)
    given[order] = lags[np.arange(people.n) % len(lags)] if len(lags) else 0
    day = people.origin + given
    standing = np.flatnonzero(people.at_risk(given, outcome) & (day <= people.as_of))
    return standing, day[standing]


def propensity(people: People, treated: Codes, outcome: Outcome, parameters: Parameters) -> Matches:
    """M2: nearest on the logit of the propensity, within a caliper, without replacement; exact on benefit, half-year and area."""
    if len(treated) == 0:
        return matches_of([], [], [])
    rest, rest_day = pool_of(people, treated, outcome)
    mine, names = known(people, treated, people.offered[treated])
    theirs, _ = known(people, rest, rest_day)
    beta, centre = logistic(np.vstack([mine, theirs]), np.r_[np.ones(len(mine)), np.zeros(len(theirs))], parameters.m2_ridge)
    score = times(mine, beta) + centre
    spread = float(np.std(np.r_[score, times(theirs, beta) + centre]))
    caliper = parameters.m2_caliper_bp / 10_000 * spread
    scorer = _Scorer(people, dict(zip(names, beta, strict=True)), centre)
    cell = strata(people, ("benefit_class", "half", "area"))
    pools = {code: np.flatnonzero((cell == code) & (people.origin < FAR)) for code in np.unique(cell[treated])}
    found: list[tuple[float, int, int, int]] = []
    for place, one in enumerate(treated):
        pool = pools[cell[one]]
        day = people.origin[pool] + (people.offered[one] - people.origin[one])
        at_risk = (day <= people.as_of) & (day < people.end[pool]) & (day < people.offered[pool])
        at_risk &= (people.lag(outcome)[pool] > day) & (people.barred[pool] > day)
        pool, day = pool[at_risk], day[at_risk]
        apart = np.abs(scorer.on(pool, day) - score[place])
        close = np.flatnonzero(apart <= caliper)
        if len(close) > _NEAREST:
            close = close[np.argpartition(apart[close], _NEAREST)[:_NEAREST]]
        found += [(float(apart[at]), int(people.lot[pool[at]]), place, int(pool[at])) for at in close]
    return _greedy(treated, sorted(found), parameters.m2_controls)


class _Scorer:
    """Scores of many persons on many days, without writing out their covariates."""

    def __init__(self, people: People, beta: dict[str, float], centre: float) -> None:
        self._people = people
        self._always = np.full(people.n, centre)
        self._seen = np.zeros(people.n)
        self._unseen = beta.get("self_reliance: unknown", 0.0)
        for name in COVARIATES:
            trait = people.traits[name]
            effects = np.array([beta.get(f"{name}: {label}", 0.0) for label in trait.labels])
            if name in DATED:
                self._seen += effects[trait.codes]
                self._unseen += beta.get(f"{name}: unknown", 0.0)
            else:
                self._always += effects[trait.codes]
        reliance = np.array([beta.get(f"self_reliance: {label}", 0.0) for label in people.self_reliance.labels])
        self._seen += reliance[people.self_reliance.codes]
        self._milestones = [(days, beta[f"{name}: yes"]) for name, days in people.milestones.items()]
        self._other = beta["other_pilot: yes"]

    def on(self, who: Codes, day: Days) -> Floats:
        """The scores of some persons, each on a day."""
        people = self._people
        score = self._always[who] + np.where(people.profile[who] <= day, self._seen[who], self._unseen)
        for days, effect in self._milestones:
            score = score + effect * (days[who] <= day)
        return np.asarray(score + self._other * (people.pilots_on(day, who) > 0), dtype=np.float64)


def _greedy(treated: Codes, candidates: list[tuple[float, int, int, int]], most: int) -> Matches:
    taken: set[int] = set()
    sets: list[list[int]] = [[] for _ in treated]
    for _, _, place, person in candidates:
        if person not in taken and len(sets[place]) < most:
            taken.add(person)
            sets[place].append(person)
    kept = [place for place, one in enumerate(sets) if one]
    missed = [int(treated[place]) for place, one in enumerate(sets) if not one]
    return matches_of([int(treated[at]) for at in kept], missed, [np.array(sets[at], dtype=np.int64) for at in kept])


def logistic(columns: Floats, said: Floats, ridge: float) -> tuple[Floats, float]:
    """Coefficients and intercept of a logistic regression with a ridge on the coefficients, by Newton's method.

    The ridge is per observation, so that it means the same for few and for many. Sums are made in an order of our own, so that
    the answer does not depend on how many processors there are.
    """
    n, width = columns.shape
    design = np.column_stack([np.ones(n), columns])
    blocks = np.zeros((-(-n // _BLOCK), _BLOCK, width + 1))
    blocks.reshape(-1, width + 1)[:n] = design
    curved = np.zeros(blocks.shape[:2])
    penalty = np.full(width + 1, ridge * n)
    penalty[0] = 0.0
    beta = np.zeros(width + 1)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(times(design, beta), -30, 30)))
        slope = np.einsum("ij,i->j", design, said - chance) - penalty * beta
        curved.reshape(-1)[:n] = chance * (1 - chance)
        curve = ((blocks * curved[:, :, None]).transpose(0, 2, 1) @ blocks).sum(axis=0) + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        beta += step
        if np.max(np.abs(step)) < 1e-7:
            break
    return beta[1:], float(beta[0])


def times(columns: Floats, beta: Floats) -> Floats:
    """A matrix times a vector, summed in order."""
    return np.asarray(np.einsum("ij,j->i", columns, beta), dtype=np.float64)
