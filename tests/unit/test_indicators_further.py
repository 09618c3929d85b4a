"""The further indicators of evaluation.md 6.3, worked by hand like the first ones."""

from __future__ import annotations

from ledger.codes.recognition import PROCEDURE_AUTHORITIES
from ledger.dimension import academic_authority, academic_procedure
from ledger.events.contract import ContractResumed, ContractSuspended
from ledger.events.course import LanguageLevelAttained
from ledger.events.diploma import PostDecisionOrientationGiven
from ledger.events.edition import EditionParticipantEnrolled
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed
from ledger.events.evc import EvcGuidanceStarted, EvcPhaseCompleted
from ledger.events.referral import ReferralAnswered
from ledger.events.vdab import JobseekerRegistered
from ledger.events.work import TrainingEnded, TrainingStarted
from ledger.figure import Figure, Row
from tests.given import ACTIRIS, EMPLOYER_SUPPORT, ORGANISER, TRAINER, VDAB, Story, a, ref
from tests.unit.finding_stories import edition_planned, enrolled, referred, screened, step
from tests.unit.test_indicators import ask, counts, decision, filed, finished, job, left, nug, participant, person, say, status

BRUSSELS = "21004"


def mix(made: Figure, name: str) -> dict[str, int | None]:
    """How many are in each category."""
    return {row.strata[name]: row.numerator for row in made.rows}


def only(made: Figure) -> Row:
    return made.total


def attends(on: str, by: object = VDAB) -> object:
    return say(JobseekerRegistered, on, by)  # type: ignore[arg-type]


# -- times ---------------------------------------------------------------------------------------------------------------


def test_time_to_registration_stands_still_while_suspended_and_starts_at_zero_for_who_was_registered() -> None:
    paused = person(
        say(ContractSuspended, "2025-02-01", contract_id=ref("contract of a")),
        say(ContractResumed, "2025-03-03", contract_id=ref("contract of a")),  # 30 days
        say(JobseekerRegistered, "2025-04-10", VDAB),  # day 90, net day 60
        name="a",
    )
    before = person(say(JobseekerRegistered, "2024-12-15", VDAB), name="b")
    works = person(job("2025-01-20"), name="c")  # another end, on day 10
    waits = person(name="d")
    made = ask("IND-108", paused, before, works, waits)
    assert counts(made)[:2] == (2, 4)
    assert [one.days for one in made.total.quantiles][:2] == [None, None]  # fewer than ten were ever at risk
    everybody = [person(say(JobseekerRegistered, f"2025-01-{11 + n % 12}", VDAB), name=f"p{n}") for n in range(24)]
    told = ask("IND-108", *everybody, paused)
    assert told.total.value == 7
    assert [(point.time, point.at_risk) for point in told.total.curve][:3] == [(1, 23), (2, 21), (3, 19)]


def test_time_to_actiris_is_of_those_in_brussels_only() -> None:
    there = person(say(JobseekerRegistered, "2025-02-01", ACTIRIS), name="a", nis=BRUSSELS)
    here = person(say(JobseekerRegistered, "2025-02-01", VDAB), name="b")
    assert counts(ask("IND-211", there, here))[:2] == (1, 1)


def test_time_to_the_first_step() -> None:
    helped = person(say(JobseekerRegistered, "2025-02-01", VDAB), lambda s: step(s, "2025-02-15"), name="a")
    silent = person(say(JobseekerRegistered, "2025-02-01", VDAB), name="b")
    made = ask("IND-122", helped, silent, person(name="c"))
    assert counts(made)[:2] == (1, 2)
    assert made.total.coverage == 0.5


def test_net_time_of_recognition_leaves_out_the_waiting_and_takes_withdrawal_as_another_end() -> None:
    decided = person(
        filed(name="x"),
        status("2025-02-01", "complete", "x"),
        status("2025-02-11", "awaiting_applicant", "x"),
        status("2025-03-13", "resumed", "x"),
        decision("2025-05-01", "granted_as_requested", "x"),
        name="a",
    )
    gone = person(filed(name="z"), status("2025-02-01", "complete", "z"), status("2025-02-20", "withdrawn", "z"), name="c")
    incomplete = person(filed(name="q"), name="d")
    assert counts(ask("IND-132", decided, gone, incomplete))[:2] == (1, 2)


