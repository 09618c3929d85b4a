"""Clocks, from the CloudEvent to the JSON answer: what somebody expects who read domain.md 5 and domain-rules.md 5 only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from ledger.codes.roles import Role
from ledger.events.contract import ContractResumed, ContractSigned, ContractSuspended
from ledger.events.identity import PersonRegistered
from ledger.events.vdab import JobseekerRegistered
from tests.given import VDAB, Story, a, ref
from tests.unit.ledger_of_lines import LedgerOfLines
from tests.unit.wire import PERSON

CONTRACT = ref("contract")
ENTITLED: dict[str, Any] = {"obligation": "entitled", "obligation_from": None}
NOTHING_ELSE: dict[str, Any] = dict.fromkeys(
    ("residence_nis", "benefit_status", "work_status", "education", "education_origin", "dependent_children")
)


def living_in(nis: str, ledger: LedgerOfLines | None = None) -> LedgerOfLines:
    ledger = ledger or LedgerOfLines()
    ledger.tell("person.registered", "2024-12-01", residence_nis=nis, **ENTITLED)
    return ledger


def sign(ledger: LedgerOfLines, on: str = "2025-01-10", at: str = "12:00:00+01:00", contract: str = CONTRACT, kind: str = "first") -> int:
    return ledger.tell("contract.signed", on, at=at, contract_id=contract, contract_kind=kind, work_status="jobless", work_allowed=True)


def test_the_last_day_in_time_and_the_day_after_as_the_answer_tells_them() -> None:
    ledger = living_in("11002")
    position = sign(ledger)
    last, after = ledger.clock(PERSON, "C01", "2025-03-11"), ledger.clock(PERSON, "C01", "2025-03-12")
    expected = {
        "clock": "C01",
        "state": "running",
        "start": "2025-01-10",
        "deadline": "2025-03-11",
        "stop": None,
        "elapsed": 60,
        "paused": 0,
    }
    assert last | expected == last
    assert (last["against"], last["case"], last["position"], last["kind"]) == ("inburgeraar", CONTRACT, position, "duty")
    assert (after["state"], after["elapsed"]) == ("breached_open", 61)
    assert not ledger.findings(PERSON, "F41", "2025-03-11")
    (found,) = [one for one in ledger.findings(PERSON, "F41", "2025-03-12") if one.clock == "C01"]
    assert (found.since, found.severity, found.position) == (date(2025, 3, 12), "warn", position)


@pytest.mark.parametrize(
    ("on", "at", "start"),
    [
        ("2025-01-10", "22:59:59Z", "2025-01-10"),
        ("2025-01-10", "23:00:00Z", "2025-01-11"),
        ("2025-07-10", "21:59:59Z", "2025-07-10"),
        ("2025-07-10", "22:00:00Z", "2025-07-11"),
        ("2025-03-30", "00:30:00Z", "2025-03-30"),
        ("2025-03-29", "23:30:00Z", "2025-03-30"),
        ("2025-10-25", "22:30:00Z", "2025-10-26"),
        ("2025-10-26", "22:30:00Z", "2025-10-26"),
        ("2025-10-26", "23:00:00Z", "2025-10-27"),
        ("2025-02-01", "00:00:00+01:00", "2025-02-01"),
        ("2025-02-01", "00:00:00Z", "2025-02-01"),
        ("2025-02-01", "00:00:00+02:00", "2025-01-31"),
    ],
)
def test_days_are_those_of_brussels_whatever_the_offset_and_the_season(on: str, at: str, start: str) -> None:
    ledger = living_in("11002")
    sign(ledger, on, at)
    clock = ledger.clock(PERSON, "C01")
    assert clock["start"] == start
    assert clock["deadline"] == (date.fromisoformat(start) + timedelta(days=60)).isoformat()


def test_the_residence_of_the_start_date_chooses_between_flanders_and_brussels() -> None:
    ledger = living_in("11002")
    ledger.tell(
        "profile.updated", "2025-01-05", by=Role.IDENTITY_SERVICE, **NOTHING_ELSE | {"residence_nis": "21004", "valid_from": "2025-01-05"}
    )
    sign(ledger)
    ledger.tell(
        "profile.updated", "2025-02-01", by=Role.IDENTITY_SERVICE, **NOTHING_ELSE | {"residence_nis": "44021", "valid_from": "2025-02-01"}
    )
    sign(ledger, "2025-06-02", contract=ref("renewed"), kind="renewed")
    assert [(one["case"], one["state"]) for one in ledger.clocks(PERSON, "C02", "2025-03-12")] == [(CONTRACT, "unused")]
    assert [one["case"] for one in ledger.clocks(PERSON, "C01")] == [ref("renewed")]


def test_a_norm_that_makes_a_duty_of_a_possibility_makes_its_breach_a_finding() -> None:
    ledger = living_in("21004")
    ledger.tell(
        "norm.set",
        "2024-12-15",
        clock="C02",
        kind="duty",
        period="P60D",
        valid_from="2025-01-01",
        framework_id=None,
        subject="beleid/norm/C02",
    )
    sign(ledger)
    assert ledger.clock(PERSON, "C02", "2025-03-12")["state"] == "breached_open"
    assert [one.since for one in ledger.findings(PERSON, "F41", "2025-03-12") if one.clock == "C02"] == [date(2025, 3, 12)]


def test_overlapping_jobs_leave_one_pause_in_the_feedback_until_the_last_employed_day() -> None:
    ledger = LedgerOfLines()
    ledger.tell("jobseeker.registered", "2025-01-10", by=Role.VDAB)
    for name, first, last in (("a", "2025-01-31", "2025-03-15"), ("b", "2025-03-01", "2025-04-10")):
        ledger.tell("employment.started", first, by=Role.VDAB, job_id=ref(name), evidence="dimona")
        ledger.tell("employment.ended", last, by=Role.VDAB, job_id=ref(name))
    during = [(one["start"], one["state"]) for one in ledger.clocks(PERSON, "C11", "2025-03-20")]
    assert during == [("2025-01-10", "neutral_end")]
    links = [(one["start"], one["deadline"], one["state"]) for one in ledger.clocks(PERSON, "C11", "2025-07-10")]
    assert links == [("2025-01-10", "2025-04-10", "neutral_end"), ("2025-04-10", "2025-07-09", "breached_open")]
    assert [(one.code, one.clock) for one in ledger.findings(PERSON, "F19", "2025-07-10")] == [("F19", "C11")]


def test_on_leefloon_the_ocmw_goes_before_vdab_whoever_spoke_last() -> None:
    ledger = living_in("11002")
    sign(ledger)
    ledger.tell("jobseeker.registered", "2025-01-20", by=Role.VDAB)
    said = NOTHING_ELSE | {"valid_from": "2025-01-15"}
    ledger.tell("profile.updated", "2025-01-16", by=Role.OCMW, **said | {"benefit_status": "leefloon"})
    ledger.tell("profile.updated", "2025-01-17", by=Role.VDAB, **said | {"benefit_status": "none", "work_status": "jobless"})
    assert ledger.clocks(PERSON, "C16") == []
    (conflict,) = ledger.findings(PERSON, "F06")
    assert ledger.entries[(conflict.position or 0) - 1].role is Role.VDAB


def test_on_an_article_60_job_the_ocmw_goes_first() -> None:
    ledger = LedgerOfLines()
    ledger.tell("employment.started", "2025-03-01", by=Role.OCMW, job_id=ref("job"), contract_kind="art60", evidence="employer")
    ledger.tell("employment.started", "2025-03-05", by=Role.VDAB, job_id=ref("job"), contract_kind="fixed", evidence="dimona")
    assert ledger.answer(PERSON)["facts"]["jobs"] == [["2025-03-01", None, False]]
    (conflict,) = ledger.findings(PERSON, "F06")
    assert conflict.position == 2


def test_a_correction_arrives_before_its_target_is_corrected_again_and_taken_back() -> None:
    ledger = living_in("11002")
    sent = ledger.told(
        "contract.signed", "2025-01-10", contract_id=CONTRACT, contract_kind="first", work_status="jobless", work_allowed=True
    )

    def correction(on: str) -> int:
        replacement = {"time": f"{on}T12:00:00+01:00", "data": sent["data"]}
        return ledger.tell("event.corrected", "2025-02-01", target_source=sent["source"], target_id=sent["id"], replacement=replacement)

    first = correction("2025-01-12")
    assert [one.position for one in ledger.findings(PERSON, "F02")] == [first]
    target = ledger.admit(sent)
    assert ledger.findings(PERSON, "F02") == []
    second = correction("2025-01-14")
    last = ledger.entries[second - 1]
    undone = ledger.tell("event.retracted", "2025-02-02", target_source=last.source, target_id=last.id)
    redone = ledger.tell("event.retracted", "2025-02-03", target_source=last.source, target_id=ledger.entries[undone - 1].id)
    starts = [[one["start"] for one in ledger.clocks(PERSON, "C01", known_at=n)] for n in (first, target, second, undone, redone)]
    assert starts == [[], ["2025-01-12"], ["2025-01-14"], ["2025-01-12"], ["2025-01-14"]]
    states = {one["position"]: one["state"] for one in ledger.answer(PERSON)["entries"]}
    assert [states[n] for n in (first, target, second, undone, redone)] == ["superseded", "corrected", "live", "retracted", "live"]


def test_an_event_on_the_wrong_person_moves_to_the_right_one() -> None:
    ledger, right = living_in("11002"), "persoon/" + ref("right")
    ledger.tell("person.registered", "2024-12-01", subject=right, residence_nis="11002", **ENTITLED)
    wrong = ledger.entries[sign(ledger) - 1]
    ledger.tell("event.retracted", "2025-01-20", target_source=wrong.source, target_id=wrong.id, reason="wrong_person")
    ledger.tell("contract.signed", "2025-01-10", subject=right, contract_id=CONTRACT, work_status="jobless", work_allowed=True)
    assert ledger.clocks(PERSON, "C01") == []
    assert ledger.clock(right, "C01")["start"] == "2025-01-10"
    assert ledger.clock(PERSON, "C01", known_at=3)["start"] == "2025-01-10"


days = st.integers(0, 200)


@settings(max_examples=200, deadline=None, print_blob=True)
@given(pauses=st.lists(st.tuples(days, st.integers(0, 40)), max_size=4), stop=st.none() | days, asked=days)
def test_counting_day_by_day_gives_the_same(pauses: list[tuple[int, int]], stop: int | None, asked: int) -> None:
    """Another way to count: walk the days, use up one for each that is not paused; what pauses after the last is too late."""
    note(f"pauses={pauses} stop={stop} asked={asked}")
    start = date(2025, 1, 10)
    story = Story()
    story.given(a(PersonRegistered, **ENTITLED, residence_nis="11002"), on="2024-12-01")
    story.given(a(ContractSigned, contract_id=CONTRACT, contract_kind="first", work_status="jobless", work_allowed=True), on="2025-01-10")
    spells: list[tuple[int, int]] = []
    at = 0
    for gap, length in pauses:
        begin = at + gap + 1
        spells.append((begin, begin + length))
        at = begin + length
        story.given(a(ContractSuspended, contract_id=CONTRACT, until=None), on=str(start + timedelta(days=begin)), at="10:00")
        story.given(a(ContractResumed, contract_id=CONTRACT), on=str(start + timedelta(days=at)), at="11:00")
    if stop is not None:
        story.given(a(JobseekerRegistered), on=str(start + timedelta(days=stop)), by=VDAB)
    clock = story.clock("C01", on=start + timedelta(days=asked))

    until = asked if stop is None or stop > asked else stop
    used = 0
    counts: set[int] = set()
    for day in range(until):
        counts |= {n for n, (begin, _) in enumerate(spells) if begin == day and used <= 60}
        if not any(begin <= day < end and n in counts for n, (begin, end) in enumerate(spells)):
            used += 1
    paused_today = any(begin <= until < end and (n in counts or (begin == until and used <= 60)) for n, (begin, end) in enumerate(spells))
    if stop is not None and stop <= asked:
        expected = "met" if used <= 60 else "breached_closed"
    else:
        expected = "breached_open" if used > 60 else "paused" if paused_today else "running"
    assert clock.state == expected
    assert clock.elapsed_on(start + timedelta(days=asked)) == used
