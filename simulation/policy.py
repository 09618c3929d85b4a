"""What policy decides: who may publish, norms, pilots, budgets, frameworks, insights and conclusions."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.codes.contract import TrajectoryPart
from ledger.codes.pilot import InsightOrigin, InsightState, PilotTheme
from ledger.codes.policy import ClauseTopic, Conclusion, EvaluationSubject, ResourceKind
from ledger.codes.publisher import AuthorityState
from ledger.events.pilot import InsightRecorded, PilotOpened
from ledger.events.policy import Clause, EvaluationConcluded, FrameworkVersionAdopted, NormSet, ResourceRecorded
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.parameters import DEFAULT_NORMS
from simulation.draw import Draws, half_up, named_uuid8
from simulation.fact import Fact, Story
from simulation.moment import as_date, as_moment, day_of, first_of_month, working_day
from simulation.organisations import ABB, ACTIRIS, AGII, AMAL, ATLAS, BON, EVALUATOR, HVN, OPERATOR, SOURCES, VDAB
from simulation.parameters import Parameters
from simulation.pilots import EVC, FIRST_BUDGET_YEAR, LANGUAGE, PILOTS, Pilot

_EXECUTORS = (AGII.kbo, BON.kbo, ATLAS.kbo, AMAL.kbo)
OVERSPENT = (EVC.number, 2025, 1.08)
"""Planted (F31): this pilot overspends in this year by this factor."""


def tell(seed: int, people: int, parameters: Parameters) -> Iterator[Fact]:
    """The facts of policy, the same for any number of persons but for targets of reach and the position an evaluation names."""
    story = Story(Draws(seed, "policy", 0), parameters.period.end)
    _authorise(story, parameters)
    day = parameters.period.norms
    for clock, norm in DEFAULT_NORMS.items():
        norm_set = NormSet(clock=clock, period=norm.period, kind=norm.kind, valid_from=as_date(day), source=norm.source)
        story.add(ABB, norm_set, day, f"beleid/norm/{clock.value}")
    for pilot in PILOTS:
        _pilot(story, pilot, people / parameters.volumes.population)
    _frameworks(story)
    _insights(story)
    _conclude(story, people)
    yield from story.facts


def _authorise(story: Story, parameters: Parameters) -> None:
    day = parameters.period.start
    for source in SOURCES:
        change = PublisherAuthorityChanged(
            org=source.kbo,
            role=source.role,
            state=AuthorityState.AUTHORISED,
            valid_from=as_moment(day, 0),
            authority=source.authority,
        )
        story.add(OPERATOR, change, day, f"bron/{source.kbo}")


def _pilot(story: Story, pilot: Pilot, scale: float) -> None:
    """``scale`` is how many persons are simulated of those whom the pilot was planned for: its target is for these alone."""
    target = half_up(200 * pilot.budget[1] / 100 * scale)
    subject = f"beleid/pilot/{pilot.pilot_id}"
    opened = PilotOpened(
        pilot_id=pilot.pilot_id,
        theme=pilot.theme,
        executors=_EXECUTORS if pilot is not LANGUAGE else (AGII.kbo, ATLAS.kbo),
        regions=pilot.regions,
        valid_from=as_date(pilot.start),
        valid_to=None if pilot.last is None else as_date(pilot.last),
        target_reach=None if pilot is LANGUAGE else max(1, target),
    )
    story.add(ABB, opened, working_day(pilot.start - 10), subject)
    budget = f"beleid/budget/{pilot.pilot_id}"
    for n, thousands in enumerate(pilot.budget):
        year = FIRST_BUDGET_YEAR + n
        if thousands == 0:
            continue
        allocated = thousands * 100_000
        day = first_of_month(year, 1)
        kind = ResourceKind.ALLOCATED_RECURRENT
        story.add(ABB, ResourceRecorded(pilot_id=pilot.pilot_id, year=year, kind=kind, amount=allocated), day, budget)
        share = min(1.0, story.draws.lognormal(0.94, 0.08, f"spent.{pilot.number}", year))
        if (pilot.number, year) == OVERSPENT[:2]:
            share = OVERSPENT[2]
        spent = ResourceRecorded(pilot_id=pilot.pilot_id, year=year, kind=ResourceKind.SPENT, amount=half_up(allocated * share))
        story.add(ABB, spent, working_day(first_of_month(year + 1, 2) + 9), budget)


_CLAUSES: tuple[tuple[ClauseTopic, str | None], ...] = (
    (ClauseTopic.REFERRAL, "P14D"),
    (ClauseTopic.REGISTRATION, "P60D"),
    (ClauseTopic.FEEDBACK, "P21D"),
    (ClauseTopic.OFFER_DISCLOSURE, None),
    (ClauseTopic.DATA_SHARING, "P7D"),
    (ClauseTopic.SECTOR_ALIGNMENT, None),
    (ClauseTopic.GROUP_OFFER, "P90D"),
    (ClauseTopic.EMPLOYER, None),
)
VDAB_FRAMEWORK = named_uuid8("framework-vdab")
ACTIRIS_FRAMEWORK = named_uuid8("framework-actiris")


def _frameworks(story: Story) -> None:
    flemish = tuple(Clause(clause_id=named_uuid8(f"clause-vdab-{topic.value}"), topic=topic, norm=norm) for topic, norm in _CLAUSES)
    brussels = (
        Clause(clause_id=named_uuid8("clause-actiris-brussels"), topic=ClauseTopic.BRUSSELS),
        Clause(clause_id=named_uuid8("clause-actiris-feedback"), topic=ClauseTopic.FEEDBACK, norm="P30D"),
    )
    parties = (AGII.kbo, ATLAS.kbo, AMAL.kbo, VDAB.kbo)
    for framework, version, of, clauses, on in (
        (VDAB_FRAMEWORK, 1, parties, flemish[:5], "2023-01-09"),
        (VDAB_FRAMEWORK, 2, parties, flemish, "2025-01-06"),
        (ACTIRIS_FRAMEWORK, 1, (BON.kbo, HVN.kbo, ACTIRIS.kbo), brussels, "2024-02-05"),
    ):
        day = day_of(on)
        adopted = FrameworkVersionAdopted(framework_id=framework, version=version, parties=of, clauses=clauses, valid_from=as_date(day))
        story.add(ABB, adopted, day, f"beleid/framework/{framework}")


_ORIGINS = (
    (InsightOrigin.SECTOR_TRAJECTORY, PilotTheme.SECTOR_TRAJECTORY),
    (InsightOrigin.VERVOLGTRAJECT, PilotTheme.VERVOLGTRAJECT),
    (InsightOrigin.UPGRADETRAJECT, PilotTheme.UPGRADETRAJECT),
    (InsightOrigin.GROUP_OFFER, PilotTheme.GROUP_OFFER),
    (InsightOrigin.OTHER_PILOT, PilotTheme.CAREER_ORIENTATION),
)
INSIGHTS = 30
"""[A] Insights proposed from the pilots' start on, one a month."""


