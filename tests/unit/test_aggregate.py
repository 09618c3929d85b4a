"""Findings that stand on no single history: over capacity, patterns of editions and publishers, feeds (F13, F27, F39)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.aggregate import (
    FINDING_COLUMNS,
    FeedTotal,
    StreamFinding,
    TallySum,
    aggregate_findings,
    contributions,
    half_year,
    quarter,
    share_exceeded,
    stream_finding_record,
)
from ledger.events.edition import EditionParticipantEnrolled
from ledger.events.employer import EmployerSupportAgreed
from ledger.events.identity import ErasureExecuted, PersonRegistered
from ledger.events.referral import InitiativeInformed, ReferralAnswered, ReferralMade
from ledger.events.work import EmploymentStarted
from ledger.parameters import PARAMETERS
from ledger.projection import projections
from ledger.quality import SequenceRange, SourceMonth, SourceState
from tests.given import AGENCY, EMPLOYER_SUPPORT, OPERATOR, ORGANISER, OTHER_AGENCY, VDAB, Publisher, Story, a, ref
from tests.unit.finding_stories import EDITION, contract, edition_planned, mo_course

ASKED = date(2026, 1, 1)
BRON = f"bron/{AGENCY.org}"
VDAB_SOURCE = VDAB.source


def sums_of(subjects: Sequence[Story], on: date) -> list[TallySum]:
    """What the view ``tallies`` and its sum in SQL would give."""
    fold = projections()["tallies"]
    summed: dict[tuple[str, str, date], tuple[int, date | None]] = {}
    for story in subjects:
        for _, tally, stream, day, n, until in fold.records(story.subject(on=on)):
            assert isinstance(tally, str)
            assert isinstance(stream, str)
            assert isinstance(day, date)
            assert isinstance(n, int)
            assert until is None or isinstance(until, date)
            held, latest = summed.get((tally, stream, day), (0, None))
            summed[tally, stream, day] = (held + n, max((one for one in (latest, until) if one is not None), default=None))
    return [TallySum(*key, *value) for key, value in summed.items()]


def judged(
    people: Sequence[Story],
    *,
    shared: Story | None = None,
    on: date = ASKED,
    feeds: Sequence[FeedTotal] = (),
    sources: Sequence[SourceState] = (),
) -> list[StreamFinding]:
    reference = (shared or Story()).subject(on=on).reference
    sums = sums_of(people, on)
    found = aggregate_findings(sums, feeds, sources, reference=reference, as_of=on, parameters=PARAMETERS)
    random.Random(7).shuffle(sums)
    assert aggregate_findings(sums, feeds, sources, reference=reference, as_of=on, parameters=PARAMETERS) == found
    return found


def told(found: Sequence[StreamFinding]) -> list[tuple[str, str | None, str, str]]:
    return [(one.finding.code, one.finding.rule, one.stream, one.finding.since.isoformat()) for one in found]


def participant(number: int, on: str, mo_until: str | None = None) -> Story:
    story = Story(f"persoon/{ref(f'participant {number}')}")
    if mo_until is not None:
        mo_course(story, "2025-01-05", mo_until)
    enrolment = a(EditionParticipantEnrolled, enrolment_id=ref(f"enrolment {number}"), edition_id=ref("edition"), mo_id=None)
    story.given(enrolment, on=on, by=ORGANISER)
    return story


def edition(**changes: object) -> Story:
    story = Story(EDITION)
    edition_planned(story, **changes)
    return story


# --- editions -------------------------------------------------------------------------------------------------------


def test_an_edition_is_over_capacity_from_the_enrolment_that_is_one_too_many() -> None:
    people = [participant(1, "2025-03-01"), participant(2, "2025-03-02"), participant(3, "2025-03-05")]
    assert told(judged(people, shared=edition(capacity=2))) == [("F13", None, EDITION, "2025-03-05")]
    assert judged(people, shared=edition(capacity=3)) == []
    assert judged(people, shared=edition(capacity=2), on=date(2025, 3, 4)) == []


def test_a_retracted_enrolment_frees_the_place() -> None:
    people = [participant(1, "2025-03-01"), participant(2, "2025-03-02"), participant(3, "2025-03-05")]
    people[0].retracted(people[0].entries[-1])
    assert judged(people, shared=edition(capacity=2)) == []


def test_an_unknown_edition_has_no_capacity_to_exceed() -> None:
    assert judged([participant(1, "2025-03-01")]) == []


@pytest.mark.parametrize(
    ("mo_until", "sessions", "smells"), [("2025-05-08", 16, True), ("2025-05-09", 16, False), ("2025-06-01", 41, True), (None, 16, False)]
)
def test_p2_an_edition_that_looks_like_training(mo_until: str | None, sessions: int, smells: bool) -> None:
    """Planned to end on 6 June: more than 28 days after 8 May."""
    found = judged([participant(1, "2025-03-01", mo_until)], shared=edition(sessions=sessions))
    assert bool(found) is smells


def test_p2_looks_at_the_last_course_of_all_participants() -> None:
    people = [participant(1, "2025-03-01", "2025-03-31"), participant(2, "2025-03-02", "2025-06-30")]
    assert judged(people, shared=edition()) == []
    assert told(judged(people[:1], shared=edition())) == [("F27", "P2", EDITION, "2025-03-01")]


def test_p2_needs_a_participant_and_a_sector_trajectory() -> None:
    assert judged([], shared=edition(sessions=99)) == []
    assert judged([participant(1, "2025-03-01")], shared=edition(sessions=99, edition_kind="group_offer")) == []


def handed_over(number: int, answered: str | None = None) -> Story:
    story = Story(f"persoon/{ref(f'handed {number}')}")
    made = {"referral_id": ref(f"handover {number}"), "kind": "warm_handover", "target": "vdab", "edition_id": ref("edition")}
    story.given(a(ReferralMade, **made), on="2025-06-10", by=ORGANISER)
    if answered:
        story.given(a(ReferralAnswered, referral_id=ref(f"handover {number}"), answer="accepted"), on=answered, by=VDAB)
    return story


def test_p10_three_warm_handovers_that_nobody_answers() -> None:
    people = [handed_over(number) for number in range(3)]
    assert told(judged(people, shared=edition())) == [("F27", "P10", EDITION, "2025-08-10")]
    assert judged(people, shared=edition(), on=date(2025, 8, 9)) == []
    assert judged(people[:2], shared=edition()) == []


@pytest.mark.parametrize(("answered", "smells"), [("2025-08-09", False), ("2025-08-10", True)])
def test_p10_an_answer_within_sixty_days_is_an_answer(answered: str, smells: bool) -> None:
    people = [handed_over(0), handed_over(1), handed_over(2, answered)]
    assert bool(judged(people, shared=edition())) is smells


def test_what_ripens_later_is_announced() -> None:
    subject = handed_over(0).subject(on="2025-07-01")
    assert [one.day for _, one in contributions(subject)] == [date(2025, 8, 10)]
    assert projections()["tallies"].records(subject) == []


# --- publishers -----------------------------------------------------------------------------------------------------


def job_starts(count: int, evidence: str, by: Publisher, on: str) -> list[Story]:
    people = []
    for number in range(count):
        story = Story(f"persoon/{ref(f'{evidence} {on} {number}')}")
        contract(story, "2025-01-10", f"contract {evidence} {number}")
        story.given(a(EmploymentStarted, job_id=ref(f"{evidence} {on} {number}"), evidence=evidence), on=on, by=by)
        people.append(story)
    return people


def test_p4_more_than_a_fifth_of_job_starts_on_the_persons_word() -> None:
    people = job_starts(7, "dimona", VDAB, "2025-04-01") + job_starts(3, "self_report", AGENCY, "2025-05-01")
    (found,) = judged(people)
    assert (found.finding.rule, found.stream, found.finding.case, found.finding.since) == ("P4", BRON, "2025-Q2", date(2025, 5, 1))
    assert judged(people, on=date(2025, 4, 30)) == []


def test_p4_needs_ten_starts_in_one_quarter_and_more_than_the_share() -> None:
    assert judged(job_starts(6, "dimona", VDAB, "2025-04-01") + job_starts(3, "self_report", AGENCY, "2025-05-01")) == []
    assert judged(job_starts(8, "dimona", VDAB, "2025-04-01") + job_starts(2, "self_report", AGENCY, "2025-05-01")) == []
    assert judged(job_starts(7, "dimona", VDAB, "2025-04-01") + job_starts(3, "self_report", AGENCY, "2025-07-01")) == []


def test_p4_a_confirmed_job_is_no_longer_the_persons_word_only() -> None:
    people = job_starts(7, "dimona", VDAB, "2025-04-01") + job_starts(3, "self_report", AGENCY, "2025-05-01")
    confirmed = people[-1]
    confirmed.given(a(EmploymentStarted, job_id=ref("self_report 2025-05-01 2"), evidence="dimona"), on="2025-05-01", by=VDAB)
    assert judged(people) == []


def informed(number: int, organiser: str | None, on: str = "2025-02-01") -> Story:
    story = Story(f"persoon/{ref(f'informed {number}')}")
    story.given(a(InitiativeInformed, organiser=organiser), on=on)
    return story


@pytest.mark.parametrize(("own", "others", "smells"), [(11, 9, True), (10, 10, False), (11, 8, False)])
def test_p5_informing_about_own_offer(own: int, others: int, smells: bool) -> None:
    people = [informed(number, AGENCY.org) for number in range(own)] + [informed(own + number, None) for number in range(others)]
    found = judged(people)
    assert bool(found) is smells
    assert {one.finding.rule for one in found} <= {"P5"}


def employer(number: int, route: str) -> Story:
    story = Story(f"werkgever/{number:010}")
    kinds = [] if route == "none" else ["language_scan"]
    agreement = {"support_id": ref(f"support {number}"), "need_id": ref(f"need {number}"), "route": route, "support_kinds": kinds}
    story.given(a(EmployerSupportAgreed, **agreement), on="2025-03-01", by=EMPLOYER_SUPPORT)
    return story


@pytest.mark.parametrize(("own", "others", "smells"), [(19, 1, True), (18, 2, False), (18, 1, False)])
def test_p6_the_employer_always_lands_at_the_agency(own: int, others: int, smells: bool) -> None:
    people = [employer(number, "agency_offer") for number in range(own)] + [
        employer(own + number, "other_partner") for number in range(others)
    ]
    found = judged(people)
    assert [(one.finding.rule, one.finding.case) for one in found] == ([("P6", "2025-H1")] if smells else [])


def registration(number: int, nis: str, by: Publisher = AGENCY) -> Story:
    story = Story(f"persoon/{ref(f'registered {number}')}")
    story.given(a(PersonRegistered, residence_nis=nis), on="2025-02-01", by=by)
    return story


@pytest.mark.parametrize(("outside", "smells"), [(2, True), (1, False)])
def test_p8_registering_outside_the_own_territory(outside: int, smells: bool) -> None:
    people = [registration(number, "12025") for number in range(20 - outside)] + [registration(20 + n, "11002") for n in range(outside)]
    assert bool(judged(people)) is smells


def test_p8_each_agency_has_its_own_territory() -> None:
    assert judged([registration(number, "11002", OTHER_AGENCY) for number in range(20)]) == []


# --- feeds ----------------------------------------------------------------------------------------------------------

NOON = datetime(2025, 3, 10, 11, tzinfo=UTC)


def state(*ranges: tuple[int, int, datetime], months: Sequence[SourceMonth] = ()) -> SourceState:
    return SourceState(source=VDAB_SOURCE, ranges=tuple(SequenceRange(*one) for one in ranges), months=tuple(months))


def test_f39_a_number_missing_for_more_than_a_day() -> None:
    gap = state((1, 4, NOON), (7, 9, NOON))
    (found,) = judged([], sources=[gap])
    assert found.stream == f"bron/{VDAB.org}"
    assert (found.finding.code, found.finding.case, found.finding.since) == ("F39", f"{VDAB_SOURCE}#5-6", date(2025, 3, 11))
    assert judged([], sources=[gap], on=date(2025, 3, 10)) == []
    assert judged([], sources=[state((1, 9, NOON))]) == []


def total(name: str, n: int, *, last: int = 9, position: int = 50, day: str = "2025-04-05") -> FeedTotal:
    return FeedTotal(VDAB_SOURCE, "2025-03", name, n, last, position, date.fromisoformat(day))


MARCH = SourceMonth(
    month="2025-03", admitted=9, by_type=(("activation-step.reported", 7), ("feed.reconciled", 1), ("jobseeker.registered", 1))
)


@pytest.mark.parametrize(
    ("stated", "agrees"),
    [
        ((total("activation-step.reported", 7), total("jobseeker.registered", 1)), True),
        ((total("activation-step.reported", 7), total("jobseeker.registered", 1), total("training.started", 0)), True),
        ((total("activation-step.reported", 8), total("jobseeker.registered", 1)), False),
        ((total("activation-step.reported", 7),), False),
        ((total("activation-step.reported", 7, last=10), total("jobseeker.registered", 1, last=10)), False),
        ((total("", 0),), False),
    ],
)
def test_f39_control_totals(stated: tuple[FeedTotal, ...], agrees: bool) -> None:
    found = judged([], feeds=stated, sources=[state((1, 9, NOON), months=[MARCH])])
    assert [(one.finding.code, one.finding.case, one.finding.position) for one in found] == (
        [] if agrees else [("F39", f"{VDAB_SOURCE}#2025-03", 50)]
    )


def test_f39_the_latest_statement_about_a_month_counts() -> None:
    wrong = total("activation-step.reported", 99)
    right = [
        total("activation-step.reported", 7, position=60, day="2025-05-05"),
        total("jobseeker.registered", 1, position=60, day="2025-05-05"),
    ]
    sources = [state((1, 9, NOON), months=[MARCH])]
    assert judged([], feeds=[wrong, *right], sources=sources) == []
    assert judged([], feeds=[wrong, *right], sources=sources, on=date(2025, 5, 1)) != []


# --- the parts ------------------------------------------------------------------------------------------------------


def test_calendar_periods() -> None:
    assert [quarter(date(2025, month, 1)) for month in (1, 3, 4, 12)] == ["2025-Q1", "2025-Q1", "2025-Q2", "2025-Q4"]
    assert [half_year(date(2025, month, 1)) for month in (1, 6, 7, 12)] == ["2025-H1", "2025-H1", "2025-H2", "2025-H2"]


def test_a_share_that_falls_back_and_rises_again_holds_since_the_second_time() -> None:
    first = date(2025, 1, 1)
    days = [first + timedelta(days=n) for n in range(4)]
    whole = [TallySum("w", "s", days[0], 2), TallySum("w", "s", days[1], 8), TallySum("w", "s", days[3], 1)]
    part = [TallySum("p", "s", days[0], 2), TallySum("p", "s", days[3], 1)]
    assert share_exceeded(part, whole, 2000, 2) == days[3]
    assert share_exceeded(part, whole, 2000, 12) is None


def test_records_have_the_columns_of_the_findings_view() -> None:
    (found,) = judged([participant(1, "2025-03-01"), participant(2, "2025-03-01")], shared=edition(capacity=1))
    record = stream_finding_record(found)
    assert [column.name for column in FINDING_COLUMNS] == ["key", *projections()["findings"].row.__struct_fields__]
    assert record == (EDITION, "F13", "info", None, None, None, date(2025, 3, 1), None, False)


def test_an_erased_person_counts_no_more() -> None:
    story = participant(1, "2025-03-01")
    story.given(a(ErasureExecuted), on="2025-05-01", by=OPERATOR)
    assert contributions(story.subject()) == ()
