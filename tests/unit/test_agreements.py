"""Agreements: what another norm would have meant, by whom a clause is breached, and what of it is shown."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.agreements import _apart, agreements, closed_quarters, days_of
from ledger.clauses import CLOCKS
from ledger.codes.policy import ClauseTopic
from ledger.cohort import Unanswerable
from ledger.disclosure import K_CELL
from ledger.events.contract import ContractResumed, ContractSuspended
from ledger.events.policy import FrameworkVersionAdopted
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.factbook import Factbook, schema_of
from ledger.funnel import Verdict
from ledger.norms import norm_on, read_norms
from ledger.projection import projections
from ledger.renorm import LATE, MET, NEUTRAL, OPEN, Bench, Instance, as_it_stands, pauses_of, standing
from ledger.tally import around, compared, tally
from tests.given import OPERATOR, POLICY, VDAB, Story, a, ref
from tests.unit.finding_stories import contract, registered
from tests.unit.test_indicators import book, person, say

D = date(2026, 7, 1)
START = date(2025, 1, 10)
AGENCY_ORG = "1999010048"
VDAB_ORG = "1999015095"


def instance(**changes: object) -> Instance:
    plain: dict[str, object] = {"state": "met", "kind": "duty", "start": START, "stop": None, "ended": None, "pauses": ()}
    return Instance(**{**plain, **changes})  # type: ignore[arg-type]


def after(days: int) -> date:
    return START + timedelta(days=days)


@pytest.mark.parametrize(
    ("one", "days", "expected"),
    [
        (instance(stop=after(45)), 45, MET),
        (instance(stop=after(46)), 45, LATE),
        (instance(state="breached_closed", stop=after(70)), 70, MET),
        (instance(state="met_before_start", stop=after(-5)), 1, MET),
        (instance(state="neutral_end", ended=after(30)), 30, NEUTRAL),
        (instance(state="neutral_end", ended=after(30)), 29, LATE),
        (instance(state="running"), 900, OPEN),
        (instance(state="breached_open"), 60, LATE),
        (instance(state="unused", kind="may"), 60, LATE),
        # Suspended from day 20 to 40: twenty days more, unless the shorter deadline was over before it began.
        (instance(stop=after(60), pauses=((after(20), after(40)),)), 40, MET),
        (instance(stop=after(61), pauses=((after(20), after(40)),)), 40, LATE),
        (instance(stop=after(25), pauses=((after(20), after(40)),)), 15, LATE),
        (instance(state="unknown"), 30, OPEN),
    ],
)
def test_another_norm_by_hand(one: Instance, days: int, expected: str) -> None:
    assert standing(one, f"P{days}D", D) == expected
    assert Bench([one], D).under(days).tolist() == [expected]


def test_a_month_of_the_calendar_clips() -> None:
    assert standing(instance(start=date(2024, 11, 30), stop=date(2025, 2, 28)), "P3M", D) == MET
    assert standing(instance(start=date(2024, 11, 30), stop=date(2025, 3, 1)), "P3M", D) == LATE


def clock_rows(facts: Factbook, clock: str) -> list[tuple[str, Instance]]:
    rows = facts.table("clocks").filter((pl.col("clock") == clock) & pl.col("start").is_not_null())
    return [
        (row["state"], Instance(row["state"], row["kind"], row["start"], row["stop"], row["ended"], pauses_of(row["pauses"])))
        for row in rows.iter_rows(named=True)
    ]


def test_the_norm_that_applied_gives_the_states_that_the_clocks_have() -> None:
    contract_id = ref("contract of p")
    stories = [
        person(lambda s: registered(s), name="a"),
        person(
            say(ContractSuspended, "2025-02-01", contract_id=contract_id),
            say(ContractResumed, "2025-03-01", contract_id=contract_id),
            name="p",
        ),
        person(name="late"),
    ]
    facts = book(*stories)
    told = [*clock_rows(facts, "C01"), *clock_rows(facts, "C03")]
    assert told
    assert any(one.pauses for _, one in told), "the suspension stands in the view"
    for state, one in told:
        period = "P60D" if one.kind == "duty" else "P3M"
        assert standing(one, period, facts.as_of) == as_it_stands(state)


# -- clauses --------------------------------------------------------------------------------------------------------------


def clocks(*rows: tuple[str, str | None, str, int, int | None], on: date = D) -> pl.DataFrame:
    """Clocks told by (against, org, clock, start, days to the stop or None)."""
    told = []
    for at, (against, org, clock, start, stop) in enumerate(rows):
        first = date(2025, 1, 1) + timedelta(days=start)
        met = stop is not None and stop <= 21
        told.append(
            {
                "key": f"persoon/{at}",
                "clock": clock,
                "case_key": str(at),
                "state": "met" if met else "breached_open" if stop is None else "breached_closed",
                "kind": "target",
                "start": first,
                "deadline": first + timedelta(days=21),
                "stop": None if stop is None else first + timedelta(days=stop),
                "paused": 0,
                "against": against,
                "org": org,
                "side": "system",
                "restricted": False,
                "pauses": [],
            }
        )
    return pl.DataFrame(told, schema=schema_of(projections()["clocks"].columns))


def framework(facts: pl.DataFrame) -> Factbook:
    """A framework of an agency and VDAB with a clause on feedback, and these clocks."""
    story = Story("beleid/framework/" + ref("framework"))
    clause = {"clause_id": ref("clause"), "topic": "feedback", "norm": "P21D"}
    adopted = a(FrameworkVersionAdopted, framework_id=ref("framework"), version=1, parties=[AGENCY_ORG, VDAB_ORG], clauses=[clause])
    story.given(adopted, on="2024-01-01", by=POLICY)
    changed = a(PublisherAuthorityChanged, org=VDAB_ORG, role="vdab", state="authorised", authority=None)
    story.given(changed, on="2024-01-01", by=OPERATOR, stream=f"bron/{VDAB_ORG}")
    made = book(story)
    return Factbook({**made.frames, "clocks": facts}, as_of=D, position=9)


def test_a_clause_counts_the_clocks_of_its_parties_only() -> None:
    mine = [("vdab", VDAB_ORG, "C10", n, 10 if n < 20 else 40) for n in range(40)]
    others = [("actiris", "1999016085", "C10", n, 10) for n in range(30)]
    [view] = agreements(framework(clocks(*mine, *others)))
    first = view.clocks[0]
    assert (view.clause.code, view.clause.norm, view.clause.measured) == ("vdab.feedback", "P21D", True)
    assert (first.clock, first.total.met, first.total.decided) == ("C10", 20, 40)
    assert [(part.party, part.org, part.tally.met) for part in first.parties] == [("vdab", VDAB_ORG, 20)]


def test_a_changed_norm_is_counted_on_the_same_cases() -> None:
    told = clocks(*[("vdab", VDAB_ORG, "C10", n, 10 if n < 20 else 26 if n < 30 else None) for n in range(40)])
    [view] = agreements(framework(told), {"C10": "P30D"})
    changed = view.clocks[0].changed
    assert changed is not None
    assert (changed.used, changed.tally.met, changed.tally.decided, changed.more_late) == ("P30D", 30, 40, -10)
    assert view.clocks[1].changed is None


def test_a_norm_between_which_one_case_lies_is_not_told() -> None:
    told = clocks(*[("vdab", VDAB_ORG, "C10", n, 10 if n < 20 else 25 if n < 21 else 40) for n in range(60)])
    [view] = agreements(framework(told), {"C10": "P30D"})
    changed = view.clocks[0].changed
    assert changed is not None
    assert (changed.asked, changed.used, changed.tally.met) == ("P30D", "P24D", 20), "day 25 has one case: the last norm before it"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=0, max_size=80), st.integers(1, 60), st.integers(1, 60))
def test_two_asked_norms_never_tell_fewer_than_five_apart(stops: list[int], one: int, other: int) -> None:
    """Differencing what-ifs tells of nobody, whatever norms are asked one after the other."""
    facts = framework(clocks(*[("vdab", VDAB_ORG, "C10", 0, stop) for stop in stops]))
    counts = []
    for days in (21, one, other):
        [view] = agreements(facts, {"C10": f"P{days}D"})
        changed = view.clocks[0].changed
        assert changed is not None
        counts.append(sum(stop <= int(changed.used[1:-1]) for stop in stops))
    assert all(not 0 < abs(x - y) < K_CELL for x in counts for y in counts)


def test_small_tallies_are_hidden_and_so_is_what_gives_them_away() -> None:
    rows = [("vdab", VDAB_ORG, "C10", n, 10 if n % 2 else 40) for n in range(40)] + [("vdab", None, "C10", n, 10) for n in range(3)]
    [view] = agreements(framework(clocks(*rows)))
    first = view.clocks[0]
    assert all(part.tally.hidden for part in first.parties), "one small party and its only neighbour"
    assert not first.total.hidden
    assert tally([MET] * 3 + [LATE] * 20).hidden


def _answering(*sizes: tuple[str, int, int]) -> list[tuple[str, str | None, str, int, int | None]]:
    """Instances of C10 per organisation: how many in time, of how many."""
    return [("vdab", org, "C10", n % 30, 10 if n < met else 40) for org, met, of in sizes for n in range(of)]


def test_a_party_has_its_place_among_all_that_answer_for_the_clock() -> None:
    others = [("1999500095", 50, 100), ("1999501085", 52, 100), ("1999502075", 48, 100)]
    [view] = agreements(framework(clocks(*_answering((VDAB_ORG, 90, 100), *others))))
    first = view.clocks[0]
    assert [(part.org, part.place) for part in first.parties] == [(VDAB_ORG, Verdict.APART)], "the others are no party of this clause"
    assert first.spread is not None
    assert (first.spread.compared, first.spread.target, first.spread.phi) == (4, 240 / 400, None)


def test_two_organisations_are_not_compared_nor_are_small_ones() -> None:
    [view] = agreements(framework(clocks(*_answering((VDAB_ORG, 90, 100), ("1999500095", 50, 100), ("1999501085", 10, 20)))))
    first = view.clocks[0]
    assert first.spread is None
    assert [part.place for part in first.parties] == [None]


def test_a_party_that_is_hidden_in_its_clause_has_no_place() -> None:
    """Two cells without an organisation keep the party of the clause hidden; among all it could be shown."""
    others = [("1999500095", 50, 100), ("1999501085", 52, 100), ("1999502075", 48, 100)]
    rows = [*_answering((VDAB_ORG, 60, 100), *others), *[("vdab", None, "C10", n, 10) for n in range(3)]]
    [view] = agreements(framework(clocks(*rows)))
    first = view.clocks[0]
    assert all(part.tally.hidden and part.place is None for part in first.parties)
    units = compared([], first.parties)
    assert units == {}
    assert around(units) is None


def test_the_last_four_closed_quarters() -> None:
    assert closed_quarters(date(2026, 7, 1), 30) == ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]
    assert closed_quarters(date(2026, 7, 31), 30) == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]


@pytest.mark.parametrize(("text", "found"), [("C01=45", {"C01": "P45D"}), ("c08B=p3m, C10=30", {"C08b": "P3M", "C10": "P30D"}), ("", {})])
def test_norms_are_read(text: str, found: dict[str, str]) -> None:
    assert read_norms([text]) == found


@pytest.mark.parametrize("text", ["C01", "C01=0", "C99=4", "C01=-3", "C01=PT5H", "vdab=4"])
def test_what_is_no_norm_says_so(text: str) -> None:
    with pytest.raises(Unanswerable, match="no norm"):
        read_norms([text])


def test_every_topic_says_by_which_clocks_it_is_measured() -> None:
    assert set(CLOCKS) == set(ClauseTopic)
    assert days_of("P3M") == 90
    assert days_of("PT48H") == 2
    assert norm_on(book(person(name="x")), "C01", D).period == "P60D"
    assert _apart(([MET] * 10,), [MET] * 10)
    assert not _apart(([MET] * 10,), [MET] * 8 + [LATE] * 2)


def test_registrations_that_failed_lie_with_whoever_stopped() -> None:
    """I09: no referral, no answer, or answered without registration."""
    stories = [person(name=f"n{n}") for n in range(6)]
    facts = book(*stories)
    clause = framework(facts.table("clocks"))
    merged = Factbook({**clause.frames, "referrals": facts.table("referrals")}, as_of=D, position=9)
    rows = merged.table("clauses").with_columns(pl.lit("registration").alias("topic"))
    [view] = agreements(Factbook({**merged.frames, "clauses": rows}, as_of=D, position=9))
    assert {name: cell.n for name, cell in view.clocks[0].lies_with.items()} == {"no_referral": 6, "no_answer": 0, "answered": 0}
    assert contract is not None
    assert VDAB.org == VDAB_ORG
