"""Stories that break one rule, and the event that mends it: one per finding, told in the words of the domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ledger.events.contract import ContractSigned, ExemptionGranted, TrajectoryEnded
from ledger.events.course import LanguageLevelAttained, MoCourseEnded, MoCourseStarted
from ledger.events.diploma import DiplomaDossierSubmitted, PostDecisionOrientationGiven, RecognitionDecided
from ledger.events.edition import (
    EditionAligned,
    EditionParticipantEnrolled,
    EditionParticipationEnded,
    EditionPlanned,
    EditionStarted,
    PerspectiveRecorded,
)
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed, EmployerSupportDelivered
from ledger.events.identity import PersonRegistered, ProfileUpdated, SharingBasisRecorded
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted
from ledger.events.offer import OfferPublished
from ledger.events.pilot import PilotEnrolled, PilotLeft, PilotOpened
from ledger.events.policy import ResourceRecorded
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.events.referral import OfferRecommended, ReferralAnswered, ReferralMade
from ledger.events.signal import DiscriminationSignalHandled, DiscriminationSignalled
from ledger.events.vdab import ActivationStepReported, FollowUpPlanRecorded, JobseekerRegistered, WorkPerspectiveShared
from ledger.events.work import EmploymentStarted, TrainingStarted
from tests.given import (
    AGENCY,
    EMPLOYER_SUPPORT,
    EQUALITY,
    IDENTITY,
    NARIC,
    OPERATOR,
    ORGANISER,
    PERSON,
    POLICY,
    TRAINER,
    VDAB,
    Story,
    a,
    moment,
    ref,
)

Tell = Callable[[Story], object]

EDITION = f"editie/{ref('edition')}"
OFFER = f"aanbod/{ref('offer')}"
PILOT = f"beleid/pilot/{ref('pilot')}"
OTHER_PILOT = f"beleid/pilot/{ref('other pilot')}"
BUDGET = f"beleid/budget/{ref('pilot')}"
EMPLOYER = "werkgever/1999500095"
SIGNAL = f"signaal/{ref('signal')}"
SECOND = f"persoon/{ref('second')}"


@dataclass(frozen=True)
class Broken:
    """One way to break a rule."""

    code: str
    name: str
    tell: tuple[Tell, ...]
    since: str
    """First day of the finding, or its date."""
    mend: Tell | None = None
    """What makes it clear."""
    key: str = PERSON
    rule: str | None = None
    clock: str | None = None
    dated: bool = True
    """Whether it is absent the day before ``since``; links count whatever their date."""

    def __str__(self) -> str:
        return f"{self.code}{self.rule or ''} {self.name}"


def contract(story: Story, on: str = "2025-01-10", name: str = "contract", **changes: object) -> None:
    story.given(a(ContractSigned, contract_id=ref(name), contract_kind="first", **changes), on=on)


def edition_planned(story: Story, **changes: object) -> None:
    plan = {"edition_id": ref("edition"), "pilot_id": None, "sessions": 16, **changes}
    story.given(a(EditionPlanned, **plan), on="2025-01-05", by=ORGANISER, stream=EDITION)


def edition_started(story: Story, on: str = "2025-04-14") -> None:
    story.given(a(EditionStarted, edition_id=ref("edition")), on=on, by=ORGANISER, stream=EDITION)


def enrolled(story: Story, on: str = "2025-04-01") -> None:
    story.given(a(EditionParticipantEnrolled, enrolment_id=ref("enrolment"), edition_id=ref("edition"), mo_id=None), on=on, by=ORGANISER)


def completed(story: Story, on: str = "2025-06-06") -> None:
    story.given(a(EditionParticipationEnded, enrolment_id=ref("enrolment"), edition_id=ref("edition")), on=on, by=ORGANISER)


def mo_course(story: Story, on: str, until: str) -> None:
    story.given(a(MoCourseStarted, mo_id=ref(f"mo {on}"), edition_id=None, planned_end="2026-12-31"), on=on)
    story.given(a(MoCourseEnded, mo_id=ref(f"mo {on}")), on=until)


def offer_published(story: Story, **changes: object) -> None:
    offer = {"offer_id": ref("offer"), "valid_from": "2025-01-01", "valid_to": "2025-12-31", **changes}
    story.given(a(OfferPublished, **offer), on="2025-01-01", by=VDAB, stream=OFFER)


def recommended(story: Story, on: str = "2025-03-01") -> None:
    story.given(a(OfferRecommended, offer_id=ref("offer")), on=on)


def pilot_opened(story: Story, stream: str = PILOT, **changes: object) -> None:
    pilot = {
        "pilot_id": stream.rpartition("/")[2],
        "valid_from": "2024-04-01",
        "valid_to": "2026-12-31",
        "regions": ["antwerpen"],
        **changes,
    }
    story.given(a(PilotOpened, **pilot), on="2024-03-01", by=POLICY, stream=stream)


def accepted(story: Story, pilot: str = "pilot", on: str = "2025-03-01") -> None:
    story.given(a(PilotEnrolled, pilot_id=ref(pilot), enrol_kind="accepted"), on=on)


def registered(story: Story, on: str = "2024-12-01", **changes: object) -> None:
    story.given(a(PersonRegistered, obligation="entitled", obligation_from=None, **changes), on=on)


def jobseeker(story: Story, on: str = "2025-02-01") -> None:
    story.given(a(JobseekerRegistered), on=on, by=VDAB)


def basis(story: Story, purpose: str = "referral", recipient: str = "vdab", **changes: object) -> None:
    record = {"basis_id": ref(f"basis {purpose}"), "purpose": purpose, "recipient_role": recipient, "valid_from": "2025-01-01", **changes}
    story.given(a(SharingBasisRecorded, **record), on="2025-01-01")


def referred(story: Story, on: str = "2025-02-01", name: str = "referral", **changes: object) -> None:
    referral = {"referral_id": ref(name), "target": "vdab", "kind": "standard", "edition_id": None, **changes}
    story.given(a(ReferralMade, **referral), on=on)


def screened(story: Story, on: str = "2025-01-20") -> None:
    story.given(a(CompetenceScreeningCompleted), on=on)


def step(story: Story, on: str, kind: str = "first_contact", by: object = VDAB, state: str = "done") -> None:
    story.given(a(ActivationStepReported, step=kind, state=state, offer_id=None, plan_id=None), on=on, by=by)  # type: ignore[arg-type]


def dossier(story: Story, on: str = "2025-01-15", name: str = "case", **changes: object) -> None:
    file = {"case_id": ref(name), "previous_case": None, "guided_by_agency": True, **changes}
    story.given(a(DiplomaDossierSubmitted, **file), on=on)


def decided(story: Story, on: str = "2025-06-01", **changes: object) -> None:
    deficits = [{"deficit_id": ref("deficit"), "kind": "internship"}]
    decision = {"case_id": ref("case"), "deficits": deficits, **changes}
    story.given(a(RecognitionDecided, **decision), on=on, by=NARIC)


def job(story: Story, on: str = "2025-03-01", by: object = AGENCY, evidence: str = "self_report", **changes: object) -> None:
    story.given(a(EmploymentStarted, job_id=ref("job"), evidence=evidence, **changes), on=on, by=by)  # type: ignore[arg-type]


def need(story: Story, on: str = "2025-01-01", minutes: int = 100) -> None:
    story.given(a(EmployerNeedStated, need_id=ref("need"), investment_min=minutes), on=on, by=EMPLOYER_SUPPORT)


def agreed(story: Story, on: str = "2025-02-01") -> None:
    story.given(a(EmployerSupportAgreed, support_id=ref("support"), need_id=ref("need")), on=on, by=EMPLOYER_SUPPORT)


def delivered(story: Story, on: str, minutes: int = 60) -> None:
    story.given(a(EmployerSupportDelivered, support_id=ref("support"), delivered_min=minutes), on=on, by=EMPLOYER_SUPPORT)


def _retract_last(story: Story) -> None:
    story.retracted(story.entries[-1])


def _late(story: Story) -> None:
    story.given(a(LanguageLevelAttained), on="2025-01-10", admitted=moment("2025-01-25"))


def _skewed(story: Story) -> None:
    story.given(a(LanguageLevelAttained), on="2025-01-10", at="12:00", recorded=moment("2025-01-10", "11:58"))


def _twice(story: Story) -> None:
    for one in ("a", "b"):
        story.given(a(ContractSigned, contract_id=ref("contract"), contract_kind="first"), on="2025-01-10", id=ref(one))


def _dimona(story: Story, on: str = "2025-03-05") -> None:
    job(story, on=on, by=VDAB, evidence="dimona")


def _twice_in_one_person(story: Story) -> None:
    registered(story, birth_year=1990)
    story.given(a(PersonRegistered, birth_year=1985, obligation="entitled", obligation_from=None), on="2024-11-01", stream=SECOND)
    story.linked(SECOND, PERSON, on="2025-01-05")


def _circle(story: Story) -> None:
    story.linked(SECOND, PERSON, on="2025-01-05")
    story.linked(PERSON, SECOND, on="2025-01-06")


def _spent(story: Story, kind: str, amount: int, on: str) -> None:
    record = a(ResourceRecorded, pilot_id=ref("pilot"), year=2025, kind=kind, amount=amount, executor=None)
    story.given(record, on=on, by=POLICY, stream=BUDGET)


def _backdated(story: Story) -> None:
    story.given(a(LanguageLevelAttained), on="2025-01-10", recorded=moment("2025-05-01"), admitted=moment("2025-05-01"))


def _pile(story: Story) -> None:
    jobseeker(story)
    for day, name in (("2025-02-02", "a"), ("2025-02-04", "b"), ("2025-02-08", "c"), ("2025-02-08", "d")):
        story.given(a(OfferRecommended, offer_id=ref(name)), on=day)


def _levels(story: Story, on: str, level: str) -> None:
    story.given(a(LanguageLevelAttained, levels={"speaking": level, "listening": level}, evidence="test_nt2"), on=on, by=AGENCY)


BROKEN: tuple[Broken, ...] = (
    Broken("F01", "admitted 15 days later", (_late,), "2025-01-10"),
    Broken(
        "F02",
        "orientation in an unknown edition",
        (contract, lambda s: s.given(a(CareerOrientationHeld, edition_id=ref("edition")), on="2025-02-01")),
        "2025-02-01",
        edition_planned,
    ),
    Broken(
        "F02",
        "end of an unknown course",
        (contract, lambda s: s.given(a(MoCourseEnded, mo_id=ref("mo")), on="2025-06-01")),
        "2025-06-01",
        lambda s: s.given(a(MoCourseStarted, mo_id=ref("mo"), edition_id=None), on="2025-03-01"),
    ),
    Broken(
        "F02",
        "answer to an unknown referral",
        (lambda s: s.given(a(ReferralAnswered, referral_id=ref("referral")), on="2025-02-05", by=VDAB),),
        "2025-02-05",
        referred,
    ),
    Broken("F03", "the same contract under two ids", (_twice,), "2025-01-10", _retract_last),
    Broken("F04", "recorded before it happened", (_skewed,), "2025-01-10", _retract_last),
    Broken(
        "F05",
        "municipality merged away",
        (lambda s: registered(s, on="2025-02-01", residence_nis="71022"),),
        "2025-02-01",
        lambda s: s.corrected(s.entries[-1], a(PersonRegistered, obligation="entitled", obligation_from=None, residence_nis="71072")),
    ),
    Broken("F06", "two starts of one job", (job, _dimona), "2025-03-05", lambda s: s.corrected(s.entries[0], on="2025-03-05")),
    Broken(
        "F06",
        "two residences from one day",
        (
            lambda s: s.given(a(ProfileUpdated, valid_from="2025-01-01", residence_nis="11002"), on="2025-01-02"),
            lambda s: s.given(
                a(
                    ProfileUpdated,
                    valid_from="2025-01-01",
                    residence_nis="44021",
                    benefit_status=None,
                    work_status=None,
                    education=None,
                    education_origin=None,
                    dependent_children=None,
                ),
                on="2025-01-03",
                by=IDENTITY,
            ),
        ),
        "2025-01-03",
        _retract_last,
    ),
    Broken(
        "F07",
        "a course after the end",
        (
            contract,
            lambda s: s.given(a(TrajectoryEnded, contract_id=ref("contract")), on="2025-06-01"),
            lambda s: s.given(a(MoCourseStarted, mo_id=ref("mo"), edition_id=None, planned_end="2026-01-01"), on="2025-07-01"),
        ),
        "2025-07-01",
        lambda s: s.given(a(ContractSigned, contract_id=ref("new"), contract_kind="renewed"), on="2025-06-15"),
    ),
    Broken("F08", "screened without a contract", (screened,), "2025-01-20", contract),
    Broken(
        "F09",
        "Brussels resident at VDAB",
        (lambda s: registered(s, residence_nis="21004"), jobseeker),
        "2025-02-01",
        lambda s: s.given(a(ProfileUpdated, valid_from="2025-01-15", residence_nis="11002"), on="2025-01-15"),
    ),
    Broken("F10", "referred without a screening", (referred,), "2025-02-01", lambda s: screened(s, "2025-02-01")),
    Broken(
        "F11",
        "speaking falls",
        (lambda s: _levels(s, "2025-01-01", "b1"), lambda s: _levels(s, "2025-02-01", "a2")),
        "2025-02-01",
        lambda s: s.retracted(s.entries[0]),
    ),
    Broken(
        "F12",
        "sector trajectory after the course",
        (edition_planned, edition_started, lambda s: mo_course(s, "2025-01-05", "2025-03-01"), enrolled),
        "2025-04-14",
        lambda s: s.given(a(MoCourseStarted, mo_id=ref("other"), edition_id=None), on="2025-05-01"),
    ),
    Broken(
        "F14",
        "started unaligned",
        (edition_planned, edition_started),
        "2025-04-14",
        lambda s: s.given(a(EditionAligned, edition_id=ref("edition"), compared_offers=[]), on="2025-04-01", by=VDAB, stream=EDITION),
        key=EDITION,
    ),
    Broken(
        "F15",
        "no perspective in 30 days",
        (edition_planned, edition_started, enrolled, completed),
        "2025-07-07",
        lambda s: s.given(a(PerspectiveRecorded, enrolment_id=ref("enrolment")), on="2025-07-01", by=ORGANISER),
        clock="C13",
    ),
    Broken(
        "F16",
        "no warm handover in 14 days",
        (edition_planned, edition_started, enrolled, completed),
        "2025-06-21",
        lambda s: step(s, "2025-06-15"),
        clock="C12",
    ),
    Broken(
        "F17",
        "A2 recommended to A1",
        (offer_published, lambda s: _levels(s, "2025-01-01", "a1"), recommended),
        "2025-03-01",
        lambda s: _levels(s, "2025-02-01", "a2"),
    ),
    Broken("F18", "never published", (recommended,), "2025-03-01", offer_published),
    Broken("F19", "silence after registration", (jobseeker,), "2025-02-23", lambda s: step(s, "2025-02-10"), clock="C10"),
    Broken(
        "F20",
        "two contracts open",
        (contract, lambda s: contract(s, "2025-02-10", "other")),
        "2025-02-10",
        lambda s: s.given(a(TrajectoryEnded, contract_id=ref("contract")), on="2025-02-10"),
    ),
    Broken(
        "F20",
        "two plans of one kind open",
        (
            lambda s: s.given(a(FollowUpPlanRecorded, plan_id=ref("a")), on="2025-01-10", by=VDAB),
            lambda s: s.given(a(FollowUpPlanRecorded, plan_id=ref("b")), on="2025-03-10", by=VDAB),
        ),
        "2025-03-10",
        lambda s: s.given(a(FollowUpPlanRecorded, plan_id=ref("a"), state="closed"), on="2025-03-01", by=VDAB),
    ),
    Broken(
        "F21",
        "step before registration",
        (lambda s: step(s, "2025-01-15"), jobseeker),
        "2025-02-01",
        lambda s: s.corrected(s.entries[-1], on="2025-01-10"),
    ),
    Broken("F22", "decided without a file", (decided,), "2025-06-01", dossier),
    Broken(
        "F23",
        "deficit without training for a year",
        (dossier, decided),
        "2026-06-02",
        lambda s: s.given(a(TrainingStarted, remedies_deficit=ref("deficit"), offer_id=None), on="2025-09-01", by=TRAINER),
    ),
    Broken("F24", "referred without a basis", (referred,), "2025-02-01", basis),
    Broken(
        "F24",
        "work perspective shared without a basis",
        (lambda s: s.given(a(WorkPerspectiveShared, share_id=ref("share")), on="2025-02-20"),),
        "2025-02-20",
        lambda s: basis(s, "work_perspective"),
    ),
    Broken("F26", "self-reported job", (job,), "2025-05-01", _dimona),
    Broken("F28", "birth years differ", (_twice_in_one_person,), "2025-01-05", _retract_last),
    Broken("F28", "links in a circle", (_circle,), "2025-01-06", _retract_last, dated=False),
    Broken(
        "F29",
        "before the pilot",
        (lambda s: pilot_opened(s, valid_from="2025-06-01"), accepted),
        "2025-03-01",
        lambda s: s.corrected(s.entries[-1], on="2025-06-01"),
    ),
    Broken(
        "F29",
        "outside its regions",
        (pilot_opened, lambda s: registered(s, residence_nis="44021"), accepted),
        "2025-03-01",
        lambda s: s.given(a(ProfileUpdated, valid_from="2025-02-01", residence_nis="11002"), on="2025-02-01"),
    ),
    Broken(
        "F30",
        "two pilots at once",
        (accepted, lambda s: accepted(s, "other pilot", "2025-04-01")),
        "2025-04-01",
        lambda s: s.given(a(PilotLeft, pilot_id=ref("pilot")), on="2025-04-01"),
    ),
    Broken(
        "F31",
        "spent more than allocated",
        (lambda s: _spent(s, "allocated_recurrent", 100, "2025-01-01"), lambda s: _spent(s, "spent", 101, "2025-12-01")),
        "2025-12-01",
        lambda s: _spent(s, "allocated_once", 1, "2025-12-15"),
        key=BUDGET,
    ),
    Broken("F32", "support without a need", (agreed,), "2025-02-01", need, key=EMPLOYER),
    Broken(
        "F33",
        "more delivered than invested",
        (need, agreed, lambda s: delivered(s, "2025-03-01"), lambda s: delivered(s, "2025-04-01")),
        "2025-04-01",
        lambda s: s.corrected(s.entries[0], a(EmployerNeedStated, need_id=ref("need"), investment_min=120)),
        key=EMPLOYER,
    ),
    Broken(
        "F34",
        "exempt from MO and following it",
        (
            contract,
            lambda s: s.given(a(ExemptionGranted, contract_id=ref("contract"), part="mo"), on="2025-02-01"),
            lambda s: s.given(a(MoCourseStarted, mo_id=ref("mo"), edition_id=None), on="2025-03-01"),
        ),
        "2025-03-01",
        lambda s: s.retracted(s.entries[1]),
    ),
    Broken(
        "F35",
        "sixty-five at the contract",
        (lambda s: registered(s, birth_year=1960), contract),
        "2025-01-10",
        lambda s: s.corrected(s.entries[0], a(PersonRegistered, birth_year=1961, obligation="entitled", obligation_from=None)),
    ),
    Broken(
        "F36",
        "signal left for sixty days",
        (lambda s: s.given(a(DiscriminationSignalled, signal_id=ref("signal")), on="2025-01-10", by=EQUALITY),),
        "2025-03-12",
        lambda s: s.given(a(DiscriminationSignalHandled, signal_id=ref("signal")), on="2025-02-10", by=EQUALITY),
        key=SIGNAL,
        clock="C18",
    ),
    Broken(
        "F37",
        "no orientation after the decision",
        (dossier, decided),
        "2025-07-02",
        lambda s: s.given(a(PostDecisionOrientationGiven, case_id=ref("case")), on="2025-06-15"),
        clock="C15",
    ),
    Broken(
        "F38",
        "nurse from outside the EEA for a level only",
        (lambda s: dossier(s, procedure="level_he"),),
        "2025-01-15",
        lambda s: s.corrected(s.entries[0], a(DiplomaDossierSubmitted, case_id=ref("case"), previous_case=None)),
    ),
    Broken("F40", "admitted after the quarter closed", (_backdated,), "2025-01-10"),
    Broken(
        "F41",
        "no MO course in three months",
        (contract,),
        "2025-04-11",
        lambda s: s.given(a(MoCourseStarted, mo_id=ref("mo"), edition_id=None), on="2025-04-10"),
        clock="C03",
    ),
    Broken(
        "F41",
        "referral unanswered",
        (referred,),
        "2025-02-16",
        lambda s: s.given(a(ReferralAnswered, referral_id=ref("referral"), answer="unreachable"), on="2025-02-15", by=VDAB),
        clock="C17",
    ),
    Broken("F41", "employer's need unanswered", (need,), "2025-02-01", lambda s: agreed(s, "2025-01-31"), key=EMPLOYER, clock="C19"),
    Broken("F27", "four offers in a week", (_pile,), "2025-02-08", _retract_last, rule="P1"),
    Broken(
        "F27",
        "sent to training past VDAB",
        (jobseeker, lambda s: referred(s, "2025-03-01", target="vocational_training")),
        "2025-03-01",
        lambda s: step(s, "2025-03-31", "training_referral"),
        rule="P3",
    ),
    Broken(
        "F27",
        "trajectory without the mediator",
        (lambda s: edition_planned(s, partners=["1999028062"]),),
        "2025-01-05",
        lambda s: s.given(
            a(PublisherAuthorityChanged, org="1999028062", role="vdab", authority=None, valid_from="2024-01-01T00:00:00+01:00"),
            on="2024-01-01",
            by=OPERATOR,
            stream="bron/1999028062",
        ),
        key=EDITION,
        rule="P7",
    ),
    Broken(
        "F27",
        "Flemish resident referred to Actiris",
        (registered, lambda s: referred(s, target="actiris")),
        "2025-02-01",
        lambda s: s.given(a(ProfileUpdated, valid_from="2025-01-01", residence_nis="21004"), on="2025-01-01"),
        rule="P9",
    ),
)
