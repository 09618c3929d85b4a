"""Every indicator worked by hand: small stories of people, and the numerator and denominator that the definition gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl
import pytest

from ledger.catalogue import Payload
from ledger.codes.region import Region
from ledger.cohort import Unanswerable
from ledger.dimension import area_of, around, province_of
from ledger.events.contract import ContractResumed, ContractSuspended, ExemptionGranted, TrajectoryEnded
from ledger.events.course import MoCourseStarted
from ledger.events.diploma import RecognitionDecided, RecognitionFileStatusChanged, RecognitionProcedureExplained
from ledger.events.edition import EditionAligned, EditionParticipationEnded, PerspectiveRecorded
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed, EmployerSupportDelivered
from ledger.events.evc import EvcGuidanceStarted, EvcPhaseCompleted
from ledger.events.identity import ProfileUpdated
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted, SupportProfileAssessed
from ledger.events.pilot import AdvancedTrajectoryEnded, AdvancedTrajectoryStarted, InsightRecorded, PilotEnrolled, PilotOpened
from ledger.events.policy import ResourceRecorded
from ledger.events.referral import InitiativeAttended, InitiativeInformed, OfferRecommended, ReferralAnswered
from ledger.events.signal import DiscriminationSignalHandled, DiscriminationSignalled
from ledger.events.vdab import JobseekerRegistered, WorkPerspectiveAcknowledged, WorkPerspectiveShared
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingStarted
from ledger.factbook import Factbook, frame_of, served
from ledger.figure import Figure, figure
from ledger.indicator import indicators
from ledger.projection import SqlValue, projections, projections_of
from ledger.quality import SourceMonth, SourceState
from ledger.question import checked
from ledger.stream import kind_of
from tests.given import ACTIRIS, EMPLOYER_SUPPORT, EQUALITY, NARIC, ORGANISER, POLICY, TRAINER, VDAB, Publisher, Story, a, ref
from tests.unit.finding_stories import (
    contract,
    dossier,
    edition_planned,
    edition_started,
    enrolled,
    mo_course,
    offer_published,
    recommended,
    referred,
    registered,
    screened,
    step,
)

D = "2026-07-01"
Tell = Callable[[Story], object]


def person(
    *tell: Tell,
    name: str = "person",
    signed: str | None = "2025-01-10",
    nis: str = "44021",
    gender: str = "f",
    group: str = "eu",
    **terms: object,
) -> Story:
    """A person of Ghent, unless told otherwise, with a first contract."""
    story = Story(f"persoon/{ref(name)}")
    registered(story, residence_nis=nis, birth_year=1990, gender=gender, nationality_group=group)
    if signed is not None:
        contract(story, on=signed, name=f"contract of {name}", **terms)
    for part in tell:
        part(story)
    return story


def say(payload: type[Payload], on: str, by: Publisher | None = None, stream: str | None = None, **changes: object) -> Tell:
    """One event of a story."""
    return lambda story: story.given(a(payload, **changes), on=on, stream=stream, **({"by": by} if by else {}))  # type: ignore[arg-type]


def left(on: str, reason: str, name: str = "person") -> Tell:
    return say(TrajectoryEnded, on, contract_id=ref(f"contract of {name}"), reason=reason)


def job(on: str, until: str | None = None, **changes: object) -> Tell:
    def tell(story: Story) -> None:
        identity = ref(f"job {story.stream} {on}")
        story.given(a(EmploymentStarted, **{"job_id": identity, "contract_kind": "indefinite", **changes}), on=on, by=VDAB)
        if until is not None:
            story.given(a(EmploymentEnded, job_id=identity), on=until, by=VDAB)

    return tell


def book(*stories: Story, on: str = D, known_at: int | None = None) -> Factbook:
    """The facts of some stories on a date; a stream that several of them tell of counts once."""
    records: dict[str, list[tuple[SqlValue, ...]]] = {}
    seen: set[str] = set()
    for story in stories:
        for key in sorted({entry.stream for entry in story.entries} - seen):
            seen.add(key)
            subject = story.subject(on=on, known_at=known_at, key=key)
            for projection in projections_of(kind_of(key)):
                records.setdefault(projection.name, []).extend(projection.records(subject))
    frames = {name: frame_of(projections()[name], rows) for name, rows in records.items()}
    return Factbook(frames, as_of=date.fromisoformat(on), position=99)


def ask(id: str, *stories: Story, on: str = D) -> Figure:
    return figure(indicators()[id], book(*stories, on=on), protected=False)


def counts(made: Figure) -> tuple[int | None, ...]:
    """Numerator, denominator, immature, left scope, neutral, unknown."""
    total = made.total
    return total.numerator, total.denominator, total.immature, total.left_scope, total.neutral, total.unknown


# -- the common rules -----------------------------------------------------------------------------------------------------


def test_the_horizon_counts_both_days_and_only_who_is_mature() -> None:
    on_time = person(say(CareerOrientationHeld, "2025-04-10"), name="a")  # day 90
    too_late = person(say(CareerOrientationHeld, "2025-04-11"), name="b")  # day 91
    never, young = person(name="c"), person(name="d", signed="2026-04-03")
    assert counts(ask("IND-04", on_time, too_late, never, young, on="2026-07-01")) == (1, 3, 1, 0, 0, 0)
    assert counts(ask("IND-04", young, on="2026-07-02")) == (0, 1, 0, 0, 0, 0)


def test_who_dies_or_moves_away_before_the_horizon_leaves_the_rate_even_with_success() -> None:
    gone = person(say(CareerOrientationHeld, "2025-02-01"), left("2025-03-01", "moved_abroad"))
    later = person(left("2025-04-10", "moved_abroad", "b"), name="b")
    other = person(left("2025-02-01", "moved_other_agency", "c"), name="c")
    assert counts(ask("IND-04", gone, later, other)) == (0, 2, 0, 1, 0, 0)


def test_retracted_events_do_not_exist_and_corrected_ones_count_as_corrected() -> None:
    story = person(say(CareerOrientationHeld, "2025-02-01"))
    held = story.entries[-1]
    corrected = story.corrected(held, on="2025-06-01")
    assert counts(ask("IND-04", story)) == (0, 1, 0, 0, 0, 0)
    story.retracted(corrected)
    assert counts(ask("IND-04", story)) == (1, 1, 0, 0, 0, 0)
    story.retracted(held)
    assert counts(ask("IND-04", story)) == (0, 1, 0, 0, 0, 0)


def test_as_of_and_known_at_cut_alike() -> None:
    story = person(say(CareerOrientationHeld, "2025-02-01"))
    position = story.entries[-1].position
    declared = indicators()["IND-04"]
    before = figure(declared, book(story, known_at=position - 1), protected=False)
    after = figure(declared, book(story, known_at=position), protected=False)
    assert (before.total.numerator, after.total.numerator) == (0, 1)
    assert figure(declared, book(story, on="2025-01-31"), protected=False).total.immature == 1


# -- intake and third pillar ---------------------------------------------------------------------------------------------


def test_ind_01_and_02_are_two_figures_of_two_places() -> None:
    vdab = say(JobseekerRegistered, "2025-03-11", VDAB)  # day 60
    met, late = person(vdab, name="a"), person(say(JobseekerRegistered, "2025-03-12", VDAB), name="b")
    before = person(say(JobseekerRegistered, "2024-12-20", VDAB), name="c")
    exempt = person(say(ExemptionGranted, "2025-02-01", part="pillar3", contract_id=ref("contract of d")), name="d")
    brussels = person(say(JobseekerRegistered, "2025-02-01", ACTIRIS), name="e", nis="21004")
    unused = person(name="f", nis="21004")
    everyone = (met, late, before, exempt, brussels, unused)
    assert counts(ask("IND-01", *everyone)) == (2, 3, 0, 0, 1, 0)
    assert counts(ask("IND-02", *everyone)) == (1, 2, 0, 0, 0, 0)


def test_ind_01_waits_for_the_deadline_and_suspension_moves_it() -> None:
    early = person(say(JobseekerRegistered, "2025-02-01", VDAB), name="a")
    assert counts(ask("IND-01", early, on="2025-03-10")) == (0, 0, 1, 0, 0, 0)
    assert counts(ask("IND-01", early, on="2025-03-11")) == (1, 1, 0, 0, 0, 0)
    paused = person(
        say(ContractSuspended, "2025-02-01", contract_id=ref("contract of b")),
        say(ContractResumed, "2025-03-03", contract_id=ref("contract of b")),
        say(JobseekerRegistered, "2025-04-10", VDAB),  # day 90, of which 30 suspended
        name="b",
    )
    assert counts(ask("IND-01", paused)) == (1, 1, 0, 0, 0, 0)


def test_ind_03_screening_on_the_day_of_the_referral_is_in_time() -> None:
    same = person(lambda s: screened(s, "2025-02-01"), lambda s: referred(s, "2025-02-01"), name="a")
    after = person(lambda s: referred(s, "2025-02-01"), lambda s: screened(s, "2025-02-02"), name="b")
    ocmw = person(lambda s: referred(s, "2025-02-01", target="ocmw"), name="c")
    assert counts(ask("IND-03", same, after, ocmw)) == (1, 2, 0, 0, 0, 0)


def test_ind_05_and_06() -> None:
    good = person(say(SupportProfileAssessed, "2025-03-11"), say(InitiativeInformed, "2025-07-09"), name="a")  # days 60 and 180
    late = person(say(SupportProfileAssessed, "2025-03-12"), say(InitiativeInformed, "2025-07-10"), name="b")
    without = person(say(InitiativeInformed, "2025-02-01"), name="c", parts=("mo", "nt2"), work_status="employed")
    assert counts(ask("IND-05", good, late, without)) == (1, 3, 0, 0, 0, 0)
    assert counts(ask("IND-06", good, late, without)) == (1, 2, 0, 0, 0, 0)


def test_ind_07_counts_the_same_kind_within_180_days_of_any_information() -> None:
    told = say(InitiativeInformed, "2025-02-01", initiative="mentoring")
    second = say(InitiativeInformed, "2025-06-01", initiative="mentoring")
    attended = say(InitiativeAttended, "2025-09-01", VDAB, initiative="mentoring", state="started")
    other = say(InitiativeAttended, "2025-02-10", VDAB, initiative="job_event", state="attended")
    assert counts(ask("IND-07", person(told, attended, name="a"), person(told, second, attended, name="b"))) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-07", person(told, other, name="c"))) == (0, 1, 0, 0, 0, 0)
    assert "initiative" not in indicators()["IND-07"].splits, "under the first kind somebody would count who took part in another"


# -- referral and exchange -----------------------------------------------------------------------------------------------


def answer(on: str, name: str = "referral", **changes: object) -> Tell:
    return say(ReferralAnswered, on, VDAB, referral_id=ref(name), **{"first_action_on": None, "refusal": None, **changes})


def test_ind_08_and_09_count_referrals() -> None:
    taken = person(lambda s: referred(s, "2025-02-01"), answer("2025-03-03", answer="taken_up", first_action_on="2025-03-01"), name="a")
    slow = person(
        lambda s: referred(s, "2025-02-01", "second"),
        answer("2025-03-04", "second", answer="taken_up", first_action_on="2025-03-01"),
        name="b",
    )
    refused = person(
        lambda s: referred(s, "2025-02-01", "third"), answer("2025-02-10", "third", answer="refused", refusal="language_too_low"), name="c"
    )
    silent = person(lambda s: referred(s, "2025-02-01", "fourth"), name="d")
    assert counts(ask("IND-08", taken, slow, refused, silent)) == (1, 4, 0, 0, 0, 0)
    assert counts(ask("IND-09", taken, slow, refused, silent)) == (1, 3, 0, 0, 0, 0)


def test_ind_10_and_11_count_shares() -> None:
    def shared(name: str, ack: str | None, usable: bool = True) -> Story:
        missing = None if usable else ("availability",)
        tell = [say(WorkPerspectiveShared, "2025-02-01", share_id=ref(name), recipient="vdab")]
        if ack is not None:
            tell.append(say(WorkPerspectiveAcknowledged, ack, VDAB, share_id=ref(name), usable=usable, missing=missing))
        return person(*tell, name=name)

    stories = (shared("a", "2025-02-08"), shared("b", "2025-02-09", False), shared("c", None))
    assert counts(ask("IND-10", *stories)) == (1, 3, 0, 0, 0, 0)
    usable = ask("IND-11", *stories)
    assert counts(usable) == (1, 2, 0, 0, 0, 1)
    assert usable.total.coverage == pytest.approx(2 / 3)
    assert usable.total.coverage_state == "flagged"


def test_ind_12_and_13_and_feedback_coverage() -> None:
    heard = person(say(JobseekerRegistered, "2025-02-01", VDAB), lambda s: step(s, "2025-02-22"), name="a")  # day 21
    silent = person(say(JobseekerRegistered, "2025-02-01", VDAB), name="b")
    works = person(say(JobseekerRegistered, "2025-02-01", VDAB), job("2025-02-10"), name="c")
    first = ask("IND-12", heard, silent, works, on="2025-06-30")
    # Withheld below half: the numerator is not told.
    assert first.total.coverage == 0.5
    assert counts(first) == (1, 2, 0, 0, 1, 0)
    days = ask("IND-13", heard, silent, on="2025-06-30")
    # 1 February to 30 June is 150 days for both. Heard: fresh until 22 February + 90 = 23 May, 112 days. Silent: 2 May, 91 days.
    assert counts(days)[:2] == (112 + 91, 300)
    assert days.total.value == pytest.approx(203 / 300)


def test_under_half_of_the_feedback_a_rate_is_withheld() -> None:
    silent = [person(say(JobseekerRegistered, "2025-02-01", VDAB), name=name) for name in "abc"]
    heard = person(say(JobseekerRegistered, "2025-02-01", VDAB), lambda s: step(s, "2025-02-22"), name="d")
    total = ask("IND-12", *silent, heard).total
    assert (total.coverage_state, total.coverage, total.numerator, total.value, total.denominator) == ("withheld", 0.25, None, None, 4)


def test_coverage_of_the_others_does_not_give_away_how_many_were_silent() -> None:
    """Of the women ten were silent, of the men three: who knows the coverage of the women and of all, would know the three."""

    def registered_one(name: str, gender: str, day: str | None) -> Story:
        tell = [say(JobseekerRegistered, "2025-02-01", VDAB)] + ([lambda s: step(s, day)] if day is not None else [])
        return person(*tell, name=name, gender=gender)

    spread = {"f": (10, 10, 10), "m": (14, 13, 3)}
    days = ("2025-02-10", "2025-03-10", None)
    stories = [
        registered_one(f"{gender}{day}{number}", gender, day)
        for gender, counted in spread.items()
        for day, n in zip(days, counted, strict=True)
        for number in range(n)
    ]
    made = figure(indicators()["IND-12"], book(*stories), by=("gender",))
    assert [(row.numerator, row.denominator) for row in made.rows] == [(10, 30), (14, 30)]
    assert made.total.coverage == pytest.approx(47 / 60)
    assert [row.coverage for row in made.rows] == [None, None]
    assert [row.coverage_state for row in made.rows] == ["flagged", "ok"]


# -- diplomas ------------------------------------------------------------------------------------------------------------


def status(on: str, what: str, name: str = "case") -> Tell:
    return say(RecognitionFileStatusChanged, on, NARIC, case_id=ref(name), status=what)


def decision(on: str, outcome: str, name: str = "case", **changes: object) -> Tell:
    told = {"case_id": ref(name), "deficits": [], "outcome": outcome, "decision_kind": "initial", "procedure": "level_he", **changes}
    return say(RecognitionDecided, on, NARIC, **told)


def filed(on: str = "2025-01-15", name: str = "case", **changes: object) -> Tell:
    return lambda story: dossier(story, on, name, **{"procedure": "level_he", "regulated_profession": None, **changes})


def test_ind_14_and_15() -> None:
    guided = person(say(RecognitionProcedureExplained, "2025-01-12"), filed("2025-07-11", "x"), name="a")  # day 180
    own = person(say(RecognitionProcedureExplained, "2025-01-12"), filed("2025-07-12", "y", guided_by_agency=False), name="b")
    stranger = person(filed("2025-02-01", "z"), name="c", signed=None)
    assert counts(ask("IND-14", guided, own, stranger)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-15", guided, own, stranger)) == (1, 2, 0, 0, 0, 0)


def test_ind_16_is_net_of_waiting_for_the_applicant() -> None:
    waited = person(
        filed(name="x"),
        status("2025-02-01", "complete", "x"),
        status("2025-02-11", "awaiting_applicant", "x"),
        status("2025-03-13", "resumed", "x"),
        decision("2025-05-01", "granted_as_requested", "x"),  # 89 days, 30 of them paused
        name="a",
    )
    late = person(filed(name="y"), status("2025-02-01", "complete", "y"), decision("2025-04-03", "refused", "y"), name="b")
    gone = person(filed(name="z"), status("2025-02-01", "complete", "z"), status("2025-02-20", "withdrawn", "z"), name="c")
    assert counts(ask("IND-16", waited, late, gone)) == (1, 2, 0, 0, 1, 0)


def test_a_file_that_is_opened_again_counts_where_its_person_and_procedure_stand() -> None:
    again = person(
        filed(name="x"),
        status("2025-02-01", "complete", "x"),
        status("2025-02-20", "withdrawn", "x"),
        status("2025-04-01", "complete", "x"),
        decision("2025-05-01", "granted_as_requested", "x"),
    )
    for id in ("IND-16", "IND-131"):
        facts = book(again)
        for name, value in (("procedure", "level_he"), ("region", "gent"), ("gender", "f")):
            (row,) = figure(indicators()[id], facts, by=(name,), protected=False).rows
            assert (row.strata[name], row.numerator, row.denominator, row.neutral) == (value, 1, 1, 1), (id, name)


def test_ind_17_is_gross_and_counts_running_and_closed_files_up_to_their_day() -> None:
    stories = [
        person(filed("2025-01-15", f"c{n}"), decision(f"2025-02-{n + 1:02}", "granted_as_requested", f"c{n}"), name=f"p{n}")
        for n in range(12)
    ]
    stories += [person(filed("2025-01-15", f"o{n}"), name=f"open{n}") for n in range(8)]
    stories += [person(filed("2025-01-15", f"w{n}"), status("2025-01-20", "withdrawn", f"w{n}"), name=f"gone{n}") for n in range(3)]
    made = ask("IND-17", *stories)
    assert counts(made)[:2] == (12, 23)
    # 20 are at risk when decisions begin on day 17; the tenth of them falls on day 26.
    assert made.total.value == 26
    assert made.total.naive == 22.5
    assert [one.days for one in made.total.quantiles] == [21, 26, None, None]


def test_ind_18_the_review_goes_before_the_first_decision() -> None:
    reviewed = person(
        filed(name="x"),
        decision("2025-04-01", "refused", "x"),
        decision("2025-06-01", "granted_lower", "x", decision_kind="review"),
        name="a",
    )
    partial = person(
        filed(name="y"), decision("2025-04-01", "partial", "y", deficits=[{"deficit_id": ref("d"), "kind": "internship"}]), name="b"
    )
    assert counts(ask("IND-18", reviewed, partial)) == (1, 2, 0, 0, 0, 0)


def test_ind_19_follow_through_by_remedy_next_authority_or_the_sector() -> None:
    deficits = [{"deficit_id": ref("lack"), "kind": "internship"}]

    def after(name: str, *more: Tell, outcome: str = "partial") -> Story:
        told = decision("2025-03-01", outcome, name, deficits=deficits if outcome == "partial" else [])
        return person(filed(name=name, diploma_field="care"), told, *more, name=name)

    remedied = after("a", say(TrainingStarted, "2026-03-01", TRAINER, training_id=ref("t"), remedies_deficit=ref("lack"), sector="it"))
    elsewhere = after(
        "b", filed("2025-05-01", "b2", previous_case=ref("b"), authority="departement_zorg", procedure="professional_general")
    )
    works = after("c", job("2025-08-01", sector="care"))
    nothing = after("d", job("2025-08-01", sector="it"))
    impossible = after("e", outcome="no_decision_possible")
    assert counts(ask("IND-19", remedied, elsewhere, works, nothing, impossible)) == (3, 4, 0, 0, 0, 0)


def test_ind_42() -> None:
    good = person(
        say(EvcGuidanceStarted, "2025-02-01"), say(EvcPhaseCompleted, "2026-02-01", TRAINER, phase="assessment", outcome="full"), name="a"
    )
    other = person(
        say(EvcGuidanceStarted, "2025-02-01"), say(EvcPhaseCompleted, "2025-03-01", TRAINER, phase="identification", outcome=None), name="b"
    )
    assert counts(ask("IND-42", good, other)) == (1, 2, 0, 0, 0, 0)


# -- editions ------------------------------------------------------------------------------------------------------------


def finished(outcome: str = "completed", minutes: int = 432) -> Tell:
    told = {"enrolment_id": ref("enrolment"), "edition_id": ref("edition"), "outcome": outcome, "dutch_terms_min": minutes}
    return say(EditionParticipationEnded, "2025-06-06", ORGANISER, attended_min=0 if outcome == "never_started" else 600, **told)


def participant(name: str, *tell: Tell, end: Tell | None = None) -> Story:
    return person(edition_planned, edition_started, lambda s: enrolled(s), *([end] if end else []), *tell, name=name)


def test_ind_22_23_24_41_count_participations() -> None:
    seen = say(PerspectiveRecorded, "2025-07-06", ORGANISER, enrolment_id=ref("enrolment"), perspective="job", sector="care")  # day 30
    none = say(PerspectiveRecorded, "2025-06-10", ORGANISER, enrolment_id=ref("enrolment"), perspective="none_yet", sector=None)
    with_mo = participant("a", seen, lambda s: mo_course(s, "2025-01-20", "2025-04-14"), lambda s: step(s, "2025-06-20"), end=finished())
    without = participant("b", none, lambda s: mo_course(s, "2025-01-20", "2025-04-13"), end=finished(minutes=431))
    never = participant("c", end=finished("never_started", 0))
    running = participant("d")
    stories = (with_mo, without, never, running)
    assert counts(ask("IND-22", *stories)) == (1, 3, 0, 0, 0, 0)
    assert counts(ask("IND-23", *stories)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-24", *stories)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-41", *stories)) == (1, 2, 0, 0, 0, 0)  # 80 % of 540 minutes is 432


@pytest.mark.parametrize(("on", "left_scope"), [("2025-07-05", 1), ("2025-07-06", 0)])
def test_ind_23_leaves_out_who_left_before_the_thirty_days_were_over(on: str, left_scope: int) -> None:
    gone = participant("a", left(on, "moved_abroad", "a"), end=finished())
    assert counts(ask("IND-23", gone)) == (0, 1 - left_scope, 0, left_scope, 0, 0)


def test_ind_25_alignment_counts_when_it_comes_before_the_start() -> None:
    def edition(name: str, aligned: str | None, outcome: str = "complementary", kind: str = "sector_trajectory") -> Story:
        story = Story(f"editie/{ref(name)}")
        from ledger.events.edition import EditionPlanned, EditionStarted

        story.given(a(EditionPlanned, edition_id=ref(name), edition_kind=kind), on="2025-01-05", by=ORGANISER)
        if aligned is not None:
            story.given(a(EditionAligned, edition_id=ref(name), outcome=outcome), on=aligned, by=VDAB)
        story.given(a(EditionStarted, edition_id=ref(name)), on="2025-04-14", by=ORGANISER)
        return story

    stories = [edition("a", "2025-04-13"), edition("b", "2025-04-15"), edition("c", "2025-03-01", "overlapping"), edition("d", None)]
    stories.append(edition("e", "2025-04-01", kind="group_offer"))
    assert counts(ask("IND-25", *stories)) == (1, 4, 0, 0, 0, 0)


def nug(on: str = "2025-01-10") -> Tell:
    return say(ProfileUpdated, on, VDAB, valid_from=on, benefit_status="none", work_status="jobless")


def test_ind_27_counts_persons_without_benefit_or_plan() -> None:
    start = (nug(), say(JobseekerRegistered, "2025-02-01", VDAB))

    def group(story: Story) -> None:
        from ledger.events.edition import EditionParticipantEnrolled

        edition_planned(story, edition_kind="group_offer")
        told = a(EditionParticipantEnrolled, enrolment_id=ref("enrolment"), edition_id=ref("edition"), mo_id=None)
        story.given(told, on="2025-05-02", by=ORGANISER)  # day 90

    reached, alone = person(*start, group, name="a"), person(*start, name="b")
    working = person(*start, job("2025-03-01"), name="c")
    made = ask("IND-27", reached, alone, working)
    assert counts(made) == (1, 2, 0, 0, 1, 0)


def test_ind_43_counts_the_first_contract() -> None:
    start = say(MoCourseStarted, "2025-04-10", mo_id=ref("mo"), edition_id=None, planned_end="2026-12-31")
    late = say(MoCourseStarted, "2025-04-11", mo_id=ref("mo"), edition_id=None, planned_end="2026-12-31")
    assert counts(ask("IND-43", person(start, name="a"), person(late, name="b"), person(name="c", parts=("pillar3",)))) == (
        1,
        2,
        0,
        0,
        0,
        0,
    )


# -- work ----------------------------------------------------------------------------------------------------------------


def test_ind_26_looks_at_the_last_screening_on_or_before_the_first_job_or_training() -> None:
    prefers = say(CompetenceScreeningCompleted, "2025-02-01", preferred_sectors=("care",))
    changed = say(CompetenceScreeningCompleted, "2025-05-01", preferred_sectors=("it",))
    good = person(prefers, job("2025-04-01", sector="care"), changed, name="a")
    other = person(prefers, changed, job("2025-06-01", sector="care"), name="b")
    training = person(prefers, say(TrainingStarted, "2025-03-01", TRAINER, sector="care"), job("2025-04-01", sector="it"), name="c")
    unscreened = person(job("2025-04-01", sector="care"), prefers_later := say(CompetenceScreeningCompleted, "2025-05-01"), name="d")
    assert prefers_later is not None
    assert counts(ask("IND-26", good, other, training, unscreened)) == (2, 3, 0, 0, 0, 0)


def test_ind_28_needs_work_on_day_365_and_180_days_of_it() -> None:
    lasting = person(job("2025-07-15"), name="a")  # 180 days up to and with 10 January 2026
    short = person(job("2025-07-16"), name="b")  # 179
    ended = person(job("2025-02-01", "2026-01-09"), name="c")
    supported = person(job("2025-02-01", contract_kind="art60"), name="d")
    had_work = person(job("2025-02-01"), name="e", work_status="employed")
    young = person(name="f", signed="2025-07-02")
    assert counts(ask("IND-28", lasting, short, ended, supported, had_work, young)) == (1, 4, 1, 0, 0, 0)


def test_ind_29_is_a_cumulative_incidence_with_leaving_as_another_end() -> None:
    stories = [person(job(f"2025-02-{n + 1:02}"), name=f"j{n}") for n in range(8)]
    stories += [person(left("2025-02-05", "deceased", f"g{n}"), name=f"g{n}") for n in range(4)]
    stories += [person(name=f"s{n}") for n in range(12)]
    made = ask("IND-29", *stories)
    assert counts(made)[:2] == (8, 24)
    assert made.total.value is None  # a third found work, four died: half is never reached
    first = made.total.quantiles[0]
    assert (first.share, first.days) == (0.25, 27)  # the sixth of 24 found work on 6 February, 27 days on


def test_ind_32_and_39() -> None:
    def advanced(name: str, outcome: str) -> Story:
        start = say(AdvancedTrajectoryStarted, "2025-03-01", adv_id=ref(name), pilot_id=None)
        return person(start, say(AdvancedTrajectoryEnded, "2025-09-01", adv_id=ref(name), outcome=outcome), name=name)

    assert counts(ask("IND-32", advanced("a", "job_at_level"), advanced("b", "job_below"), advanced("c", "study"))) == (2, 3, 0, 0, 0, 0)
    early = person(left("2026-01-10", "no_show", "d"), name="d")  # day 365
    late = person(left("2026-01-11", "no_show", "e"), name="e")
    goal = person(left("2025-09-01", "attest", "f"), name="f")
    away = person(left("2025-09-01", "moved_abroad", "g"), name="g")
    assert counts(ask("IND-39", early, late, goal, away)) == (1, 3, 0, 1, 0, 0)


# -- offer, employers, policy --------------------------------------------------------------------------------------------


def test_ind_20_and_21() -> None:
    open_offer = person(lambda s: offer_published(s, min_dutch_oral="pre_a1", valid_to="2026-12-31"), recommended, name="a")
    hard = Story(f"aanbod/{ref('hard')}")
    from ledger.events.offer import OfferPublished, OfferWithdrawn

    def publish(name: str, level: str, until: str | None, gone: str | None = None) -> Story:
        story = Story(f"aanbod/{ref(name)}")
        told = {"offer_id": ref(name), "valid_from": "2025-01-01", "valid_to": until, "min_dutch_oral": level}
        story.given(a(OfferPublished, **told), on="2025-01-01", by=VDAB)
        if gone:
            story.given(a(OfferWithdrawn, offer_id=ref(name)), on=gone, by=VDAB)
        return story

    hard, over = publish("hard", "b1", None), publish("over", "a1", "2026-06-30")
    withdrawn, last = publish("withdrawn", "a1", None, "2026-07-01"), publish("last", "a2", "2026-07-01")
    unknown = person(say(OfferRecommended, "2025-03-01", offer_id=ref("nowhere")), name="b")
    assert counts(ask("IND-20", open_offer, hard, over, withdrawn, last)) == (2, 3, 0, 0, 0, 0)
    assert counts(ask("IND-21", open_offer, unknown)) == (1, 2, 0, 0, 0, 0)


def employer(name: str, agreed: str | None, route: str = "agency_offer", minutes: tuple[int, ...] = ()) -> Story:
    story = Story(f"werkgever/{name}")
    story.given(a(EmployerNeedStated, need_id=ref(name), investment_min=100, nis="44021"), on="2025-01-01", by=EMPLOYER_SUPPORT)
    if agreed is not None:
        kinds = () if route == "none" else ("language_coaching",)
        told = a(EmployerSupportAgreed, support_id=ref(f"support {name}"), need_id=ref(name), route=route, support_kinds=kinds)
        story.given(told, on=agreed, by=EMPLOYER_SUPPORT)
    for at, given in enumerate(minutes):
        told = a(EmployerSupportDelivered, support_id=ref(f"support {name}"), delivered_min=given)
        story.given(told, on=f"2025-03-{at + 1:02}", by=EMPLOYER_SUPPORT)
    return story


def test_ind_35_36_37_count_needs() -> None:
    stories = [
        employer("1999500095", "2025-01-31", "other_partner", (60, 30)),
        employer("1999500194", "2025-02-01", "agency_offer", (50,)),
        employer("1999500293", "2025-01-15", "none"),
        employer("1999500392", None),
    ]
    assert counts(ask("IND-35", *stories)) == (2, 4, 0, 0, 0, 0)
    assert counts(ask("IND-36", *stories)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-37", *stories))[:2] == (140, 200)
    assert ask("IND-37", *stories).total.value == 0.7


@pytest.mark.parametrize(("largest", "hidden"), [(250, False), (300, True)])
def test_minutes_that_one_employer_nearly_makes_alone_are_hidden(largest: int, hidden: bool) -> None:
    """Of ten employers nine received 12 minutes each: 108. With 250 the tenth has 69.8 % of all, with 300 it has 73.5 %."""
    stories = [employer(f"19995{n:05}", "2025-01-31", minutes=(largest if n == 0 else 12,)) for n in range(10)]
    made = figure(indicators()["IND-37"], book(*stories))
    assert made.total.hidden is hidden
    assert made.total.numerator == (None if hidden else 108 + largest)


def test_none_and_all_of_a_sensitive_group_are_hidden() -> None:
    """That none of a nationality was oriented tells of each of them; that none of a gender was, does not count as telling."""
    told = [(12, "f", "eu", False), (12, "m", "mena", True), (20, "m", "asia", True), (8, "m", "asia", False)]
    stories = [
        person(
            *([say(CareerOrientationHeld, "2025-02-01")] if oriented else []),
            name=f"{gender}{group}{oriented}{n}",
            gender=gender,
            group=group,
        )
        for many, gender, group, oriented in told
        for n in range(many)
    ]
    facts = book(*stories)
    shown = {
        name: {row.strata[name]: row.numerator for row in figure(indicators()["IND-04"], facts, by=(name,)).rows}
        for name in ("gender", "nationality")
    }
    assert shown["gender"] == {"f": 0, "m": 32}
    assert shown["nationality"]["eu"] is None
    assert shown["nationality"]["mena"] is None


def test_ind_31() -> None:
    def insight(name: str, proposed: str, integrated: str | None) -> Story:
        story = Story(f"beleid/insight/{ref(name)}")
        told = {"insight_id": ref(name), "integrated_part": None}
        story.given(a(InsightRecorded, **told, state="proposed"), on=proposed, by=POLICY)
        if integrated:
            story.given(a(InsightRecorded, **{**told, "integrated_part": "guidance"}, state="integrated"), on=integrated, by=POLICY)
        return story

    stories = [insight("a", "2025-01-01", "2025-05-01"), insight("b", "2026-01-02", None), insight("c", "2026-01-03", "2026-02-01")]
    assert counts(ask("IND-31", *stories)) == (1, 2, 1, 0, 0, 0)  # 2 January + 180 days is 1 July


def test_ind_33_and_34_divide_money_by_people() -> None:
    pilot = Story(f"beleid/pilot/{ref('pilot')}")
    pilot.given(a(PilotOpened, pilot_id=ref("pilot"), valid_from="2024-04-01", valid_to=None), on="2024-04-01", by=POLICY)
    money = Story(f"beleid/budget/{ref('pilot')}")
    for year, kind, amount in (
        (2024, "spent", 30_000),
        (2024, "allocated_recurrent", 99),
        (2025, "spent", 60_000),
    ):
        money.given(a(ResourceRecorded, pilot_id=ref("pilot"), year=year, kind=kind, amount=amount), on="2025-12-31", by=POLICY)

    def joins(on: str) -> Tell:
        return say(PilotEnrolled, on, pilot_id=ref("pilot"), enrol_kind="accepted")

    lasting = person(joins("2024-06-01"), job("2024-07-01"), name="a", signed="2024-05-01")
    other = person(joins("2024-06-01"), name="b", signed="2024-05-01")
    recent = person(joins("2025-06-01"), job("2025-07-01"), name="c", signed="2025-05-01")
    offered = person(say(PilotEnrolled, "2025-06-01", pilot_id=ref("pilot"), enrol_kind="offered"), name="d")
    stories = (pilot, money, lasting, other, recent, offered)
    reached = figure(indicators()["IND-33"], book(*stories), by=("year",), protected=False)
    assert [(row.strata["year"], row.numerator, row.denominator, row.value) for row in reached.rows] == [
        ("2024", 30_000, 2, 15_000),
        ("2025", 60_000, 1, 60_000),
    ]
    # Who joined in 2025 may be a year on only at the end of 2026: neither they nor that year's money count yet.
    assert counts(ask("IND-34", *stories)) == (30_000, 1, 1, 0, 0, 0)
    assert counts(ask("IND-34", *stories, on="2026-12-31"))[:2] == (90_000, 2)


# -- data ----------------------------------------------------------------------------------------------------------------


def test_ind_30_and_40_count_what_sources_send() -> None:
    months = (SourceMonth(month="2025-01", admitted=900, late=90), SourceMonth(month="2025-02", admitted=1100, late=10))
    source = "urn:kbo:1999010048:kbi"
    state = SourceState(source=source, months=months, last=datetime(2025, 3, 1, tzinfo=UTC))
    facts = Factbook({}, as_of=date(2025, 6, 1), position=1, sources=[state], refusals={(source, date(2025, 1, 1)): 3})
    late = figure(indicators()["IND-40"], facts, by=("source",), protected=False)
    assert [(row.strata["source"], row.numerator, row.denominator) for row in late.rows] == [(source, 100, 2000)]
    roles = figure(indicators()["IND-30"], facts, by=("source",), protected=False)
    assert [(row.strata["source"], row.numerator, row.denominator, row.value) for row in roles.rows] == [("1999010048", 3, 2000, 15.0)]


def test_ind_38_counts_signals_and_hides_fewer_than_ten() -> None:
    def signal(number: int, handled: str | None) -> Story:
        story = Story(f"signaal/{ref(f'signal {number}')}")
        identity = ref(f"signal {number}")
        story.given(a(DiscriminationSignalled, signal_id=identity, region="gent", person_link=False), on="2025-01-01", by=EQUALITY)
        if handled:
            story.given(a(DiscriminationSignalHandled, signal_id=identity), on=handled, by=EQUALITY)
        return story

    handled = [signal(number, "2025-03-02") for number in range(3)]  # day 60
    late = [signal(number, "2025-03-03") for number in range(3, 9)]
    stories = [*handled, *late]
    assert counts(ask("IND-38", *stories)) == (3, 9, 0, 0, 0, 0)
    assert figure(indicators()["IND-38"], book(*stories)).total.hidden


def test_each_indicator_reads_only_what_it_says() -> None:
    """A view that an indicator needs and does not name would be empty where only named views are loaded."""
    story = person(edition_planned, edition_started, lambda s: enrolled(s), finished(), name="a")
    facts = book(story)

    class Strict(Factbook):
        allowed: frozenset[str] = frozenset()

        def table(self, name: str):  # type: ignore[no-untyped-def]
            assert name in self.allowed, name
            return super().table(name)

    for declared in indicators().values():
        strict = Strict(facts.frames, as_of=facts.as_of, position=1)
        strict.allowed = frozenset(declared.needs)
        declared.compute(strict).collect()


def test_a_region_lies_in_its_province_and_that_in_its_part_of_the_country() -> None:
    assert around("region") == ("area", "province", "region")
    assert {one.value: province_of(one.value) for one in (Region.GENT, Region.LIMBURG, Region.BRUSSEL)} == {
        "gent": "prov_oost_vlaanderen",
        "limburg": "prov_limburg",
        "brussel": "brussel",
    }
    assert area_of(province_of("gent")) == "vlaanderen"
    assert province_of("unknown") == "unknown"
    with pytest.raises(Unanswerable, match="region lies inside area"):
        checked(indicators()["IND-01"], ("region", "area"), None, protected=True)
    for id in ("IND-01", "IND-28", "IND-16"):
        assert "province" in indicators()[id].splits


def test_an_offer_for_several_regions_is_counted_once() -> None:
    frame = pl.DataFrame({"regions": [["gent"], ["gent", "dender"], []]}, schema={"regions": pl.List(pl.String)})
    assert frame.select(served("regions"))["served"].to_list() == ["gent", "several", "unknown"]