def test_time_to_oral_a2_is_of_those_who_did_not_have_it() -> None:
    def level(on: str, spoken: str) -> object:
        return say(LanguageLevelAttained, on, language="nl", levels={"listening": spoken, "speaking": spoken}, evidence="test_nt2")

    had = person(level("2025-01-05", "a2"), name="a")  # type: ignore[arg-type]
    got = person(level("2025-06-01", "a2"), name="b")  # type: ignore[arg-type]
    assert counts(ask("IND-161", had, got, person(name="c")))[:2] == (1, 2)


def test_time_to_the_assessment() -> None:
    assessed = person(
        say(EvcGuidanceStarted, "2025-02-01"), say(EvcPhaseCompleted, "2025-04-01", TRAINER, phase="assessment", outcome="full"), name="a"
    )
    guided = person(say(EvcGuidanceStarted, "2025-02-01"), name="b")
    assert counts(ask("IND-240", assessed, guided, person(name="c")))[:2] == (1, 2)
    assert mix(ask("IND-140", assessed, guided), "evc_outcome") == {"full": 1}


# -- mixes ---------------------------------------------------------------------------------------------------------------


def test_the_way_to_work_counts_everybody_once_at_every_station() -> None:
    far = person(
        lambda s: screened(s),
        lambda s: referred(s, "2025-02-01", "r"),
        say(ReferralAnswered, "2025-02-05", VDAB, referral_id=ref("r"), answer="taken_up", refusal=None),
        say(JobseekerRegistered, "2025-02-06", VDAB),
        lambda s: step(s, "2025-02-20"),
        job("2025-06-01"),
        name="a",
    )
    start = person(name="b")
    from ledger.figure import figure
    from ledger.indicator import indicators
    from tests.unit.test_indicators import book

    facts = book(far, start)
    for stage, reached in (("screened", "yes"), ("referred", "yes"), ("replied", "taken_up"), ("stepped", "yes"), ("worked", "yes")):
        made = figure(indicators()["IND-100"], facts, by=[stage], protected=False)
        assert sum(row.numerator or 0 for row in made.rows) == 2, stage
        assert mix(made, stage)[reached] == 1, stage
    crossed = figure(indicators()["IND-100"], facts, by=["replied", "registered"], protected=False)
    assert {(row.strata["replied"], row.strata["registered"], row.numerator, row.denominator) for row in crossed.rows} == {
        ("taken_up", "yes", 1, 2),
        ("not_referred", "no", 1, 2),
    }


def test_a_station_that_says_what_the_one_before_it_was_gives_no_small_flow_away() -> None:
    """Who is not referred has no answer, and who is not registered no step: both are seen in two margins."""
    from ledger.figure import figure
    from ledger.indicator import indicators
    from tests.unit.test_indicators import book

    def lived(name: str, *, answer: str | None = None, registers: bool = False, steps: bool = False, refers: bool = True) -> Story:
        tell = [lambda s: referred(s, "2025-02-01", name)] if refers else []
        if answer is not None:
            tell.append(say(ReferralAnswered, "2025-02-05", VDAB, referral_id=ref(name), answer=answer, refusal=None))
        if registers:
            tell.append(say(JobseekerRegistered, "2025-02-06", VDAB))
        if steps:
            tell.append(lambda s: step(s, "2025-02-20"))
        return person(*tell, name=name)

    lives = [lived(f"a{n}", refers=False) for n in range(12)]
    lives += [lived(f"b{n}", answer="no_show") for n in range(3)]
    lives += [lived(f"c{n}", answer="taken_up", registers=True) for n in range(3)]
    lives += [lived(f"d{n}", answer="taken_up", registers=True, steps=True) for n in range(30)]
    facts = book(*lives)
    for outer, inner, state in (("referred", "replied", "not_referred"), ("registered", "stepped", "not_registered")):
        shown = {row.strata[outer]: row.numerator for row in figure(indicators()["IND-100"], facts, by=(outer,)).rows}
        flows = {row.strata[inner]: row.numerator for row in figure(indicators()["IND-100"], facts, by=(inner,)).rows}
        known = flows | {state: flows[state] if flows[state] is not None else shown["no"]}
        assert list(known.values()).count(None) != 1, (shown, flows)
        assert {"other": 3, "no": 3}.items() & known.items() == set()


