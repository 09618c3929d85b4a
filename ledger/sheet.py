"""The decision sheet of a pilot: what of the comparison and of the evidence may be shown, in one piece (evaluation.md 6.4.6).

Small numbers are taken out here, once, before any page, command, export or drawing sees the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from ledger.balance import Balance
from ledger.comparing import compare
from ledger.comparison import Comparison, Matched
from ledger.cost import Cost, cost_of
from ledger.criteria import criteria
from ledger.criterion import Criterion, RuleNeeded
from ledger.difference import Staggered
from ledger.disclosure import Cell, protect_each
from ledger.evidence import Concluded, Evidence, Pilot, evidence
from ledger.factbook import Factbook
from ledger.interval import wilson
from ledger.monthly import Interruption
from ledger.plan import Design, Plan, plans
from ledger.profiles import of_year
from ledger.proposal import Proposal, propose
from ledger.remedy import remedies
from ledger.scenario import Candidate
from ledger.sheet_parts import (
    Equity,
    ShownEstimate,
    ShownPart,
    ShownProcess,
    ShownYear,
    shown_balance,
    shown_beside,
    shown_equity,
    shown_estimate,
    shown_money,
    shown_part,
    shown_process,
    shown_regions,
    shown_staggered,
    telling,
)
from ledger.verdict import Message


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet at one date and position."""

    pilot: Pilot
    plan: Plan
    as_of: date
    closed: date
    """Last day of the last closed quarter: what a comparison counts is over by then."""
    position: int
    parameters_seed: int
    offered: Cell
    accepted: Cell
    left: Cell
    reach: float | None
    """Accepted, of the target."""
    by_region: Mapping[str, Cell]
    fitting: Cell
    immature: Cell
    several: Cell
    process: tuple[ShownProcess, ...]
    m1: ShownEstimate | None
    m2: ShownEstimate | None
    main: Design | None
    balance: Balance | None
    claim: str
    claim_nl: str
    claim_en: str
    e_value: float | None
    e_value_limit: float | None
    visible: float | None
    coverage: tuple[float, float] | None
    bounds: tuple[float, float] | None
    secondary: tuple[ShownEstimate, ...]
    equity: tuple[Equity, ...]
    equity_effects: tuple[ShownPart, ...]
    placebos: tuple[ShownPart, ...]
    without: tuple[ShownPart, ...]
    landmarks: tuple[ShownPart, ...]
    staggered: Staggered | None
    series: tuple[Interruption, ...]
    """M4; only months that may be told are in it."""
    money: tuple[ShownYear, ...]
    cost: Cost
    rule_needed: RuleNeeded
    criteria: tuple[Criterion, ...]
    remedies: Mapping[str, Message]
    """Per criterion that is not passed: what it takes."""
    proposal: Proposal
    concluded: Concluded | None
    deviating: bool | None
    """Whether the published conclusion is another than the proposal; None without one."""
    due: date | None
    due_days: int | None
    """Days left until it must be evaluated; negative when that day has passed unconcluded, None when it is concluded."""
    indicators: tuple[str, ...]
    """What a conclusion on this sheet rests on."""
    candidate: Candidate | None
    """The pilot in the base year of the scenarios; None when nothing was spent."""

    @property
    def estimate(self) -> ShownEstimate | None:
        """The comparison that the conclusion rests on."""
        return self.m1 if self.main is Design.M1 else self.m2


def sheet(facts: Factbook, pilot: Pilot, *, rule: RuleNeeded = RuleNeeded.UNKNOWN, base_year: int | None = None) -> Sheet:
    """The sheet of a pilot."""
    plan = plans()[pilot.theme]
    known = evidence(facts, pilot, plan)
    return made(facts, known, compare(facts, plan, pilot), rule, base_year)


