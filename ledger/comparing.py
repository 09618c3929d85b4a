"""Running the plan of a pilot: its comparisons, with balance, placebos and sensitivity (evaluation.md 6.4)."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl

from ledger.balance import balance
from ledger.comparison import Claim, Comparison, Estimate, Matched, Part, contains_zero
from ledger.data_state import closed_until
from ledger.difference import Staggered
from ledger.evidence import Pilot
from ledger.factbook import Factbook
from ledger.incidence import Difference, Rows, difference
from ledger.matching import Matches, exact, mature, rows
from ledger.monthly import Interruption, interruptions
from ledger.parameters import Parameters
from ledger.plan import Design, Event, Outcome, Plan
from ledger.propensity import propensity
from ledger.riskset import FAR, Mask, People, as_day, people_of
from ledger.sensitivity import (
    EValue,
    before_the_offer,
    bounds,
    by_landmark,
    coverages,
    e_values,
    is_work,
    placebo_period,
    smallest_visible,
    without_each_region,
)
from ledger.waves import waves


def compare(facts: Factbook, plan: Plan, pilot: Pilot) -> Comparison:
    """Run the plan of a pilot on the facts. The same facts and parameters give the same answer to the last digit."""
    parameters = facts.parameters
    people = people_of(facts, plan, pilot.pilot_id)
    told = facts.table("pilot_stays").filter((pl.col("pilot_id") == pilot.pilot_id) & pl.col("offered_on").is_not_null())
    steps = waves(plan, people, parameters)
    series = interruptions(plan, facts, pilot.valid_from, pilot.regions)
    if plan.primary is None or not plan.comparative:
        return _described(plan, told.height, int((people.offered < FAR).sum()), steps, series=series)
    outcome = plan.primary
    fitting = people.treated(outcome)
    closed = as_day(closed_until(facts.as_of, parameters))
    ripe = fitting[mature(people, fitting, outcome, by=closed)]
    counts = _Counts(told.height, len(fitting), len(fitting) - len(ripe), int((people.pilots_on(people.offered[ripe], ripe) > 0).sum()))
    if len(ripe) < parameters.few:
        return _described(plan, counts.offered, counts.fitting, steps, counts.immature, counts.several, series=series)
    m1, m1_sets = _matched(people, ripe, outcome, Design.M1, parameters)
    m2, m2_sets = _matched(people, ripe, outcome, Design.M2, parameters)
    main = _main(m1, m2)
    chosen, sets = (m1, m1_sets) if main is Design.M1 else (m2, m2_sets)
    if main is None or chosen is None:
        return _described(plan, counts.offered, counts.fitting, steps, counts.immature, counts.several, series=series)
    found = chosen.estimate.found
    e_value = e_values(found.first, found.second, found.interval)
    known = coverages(people, sets) if is_work(outcome) else None
    apart = known is not None and abs(known[0] - known[1]) > parameters.coverage_apart_bp / 10_000
    return Comparison(
        plan=plan,
        offered=counts.offered,
        fitting=counts.fitting,
        immature=counts.immature,
        several=counts.several,
        m1=m1,
        m2=m2,
        main=main,
        secondary=tuple(one for second in plan.secondary if (one := _secondary(people, second, parameters, closed)) is not None),
        equity=_equity(people, sets, outcome, main, parameters),
        placebos=_placebos(people, sets, outcome, main, parameters),
        without=tuple(
            Part(name=name, n=n, found=None, value=value)
            for name, n, value in without_each_region(people, sets, outcome, parameters.opened_least)
        ),
        landmarks=_landmarks(people, outcome, parameters),
        coverage=known,
        bounds=bounds(people, sets, outcome) if apart else None,
        e_value=e_value,
        visible=smallest_visible(found.second, found.n_first, found.n_second / max(found.n_first, 1), parameters),
        staggered=steps,
        series=series,
        claim=_claim(chosen, m1, m2, e_value, parameters),
    )


class _Counts(msgspec.Struct, frozen=True):
    offered: int
    fitting: int
    immature: int
    several: int


def _described(
    plan: Plan,
    offered: int,
    fitting: int,
    steps: Staggered | None,
    immature: int = 0,
    several: int = 0,
    *,
    series: tuple[Interruption, ...],
) -> Comparison:
    return Comparison(
        plan=plan,
        offered=offered,
        fitting=fitting,
        immature=immature,
        several=several,
        m1=None,
        m2=None,
        main=None,
        secondary=(),
        equity=(),
        placebos=(),
        without=(),
        landmarks=(),
        coverage=None,
        bounds=None,
        e_value=None,
        visible=None,
        staggered=steps,
        series=series,
        claim=_shift_claim(series),
    )


def _matched(
    people: People, ripe: np.ndarray[tuple[int], np.dtype[np.int64]], outcome: Outcome, design: Design, parameters: Parameters
) -> tuple[Matched | None, Matches]:
    """A matching and its sets; no estimate when fewer than thirty find a match: these are only described."""
    sets = exact(people, ripe, outcome, parameters) if design is Design.M1 else propensity(people, ripe, outcome, parameters)
    if len(sets.treated) < parameters.few:
        return None, sets
    found = _differ(rows(people, sets, outcome), outcome, parameters.draws, parameters.seed, pairs=design is Design.M2)
    estimate = Estimate(outcome=outcome, design=design, found=found, unmatched=sets.unmatched_share)
    return Matched(estimate=estimate, balance=balance(people, ripe, sets, outcome, parameters)), sets


def _main(m1: Matched | None, m2: Matched | None) -> Design | None:
    if m1 is None or m2 is None:
        return Design.M1 if m1 is not None else Design.M2 if m2 is not None else None
    if m1.balance.passes or m2.balance.passes:
        return Design.M1 if m1.balance.passes else Design.M2
    return Design.M1 if m1.estimate.unmatched <= m2.estimate.unmatched else Design.M2


def _differ(both: tuple[Rows, Rows], outcome: Outcome, draws: int, seed: int, *, pairs: bool) -> Difference:
    return difference(*both, outcome.days, draws=draws, seed=seed, pairs=pairs)


def _secondary(people: People, outcome: Outcome, parameters: Parameters, closed: int) -> Estimate | None:
    fitting = people.treated(outcome)
    ripe = fitting[mature(people, fitting, outcome, by=closed)]
    if len(ripe) < parameters.few:
        return None
    sets = exact(people, ripe, outcome, parameters)
    if len(sets.treated) < parameters.few:
        return None
    found = _differ(rows(people, sets, outcome), outcome, parameters.draws_beside, parameters.seed, pairs=False)
    return Estimate(outcome=outcome, design=Design.M1, found=found, unmatched=sets.unmatched_share)


def vulnerable(people: People) -> dict[str, Mask]:
    """The groups that equity looks at: low self-reliance, and jobseekers without benefit."""
    labels, benefit = people.self_reliance.labels, people.traits["benefit_class"]
    low = people.self_reliance.codes == (labels.index("low") if "low" in labels else -1)
    nug = benefit.codes == (benefit.labels.index("nug") if "nug" in benefit.labels else -1)
    return {"self_reliance_low": low, "nug": nug}


def _equity(people: People, sets: Matches, outcome: Outcome, main: Design, parameters: Parameters) -> tuple[Part, ...]:
    parts = []
    for name, who in vulnerable(people).items():
        kept = sets.only(who[sets.treated])
        if len(kept.treated) < parameters.few:
            parts.append(Part(name=name, n=len(kept.treated), found=None, value=float("nan")))
            continue
        found = _differ(rows(people, kept, outcome), outcome, parameters.draws_beside, parameters.seed, pairs=main is Design.M2)
        parts.append(Part(name=name, n=len(kept.treated), found=found, value=found.value))
    return tuple(parts)


def _placebos(people: People, sets: Matches, outcome: Outcome, main: Design, parameters: Parameters) -> tuple[Part, ...]:
    before = before_the_offer(people, sets)
    nothing = Outcome(Event.REACHED, 0, "")
    found = _differ(before, nothing, parameters.draws_beside, parameters.seed, pairs=main is Design.M2)
    parts = [Part(name="registered_before", n=len(sets.treated), found=found, value=found.value)]
    earlier = placebo_period(people, outcome, parameters)
    if earlier is not None and len(earlier[1].treated) >= parameters.few:
        as_if, theirs = earlier
        found = _differ(rows(as_if, theirs, outcome), outcome, parameters.draws_beside, parameters.seed, pairs=False)
        parts.append(Part(name="earlier_period", n=len(theirs.treated), found=found, value=found.value))
    return tuple(parts)


def _landmarks(people: People, outcome: Outcome, parameters: Parameters) -> tuple[Part, ...]:
    parts = []
    for day in parameters.landmarks:
        both = by_landmark(people, outcome, day)
        if len(both[0].time) >= parameters.few:
            found = _differ(both, outcome, 0, parameters.seed, pairs=False)
            parts.append(Part(name=str(day), n=found.n_first, found=found, value=found.value))
    return tuple(parts)


def _claim(chosen: Matched, m1: Matched | None, m2: Matched | None, e_value: EValue, parameters: Parameters) -> Claim:
    interval = chosen.estimate.found.interval
    if interval is not None and interval.low <= 0 <= interval.high:
        return Claim.NO_DIFFERENCE
    if not chosen.balance.passes or interval is None:
        return Claim.UNKNOWN_CAUSE
    if chosen.estimate.found.n_first < parameters.comparative:
        return Claim.INDICATIVE
    agree = m1 is not None and m2 is not None and m1.estimate.found.value * m2.estimate.found.value > 0
    firm = e_value.limit is not None and e_value.limit >= parameters.e_value_least
    return Claim.PLAUSIBLE if agree and firm else Claim.UNKNOWN_CAUSE


def _shift_claim(series: tuple[Interruption, ...]) -> Claim:
    """What may be said of the series that decides; nobody is compared."""
    first = series[0] if series else None
    if first is None or first.found is None:
        return Claim.DESCRIPTIVE
    if contains_zero(first.found.level.interval):
        return Claim.NO_DIFFERENCE
    return Claim.SHIFTED if first.beside is None else Claim.UNKNOWN_CAUSE
