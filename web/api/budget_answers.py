"""Scenarios of a budget as the API tells them, in cents and persons."""

from __future__ import annotations

import msgspec

from ledger.profiles import BENEFIT, REGION, RELIANCE
from ledger.scenario import Allotment, Scenario
from ledger.verdict import Message
from streams.evaluation import Budget
from web.api.comparison_answers import Limits, limits


class AllotmentItem(msgspec.Struct, frozen=True, kw_only=True):
    """What a pilot gets, in cents, and what it can do with it."""

    pilot: str
    cents: int
    people: int | None
    lost_people: int | None
    results: float | None
    results_interval: Limits | None
    lost_results: float | None
    runs: bool
    outside_observed: bool


class LostItem(msgspec.Struct, frozen=True, kw_only=True):
    """Persons no longer reached."""

    n: int
    more: bool
    """Whether there are more, of whom that may not be told."""


class ScenarioItem(msgspec.Struct, frozen=True, kw_only=True):
    """One division of a budget."""

    rule: str
    label: Message
    budget: int
    people: int
    lost_people: int
    results: float
    lost_results: float
    lost_by: dict[str, dict[str, LostItem]]
    """Persons no longer reached, by region and by profile (``self_reliance``, ``nug``) at acceptance."""
    pilots: list[AllotmentItem]


def _allotment(one: Allotment) -> AllotmentItem:
    return AllotmentItem(
        pilot=one.pilot_id,
        cents=one.cents,
        people=one.people,
        lost_people=one.lost_people,
        results=one.results,
        results_interval=limits(one.results_interval),
        lost_results=one.lost_results,
        runs=one.runs,
        outside_observed=one.outside,
    )


def scenario_item(one: Scenario) -> ScenarioItem:
    """A scenario."""
    return ScenarioItem(
        rule=one.rule.code,
        label=one.rule.label,
        budget=one.budget,
        people=one.people,
        lost_people=one.lost_people,
        results=one.results,
        lost_results=one.lost_results,
        lost_by={
            dimension: {code: LostItem(n=lost.n, more=lost.hidden) for code, lost in one.lost_by(dimension).items()}
            for dimension in (REGION, RELIANCE, BENEFIT)
        },
        pilots=[_allotment(part) for part in one.allotments],
    )


class BudgetItem(msgspec.Struct, frozen=True, kw_only=True):
    """What the money allows, in cents."""

    base_year: int
    base: int
    lean_year: int
    planned: int
    budget: int
    scenarios: list[ScenarioItem]
    envelopes: list[ScenarioItem]


def budget_item(one: Budget) -> BudgetItem:
    """A budget."""
    return BudgetItem(
        base_year=one.base_year,
        base=one.base,
        lean_year=one.lean_year,
        planned=one.planned,
        budget=one.budget,
        scenarios=[scenario_item(part) for part in one.scenarios],
        envelopes=[scenario_item(part) for part in one.envelopes],
    )
