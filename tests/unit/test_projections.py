"""The first catalogue of views, row by row: timeline, cases, deficits, participation, clocks, findings, flows, feeds."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.dependencies import next_change, references
from ledger.events.course import LanguageLevelAttained
from ledger.events.diploma import (
    PostDecisionOrientationGiven,
    RecognitionDecided,
    RecognitionFileStatusChanged,
    RecognitionProcedureExplained,
)
from ledger.events.edition import EditionPlanned, PerspectiveRecorded
from ledger.events.identity import ProfileUpdated
from ledger.events.offer import OfferPublished
from ledger.events.pilot import PilotOpened
from ledger.events.policy import NormSet
from ledger.events.publisher import FeedReconciled
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.signal import DiscriminationSignalled
from ledger.events.work import EmploymentStarted, TrainingEnded, TrainingStarted
from ledger.projection import SqlValue, projections
from tests.given import EQUALITY, NARIC, ORGANISER, PERSON, POLICY, TRAINER, VDAB, Story, a, moment, ref
from tests.unit.finding_stories import (
    EDITION,
    PILOT,
    SECOND,
    SIGNAL,
    completed,
    contract,
    dossier,
    edition_planned,
    edition_started,
    enrolled,
    mo_course,
    registered,
)

Row = dict[str, SqlValue]


def rows(story: Story, name: str, *, on: str = "2027-01-01", known_at: int | None = None, key: str | None = None) -> list[Row]:
    found = projections()[name]
    columns = [column.name for column in found.columns]
    records = found.records(story.subject(on=on, known_at=known_at, key=key))
    return [dict(zip(columns, record, strict=True)) for record in records]


def row(story: Story, name: str, *, on: str = "2027-01-01") -> Row:
    (only,) = rows(story, name, on=on)
    return only


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- timeline -------------------------------------------------------------------------------------------------------


def test_the_timeline_tells_what_became_of_each_entry() -> None:
    story = Story()
    moved = story.given(a(LanguageLevelAttained), on="2025-03-10", admitted=moment("2025-03-30"))
    gone = story.given(a(LanguageLevelAttained, evidence="selor"), on="2025-03-11")
    correction = story.corrected(moved, on="2025-03-12")
    retraction = story.retracted(gone)
    told = {line["position"]: line for line in rows(story, "timeline")}
    assert [told[one]["state"] for one in (1, 2, 3, 4)] == ["corrected", "retracted", "live", "live"]
    assert (told[1]["day"], told[1]["by"], told[1]["corrected"], told[1]["late"]) == (day("2025-03-12"), correction.position, True, True)
    assert (told[2]["by"], told[2]["retracted"], told[2]["late"]) == (retraction.position, True, False)


def test_the_timeline_of_one_position_earlier_differs_by_that_entry() -> None:
    story = Story()
    contract(story)
    story.given(a(LanguageLevelAttained), on="2025-03-10")
    before, after = rows(story, "timeline", known_at=1), rows(story, "timeline", known_at=2)
    assert [line for line in after if line not in before] == [line for line in after if line["position"] == 2]
    assert all(line in after for line in before)


def test_the_timeline_holds_no_payload() -> None:
    columns = {column.name for column in projections()["timeline"].columns}
    assert not columns & {"data", "payload"}
    assert not any(column.sql_type == "jsonb" for column in projections()["timeline"].columns)


# --- recognition ----------------------------------------------------------------------------------------------------


def recognised() -> Story:
    """Worked example 1 of domain-rules.md 5.2."""
    story = Story()
    story.given(a(RecognitionProcedureExplained), on="2025-03-01")
    dossier(story, "2025-04-18", regulated_profession=None)
    for on, status in (
        ("2025-04-20", "received"),
        ("2025-05-12", "complete"),
        ("2025-06-02", "awaiting_payment"),
        ("2025-06-10", "resumed"),
        ("2025-07-01", "awaiting_original"),
        ("2025-07-08", "authenticity_check"),
        ("2025-07-22", "resumed"),
    ):
        story.given(a(RecognitionFileStatusChanged, case_id=ref("case"), status=status), on=on, by=NARIC)
    deficits = [{"deficit_id": ref("one"), "kind": "internship"}, {"deficit_id": ref("two"), "kind": "language"}]
    story.given(a(RecognitionDecided, case_id=ref("case"), deficits=deficits), on="2025-10-08", by=NARIC)
    story.given(a(PostDecisionOrientationGiven, case_id=ref("case")), on="2025-10-20")
    return story


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("case_id", ref("case")),
        ("authority", "naric"),
        ("procedure", "specific_he"),
        ("explained_on", day("2025-03-01")),
        ("submitted_on", day("2025-04-18")),
        ("received_on", day("2025-04-20")),
        ("complete_on", day("2025-05-12")),
        ("paused_days", 29),
        ("decided_on", day("2025-10-08")),
        ("outcome", "partial"),
        ("n_deficits", 2),
        ("net_days", 120),
        ("gross_days", 173),
        ("clock_state", "met"),
        ("orient_on", day("2025-10-20")),
        ("next_step", "remedy_deficit"),
        ("c15_state", "met"),
        ("next_case_id", None),
        ("route_ok", True),
    ],
)
def test_a_recognition_case(column: str, expected: object) -> None:
    assert row(recognised(), "cases")[column] == expected


def test_a_case_under_way_says_how_it_stands() -> None:
    found = row(recognised(), "cases", on="2025-07-10")
    assert (found["clock_state"], found["paused_days"], found["net_days"], found["decided_on"]) == ("paused", 17, None, None)


def test_a_later_dossier_names_the_one_before() -> None:
    story = recognised()
    dossier(story, "2025-11-01", name="next", previous_case=ref("case"))
    found = {one["case_id"]: one for one in rows(story, "cases")}
    assert found[ref("case")]["next_case_id"] == ref("next")
    assert found[ref("next")]["previous_case"] == ref("case")


def test_the_decision_that_holds_is_that_of_the_review() -> None:
    story = recognised()
    review = {
        "case_id": ref("case"),
        "decision_kind": "review",
        "outcome": "granted_as_requested",
        "granted_level": "bachelor",
        "deficits": [],
    }
    story.given(a(RecognitionDecided, **review), on="2026-01-08", by=NARIC)
    found = row(story, "cases")
    assert (found["decision_kind"], found["outcome"], found["decided_on"], found["net_days"]) == (
        "review",
        "granted_as_requested",
        day("2025-10-08"),
        120,
    )
    assert rows(story, "deficits") == []


def test_deficits_and_what_remedies_them() -> None:
    story = recognised()
    training = a(TrainingStarted, training_id=ref("t"), remedies_deficit=ref("one"), offer_id=None)
    story.given(training, on="2025-12-01", by=TRAINER)
    story.given(a(TrainingEnded, training_id=ref("t"), outcome="completed"), on="2026-02-01", by=TRAINER)
    one, two = sorted(rows(story, "deficits", on="2026-10-09"), key=lambda found: found["deficit_id"] != ref("one"))
    assert (one["training_id"], one["remedy_on"], one["remedy_done_on"], one["open_365"]) == (
        ref("t"),
        day("2025-12-01"),
        day("2026-02-01"),
        False,
    )
    assert (two["training_id"], two["open_365"]) == (None, True)


# --- participation --------------------------------------------------------------------------------------------------


def participated() -> Story:
    story = Story()
    edition_planned(story)
    edition_started(story, "2025-04-14")
    mo_course(story, "2025-02-01", "2025-04-20")
    enrolled(story, "2025-04-01")
    completed(story, "2025-06-06")
    story.given(a(PerspectiveRecorded, enrolment_id=ref("enrolment")), on="2025-06-20", by=ORGANISER)
    handover = {"referral_id": ref("handover"), "kind": "warm_handover", "target": "vdab", "edition_id": ref("edition")}
    story.given(a(ReferralMade, **handover), on="2025-06-10", by=ORGANISER)
    answer = {"referral_id": ref("handover"), "answer": "taken_up", "first_action_on": "2025-06-15"}
    story.given(a(ReferralAnswered, **answer), on="2025-06-16", by=VDAB)
    story.given(a(EmploymentStarted, job_id=ref("job"), sector="care"), on="2025-09-01", by=VDAB)
    return story


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("edition_kind", "sector_trajectory"),
        ("enrolled_on", day("2025-04-01")),
        ("begin_on", day("2025-04-14")),
        ("ended_on", day("2025-06-06")),
        ("outcome", "completed"),
        ("terms_min", 510),
        ("terms_planned_min", 540),
        ("sectors_met", ("care", "childcare")),
        ("mo_concurrent", True),
        ("mo_overlap_days", 7),
        ("perspective", "internship"),
        ("persp_on", day("2025-06-20")),
        ("c13_state", "met"),
        ("handover_ref", ref("handover")),
        ("handover_action_on", day("2025-06-15")),
        ("c12_state", "met"),
        ("next180", "job"),
        ("next180_sector", True),
    ],
)
def test_a_participation(column: str, expected: object) -> None:
    assert row(participated(), "participation")[column] == expected


def test_a_participation_in_an_edition_that_is_not_known_yet() -> None:
    story = Story()
    enrolled(story)
    found = row(story, "participation")
    assert (found["edition_kind"], found["begin_on"], found["mo_concurrent"], found["next180"]) == (None, None, None, None)


# --- clocks, findings, flows, feeds ---------------------------------------------------------------------------------


def test_signals_are_marked_as_restricted() -> None:
    story = Story(SIGNAL)
    story.given(a(DiscriminationSignalled, signal_id=ref("signal")), on="2025-01-10", by=EQUALITY)
    assert {found["restricted"] for name in ("clocks", "findings") for found in rows(story, name)} == {True}
    ordinary = Story()
    contract(ordinary)
    assert {found["restricted"] for name in ("clocks", "findings") for found in rows(ordinary, name)} == {False}


def test_flows_count_live_facts_per_day_type_and_region() -> None:
    story = Story()
    registered(story, "2025-01-05", residence_nis="12025")
    for evidence in ("test_nt2", "selor"):
        story.given(a(LanguageLevelAttained, evidence=evidence), on="2025-01-10")
    story.given(a(ProfileUpdated, valid_from="2025-02-01", residence_nis="21004"), on="2025-02-03")
    story.given(a(LanguageLevelAttained), on="2025-02-02")
    gone = story.given(a(LanguageLevelAttained), on="2025-02-04")
    story.retracted(gone)
    story.given(a(LanguageLevelAttained), on="2025-01-02")
    assert {(str(one["day"]), one["type"], one["region"], one["n"]) for one in rows(story, "flows")} == {
        ("2025-01-02", "language-level.attained", None, 1),
        ("2025-01-05", "person.registered", "rivierenland", 1),
        ("2025-01-10", "language-level.attained", "rivierenland", 2),
        ("2025-02-02", "language-level.attained", "brussel", 1),
        ("2025-02-03", "profile.updated", "brussel", 1),
    }


def test_feeds_keep_every_statement() -> None:
    story = Story(f"bron/{VDAB.org}")
    story.given(a(FeedReconciled, period="2025-03", counts={"jobseeker.registered": 3, "training.started": 0}), on="2025-04-05", by=VDAB)
    story.given(a(FeedReconciled, period="2025-04", counts={}), on="2025-05-05", by=VDAB)
    assert [(one["period"], one["type"], one["n"], one["position"]) for one in rows(story, "feeds")] == [
        ("2025-03", "jobseeker.registered", 3, 1),
        ("2025-03", "training.started", 0, 1),
        ("2025-04", "", 0, 2),
    ]


# --- dependencies ---------------------------------------------------------------------------------------------------


def test_what_a_history_points_at() -> None:
    story = Story()
    contract(story)
    enrolled(story)
    assert references(story.subject()) == {EDITION}
    planned = Story(EDITION)
    planned.given(
        a(EditionPlanned, edition_id=ref("edition"), pilot_id=ref("pilot"), partners=["1999028062"]), on="2025-01-01", by=ORGANISER
    )
    assert references(planned.subject()) == {PILOT, "bron/1999028062"}
    opened = Story(PILOT)
    opened.given(a(PilotOpened, pilot_id=ref("pilot")), on="2025-01-01", by=POLICY)
    assert references(opened.subject()) == {f"beleid/evaluation/{ref('pilot')}"}


def test_a_shared_stream_points_at_others_but_not_at_itself() -> None:
    norm = Story("beleid/norm/C01")
    norm.given(a(NormSet, framework_id=ref("framework")), on="2025-01-01", by=POLICY)
    assert references(norm.subject()) == {f"beleid/framework/{ref('framework')}"}
    offer = Story(f"aanbod/{ref('offer')}")
    offer.given(a(OfferPublished, offer_id=ref("offer")), on="2025-01-01", by=VDAB)
    assert references(offer.subject()) == frozenset()


def test_a_fact_that_lies_ahead_is_the_next_change() -> None:
    story = Story()
    story.given(a(LanguageLevelAttained), on="2025-03-10")
    story.given(a(LanguageLevelAttained), on="2025-04-10", stream=SECOND)
    assert next_change(story.subject(on="2025-03-01")) == day("2025-03-10")
    assert next_change(story.subject(on="2025-03-10")) is None


def test_nothing_changes_between_one_day_and_the_next_change() -> None:
    """Whatever the rows say on a day they say until the next change, and not a day longer."""
    story = recognised()
    contract(story)
    registered(story)
    on = day("2025-04-01")
    while True:
        subject = story.subject(on=on)
        change = next_change(subject)
        told = {name: found.records(subject) for name, found in projections().items() if subject.kind in found.kinds}
        if change is None or change > day("2028-01-01"):
            break
        last = story.subject(on=date.fromordinal(change.toordinal() - 1))
        assert {name: projections()[name].records(last) for name in told} == told
        on = change
    assert subject.key == PERSON
