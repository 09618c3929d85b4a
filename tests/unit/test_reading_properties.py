"""Properties of the reading side: its answers are functions of the set of entries, of a date and of a position."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.catalogue import Payload
from ledger.clock import Clock
from ledger.codes.person import BenefitStatus, WorkStatus
from ledger.dependencies import next_change
from ledger.entry import OpenEntry
from ledger.events.contract import (
    CertificateIssued,
    ContractResumed,
    ContractSigned,
    ContractSuspended,
    ExemptionGranted,
    TrajectoryEnded,
)
from ledger.events.course import LanguageLevelAttained, MoCourseStarted
from ledger.events.diploma import DiplomaDossierSubmitted, PostDecisionOrientationGiven, RecognitionDecided, RecognitionFileStatusChanged
from ledger.events.edition import EditionParticipantEnrolled, EditionParticipationEnded, EditionPlanned, PerspectiveRecorded
from ledger.events.identity import PersonRegistered, ProfileUpdated
from ledger.events.policy import NormSet
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.vdab import (
    ActivationStepReported,
    FollowUpPlanRecorded,
    JobseekerRegistered,
    WorkPerspectiveAcknowledged,
    WorkPerspectiveShared,
)
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingStarted
from ledger.history import History
from ledger.subject import Subject
from ledger.verdict import Position
from tests.given import ACTIRIS, AGENCY, IDENTITY, NARIC, ORGANISER, PERSON, POLICY, TRAINER, VDAB, Publisher, Story, a, ref

START = date(2025, 1, 1)
DAYS = 420
OTHER = f"persoon/{ref('other pseudonym')}"
SECTOR, GROUP = ref("sector edition"), ref("group edition")


def _profile(valid_from: str, **changes: object) -> ProfileUpdated:
    return ProfileUpdated(valid_from=date.fromisoformat(valid_from), **changes)  # type: ignore[arg-type]


def _vocabulary() -> list[tuple[Payload, Publisher]]:
    told: list[tuple[Payload, Publisher]] = [
        (a(PersonRegistered, residence_nis="12025", obligation_from="2024-11-30"), AGENCY),
        (a(PersonRegistered, residence_nis="21004", obligation="entitled", obligation_from=None), AGENCY),
        (_profile("2025-01-01", residence_nis="21004"), IDENTITY),
        (_profile("2025-02-01", benefit_status=BenefitStatus.NONE, work_status=WorkStatus.JOBLESS), AGENCY),
        (_profile("2025-03-01", benefit_status=BenefitStatus.LEEFLOON), VDAB),
        (_profile("2025-05-01", benefit_status=BenefitStatus.NONE), VDAB),
        (a(LanguageLevelAttained, language="nl", evidence="test_nt2", levels={"speaking": "b1"}), AGENCY),
        (a(MoCourseStarted, planned_end="2027-01-01"), AGENCY),
        (a(TrainingStarted, planned_end=None), TRAINER),
        (a(JobseekerRegistered), VDAB),
        (a(JobseekerRegistered), ACTIRIS),
        (a(PostDecisionOrientationGiven, case_id=ref("case")), AGENCY),
        (a(DiplomaDossierSubmitted, case_id=ref("case"), procedure="specific_he", authority="naric"), AGENCY),
        (a(FollowUpPlanRecorded, plan_id=ref("plan"), plan_kind="afsprakenblad", state="opened"), VDAB),
        (a(FollowUpPlanRecorded, plan_id=ref("plan"), plan_kind="afsprakenblad", state="closed"), VDAB),
        (a(WorkPerspectiveShared, share_id=ref("share"), screening_on="2024-12-01"), AGENCY),
        (a(WorkPerspectiveAcknowledged, share_id=ref("share")), VDAB),
        (a(ReferralMade, referral_id=ref("referral"), target="vdab", kind="warm_handover", edition_id=SECTOR), AGENCY),
        (a(ReferralAnswered, referral_id=ref("referral"), answer="taken_up", first_action_on="2025-09-01", refusal=None), VDAB),
        (a(EditionParticipantEnrolled, enrolment_id=ref("g"), edition_id=GROUP), ORGANISER),
        (a(EditionParticipationEnded, enrolment_id=ref("s"), edition_id=SECTOR, outcome="completed"), ORGANISER),
        (a(PerspectiveRecorded, enrolment_id=ref("s")), ORGANISER),
        (a(EditionPlanned, edition_id=SECTOR, edition_kind="sector_trajectory", sectors=("care",)), ORGANISER),
        (a(EditionPlanned, edition_id=GROUP, edition_kind="group_offer", audience=("nug",)), ORGANISER),
        (a(NormSet, clock="C01", period="P30D", kind="duty", source="decree", valid_from="2025-01-15", framework_id=None), POLICY),
        (a(NormSet, clock="C11", period="P2M", kind="target", source="framework", valid_from="2025-01-01", framework_id=None), POLICY),
    ]
    for contract in (ref("contract"), ref("renewal")):
        kind = "first" if contract == ref("contract") else "renewed"
        told += [
            (a(ContractSigned, contract_id=contract, contract_kind=kind), AGENCY),
            (a(ContractSuspended, contract_id=contract, until=None), AGENCY),
            (a(ContractResumed, contract_id=contract), AGENCY),
            (a(ExemptionGranted, contract_id=contract, part="pillar3"), AGENCY),
            (a(CertificateIssued, contract_id=contract, kind="attest"), AGENCY),
            *((a(TrajectoryEnded, contract_id=contract, reason=reason), AGENCY) for reason in ("attest", "moved_abroad")),
        ]
    for job in (ref("job"), ref("second job")):
        told += [(a(EmploymentStarted, job_id=job), VDAB), (a(EmploymentEnded, job_id=job), VDAB)]
    told += [
        (a(ActivationStepReported, step=step, state=state), by)
        for step, state in (("intake_interview", "done"), ("orientation", "planned"), ("deregistered", "done"))
        for by in (VDAB, ACTIRIS)
    ]
    told += [
        (a(RecognitionFileStatusChanged, case_id=ref("case"), status=status), NARIC)
        for status in ("complete", "incomplete", "awaiting_payment", "resumed", "review_requested", "withdrawn", "closed_no_documents")
    ]
    told += [
        (
            a(RecognitionDecided, case_id=ref("case"), decision_kind=kind, outcome="partial", procedure="specific_he", authority="naric"),
            NARIC,
        )
        for kind in ("initial", "review")
    ]
    return told


VOCABULARY = _vocabulary()


class Told(NamedTuple):
    """One thing that is told: a word of the vocabulary, or something about an earlier thing."""

    act: str
    """``fact``, ``correct``, ``retract`` or ``link``."""
    word: int
    day: int
    target: int
    elsewhere: bool


things = st.builds(
    Told,
    act=st.sampled_from(["fact"] * 12 + ["correct", "retract", "retract", "link"]),
    word=st.integers(0, len(VOCABULARY) - 1),
    day=st.integers(0, DAYS - 1),
    target=st.integers(0, 60),
    elsewhere=st.sampled_from([False] * 7 + [True]),
)
stories = st.lists(things, min_size=1, max_size=45)
days = st.integers(-5, DAYS + 200).map(lambda offset: START + timedelta(days=offset))


def stream_of(payload: Payload, elsewhere: bool) -> str:
    if isinstance(payload, EditionPlanned):
        return f"editie/{payload.edition_id}"
    if isinstance(payload, NormSet):
        return f"beleid/norm/{payload.clock.value}"
    return OTHER if elsewhere else PERSON


def tell(things: list[Told]) -> Story:
    """The story of generated things. A target is corrected once at most: which of two corrections counts depends on their order."""
    story = Story()
    corrected: set[str] = set()
    for told in things:
        on = (START + timedelta(days=told.day)).isoformat()
        targets = [entry for entry in story.entries if not entry.type.startswith("event.corrected")]
        target = targets[told.target % len(targets)] if targets else None
        if told.act == "link":
            story.linked(OTHER, PERSON, on=on)
        elif told.act == "retract" and target is not None:
            story.retracted(target)
        elif told.act == "correct" and target is not None and target.id not in corrected:
            if target.type not in ("event.retracted", "identity.linked"):
                corrected.add(target.id)
                story.corrected(target, on=on)
        elif told.act == "fact":
            payload, by = VOCABULARY[told.word]
            story.given(payload, on=on, by=by, at=f"{8 + told.word % 9}:00", stream=stream_of(payload, told.elsewhere))
    return story


def facts(history: History) -> list[tuple[str, date, Payload]]:
    return [(fact.entry.id, fact.date, fact.payload) for fact in history.facts]


def without_positions(clocks: tuple[Clock, ...]) -> list[Clock]:
    return [msgspec.structs.replace(clock, position=0) for clock in clocks]


def rearranged(story: Story, seed: int) -> Story:
    """The same entries, admitted in another order."""
    entries = story.entries.copy()
    random.Random(seed).shuffle(entries)
    versions: dict[str, int] = {}
    arrived: list[OpenEntry] = []
    for position, entry in enumerate(entries, 1):
        versions[entry.stream] = versions.get(entry.stream, 0) + 1
        arrived.append(msgspec.structs.replace(entry, position=Position(position), version=versions[entry.stream]))
    return Story(entries=arrived)


@settings(max_examples=150, deadline=None, print_blob=True)
@given(stories, days, st.integers(0, 2**32))
def test_the_order_of_arrival_makes_no_difference(things: list[Told], day: date, seed: int) -> None:
    story = tell(things)
    other = rearranged(story, seed)
    one, two = story.subject(on=day), other.subject(on=day)
    assert one.key == two.key
    assert facts(one.history) == facts(two.history)
    assert [(line.entry.id, line.state) for line in one.history.entries] == [(line.entry.id, line.state) for line in two.history.entries]
    assert without_positions(one.clocks) == without_positions(two.clocks)


@settings(max_examples=150, deadline=None, print_blob=True)
@given(stories, days, st.integers(0, 2**32), st.integers(0, 50))
def test_the_order_of_reading_makes_no_difference_at_all(things: list[Told], day: date, seed: int, known_at: int) -> None:
    story = tell(things)
    shuffled = Story(entries=random.Random(seed).sample(story.entries, len(story.entries)))
    one, two = story.subject(on=day, known_at=known_at), shuffled.subject(on=day, known_at=known_at)
    assert one.history.facts == two.history.facts
    assert one.history.entries == two.history.entries
    assert one.history.duplicates == two.history.duplicates
    assert one.history.problems == two.history.problems
    assert one.clocks == two.clocks


@settings(max_examples=100, deadline=None, print_blob=True)
@given(stories, days, st.integers(0, 50))
def test_known_at_a_position_is_the_prefix_of_the_ledger(things: list[Told], day: date, known_at: int) -> None:
    story = tell(things)
    prefix = Story(entries=[entry for entry in story.entries if entry.position <= known_at])
    assert story.subject(on=day, known_at=known_at).history.facts == prefix.subject(on=day).history.facts
    assert story.subject(on=day, known_at=known_at).clocks == prefix.subject(on=day).clocks


@settings(max_examples=100, deadline=None, print_blob=True)
@given(stories, days, days)
def test_facts_only_join_as_the_date_moves_on(things: list[Told], one: date, other: date) -> None:
    story = tell(things)
    earlier, later = (facts(story.history(on=day)) for day in sorted((one, other)))
    assert [fact for fact in later if fact in earlier] == earlier


@settings(max_examples=100, deadline=None, print_blob=True)
@given(stories, days, st.integers(0, 60))
def test_retracting_a_retraction_restores_everything(things: list[Told], day: date, index: int) -> None:
    story = tell(things)
    if not story.entries:
        return
    before = story.subject(on=day)
    story.retracted(story.retracted(story.entries[index % len(story.entries)]))
    after = story.subject(on=day)
    assert facts(before.history) == facts(after.history)
    assert [clock for clock in before.clocks if clock.clock != "C24"] == [clock for clock in after.clocks if clock.clock != "C24"]


@settings(max_examples=200, deadline=None, print_blob=True)
@given(stories, days, st.integers(1, 250))
def test_nothing_changes_before_the_day_that_says_so(things: list[Told], day: date, later: int) -> None:
    story = tell(things)
    subject = story.subject(on=day)
    change = next_change(subject)
    shared = [one.next_date for one in histories_of(story, subject)]
    limit = min((one for one in (change, *shared) if one is not None), default=date.max)
    until = min(day + timedelta(days=later), limit - timedelta(days=1))
    assert subject.clocks == story.subject(on=until).clocks


def histories_of(story: Story, subject: Subject) -> list[History]:
    return [story.history(on=subject.as_of, key=entry.stream) for entry in story.entries if entry.stream not in subject.history.members]


@settings(max_examples=200, deadline=None, print_blob=True)
@given(stories, days)
def test_every_clock_makes_sense(things: list[Told], day: date) -> None:
    for clock in tell(things).subject(on=day).clocks:
        if clock.clock == "C24":
            continue
        assert clock.next_change is None or clock.next_change > day
        assert clock.closed or clock.stop is None
        assert clock.stop is None or clock.end is None
        assert clock.paused >= 0
        if clock.start is not None and clock.deadline is not None:
            assert clock.deadline >= clock.start
            assert clock.elapsed is None or clock.elapsed >= 0
        if clock.breached:
            assert clock.deadline is not None
            assert clock.deadline < (clock.stop or clock.end or day)
        if clock.state == "met" and clock.period is not None and clock.period.endswith("D"):
            assert clock.elapsed is not None
            assert clock.elapsed <= int(clock.period[1:-1])


@settings(max_examples=100, deadline=None, print_blob=True)
@given(stories, days)
def test_instances_have_keys_of_their_own(things: list[Told], day: date) -> None:
    clocks = [clock for clock in tell(things).subject(on=day).clocks if clock.clock not in ("C11", "C24")]
    assert len({(clock.clock, clock.case) for clock in clocks}) == len(clocks)