def made(facts: Factbook, known: Evidence, compared: Comparison, rule: RuleNeeded, base_year: int | None) -> Sheet:
    """A sheet of what is known and what was compared."""
    plan, pilot, parameters = compared.plan, known.pilot, facts.parameters
    cost = cost_of(known, compared, facts.as_of)
    told = criteria(plan, known, compared, cost, rule, parameters)
    proposal = propose(plan, known, compared, told, rule, parameters, facts.as_of)
    offered, accepted, left = protect_each((known.offered, known.accepted, known.left))
    fitting, immature, several = protect_each((compared.fitting, compared.immature, compared.several))
    chosen = compared.chosen
    open_due = known.due is not None and known.concluded is None
    return Sheet(
        pilot=pilot,
        plan=plan,
        as_of=facts.as_of,
        closed=known.data.closed,
        position=facts.position,
        parameters_seed=parameters.seed,
        offered=offered,
        accepted=accepted,
        left=left,
        reach=accepted.n / pilot.target if pilot.target and accepted.n is not None else None,
        by_region=shown_regions(known, pilot),
        fitting=fitting,
        immature=immature,
        several=several,
        process=tuple(shown_process(one) for one in known.process),
        m1=_matched(compared.m1),
        m2=_matched(compared.m2),
        main=compared.main,
        balance=shown_balance(chosen),
        claim=compared.claim.name.lower(),
        claim_nl=compared.claim.label.nl,
        claim_en=compared.claim.label.en,
        e_value=compared.e_value.estimate if compared.e_value else None,
        e_value_limit=compared.e_value.limit if compared.e_value else None,
        visible=compared.visible,
        coverage=compared.coverage,
        bounds=compared.bounds,
        secondary=shown_beside(compared.secondary, [one.estimate for one in (compared.m1, compared.m2) if one is not None]),
        equity=shown_equity(known),
        equity_effects=tuple(shown_part(one) for one in compared.equity),
        placebos=tuple(shown_part(one) for one in compared.placebos),
        without=tuple(shown_part(one) for one in compared.without),
        landmarks=tuple(shown_part(one) for one in compared.landmarks),
        staggered=shown_staggered(compared.staggered),
        series=compared.series,
        money=shown_money(known),
        cost=cost,
        rule_needed=rule,
        criteria=told,
        remedies=remedies(known, compared, told, parameters, facts.as_of),
        proposal=proposal,
        concluded=known.concluded,
        deviating=known.concluded.conclusion is not proposal.conclusion if known.concluded else None,
        due=known.due,
        due_days=(known.due - facts.as_of).days if open_due and known.due is not None else None,
        indicators=_indicators(plan),
        candidate=_candidate(known, compared, cost, base_year),
    )


def _indicators(plan: Plan) -> tuple[str, ...]:
    outcomes = [plan.primary.indicator] if plan.primary else []
    return tuple(dict.fromkeys([*outcomes, *plan.series, *plan.process, "IND-33"]))


def _matched(one: Matched | None) -> ShownEstimate | None:
    return None if one is None else shown_estimate(one.estimate)


def base_year_of(facts: Factbook) -> int | None:
    """The last year that is over and of which some pilot's spending is known."""
    last = facts.as_of.year - 1
    years = {row[0] for row in facts.table("resources").select("year", "kind").iter_rows() if row[1] == "spent" and row[0] <= last}
    return max(years, default=None)


def _candidate(known: Evidence, compared: Comparison, cost: Cost, base_year: int | None) -> Candidate | None:
    year = next((one for one in known.money if one.year == base_year), None)
    if year is None or not year.spent:
        return None
    found = compared.chosen.estimate.found if compared.chosen is not None else None
    people = None if compared.plan.theme.value.startswith("employer") or not known.accepted else year.accepted
    shown_year = next(one for one in shown_money(known) if one.year == base_year)
    hidden = people is not None and shown_year.accepted.hidden
    shown = found is not None and not telling(found.first, found.n_first)
    rate = found.first if found is not None and shown else None
    limits = wilson(round(rate * found.n_first), found.n_first) if found is not None and rate is not None else None
    mine, participants, _, _ = known.equity.get("self_reliance_low", (0, 0, 0, 0))
    without, _, _, _ = known.equity.get("nug", (0, 0, 0, 0))
    return Candidate(
        pilot_id=known.pilot.pilot_id,
        cents=year.spent,
        people=0 if hidden else people,
        rate=rate,
        rate_interval=limits,
        per_result=cost.per_result,
        told=of_year(known.profiles, year.year, known.pilot.regions) if people is not None and not hidden else {},
        vulnerable=max(mine, without) / participants if participants else 0.0,
    )