def test_procedures_and_authorities_together_give_no_small_number_of_files_away() -> None:
    """All that NARIC decides, and nothing else, is an academic procedure."""
    from ledger.figure import figure
    from ledger.indicator import indicators
    from tests.unit.test_indicators import book

    def decided(name: str, procedure: str, authority: str = "naric") -> Story:
        told = {"procedure": procedure, "authority": authority}
        return person(filed(name=name, **told), decision("2025-04-01", "granted_as_requested", name, **told), name=name)

    files = [decided(f"a{n}", "level_he") for n in range(37)] + [decided(f"b{n}", "level_se") for n in range(3)]
    files += [decided(f"c{n}", "professional_general", "departement_zorg") for n in range(12)]
    facts = book(*files)
    seen = {
        name: {row.strata[name]: row.numerator for row in figure(indicators()["IND-134"], facts, by=(name,)).rows}
        for name in ("authority", "procedure")
    }
    assert seen["authority"] == {"naric": 40, "departement_zorg": 12}
    assert seen["procedure"] == {"level_he": None, "level_se": None, "professional_general": 12}
    for procedure, authorities in PROCEDURE_AUTHORITIES.items():
        assert {academic_authority(one.value) for one in authorities} == {academic_procedure(procedure.value)}


def test_windows_around_the_sixty_days_of_brussels() -> None:
    def at(on: str | None, name: str) -> Story:
        told = [say(JobseekerRegistered, on, ACTIRIS)] if on else []
        return person(*told, name=name, nis=BRUSSELS)

    stories = [at("2025-03-06", "a"), at("2025-03-07", "b"), at("2025-03-11", "c"), at("2025-03-12", "d"), at("2025-03-16", "e")]
    stories += [at("2025-03-17", "f"), at(None, "g"), at("2024-12-20", "h")]
    made = ask("IND-111", *stories, person(name="flemish"))
    assert mix(made, "window") == {"before": 1, "day55": 1, "day60": 2, "day65": 2, "later": 1, "unused": 1}
    assert {row.denominator for row in made.rows} == {8}


def test_outcomes_of_referrals_sum_to_all_of_them() -> None:
    def answered(name: str, answer: str, refusal: str | None = None) -> Story:
        return person(
            lambda s: referred(s, "2025-02-01", name),
            say(ReferralAnswered, "2025-02-05", VDAB, referral_id=ref(name), answer=answer, refusal=refusal),
            name=name,
        )

    stories = [
        answered("a", "taken_up"),
        answered("b", "refused", "language_too_low"),
        person(lambda s: referred(s, "2025-02-01", "c"), name="c"),
    ]
    made = ask("IND-116", *stories)
    assert mix(made, "answer") == {"taken_up": 1, "refused": 1, "none": 1}
    assert mix(ask("IND-117", *stories), "refusal") == {"language_too_low": 1}
    assert counts(ask("IND-114", *stories)) == (2, 3, 0, 0, 0, 0)


def test_the_three_states_of_feedback() -> None:
    heard = person(say(JobseekerRegistered, "2025-02-01", VDAB), lambda s: step(s, "2025-02-15"), name="a")
    asked = person(lambda s: referred(s, "2025-01-20", "r"), say(JobseekerRegistered, "2025-02-01", VDAB), name="b")
    silent = person(say(JobseekerRegistered, "2025-02-01", VDAB), name="c")
    young = person(say(JobseekerRegistered, "2026-06-20", VDAB), name="d")
    made = ask("IND-120", heard, asked, silent, young)
    assert mix(made, "feedback") == {"received": 1, "asked_no_answer": 1, "not_asked": 1}
    assert made.total.denominator == 3


def test_decisions_by_outcome_and_the_step_after_them() -> None:
    told = person(
        filed(name="x"),
        decision("2025-04-01", "refused", "x"),
        decision("2025-06-01", "granted_lower", "x", decision_kind="review"),
        say(PostDecisionOrientationGiven, "2025-06-10", case_id=ref("x"), next_step="work_with_recognition"),
        name="a",
    )
    assert mix(ask("IND-134", told), "outcome") == {"granted_lower": 1}
    assert mix(ask("IND-235", told), "next_step") == {"work_with_recognition": 1}


# -- what follows --------------------------------------------------------------------------------------------------------


def test_terms_of_every_authority_are_counted_with_the_party_that_has_them() -> None:
    late = person(filed(name="y"), status("2025-02-01", "complete", "y"), decision("2025-04-03", "refused", "y"), name="b")
    made = ask("IND-131", late)
    assert counts(made) == (0, 1, 0, 0, 0, 0)


def test_deficits_are_remedied_by_a_training_completed_within_a_year() -> None:
    def lacking(name: str, ended: str | None) -> Story:
        deficits = [{"deficit_id": ref(f"lack {name}"), "kind": "internship"}]
        tell = [filed(name=name), decision("2025-03-01", "partial", name, deficits=deficits)]
        if ended:
            training = {"training_id": ref(f"t {name}")}
            tell.append(say(TrainingStarted, "2025-04-01", TRAINER, remedies_deficit=ref(f"lack {name}"), sector="it", **training))
            tell.append(say(TrainingEnded, ended, TRAINER, outcome="completed", **training))
        return person(*tell, name=name)

    stories = lacking("a", "2026-03-01"), lacking("b", "2026-03-02"), lacking("c", None)
    assert counts(ask("IND-136", *stories)) == (1, 3, 0, 0, 0, 0)


