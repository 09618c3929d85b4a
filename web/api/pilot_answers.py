"""Decision sheets and scenarios as the API tells them. What may not be shown is null."""

from __future__ import annotations

import math
from datetime import date

import msgspec

from ledger.caveat import caveat, sentence
from ledger.criterion import Criterion
from ledger.evidence import Concluded
from ledger.proposal import Proposal
from ledger.sheet import Sheet
from ledger.sheet_parts import ShownProcess, ShownYear
from ledger.verdict import Message
from web.api.comparison_answers import (
    BalanceItem,
    EstimateItem,
    Limits,
    OutcomeItem,
    PartItem,
    SeriesItem,
    StaggeredItem,
    balance_item,
    estimate_item,
    outcome_item,
    part_item,
    series_item,
    staggered_item,
)


class ProcessItem(msgspec.Struct, frozen=True, kw_only=True):
    """A process indicator among participants."""

    indicator: str
    numerator: int | None
    denominator: int | None
    value: float | None
    everybody: float | None
    verdict: str | None
    hidden: bool


def _process(one: ShownProcess) -> ProcessItem:
    return ProcessItem(
        indicator=one.indicator,
        numerator=one.top,
        denominator=one.bottom,
        value=one.value,
        everybody=one.everybody,
        verdict=one.verdict,
        hidden=one.hidden,
    )


class YearItem(msgspec.Struct, frozen=True, kw_only=True):
    """A year of money, in cents."""

    year: int
    recurrent: int
    once: int
    spent: int
    accepted: int | None
    per_participant: float | None


def _year(one: ShownYear) -> YearItem:
    return YearItem(
        year=one.year,
        recurrent=one.recurrent,
        once=one.once,
        spent=one.spent,
        accepted=one.accepted.n,
        per_participant=one.per_participant,
    )