def _insights(story: Story) -> None:
    draws = story.draws
    for n in range(INSIGHTS):
        insight_id = draws.uuid8("insight", n)
        origin, theme = _ORIGINS[draws.below(len(_ORIGINS), "insight.origin", n)]
        day = working_day(day_of("2024-05-06") + 28 * n)
        subject = f"beleid/insight/{insight_id}"
        proposer = (AGII, ATLAS, AMAL, BON)[n % 4]
        story.add(proposer, InsightRecorded(insight_id=insight_id, origin=origin, theme=theme, state=InsightState.PROPOSED), day, subject)
        u = draws.uniform("insight.state", n)
        later = working_day(day + draws.days(150, 0.5, "insight.delay", n))
        if u < 0.40:
            part = (TrajectoryPart.MO, TrajectoryPart.PILLAR3, TrajectoryPart.GUIDANCE)[n % 3]
            integrated = InsightRecorded(
                insight_id=insight_id, origin=origin, theme=theme, state=InsightState.INTEGRATED, integrated_part=part
            )
            story.add(ABB, integrated, later, subject)
        elif u < 0.60:
            rejected = InsightRecorded(insight_id=insight_id, origin=origin, theme=theme, state=InsightState.REJECTED)
            story.add(ABB, rejected, later, subject)


_CONCLUSIONS: tuple[tuple[int, str, Conclusion, tuple[str, ...]], ...] = (
    (1, "2026-05-18", Conclusion.ANCHOR_WITHOUT_REGULATION, ("IND-03", "IND-04", "IND-06")),
    (2, "2026-06-08", Conclusion.ANCHOR_IN_REGULATION, ("IND-22", "IND-23", "IND-24", "IND-29")),
    (3, "2026-06-15", Conclusion.CONTINUE_PILOT, ("IND-29", "IND-32")),
    (4, "2026-06-10", Conclusion.ANCHOR_WITHOUT_REGULATION, ("IND-27", "IND-33")),
    (5, "2026-06-25", Conclusion.INSUFFICIENT_EVIDENCE, ("IND-42",)),
    (6, "2026-06-18", Conclusion.CONTINUE_PILOT, ("IND-35", "IND-36", "IND-37")),
)
"""Pilot 5 is concluded after 20 June 2026: a breach of C23 by the policy owner's own clock."""

EVENTS_PER_PERSON = 16
"""[A] To name a plausible position in an evaluation; the simulator cannot know the ledger's."""


def _conclude(story: Story, people: int) -> None:
    position = people * EVENTS_PER_PERSON
    for number, on, conclusion, indicators in _CONCLUSIONS:
        pilot_id = PILOTS[number - 1].pilot_id
        concluded = EvaluationConcluded(
            subject_kind=EvaluationSubject.PILOT,
            subject_id=pilot_id,
            conclusion=conclusion,
            checkpoint_position=position,
            indicator_ids=indicators,
        )
        story.add(EVALUATOR, concluded, day_of(on), f"beleid/evaluation/{pilot_id}")
    clause = named_uuid8(f"clause-vdab-{ClauseTopic.FEEDBACK.value}")
    concluded = EvaluationConcluded(
        subject_kind=EvaluationSubject.FRAMEWORK_CLAUSE,
        subject_id=clause,
        conclusion=Conclusion.ADJUST_FRAMEWORK,
        checkpoint_position=position,
        indicator_ids=("IND-12", "IND-13"),
    )
    story.add(EVALUATOR, concluded, day_of("2026-06-12"), f"beleid/evaluation/{clause}")
