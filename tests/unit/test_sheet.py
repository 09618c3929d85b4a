"""Decision sheets: criteria, the order of the proposal, cost, scenarios, and what of small numbers is shown."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.balance import Balance
from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import Conclusion
from ledger.codes.region import Region
from ledger.comparison import Claim, Comparison, Estimate, Matched, Part
from ledger.cost import Cost, cost_of
from ledger.criteria import criteria
from ledger.criterion import RuleNeeded, State
from ledger.data_state import DataState, SourceLack, closed_until
from ledger.disclosure import Cell, protect_list, small_share
from ledger.evidence import Evidence, Money, Pilot, Process
from ledger.funnel import Verdict
from ledger.incidence import Difference
from ledger.interval import Interval
from ledger.parameters import PARAMETERS
from ledger.plan import Design, Event, Outcome, plans
from ledger.profiles import of_year
from ledger.proposal import Proposal, propose
from ledger.release import closed_quarters
from ledger.remedy import remedies, sample_date
from ledger.rule_facts import RuleFacts
from ledger.scenario import Candidate, Lost, Rule, scenario
from ledger.sensitivity import EValue
from ledger.sheet_parts import shown_beside, shown_estimate, shown_money, shown_part
from ledger.verdict import Message

D = date(2026, 7, 1)
SECTOR = plans()[PilotTheme.SECTOR_TRAJECTORY]
EVC = plans()[PilotTheme.EVC_GUIDANCE]
assert SECTOR.primary is not None
PRIMARY: Outcome = SECTOR.primary


def data(*, wrong: int = 1, gaps: int = 0, closed: date = date(2026, 3, 31)) -> DataState:
    return DataState(closed=closed, months=100, months_wrong=wrong, gaps=gaps)


def known(**changes: object) -> Evidence:
    """A pilot that everything is in order with."""
    pilot = Pilot(
        pilot_id="p", theme=PilotTheme.SECTOR_TRAJECTORY, executors=(), regions=(), valid_from=date(2024, 4, 1), valid_to=None, target=500
    )
    plain = Evidence(
        pilot=pilot,
        offered=1000,
        accepted=400,
        left=10,
        by_region={},
        profiles={},
        money=(),
        process=(Process(indicator="IND-22", top=80, bottom=100, value=0.8, everybody=0.8, verdict=Verdict.WITHIN, below=False),),
        equity={"self_reliance_low": (80, 400, 200, 1000), "nug": (120, 400, 300, 1000)},
        coverage=0.9,
        data=data(),
        rule_facts=RuleFacts(),
        role_findings=(),
        roles_apart=False,
        partner_met=80,
        partner_decided=100,
        due=None,
        due_state=None,
        concluded=None,
    )
    return msgspec.structs.replace(plain, **changes)


def compared(
    value: float = 0.06,
    interval: Interval | None = Interval(0.03, 0.09),  # noqa: B008
    *,
    balanced: bool = True,
    e_limit: float | None = 1.5,
    m2_value: float = 0.05,
    n: int = 800,
    plan: object = SECTOR,
    reached: bool = True,
) -> Comparison:
    """A comparison with this difference."""

    def one(design: Design, difference: float) -> Matched:
        found = Difference(0.3 + difference, 0.3, difference, interval, n, 3 * n, 2000, 1)
        return Matched(
            estimate=Estimate(outcome=PRIMARY, design=design, found=found, unmatched=0.05),
            balance=Balance((), 0.05, 0.05, balanced),
        )

    return Comparison(
        plan=plan,  # type: ignore[arg-type]
        offered=1000,
        fitting=900,
        immature=100,
        several=0,
        m1=one(Design.M1, value) if reached else None,
        m2=one(Design.M2, m2_value) if reached else None,
        main=Design.M1 if reached else None,
        secondary=(),
        equity=(),
        placebos=(),
        without=(),
        landmarks=(),
        coverage=None,
        bounds=None,
        e_value=EValue(2.0, e_limit) if reached else None,
        visible=0.05,
        staggered=None,
        series=(),
        claim=Claim.PLAUSIBLE,
    )


def cost(per_result: float | None = 100.0) -> Cost:
    return Cost(spent=1, offered=1, accepted=1, per_participant=1.0, per_result=per_result, low=None, high=None)


def judged(evidence: Evidence, comparison: Comparison, rule: RuleNeeded = RuleNeeded.YES) -> tuple[dict[str, State], Proposal]:
    told = criteria(comparison.plan, evidence, comparison, cost(), rule, PARAMETERS)
    assert [one.id for one in told] == [f"E{number}" for number in range(1, 11)]
    return {one.id: one.state for one in told}, propose(comparison.plan, evidence, comparison, told, rule, PARAMETERS, D)


# -- criteria and proposal ------------------------------------------------------------------------------------------------


def test_a_pilot_that_passes_everything_is_anchored_with_or_without_a_rule() -> None:
    states, proposal = judged(known(), compared())
    assert set(states.values()) == {State.PASSED}
    assert (proposal.conclusion, proposal.order) == (Conclusion.ANCHOR_IN_REGULATION, 4)
    assert judged(known(), compared(), RuleNeeded.NO)[1].conclusion is Conclusion.ANCHOR_WITHOUT_REGULATION
    open_still = judged(known(), compared(), RuleNeeded.UNKNOWN)[1]
    assert (open_still.conclusion, open_still.missing) == (Conclusion.CONTINUE_PILOT, ("E10",))


@pytest.mark.parametrize(
    ("evidence", "comparison", "criterion", "state"),
    [
        (known(accepted=349), compared(), "E1", State.FAILED),
        (known(accepted=350), compared(), "E1", State.PASSED),
        (known(process=(msgspec.structs.replace(known().process[0], below=True),)), compared(), "E2", State.FAILED),
        (known(process=()), compared(), "E2", State.OPEN),
        (known(), compared(0.029, Interval(0.001, 0.06)), "E3", State.FAILED),
        (known(), compared(0.03, Interval(0.001, 0.06)), "E3", State.PASSED),
        (known(), compared(0.06, Interval(0.0, 0.12)), "E3", State.FAILED),
        (known(), compared(0.06, None), "E3", State.OPEN),
        (known(), compared(balanced=False), "E4", State.FAILED),
        (known(), compared(m2_value=-0.01), "E4", State.FAILED),
        (known(), compared(e_limit=1.24), "E4", State.FAILED),
        (known(equity={"nug": (79, 400, 300, 1000), "self_reliance_low": (80, 400, 200, 1000)}), compared(), "E5", State.FAILED),
        (known(equity={"nug": (80, 400, 300, 1000), "self_reliance_low": (80, 400, 200, 1000)}), compared(), "E5", State.PASSED),
        (known(coverage=0.79), compared(), "E7", State.FAILED),
        (known(data=data(wrong=5)), compared(), "E7", State.PASSED),
        (known(data=data(wrong=6)), compared(), "E7", State.FAILED),
        (known(data=data(gaps=1)), compared(), "E7", State.FAILED),
        (known(data=data(closed=date(2024, 3, 31))), compared(), "E7", State.FAILED),
        (known(role_findings=(("P2", date(2026, 1, 1)),)), compared(), "E8", State.FAILED),
        (known(roles_apart=True), compared(), "E8", State.FAILED),
        (known(partner_met=69), compared(), "E9", State.FAILED),
        (known(partner_met=20, partner_decided=29), compared(), "E9", State.OPEN),
    ],
)
def test_each_criterion_at_its_limit(evidence: Evidence, comparison: Comparison, criterion: str, state: State) -> None:
    assert judged(evidence, comparison)[0][criterion] is state


@pytest.mark.parametrize(
    ("evidence", "comparison", "conclusion", "order"),
    [
        (known(accepted=29), compared(-0.1, Interval(-0.2, -0.05)), Conclusion.INSUFFICIENT_EVIDENCE, 1),
        (known(data=data(gaps=3)), compared(-0.1, Interval(-0.2, -0.05)), Conclusion.INSUFFICIENT_EVIDENCE, 1),
        (known(), compared(reached=False), Conclusion.INSUFFICIENT_EVIDENCE, 1),
        (known(), compared(-0.1, Interval(-0.2, -0.01)), Conclusion.STOP, 2),
        (known(), compared(0.0, Interval(-0.02, 0.02)), Conclusion.STOP, 2),
        (known(accepted=199), compared(), Conclusion.STOP, 2),
        (known(partner_met=10), compared(), Conclusion.ADJUST_FRAMEWORK, 3),
        (known(), compared(0.02, Interval(-0.02, 0.06)), Conclusion.CONTINUE_PILOT, 6),
    ],
)
def test_the_first_condition_that_holds_proposes(evidence: Evidence, comparison: Comparison, conclusion: Conclusion, order: int) -> None:
    proposal = judged(evidence, comparison)[1]
    assert (proposal.conclusion, proposal.order) == (conclusion, order)


def test_a_descriptive_theme_is_never_proposed_for_regulation() -> None:
    told = compared(plan=EVC, reached=False)
    states, proposal = judged(known(), told)
    assert states["E3"] is states["E4"] is State.NONE
    assert proposal.conclusion is Conclusion.CONTINUE_PILOT
    assert judged(known(), told, RuleNeeded.NO)[1].conclusion is Conclusion.ANCHOR_WITHOUT_REGULATION


@pytest.mark.parametrize("day", [date(2026, 6, 27), date(2026, 4, 30), date(2026, 5, 1), date(2026, 4, 29), date(2026, 3, 31)])
def test_the_last_closed_quarter_is_that_of_the_releases(day: date) -> None:
    days = PARAMETERS.quarter_closes_days
    assert closed_until(day, PARAMETERS) == [*closed_quarters(date(2025, 1, 1), day, days)][-1].last


def test_what_is_lacking_is_told_with_what_it_takes() -> None:
    lacking = SourceLack(source="urn:kbo:1999015095:mlb", name=Message("VDAB (mlb)", "VDAB (mlb)"), months=("2025-02",), numbers=4, runs=2)
    evidence = known(accepted=100, data=msgspec.structs.replace(data(gaps=2, wrong=6), lacking=(lacking,)))
    comparison = compared(0.01, Interval(-0.05, 0.07), balanced=False, n=200)
    told = criteria(SECTOR, evidence, comparison, cost(None), RuleNeeded.UNKNOWN, PARAMETERS)
    made = remedies(evidence, comparison, told, PARAMETERS, D)
    assert set(made) == {"E1", "E3", "E4", "E7"}, "what is passed needs nothing"
    assert made["E1"].en == "at least 350 participants"
    assert "VDAB (mlb) 4 numbers and 1 month" in made["E7"].en
    fine = known(accepted=100, data=msgspec.structs.replace(data(gaps=2), lacking=(lacking,)))
    assert "month" not in remedies(fine, comparison, told, PARAMETERS, D)["E7"].en, "months that pass are not asked for"
    assert "556 matched persons are needed, now 200" in made["E3"].en, "from 5 points to 3: (5/3)² times as many"
    assert "by chance alone; from about 1200" in made["E4"].en


def test_the_date_of_a_sample_follows_the_pace_and_is_none_past_the_end() -> None:
    comparison = compared(0.01, Interval(-0.05, 0.07), n=400)
    # 900 fitted in 821 days, 100 of them immature, and half of the others found a match.
    needed, on = sample_date(known(), comparison, PARAMETERS, D) or (0, None)
    assert needed == 1112
    pace = 900 * 0.5 / 821
    assert on == D + timedelta(days=round((1112 - 400 - 50) / pace) + 365)
    ended = known(pilot=msgspec.structs.replace(known().pilot, valid_to=date(2026, 12, 31)))
    assert sample_date(ended, comparison, PARAMETERS, D) == (1112, None)
    assert sample_date(known(), compared(reached=False), PARAMETERS, D) is None


def test_the_proposal_says_what_it_would_be_if_only_the_data_were_in_order() -> None:
    barred = judged(known(data=data(gaps=1)), compared())[1]
    assert (barred.conclusion, barred.missing) == (Conclusion.INSUFFICIENT_EVIDENCE, ("E7",))
    assert barred.otherwise is not None
    assert barred.otherwise.conclusion is Conclusion.ANCHOR_IN_REGULATION
    few = judged(known(accepted=29, data=data(gaps=1)), compared())[1]
    assert few.otherwise is None, "too few participants come first"
    assert judged(known(), compared())[1].otherwise is None


def test_the_facts_beside_the_question_of_a_rule_answer_nothing() -> None:
    facts = RuleFacts(spread=2.4, spread_of="IND-03", without_basis=3, may_unused=40, may_decided=100)
    told = criteria(SECTOR, known(rule_facts=facts), compared(), cost(), RuleNeeded.UNKNOWN, PARAMETERS)[-1]
    assert told.state is State.OPEN
    assert "IND-03" in told.why.en
    assert "φ = 2.4" in told.why.en
    assert "fewer than 5 persons" in told.why.en, "a small count stays hidden"
    assert "unused by 40.0%" in told.why.en
    few = RuleFacts(may_unused=2, may_decided=100)
    assert "unused" not in criteria(SECTOR, known(rule_facts=few), compared(), cost(), RuleNeeded.NO, PARAMETERS)[-1].why.en


# -- money ----------------------------------------------------------------------------------------------------------------


def money(year: int, spent: int, accepted: int, offered: int) -> Money:
    return Money(year=year, recurrent=0, once=0, spent=spent, accepted=accepted, offered=offered)


def test_the_cost_counts_the_years_of_which_spending_is_known() -> None:
    evidence = known(money=(money(2024, 100_000, 10, 25), money(2025, 300_000, 30, 75), money(2026, 0, 20, 50)))
    told = cost_of(evidence, compared(0.1, Interval(0.05, 0.2)), D)
    assert told.per_participant == 400_000 / 40
    assert told.per_result == pytest.approx(400_000 / (100 * 0.1))
    assert (told.low, told.high) == (pytest.approx(400_000 / 20), pytest.approx(400_000 / 5))
    assert cost_of(evidence, compared(0.1, Interval(-0.05, 0.2)), D).per_result is None, "the interval holds 0"


def candidate(name: str, cents: int, people: int | None, per_result: float | None = None, vulnerable: float = 0.0) -> Candidate:
    return Candidate(
        pilot_id=name, cents=cents, people=people, rate=0.5, rate_interval=Interval(0.4, 0.6), per_result=per_result, vulnerable=vulnerable
    )


def test_seventy_per_cent_of_the_cost_moves_with_the_people() -> None:
    told = scenario([candidate("a", 100_000, 100)], 65_000, Rule.PROPORTIONAL, PARAMETERS).allotments[0]
    assert (told.fixed_cents, told.people, told.lost_people, told.results, told.lost_results) == (30_000, 50, 50, 25.0, 25.0)
    assert told.results_interval == Interval(20.0, 30.0)
    assert told.outside, "half lies further than forty per cent from what was observed"
    assert not scenario([candidate("a", 100_000, 100)], 72_000, Rule.PROPORTIONAL, PARAMETERS).allotments[0].outside
    stopped = scenario([candidate("a", 100_000, 100)], 29_999, Rule.PROPORTIONAL, PARAMETERS).allotments[0]
    assert (stopped.runs, stopped.people) == (False, 0)


def test_whom_no_pilot_reaches_any_longer_is_told_by_region_and_profile() -> None:
    told = {"region": {"gent": Cell(40), "kempen": Cell(None)}, "nug": {"yes": Cell(30), "no": Cell(70)}}
    one = msgspec.structs.replace(candidate("a", 100_000, 100), told=told)
    other = msgspec.structs.replace(candidate("b", 100_000, 50), told={"region": {"gent": Cell(20)}})
    made = scenario([one, other], 130_000, Rule.PROPORTIONAL, PARAMETERS)
    assert made.lost_by("region") == {"gent": Lost(20 + 10, hidden=False), "kempen": Lost(0, hidden=True)}
    assert made.lost_by("nug") == {"yes": Lost(15, hidden=False), "no": Lost(35, hidden=False)}
    assert made.lost_results == pytest.approx(0.5 * 75)
    nothing = scenario([one, other], 200_000, Rule.PROPORTIONAL, PARAMETERS)
    assert nothing.lost_by("region")["gent"] == Lost(0, hidden=False)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.tuples(st.sampled_from(["gent", "kempen", "limburg", "brugge"]), st.sampled_from([2024, 2025])), st.integers(0, 20))
)
def test_the_profile_of_a_year_gives_no_small_count_of_it_or_of_the_other_years_away(counts: dict[tuple[str, int], int]) -> None:
    """The sheet shows the total by region and by year: whoever takes the year from the total finds nobody."""
    by = {("region", code, year): n for (code, year), n in counts.items()}
    told = of_year(by, 2025, (Region.GENT, Region.KEMPEN, Region.LIMBURG))["region"]
    for code, cell in told.items():
        mine = counts.get((code, 2025), 0) if code != "elsewhere" else counts.get(("brugge", 2025), 0)
        assert cell.n is None or cell.n == mine
        assert cell.n is None or cell.n == 0 or cell.n >= 5
        rest = counts.get((code, 2024), 0) if code != "elsewhere" else counts.get(("brugge", 2024), 0)
        if 0 < rest < 5:
            assert not cell.n, "the total of the region less this year would be those few"
    hidden = [code for code, cell in told.items() if cell.n is None]
    years = {str(year): sum(n for (_, when), n in counts.items() if when == year) for year in (2024, 2025)}
    if hidden and not protect_list(years).cells["2025"].hidden:
        assert len(hidden) >= 2, "one alone would follow from the year's total"


def test_the_order_of_each_division() -> None:
    both = [candidate("dear", 100, 10, 900.0, 0.1), candidate("cheap", 100, 10, 100.0, 0.9), candidate("unknown", 100, 10)]

    def given(rule: Rule, amounts: dict[str, int] | None = None) -> list[int]:
        return [one.cents for one in scenario(both, 150, rule, PARAMETERS, amounts).allotments]

    assert given(Rule.PROPORTIONAL) == [50, 50, 50]
    assert given(Rule.CHEAPEST) == [50, 100, 0]
    assert given(Rule.PROTECT) == [50, 100, 0]
    assert given(Rule.MANUAL, {"unknown": 100}) == [25, 25, 100]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 5000), st.none() | st.floats(1, 1e9)), min_size=1, max_size=7),
    st.integers(0, 3 * 10**9),
    st.sampled_from(list(Rule)),
)
def test_a_scenario_spends_no_more_than_there_is_and_loses_nobody_twice(
    told: list[tuple[int, int, float | None]], budget: int, rule: Rule
) -> None:
    candidates = [candidate(str(at), cents, people, per) for at, (cents, people, per) in enumerate(told)]
    made = scenario(candidates, budget, rule, PARAMETERS)
    assert sum(one.cents for one in made.allotments) <= budget
    for one, before in zip(made.allotments, candidates, strict=True):
        assert 0 <= one.cents <= before.cents
        assert one.people is not None
        assert one.lost_people == before.people - one.people  # type: ignore[operator]
        assert one.people >= 0
    if budget >= made.base:
        assert made.lost_people == 0


def test_more_money_never_reaches_fewer_people() -> None:
    candidates = [candidate("a", 10_000, 80, 5.0), candidate("b", 30_000, 120)]
    for rule in Rule:
        reached = [scenario(candidates, budget, rule, PARAMETERS).people for budget in range(0, 40_001, 2_000)]
        assert reached == sorted(reached), rule


# -- small numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "bottom", "small"), [(0, 9, True), (0, 10, False), (4, 20, True), (5, 20, False), (16, 20, True), (20, 20, False)]
)
def test_a_share_of_few_is_small(top: int, bottom: int, small: bool) -> None:
    assert small_share(top, bottom) is small


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 200), st.integers(1, 200))
def test_no_estimate_shows_a_share_that_tells_of_few(x: int, n: int, y: int, m: int) -> None:
    x, y = min(x, n), min(y, m)
    found = Difference(x / n, y / m, x / n - y / m, Interval(-1, 1), n, m, 1, 1)
    shown = shown_estimate(Estimate(outcome=PRIMARY, design=Design.M1, found=found, unmatched=0.0))
    if small_share(x, n) or small_share(y, m):
        assert shown.hidden
        assert (shown.first, shown.second, shown.value, shown.interval) == (None, None, None, None)
    else:
        assert shown.value == found.value
    part = shown_part(Part(name="x", n=n, found=found, value=found.value))
    assert (part.n is None) == (n < 5)
    if n < 5 or small_share(x, n):
        assert part.value is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=5))
def test_neither_years_nor_cost_give_a_small_count_away(told: list[tuple[int, bool]]) -> None:
    """The total is shown: years that are hidden are none or several, and the cost per participant is of no year but few."""
    years = tuple(money(2024 + at, 1000 if spent else 0, n, n) for at, (n, spent) in enumerate(told))
    total = sum(n for n, _ in told)
    evidence = known(money=years, accepted=total)
    shown = [one.accepted.n for one in shown_money(evidence)]
    assert all(n is None or n == 0 or n >= 5 for n in shown)
    if total >= 5 and None in shown:
        assert shown.count(None) >= 2
    counted = sum(n for at, (n, spent) in enumerate(told) if spent and 2024 + at <= D.year)
    if 0 < counted < 5 or 0 < total - counted < 5:
        assert cost_of(evidence, compared(), D).per_participant is None


def test_a_pilot_of_persons_that_nobody_joined_is_insufficient_evidence() -> None:
    assert judged(known(accepted=0, offered=0), compared(plan=EVC, reached=False))[1].conclusion is Conclusion.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(("later", "hidden"), [(60, False), (63, True), (65, False)])
def test_two_horizons_of_one_event_are_told_apart_by_nobody_or_by_several(later: int, hidden: bool) -> None:
    """Job within 365 and within 545 days: three who found one in between may not be read off."""

    def at(days: int, event: Event, x: int) -> Estimate:
        found = Difference(x / 100, 0.4, x / 100 - 0.4, None, 100, 300, 0, 1)
        return Estimate(outcome=Outcome(event, days, "IND-29"), design=Design.M1, found=found, unmatched=0.0)

    primary, secondary = at(365, Event.JOB, 60), at(545, Event.JOB, later)
    [told] = shown_beside([secondary], [primary])
    assert told.hidden is hidden
    assert (told.first is None) is hidden
    [other] = shown_beside([at(180, Event.NEXT_STEP, 63)], [primary])
    assert not other.hidden, "another event lies not inside it"