class CriterionItem(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion E1 to E10."""

    id: str
    label: Message
    state: str
    state_label: Message
    why: Message
    needed: Message | None
    """What it takes to pass it."""


def _criterion(sheet: Sheet, one: Criterion) -> CriterionItem:
    needed = sheet.remedies.get(one.id)
    return CriterionItem(id=one.id, label=one.label, state=one.state.code, state_label=one.state.label, why=one.why, needed=needed)


class OtherwiseItem(msgspec.Struct, frozen=True, kw_only=True):
    """The proposal if only the data were in order."""

    proposal: str
    label: Message
    order: int
    why: Message
    missing: list[str]


def _otherwise(one: Proposal) -> OtherwiseItem:
    label = Message(one.conclusion.nl, one.conclusion.en)
    return OtherwiseItem(proposal=one.conclusion.value, label=label, order=one.order, why=one.why, missing=list(one.missing))


class ConclusionItem(msgspec.Struct, frozen=True, kw_only=True):
    """A published conclusion."""

    conclusion: str
    label: Message
    on: date
    role: str
    checkpoint_position: int
    indicators: list[str]


def conclusion_item(one: Concluded) -> ConclusionItem:
    """A conclusion."""
    label = Message(one.conclusion.nl, one.conclusion.en)
    return ConclusionItem(
        conclusion=one.conclusion.value,
        label=label,
        on=one.on,
        role=one.role.value,
        checkpoint_position=one.position,
        indicators=list(one.indicators),
    )


class PilotItem(msgspec.Struct, frozen=True, kw_only=True):
    """A pilot in a line."""

    id: str
    theme: str
    label: Message
    executors: list[str]
    regions: list[str]
    valid_from: date
    valid_to: date | None
    target: int | None
    offered: int | None
    accepted: int | None
    reach: float | None
    spent: int
    per_participant: float | None
    proposal: str
    proposal_label: Message
    conclusion: ConclusionItem | None
    deviating: bool | None
    due: date | None
    due_days: int | None


def pilot_item(one: Sheet) -> PilotItem:
    """A pilot in a line."""
    proposed = one.proposal.conclusion
    return PilotItem(
        id=one.pilot.pilot_id,
        theme=one.pilot.theme.value,
        label=Message(one.pilot.theme.nl, one.pilot.theme.en),
        executors=list(one.pilot.executors),
        regions=[region.value for region in one.pilot.regions],
        valid_from=one.pilot.valid_from,
        valid_to=one.pilot.valid_to,
        target=one.pilot.target,
        offered=one.offered.n,
        accepted=one.accepted.n,
        reach=one.reach,
        spent=one.cost.spent,
        per_participant=one.cost.per_participant,
        proposal=proposed.value,
        proposal_label=Message(proposed.nl, proposed.en),
        conclusion=conclusion_item(one.concluded) if one.concluded else None,
        deviating=one.deviating,
        due=one.due,
        due_days=one.due_days,
    )


class SheetAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A decision sheet at one date and position."""

    pilot: PilotItem
    as_of: date
    closed: date
    """Last day of the last closed quarter: what the comparison counts is over by then."""
    position: int
    plan: str
    """Hash of the plan, fixed before the run."""
    methods: list[str]
    population: Message
    counted_from: Message
    outcome: OutcomeItem | None
    left: int | None
    by_region: dict[str, int | None]
    fitting: int | None
    immature: int | None
    several: int | None
    process: list[ProcessItem]
    claim: str
    claim_label: Message
    sentence: Message
    caveat: Message | None
    main: str | None
    m1: EstimateItem | None
    m2: EstimateItem | None
    balance: BalanceItem | None
    e_value: float | None
    e_value_limit: float | None
    smallest_visible: float | None
    coverage: Limits | None
    bounds: Limits | None
    secondary: list[EstimateItem]
    equity: dict[str, tuple[float | None, float | None]]
    """Share among participants, share in the cohort."""
    equity_effects: list[PartItem]
    placebos: list[PartItem]
    without_region: list[PartItem]
    landmarks: list[PartItem]
    staggered: StaggeredItem | None
    series: list[SeriesItem]
    """M4: the series that decides first."""
    money: list[YearItem]
    cost_per_result: float | None
    cost_per_result_interval: Limits | None
    rule_needed: str
    criteria: list[CriterionItem]
    proposal_order: int
    proposal_why: Message
    missing: list[str]
    otherwise: OtherwiseItem | None
    """The proposal if only the data were in order; null when they are."""
    indicators: list[str]
    """What a conclusion on this sheet names."""


def sheet_answer(one: Sheet) -> SheetAnswer:
    """A sheet."""
    cost = one.cost
    return SheetAnswer(
        pilot=pilot_item(one),
        as_of=one.as_of,
        closed=one.closed,
        position=one.position,
        plan=one.plan.digest,
        methods=[design.name for design in one.plan.designs],
        population=one.plan.who.label,
        counted_from=one.plan.origin.label,
        outcome=outcome_item(one.plan.primary) if one.plan.primary else None,
        left=one.left.n,
        by_region={region: cell.n for region, cell in one.by_region.items()},
        fitting=one.fitting.n,
        immature=one.immature.n,
        several=one.several.n,
        process=[_process(part) for part in one.process],
        claim=one.claim,
        claim_label=Message(one.claim_nl, one.claim_en),
        sentence=sentence(one),
        caveat=caveat(one),
        main=one.main.name if one.main else None,
        m1=estimate_item(one.m1) if one.m1 else None,
        m2=estimate_item(one.m2) if one.m2 else None,
        balance=balance_item(one.balance) if one.balance else None,
        e_value=_finite(one.e_value),
        e_value_limit=_finite(one.e_value_limit),
        smallest_visible=one.visible,
        coverage=one.coverage,
        bounds=one.bounds,
        secondary=[estimate_item(part) for part in one.secondary],
        equity={part.name: (part.participants, part.cohort) for part in one.equity},
        equity_effects=[part_item(part) for part in one.equity_effects],
        placebos=[part_item(part) for part in one.placebos],
        without_region=[part_item(part) for part in one.without],
        landmarks=[part_item(part) for part in one.landmarks],
        staggered=staggered_item(one.staggered) if one.staggered else None,
        series=[series_item(part) for part in one.series],
        money=[_year(part) for part in one.money],
        cost_per_result=cost.per_result,
        cost_per_result_interval=(cost.low, cost.high) if cost.low is not None and cost.high is not None else None,
        rule_needed=one.rule_needed.name.lower(),
        criteria=[_criterion(one, part) for part in one.criteria],
        proposal_order=one.proposal.order,
        proposal_why=one.proposal.why,
        missing=list(one.proposal.missing),
        otherwise=_otherwise(one.proposal.otherwise) if one.proposal.otherwise else None,
        indicators=list(one.indicators),
    )


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else value
