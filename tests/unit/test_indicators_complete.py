"""The indicators that complete evaluation.md 6.3, worked by hand like the others."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from ledger.clauses import CLOCKS
from ledger.codes.policy import ClauseTopic
from ledger.events.contract import ContractResumed, ContractSuspended
from ledger.events.diploma import RecognitionDecided
from ledger.events.edition import EditionPlanned, PerspectiveRecorded
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed, EmployerSupportDelivered
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted, SupportProfileAssessed
from ledger.events.offer import OfferPublished
from ledger.events.referral import OfferRecommended
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered, WorkPerspectiveAcknowledged, WorkPerspectiveShared
from ledger.events.work import TrainingEnded, TrainingStarted
from ledger.figure import figure
from ledger.indicator import indicators
from ledger.interval import newcombe
from streams.board import Board
from tests.given import ACTIRIS, EMPLOYER_SUPPORT, ORGANISER, TRAINER, VDAB, Story, a, ref
from tests.unit.finding_stories import basis, edition_planned, edition_started, enrolled, mo_course, referred, screened, step
from tests.unit.test_indicators import (
    Tell,
    answer,
    ask,
    book,
    counts,
    decision,
    filed,
    finished,
    job,
    left,
    participant,
    person,
    say,
)
from tests.unit.test_indicators_further import mix
from web.blocks.gap import Gaps
from web.indicator_words import sentence_of
from web.language import Language
from web.scene import Scene


def registers(on: str = "2025-02-01") -> Tell:
    return say(JobseekerRegistered, on, VDAB)


def refer(on: str, name: str, **changes: object) -> Tell:
    return lambda story: referred(story, on, name, **changes)


# -- the gap between two profiles ----------------------------------------------------------------------------------------


def profiled(name: str, scale: str, taken: bool) -> Story:
    said = [answer("2025-02-10", name, answer="taken_up", first_action_on="2025-02-10")] if taken else []
    profile = say(SupportProfileAssessed, "2025-01-15", self_reliance=scale, learning_ability=scale, perspective="unclear")
    return person(profile, refer("2025-02-01", name), *said, name=name)


def test_the_gap_is_the_difference_of_two_shares_with_newcombes_interval() -> None:
    low = [profiled(f"low{at}", "low", at < 4) for at in range(12)]  # 4 of 12
    high = [profiled(f"high{at}", "high", at < 9) for at in range(12)]  # 9 of 12
    between = [profiled(f"medium{at}", "medium", True) for at in range(3)]
    without = person(refer("2025-02-01", "x"), name="without profile")
    for id in ("IND-106", "IND-206"):
        made = ask(id, *low, *high, *between, without)
        assert counts(made)[:2] == (16, 27), id  # everybody with a profile; the figure is of two groups of them
        assert [(side.group, side.numerator, side.denominator) for side in made.total.sides] == [("low", 4, 12), ("high", 9, 12)]
        assert made.total.value == pytest.approx(4 / 12 - 9 / 12)
        assert made.total.interval == pytest.approx(confint_proportions_2indep(4, 12, 9, 12, method="newcomb", compare="diff"))
    assert ask("IND-306", *low, *high).total.value is None  # nobody has a professional outlook


def test_a_gap_is_told_with_both_of_its_sides_and_drawn_around_zero() -> None:
    low = [profiled(f"low{at}", "low", at < 5) for at in range(12)]  # 5 of 12
    high = [profiled(f"high{at}", "high", at < 6) for at in range(12)]  # 6 of 12
    facts = book(*low, *high)
    shown = figure(indicators()["IND-106"], facts)
    told = sentence_of(indicators()["IND-106"], shown, Language.NL)
    assert told.startswith("Laag 41,7 % (5 van 12), Hoog 50,0 % (6 van 12). Het verschil is −8,3 procentpunt (95 %-interval −")
    scene = Scene(Board(facts, {}), Language.EN, filters={}, cohort=None, cohort_text="", split="")
    block = Gaps(shown=("IND-106", "IND-206"), title=("Kloof", "Gap")).block(scene)
    assert [line.cells[:3] for line in block.tables[0].lines] == [("Low: 41.7%", "High: 50.0%", "−8.3 percentage points")] * 2
    nobody = Gaps(shown=("IND-306",), title=("Kloof", "Gap")).block(scene)
    assert nobody.tables[0].lines[0].cells[:2] == ("hidden", "hidden")
    assert not nobody.chart


def test_newcombes_own_example_and_an_independent_calculation() -> None:
    """Newcombe 1998 (II), table II, method 10: 56/70 less 48/80 lies between 0.0524 and 0.3339."""
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    for x1, n1, x2, n2 in ((0, 10, 0, 20), (10, 10, 0, 20), (5, 56, 0, 29), (9, 10, 3, 10)):
        assert newcombe(x1, n1, x2, n2) == pytest.approx(
            confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff"), abs=1e-9
        )
    assert newcombe(0, 0, 1, 2) is None


def test_a_gap_is_told_only_when_both_of_its_sides_are() -> None:
    few = [profiled(f"low{at}", "low", at < 2) for at in range(12)]  # 2 of 12: hidden
    high = [profiled(f"high{at}", "high", at < 9) for at in range(20)]
    facts = book(*few, *high)
    shown, exact = (figure(indicators()["IND-106"], facts, protected=protected).total for protected in (True, False))
    assert exact.value == pytest.approx(2 / 12 - 9 / 20)
    assert shown.value is None
    assert shown.interval is None
    assert shown.sides == ()


def test_only_the_first_referral_of_a_person_counts() -> None:
    twice = person(
        say(SupportProfileAssessed, "2025-01-15", self_reliance="low"),
        refer("2025-02-01", "one"),
        refer("2025-03-01", "two"),
        answer("2025-03-02", "two", answer="taken_up", first_action_on="2025-03-02"),
        name="a",
    )
    assert counts(ask("IND-106", twice))[:2] == (0, 1)


# -- before the deadline, and after a referral that came to nothing -------------------------------------------------------


def test_where_a_late_registration_stopped() -> None:
    nobody = person(name="a")
    too_late = person(refer("2025-03-12", "b"), name="b")  # day 61
    unanswered = person(refer("2025-03-11", "c"), name="c")  # day 60
    late_answer = person(refer("2025-02-01", "d"), answer("2025-03-12", "d", answer="accepted"), name="d")
    answered = person(refer("2025-02-01", "e"), answer("2025-03-11", "e", answer="accepted"), registers("2025-03-12"), name="e")
    elsewhere = person(refer("2025-02-01", "f", target="ocmw"), name="f")
    in_time = person(registers("2025-03-11"), name="g")
    made = ask("IND-109", nobody, too_late, unanswered, late_answer, answered, elsewhere, in_time)
    assert mix(made, "stopped") == {"no_referral": 3, "no_answer": 2, "answered": 1}
    first = ask("IND-01", nobody, too_late, unanswered, late_answer, answered, elsewhere, in_time).total
    assert made.total.denominator == (first.denominator or 0) - (first.numerator or 0)


def test_warm_handovers_and_whether_they_are_taken_up() -> None:
    taken = person(
        refer("2025-02-01", "a", kind="warm_handover"),
        answer("2025-02-15", "a", answer="taken_up", first_action_on="2025-02-15"),  # day 14
        name="a",
    )
    late = person(
        refer("2025-02-01", "b", kind="warm_handover"),
        answer("2025-02-16", "b", answer="taken_up", first_action_on="2025-02-16"),
        name="b",
    )
    plain, other = person(refer("2025-02-01", "c"), name="c"), person(refer("2025-02-01", "d", target="nt2"), name="d")
    assert counts(ask("IND-118", taken, late, plain, other)) == (2, 3, 0, 0, 0, 0)
    assert counts(ask("IND-218", taken, late, plain, other)) == (1, 2, 0, 0, 0, 0)


def test_a_referral_is_repeated_when_another_follows_on_one_that_came_to_nothing() -> None:
    def twice(name: str, second: str, *said: Tell, **changes: object) -> Story:
        return person(refer("2025-02-01", name), *said, refer(second, f"{name} again", **changes), name=name)

    refused = answer("2025-02-10", "a", answer="refused", refusal="language_too_low")
    soon = twice("a", "2025-05-11", refused)  # 90 days after the answer
    accepted = [answer("2025-05-12", f"{name} again", answer="accepted") for name in "abcd"]
    late = twice("b", "2025-05-12", answer("2025-02-10", "b", answer="refused", refusal="language_too_low"))
    silent = twice("c", "2025-06-01")  # 30 days without an answer, and 90 more from 3 March
    elsewhere = twice("d", "2025-03-01", answer("2025-02-10", "d", answer="no_show"), target="ocmw")
    stories = [soon, late, silent, elsewhere]
    for story, told in zip(stories, accepted, strict=True):
        told(story)
    assert counts(ask("IND-119", *stories)) == (2, 4, 0, 0, 0, 0)


# -- silences ------------------------------------------------------------------------------------------------------------


def test_silences_on_the_as_of_date() -> None:
    quiet = person(registers("2026-03-01"), name="a")  # 122 days on 1 July: C11 breached since 30 May
    heard = person(registers("2026-03-01"), lambda s: step(s, "2026-05-01"), name="b")  # 61 days, then 61
    before = person(registers("2025-12-01"), lambda s: step(s, "2026-06-01"), name="c")  # 182 days, over; 30 since
    works = person(registers("2026-03-01"), job("2026-03-10"), name="d")
    gone = person(registers("2026-01-01"), say(ActivationStepReported, "2026-06-01", VDAB, step="deregistered", state="done"), name="e")
    stories = (quiet, heard, before, works, gone)
    assert counts(ask("IND-124", *stories)) == (1, 3, 0, 0, 0, 0)
    crowd = [person(registers("2026-03-01"), lambda s: step(s, "2026-05-01"), name=f"h{at}") for at in range(8)]
    longest = ask("IND-224", *stories, *crowd).total
    assert (longest.numerator, longest.denominator) == (11, 11)
    assert {one.share: one.days for one in longest.quantiles} == {0.25: 61, 0.5: 61, 0.75: 61, 0.9: None}
    assert longest.naive is None  # nothing is cut, so nothing is left out


def test_deregistration_is_another_end_of_the_time_to_the_first_step() -> None:
    def out(on: str) -> Tell:
        return say(ActivationStepReported, on, VDAB, step="deregistered", state="done")

    crowd = [person(registers(), name=f"p{at}") for at in range(10)]
    helped = [person(registers(), lambda s: step(s, "2025-02-21"), name=f"h{at}") for at in range(5)]  # day 20
    left_first = [person(registers(), out("2025-02-11"), lambda s: step(s, "2025-03-01"), name=f"l{at}") for at in range(5)]  # day 10
    facts = book(*crowd, *helped, *left_first)
    made = figure(indicators()["IND-122"], facts, protected=False).total
    assert (made.numerator, made.denominator) == (5, 20)
    # Aalen–Johansen: five of twenty leave on day 10 and never come back to the risk set as if they could still be helped.
    assert [(point.time, point.at_risk) for point in made.curve][-1] == (20, 10)
    assert made.curve[-1].incidence == pytest.approx(15 / 20 * 5 / 15)  # one minus Kaplan–Meier would say 5 / 15


# -- what is shared ------------------------------------------------------------------------------------------------------


def shares(on: str, name: str, *more: Tell) -> Tell:
    def tell(story: Story) -> None:
        say(WorkPerspectiveShared, on, share_id=ref(name), recipient="vdab")(story)
        for part in more:
            part(story)

    return tell


def test_shared_in_time_and_what_it_lacks() -> None:
    def acknowledges(name: str, *missing: str) -> Tell:
        return say(WorkPerspectiveAcknowledged, "2025-02-20", VDAB, share_id=ref(name), usable=not missing, missing=missing or None)

    early = person(screened, shares("2025-01-25", "a", acknowledges("a", "availability", "ambition")), refer("2025-02-01", "a"), name="a")
    last_day = person(screened, refer("2025-02-01", "b"), shares("2025-02-08", "b", acknowledges("b", "availability")), name="b")
    late = person(screened, refer("2025-02-01", "c"), shares("2025-02-09", "c", acknowledges("c")), name="c")
    unscreened = person(refer("2025-02-01", "d"), shares("2025-02-02", "d"), name="d")
    stories = (early, last_day, late, unscreened)
    assert counts(ask("IND-125", *stories)) == (2, 3, 0, 0, 0, 0)
    assert mix(ask("IND-227", *stories), "element") == {"ambition": 1, "availability": 2}


def test_sharing_without_a_basis_per_ten_thousand() -> None:
    with_basis = person(basis, refer("2025-02-01", "a"), name="a")
    without = person(refer("2025-02-01", "b"), shares("2025-02-02", "b"), name="b")
    made = ask("IND-128", with_basis, without)
    assert (made.total.numerator, made.total.denominator, made.total.value) == (2, 3, pytest.approx(20_000 / 3))


# -- offers --------------------------------------------------------------------------------------------------------------


def offer(name: str, level: str, *, sector: str = "care", regions: tuple[str, ...] = ("gent",), places: int | None = 10) -> Story:
    story = Story(f"aanbod/{ref(name)}")
    said = {"valid_from": "2025-01-01", "valid_to": None, "min_dutch_oral": level, "sector": sector, "regions": regions, "places": places}
    story.given(a(OfferPublished, offer_id=ref(name), **said), on="2025-01-01", by=VDAB)
    return story


def wishes(*sectors: str) -> Tell:
    return say(CompetenceScreeningCompleted, "2025-01-20", preferred_sectors=sectors)


def test_the_gap_between_what_people_wish_and_what_is_open_to_them() -> None:
    starter = person(registers(), wishes("care", "it"), name="a")  # pre A1
    other_sector = person(registers(), wishes("construction"), name="b")
    other_region = person(registers(), wishes("care"), name="c", nis="71022")  # Hasselt
    no_wish = person(registers(), wishes(), name="d")
    not_registered = person(wishes("construction"), name="e")
    stories = (starter, other_sector, other_region, no_wish, not_registered)
    assert counts(ask("IND-167", *stories, offer("easy", "pre_a1"))) == (2, 3, 0, 0, 0, 1)
    assert counts(ask("IND-167", *stories, offer("hard", "a1"))) == (3, 3, 0, 0, 0, 1)
    assert counts(ask("IND-266", offer("easy", "a2", places=5), offer("hard", "b1", places=20), offer("untold", "a1", places=None)))[
        :2
    ] == (5, 25)


def test_recommendations_that_are_used() -> None:
    def trained(name: str, on: str, used: str) -> Story:
        said = say(TrainingStarted, on, TRAINER, training_id=ref(f"t {name}"), remedies_deficit=None, offer_id=ref(used))
        return person(say(OfferRecommended, "2025-03-01", offer_id=ref("offer")), said, name=name)

    soon, late = trained("a", "2025-08-28", "offer"), trained("b", "2025-08-29", "offer")  # days 180 and 181
    before, other = trained("c", "2025-02-27", "offer"), trained("d", "2025-04-01", "another")
    stepped = person(
        say(OfferRecommended, "2025-03-01", offer_id=ref("offer")),
        registers(),
        say(ActivationStepReported, "2025-04-01", VDAB, step="training_referral", state="started", offer_id=ref("offer")),
        name="e",
    )
    assert counts(ask("IND-169", soon, late, before, other, stepped)) == (2, 5, 0, 0, 0, 0)


# -- employers -----------------------------------------------------------------------------------------------------------


def supported(name: str, deliveries: tuple[tuple[str, int, int | None, int | None], ...], *needs: str) -> Story:
    """Deliveries as day, employees reached, of whom non-native speakers, satisfaction; more needs on days."""
    story = Story(f"werkgever/{name}")
    for at, on in enumerate(("2025-01-01", *needs)):
        story.given(a(EmployerNeedStated, need_id=ref(f"{name} {at}"), nis="44021"), on=on, by=EMPLOYER_SUPPORT)
    agreed = {"support_id": ref(f"s {name}"), "need_id": ref(f"{name} 0"), "route": "agency_offer"}
    story.given(a(EmployerSupportAgreed, **agreed), on="2025-01-10", by=EMPLOYER_SUPPORT)
    for on, reached, foreign, rating in deliveries:
        told = {"support_id": ref(f"s {name}"), "reached_employees": reached, "non_native_employees": foreign, "satisfaction_bp": rating}
        story.given(a(EmployerSupportDelivered, **told), on=on, by=EMPLOYER_SUPPORT)
    return story


def test_satisfaction_return_and_reach_of_employers() -> None:
    one = supported("1999500095", (("2025-02-01", 10, 4, 9000), ("2025-03-01", 30, None, 7000)), "2025-03-03")  # 30 days later
    two = supported("1999501085", (("2025-02-01", 5, 5, None),), "2025-03-02")
    three = supported("1999502075", ())
    stories = (one, two, three)
    rated = ask("IND-174", *stories).total
    assert (rated.numerator, rated.denominator, rated.value) == (9000 * 10 + 7000 * 30, 40, 7500.0)
    assert counts(ask("IND-274", *stories)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-175", *stories))[:2] == (9, 15)


# -- intake --------------------------------------------------------------------------------------------------------------


def test_topics_of_orientation_and_sectors_of_the_screening() -> None:
    def oriented(name: str, *topics: str) -> Story:
        return person(say(CareerOrientationHeld, "2025-02-01", topics=topics), name=name)

    stories = oriented("a", "labour_market_insight", "dutch_importance"), oriented("b", "labour_market_insight"), person(name="c")
    assert counts(ask("IND-103", *stories)) == (2, 2, 0, 0, 0, 0)
    assert counts(ask("IND-203", *stories)) == (1, 2, 0, 0, 0, 0)
    named = say(CompetenceScreeningCompleted, "2025-01-20", preferred_sectors=(), experience_sectors=("care",))
    bare = say(CompetenceScreeningCompleted, "2025-01-20", preferred_sectors=(), experience_sectors=())
    assert counts(ask("IND-105", person(named, name="a"), person(bare, name="b"), person(name="c"))) == (1, 2, 0, 0, 0, 0)


# -- editions ------------------------------------------------------------------------------------------------------------


def test_fill_alignment_early_start_and_what_comes_of_it() -> None:
    with_mo = lambda on: lambda s: mo_course(s, on, "2025-12-31")  # noqa: E731
    sees = say(PerspectiveRecorded, "2025-06-20", ORGANISER, enrolment_id=ref("enrolment"), perspective="job", sector="care")
    soon = participant("a", with_mo("2025-03-31"), sees, job("2025-07-01", sector="care"), end=finished())  # 14 April is day 14
    late = participant("b", with_mo("2025-03-30"), job("2025-07-01", sector="it"), end=finished("dropped_job", 100))
    never = participant("c", end=finished("never_started", 0))
    stories = (soon, late, never)
    filled = ask("IND-142", *stories).total
    assert (filled.numerator, filled.denominator) == (2, 14)
    assert mix(ask("IND-150", *stories), "alignment") == {"none": 1}
    assert counts(ask("IND-148", *stories)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-248", *stories))[:2] == (2, 2)
    assert counts(ask("IND-143", *stories)) == (2, 2, 0, 0, 0, 0)
    assert counts(ask("IND-243", *stories)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-151", *stories)) == (2, 2, 0, 0, 0, 0)
    assert counts(ask("IND-251", *stories)) == (1, 2, 0, 0, 0, 0)
    assert counts(ask("IND-244", *stories))[:2] == (1, 1)
    terms = ask("IND-246", *stories).total
    assert (terms.numerator, terms.denominator, terms.value) == (432, 1, 432.0)


def test_reach_of_those_who_wish_for_a_sector_that_is_there() -> None:
    # The edition is for care in Ghent; its plan names sectors and regions.
    plan = a(EditionPlanned)
    sector, region = plan.sectors[0], plan.regions[0]
    nis = {"gent": "44021", "antwerpen": "11002"}[region]
    near = person(edition_planned, edition_started, wishes(sector), lambda s: enrolled(s), name="a", nis=nis)
    not_yet = person(wishes(sector), name="b", nis=nis)
    elsewhere, other = person(wishes(sector), name="c", nis="71022"), person(wishes("construction"), name="d", nis=nis)
    assert counts(ask("IND-241", near, not_yet, elsewhere, other)) == (1, 2, 0, 0, 0, 0)


def test_windows_in_calendar_days_do_not_stop_for_a_suspension() -> None:
    paused = person(
        say(ContractSuspended, "2025-02-01", contract_id=ref("contract of a")),
        say(ContractResumed, "2025-03-03", contract_id=ref("contract of a")),  # 30 days
        say(JobseekerRegistered, "2025-04-05", ACTIRIS),  # day 85, net day 55
        name="a",
        nis="21004",
    )
    assert mix(ask("IND-111", paused), "window") == {"day55": 1}
    assert mix(ask("IND-311", paused), "window") == {"later": 1}


# -- diplomas ------------------------------------------------------------------------------------------------------------


def test_deficits_that_are_worked_on_hold_those_that_are_remedied() -> None:
    def lacking(name: str, begun: str, ended: str | None) -> Story:
        lack = [{"deficit_id": ref(f"lack {name}"), "kind": "internship"}]
        training = {"training_id": ref(f"t {name}")}
        tell = [
            filed(name=name),
            decision("2025-03-01", "partial", name, deficits=lack),
            say(TrainingStarted, begun, TRAINER, remedies_deficit=ref(f"lack {name}"), sector="it", **training),
        ]
        if ended:
            tell.append(say(TrainingEnded, ended, TRAINER, outcome="completed", **training))
        return person(*tell, name=name)

    stories = lacking("a", "2025-04-01", "2025-09-01"), lacking("b", "2026-03-01", None), lacking("c", "2026-03-02", None)
    assert counts(ask("IND-236", *stories)) == (2, 3, 0, 0, 0, 0)
    assert counts(ask("IND-136", *stories)) == (1, 3, 0, 0, 0, 0)


def test_the_right_route_and_the_whole_way_of_a_care_diploma() -> None:
    def care(name: str, *more: Tell, **changes: object) -> Story:
        file = {"diploma_field": "care", "diploma_origin": "non_eea", "authority": "naric", "procedure": "level_he", **changes}
        return person(filed(name=name, **file), decision("2025-03-01", "granted_as_requested", name), *more, name=name)

    def onward(name: str, decided: str | None) -> list[Tell]:
        second = {"previous_case": ref(name), "authority": "departement_zorg", "procedure": "professional_general"}
        tell: list[Tell] = [filed("2025-04-01", f"{name}2", **second)]
        if decided:
            tell.append(
                say(RecognitionDecided, decided, case_id=ref(f"{name}2"), outcome="granted_as_requested", authority="departement_zorg")
            )
        return tell

    done, waits, alone = care("a", *onward("a", "2025-09-01")), care("b", *onward("b", None)), care("c")
    assert counts(ask("IND-237", done, waits, alone))[1] == 2
    plain = person(filed(name="x", regulated_profession=None), name="x")
    nurse = person(filed(name="n", regulated_profession="nurse", authority="naric", procedure="professional_general"), name="n")
    made = ask("IND-138", plain, nurse)
    assert made.total.denominator == 1


# -- work ----------------------------------------------------------------------------------------------------------------


def test_who_keeps_work_for_half_a_year_and_for_a_year() -> None:
    enough = person(job("2025-02-01", "2025-06-26"), name="a")  # 146 days
    short = person(job("2025-02-01", "2025-06-25"), name="b")  # 145
    stories = (enough, short, person(name="c"))
    assert counts(ask("IND-156", *stories)) == (1, 2, 0, 0, 0, 0)
    year = person(job("2025-02-01", "2025-11-19"), name="d")  # 292 days
    less = person(job("2025-02-01", "2025-11-18"), name="e")
    assert counts(ask("IND-256", year, less, enough)) == (1, 3, 0, 0, 0, 0)


def test_the_level_of_the_first_job_of_the_higher_educated() -> None:
    from ledger.events.identity import ProfileUpdated

    def worker(name: str, match: str, level: str = "bachelor", on: str = "2025-06-01") -> Story:
        known = say(ProfileUpdated, "2025-01-05", education=level)
        return person(known, job(on, level_match=match), name=name)

    stories = worker("a", "match"), worker("b", "below"), worker("c", "unknown"), worker("d", "match", "primary")
    assert counts(ask("IND-157", *stories)) == (1, 2, 0, 0, 0, 1)


def test_trainings_that_start_and_are_completed_and_why_trajectories_end() -> None:
    def trained(name: str, on: str, outcome: str) -> Story:
        begun = say(TrainingStarted, on, TRAINER, training_id=ref(f"t {name}"), remedies_deficit=None, sector="it")
        return person(begun, say(TrainingEnded, "2026-03-01", TRAINER, training_id=ref(f"t {name}"), outcome=outcome), name=name)

    stories = trained("a", "2026-01-10", "completed"), trained("b", "2026-01-11", "stopped_job"), person(name="c")
    assert counts(ask("IND-159", *stories)) == (1, 3, 0, 0, 0, 0)
    assert counts(ask("IND-259", *stories)) == (1, 2, 0, 0, 0, 0)
    ended = [
        person(left("2025-06-01", reason, name), name=name)
        for name, reason in (("w", "work"), ("n", "no_show"), ("t", "attest"), ("m", "medical"))
    ]
    assert mix(ask("IND-163", *ended), "ending") == {"work": 1, "no_show": 1, "medical": 1}


# -- every declaration ---------------------------------------------------------------------------------------------------


def test_every_declaration_is_complete() -> None:
    for id, one in indicators().items():
        for name, text in (
            ("title", one.title),
            ("definition", one.definition),
            ("numerator", one.numerator),
            ("denominator", one.denominator),
        ):
            assert text.nl.strip(), (id, name)
            assert text.en.strip(), (id, name)
            assert text.nl != text.en or name == "title", (id, name)
        assert one.definition.nl[-1] in ".?", id
        assert one.definition.en[-1] in ".?", id
        assert one.version >= 1
        assert one.decisions, id
        assert set(one.decisions) <= {"Q1", "Q2", "Q3"}, id
        assert one.sources, id
        assert one.needs, id
        assert one.dimensions, id
        assert one.horizon is None or one.horizon > 0, id
        assert (one.mix is None) or one.mix in one.dimensions, id


def test_figures_that_are_compared_on_the_same_units_are_declared_so() -> None:
    """A part has the dimensions, horizon and method of its whole: else the two tables could not be held side by side."""
    parts = {id: one for id, one in indicators().items() if one.part_of is not None}
    assert set(parts) == {"IND-136", "IND-243", "IND-251"}
    for id, one in parts.items():
        whole = indicators()[one.part_of or ""]
        assert (one.needs, one.dimensions, one.horizon, one.method, one.base, one.restricted) == (
            whole.needs,
            whole.dimensions,
            whole.horizon,
            whole.method,
            whole.base,
            whole.restricted,
        ), id


def test_every_topic_of_the_framework_has_its_indicators() -> None:
    from ledger.clauses import INDICATORS

    assert set(INDICATORS) == set(CLOCKS) == set(ClauseTopic)
    for topic, ids in INDICATORS.items():
        assert set(ids) <= set(indicators()), topic