def test_a_care_diploma_from_outside_the_eea_needs_a_second_procedure() -> None:
    def care(name: str, *more: object, **changes: object) -> Story:
        file = {"diploma_field": "care", "diploma_origin": "non_eea", "authority": "naric", "procedure": "level_he", **changes}
        return person(filed(name=name, **file), decision("2025-03-01", "granted_as_requested", name), *more, name=name)  # type: ignore[arg-type]

    def onward(on: str, name: str) -> object:
        return filed(on, f"{name}2", previous_case=ref(name), authority="departement_zorg", procedure="professional_general")

    soon, late = care("a", onward("2025-05-30", "a")), care("b", onward("2025-05-31", "b"))
    assert counts(ask("IND-137", soon, late)) == (1, 2, 0, 0, 0, 0)


def test_trainings_stopped_for_language() -> None:
    def trained(name: str, outcome: str) -> Story:
        begun = say(TrainingStarted, "2025-04-01", TRAINER, training_id=ref(f"t {name}"), remedies_deficit=None, sector="it")
        return person(begun, say(TrainingEnded, "2025-06-01", TRAINER, training_id=ref(f"t {name}"), outcome=outcome), name=name)

    assert counts(ask("IND-160", trained("a", "stopped_language"), trained("b", "completed"))) == (1, 2, 0, 0, 0, 0)


def test_reach_completion_and_next_step_of_sector_trajectories() -> None:
    done = participant("a", job("2025-07-01"), end=finished())
    for_a_job = participant("b", end=finished("dropped_job"))
    dropped = participant("c", end=finished("dropped_other"))
    never = participant("d", end=finished("never_started", 0))
    stories = (done, for_a_job, dropped, never)
    assert counts(ask("IND-141", *stories, person(name="e"))) == (4, 5, 0, 0, 0, 0)
    assert counts(ask("IND-143", *stories)) == (2, 3, 0, 0, 0, 0)
    assert counts(ask("IND-151", *stories)) == (1, 3, 0, 0, 0, 0)


def test_jobseekers_without_benefit_whom_nobody_follows_up() -> None:
    start = (nug(), say(JobseekerRegistered, "2025-02-01", VDAB))

    def group(story: Story) -> None:
        edition_planned(story, edition_kind="group_offer")
        told = a(EditionParticipantEnrolled, enrolment_id=ref("enrolment"), edition_id=ref("edition"), mo_id=None)
        story.given(told, on="2026-05-02", by=ORGANISER)

    alone, grouped = person(*start, name="a"), person(*start, group, name="b")
    helped = person(*start, lambda s: step(s, "2025-03-01"), name="c")
    assert counts(ask("IND-153", alone, grouped, helped, person(name="d"))) == (1, 3, 0, 0, 0, 0)


def test_each_need_of_an_employer_counts_once_by_its_kind() -> None:
    story = Story(f"werkgever/{'0123456749'}")
    stated = {"need_id": ref("need"), "needs": ["language_learning", "onboarding"]}
    story.given(a(EmployerNeedStated, **stated), on="2025-01-01", by=EMPLOYER_SUPPORT)
    agreed = {"support_id": ref("support"), "need_id": ref("need"), "route": "agency_offer"}
    story.given(a(EmployerSupportAgreed, **agreed), on="2025-02-01", by=EMPLOYER_SUPPORT)
    story.given(a(EmployerNeedStated, need_id=ref("other"), needs=["onboarding"]), on="2025-01-01", by=EMPLOYER_SUPPORT)
    assert counts(ask("IND-173", story)) == (2, 3, 0, 0, 0, 0)


def test_who_left_the_scope_is_another_end() -> None:
    gone = person(left("2025-02-01", "moved_abroad", "a"), name="a")
    made = ask("IND-108", gone, person(say(JobseekerRegistered, "2025-03-01", VDAB), name="b"))
    assert counts(made)[:2] == (1, 2)


def test_enrolling_twice_is_reached_once() -> None:
    twice = participant("a", lambda s: enrolled(s, "2025-05-01"), end=finished())
    assert counts(ask("IND-141", twice)) == (1, 1, 0, 0, 0, 0)
